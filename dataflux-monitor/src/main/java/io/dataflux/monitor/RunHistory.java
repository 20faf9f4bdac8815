package io.dataflux.monitor;

import io.dataflux.EventStream;
import io.dataflux.Latencies;
import io.dataflux.PlannedFault;
import io.dataflux.Run.SinkProgress;
import io.dataflux.RunReport;
import io.dataflux.RunSnapshot;
import io.dataflux.RunSnapshot.Sample;
import io.dataflux.RunSnapshot.SinkSnapshot;
import io.dataflux.WatchedRun;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A run second by second: rates and latencies over the last quarter of an hour, the last sample events and planned faults. Its size is bounded.
 * Used by one thread at a time.
 */
final class RunHistory {

    private static final int POINTS = 900;
    private static final int SAMPLES = 40;
    private static final int FAULTS = 40;
    /** How many events of a stream are searched for planned faults in one second; of a faster stream those are shown that fit. */
    private static final long SEARCHED = 5_000;

    private static final double SECOND = 1e9;
    /** Over a shorter time than this, in seconds, no rate is measured: the last one stays. */
    private static final double SHORTEST = 0.25;

    private static final double MILLI = 1e6;

    /** A second: events and bytes per second over all sinks, latencies of the slowest sink and lags of the latest lane in milliseconds. */
    record Point(
            double seconds,
            double wanted,
            double achieved,
            double bytes,
            double p50,
            double p99,
            double p999,
            double ownLag,
            double sinkLag) {}

    /** A sink in the last second. */
    record SinkState(
            SinkSnapshot now,
            double perSecond,
            double bytesPerSecond,
            double p50,
            double p99,
            double p999,
            Health health) {

        /** The sink a moment later, with the same rates; nothing is too slow within a moment. */
        SinkState at(SinkSnapshot later, Health then) {
            Health its = then.level == Health.Level.WARN ? health : then;
            return new SinkState(later, perSecond, bytesPerSecond, p50, p99, p999, its);
        }
    }

    /** How a sink is, for people. */
    record Health(Level level, String text) {
        enum Level {
            GOOD,
            WARN,
            BAD,
            DONE
        }
    }

    /** A planned fault whose event the run has passed. */
    record PassedFault(String stream, PlannedFault fault, Instant time) {}

    /** What is new since the second before. */
    record Step(
            Point point,
            List<SinkState> sinks,
            List<Sample> samples,
            List<PassedFault> faults,
            List<String> problems) {}

    private record SampleKey(String sink, String stream, int shard, long place) {}

    private final WatchedRun run;
    private final Deque<Point> points = new ArrayDeque<>();
    private final Deque<Sample> samples = new ArrayDeque<>();
    private final Deque<PassedFault> faults = new ArrayDeque<>();
    /** Per stream the sequence before which faults have been looked at. */
    private final long[] lookedAt;

    private RunSnapshot before;
    private Set<SampleKey> shown = new HashSet<>();
    private @Nullable Step last;
    private @Nullable RunReport report;

    RunHistory(WatchedRun run) {
        this.run = run;
        before = run.snapshot();
        lookedAt = run.streams().stream()
                .mapToLong(stream -> stream.sequenceAt(run.start()))
                .toArray();
    }

    WatchedRun run() {
        return run;
    }

    /** Notes the end. */
    void ended(RunReport ended) {
        report = ended;
    }

    /** The report of a run that has ended. */
    @Nullable
    RunReport report() {
        return report;
    }

    List<Point> points() {
        return List.copyOf(points);
    }

    List<Sample> samples() {
        return List.copyOf(samples);
    }

    List<PassedFault> faults() {
        return List.copyOf(faults);
    }

    /** The last step; the first one is made if there was none. */
    Step last() {
        return last == null ? step() : last;
    }

    /** Looks at the run now. */
    Step step() {
        RunSnapshot now = run.snapshot();
        double seconds = (now.elapsedNanos() - before.elapsedNanos()) / SECOND;
        boolean isShort = report != null && points.isEmpty();
        boolean enough = seconds >= (isShort ? SHORTEST / 10 : SHORTEST);
        List<SinkState> sinks = new ArrayList<>();
        for (int i = 0; i < now.sinks().size(); i++) {
            SinkSnapshot sink = now.sinks().get(i);
            SinkSnapshot then = before.sinks().get(i);
            sinks.add(
                    enough || last == null
                            ? sink(then, sink, enough ? seconds : Double.POSITIVE_INFINITY)
                            : last.sinks.get(i).at(sink, health(then, sink)));
        }
        Step step = new Step(
                enough || last == null ? point(now, sinks) : last.point,
                sinks,
                newSamples(now),
                report == null ? passedFaults(now) : List.of(),
                problems(now));
        if (enough) {
            add(points, step.point, POINTS);
            before = now;
        }
        step.samples.forEach(sample -> add(samples, sample, SAMPLES));
        step.faults.forEach(fault -> add(faults, fault, FAULTS));
        last = step;
        return step;
    }

    private static <T> void add(Deque<T> to, T item, int most) {
        to.add(item);
        if (to.size() > most) {
            to.remove();
        }
    }

