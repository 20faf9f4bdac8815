package io.dataflux.examples.standalone;

import io.dataflux.RunReport;
import io.dataflux.Validity;
import io.dataflux.verify.Ledger.SinkLedger;
import io.dataflux.verify.Ledger.StreamLedger;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/** A run's report for people. */
final class Reports {

    private Reports() {}

    static String text(RunReport report) {
        double seconds = report.elapsed().toNanos() / 1e9;
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "run %s %s: %,d events in %.1f s, %,.0f events/s, %,.1f MB/s",
                report.tag(),
                report.delivered() ? "delivered" : "NOT delivered",
                report.issued(),
                seconds,
                report.issued() / Math.max(seconds, 1e-9),
                report.bytes() / 1e6 / Math.max(seconds, 1e-9)));
        for (SinkLedger sink : report.ledger().sinks()) {
            text.append(String.format(
                    Locale.ROOT,
                    "%n  %-12s %,12d issued = %,d acknowledged + %,d failed + %,d unknown",
                    sink.name(),
                    sum(sink.streams(), StreamLedger::issued),
                    sum(sink.streams(), StreamLedger::acknowledged),
                    sum(sink.streams(), StreamLedger::failed),
                    sum(sink.streams(), StreamLedger::unknown)));
        }
        for (RunReport.Step step : report.steps()) {
            Double offered = step.offeredPerSecond();
            if (offered != null) {
                text.append(String.format(
                        Locale.ROOT,
                        "%n  %-12s offered %,.0f/s, achieved %,.0f/s; from intended time to acknowledged p50 %s, p99 %s, max %s",
                        step.sink(),
                        offered,
                        step.achievedPerSecond(),
                        millis(step.latency().p50Nanos()),
                        millis(step.latency().p99Nanos()),
                        millis(step.latency().maxNanos())));
            }
        }
        if (report.validity() != Validity.VALID) {
            text.append("\n  ")
                    .append(
                            report.validity() == Validity.INVALID
                                    ? "INVALID: DataFlux itself was late (own lag p99 "
                                            + millis(report.ownLag().p99Nanos())
                                            + "); lower the rate or give it more lanes"
                                    : "SATURATED: a sink could not keep up (sink lag p99 "
                                            + millis(report.sinkLag().p99Nanos()) + ")");
        }
        report.problems().forEach(problem -> text.append("\n  problem: ").append(problem));
        return text.toString();
    }

    private static long sum(List<StreamLedger> streams, ToLongFunction<StreamLedger> part) {
        return streams.stream().mapToLong(part).sum();
    }

    static String millis(long nanos) {
        return String.format(Locale.ROOT, nanos < 10_000_000 ? "%.2f ms" : "%,.0f ms", nanos / 1e6);
    }
}
