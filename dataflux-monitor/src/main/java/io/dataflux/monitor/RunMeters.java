package io.dataflux.monitor;

import io.dataflux.Latencies;
import io.dataflux.Run.Progress;
import io.dataflux.RunMonitor;
import io.dataflux.RunReport;
import io.dataflux.RunSnapshot;
import io.dataflux.RunSnapshot.Flow;
import io.dataflux.RunSnapshot.SinkSnapshot;
import io.dataflux.WatchedRun;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The meters of one run: measured when a registry asks, and not again while that is fresh, so that all figures of an answer are of one moment.
 * Thread-safe.
 */
final class RunMeters implements RunMonitor.Watch {

    private static final long FRESH_NANOS = 250_000_000;
    private static final long RATE_NANOS = 1_000_000_000;
    /** Percentiles are those of the last minute, in steps of ten seconds. */
    private static final long WINDOW_NANOS = 60_000_000_000L;

    private static final long WINDOW_STEP_NANOS = 10_000_000_000L;

    private static final Map<String, Double> PERCENTILES =
            Map.of("50", 0.5, "90", 0.9, "99", 0.99, "99.9", 0.999); // order never seen

    /** What a meter of events is told apart by. */
    private record FlowKey(String sink, String stream, String region) {}

    /** A moment of a run, ready to be asked for single figures. */
    record State(
            long nanos,
            RunSnapshot snapshot,
            Map<String, SinkSnapshot> sinks,
            Map<FlowKey, Flow> flows,
            Map<String, Double> achieved,
            Map<String, Latencies> lately) {

        double ofSink(String name, ToDoubleFunction<SinkSnapshot> figure) {
            SinkSnapshot sink = sinks.get(name);
            return sink == null ? 0 : figure.applyAsDouble(sink);
        }

        double ofFlow(FlowKey key, ToDoubleFunction<Flow> figure) {
            Flow flow = flows.get(key);
            return flow == null ? 0 : figure.applyAsDouble(flow);
        }
    }

    /** The latencies of all sinks at a moment. */
    private record Mark(long nanos, Map<String, Latencies> latencies) {}

    private static Map<String, Latencies> latencies(RunSnapshot snapshot) {
        Map<String, Latencies> all = new HashMap<>();
        snapshot.sinks().forEach(sink -> all.put(sink.progress().name(), sink.latencies()));
        return all;
    }

    private static Mark second(Deque<Mark> window) {
        Iterator<Mark> marks = window.iterator();
        marks.next();
        return marks.next();
    }

    private final WatchedRun run;
    private final Tags tags;
    private final List<String> sinks;
    private final boolean byStream;
    private final boolean byRegion;
    private final Set<FlowKey> flows = new HashSet<>();
    private final Map<MeterRegistry, List<Meter>> meters = new HashMap<>();
    private final Deque<Mark> window = new ArrayDeque<>();
    private boolean ended;
    private State state;
    /** What the achieved rate is the difference to. */
    private State before;

    RunMeters(WatchedRun run) {
        this.run = run;
        Tags own = Tags.of("run", run.run().tag());
        tags = run.parts() == 1 ? own : own.and("part", run.part() + "/" + run.parts());
        RunSnapshot first = run.snapshot();
        sinks = first.sinks().stream().map(sink -> sink.progress().name()).toList();
        long streams = (long) sinks.size() * run.streams().size();
        byStream = streams <= RunMetrics.MOST_FLOWS;
        byRegion = streams * run.regions().size() <= RunMetrics.MOST_FLOWS;
        window.add(new Mark(System.nanoTime(), latencies(first)));
        state = state(first, System.nanoTime(), Map.of()); // order never seen
        before = state;
    }

    /** The newest state; measured anew if it is not fresh, or for certain. */
    synchronized State state(boolean anew) {
        long now = System.nanoTime();
        if (!ended && (anew || now - state.nanos > FRESH_NANOS)) {
            measure(now);
        }
        return state;
    }

