package io.dataflux.results;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The expected result of one key and window. Not thread-safe. */
final class Cell {

    /** The end of a window that has none. */
    static final long NO_END = Long.MAX_VALUE;

    /**
     * Names a result.
     *
     * @param key in normal form; null if results have no keys, or for the key null
     * @param start milliseconds since 1970; of windows by number of events their number for the key
     */
    record Id(@Nullable Object key, long start) {}

    final Id id;
    long end;
    private final Gathered[] values;
    private boolean required;
    private boolean exact = true;

    Cell(Id id, long end, List<? extends Aggregate<?>> aggregates) {
        this.id = id;
        this.end = end;
        values = aggregates.stream().map(Gathered::of).toArray(Gathered[]::new);
    }

    /** Takes an event and returns how many values more are held. */
    int add(@Nullable Object[] of, long time, boolean must) {
        required |= must;
        exact &= must;
        int held = 0;
        for (int i = 0; i < values.length; i++) {
            held += values[i].add(of[i], time, must);
        }
        return held;
    }

    /** Whether there must be a result; otherwise all of its events are such that may count. */
    boolean required() {
        return required;
    }

    /** From now on there may be no result. */
    void excuse() {
        required = false;
        exact = false;
    }

    /** Whether only one result is right. */
    boolean exact() {
        return exact;
    }

    Allowed allowed(int aggregate) {
        return values[aggregate].allowed();
    }

    /** A window as text. */
    static String window(long start, long end, Windows windows) {
        if (windows instanceof Windows.Whole) {
            return "the whole run";
        }
        if (windows instanceof Windows.Counted) {
            return "window " + start;
        }
        return "[" + Instant.ofEpochMilli(start) + ", " + (end == NO_END ? "?" : Instant.ofEpochMilli(end)) + ")";
    }
}