    private SinkState sink(SinkSnapshot then, SinkSnapshot now, double seconds) {
        Latencies lately = now.latencies().since(then.latencies());
        SinkProgress progress = now.progress();
        return new SinkState(
                now,
                (progress.acknowledged() - then.progress().acknowledged()) / seconds,
                (progress.bytes() - then.progress().bytes()) / seconds,
                lately.quantileNanos(0.5) / MILLI,
                lately.quantileNanos(0.99) / MILLI,
                lately.quantileNanos(0.999) / MILLI,
                health(then, now));
    }

    private Health health(SinkSnapshot then, SinkSnapshot now) {
        SinkProgress progress = now.progress();
        long lost = progress.failed() + progress.unknown();
        if (!now.problems().isEmpty() || lost > 0) {
            boolean still = lost > then.progress().failed() + then.progress().unknown();
            return new Health(
                    Health.Level.BAD,
                    still ? "deliveries fail" : progress.done() ? "ended with problems" : "had problems");
        }
        if (progress.done()) {
            return new Health(Health.Level.DONE, "done");
        }
        if (run.run().progress().paused()) {
            return new Health(Health.Level.DONE, "paused");
        }
        if (progress.behindNanos() > 0) {
            return new Health(Health.Level.WARN, "catching up");
        }
        if (progress.sinkLagNanos() > run.lagBudgetNanos()) {
            return new Health(Health.Level.WARN, "the sink is slow");
        }
        if (progress.ownLagNanos() > run.lagBudgetNanos()) {
            return new Health(Health.Level.WARN, "DataFlux is late");
        }
        if (now.inFlight() > 0
                && progress.acknowledged() == then.progress().acknowledged()
                && now.batches() == then.batches()) {
            return new Health(Health.Level.WARN, "no answer");
        }
        return new Health(Health.Level.GOOD, progress.issued() == 0 ? "waiting for the first event" : "on time");
    }

    private static Point point(RunSnapshot now, List<SinkState> sinks) {
        double[] sums = new double[3];
        double[] worst = new double[5];
        for (SinkState sink : sinks) {
            SinkProgress progress = sink.now.progress();
            sums[0] += progress.done() ? 0 : sink.now.wantedPerSecond();
            sums[1] += sink.perSecond;
            sums[2] += sink.bytesPerSecond;
            double[] its = {
                sink.p50, sink.p99, sink.p999, progress.ownLagNanos() / MILLI, progress.sinkLagNanos() / MILLI
            };
            for (int i = 0; i < its.length; i++) {
                worst[i] = Math.max(worst[i], progress.done() && i > 2 ? 0 : its[i]);
            }
        }
        return new Point(
                now.elapsedNanos() / SECOND,
                sums[0],
                sums[1],
                sums[2],
                worst[0],
                worst[1],
                worst[2],
                worst[3],
                worst[4]);
    }

    private List<Sample> newSamples(RunSnapshot now) {
        List<Sample> fresh = new ArrayList<>();
        Set<SampleKey> all = new HashSet<>();
        for (Sample sample : now.samples()) {
            SampleKey key = new SampleKey(sample.sink(), sample.stream(), sample.shard(), sample.place());
            if (all.add(key) && !shown.contains(key)) {
                fresh.add(sample);
            }
        }
        shown = all;
        return fresh.size() <= SAMPLES ? fresh : fresh.subList(fresh.size() - SAMPLES, fresh.size());
    }

    /** The planned faults among the events that the fastest lane has passed since the last look. */
    private List<PassedFault> passedFaults(RunSnapshot now) {
        Instant reached = null;
        for (SinkSnapshot sink : now.sinks()) {
            if (sink.reached() != null && (reached == null || sink.reached().isAfter(reached))) {
                reached = sink.reached();
            }
        }
        List<PassedFault> passed = new ArrayList<>();
        for (int i = 0; i < lookedAt.length && reached != null; i++) {
            EventStream stream = run.streams().get(i);
            long to = Math.min(stream.end(), stream.sequenceAt(reached.plusNanos(1_000)));
            long from = Math.max(lookedAt[i], to - SEARCHED);
            if (from < to) {
                for (PlannedFault fault : run.faults(i, from, to)) {
                    passed.add(new PassedFault(stream.name(), fault, stream.timeOf(fault.sequence())));
                }
                lookedAt[i] = to;
            }
        }
        passed.sort((a, b) -> a.time.compareTo(b.time));
        return passed.size() <= FAULTS ? passed : passed.subList(passed.size() - FAULTS, passed.size());
    }

    private static List<String> problems(RunSnapshot now) {
        List<String> all = new ArrayList<>();
        now.sinks().forEach(sink -> all.addAll(sink.problems()));
        all.addAll(now.problems());
        return all.size() <= 50 ? all : all.subList(0, 50);
    }

    /** Events and bytes acknowledged by stream and by region, over all sinks. */
    Map<String, long[]> acknowledged(Step step, boolean byStream) {
        Map<String, long[]> sums = new HashMap<>();
        step.sinks.forEach(sink -> sink.now.flows().forEach(flow -> {
            String name = byStream ? flow.stream() : flow.region();
            long[] sum = sums.computeIfAbsent(name, any -> new long[2]);
            sum[0] += flow.acknowledged();
            sum[1] += flow.bytes();
        }));
        return sums;
    }
}
