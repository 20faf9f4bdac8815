package io.dataflux.cli;

import io.dataflux.Run.Progress;
import io.dataflux.Run.SinkProgress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How far a run is: what each sink was sent and has acknowledged, how fast, and how long it will take.
 *
 * @param earlier some seconds before {@code now}, to tell how long the rest takes at the pace since then
 * @param before a while before {@code now}; rates are those in between
 */
record ProgressLine(Progress earlier, Progress before, Progress now) {

    /** A sink that is later than this does not keep up with the schedule. */
    private static final long LATE_NANOS = 1_000_000_000L;

    private static final String ELLIPSIS = "...";

    /** One line per sink, with everything. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < now.sinks().size(); i++) {
            lines.add(elapsed() + wanted() + " | " + whole(i));
        }
        return lines;
    }

    /** One line for all sinks, as wide as that at most: what matters less is left out first. */
    String within(int width) {
        StringBuilder whole = new StringBuilder(elapsed() + wanted());
        StringBuilder brief = new StringBuilder(elapsed());
        for (int i = 0; i < now.sinks().size(); i++) {
            whole.append(" | ").append(whole(i));
            brief.append(" | ").append(brief(i));
        }
        for (String line : List.of(whole.toString(), brief.toString(), least())) {
            if (line.length() <= width) {
                return line;
            }
        }
        return least().substring(0, Math.max(0, width - ELLIPSIS.length())) + ELLIPSIS;
    }

    private String elapsed() {
        return String.format(Locale.ROOT, "%5.1f s", now.elapsedNanos() / 1e9);
    }

    private String wanted() {
        if (now.paused()) {
            return ", paused";
        }
        return now.wantedPerSecond() == 0 ? "" : String.format(Locale.ROOT, ", wanted %,.0f/s", now.wantedPerSecond());
    }

    private String whole(int i) {
        SinkProgress sink = now.sinks().get(i);
        SinkProgress last = before.sinks().get(i);
        StringBuilder text = new StringBuilder(sink.name()).append(share(sink)).append(left(i));
        text.append(String.format(
                Locale.ROOT,
                ", sent %,d at %,.0f/s, acknowledged %,d at %,.0f/s, %.1f MB/s",
                sink.issued(),
                perSecond(sink.issued() - last.issued()),
                sink.acknowledged(),
                perSecond(sink.acknowledged() - last.acknowledged()),
                perSecond(sink.bytes() - last.bytes()) / 1e6));
        if (sink.behindNanos() == 0 && sink.ownLagNanos() + sink.sinkLagNanos() > 0) {
            text.append(", lag ").append(Reports.millis(sink.ownLagNanos() + sink.sinkLagNanos()));
        }
        return text.append(troubles(sink)).toString();
    }

    private String brief(int i) {
        SinkProgress sink = now.sinks().get(i);
        return sink.name()
                + share(sink)
                + left(i)
                + String.format(
                        Locale.ROOT,
                        ", %,d sent %,.0f/s, %,d ack. %,.0f/s",
                        sink.issued(),
                        perSecond(sink.issued() - before.sinks().get(i).issued()),
                        sink.acknowledged(),
                        perSecond(sink.acknowledged() - before.sinks().get(i).acknowledged()))
                + troubles(sink);
    }

    /** The sink that is the furthest from its end, or else the first one. */
    private String least() {
        int slowest = 0;
        for (int i = 1; i < now.sinks().size(); i++) {
            slowest = part(i) < part(slowest) ? i : slowest;
        }
        SinkProgress sink = now.sinks().get(slowest);
        return elapsed() + " | "
                + (now.sinks().size() > 1 ? "slowest of " + now.sinks().size() + ": " : "") + sink.name()
                + share(sink) + left(slowest) + ", "
                + String.format(
                        Locale.ROOT,
                        "%,d/s",
                        Math.round(perSecond(
                                sink.issued() - before.sinks().get(slowest).issued())))
                + troubles(sink);
    }

    private static String troubles(SinkProgress sink) {
        StringBuilder text = new StringBuilder();
        if (sink.failed() + sink.unknown() > 0) {
            text.append(String.format(Locale.ROOT, ", %,d FAILED", sink.failed() + sink.unknown()));
        }
        if (sink.behindNanos() > 0) {
            text.append(", ")
                    .append(Reports.span(Duration.ofNanos(sink.behindNanos())))
                    .append(" behind");
        }
        return text.append(sink.done() ? ", done" : "").toString();
    }

    private static String share(SinkProgress sink) {
        return sink.planned() == 0
                ? ""
                : String.format(Locale.ROOT, " %.0f%%", Math.floor(100 * Math.min(1, sentPart(sink))));
    }

    private double part(int i) {
        SinkProgress sink = now.sinks().get(i);
        return sink.planned() == 0 ? 0 : sentPart(sink);
    }

    private static double sentPart(SinkProgress sink) {
        return (double) sink.issued() / sink.planned();
    }

    /** As scheduled, unless the run has no pace or the sink does not keep up: then at the pace of the last seconds, if that takes longer. */
    private String left(int i) {
        SinkProgress sink = now.sinks().get(i);
        if (sink.planned() == 0 || sink.done() || sink.issued() >= sink.planned()) {
            return "";
        }
        Duration end = now.scheduledEnd();
        long scheduled = end == null ? 0 : Math.max(0, end.toNanos() - now.elapsedNanos());
        boolean late = sink.behindNanos() > 0 || sink.ownLagNanos() + sink.sinkLagNanos() > LATE_NANOS;
        if (scheduled > 0 && !late) {
            return left(scheduled);
        }
        double sent = sink.issued() - earlier.sinks().get(i).issued();
        double nanos = now.elapsedNanos() - earlier.elapsedNanos();
        return sent <= 0 || nanos <= 0
                ? ""
                : left(Math.max(scheduled, Math.round(nanos * (sink.planned() - sink.issued()) / sent)));
    }

    private static String left(long nanos) {
        return ", " + Reports.span(Duration.ofNanos(nanos)) + " left";
    }

    private double perSecond(long difference) {
        return difference / Math.max(1e-9, (now.elapsedNanos() - before.elapsedNanos()) / 1e9);
    }
}
