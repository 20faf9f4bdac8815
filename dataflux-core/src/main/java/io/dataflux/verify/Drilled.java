package io.dataflux.verify;

import io.dataflux.encode.CompiledStream;
import io.dataflux.ledger.Ledger;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which action of a run the events of a finding were near: all of them were due shortly before or after it, which says something only if
 * that is a small part of the run. Stateless.
 */
final class Drilled {

    /** What was in flight when the action began was due before it. */
    private static final Duration BEFORE = Duration.ofSeconds(10);

    private static final Duration AFTER = Duration.ofSeconds(60);
    /** All events of the finding are due within one such part of the run. */
    private static final int PART = 4;

    private Drilled() {}

    /** Such as {@code , all due from 0.2 s before to 1.3 s after 'kill-worker'}; empty if there was no such action. */
    static String words(JudgedRun run, Map<Integer, Sequences> events) {
        if (run.ledger().drills().isEmpty() || events.isEmpty()) {
            return "";
        }
        Instant first = Instant.MAX;
        Instant last = Instant.MIN;
        for (Map.Entry<Integer, Sequences> entry : events.entrySet()) {
            CompiledStream stream = run.streams().get(entry.getKey());
            first = earlier(first, stream.timeOf(entry.getValue().from()));
            Instant end = stream.timeOf(entry.getValue().to() - 1);
            last = end.isAfter(last) ? end : last;
        }
        Ledger.Drill nearest = nearest(run, first, last);
        if (nearest == null || Duration.between(first, last).multipliedBy(PART).compareTo(length(run)) > 0) {
            return "";
        }
        return ", all due from " + away(nearest.scheduled(), first) + " to " + away(nearest.scheduled(), last) + " '"
                + nearest.name() + "'";
    }

    private static Ledger.@Nullable Drill nearest(JudgedRun run, Instant first, Instant last) {
        Ledger.Drill nearest = null;
        for (Ledger.Drill drill : run.ledger().drills()) {
            boolean near = !first.isBefore(drill.scheduled().minus(BEFORE))
                    && !last.isAfter(drill.scheduled().plus(AFTER));
            if (near && (nearest == null || distance(drill, first).compareTo(distance(nearest, first)) < 0)) {
                nearest = drill;
            }
        }
        return nearest;
    }

    private static Duration distance(Ledger.Drill drill, Instant first) {
        return Duration.between(drill.scheduled(), first).abs();
    }

    /** How long the run is by its schedule. */
    private static Duration length(JudgedRun run) {
        Instant first = Instant.MAX;
        Instant last = Instant.MIN;
        for (int i = 0; i < run.streams().size(); i++) {
            Ledger.Stream in = run.ledger().streams().get(i);
            if (in.from() < in.limit()) {
                first = earlier(first, run.streams().get(i).timeOf(in.from()));
                Instant end = run.streams().get(i).timeOf(in.limit() - 1);
                last = end.isAfter(last) ? end : last;
            }
        }
        return first.isAfter(last) ? Duration.ZERO : Duration.between(first, last);
    }

    private static Instant earlier(Instant a, Instant b) {
        return b.isBefore(a) ? b : a;
    }

    private static String away(Instant from, Instant to) {
        double seconds = Duration.between(from, to).toMillis() / 1000.0;
        return String.format(Locale.ROOT, "%.1f s %s", Math.abs(seconds), seconds < 0 ? "before" : "after");
    }
}