    private void measure(long now) {
        RunSnapshot snapshot = run.snapshot();
        Map<String, Double> achieved = state.achieved;
        if (now - before.nanos >= RATE_NANOS) {
            achieved = new HashMap<>();
            for (SinkSnapshot sink : snapshot.sinks()) {
                String name = sink.progress().name();
                double events = sink.progress().acknowledged()
                        - before.ofSink(name, its -> its.progress().acknowledged());
                achieved.put(name, events * 1e9 / (now - before.nanos));
            }
        }
        if (now - window.getLast().nanos >= WINDOW_STEP_NANOS) {
            window.add(new Mark(now, latencies(snapshot)));
        }
        while (window.size() > 1 && now - second(window).nanos >= WINDOW_NANOS) {
            window.remove();
        }
        State old = state;
        state = state(snapshot, now, achieved);
        if (achieved != old.achieved) {
            before = state;
        }
        for (FlowKey flow : state.flows.keySet()) {
            if (flows.add(flow)) {
                meters.forEach((registry, its) -> registerFlow(registry, flow, its));
            }
        }
    }

    private State state(RunSnapshot snapshot, long now, Map<String, Double> achieved) {
        Map<String, SinkSnapshot> bySink = new HashMap<>();
        Map<FlowKey, Flow> byKey = new HashMap<>();
        Map<String, Latencies> lately = new HashMap<>();
        for (SinkSnapshot sink : snapshot.sinks()) {
            String name = sink.progress().name();
            bySink.put(name, sink);
            Latencies earlier = window.getFirst().latencies.get(name);
            lately.put(
                    name, earlier == null ? sink.latencies() : sink.latencies().since(earlier));
            for (Flow flow : sink.flows()) {
                String region = flow.region().isEmpty() ? "unknown" : flow.region();
                byKey.merge(
                        new FlowKey(name, byStream ? flow.stream() : "all", byRegion ? region : "all"),
                        flow,
                        RunMeters::sum);
            }
        }
        return new State(now, snapshot, bySink, byKey, achieved, lately);
    }

    @Override
    public void ended(RunReport report) {
        synchronized (this) {
            measure(System.nanoTime());
            ended = true;
        }
    }

    synchronized void register(MeterRegistry registry) {
        List<Meter> all = new ArrayList<>();
        meters.put(registry, all);
        all.add(Gauge.builder("dataflux.running", this, its -> its.ended ? 0 : 1)
                .description("1 while the run goes on, then 0")
                .tags(tags)
                .strongReference(true)
                .register(registry));
        all.add(Gauge.builder("dataflux.speed", run, RunMeters::speed)
                .description("how many times as fast as scheduled the run is; 0 while it is paused")
                .tags(tags)
                .strongReference(true)
                .register(registry));
        for (String sink : sinks) {
            registerSink(registry, sink, all);
        }
        flows.forEach(flow -> registerFlow(registry, flow, all));
    }

    private static double speed(WatchedRun run) {
        Progress progress = run.run().progress();
        return progress.paused() ? 0 : progress.speed();
    }

    private void registerSink(MeterRegistry registry, String sink, List<Meter> all) {
        Tags its = tags.and("sink", sink);
        counter(registry, "batches", "Batches handed to the sink", its, all, sink, each -> each.batches());
        counter(registry, "retries", "How often the sink sent something again", its, all, sink, each -> each.retries());
        gauge(registry, "in.flight", "Events without an outcome yet", its, all, sink, SinkSnapshot::inFlight);
        gauge(
                registry,
                "events.planned",
                "Events of the sink up to the limit of the run; 0 without a limit",
                its,
                all,
                sink,
                each -> each.progress().planned());
        gauge(
                registry,
                "rate.offered",
                "Events due per second; 0 for as fast as possible",
                its,
                all,
                sink,
                each -> each.progress().done() ? 0 : each.wantedPerSecond());
        all.add(Gauge.builder(name("rate.achieved"), this, run -> run.achieved(sink))
                .description("Events acknowledged per second")
                .tags(its)
                .strongReference(true)
                .register(registry));
        seconds(
                registry,
                "lag.own",
                "How late events are sent by DataFlux's own fault",
                its,
                all,
                run -> run.state(false).ofSink(sink, each -> each.progress().ownLagNanos()));
        seconds(
                registry,
                "lag.sink",
                "How late events are sent because the sink is slow",
                its,
                all,
                run -> run.state(false).ofSink(sink, each -> each.progress().sinkLagNanos()));
        seconds(
                registry,
                "behind",
                "In a backfill, how long ago the last event sent was due",
                its,
                all,
                run -> run.state(false).ofSink(sink, each -> each.progress().behindNanos()));
        all.add(FunctionTimer.builder(
                        name("latency"),
                        this,
                        run -> (long) run.state(false)
                                .ofSink(sink, each -> each.latencies().count()),
                        run -> run.state(false)
                                .ofSink(sink, each -> each.latencies().sumNanos()),
                        TimeUnit.NANOSECONDS)
                .description("From the intended time of events to their outcomes")
                .tags(its)
                .register(registry));
        PERCENTILES.forEach((percentile, share) -> seconds(
                registry,
                "latency.percentile",
                "Latency that this percentage of the last minute's events did not exceed",
                its.and("percentile", percentile),
                all,
                run -> run.lately(sink).quantileNanos(share)));
        seconds(
                registry,
                "latency.max",
                "The longest latency of the last minute",
                its,
                all,
                run -> run.lately(sink).maxNanos());
    }

