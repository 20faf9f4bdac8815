package io.dataflux.config;

import io.dataflux.ConfigurationException;
import io.dataflux.RunMonitor;
import io.dataflux.Thresholds;
import io.dataflux.config.TargetsReader.Targets;
import io.dataflux.config.Tree.Mapping;
import io.dataflux.config.Tree.Scalar;
import io.dataflux.plan.Drill;
import io.dataflux.plan.RunConfig;
import io.dataflux.plan.RunConfig.Limits;
import io.dataflux.plan.RunConfig.Part;
import io.dataflux.plan.RunDraft;
import io.dataflux.plan.StreamsDraft;
import io.dataflux.problem.Problems;
import java.math.BigDecimal;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a configuration file, YAML or JSON, into the draft of a run. A flag overrides the environment, which overrides the file, which
 * overrides a default; {@link RunConfig#origins} says for each setting which it was. Opens nothing but the file itself and the
 * word lists that it names. Stateless.
 *
 * <pre>
 * seed: 42
 * start: 2025-01-01T00:00:00Z            or now, now-1d, now+2h, resolved once
 * events_per_second: 5000                shared by the weights of the streams
 * speed: 1                               1 as scheduled, 10, max
 * backfill: true                         past events at once, then live; otherwise all at the run's speed
 * limits: {events: 1000000, time: 30s, bytes: 10GB}
 * streams:
 *   clicks: {from: clickstream, weight: 3}
 *   orders: {key: {entity: "cust_{}", count: 1000}, identity: id, fields: {id: {id: "ord_{}"}}}
 *   steps:  {generator: {type: steps, step: 10}}
 * regions: {eu: {weight: 2}, us: {weight: 1}}
 * routing: {type: sticky}                or {field: country, map: {NO: eu}}, or your own type
 * sinks:
 *   broker: {type: kafka, bootstrap_servers: "${env:SERVERS}", topic: orders, lanes: 2, on_failure: stop}
 *   keep: {type: mock}
 * region_sinks: {eu: [broker, keep], default: [broker]}
 * output: {dir: dataflux-out}
 * tag: 5f3a90c1                          a fresh one for each run unless it is given
 * monitor: {port: 8000}                  shows the run while it goes on; needs dataflux-monitor
 * thresholds: {p99: 200ms, achieved: 95%, duplicate: 10}
 * actions: [{name: kill-worker, after: 20000 events, exec: [./kill.sh]}]
 * lag_budget: 100ms                      the run is invalid if more than 1% of batches are later by its own fault
 * </pre>
 *
 * <pre>{@code
 * RunDraft draft = ConfigReader.read(Path.of("config.yaml"), Overrides.NONE, System.getenv(), clock.instant());
 * RunConfig config = RunCompiler.compile(draft);
 * }</pre>
 */
public final class ConfigReader {

    private static final String DEFAULT_OUTPUT = "dataflux-out";
    private static final Pattern TAG = Pattern.compile("[0-9a-fA-F]{1,8}");
    private static final Pattern PART = Pattern.compile("([1-9][0-9]{0,3})/([1-9][0-9]{0,3})");
    private static final Duration LONGEST_LAG = Duration.ofHours(1);
    /** The keys of a run, besides those of its streams. */
    private static final List<String> RUN_KEYS = List.of(
            "speed",
            "limits",
            "regions",
            "routing",
            "sinks",
            "region_sinks",
            "output",
            "tag",
            "lag_budget",
            "backfill",
            "monitor",
            "thresholds",
            "actions");

    private static final List<String> ALL_KEYS = Stream.concat(
                    Stream.of("seed", "start", "events_per_second", "streams"), RUN_KEYS.stream())
            .toList();

    private final Document document;
    private final SettingsReader top;
    /** The file with flags in it. */
    private final Mapping all;

    private final Types types;
    private final Instant now;

    private ConfigReader(Document document, Reading reading, Overrides overrides, @Nullable Types types, Instant now) {
        this.document = document;
        this.types = types == null ? Types.found(document.problems()) : types;
        Mapping root = Levels.mended(document.root(), reading, ALL_KEYS, this.types.sinkTypes());
        this.all = overrides.onto(document, root);
        this.top = new SettingsReader(all, reading);
        this.now = now;
    }

    /**
     * Reads a run. Mistakes are noted in the draft, and thrown when its streams are compiled, together with those of the streams.
     *
     * @param environment the variables that <code>${env:NAME}</code> refers to, and those that override settings of sinks
     * @param now what {@code start: now} means
     * @throws ConfigurationException if the file cannot be read, or is no YAML or JSON
     */
    public static RunDraft read(Path file, Overrides overrides, Map<String, String> environment, Instant now) {
        return read(Document.read(file), folder(file), overrides, environment, now, null);
    }

    /**
     * Reads only the streams of a configuration. Sinks and settings of the run may be missing, and are ignored.
     *
     * @throws ConfigurationException if the file cannot be read, or is no YAML or JSON
     */
    public static StreamsDraft readStreams(
            Path file, Overrides overrides, Map<String, String> environment, Instant now) {
        return readStreams(file, folder(file), overrides, environment, now);
    }

    /** @param folder where the files are that it names */
    static StreamsDraft readStreams(
            Path file, Path folder, Overrides overrides, Map<String, String> environment, Instant now) {
        Document document = Document.read(file);
        Reading reading = new Reading(document.problems(), environment, folder, null);
        ConfigReader reader = new ConfigReader(document, reading, overrides, null, now);
        StreamsDraft streams = reader.streams();
        RUN_KEYS.forEach(reader.top::find);
        reader.top.finish();
        return streams;
    }

    /** @param types the types that can be named; null for all on the class path */
    static RunDraft read(
            Document document,
            Path folder,
            Overrides overrides,
            Map<String, String> environment,
            Instant now,
            @Nullable Types types) {
        List<String> origins = new ArrayList<>();
        Reading reading = new Reading(document.problems(), environment, folder, origins);
        return new ConfigReader(document, reading, overrides, types, now).run(overrides, origins);
    }

    private StreamsDraft streams() {
        return new StreamsReader(document.source(), top, types, now).read();
    }

    private RunDraft run(Overrides overrides, List<String> origins) {
        StreamsDraft streams = streams();
        boolean complete = document.problems().none();
        double speed = speed();
        Limits limits = limits();
        Targets targets = new TargetsReader(top, types, streams, complete).read();
        Path output = output();
        Integer tag = tag();
        Duration lagBudget = top.duration("lag_budget", RunConfig.LAG_BUDGET, Duration.ofMillis(1), LONGEST_LAG);
        boolean backfill = top.bool("backfill", false);
        if (backfill && speed != 1) {
            top.problem(
                    "speed",
                    (speed == Double.POSITIVE_INFINITY ? "max" : speed)
                            + ": a backfill continues live, at speed 1; leave out speed, or leave out backfill");
        }
        Part part = overrides
                .flag("part")
                .map(text -> part(text, tag, complete ? streams.shards() : Integer.MAX_VALUE))
                .orElse(Part.WHOLE);
        Instant startAt = overrides.flag("start-at").map(this::startAt).orElse(null);
        List<RunMonitor> monitors = new MonitorReader(top, types).read();
        Thresholds thresholds = new ThresholdsReader(top).read(speed != Double.POSITIVE_INFINITY);
        List<Drill> drills = new ActionsReader(top).read();
        top.finish();
        RunConfig run = new RunConfig(
                document.source(),
                List.of(),
                targets.regions(),
                targets.router(),
                targets.sinks(),
                targets.regionSinks(),
                limits,
                speed,
                output,
                tag,
                part,
                backfill,
                startAt,
                lagBudget,
                monitors,
                thresholds,
                drills,
                List.copyOf(origins),
                KeptText.of(all, RUN_KEYS, top.reading(), now));
        return new RunDraft(streams, run);
    }

    private double speed() {
        if (top.find("speed") instanceof Scalar value && value.text().equals("max")) {
            top.noteOrigin("speed", value, null);
            return Double.POSITIVE_INFINITY;
        }
        return top.decimal("speed", BigDecimal.ONE, NumberRange.SPEED).doubleValue();
    }

    private Limits limits() {
        SettingsReader settings = top.section("limits", "write {events: 1000000}, {time: 30s} or {bytes: 10GB}");
        if (settings == null) {
            return Limits.NONE;
        }
        OptionalLong events = settings.optionalInteger("events", 1, Long.MAX_VALUE);
        Duration time = settings.has("time")
                ? settings.duration("time", Quantities.LONGEST, Duration.ofMillis(1), Quantities.LONGEST)
                : null;
        OptionalLong bytes = settings.has("bytes")
                ? OptionalLong.of(settings.bytes("bytes", Long.MAX_VALUE, 1, Long.MAX_VALUE))
                : OptionalLong.empty();
        settings.finish();
        return new Limits(events, time, bytes);
    }

    private Path output() {
        SettingsReader settings = top.section("output", "write {dir: dataflux-out}");
        String dir = settings == null ? DEFAULT_OUTPUT : settings.text("dir", DEFAULT_OUTPUT);
        if (settings != null) {
            settings.finish();
        }
        try {
            return Path.of(dir);
        } catch (InvalidPathException e) {
            top.problem("output", Problems.noPath(dir));
            return Path.of(DEFAULT_OUTPUT);
        }
    }

    private @Nullable Integer tag() {
        String wanted = "write up to eight hexadecimal digits, such as 5f3a90c1";
        Tree tree = top.find("tag");
        Scalar value = tree == null ? null : top.reading().scalar(tree, wanted);
        if (value == null) {
            return null;
        }
        if (!TAG.matcher(value.text()).matches()) {
            document.problems().add(value.path(), "'" + value.text() + "' is not a tag; " + wanted);
            return null;
        }
        if (Integer.parseUnsignedInt(value.text(), 16) == 0) {
            document.problems()
                    .add(
                            value.path(),
                            "0 is reserved for events that are never sent, such as those of 'sample'; " + wanted);
            return null;
        }
        top.noteOrigin("tag", value, null);
        return Integer.parseUnsignedInt(value.text(), 16);
    }

    /** The part of a run that this process sends. All parts must have the same tag and the same start. */
    private Part part(String text, @Nullable Integer tag, int shards) {
        Matcher matcher = PART.matcher(text);
        int number = matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
        int of = matcher.matches() ? Integer.parseInt(matcher.group(2)) : 0;
        if (number < 1 || number > of) {
            document.problems().add("--part", "'" + text + "' is not a part; write 3/8 for the third of eight");
            return Part.WHOLE;
        }
        if (number > shards) {
            document.problems()
                    .add(
                            "--part",
                            text + ": the streams have no more than " + shards
                                    + " shards, so this part would send nothing; use at most " + shards + " parts");
        }
        if (tag == null) {
            document.problems()
                    .add("--part", text + " needs the tag of the run, the same for all parts; add --tag 5f3a90c1");
        }
        if (top.find("start") instanceof Scalar start && start.text().startsWith(StreamsReader.NOW)) {
            document.problems()
                    .add(
                            "--part",
                            text + " needs a fixed start, the same for all parts; write 'start: 2025-01-01T00:00:00Z'");
        }
        return new Part(number, of);
    }

    private @Nullable Instant startAt(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            document.problems().add("--start-at", "'" + text + "' is not a time; write it like 2026-11-20T12:00:00Z");
            return null;
        }
    }

    private static Path folder(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        return parent == null ? Path.of("") : parent;
    }
}
