package io.dataflux.engine;

import io.dataflux.ConfigurationException;
import io.dataflux.ConfigurationException.Problem;
import io.dataflux.Plan;
import io.dataflux.Run;
import io.dataflux.RunReport;
import io.dataflux.ledger.Ledger;
import io.dataflux.ledger.Ledger.Touch;
import io.dataflux.model.FaultKind;
import io.dataflux.plan.RunConfig.SinkConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A run between its start and its report: opens the sinks, starts the lanes, ends them, and draws up the report. */
final class ActiveRun implements Run, Lane.Listener {

    private static final Logger LOG = LoggerFactory.getLogger(ActiveRun.class);

    /** The scheduled time before which nothing is left to send. */
    private final Instant origin;

    private Attempt attempt;
    private final Checkpoints checkpoints;
    private final RunLock lock;
    private final List<RunningSink> sinks = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final Milestones milestones = new Milestones(this::actionFailed);
    private final AtomicInteger lanesLeft = new AtomicInteger();
    private final CompletableFuture<RunReport> report = new CompletableFuture<>();
    private final Touches touches;
    private final Drills drills;
    /** Held while the streams are changed. */
    private final Object changing = new Object();

    private final boolean complete;
    private List<String> words = List.of();
    private volatile @Nullable Monitoring monitoring;
    private List<String> monitors = List.of();
    private volatile @Nullable String endedBy;

    private ActiveRun(Attempt unpaced, @Nullable Checkpoint earlier, RunLock lock) {
        this.lock = lock;
        for (SinkConfig config : unpaced.config().sinks()) {
            sinks.add(new RunningSink(
                    unpaced.config(),
                    unpaced.epochs().history(),
                    config,
                    () -> endBecauseOf("sink '" + config.name() + "'")));
        }
        if (earlier != null) {
            for (int i = 0; i < sinks.size(); i++) {
                sinks.get(i)
                        .takeOver(
                                earlier.ledger().sinks().get(i), earlier.sinks().get(i));
            }
        }
        touches = new Touches(earlier == null ? List.of() : earlier.ledger().touches());
        Instant start = unpaced.extent().start();
        origin = earlier == null ? start : earlier.reached().orElse(start);
        attempt = unpaced.from(origin);
        Path file = attempt.folder().resolve(Checkpoint.file(attempt.config().part()));
        drills = new Drills(
                attempt,
                earlier == null ? List.of() : earlier.ledger().drills(),
                this::reached,
                this::problem,
                this::askForCheckpoint);
        checkpoints = new Checkpoints(
                attempt, file, sinks, touches, drills, () -> endBecauseOf("the checkpoint"), this::conclude);
        complete = earlier != null && sinks.stream().allMatch(RunningSink::complete);
    }

    /**
     * Opens all sinks, then starts all lanes; or, if earlier attempts left nothing to do, draws up the report at once.
     *
     * @param earlier what the last attempt left; {@code null} for the first one
     * @param lock released when the run has ended
     * @throws DeliveryException if a sink cannot be opened; those that were are closed
     * @throws ConfigurationException if the target of a sink is not what it was when the run began
     */
    static ActiveRun start(Attempt attempt, @Nullable Checkpoint earlier, RunLock lock) {
        ActiveRun run = new ActiveRun(attempt, earlier, lock);
        if (earlier != null && run.complete) {
            run.concludeComplete(earlier);
        } else {
            run.open();
            run.begin();
        }
        return run;
    }

    /** Writes the report of the attempt that completed the run, if that was killed before it could. */
    private void concludeComplete(Checkpoint earlier) {
        attempt = attempt.numbered(earlier.attempt());
        words = List.of("run " + tag() + " is complete: every event is acknowledged, nothing was sent again");
        try {
            if (ReportFile.isThere(attempt)) {
                report.complete(
                        ReportMaker.draw(attempt, origin, sinks, touches.all(), drills.all(), null, List.of(), true));
            } else {
                words = List.of(
                        words.get(0),
                        "its report was missing and is written now; how late and how fast its last attempt was is not"
                                + " known");
                report.complete(drawUpReport(true));
            }
        } finally {
            lock.close();
        }
    }

