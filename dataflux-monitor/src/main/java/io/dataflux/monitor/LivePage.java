package io.dataflux.monitor;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dataflux.RunMonitor;
import io.dataflux.RunReport;
import io.dataflux.WatchedRun;
import io.dataflux.ledger.Ledger.Touch;
import io.dataflux.monitor.PageServer.ControlAnswer;
import io.dataflux.monitor.TargetWatch.SinkGroup;
import io.dataflux.spi.Settings.Secret;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A page in the browser that shows runs while they go on, and their metrics for Prometheus under {@code /metrics}.
 *
 * <pre>{@code
 * try (LivePage page = LivePage.open(8000)) {
 *     System.err.println(page.address());
 *     plan.monitoredBy(page).start().await();
 * }
 * }</pre>
 *
 * <p>The address holds a token, after the {@code #}, without which nothing about events is told and no run can be paused, made faster or
 * stopped. The page stays until it is closed, and with it
 * the last {@value #MOST_RUNS} runs. In configurations it is {@code monitor: {port: 8000}}, and then ends with its run, see
 * {@link ConfiguredPage}.
 *
 * <p>Thread-safe. Takes a thread, and one more for each page that is open, of which there can be 16; a page that does not read delays nobody.
 */
public final class LivePage implements RunMonitor, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LivePage.class);

    private static final int MOST_RUNS = 8;
    private static final long SECOND = 1_000;

    private final PageServer server;
    private final Access access;
    private final InetAddress bind;
    private final boolean control;
    private final RunMetrics metrics = new RunMetrics();
    private final Deque<Watching> runs = new ArrayDeque<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    /**
     * How a page is reached.
     *
     * @param port 0 for any that is free
     * @param bind {@code localhost} or an address of this machine; other than loopback needs a token
     * @param token at least 16 characters of ASCII; {@code null} for a fresh one
     * @param hosts names, besides {@code localhost} and addresses, under which the page is reached
     * @param control whether those who have the token can also pause, speed up and stop runs
     */
    public record Options(int port, String bind, @Nullable Secret token, List<String> hosts, boolean control) {

        public Options {
            hosts = List.copyOf(hosts);
        }

        /** On loopback, with a fresh token. */
        public static Options port(int port) {
            return new Options(port, "localhost", null, List.of(), true);
        }
    }

    /** Opens a page on loopback. @throws IOException if the port cannot be had */
    public static LivePage open(int port) throws IOException {
        return open(Options.port(port));
    }

    /**
     * Opens a page.
     *
     * @throws IOException if the port cannot be had
     * @throws IllegalArgumentException if the options are not safe or make no sense
     */
    public static LivePage open(Options options) throws IOException {
        new Problems((setting, what) -> {
                    throw new IllegalArgumentException(setting + ": " + what);
                })
                .check(options);
        return new LivePage(options);
    }

    /** @param options that were checked */
    LivePage(Options options) throws IOException {
        bind = Objects.requireNonNull(Access.literal(options.bind));
        control = options.control;
        access = new Access(options.hosts, options.token == null ? null : options.token.reveal());
        server = new PageServer(bind, options.port, access, metrics, new Content());
        Thread ticker = new Thread(this::tick, "dataflux-monitor");
        ticker.setDaemon(true);
        ticker.start();
    }

    /** The address to open in a browser; it holds the token. */
    public String address() {
        return url() + "#token=" + access.token();
    }

    /** The address without the token, to which {@code /metrics} and {@code /health/live} can be appended. */
    public String url() {
        return "http://" + Access.inUrl(bind) + ":" + server.port() + "/";
    }

    /** The metrics of the runs that are shown, to be bound to more registries. */
    public RunMetrics metrics() {
        return metrics;
    }

    @Override
    public Watch watch(WatchedRun run) {
        Watching watching = new Watching(run, metrics.watch(run));
        synchronized (runs) {
            if (runs.size() == MOST_RUNS) {
                runs.remove().targets.close();
            }
            runs.add(watching);
        }
        server.tell(null, "runs", runsNode());
        watching.targets.start();
        return watching;
    }

    private ObjectNode runsNode() {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.set("runs", new Content().runs());
        return node;
    }

    private List<Watching> all() {
        synchronized (runs) {
            return new ArrayList<>(runs);
        }
    }

    /** Of all runs, by their tags. */
    private Map<String, List<SinkGroup>> allGroups() {
        Map<String, List<SinkGroup>> groups = new TreeMap<>();
        all().forEach(watching -> groups.put(watching.tag(), watching.targets.groups()));
        return groups;
    }

    private void tick() {
        try {
            while (!closed.await(SECOND, TimeUnit.MILLISECONDS)) {
                all().forEach(Watching::step);
                server.watch();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Closes the page; pages that are open in browsers keep what they show. */
    @Override
    public void close() {
        if (closed.getCount() > 0) {
            closed.countDown();
            all().forEach(watching -> watching.targets.close());
            server.close();
            metrics.clear();
        }
    }

    /** A run that is shown. */
    private final class Watching implements Watch {
        private final RunHistory history;
        private final Watch figures;
        private final TargetWatch targets;

        Watching(WatchedRun run, Watch figures) {
            history = new RunHistory(run);
            this.figures = figures;
            targets = new TargetWatch(run, its -> {
                server.groups(allGroups());
                server.tell(tag(), "targets", its.json(false));
            });
        }

        String tag() {
            return history.run().run().tag();
        }

        synchronized void step() {
            if (history.report() == null) {
                try {
                    server.tell(tag(), "step", news());
                } catch (RuntimeException e) {
                    LOG.warn("the live page could not be brought up to date", e);
                }
            }
        }

        private List<Touch> touches() {
            return history.run().run().touches();
        }

        private ObjectNode news() {
            return PageJson.step(history, history.step());
        }

        synchronized ControlAnswer control(String action, byte[] body) {
            if (history.report() != null) {
                return new ControlAnswer(409, "run " + tag() + " has ended");
            }
            int before = touches().size();
            ControlAnswer answer = RunControl.act(history.run(), action, body);
            if (touches().size() > before) {
                Touch last = touches().get(touches().size() - 1);
                String what = last.action() == Touch.Action.SPEED ? "speed " + last.speed() : action;
                LOG.info("run {}: {}, by the live page", tag(), what);
                step();
            }
            return answer;
        }

        @Override
        public void ended(RunReport report) throws Exception {
            figures.ended(report);
            synchronized (this) {
                history.ended(report);
                server.tell(tag(), "step", news());
            }
            server.tell(null, "runs", runsNode());
        }

        /** The page keeps a run that has ended, but not one that could not be started. */
        @Override
        public void close() {
            synchronized (this) {
                if (history.report() != null) {
                    return;
                }
            }
            targets.close();
            synchronized (runs) {
                runs.remove(this);
            }
            server.tell(null, "runs", runsNode());
        }

        @Override
        public List<String> words() {
            return List.of("live page: " + address());
        }
    }

    private final class Content implements PageServer.Content {
        @Override
        public ArrayNode runs() {
            ArrayNode node = JsonNodeFactory.instance.arrayNode();
            for (Watching watching : all()) {
                WatchedRun run = watching.history.run();
                node.addObject()
                        .put("run", watching.tag())
                        .put("part", run.part())
                        .put("parts", run.parts())
                        .put("summary", run.summary())
                        .put("ended", watching.history.report() != null);
            }
            return node;
        }

        @Override
        public @Nullable ObjectNode whole(String tag) {
            for (Watching watching : all()) {
                if (watching.tag().equals(tag)) {
                    synchronized (watching) {
                        ObjectNode whole = PageJson.whole(watching.history).put("control", control);
                        whole.set("target", watching.targets.json(true));
                        return whole;
                    }
                }
            }
            return null;
        }

        @Override
        public ControlAnswer control(String tag, String action, byte[] body) {
            if (!control) {
                return new ControlAnswer(403, "this page only shows; its setting control is false");
            }
            return all().stream()
                    .filter(watching -> watching.tag().equals(tag))
                    .findFirst()
                    .map(watching -> watching.control(action, body))
                    .orElse(new ControlAnswer(404, "there is no such run"));
        }

        @Override
        public boolean ready() {
            return all().stream().anyMatch(watching -> watching.history.report() == null);
        }
    }

    /** Checks options, and says what is wrong with which setting. */
    record Problems(BiConsumer<String, String> noted) {

        void check(Options options) {
            InetAddress address = Access.literal(options.bind);
            if (options.port < 0 || options.port > 65_535) {
                noted.accept("port", options.port + " is not a port; write 0 to 65535");
            }
            if (address == null) {
                noted.accept(
                        "bind",
                        "'" + options.bind + "' is not an address; write localhost, 0.0.0.0 or another address");
            } else if (!address.isLoopbackAddress() && options.token == null) {
                noted.accept(
                        "bind",
                        options.bind
                                + " can be reached from other machines, which needs a token; set the environment variable"
                                + " DATAFLUX_TOKEN or the setting token, or leave out bind");
            }
            String token = options.token == null ? null : options.token.reveal();
            if (token != null && !token.matches("[!-~]{" + Access.SHORTEST_TOKEN + ",200}")) {
                noted.accept(
                        "token",
                        "is not a token; use " + Access.SHORTEST_TOKEN
                                + " to 200 letters, digits and signs without spaces, such as those of 'openssl rand -hex 24'");
            }
            for (String host : options.hosts) {
                if (!host.matches("[A-Za-z0-9]([A-Za-z0-9.-]{0,252})")) {
                    noted.accept(
                            "hosts",
                            "'" + host + "' is not a host name; write it without port, such as load.example.com");
                }
            }
        }
    }
}