    private void registerFlow(MeterRegistry registry, FlowKey flow, List<Meter> all) {
        Tags its = tags.and(Tag.of("sink", flow.sink), Tag.of("stream", flow.stream), Tag.of("region", flow.region));
        flow(registry, "events.issued", "Events handed to the sink", its, all, flow, Flow::issued, null);
        String what = "Events by outcome";
        flow(registry, "events", what, its.and("outcome", "acknowledged"), all, flow, Flow::acknowledged, null);
        flow(registry, "events", what, its.and("outcome", "failed"), all, flow, Flow::failed, null);
        flow(registry, "events", what, its.and("outcome", "unknown"), all, flow, Flow::unknown, null);
        flow(registry, "acknowledged", "Bytes of acknowledged events", its, all, flow, Flow::bytes, "bytes");
    }

    private void flow(
            MeterRegistry registry,
            String name,
            String what,
            Tags its,
            List<Meter> all,
            FlowKey flow,
            ToDoubleFunction<Flow> figure,
            @Nullable String unit) {
        all.add(FunctionCounter.builder(
                        name(name), this, run -> run.state(false).ofFlow(flow, figure))
                .description(what)
                .baseUnit(unit)
                .tags(its)
                .register(registry));
    }

    private void counter(
            MeterRegistry registry,
            String name,
            String what,
            Tags its,
            List<Meter> all,
            String sink,
            ToDoubleFunction<SinkSnapshot> figure) {
        all.add(FunctionCounter.builder(
                        name(name), this, run -> run.state(false).ofSink(sink, figure))
                .description(what)
                .tags(its)
                .register(registry));
    }

    private void gauge(
            MeterRegistry registry,
            String name,
            String what,
            Tags its,
            List<Meter> all,
            String sink,
            ToDoubleFunction<SinkSnapshot> figure) {
        all.add(Gauge.builder(name(name), this, run -> run.state(false).ofSink(sink, figure))
                .description(what)
                .tags(its)
                .strongReference(true)
                .register(registry));
    }

    private void seconds(
            MeterRegistry registry,
            String name,
            String what,
            Tags its,
            List<Meter> all,
            ToDoubleFunction<RunMeters> nanos) {
        all.add(TimeGauge.builder(name(name), this, TimeUnit.NANOSECONDS, nanos)
                .description(what)
                .tags(its)
                .strongReference(true)
                .register(registry));
    }

    private double achieved(String sink) {
        State now = state(false);
        return now.ofSink(sink, each -> each.progress().done() ? 0 : now.achieved.getOrDefault(sink, 0.0));
    }

    private Latencies lately(String sink) {
        return Objects.requireNonNull(state(false).lately.get(sink), sink);
    }

    synchronized void unregister() {
        meters.forEach((registry, its) -> its.forEach(registry::remove));
        meters.clear();
    }

    private static String name(String rest) {
        return "dataflux." + rest;
    }

    private static Flow sum(Flow a, Flow b) {
        return new Flow(
                a.stream(),
                a.region(),
                a.issued() + b.issued(),
                a.acknowledged() + b.acknowledged(),
                a.failed() + b.failed(),
                a.unknown() + b.unknown(),
                a.bytes() + b.bytes());
    }
}
