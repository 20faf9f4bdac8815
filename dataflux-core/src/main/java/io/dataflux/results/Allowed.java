package io.dataflux.results;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a value may be. All values are in {@link Normal} form. Immutable. */
sealed interface Allowed {

    boolean allows(@Nullable Object actual);

    /** How far a wrong number is off, such as {@code +2}; empty if that says nothing. */
    default String off(@Nullable Object actual) {
        return "";
    }

    /**
     * Numbers, or other values with an order.
     *
     * @param low null if only no value at all is allowed
     * @param orNone whether there may be no value instead
     */
    record Range(@Nullable Object low, @Nullable Object high, boolean orNone) implements Allowed {

        @Override
        public boolean allows(@Nullable Object actual) {
            return actual == null || low == null || high == null
                    ? actual == null && orNone
                    : Normal.comparable(low, actual)
                            && Normal.compare(actual, low) >= 0
                            && Normal.compare(actual, high) <= 0;
        }

        @Override
        public String off(@Nullable Object actual) {
            if (low == null || high == null || !Normal.isNumber(low) || !Normal.isNumber(actual)) {
                return "";
            }
            boolean below = Normal.compare(java.util.Objects.requireNonNull(actual), low) < 0;
            var off = Normal.decimal(actual).subtract(Normal.decimal(below ? low : high));
            return (off.signum() > 0 ? "+" : "") + off.toPlainString();
        }

        @Override
        public String toString() {
            return low == null
                    ? "none"
                    : low.equals(high) ? Normal.text(low) : Normal.text(low) + " to " + Normal.text(high);
        }
    }

    /** One of several values. */
    record OneOf(List<@Nullable Object> values) implements Allowed {

        private static final int SHOWN = 5;

        public OneOf {
            values = Collections.unmodifiableList(new ArrayList<>(values));
        }

        @Override
        public boolean allows(@Nullable Object actual) {
            return values.contains(actual);
        }

        @Override
        public String toString() {
            return values.stream().limit(SHOWN).map(Normal::text).collect(Collectors.joining(" or "))
                    + (values.size() > SHOWN ? " or one of " + (values.size() - SHOWN) + " others" : "");
        }
    }

    /**
     * The most frequent items, in their order. Of items that are equally frequent any may come first, also where only some of them are
     * among the first.
     *
     * @param first how many there are
     * @param counts how often each item was there at least and at most, most frequent first
     */
    record Ranking(int first, Map<Object, long[]> counts) implements Allowed {

        private static final int MORE = 3;

        @Override
        public boolean allows(@Nullable Object actual) {
            List<?> items = actual instanceof List<?> list ? list : actual == null ? List.of() : List.of(actual);
            Set<Object> seen = new HashSet<>(); // order never seen
            long most = Long.MAX_VALUE;
            for (Object item : items) {
                long[] count = item == null ? null : counts.get(item);
                if (count == null || !seen.add(item)) {
                    return false;
                }
                most = Math.min(most, count[1]);
                if (most < Math.max(1, count[0])) {
                    return false;
                }
            }
            if (items.size() > first) {
                return false;
            }
            long outside = items.size() < first ? 0 : most;
            return counts.entrySet().stream()
                    .allMatch(entry -> seen.contains(entry.getKey()) || entry.getValue()[0] <= outside);
        }

        /** The items and their numbers, with those beyond the first that are tied with the last of them. */
        @Override
        public String toString() {
            List<Map.Entry<Object, long[]>> all = new ArrayList<>(counts.entrySet());
            String text = all.stream().limit(first).map(Ranking::text).collect(Collectors.joining(", "));
            if (all.size() <= first) {
                return text;
            }
            long last = all.get(first - 1).getValue()[0];
            List<String> tied = all.stream()
                    .skip(first)
                    .filter(entry -> entry.getValue()[1] >= last)
                    .map(Ranking::text)
                    .toList();
            return tied.isEmpty()
                    ? text
                    : text + "; or " + tied.stream().limit(MORE).collect(Collectors.joining(", "))
                            + (tied.size() > MORE ? " and " + (tied.size() - MORE) + " more" : "") + ", as often";
        }

        private static String text(Map.Entry<Object, long[]> entry) {
            long[] count = entry.getValue();
            return Normal.text(entry.getKey()) + " (" + count[0] + (count[1] > count[0] ? " to " + count[1] : "") + ")";
        }
    }
}
