package io.dataflux.engine;

import io.dataflux.RunReport;
import io.dataflux.RunReport.Backfill;
import io.dataflux.RunReport.Lag;
import io.dataflux.RunReport.Step;
import io.dataflux.Validity;
import io.dataflux.ledger.Ledger;
import io.dataflux.ledger.Ledger.SinkLedger;
import io.dataflux.ledger.Ledger.Touch;
import io.dataflux.plan.Steps;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Draws up the report of a run after all its lanes have ended. */
final class ReportMaker {

    private final Attempt attempt;
    private final Instant origin;
    private final Steps steps;
    private final List<RunningSink> sinks;
    private final List<Touch> touches;

    private final List<Ledger.Drill> drills;

    private ReportMaker(
            Attempt attempt, Instant origin, List<RunningSink> sinks, List<Touch> touches, List<Ledger.Drill> drills) {
        this.attempt = attempt;
        this.origin = origin;
        steps = attempt.steps();
        this.sinks = sinks;
        this.touches = touches;
        this.drills = drills;
    }

    /**
     * @param origin the scheduled time at which the attempt began
     * @param touches how somebody changed the course of the run
     * @param drills what the run did to the system around it
     * @param endedBy what failed and ended the run, or {@code null}
     * @param problems of the run as a whole
     * @param resumable whether the last checkpoint is on disk
     */
    static RunReport draw(
            Attempt attempt,
            Instant origin,
            List<RunningSink> sinks,
            List<Touch> touches,
            List<Ledger.Drill> drills,
            @Nullable String endedBy,
            List<String> problems,
            boolean resumable) {
        return new ReportMaker(attempt, origin, sinks, touches, drills).report(endedBy, problems, resumable);
    }

    private RunReport report(@Nullable String endedBy, List<String> problems, boolean resumable) {
        Histogram own = new Histogram();
        Histogram waiting = new Histogram();
        long bytes = 0;
        long elapsedNanos = 0;
        long unsent = 0;
        List<SinkLedger> ledgers = new ArrayList<>();
        List<Step> rows = new ArrayList<>();
        List<String> sentences = new ArrayList<>();
        for (RunningSink sink : sinks) {
            SinkLedger ledger = sink.ledger();
            ledgers.add(ledger);
            unsent += sink.unsent(ledger);
            if (!sink.lanes().isEmpty()) {
                steps(sink, rows);
            }
            sentences.addAll(sink.failures().sentences(ledger.streams(), sink.past()));
            for (Lane lane : sink.lanes()) {
                own.add(lane.books().ownLag);
                waiting.add(lane.books().sinkLag);
                bytes += lane.books().bytes.get();
                elapsedNanos = Math.max(elapsedNanos, lane.books().elapsedNanos);
            }
            boolean complete = sink.lanes().stream().allMatch(Lane::complete);
            if (endedBy != null && !complete) {
                sentences.add("sink '" + sink.name() + "': ended before its limit, because " + endedBy + " failed");
            }
        }
        sentences.addAll(problems);
        return new RunReport(
                attempt.tagText(),
                validity(own, waiting),
                new Ledger(
                        attempt.tag(),
                        attempt.config().part().number(),
                        attempt.config().part().of(),
                        attempt.extent().ledgerStreams(),
                        attempt.epochs().later(),
                        ledgers,
                        drills,
                        touches),
                rows,
                lag(own),
                lag(waiting),
                bytes,
                Duration.ofNanos(elapsedNanos),
                attempt.extent().start(),
                attempt.config().speed(),
                backfill(),
                FaultTally.of(attempt, ledgers),
                sentences,
                attempt.number(),
                resumable,
                unsent);
    }

    private Validity validity(Histogram own, Histogram waiting) {
        long budget = attempt.tuning().lagBudgetNanos();
        if (own.percentile(99) > budget) {
            return Validity.INVALID;
        }
        return waiting.percentile(99) > budget ? Validity.SATURATED : Validity.VALID;
    }

    /** How the lanes caught up with the present; {@code null} if they did not have to. */
    private @Nullable Backfill backfill() {
        List<Lane> lanes = sinks.stream().flatMap(sink -> sink.lanes().stream()).toList();
        if (!attempt.config().backfill() || lanes.isEmpty()) {
            return null;
        }
        long events = 0;
        long behind = 0;
        long liveAt = 0;
        long elapsed = 0;
        for (Lane lane : lanes) {
            CatchUp its = lane.catchUp();
            events += its.events();
            behind = Math.max(behind, its.behind());
            elapsed = Math.max(elapsed, lane.books().elapsedNanos);
            liveAt = Math.max(liveAt, its.liveAt().orElse(0));
        }
        Instant live = behind > 0 ? null : attempt.pace().origin().plusNanos(liveAt);
        return new Backfill(events, live, Duration.ofNanos(live == null ? elapsed : liveAt), Duration.ofNanos(behind));
    }

    /** Adds a row for each step that the lanes of a sink have reached. */
    private void steps(RunningSink sink, List<Step> rows) {
        StepRates rates = new StepRates(attempt, origin, steps, sink);
        for (int step = 0; step < steps.count(); step++) {
            if (rates.isReached(step)) {
                StepBook all = rates.book(step);
                rows.add(new Step(
                        sink.name(),
                        steps.from(step),
                        steps.to(step),
                        attempt.pace().paced() ? rates.offeredPerSecond(step) : null,
                        rates.achievedPerSecond(step),
                        all.acknowledged,
                        all.failed,
                        all.unknown,
                        lag(all.lateness),
                        lag(all.latency)));
            }
        }
    }

    private static Lag lag(Histogram histogram) {
        return new Lag(histogram.percentile(50), histogram.percentile(99), histogram.max());
    }
}
