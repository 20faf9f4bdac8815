package io.dataflux.engine;

import io.dataflux.ConfigurationException;
import io.dataflux.ConfigurationException.Problem;
import io.dataflux.EventStream;
import io.dataflux.Plan;
import io.dataflux.Run;
import io.dataflux.RunMonitor;
import io.dataflux.Thresholds;
import io.dataflux.encode.CompiledStream;
import io.dataflux.ledger.Ledger;
import io.dataflux.plan.Extent;
import io.dataflux.plan.Pace;
import io.dataflux.plan.Regions;
import io.dataflux.plan.RunCompiler;
import io.dataflux.plan.RunConfig;
import io.dataflux.plan.RunConfig.SinkConfig;
import io.dataflux.plan.RunDraft;
import io.dataflux.plan.RunLimits;
import io.dataflux.spi.SinkReader;
import io.dataflux.verify.RunComparison;
import io.dataflux.verify.Verdict;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A run as planned: what it sends, and where. Nothing is opened before it starts. Immutable; starting it twice gives two runs. */
public final class RunPlan implements Plan {

    private static final Duration LONGEST_DELAY = Duration.ofHours(1);

    private final RunConfig config;
    private final Extent extent;
    private final Tuning tuning;
    /** Whether an earlier run of the same tag is not resumed. */
    private final boolean anew;

    /** What it was compiled from; null if that was code. */
    private final @Nullable RunDraft draft;

    private RunPlan(RunConfig config, Extent extent, Tuning tuning, boolean anew, @Nullable RunDraft draft) {
        this.draft = draft;
        this.config = config;
        this.extent = extent;
        this.tuning = tuning;
        this.anew = anew;
    }

    /**
     * Plans a run as it was read. One that has begun keeps its start, so that {@code start: now} means the same in each attempt.
     *
     * @throws ConfigurationException with every problem of its streams, and those of reading; or if it cannot work
     */
    public static RunPlan of(RunDraft draft) {
        RunPlan plan = of(RunCompiler.compile(Resumption.asBegun(draft)));
        return new RunPlan(plan.config, plan.extent, plan.tuning, plan.anew, draft.readWell());
    }

    /** Plans a run from the beginning of its streams. @throws ConfigurationException if it cannot work */
    public static RunPlan of(RunConfig config) {
        return of(config, new long[config.streams().size()]);
    }

    /**
     * Plans a run that begins within its streams; limits count from there.
     *
     * @param from per stream of the run its first sequence
     * @throws ConfigurationException if it cannot work
     */
    public static RunPlan of(RunConfig config, long... from) {
        check(config, from);
        Tuning tuning = Tuning.DEFAULT.lagBudgetNanos(config.lagBudget().toNanos());
        Extent extent = RunLimits.extent(config.streams(), from.clone(), config.limits());
        return new RunPlan(config, extent, tuning, false, null);
    }

    /** The same plan, which does not resume an earlier run of its tag. */
    public RunPlan startingAnew() {
        return new RunPlan(config, extent, tuning, true, draft);
    }

    RunPlan tuned(Tuning other) {
        return new RunPlan(config, extent, other, anew, draft);
    }

    private static void check(RunConfig config, long[] from) {
        List<Problem> problems = new ArrayList<>();
        if (config.streams().isEmpty() || config.streams().size() > RunConfig.MOST_STREAMS) {
            problems.add(new Problem(
                    "streams", config.streams().size() + " streams: 1 to " + RunConfig.MOST_STREAMS + " are allowed"));
        }
        if (config.sinks().isEmpty()) {
            problems.add(new Problem("sinks", "none: a run needs at least one sink, such as {type: mock}"));
        }
        List<String> names = config.sinks().stream().map(SinkConfig::name).toList();
        for (SinkConfig sink : config.sinks()) {
            String path = "sinks." + sink.name();
            if (sink.lanes() < 1) {
                problems.add(new Problem(path + ".lanes", sink.lanes() + ": at least 1 is needed"));
            }
            if (Collections.frequency(names, sink.name()) > 1) {
                problems.add(new Problem(path, "there are two sinks of this name; rename one"));
            }
        }
        config.regionSinks()
                .forEach((region, sinks) -> sinks.stream()
                        .filter(sink -> !names.contains(sink))
                        .forEach(sink -> problems.add(new Problem(
                                "region_sinks." + region, "there is no sink '" + sink + "'; the sinks are " + names))));
        Regions.checkFaults(config.streams(), config.regions(), (path, what) -> problems.add(new Problem(path, what)));
        if (config.regions().isEmpty()) {
            problems.add(
                    new Problem("regions", "none: a run needs at least one region, such as {default: {weight: 1}}"));
        }
        boolean unpaced = config.speed() == Double.POSITIVE_INFINITY;
        if (!unpaced && !(config.speed() >= Pace.SLOWEST && config.speed() <= Pace.FASTEST)) {
            problems.add(new Problem(
                    "speed",
                    config.speed() + ": " + Pace.SLOWEST + " to " + (long) Pace.FASTEST + " is allowed, or max"));
        }
        if (config.backfill() && config.speed() != 1) {
            problems.add(new Problem(
                    "speed",
                    (unpaced ? "max" : config.speed())
                            + ": a backfill continues live, at speed 1; leave out speed, or leave out backfill"));
        }
        for (int i = 0; i < from.length && i < config.streams().size(); i++) {
            CompiledStream stream = config.streams().get(i);
            if (from[i] < 0 || from[i] >= stream.end()) {
                problems.add(new Problem(
                        "streams." + stream.name(),
                        "it cannot start at event " + from[i] + ": its events are [0, " + stream.end() + ")"));
            }
        }
        int shards =
                config.streams().stream().mapToInt(CompiledStream::shards).max().orElse(1);
        if (config.part().number() > shards) {
            problems.add(new Problem(
                    "--part",
                    config.part() + ": the streams have no more than " + shards
                            + " shards, so this part would send nothing; use at most " + shards + " parts"));
        }
        if (!problems.isEmpty()) {
            throw new ConfigurationException(config.source(), problems);
        }
        if (from.length != config.streams().size()) {
            throw new IllegalArgumentException(
                    from.length + " starts for " + config.streams().size() + " streams");
        }
    }

