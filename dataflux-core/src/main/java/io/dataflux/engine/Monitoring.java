package io.dataflux.engine;

import io.dataflux.DeliveryException;
import io.dataflux.EventStream;
import io.dataflux.PlannedFault;
import io.dataflux.Run;
import io.dataflux.RunMonitor;
import io.dataflux.RunReport;
import io.dataflux.RunSnapshot;
import io.dataflux.RunSnapshot.Sample;
import io.dataflux.RunSnapshot.SinkSnapshot;
import io.dataflux.WatchedRun;
import io.dataflux.plan.Extent;
import io.dataflux.plan.History;
import io.dataflux.plan.RunConfig.SinkConfig;
import io.dataflux.spi.RegionRouter.Region;
import io.dataflux.spi.TargetView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The monitors of a run, and the run as they see it. Without monitors it does nothing. Thread-safe. */
final class Monitoring implements WatchedRun {

    private static final Logger LOG = LoggerFactory.getLogger(Monitoring.class);

    private final Run run;
    private final Attempt attempt;
    private final List<RunningSink> sinks;
    private final Supplier<List<String>> problems;
    private final List<RunMonitor.Watch> watches = new CopyOnWriteArrayList<>();

    /** Whether the clock shows the time of the run. */
    private volatile boolean begun;

    /**
     * @param sinks whose lanes are made
     * @param problems of the run as a whole, so far
     */
    Monitoring(Run run, Attempt attempt, List<RunningSink> sinks, Supplier<List<String>> problems) {
        this.run = run;
        this.attempt = attempt;
        this.sinks = List.copyOf(sinks);
        this.problems = problems;
    }

    /** The run's time has begun. */
    void timeBegins() {
        begun = true;
    }

    /** Tells all monitors of the run. @throws DeliveryException if one of them cannot watch it; the others have stopped watching */
    void begin() {
        for (RunMonitor monitor : attempt.config().monitors()) {
            try {
                watches.add(monitor.watch(this));
            } catch (Exception e) {
                if (e instanceof InterruptedException) {
                    Thread.currentThread().interrupt();
                }
                close();
                String why = e.getMessage() == null ? e.toString() : e.getMessage();
                throw new DeliveryException("monitor: " + why, e);
            }
        }
    }

    List<String> words() {
        return watches.stream().flatMap(watch -> watch.words().stream()).toList();
    }

    /** Tells all monitors that the run was asked to stop. */
    void stopRequested() {
        watches.forEach(RunMonitor.Watch::stopRequested);
    }

    /** Tells all monitors that the run has ended, and ends the watching. */
    void end(RunReport report) {
        for (RunMonitor.Watch watch : watches) {
            try {
                watch.ended(report);
            } catch (Exception e) {
                LOG.warn("a monitor failed after the end of the run", e);
            }
        }
        close();
    }

    /** Ends the watching. */
    void close() {
        for (RunMonitor.Watch watch : watches) {
            try {
                watch.close();
            } catch (RuntimeException e) {
                LOG.warn("a monitor could not be closed", e);
            }
        }
        watches.clear();
    }

    @Override
    public Run run() {
        return run;
    }

    @Override
    public int attempt() {
        return attempt.number();
    }

    @Override
    public int part() {
        return attempt.config().part().number();
    }

    @Override
    public int parts() {
        return attempt.config().part().of();
    }

    @Override
    public String source() {
        return attempt.config().source();
    }

    @Override
    public List<EventStream> streams() {
        return List.copyOf(attempt.streams());
    }

    @Override
    public EventStream stream(int index, long sequence) {
        History history = attempt.epochs().history();
        return history.epochs().get(history.epochOf(index, sequence)).streams().get(index);
    }

    @Override
    public List<PlannedFault> faults(int index, long from, long to) {
        List<PlannedFault> faults = new ArrayList<>();
        for (Extent epoch : attempt.epochs().history().epochs()) {
            long first = Math.max(from, epoch.from(index));
            long end = Math.min(to, epoch.limit(index));
            if (first < end) {
                faults.addAll(epoch.streams().get(index).faults(first, end));
            }
        }
        return faults;
    }

    @Override
    public String source(String stream, long sequence) {
        return attempt.source(stream, sequence);
    }

    @Override
    public List<String> regions() {
        return attempt.config().regions().stream().map(Region::name).toList();
    }

    @Override
    public Instant start() {
        return attempt.extent().start();
    }

    @Override
    public double speed() {
        return attempt.config().speed();
    }

    @Override
    public long lagBudgetNanos() {
        return attempt.tuning().lagBudgetNanos();
    }

    @Override
    public String summary() {
        return PlanWords.summary(attempt.config(), attempt.extent());
    }

    @Override
    public String plan() {
        return new PlanWords(attempt.config(), attempt.extent(), attempt.clock().wall()).toString();
    }

    @Override
    public Map<String, TargetView> targets() {
        Map<String, TargetView> views = new LinkedHashMap<>();
        for (SinkConfig sink : attempt.config().sinks()) {
            sink.connector().view(attempt.context(sink, 0)).ifPresent(view -> views.put(sink.name(), view));
        }
        return views;
    }

    @Override
    public RunSnapshot snapshot() {
        long now = begun ? attempt.clock().now() : 0;
        double wanted = attempt.wantedPerSecond(begun ? attempt.clock().position() : 0);
        List<Sample> samples = new ArrayList<>();
        List<SinkSnapshot> each = new ArrayList<>();
        for (RunningSink sink : sinks) {
            each.add(sink.snapshot(wanted / parts(), samples));
        }
        samples.sort(Comparator.comparingLong(Sample::atNanos));
        return new RunSnapshot(now, wanted, each, samples, problems.get());
    }
}
