package io.dataflux.verify;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The sources that records came from, in the order of their first records, each with the trails that order is judged by. Trails
 * are kept within a budget of memory: when it is used up, the source that was silent longest loses its trails; if it brings
 * records again, its order is judged only from there on. Not thread-safe.
 */
final class Sources {

    private static final long DEFAULT_BUDGET = 128L << 20;
    private static final int TURNS_PER_LOOK = 256;

    /** One source. */
    final class Source {
        final int number;
        final String name;
        private @Nullable RecentArrivals[] trails = new RecentArrivals[0];
        private boolean forgotten;
        /** The turn in which it began to bring records last. */
        private long latestTurn;

        private Source(int number, String name) {
            this.number = number;
            this.name = name;
        }

        /** What the source recently brought of one shard of a stream. */
        RecentArrivals trail(int stream, int shard) {
            if (trails.length == 0) {
                trails = new RecentArrivals[shardsBefore[shardsBefore.length - 1]];
            }
            int at = shardsBefore[stream] + shard;
            RecentArrivals trail = trails[at];
            if (trail == null) {
                trail = new RecentArrivals();
                trails[at] = trail;
            }
            return trail;
        }

        private long bytes() {
            long bytes = 4L * trails.length;
            for (RecentArrivals trail : trails) {
                bytes += trail == null ? 0 : trail.bytes();
            }
            return bytes;
        }
    }

    private final long budget;
    private final int[] shardsBefore;
    private final Map<String, Source> byName = new HashMap<>(); // order never seen
    private final List<String> names = new ArrayList<>();
    /** Those with trails. */
    private final List<Source> remembered = new ArrayList<>();

    private @Nullable Source recent;
    private long turns;
    private boolean gaps;

    Sources(int[] shardsPerStream) {
        this(shardsPerStream, DEFAULT_BUDGET);
    }

    Sources(int[] shardsPerStream, long budget) {
        this.budget = budget;
        shardsBefore = new int[shardsPerStream.length + 1];
        for (int i = 0; i < shardsPerStream.length; i++) {
            shardsBefore[i + 1] = shardsBefore[i] + shardsPerStream[i];
        }
    }

    /** The source of that name. Ask with each record. */
    Source of(String name) {
        Source last = recent;
        if (last != null && last.name.equals(name)) {
            return last;
        }
        if (++turns % TURNS_PER_LOOK == 0) {
            forgetWhatIsTooMuch();
        }
        Source next = byName.get(name);
        if (next == null) {
            next = new Source(names.size(), name);
            byName.put(name, next);
            names.add(name);
            remembered.add(next);
        } else if (next.forgotten) {
            next.forgotten = false;
            gaps = true;
            remembered.add(next);
        }
        next.latestTurn = turns;
        recent = next;
        return next;
    }

    int count() {
        return names.size();
    }

    String name(int number) {
        return names.get(number);
    }

    /** Whether a source lost its trails and then brought records again. */
    boolean gaps() {
        return gaps;
    }

    private void forgetWhatIsTooMuch() {
        long bytes = remembered.stream().mapToLong(Source::bytes).sum();
        if (bytes <= budget) {
            return;
        }
        remembered.sort(Comparator.comparingLong(source -> source.latestTurn));
        int forgotten = 0;
        while (bytes > budget) {
            Source source = remembered.get(forgotten++);
            bytes -= source.bytes();
            source.trails = new RecentArrivals[0];
            source.forgotten = true;
        }
        remembered.subList(0, forgotten).clear();
    }
}