    @Override
    public Plan monitoredBy(RunMonitor monitor) {
        return new RunPlan(config.withMonitor(monitor), extent, tuning, anew, draft);
    }

    @Override
    public List<EventStream> streams() {
        return List.copyOf(config.streams());
    }

    @Override
    public List<String> sinks() {
        return config.sinks().stream().map(SinkConfig::name).toList();
    }

    /** The plan's configuration for a run that has begun: {@code start: now} means its start. */
    RunConfig asOf(Instant start) {
        return draft != null && draft.streams().startsNow() ? RunCompiler.compile(draft.startingAt(start)) : config;
    }

    /** What a run of this plan sends. */
    Extent extent() {
        return extent;
    }

    @Override
    public Run start() {
        int tag = config.tag() != null ? config.tag() : freshTag();
        RunLock lock = RunLock.take(
                Resumption.file(config.output(), tag, config.part()),
                HexFormat.of().toHexDigits(tag));
        try {
            return start(tag, lock);
        } catch (RuntimeException | Error e) {
            lock.close();
            throw e;
        }
    }

    private Run start(int tag, RunLock lock) {
        Resumption.Begun begun = anew ? null : Resumption.find(config, extent).orElse(null);
        Checkpoint earlier = begun == null ? null : begun.checkpoint();
        Definitions definitions = begun == null ? Definitions.first(config, extent) : begun.definitions();
        Instant startAt = config.startAt();
        if (earlier == null
                && startAt != null
                && startAt.isBefore(tuning.ticker().wall().minus(LONGEST_DELAY))) {
            throw new ConfigurationException(
                    config.source(),
                    List.of(new Problem("--start-at", startAt + " is more than an hour ago; give a future time")));
        }
        int number = earlier == null ? 0 : earlier.attempt() + 1;
        Pace pace = new Pace(extent.start(), config.speed());
        RunClock clock = RunClock.of(tuning);
        Epochs epochs = new Epochs(definitions, tag);
        Attempt attempt = new Attempt(tag, number, definitions.config(), epochs, pace, clock, tuning);
        return ActiveRun.start(attempt, earlier, lock);
    }

    /** 0 is the tag of events that were never sent. */
    private static int freshTag() {
        SecureRandom random = new SecureRandom();
        int tag = 0;
        while (tag == 0) {
            tag = random.nextInt();
        }
        return tag;
    }

    @Override
    public Path output() {
        return config.output();
    }

    @Override
    public Thresholds thresholds() {
        return config.thresholds();
    }

    @Override
    public List<String> readableSinks() {
        return config.sinks().stream()
                .filter(sink -> sink.connector().readBack().isPresent())
                .map(SinkConfig::name)
                .toList();
    }

    @Override
    public List<Path> reports() {
        Integer tag = config.tag();
        if (tag == null) {
            throw new IllegalStateException("the plan's tag is not fixed");
        }
        Path folder = config.output().resolve(HexFormat.of().toHexDigits(tag));
        List<Path> reports = ReportFile.in(folder);
        if (reports.isEmpty()) {
            boolean begun = !ReportFile.traces(folder, config.part()).isEmpty();
            throw new ConfigurationException(
                    folder.toString(),
                    List.of(new Problem(
                            "report.json",
                            begun
                                    ? "there is no such file, but the run has begun: a report is written when its attempt ends;"
                                            + " let it end, or if it was killed, run it again with its tag"
                                    : "there is no such file; a report is written when a run ends: let the run with this tag"
                                            + " end, or name the folder with --output")));
        }
        return reports;
    }

    @Override
    public Ledger ledger(List<Path> reports) {
        Ledger ledger = new Parts(config, reports).merged();
        RunJudge.check(config, ledger);
        return ledger;
    }

    @Override
    public Verdict verify(String sink, Ledger ledger, UnaryOperator<SinkReader> between) {
        return new RunJudge(config, ledger).judge(sink, between);
    }

    @Override
    public RunComparison compare(
            String sink,
            Ledger ledger,
            Plan other,
            Ledger others,
            UnaryOperator<SinkReader> betweenOther,
            int examples) {
        if (!(other instanceof RunPlan theirs)) {
            throw new IllegalArgumentException("the other plan was not made by DataFlux");
        }
        return new RunJudge(config, ledger).compare(sink, new RunJudge(theirs.config, others), betweenOther, examples);
    }

    @Override
    public String summary() {
        return PlanWords.summary(config, extent);
    }

    @Override
    public String describe() {
        return new PlanWords(config, extent, tuning.ticker().wall()).toString();
    }
}
