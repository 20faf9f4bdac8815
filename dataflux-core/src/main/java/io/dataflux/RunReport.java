package io.dataflux;

import io.dataflux.ledger.Ledger;
import io.dataflux.model.FaultKind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The result of a run that has ended. The numbers add up: issued = acknowledged + failed + unknown, per sink and stream. The report of a
 * resumed run counts the events of all its attempts; steps, lags, bytes and elapsed time are those of the last one.
 *
 * @param validity whether the figures can be trusted: INVALID when DataFlux itself was late beyond its budget, SATURATED when a sink was
 * @param ledger which events went where; a later verification starts from it
 * @param steps one row per step of the rate profile (one for a constant rate) and sink
 * @param bytes bytes handed to sinks and acknowledged
 * @param start the scheduled time of the first event
 * @param speed the run's speed; infinite for as fast as possible
 * @param backfill how the run caught up, if it was a backfill; {@code null} otherwise
 * @param faults the planned faults among what each sink acknowledged, for each stream with faults
 * @param problems what went wrong, one sentence each, with sink, range and cause; empty if nothing did
 * @param attempt 0 for the first attempt of the run, 1 for its first resumption, and so on
 * @param resumable whether the last checkpoint is on disk, so that the run can be resumed under its tag without sending again what
 *     was acknowledged
 * @param unsent how many of the unknown events may have been sent before an earlier attempt was killed and have not been sent again,
 *     because this one ended before; resuming the run sends them
 */
public record RunReport(
        String tag,
        Validity validity,
        Ledger ledger,
        List<Step> steps,
        Lag ownLag,
        Lag sinkLag,
        long bytes,
        Duration elapsed,
        Instant start,
        double speed,
        @Nullable Backfill backfill,
        List<FaultCounts> faults,
        List<String> problems,
        int attempt,
        boolean resumable,
        long unsent) {

    /** How many problems {@link #toString} shows. */
    private static final int SHOWN = 5;

    /** The report of a first attempt that can be resumed. */
    public RunReport(
            String tag,
            Validity validity,
            Ledger ledger,
            List<Step> steps,
            Lag ownLag,
            Lag sinkLag,
            long bytes,
            Duration elapsed,
            Instant start,
            double speed,
            @Nullable Backfill backfill,
            List<FaultCounts> faults,
            List<String> problems) {
        this(
                tag, validity, ledger, steps, ownLag, sinkLag, bytes, elapsed, start, speed, backfill, faults, problems,
                0, true, 0);
    }

    /**
     * How a run caught up with the present. It is live once each of its lanes has reached an event that is not due yet.
     *
     * @param events how many events lanes sent before they were live
     * @param liveAt when the last lane became live; {@code null} if the run ended before
     * @param took from the start until then, or until the end
     * @param behind how long ago the last event was due when the run ended; zero if the run was live
     */
    public record Backfill(long events, @Nullable Instant liveAt, Duration took, Duration behind) {}

    /** Events per outcome over all sinks and streams. */
    public long acknowledged() {
        return sum(Ledger.StreamLedger::acknowledged);
    }

    public long failed() {
        return sum(Ledger.StreamLedger::failed);
    }

    public long unknown() {
        return sum(Ledger.StreamLedger::unknown);
    }

    /**
     * How many events within the run's limit were never handed to a sink, over all sinks; the ledger says which. Exact, unless a router
     * would have to be asked about more than a million of a shard: then it is extrapolated from a million.
     */
    public long missing() {
        return sum(Ledger.StreamLedger::missing);
    }

    /** How many events the run has up to its limit, over all sinks; what was issued if it has none. */
    public long planned() {
        return issued() + missing();
    }

    /**
     * Whether the run issued everything up to its limit, or has none, and nothing is left that has to be sent again. One that was stopped or
     * failed before is not complete.
     */
    public boolean complete() {
        return missing() == 0 && unsent == 0;
    }

    public long issued() {
        return acknowledged() + failed() + unknown();
    }

    /** Whether every event that is not {@link #unsent} was acknowledged and nothing else went wrong; see also {@link #complete}. */
    public boolean delivered() {
        return failed() == 0 && unknown() == unsent && problems.isEmpty();
    }

    /** The result in a few lines: how the run ended, each sink's events by outcome, and the first problems. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("run " + tag + ": " + validity + ", "
                + (complete() ? "complete" : "incomplete, " + count(missing() + unsent) + " events not sent") + ", "
                + count(issued()) + " events"
                + (ledger.sinks().size() > 1
                        ? ", counted at each of " + ledger.sinks().size() + " sinks,"
                        : "") + " and " + count(bytes) + " bytes in "
                + String.format(Locale.ROOT, "%.1f s", elapsed.toMillis() / 1000.0));
        if (!ledger.touched().isEmpty()) {
            text.append("\n  ").append(ledger.touched());
        }
        for (String change : ledger.changes()) {
            text.append("\n  ").append(change);
        }
        for (Ledger.Drill drill : ledger.drills()) {
            text.append("\n  ").append(drill.words());
        }
        for (Ledger.SinkLedger sink : ledger.sinks()) {
            text.append("\n  ").append(sink.name()).append(": ");
            text.append(count(sum(sink, Ledger.StreamLedger::acknowledged))).append(" acknowledged, ");
            text.append(count(sum(sink, Ledger.StreamLedger::failed))).append(" failed, ");
            text.append(count(sum(sink, Ledger.StreamLedger::unknown))).append(" unknown");
        }
        problems.stream().limit(SHOWN).forEach(problem -> text.append("\n  ").append(problem));
        if (problems.size() > SHOWN) {
            text.append("\n  and ").append(problems.size() - SHOWN).append(" more problems");
        }
        return text.toString();
    }

    private static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static long sum(Ledger.SinkLedger sink, java.util.function.ToLongFunction<Ledger.StreamLedger> part) {
        return sink.streams().stream().mapToLong(part).sum();
    }

    private long sum(java.util.function.ToLongFunction<Ledger.StreamLedger> part) {
        return ledger.sinks().stream()
                .flatMap(sink -> sink.streams().stream())
                .mapToLong(part)
                .sum();
    }

    /**
     * How many events of a stream were late, delivered twice and so on, as planned; dropped events count where they would have been
     * delivered.
     */
    public record FaultCounts(String sink, String stream, Map<FaultKind, Long> events) {}

    /** Lateness over the batches of a run, in nanoseconds; all 0 when the run was not paced. */
    public record Lag(long p50Nanos, long p99Nanos, long maxNanos) {}

    /**
     * One step of the rate profile at one sink: steps of the streams, tenths of ramps, or all of a constant rate. Together, the steps show
     * up to which rate a system keeps up.
     *
     * @param from the scheduled time at which it begins
     * @param to the scheduled time at which it ends; {@code null} in a run without end
     * @param offeredPerSecond the scheduled rate of what this attempt came to, {@code null} when the run was not paced
     * @param achievedPerSecond its acknowledged events, divided by the time from its beginning, or from the end of the previous step if
     *     that was later, until its last event was settled. For how long the sink gathers events by its settings, as a file until it is
     *     full, does not count, nor does the time that every answer takes at least
     * @param lateness how late batches were handed over, no matter whose fault; all 0 when the run was not paced
     * @param latency from the intended time of an event to its outcome; when the run was not paced, from handing it over
     */
    public record Step(
            String sink,
            Instant from,
            @Nullable Instant to,
            @Nullable Double offeredPerSecond,
            double achievedPerSecond,
            long acknowledged,
            long failed,
            long unknown,
            Lag lateness,
            Lag latency) {}
}
