package io.dataflux.engine;

import io.dataflux.Run;
import io.dataflux.RunReport;
import io.dataflux.engine.RunConfig.SinkConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A run between its start and its report: opens the sinks, starts the lanes, ends them, and lets the last lane draw up the report. */
final class ActiveRun implements Run {

    private static final Logger LOG = LoggerFactory.getLogger(ActiveRun.class);

    private final Attempt attempt;
    private final RunPlan plan;
    private final List<RunningSink> sinks = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final Milestones milestones = new Milestones(this::actionFailed);
    private final AtomicInteger lanesLeft = new AtomicInteger();
    private final CompletableFuture<RunReport> report = new CompletableFuture<>();
    private volatile @Nullable String endedBy;
    private volatile boolean stopRequested;

    private ActiveRun(RunPlan plan, Attempt attempt) {
        this.plan = plan;
        this.attempt = attempt;
    }

    /** Opens all sinks, then starts all lanes. @throws DeliveryException if a sink cannot be opened; those that were are closed */
    static ActiveRun start(RunPlan plan, Attempt attempt) {
        ActiveRun run = new ActiveRun(plan, attempt);
        try {
            for (SinkConfig config : attempt.config().sinks()) {
                RunningSink sink = new RunningSink(config, () -> run.endBecauseOf(config.name()));
                run.sinks.add(sink);
                sink.open(attempt);
            }
            for (RunningSink sink : run.sinks) {
                sink.makeLanes(run, plan.portions(sink.config()));
                run.lanesLeft.addAndGet(sink.lanes().size());
            }
        } catch (RuntimeException | Error e) {
            run.sinks.forEach(sink -> sink.closeAgain(e));
            throw e;
        }
        attempt.clock().begin();
        run.sinks.forEach(sink -> sink.lanes().forEach(Lane::start));
        return run;
    }

    Attempt attempt() {
        return attempt;
    }

    /** A lane has folded outcomes. */
    void progressed() {
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
            for (Lane lane : sink.lanes()) {
                sum += lane.books().acknowledged.get();
            }
        }
        return sum;
    }

    /** A lane has ended; the last one draws up the report. */
    void ended() {
        if (lanesLeft.decrementAndGet() == 0) {
            try {
                report.complete(drawUpReport());
            } catch (Throwable e) {
                report.completeExceptionally(e);
            }
        }
    }

    private RunReport drawUpReport() {
        RunReport drawn = Accounts.draw(plan, attempt, sinks, endedBy, problems());
        Path folder = attempt.config().output().resolve(tag());
        try {
            ReportFile.write(drawn, folder);
            return drawn;
        } catch (IOException e) {
            problem("the report could not be written to " + folder + ": " + e);
            return Accounts.draw(plan, attempt, sinks, endedBy, problems());
        }
    }

    private void endBecauseOf(String sink) {
        endedBy = sink;
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
    public Progress progress() {
        return new Progress(
                attempt.clock().now(), sinks.stream().map(RunningSink::progress).toList());
    }

    @Override
    public RunReport await() throws InterruptedException {
        try {
            return report.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the report could not be drawn up", e.getCause());
        }
    }

    @Override
    public RunReport stop() throws InterruptedException {
        sinks.forEach(RunningSink::end);
        return await();
    }

    @Override
    public void requestStop() {
        boolean again = stopRequested;
        stopRequested = true;
        sinks.forEach(RunningSink::end);
        if (again) {
            interrupt();
        }
    }

    private void interrupt() {
        sinks.forEach(sink -> sink.lanes().forEach(Lane::interrupt));
    }

    @Override
    public void close() {
        boolean interrupted = false;
        sinks.forEach(RunningSink::end);
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
