package io.dataflux;

import io.dataflux.RunReport.Lag;
import io.dataflux.RunReport.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a run has to reach, and what its verdicts may find, for both to count as passed. In a configuration:
 *
 * <pre>
 * thresholds: {p99: 200ms, achieved: 95%, duplicate: 10}
 * </pre>
 *
 * Those of a run hold for each step of its rate profile at each sink. Immutable.
 *
 * @param p50 the most that half of a step's latencies may be, from the intended time of an event to its outcome; {@code null} for any
 * @param p99 the same for 99 of 100
 * @param max the same for all
 * @param achieved the least part of a step's offered rate that must be achieved, such as 0.95; {@code null} for any
 * @param findings how many of each finding a verdict may have, by its word, one of {@link #FINDINGS}; 0 where it is not named
 */
public record Thresholds(
        @Nullable Duration p50,
        @Nullable Duration p99,
        @Nullable Duration max,
        @Nullable Double achieved,
        Map<String, Long> findings) {

    /** What verdicts find. */
    public static final List<String> FINDINGS = List.of(
            "lost", "pending", "duplicate", "reordered", "corrupted", "foreign", "phantom", "misrouted", "resurrected");

    /** Any latency, any rate, no finding. */
    public static final Thresholds NONE = new Thresholds(null, null, null, null, Collections.emptyMap());

    /** @throws IllegalArgumentException if verdicts do not find such a thing */
    public Thresholds {
        Map<String, Long> copy = new TreeMap<>(findings);
        for (String finding : copy.keySet()) {
            if (!FINDINGS.contains(finding)) {
                throw new IllegalArgumentException("'" + finding + "' is not a finding; these are " + FINDINGS);
            }
        }
        findings = Collections.unmodifiableMap(copy);
    }

    /**
     * What a run has not reached, one sentence each; empty if it has reached everything. Of a run that was late by its own fault nothing is
     * said: its figures are not those of the system.
     */
    public List<String> missedBy(RunReport report) {
        List<String> missed = new ArrayList<>();
        if (report.validity() != Validity.INVALID) {
            for (Step step : report.steps()) {
                if (step.acknowledged() > 0) {
                    Lag latency = step.latency();
                    latency("p50", p50, latency.p50Nanos(), step, missed);
                    latency("p99", p99, latency.p99Nanos(), step, missed);
                    latency("max", max, latency.maxNanos(), step, missed);
                }
                rate(step, missed);
            }
        }
        return missed;
    }

    private static void latency(String name, @Nullable Duration most, long nanos, Step step, List<String> missed) {
        if (most != null && nanos > most.toNanos()) {
            missed.add(where(step) + ": " + name + " " + millis(nanos) + ", but at most " + millis(most.toNanos())
                    + " are allowed");
        }
    }

    private void rate(Step step, List<String> missed) {
        Double offered = step.offeredPerSecond();
        if (achieved != null && offered != null && step.achievedPerSecond() < achieved * offered) {
            missed.add(where(step) + ": " + rate(step.achievedPerSecond()) + " events/s achieved, but at least "
                    + rate(achieved * offered) + " of the " + rate(offered) + " offered are needed");
        }
    }

    private static String where(Step step) {
        return "sink '" + step.sink() + "', step from " + step.from();
    }

    private static String millis(long nanos) {
        return String.format(Locale.ROOT, "%.1f ms", nanos / 1e6);
    }

    private static String rate(double perSecond) {
        return String.format(Locale.ROOT, "%,.1f", perSecond);
    }
}
