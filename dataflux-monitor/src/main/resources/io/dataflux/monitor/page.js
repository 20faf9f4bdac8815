// The live page. What the server tells is shown as text, never as markup. No library but uPlot, no request but to the own server.
'use strict';
(() => {
  const $ = id => document.getElementById(id);
  const set = (id, text) => { const node = $(id); if (node.textContent !== text) node.textContent = text; };
  const make = (name, text, cls) => {
    const node = document.createElement(name);
    if (text !== undefined) node.textContent = text;
    if (cls) node.className = cls;
    return node;
  };

  // ---- words for numbers
  const whole = new Intl.NumberFormat('en-US', {maximumFractionDigits: 0});
  const few = new Intl.NumberFormat('en-US', {maximumSignificantDigits: 3});
  const count = n => whole.format(n);
  const scaled = (n, unit, base, names) => {
    let i = 0;
    while (n >= base * 0.9995 && i < names.length - 1) { n /= base; i++; }
    return [n >= 100 ? whole.format(n) : few.format(n), names[i] + unit];
  };
  const bytes = n => scaled(n, 'B', 1000, ['', 'k', 'M', 'G', 'T']);
  const millis = n => n >= 999.5 ? [few.format(n / 1000), 's'] : n > 0 && n < 0.9995 ? [few.format(n * 1000), 'µs'] : [few.format(n), 'ms'];
  const join = pair => pair.join(' ');
  const brief = n => scaled(n, '', 1000, ['', 'k', 'M', 'G']).join('');
  const clock = s => {
    const t = Math.max(0, Math.round(s)), h = Math.floor(t / 3600), m = Math.floor(t / 60) % 60, two = n => String(n).padStart(2, '0');
    return h ? h + ':' + two(m) + ':' + two(t % 60) : m + ':' + two(t % 60);
  };
  const percent = (part, all) => {
    const p = 100 * part / all;
    return (p >= 99.95 && part < all ? '99.9' : p.toFixed(p > 0 && p < 9.95 ? 1 : 0)) + '%';
  };

  // ---- what is known
  const MOST_POINTS = 900;
  let token = sessionStorage.getItem('dataflux-token') || '';
  let chosen = '';          // the run that the reader has picked
  let run = null;           // the last whole
  let points = [];
  let samples = [];
  let faults = [];
  let held = false;
  let opened = null;
  let lags = [];            // how far groups of readers were behind: time, then lag by name
  let lagChart = null, lagNames = [];

  const fromAddress = /[#&]token=([^&]+)/.exec(location.hash);
  const takeToken = text => { token = text; sessionStorage.setItem('dataflux-token', text); };
  if (fromAddress) {
    takeToken(decodeURIComponent(fromAddress[1]));
    history.replaceState(null, '', location.pathname + location.search); // so that nobody copies it from the screen
  }

  // ---- charts
  const color = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const charts = [];
  class Chart {
    constructor(id, series, text, source = () => points) {
      this.host = $(id);
      this.series = series;
      this.text = text;
      this.source = source;
      this.plot = make('div');
      this.plot.setAttribute('role', 'img');
      this.list = make('ul');
      this.values = series.map(its => {
        const item = make('li', undefined, its.color + (its.dashed ? ' dashed' : ''));
        item.append(make('i'), make('span', its.name), make('b', ''));
        this.list.append(item);
        return item.lastChild;
      });
      this.host.append(this.plot, this.list);
      this.draw();
      new ResizeObserver(() => {
        const width = this.plot.clientWidth;
        if (width > 0 && this.u && width !== this.u.width) this.u.setSize({width, height: 190});
      }).observe(this.plot);
      charts.push(this);
    }
    draw() {
      if (this.u) this.u.destroy();
      const soft = color('--soft'), grid = color('--grid');
      const axis = {stroke: soft, grid: {stroke: grid, width: 1}, ticks: {show: false}, font: '11px system-ui, sans-serif', gap: 4};
      this.u = new uPlot({
        width: Math.max(200, this.plot.clientWidth), height: 190, legend: {show: false}, padding: [10, 18, 0, 0],
        cursor: {y: false, points: {size: 7}, drag: {x: false, y: false}},
        scales: {x: {time: false, range: (u, min, max) => min === max ? [min, min + 1] : [min, max]}, y: {range: (u, min, max) => [0, max > 0 ? max * 1.08 : 1]}},
        axes: [
          {...axis, grid: {show: false}, size: 24, space: 70, incrs: [1, 2, 5, 10, 15, 30, 60, 120, 300, 600], values: (u, ticks) => ticks.map(clock)},
          {...axis, size: 62, space: 36, values: (u, ticks) => ticks.map(this.text)},
        ],
        series: [{}, ...this.series.map(its => ({
          stroke: color('--' + its.color.slice(2)), width: its.dashed ? 1.6 : 2, dash: its.dashed ? [5, 4] : undefined,
          fill: its.fill ? color('--fill') : undefined, points: {show: false}, spanGaps: true,
        }))],
        hooks: {setCursor: [u => this.label(u.cursor.idx)]},
      }, this.data(), this.plot);
    }
    data() { const all = this.source(); return [all.map(p => p[0]), ...this.series.map(its => all.map(p => p[its.column]))]; }
    update() { this.u.setData(this.data()); this.label(this.u.cursor.idx); }
    label(index) {
      const all = this.source(), point = all[index === null || index === undefined ? all.length - 1 : index];
      const texts = this.series.map((its, i) => {
        const text = point && point[its.column] !== null ? this.text(point[its.column]) : '';
        if (this.values[i].textContent !== text) this.values[i].textContent = text;
        return its.name + ' ' + text;
      });
      this.plot.setAttribute('aria-label', 'Chart over time; ' + texts.join(', '));
    }
  }

  // ---- showing
  const facts = (host, pairs) => host.replaceChildren(...pairs.filter(p => p[1]).map(([name, value]) => {
    const span = make('span', name + ' ');
    span.append(make('b', value));
    return span;
  }));

  function showRun() {
    set('tag', run.run || '–');
    document.title = run.run ? 'Run ' + run.run + ' – DataFlux' : 'DataFlux';
    set('summary', run.summary || 'No run has begun yet.');
    set('plan', run.plan || '');
    set('source', run.source || '');
    $('part').hidden = !(run.parts > 1);
    set('part', 'part ' + run.part + ' of ' + run.parts);
    $('attempt').hidden = !(run.attempt > 0);
    set('attempt', 'attempt ' + (run.attempt + 1));
  }

  function showFacts(elapsed) {
    const seeds = [...new Set((run.streams || []).map(s => s.seed))];
    facts($('facts'), [
      ['seed', seeds.slice(0, 3).join(', ')], ['streams', String((run.streams || []).length)], ['speed', run.run ? run.speed === 'max' ? 'max' : String(run.speed) : ''],
      ['starts at', (run.start || '').replace('.000Z', 'Z')], ['running for', clock(elapsed)],
    ]);
  }

  function state(news) {
    const node = $('state');
    let text = 'running', kind = 'good';
    if (news.ended) {
      const e = news.ended;
      kind = e.delivered && e.complete && e.validity === 'VALID' ? 'good' : e.delivered && e.validity !== 'INVALID' ? 'warn' : 'bad';
      text = 'ended, ' + e.validity.toLowerCase() + ', ' + (e.complete ? 'complete' : 'incomplete') + (e.delivered ? '' : ', not all delivered');
    } else if (!run.run) {
      text = 'waiting'; kind = '';
    } else if (news.stopping) {
      text = 'stopping'; kind = 'warn';
    } else if (news.paused) {
      text = 'paused'; kind = 'warn';
    } else if (news.sinks.some(s => s.level === 'bad')) {
      text = 'running, with problems'; kind = 'bad';
    } else if (news.sinks.some(s => s.level === 'warn')) {
      text = 'running, ' + news.sinks.find(s => s.level === 'warn').health; kind = 'warn';
    }
    if (node.textContent !== text) node.textContent = text; // a status is read out when it changes
    node.className = 'pill ' + kind;
  }

  function tiles(news) {
    const sum = name => news.sinks.reduce((all, s) => all + s[name], 0);
    const last = points[points.length - 1] || [0, 0, 0, 0, 0, 0, 0, 0, 0];
    set('k-rate', count(last[2]));
    set('k-wanted', news.ended ? 'the run has ended' : news.paused ? 'paused' : last[1] > 0 ? 'of ' + count(last[1]) + ' wanted' : 'as fast as possible');
    const [rate, unit] = bytes(last[3]);
    set('k-bandwidth', rate);
    set('k-bandwidth-unit', unit + '/s');
    set('k-bytes', join(bytes(sum('bytes'))) + ' so far');
    const acknowledged = sum('acknowledged'), planned = sum('planned');
    set('k-acknowledged', count(acknowledged));
    set('k-planned', !planned ? 'no limit' : news.ended && news.ended.complete ? 'all that was planned'
      : percent(Math.min(acknowledged, planned), planned) + ' of about ' + count(planned));
    $('k-meter').parentNode.hidden = !planned;
    $('k-meter').style.width = (planned > 0 ? Math.min(100, 100 * acknowledged / planned) : 0) + '%';
    const lost = sum('failed') + sum('unknown');
    set('k-lost', count(lost));
    $('t-lost').classList.toggle('bad', lost > 0);
    set('k-retries', count(sum('retries')) + ' retries');
    set('k-flight', count(sum('inFlight')));
    set('k-batches', count(sum('batches')) + ' batches');
    const busy = points.slice().reverse().find(p => p[4] > 0 || p[5] > 0) || last; // the last second with an outcome
    const [p99, p99unit] = millis(busy[5]);
    set('k-p99', p99);
    set('k-p99-unit', p99unit);
    set('k-p999', 'p99.9 ' + join(millis(busy[6])));
  }

  /** Brings a host's children in line with a list, keeping nodes so that focus and selection stay. */
  function keep(host, items, key, create, update) {
    const old = new Map([...host.children].map(node => [node.dataset.key, node]));
    let at = host.firstElementChild;
    for (const item of items) {
      const name = key(item);
      let node = old.get(name);
      if (node) old.delete(name);
      else { node = create(item); node.dataset.key = name; }
      update(node, item);
      if (node === at) at = at.nextElementSibling;
      else host.insertBefore(node, at);
    }
    old.forEach(node => node.remove());
  }

  const COLUMNS = [
    ['Health', null], ['Events/s', s => count(s.perSecond)], ['Wanted', s => s.wanted > 0 && !s.done ? count(s.wanted) : '–'],
    ['Bytes/s', s => join(bytes(s.bytesPerSecond))], ['Acknowledged', s => count(s.acknowledged)], ['Failed', s => count(s.failed), s => s.failed],
    ['Unknown', s => count(s.unknown), s => s.unknown], ['In flight', s => count(s.inFlight)], ['Retries', s => count(s.retries)],
    ['p50', s => join(millis(s.p50))], ['p99', s => join(millis(s.p99))], ['p99.9', s => join(millis(s.p999))],
    ['Own lag', s => join(millis(s.ownLag))], ['Sink lag', s => join(millis(s.sinkLag))],
  ];
  function sinks(list) {
    keep($('sinks'), list, s => s.name, s => {
      const row = make('tr');
      const name = make('th', s.name);
      name.scope = 'row';
      row.append(name);
      for (const [title, text] of COLUMNS) {
        const cell = make('td');
        cell.dataset.name = title;
        if (!text) { const dot = make('span', undefined, 'dot'); dot.setAttribute('aria-hidden', 'true'); cell.append(dot, make('span')); }
        row.append(cell);
      }
      return row;
    }, (row, s) => COLUMNS.forEach(([, text, alarm], i) => {
      const cell = row.children[i + 1];
      if (!text) {
        cell.firstChild.className = 'dot ' + s.level;
        if (cell.lastChild.textContent !== s.health) cell.lastChild.textContent = s.health;
      } else {
        const words = text(s);
        if (cell.textContent !== words) cell.textContent = words;
        if (alarm) cell.classList.toggle('bad', alarm(s) > 0);
      }
    }));
  }

  function bars(id, list) {
    const all = list.reduce((sum, item) => sum + item.events, 0) || 1, most = Math.max(1, ...list.map(item => item.events));
    keep($(id), list.slice(0, 14), item => item.name, item => {
      const row = make('tr'), name = make('th', item.name), bar = make('td');
      name.scope = 'row';
      name.title = item.name;
      bar.append(make('span'));
      row.append(name, bar, make('td', '', 'n'));
      return row;
    }, (row, item) => {
      row.children[1].firstChild.style.width = 100 * item.events / most + '%';
      row.children[2].textContent = count(item.events) + ' · ' + percent(item.events, all);
    });
  }

  const sampleKey = s => [s.sink, s.stream, s.shard, s.place].join(' ');
  function showSamples() {
    const list = $('samples'); // what somebody points at or stands on must not move away
    if (held || list.contains(document.activeElement) || list.matches(':hover')) return;
    keep($('samples'), samples.slice(-10).reverse(), sampleKey, s => {
      const item = make('li'), button = make('button');
      button.type = 'button';
      button.append(make('span', s.stream, 'name'), make('span', '#' + s.sequence, 'number'), make('span', s.key === null ? '' : s.key, 'key'), make('code', s.text));
      button.addEventListener('click', () => show(s));
      item.append(button);
      return item;
    }, () => {});
  }

  function show(s) {
    opened = s;
    set('event-title', s.stream + ' #' + s.sequence);
    facts($('event-facts'), [
      ['sink', s.sink], ['region', s.region], ['key', s.key], ['event time', s.time], ['shard', String(s.shard)], ['place', s.place],
      ['size', count(s.size) + ' B'], ['planned fault', s.faults],
    ]);
    $('event-fields').replaceChildren(...s.fields.map(([path, value, kind]) => {
      const row = make('tr', undefined, kind), name = make('th', path), cell = make('td');
      name.scope = 'row';
      cell.append(make('code', value));
      row.append(name, cell);
      return row;
    }));
    set('event-replay', s.replay || '');
    set('event-text', s.text + (s.cut ? ' …' : ''));
    set('event-copy', 'Copy');
    $('event').showModal();
  }

  function showFaults() {
    $('faults-card').hidden = faults.length === 0 && !$('switches').childElementCount;
    keep($('faults'), faults.slice(-18).reverse(), f => f.stream + ' ' + f.sequence + ' ' + f.text, f => {
      const item = make('li');
      item.append(make('b', f.stream + ' #' + f.sequence), ' ' + f.text);
      return item;
    }, () => {});
  }

  /** What can be done now, and what has been done. */
  function control(news) {
    $('controls').hidden = !run.control || Boolean(run.ended) || !run.run;
    set('pause', news.paused ? 'Resume' : 'Pause');
    $('pause').disabled = $('stop').disabled = news.stopping;
    $('speed-form').hidden = news.speed === 'max';
    if (news.speed !== 'max' && news.speed !== run.shownSpeed && document.activeElement !== $('speed')) $('speed').value = run.shownSpeed = news.speed;
    switches(news.switches || [], run.control && !run.ended && !news.stopping);
    keep($('changes'), news.changes || [], c => c, c => make('li', c), () => {});
    $('touches-card').hidden = news.touches.length === 0;
    keep($('touches'), news.touches.slice().reverse(), t => t.at + t.action, t => {
      const item = make('li');
      item.append(make('b', t.action === 'speed' ? 'speed ' + t.speed : t.action), ' ' + t.at.replace('T', ' ').replace(/\.\d+Z/, 'Z'));
      return item;
    }, () => {});
  }

  /** Planned faults that can be switched. */
  function switches(list, can) {
    $('switches').hidden = list.length === 0;
    keep($('switches'), list, s => s.stream + ' ' + s.kind, s => {
      const label = make('label'), box = make('input');
      box.type = 'checkbox';
      box.addEventListener('change', async () => {
        box.dataset.asked = 'yes';
        await act('faults', {stream: s.stream, kind: s.kind, on: box.checked});
        delete box.dataset.asked;
      });
      label.append(box, ' ' + s.stream + ' ', make('b', s.kind));
      return label;
    }, (label, s) => {
      const box = label.querySelector('input');
      box.disabled = !can;
      if (!box.dataset.asked) box.checked = s.on;
    });
    if (list.length) $('faults-card').hidden = false;
  }

  async function act(action, body) {
    let refused = '';
    try {
      const answer = await fetch('api/runs/' + run.run + '/' + action, {method: 'POST', body: JSON.stringify(body || {}), cache: 'no-store',
        headers: {Authorization: 'Bearer ' + token, 'Content-Type': 'application/json'}});
      if (!answer.ok) refused = await answer.text();
      else if (body && body.kind) switches((await answer.json()).switches, true);
    } catch {
      refused = 'The run could not be reached; nothing was changed.';
    }
    $('refused').hidden = !refused;
    set('refused', refused);
  }

  const table = (heads, rows) => {
    const node = make('table', undefined, 'plain'), head = make('tr'), body = make('tbody'), top = make('thead');
    heads.forEach(([name, cls]) => { const cell = make('th', name, cls); cell.scope = 'col'; head.append(cell); });
    rows.forEach(cells => {
      const row = make('tr');
      cells.forEach((cell, i) => {
        const made = make(i ? 'td' : 'th', cell.text === undefined ? cell : cell.text, [heads[i][1], cell.cls].filter(Boolean).join(' '));
        if (!i) made.scope = 'row';
        row.append(made);
      });
      body.append(row);
    });
    top.append(head);
    node.append(top, body);
    return node;
  };
  const setting = ([name, value]) => name.endsWith('.ms') && Number(value) > 0 ? name.slice(0, -3) + ' ' + (Number(value) < 86400000 ? clock(Number(value) / 1000) : few.format(Number(value) / 86400000) + ' d')
    : name.endsWith('.bytes') && Number(value) > 0 ? name.slice(0, -6) + ' ' + join(bytes(Number(value))) : value === '-1' ? name.replace(/\.(ms|bytes)$/, '') + ' unlimited' : name + ' ' + value;

  /** The systems behind the sinks, and a chart of those who read them. */
  function targets(news) {
    lags = merge(lags, news.lags, p => p[0], 600);
    $('targets-card').hidden = news.targets.length === 0;
    $('targets').replaceChildren(...news.targets.flatMap(t => {
      const all = [make('h3', t.sink)];
      [t.problem, ...t.remarks].filter(Boolean).forEach(text => all.push(make('p', text, 'trouble')));
      const scroll = (what, node) => { const box = make('div', undefined, 'scroll'); box.tabIndex = 0; box.setAttribute('role', 'region'); box.setAttribute('aria-label', what + ' of ' + t.sink); box.append(node); all.push(box); };
      if (t.logs.length) scroll('Logs', table([['Log'], ['Records', 'n'], ['Partitions', 'n'], ['Replicas', 'n'], ['In sync', 'n'], ['Settings']], t.logs.map(log => {
        const least = name => Math.min(...log.partitions.map(p => p[name])), behind = log.partitions.some(p => p.inSync < p.replicas);
        return [log.name, count(log.end), count(log.partitionCount), log.partitions.length ? count(least('replicas')) : '–',
          {text: log.partitions.length ? count(least('inSync')) : '–', cls: behind ? 'bad' : ''}, Object.entries(log.settings).map(setting).join(', ')];
      })));
      if (t.groups.length) scroll('Readers', table([['Readers'], ['Log'], ['State'], ['Members', 'n'], ['Lag', 'n']], t.groups.map(g => [g.name, g.log, g.state, count(g.members), count(g.lag)])));
      else if (!t.problem) all.push(make('p', 'no group of readers has committed a position'));
      return all;
    }));
    const most = {};
    lags.forEach(p => Object.entries(p[1]).forEach(([name, lag]) => { most[name] = Math.max(most[name] || 0, lag); }));
    const names = Object.keys(most).sort((a, b) => most[b] - most[a] || (a < b ? -1 : 1)).slice(0, 4).sort();
    $('chart-groups').hidden = names.length === 0;
    if (names.join('\n') !== lagNames.join('\n')) {
      lagNames = names;
      charts.splice(0, charts.length, ...charts.filter(chart => chart !== lagChart));
      $('chart-groups').replaceChildren();
      lagChart = names.length === 0 ? null : new Chart('chart-groups', names.map((name, i) => ({name: 'lag of ' + name, column: i + 1, color: ['c-main', 'c-second', 'c-third', 'c-soft'][i]})),
        brief, () => lags.map(p => [p[0], ...lagNames.map(name => name in p[1] ? p[1][name] : null)]));
    }
    if (lagChart && !document.hidden) lagChart.update();
  }

  function problems(list) {
    $('problems-card').hidden = list.length === 0;
    keep($('problems'), list, text => text, text => make('li', text), () => {});
  }

  function runs(list) {
    $('runs-label').hidden = list.length < 2;
    keep($('runs'), list.slice().reverse(), r => r.run, r => { const o = make('option'); o.value = r.run; return o; },
      (o, r) => { o.textContent = r.run + (r.parts > 1 ? ' (' + r.part + ' of ' + r.parts + ')' : '') + (r.ended ? ', ended' : ''); });
    if (run && run.run) $('runs').value = run.run;
    const newest = list[list.length - 1];
    if (!chosen && newest && run && newest.run !== run.run && (!run.run || run.ended)) connect();
  }

  /** Adds what is new to what is known, each once. */
  function merge(list, news, key, most) {
    const known = new Set(list.map(key));
    return list.concat(news.filter(item => !known.has(key(item)))).slice(-most);
  }

  function take(news) {
    if (!run || !news.sinks) return;
    points = merge(points, news.points, p => p[0], MOST_POINTS);
    samples = merge(samples, news.samples, sampleKey, 40);
    faults = merge(faults, news.faults, f => f.stream + ' ' + f.sequence + ' ' + f.text, 40);
    if (news.ended) run.ended = news.ended;
    run.speed = news.speed;
    state(news);
    control(news);
    tiles(news);
    sinks(news.sinks);
    bars('by-stream', news.byStream);
    bars('by-region', news.byRegion);
    showSamples();
    showFaults();
    problems(news.problems);
    showFacts(news.ended ? news.ended.seconds : points.length ? points[points.length - 1][0] : 0);
    if (!document.hidden) charts.forEach(chart => chart.update());
  }

  const handlers = {
    whole(news) {
      if (!run || run.run !== news.run) { points = []; samples = []; faults = []; lags = []; }
      run = news;
      showRun();
      if (news.sinks) take(news); else { state({sinks: []}); control({touches: []}); }
      targets(news.target || {targets: [], lags: []});
      runs(news.runs || []);
    },
    targets(news) { if (run && news.run === run.run) targets(news); },
    step(news) { if (run && news.run === run.run) take(news); },
    runs(news) { runs(news.runs); },
  };

  // ---- the connection: server-sent events by fetch, because only so a header can carry the token
  let current = null, wait = 500, retry = 0;
  const link = (text, kind) => { set('link', text); $('link-dot').className = 'dot ' + kind; };
  const beat = () => { const dot = $('link-dot'); dot.classList.remove('beat'); void dot.offsetWidth; dot.classList.add('beat'); };

  function ask(text) {
    set('notice-text', text);
    $('notice').hidden = false;
    link('not connected', 'bad');
  }

  function event(text) {
    let kind = '', data = '';
    for (const line of text.split('\n')) {
      if (line.startsWith('event: ')) kind = line.slice(7);
      else if (line.startsWith('data: ')) data += line.slice(6);
    }
    try {
      if (kind && handlers[kind]) handlers[kind](JSON.parse(data));
    } catch (e) {
      console.error(e); // a defect of this page must not look like a lost connection
    }
  }

  async function connect() {
    clearTimeout(retry);
    if (current) current.abort();
    const mine = current = new AbortController();
    if (!token) { ask('This page needs the token of the run. Open the whole address that was printed when the run began, or write the token here.'); return; }
    let silence = 0;
    const listen = () => { clearTimeout(silence); silence = setTimeout(() => mine.abort(), 8000); };
    try {
      listen();
      const answer = await fetch('api/updates?run=' + encodeURIComponent(chosen), {headers: {Authorization: 'Bearer ' + token}, cache: 'no-store', signal: mine.signal});
      if (answer.status === 401) { ask('The token is not right any more. Open the address that was printed when the run began, or write the new token here.'); return; }
      if (answer.status === 404 && chosen) { chosen = ''; throw new Error('gone'); }
      if (!answer.ok) throw new Error((await answer.text()) || 'refused');
      $('notice').hidden = true;
      wait = 500;
      link('live', 'good');
      const reader = answer.body.getReader(), decoder = new TextDecoder();
      let rest = '';
      while (true) {
        const {done, value} = await reader.read();
        if (done) break;
        listen();
        rest += decoder.decode(value, {stream: true});
        let end;
        while ((end = rest.indexOf('\n\n')) >= 0) { event(rest.slice(0, end)); rest = rest.slice(end + 2); beat(); }
      }
    } catch { // the server is away, or refuses; told below
    } finally {
      clearTimeout(silence);
      if (mine === current && $('notice').hidden) {
        link(run && run.ended ? 'the run has ended; waiting for the next' : 'connection lost; trying again', run && run.ended ? 'done' : 'warn');
        retry = setTimeout(connect, wait);
        wait = Math.min(5000, wait * 1.7);
      }
    }
  }

  // ---- controls
  $('token-form').addEventListener('submit', e => { e.preventDefault(); takeToken($('token').value.trim()); $('token').value = ''; $('notice').hidden = true; connect(); });
  $('runs').addEventListener('change', () => { chosen = $('runs').value; connect(); });
  $('pause').addEventListener('click', () => act($('pause').textContent === 'Pause' ? 'pause' : 'resume'));
  $('speed-form').addEventListener('submit', e => { e.preventDefault(); act('speed', {speed: $('speed').valueAsNumber}); });
  $('stop').addEventListener('click', () => { set('stop-title', 'Stop run ' + run.run + '?'); $('stop-dialog').showModal(); });
  $('stop-no').addEventListener('click', () => $('stop-dialog').close());
  $('stop-yes').addEventListener('click', () => { $('stop-dialog').close(); act('stop'); });
  $('hold').addEventListener('click', () => { held = !held; $('hold').setAttribute('aria-pressed', String(held)); showSamples(); });
  $('event-close').addEventListener('click', () => $('event').close());
  $('event').addEventListener('click', e => { if (e.target === $('event')) $('event').close(); });
  $('event-copy').addEventListener('click', async () => {
    try { await navigator.clipboard.writeText(opened.replay); set('event-copy', 'Copied'); }
    catch { getSelection().selectAllChildren($('event-replay')); set('event-copy', 'Selected'); }
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => charts.forEach(chart => chart.draw()));
  document.addEventListener('visibilitychange', () => { if (!document.hidden) charts.forEach(chart => chart.update()); });

  new Chart('chart-rate', [{name: 'wanted', column: 1, color: 'c-soft', dashed: true}, {name: 'acknowledged', column: 2, color: 'c-main', fill: true}], n => brief(n) + '/s');
  new Chart('chart-bytes', [{name: 'acknowledged', column: 3, color: 'c-main', fill: true}], n => bytes(n).join(' ') + '/s');
  new Chart('chart-latency', [{name: 'p99.9', column: 6, color: 'c-third'}, {name: 'p99', column: 5, color: 'c-second'}, {name: 'p50', column: 4, color: 'c-main', fill: true}], n => join(millis(n)));
  new Chart('chart-lag', [{name: 'own lag', column: 7, color: 'c-second'}, {name: 'sink lag', column: 8, color: 'c-main', fill: true}], n => join(millis(n)));
  connect();
})();
