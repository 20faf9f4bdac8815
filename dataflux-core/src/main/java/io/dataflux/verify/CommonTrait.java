package io.dataflux.verify;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How often each value of one property came among the events of a finding, to say what they have in common. It counts at most
 * 1,000 different values: with more than that there is nothing in common. Not thread-safe.
 */
final class CommonTrait<T> {

    private static final int MOST = 1000;
    private static final int TELLING_PERCENT = 80;

    private final Map<T, Long> counts = new LinkedHashMap<>();
    private long total;
    private boolean scattered;

    /** Counts a value; {@code null} is an event whose value is not known. */
    void add(@Nullable T value) {
        total++;
        if (value != null && !scattered) {
            counts.merge(value, 1L, Long::sum);
            scattered = counts.size() > MOST;
        }
    }

    /** The value that all have, or all but a few of many; null if there is none. */
    @Nullable
    T telling() {
        T top = top();
        return top != null && countOf(top) * 100 >= total * TELLING_PERCENT ? top : null;
    }

    /** Whether all have the same value. */
    boolean single() {
        T top = top();
        return top != null && countOf(top) == total;
    }

    /** {@code all} or {@code 35 of 37} for a telling value. */
    String amount(T value) {
        return countOf(value) == total ? "all" : Wording.count(countOf(value)) + " of " + Wording.count(total);
    }

    private long countOf(T value) {
        return counts.getOrDefault(value, 0L);
    }

    private @Nullable T top() {
        T top = null;
        if (!scattered) {
            for (Map.Entry<T, Long> entry : counts.entrySet()) {
                if (top == null || entry.getValue() > countOf(top)) {
                    top = entry.getKey();
                }
            }
        }
        return top;
    }
}
