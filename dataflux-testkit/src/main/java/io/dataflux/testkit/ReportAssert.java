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

    /** What a system may stay behind the rate that it was offered and still keep up with it. */
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
     * At each step of the rate up to this one, and in the first step that offers at least as much, all events were acknowledged at the
     * rate that was offered, but for 2 %. Fails if no step offers as much, and if the run itself was late. {@link #p99Below} then
     * looks at these steps.
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

    /** 99 of 100 events were answered within this time of when they were due, in each step, or in those that are to be sustained. */
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

    /** What a step offers; of a run without a rate that is what it achieved. */
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
                .append(actual.issued() + " issued = " + actual.acknowledged() + " acknowledged + " + actual.failed()
                        + " failed + " + actual.unknown() + " unknown");
        for (Step step : actual.steps()) {
            Double offered = step.offeredPerSecond();
            text.append("\n  ")
                    .append(offered == null ? "as fast as possible" : "offered " + number(offered) + "/s")
                    .append(", achieved ")
                    .append(number(step.achievedPerSecond()))
                    .append("/s, ")
                    .append(step.failed() + " failed, " + step.unknown() + " unknown, p99 ")
                    .append(number(step.latency().p99Nanos() / MILLI))
                    .append(" ms");
        }
        return text
                + actual.problems().stream().map(problem -> "\n  " + problem).collect(Collectors.joining());
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.0f", value);
    }
}
