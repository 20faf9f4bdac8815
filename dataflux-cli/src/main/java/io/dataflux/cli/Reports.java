package io.dataflux.cli;

import io.dataflux.RunReport;
import io.dataflux.Validity;
import io.dataflux.ledger.Ledger.SinkLedger;
import io.dataflux.ledger.Ledger.StreamLedger;
import io.dataflux.ledger.Ranges;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.function.ToLongFunction;

/** A run's report for people. */
final class Reports {

    private static final int RANGES_SHOWN = 4;

    private Reports() {}

    static String text(RunReport report) {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "run %s %s: %,d%s events%s%s",
                report.tag(),
                !report.delivered() ? "NOT delivered" : report.complete() ? "delivered" : "stopped before its limit",
                report.issued() - report.unsent(),
                report.complete() ? "" : String.format(Locale.ROOT, " of %,d planned", report.planned()),
                report.ledger().sinks().size() > 1 ? ", counted at each sink," : "",
                pace(report)));
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
        report.steps().forEach(step -> step(report, step, text));
        RunReport.Backfill backfill = report.backfill();
        if (backfill != null) {
            text.append(String.format(Locale.ROOT, "%n  backfill: %,d events ", backfill.events()))
                    .append(
                            backfill.liveAt() != null
                                    ? "sent in " + span(backfill.took()) + ", live since "
                                            + backfill.liveAt().truncatedTo(ChronoUnit.MILLIS)
                                    : "sent, but the run ended before it was live, " + span(backfill.behind())
                                            + " behind");
        }
        report.faults().forEach(faults -> text.append("\n  ").append(planned(faults)));
        if (report.validity() != Validity.VALID) {
            text.append("\n  ")
                    .append(
                            report.validity() == Validity.INVALID
                                    ? "INVALID: this machine was late (own lag p99 "
                                            + millis(report.ownLag().p99Nanos())
                                            + "), so rates and latencies are not those that were asked for; what was delivered"
                                            + " is judged all the same. Lower the rate, give it more lanes, or look for what"
                                            + " else keeps the machine busy"
                                    : "SATURATED: a sink could not keep up (sink lag p99 "
                                            + millis(report.sinkLag().p99Nanos()) + ")");
        }
        report.ledger().sinks().forEach(sink -> missing(report, sink, text));
        if (report.unsent() > 0) {
            text.append(String.format(
                    Locale.ROOT,
                    "%n  %,d of the unknown events may have been sent before an earlier attempt was killed, and have not been sent again%s",
                    report.unsent(),
                    report.resumable() ? "; run again with --tag " + report.tag() + " to send them" : ""));
        }
        report.problems().forEach(problem -> text.append("\n  problem: ").append(problem));
        return text.toString();
    }

    private static String planned(RunReport.FaultCounts faults) {
        StringJoiner counts = new StringJoiner(", ");
        faults.events().forEach((kind, events) -> {
            if (events > 0) {
                counts.add(String.format(Locale.ROOT, "%,d %s", events, kind.text()));
            }
        });
        return String.format(
                Locale.ROOT,
                "%-12s planned faults of %s: %s",
                faults.sink(),
                faults.stream(),
                counts.length() == 0 ? "none yet" : counts);
    }

    private static void step(RunReport report, RunReport.Step step, StringBuilder text) {
        Double offered = step.offeredPerSecond();
        if (offered != null) {
            boolean several = report.steps().stream()
                            .filter(other -> other.sink().equals(step.sink()))
                            .count()
                    > 1;
            text.append(String.format(
                    Locale.ROOT,
                    "%n  %-12s %soffered %,.0f/s, achieved %,.0f/s%s; from intended time to acknowledged p50 %s, p99 %s, max %s",
                    step.sink(),
                    several ? when(report, step) : "",
                    offered,
                    step.achievedPerSecond(),
                    several ? ", sent late p99 " + millis(step.lateness().p99Nanos()) : "",
                    millis(step.latency().p50Nanos()),
                    millis(step.latency().p99Nanos()),
                    millis(step.latency().maxNanos())));
        }
    }

    /** When a step takes place, in seconds of scheduled time since the start of the run. */
    private static String when(RunReport report, RunReport.Step step) {
        Instant to = step.to();
        return "["
                + seconds(Duration.between(report.start(), step.from()))
                + ", "
                + (to == null ? "..." : seconds(Duration.between(report.start(), to)))
                + ") ";
    }

    private static String seconds(Duration time) {
        double seconds = time.toMillis() / 1e3;
        return String.format(Locale.ROOT, seconds == Math.rint(seconds) ? "%.0f s" : "%.1f s", seconds);
    }

    /** A stream is a function: the ranges are enough to send what is missing. */
    private static void missing(RunReport report, SinkLedger sink, StringBuilder text) {
        StringBuilder ranges = new StringBuilder();
        long events = sum(sink.streams(), StreamLedger::missing);
        int shown = 0;
        for (StreamLedger stream : sink.streams()) {
            for (int shard = 0; shard < stream.shards().size(); shard++) {
                Ranges missing = stream.shards().get(shard).missing();
                for (int i = 0; i < missing.size(); i++) {
                    if (shown++ < RANGES_SHOWN) {
                        ranges.append(String.format(
                                Locale.ROOT,
                                "%s%s shard %d positions [%d, %d)",
                                ranges.isEmpty() ? "" : ", ",
                                stream.name(),
                                shard,
                                missing.from(i),
                                missing.to(i)));
                    }
                }
            }
        }
        if (events > 0) {
            text.append(String.format(
                    Locale.ROOT,
                    "%n  %-12s missing %,d %s: %s%s; %s",
                    sink.name(),
                    events,
                    events == 1 ? "event" : "events",
                    ranges,
                    shown > RANGES_SHOWN ? " and " + (shown - RANGES_SHOWN) + " more ranges" : "",
                    report.resumable()
                            ? "run again with --tag " + report.tag() + " to send " + (events == 1 ? "it" : "them")
                            : "do not resume this run: what it acknowledged last is in no checkpoint, and would be sent"
                                    + " twice"));
        }
    }

    /** At most two units, such as {@code 3 h 12 min}. */
    static String span(Duration time) {
        if (time.toDays() > 0) {
            return time.toDays() + " d " + time.toHoursPart() + " h";
        } else if (time.toHours() > 0) {
            return time.toHours() + " h " + time.toMinutesPart() + " min";
        } else if (time.toMinutes() > 0) {
            return time.toMinutes() + " min " + time.toSecondsPart() + " s";
        }
        return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1e3);
    }

    private static long sum(List<StreamLedger> streams, ToLongFunction<StreamLedger> part) {
        return streams.stream().mapToLong(part).sum();
    }

    static String millis(long nanos) {
        return String.format(Locale.ROOT, nanos < 10_000_000 ? "%.2f ms" : "%,.0f ms", nanos / 1e6);
    }

    /** How fast the run was; for a resumed run, only what this attempt sent counts. */
    private static String pace(RunReport report) {
        long sent = report.steps().stream()
                .mapToLong(step -> step.acknowledged() + step.failed() + step.unknown())
                .sum();
        if (sent == 0) {
            return report.issued() == 0 ? "" : ", none of them sent by this attempt";
        }
        double seconds = Math.max(report.elapsed().toNanos() / 1e9, 1e-9);
        return String.format(
                Locale.ROOT,
                "%s in %.1f s, %,.0f events/s, %,.1f MB/s",
                sent == report.issued() ? "" : String.format(Locale.ROOT, ", %,d of them sent by this attempt", sent),
                seconds,
                sent / seconds,
                report.bytes() / 1e6 / seconds);
    }
}
