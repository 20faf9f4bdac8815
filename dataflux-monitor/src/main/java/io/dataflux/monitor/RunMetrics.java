package io.dataflux.monitor;

import io.dataflux.RunMonitor;
import io.dataflux.WatchedRun;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The figures of runs as Micrometer meters, for any registry: those of an application, or {@link LivePage}'s for Prometheus.
 *
 * <pre>{@code
 * RunMetrics metrics = new RunMetrics();
 * metrics.bindTo(registry);                       // or a bean of a framework that binds MeterBinders
 * plan.monitoredBy(metrics).start();
 * }</pre>
 *
 * <p>All names begin with {@code dataflux.}; docs/monitor.md lists them. Every meter has the tag {@code run}; those of a sink {@code sink}, and
 * those that count events {@code stream} and {@code region}. A run with more than {@value #MOST_FLOWS} combinations of these leaves regions
 * together as {@code all}, and then streams. The meters of a run stay after its end, until {@value #MOST_RUNS} later runs have begun.
 *
 * <p>Thread-safe. Nothing is measured until a registry asks, and then at most once in a quarter of a second.
 */
public final class RunMetrics implements MeterBinder, RunMonitor {

    private static final int MOST_RUNS = 8;

    /** So many combinations of sink, stream and region are told apart. */
    static final int MOST_FLOWS = 1000;

    private final List<MeterRegistry> registries = new ArrayList<>();
    private final Deque<RunMeters> runs = new ArrayDeque<>();

    /** Metrics without a registry yet. */
    public RunMetrics() {}

    @Override
    public synchronized void bindTo(MeterRegistry registry) {
        registries.add(registry);
        runs.forEach(run -> run.register(registry));
    }

    @Override
    public synchronized Watch watch(WatchedRun run) {
        RunMeters watched = new RunMeters(run);
        if (runs.size() == MOST_RUNS) {
            runs.remove().unregister();
        }
        runs.add(watched);
        registries.forEach(watched::register);
        return watched;
    }

    /** Reads the figures of all runs that go on, and makes meters for streams and regions that have appeared. */
    void refresh() {
        List<RunMeters> all;
        synchronized (this) {
            all = List.copyOf(runs);
        }
        all.forEach(run -> run.state(true));
    }

    /** Forgets all runs, and removes their meters. */
    synchronized void clear() {
        runs.forEach(RunMeters::unregister);
        runs.clear();
    }
}
