package io.dataflux.engine;

import io.dataflux.RunReport;
import io.dataflux.RunReport.Lag;
import io.dataflux.RunReport.Step;
import io.dataflux.Validity;
import io.dataflux.encode.CompiledStream;
import io.dataflux.verify.Ledger;
import io.dataflux.verify.Ledger.SinkLedger;
import io.dataflux.verify.Ledger.StreamLedger;
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
     * @param endedBy the sink whose failure ended the run, or {@code null}
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
            SinkLedger ledger = sink.ledger(attempt);
            ledgers.add(ledger);
            steps.add(step(sink, ledger));
            sentences.addAll(sink.troubles().sentences(ledger.streams()));
            for (Lane lane : sink.lanes()) {
                own.add(lane.books().ownLag);
                waiting.add(lane.books().sinkLag);
                bytes += lane.books().bytes.get();
                elapsedNanos = Math.max(elapsedNanos, lane.books().elapsedNanos);
            }
            boolean complete = sink.lanes().stream().allMatch(Lane::complete);
            if (endedBy != null && !complete) {
                sentences.add(
                        "sink '" + sink.name() + "': ended before its limit, because sink '" + endedBy + "' failed");
            }
        }
        sentences.addAll(problems);
        return new RunReport(
                attempt.tagText(),
                validity(own, waiting),
                new Ledger(attempt.tag(), streams(), ledgers),
                steps,
                lag(own),
                lag(waiting),
                bytes,
                Duration.ofNanos(elapsedNanos),
                plan.startTime(),
                attempt.config().speed(),
                sentences);
    }

    private Validity validity(Histogram own, Histogram waiting) {
        long budget = attempt.tuning().lagBudgetNanos();
        if (own.percentile(99) > budget) {
            return Validity.INVALID;
        }
        return waiting.percentile(99) > budget ? Validity.SATURATED : Validity.VALID;
    }

    private List<Ledger.Stream> streams() {
        List<Ledger.Stream> streams = new ArrayList<>();
        for (int i = 0; i < attempt.streams().size(); i++) {
            CompiledStream stream = attempt.streams().get(i);
            streams.add(new Ledger.Stream(
                    stream.name(), stream.seed(), stream.fingerprint(), stream.shards(), plan.from(i), plan.limit(i)));
        }
        return streams;
    }

    /** The only step of a constant rate. */
    private Step step(RunningSink sink, SinkLedger ledger) {
        Histogram latency = new Histogram();
        long seen = 0;
        long elapsedNanos = 1;
        for (Lane lane : sink.lanes()) {
            latency.add(lane.books().latency);
            seen += lane.books().seen;
            elapsedNanos = Math.max(elapsedNanos, lane.books().elapsedNanos);
        }
        long acknowledged = sum(ledger, StreamLedger::acknowledged);
        long issued = sum(ledger, StreamLedger::issued);
        return new Step(
                sink.name(),
                attempt.pace().paced() ? scheduledRate() * issued / Math.max(1, seen) : null,
                acknowledged * SECOND / elapsedNanos,
                acknowledged,
                sum(ledger, StreamLedger::failed),
                sum(ledger, StreamLedger::unknown),
                lag(latency));
    }

    private static long sum(SinkLedger ledger, java.util.function.ToLongFunction<StreamLedger> part) {
        return ledger.streams().stream().mapToLong(part).sum();
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
