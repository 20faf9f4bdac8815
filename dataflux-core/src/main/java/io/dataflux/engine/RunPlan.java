package io.dataflux.engine;

import io.dataflux.ConfigurationException;
import io.dataflux.ConfigurationException.Problem;
import io.dataflux.EventStream;
import io.dataflux.Plan;
import io.dataflux.Run;
import io.dataflux.encode.CompiledStream;
import io.dataflux.engine.RunConfig.SinkConfig;
import io.dataflux.spi.SinkReader;
import io.dataflux.verify.Ledger;
import io.dataflux.verify.Ranges;
import io.dataflux.verify.Verdict;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A run as planned: for each stream where it starts and ends, for each sink which lane sends which shards. Immutable; starting it
 * twice gives two runs.
 */
public final class RunPlan implements Plan {

    private final RunConfig config;
    private final long[] from;
    private final long[] limits;
    private final Instant start;
    private final Tuning tuning;

    /** The run that this one resumes, and the number of the attempt. */
    private final @Nullable Ledger earlier;

    private final int attempt;

    private RunPlan(RunConfig config, long[] from, Tuning tuning, @Nullable Ledger earlier, int attempt) {
        this.config = config;
        this.from = from;
        this.tuning = tuning;
        this.earlier = earlier;
        this.attempt = attempt;
        limits = Cut.limits(config.streams(), from, config.limits());
        start = Cut.start(config.streams(), from);
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
        return new RunPlan(config, from.clone(), Tuning.DEFAULT, null, 0);
    }

    /** The same plan with another lateness that 99 of 100 batches must keep for the run to be valid; 100 ms otherwise. */
    public RunPlan lagBudget(Duration budget) {
        return tuned(tuning.lagBudgetNanos(budget.toNanos()));
    }

    RunPlan tuned(Tuning other) {
        return new RunPlan(config, from, other, earlier, attempt);
    }

    /**
     * The same plan without what an earlier attempt delivered.
     *
     * @param number of the attempt: 1 for the first resumption
     * @throws ConfigurationException if the earlier attempt was of other streams
     */
    RunPlan resuming(Ledger delivered, int number) {
        List<Problem> problems = new ArrayList<>();
        if (delivered.streams().size() != config.streams().size()) {
            problems.add(new Problem(
                    "streams",
                    config.streams().size() + ", but the run had "
                            + delivered.streams().size()));
        } else {
            for (int i = 0; i < from.length; i++) {
                if (delivered.streams().get(i).fingerprint()
                        != config.streams().get(i).fingerprint()) {
                    problems.add(new Problem(
                            "streams." + config.streams().get(i).name(),
                            "its definition or seed is not that of the run"));
                }
            }
        }
        if (!problems.isEmpty()) {
            throw new ConfigurationException(config.source(), problems);
        }
        return new RunPlan(config, from, tuning, delivered, number);
    }

    private static void check(RunConfig config, long[] from) {
        List<Problem> problems = new ArrayList<>();
        if (config.streams().isEmpty() || config.streams().size() > Short.MAX_VALUE) {
            problems.add(new Problem("streams", config.streams().size() + " streams: 1 to 32767 are possible"));
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
        if (config.regions().isEmpty()) {
            problems.add(
                    new Problem("regions", "none: a run needs at least one region, such as {default: {weight: 1}}"));
        }
        boolean unpaced = config.speed() == Double.POSITIVE_INFINITY;
        if (!unpaced && !(config.speed() >= Pace.SLOWEST && config.speed() <= Pace.FASTEST)) {
            problems.add(new Problem("speed", config.speed() + ": 0.001 to 1000000 is possible, or max"));
        }
        for (int i = 0; i < from.length && i < config.streams().size(); i++) {
            CompiledStream stream = config.streams().get(i);
            if (from[i] < 0 || from[i] >= stream.end()) {
                problems.add(new Problem(
                        "streams." + stream.name(),
                        "it cannot start at " + from[i] + ": its sequences are in [0, " + stream.end() + ")"));
            }
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
    public List<EventStream> streams() {
        return List.copyOf(config.streams());
    }

    @Override
    public List<String> sinks() {
        return config.sinks().stream().map(SinkConfig::name).toList();
    }

    public RunConfig config() {
        return config;
    }

    /** The first sequence of a stream in this run. */
    public long from(int stream) {
        return from[stream];
    }

    /** The sequence at which a stream ends in this run. */
    public long limit(int stream) {
        return limits[stream];
    }

    /** The scheduled time of the run's first event. */
    Instant startTime() {
        return start;
    }

    @Override
    public Run start() {
        Pace pace = new Pace(start, config.speed());
        int tag = tag();
        List<CompiledStream> tagged =
                config.streams().stream().map(stream -> stream.withTag(tag)).toList();
        return ActiveRun.start(
                this, new Attempt(tag, attempt, config, tagged, pace, new RunClock(tuning.ticker()), tuning));
    }

    /** The given tag, that of the attempt before, or a fresh one; 0 is the tag of events that were never sent. */
    private int tag() {
        if (earlier != null) {
            return earlier.tag();
        }
        if (config.tag() != null) {
            return config.tag();
        }
        SecureRandom random = new SecureRandom();
        int tag = 0;
        while (tag == 0) {
            tag = random.nextInt();
        }
        return tag;
    }

    /** Per lane of a sink what it is to send. */
    List<List<Portion>> portions(SinkConfig sink) {
        List<Portion.Span> spans = new ArrayList<>();
        for (int i = 0; i < from.length; i++) {
            spans.add(new Portion.Span(config.streams().get(i), from[i], limits[i], delivered(sink, i)));
        }
        return Portion.deal(spans, sink.lanes());
    }

    private List<Ranges> delivered(SinkConfig sink, int stream) {
        if (earlier == null) {
            return Collections.nCopies(config.streams().get(stream).shards(), new Ranges());
        }
        return earlier.sink(sink.name()).streams().get(stream).shards().stream()
                .map(Ledger.ShardLedger::acknowledged)
                .toList();
    }

    @Override
    public List<String> readableSinks() {
        return config.sinks().stream()
                .filter(sink -> sink.connector().readable())
                .map(SinkConfig::name)
                .toList();
    }

    @Override
    public Verdict verify(String sink, Ledger ledger, UnaryOperator<SinkReader> between) {
        return new ReadBack(config, ledger).judge(sink, between);
    }

    @Override
    public String describe() {
        return new PlanWords(this).toString();
    }
}
