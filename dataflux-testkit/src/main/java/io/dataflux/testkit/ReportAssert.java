package io.dataflux.testkit;

import io.dataflux.RunReport;
import io.dataflux.RunReport.Step;
import io.dataflux.Validity;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.assertj.core.api.AbstractAssert;

/** Assertions on the report of a run; each failure shows the steps of its rate. Used by one thread. */
public final class ReportAssert extends AbstractAssert<ReportAssert, RunReport> {

    /** By how much a system may fall short of the offered rate and still count as keeping up. */
    private static final double SLACK = 0.02;

    private static final double MILLI = 1e6;
    private double upTo = Double.POSITIVE_INFINITY;

    ReportAssert(RunReport actual) {
        super(actual, ReportAssert.class);
    }

    /** Every event was acknowledged, and nothing else went wrong. */
    public ReportAssert delivered() {
        isNotNull();
        if (!actual.delivered()) {
            fail("not delivered");
        }
        return this;
    }

    /**
     * In each step up to the first one that offers at least this rate, all events were acknowledged, and at the offered rate, give or
     * take 2%; see {@link Step#achievedPerSecond} for sinks that gather events. Fails if no step offers as much, or if the run itself was late. {@link #p99Below} then looks at these steps only.
     */
    public ReportAssert sustains(double perSecond) {
        isNotNull();
        if (actual.validity() == Validity.INVALID) {
            fail("the run itself was late, so it says nothing about what the system sustains");
        }
        upTo = actual.steps().stream()
                .mapToDouble(ReportAssert::offered)
                .filter(offered -> offered >= perSecond * (1 - SLACK))
                .min()
                .orElseGet(() -> {
                    fail("no step offers " + number(perSecond) + " events/s");
                    return 0;
                });
        for (Step step : steps()) {
            double wanted = Math.min(perSecond, offered(step));
            if (step.failed() + step.unknown() > 0 || step.achievedPerSecond() < wanted * (1 - SLACK)) {
                fail("does not sustain " + number(perSecond) + " events/s");
            }
        }
        return this;
    }

    /** 99 of 100 events were answered within this time after they were due, in each step, or in those that {@link #sustains} looked at. */
    public ReportAssert p99Below(Duration limit) {
        isNotNull();
        for (Step step : steps()) {
            if (step.latency().p99Nanos() > limit.toNanos()) {
                fail("p99 is not below " + number(limit.toNanos() / MILLI) + " ms");
            }
        }
        return this;
    }

    private List<Step> steps() {
        return actual.steps().stream().filter(step -> offered(step) <= upTo).toList();
    }

    /** The rate that a step offers; for a run without a rate, the rate that it achieved. */
    private static double offered(Step step) {
        Double offered = step.offeredPerSecond();
        return offered == null ? step.achievedPerSecond() : offered;
    }

    private void fail(String what) {
        throw failure("%s", what + "\n" + text());
    }

    private String text() {
        StringBuilder text = new StringBuilder("Run ")
                .append(actual.tag())
                .append(", ")
                .append(actual.validity().name().toLowerCase(Locale.ROOT))
                .append(": ")
                .append(count(actual.issued()) + " issued = " + count(actual.acknowledged()) + " acknowledged + "
                        + count(actual.failed()) + " failed + " + count(actual.unknown()) + " unknown");
        for (Step step : actual.steps()) {
            Double offered = step.offeredPerSecond();
            text.append("\n  ")
                    .append(offered == null ? "as fast as possible" : "offered " + number(offered) + "/s")
                    .append(", achieved ")
                    .append(number(step.achievedPerSecond()))
                    .append("/s, ")
                    .append(count(step.failed()) + " failed, " + count(step.unknown()) + " unknown, p99 ")
                    .append(number(step.latency().p99Nanos() / MILLI))
                    .append(" ms");
        }
        return text
                + actual.problems().stream().map(problem -> "\n  " + problem).collect(Collectors.joining());
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.2f" : "%,.0f", value);
    }

    private static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