    /** Refuses to go on at a target that is not what it was: nothing has been changed there yet. */
    private void checkTargets() {
        List<Problem> changes = new ArrayList<>();
        sinks.forEach(sink -> changes.addAll(sink.changes(attempt)));
        if (!changes.isEmpty()) {
            changes.add(new Problem(
                    "",
                    "run " + tag() + " can only be resumed at the target that it began with; undo the change, or use"
                            + " another tag for a new run"));
            throw new ConfigurationException(attempt.config().source(), changes);
        }
    }

    private void open() {
        if (attempt.number() > 0) {
            checkTargets();
        }
        sinks.forEach(sink -> sink.prepare(attempt));
        words = attempt.number() == 0 ? List.of() : Resumption.words(attempt, sinks);
        checkpoints.begin(origin);
        try {
            lock.mark();
            sinks.forEach(sink -> sink.open(attempt));
            if (attempt.config().backfill()) {
                attempt = attempt.from(present());
            }
            for (RunningSink sink : sinks) {
                sink.makeLanes(attempt, this);
                lanesLeft.addAndGet(sink.lanes().size());
            }
            ReportFile.supersede(attempt);
            watch();
        } catch (RuntimeException | Error e) {
            sinks.forEach(sink -> sink.closeAgain(e));
            if (attempt.number() == 0) {
                checkpoints.forget(e);
                lock.forget(e);
            }
            throw e;
        }
    }

    private void watch() {
        Monitoring begun = new Monitoring(this, attempt, sinks, this::problems);
        begun.begin();
        monitors = begun.words();
        monitoring = begun;
    }

    /** When the lanes begin: what is scheduled then is due then. */
    private Instant present() {
        Instant startAt = startAt();
        return startAt == null ? attempt.clock().wall() : startAt;
    }

    private @Nullable Instant startAt() {
        return attempt.number() == 0 ? attempt.config().startAt() : null;
    }

    private void begin() {
        attempt.clock().begin(attempt.config().backfill() ? attempt.pace().origin() : startAt());
        Monitoring watching = monitoring;
        if (watching != null) {
            watching.timeBegins();
        }
        checkpoints.start();
        drills.begin(milestones);
        sinks.forEach(sink -> sink.lanes().forEach(Lane::start));
    }

    /** The latest scheduled time of an event that a lane has made ready. */
    private Instant reached() {
        long micros = sinks.stream()
                .flatMap(sink -> sink.snapshots().stream())
                .mapToLong(LaneSnapshot::reached)
                .max()
                .orElse(Checkpoint.micros(origin));
        return Checkpoint.instant(micros);
    }

    @Override
    public void progressed() {
        if (milestones.next() != Long.MAX_VALUE) {
            long acknowledged = acknowledged();
            if (milestones.next() <= acknowledged) {
                milestones.reached(acknowledged);
            }
        }
    }

    private long acknowledged() {
        long sum = 0;
        for (RunningSink sink : sinks) {
            sum += sink.acknowledged();
        }
        return sum;
    }

    /** With its last lane the run has ended. */
    @Override
    public void ended() {
        if (lanesLeft.decrementAndGet() == 0) {
            drills.end(sinks.stream().flatMap(sink -> sink.lanes().stream()).allMatch(Lane::complete));
            checkpoints.end();
        }
    }

    private void askForCheckpoint() {
        checkpoints.ask();
    }

    /** Draws up the report, when all lanes have ended and the last checkpoint is written, or cannot be. */
    private void conclude(List<String> more) {
        attempt.clock().end();
        more.forEach(this::problem);
        try {
            RunReport drawn = drawUpReport(more.isEmpty());
            lock.close();
            Monitoring watching = monitoring;
            if (watching != null) {
                watching.end(drawn);
            }
            report.complete(drawn);
        } catch (Throwable e) {
            lock.close();
            Monitoring watching = monitoring;
            if (watching != null) {
                watching.close();
            }
            report.completeExceptionally(e);
        }
    }

    private RunReport drawUpReport(boolean resumable) {
        RunReport drawn =
                ReportMaker.draw(attempt, origin, sinks, touches.all(), drills.all(), endedBy, problems(), resumable);
        Path folder = attempt.folder();
        try {
            ReportFile.write(drawn, folder);
            return drawn;
        } catch (IOException e) {
            problem("the report could not be written to " + folder + ": " + e);
            return ReportMaker.draw(
                    attempt, origin, sinks, touches.all(), drills.all(), endedBy, problems(), resumable);
        }
    }

