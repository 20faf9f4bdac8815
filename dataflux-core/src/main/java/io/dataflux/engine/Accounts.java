package io.dataflux.engine;

import io.dataflux.RunReport;
import io.dataflux.RunReport.Lag;
import io.dataflux.RunReport.Step;
import io.dataflux.Validity;
import io.dataflux.encode.CompiledStream;
import io.dataflux.verify.Ledger;
import io.dataflux.verify.Ledger.SinkLedger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Draws up the report of a run whose lanes have all ended. */
final class Accounts {

    private static final double SECOND = 1e9;

    private final RunPlan plan;
    private final Attempt attempt;
    private final List<RunningSink> sinks;

    private Accounts(RunPlan plan, Attempt attempt, List<RunningSink> sinks) {
        this.plan = plan;
        this.attempt = attempt;
        this.sinks = sinks;
    }

    /**
     * @param endedBy what failed and ended the run, or {@code null}
     * @param problems of the run as a whole
     */
    static RunReport draw(
            RunPlan plan, Attempt attempt, List<RunningSink> sinks, @Nullable String endedBy, List<String> problems) {
        return new Accounts(plan, attempt, sinks).report(endedBy, problems);
    }

    private RunReport report(@Nullable String endedBy, List<String> problems) {
        Histogram own = new Histogram();
        Histogram waiting = new Histogram();
        long bytes = 0;
        long elapsedNanos = 0;
        List<SinkLedger> ledgers = new ArrayList<>();
        List<Step> steps = new ArrayList<>();
        List<String> sentences = new ArrayList<>();
        for (RunningSink sink : sinks) {
            SinkLedger ledger = sink.ledger();
            ledgers.add(ledger);
            if (!sink.lanes().isEmpty()) {
                steps.add(step(sink));
            }
            sentences.addAll(sink.troubles().sentences(ledger.streams()));
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
                        plan.ledgerStreams(),
                        ledgers),
                steps,
                lag(own),
                lag(waiting),
                bytes,
                Duration.ofNanos(elapsedNanos),
                plan.startTime(),
                attempt.config().speed(),
                CatchUp.summary(attempt, sinks),
                FaultTally.of(plan, ledgers),
                sentences);
    }

    private Validity validity(Histogram own, Histogram waiting) {
        long budget = attempt.tuning().lagBudgetNanos();
        if (own.percentile(99) > budget) {
            return Validity.INVALID;
        }
        return waiting.percentile(99) > budget ? Validity.SATURATED : Validity.VALID;
    }

    /** The only step of a constant rate. */
    private Step step(RunningSink sink) {
        Histogram latency = new Histogram();
        long seen = 0;
        long elapsedNanos = 1;
        for (Lane lane : sink.lanes()) {
            latency.add(lane.books().latency);
            seen += lane.books().seen;
            elapsedNanos = Math.max(elapsedNanos, lane.books().elapsedNanos);
        }
        long acknowledged = sum(sink, books -> books.acknowledged.get());
        long failed = sum(sink, books -> books.failed.get());
        long unknown = sum(sink, books -> books.unknown.get());
        return new Step(
                sink.name(),
                attempt.pace().paced() ? scheduledRate() * (acknowledged + failed + unknown) / Math.max(1, seen) : null,
                acknowledged * SECOND / elapsedNanos,
                acknowledged,
                failed,
                unknown,
                lag(latency));
    }

    private static long sum(RunningSink sink, java.util.function.ToLongFunction<Books> part) {
        return sink.lanes().stream()
                .mapToLong(lane -> part.applyAsLong(lane.books()))
                .sum();
    }

    /** Events per second of all streams at the run's speed. */
    private double scheduledRate() {
        double sum = 0;
        for (CompiledStream stream : attempt.streams()) {
            sum += stream.timeline().meanPerSecond();
        }
        return sum * attempt.config().speed();
    }

    private static Lag lag(Histogram histogram) {
        return new Lag(histogram.percentile(50), histogram.percentile(99), histogram.max());
    }
}