    /**
     * Ends all lanes.
     *
     * @param what failed, such as {@literal sink 'a'}
     */
    private void endBecauseOf(String what) {
        endedBy = what;
        sinks.forEach(RunningSink::end);
    }

    private void actionFailed(String what, Throwable cause) {
        LOG.warn("{}", what, cause);
        problem(what + ": " + cause);
    }

    private void problem(String sentence) {
        synchronized (problems) {
            problems.add(sentence);
        }
    }

    private List<String> problems() {
        synchronized (problems) {
            return List.copyOf(problems);
        }
    }

    @Override
    public String tag() {
        return attempt.tagText();
    }

    @Override
    public Run after(long acknowledged, Runnable action) {
        milestones.add(acknowledged, action);
        progressed();
        return this;
    }

    @Override
    public Path report() {
        return ReportFile.of(attempt);
    }

    @Override
    public List<String> resumption() {
        return words;
    }

    @Override
    public List<String> monitors() {
        return monitors;
    }

    @Override
    public Progress progress() {
        return new Progress(
                attempt.clock().now(),
                attempt.wantedPerSecond(attempt.clock().position()),
                attempt.speed(),
                attempt.clock().tempo().paused(),
                attempt.scheduledEnd(),
                sinks.stream().map(RunningSink::progress).toList());
    }

    @Override
    public boolean pause() {
        return !report.isDone() && touched(touches.pause(attempt));
    }

    @Override
    public boolean resume() {
        return !report.isDone() && touched(touches.resume(attempt));
    }

    @Override
    public boolean speed(double speed) {
        return !report.isDone() && touched(touches.speed(attempt, speed));
    }

    @Override
    public List<Long> reload(Plan changed) {
        if (!(changed instanceof RunPlan plan)) {
            throw new IllegalArgumentException("the plan was not made by DataFlux");
        }
        synchronized (changing) {
            return report.isDone()
                    ? List.of()
                    : changed(streamChanges()
                            .reload(plan.asOf(attempt.epochs().definitions().start())));
        }
    }

    @Override
    public List<Long> faults(String stream, FaultKind kind, boolean on) {
        synchronized (changing) {
            return report.isDone() ? List.of() : changed(streamChanges().switched(stream, kind, on));
        }
    }

    private StreamChanges streamChanges() {
        return new StreamChanges(attempt, sinks);
    }

    @Override
    public List<FaultSwitch> switches() {
        return streamChanges().switches();
    }

    @Override
    public List<String> changes() {
        return new Ledger(
                        attempt.tag(),
                        1,
                        1,
                        attempt.extent().ledgerStreams(),
                        attempt.epochs().later(),
                        List.of(),
                        List.of(),
                        List.of())
                .changes();
    }

    private List<Long> changed(Ledger.@Nullable Epoch epoch) {
        if (epoch == null) {
            return List.of();
        }
        touches.changed(attempt);
        touched(true);
        return epoch.streams().stream().map(Ledger.Definition::from).toList();
    }

    @Override
    public List<Touch> touches() {
        return touches.all();
    }

    /** Has the lanes look at what is due anew, and the checkpoint written, which knows of the touch. */
    private boolean touched(boolean done) {
        if (done) {
            checkpoints.ask();
            sinks.forEach(sink -> sink.lanes().forEach(Lane::wake));
        }
        return done;
    }

    @Override
    public RunReport await() throws InterruptedException {
        try {
            return report.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the report could not be made", e.getCause());
        }
    }

    @Override
    public RunReport stop() throws InterruptedException {
        end();
        return await();
    }

    @Override
    public void requestStop() {
        boolean first = !report.isDone() && touched(touches.stop(attempt));
        end();
        if (!first) {
            interrupt();
        }
    }

    private void end() {
        sinks.forEach(RunningSink::end);
        Monitoring watching = monitoring;
        if (watching != null) {
            watching.stopRequested();
        }
    }

    private void interrupt() {
        sinks.forEach(sink -> sink.lanes().forEach(Lane::interrupt));
    }

    @Override
    public void close() {
        boolean interrupted = false;
        end();
        while (true) {
            try {
                await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
                interrupt();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
