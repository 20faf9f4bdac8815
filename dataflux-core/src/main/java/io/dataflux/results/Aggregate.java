package io.dataflux.results;

import java.math.RoundingMode;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One value of a result.
 *
 * @param of what is aggregated; null for the event itself
 * @param number the scale of an average, or how many items a ranking has
 */
record Aggregate<T>(String name, Kind kind, @Nullable Function<? super T, ?> of, int number, RoundingMode rounding) {

    enum Kind {
        COUNT,
        SUM,
        MIN,
        MAX,
        AVERAGE,
        DISTINCT,
        FIRST,
        LAST,
        TOP
    }

    /** What it takes of an event, in normal form. */
    @Nullable
    Object value(T event) {
        if (of == null) {
            return null;
        }
        Object given = of.apply(event);
        Object value = Normal.of(given);
        boolean adds = kind == Kind.SUM || kind == Kind.AVERAGE;
        if (adds && value != null && (given instanceof Double || given instanceof Float || !Normal.isNumber(value))) {
            throw new IllegalArgumentException(
                    "'" + name + "' is to add up " + given + ", of type "
                            + given.getClass().getSimpleName()
                            + ": only whole numbers and BigDecimal are added exactly; give one of these, such as the field of the event");
        }
        if ((kind == Kind.MIN || kind == Kind.MAX) && value != null && !Normal.comparable(value, value)) {
            throw new IllegalArgumentException("'" + name + "' is to compare " + given + ", of type "
                    + given.getClass().getSimpleName() + ", which has no order: give a number, a text or a time");
        }
        return value;
    }
}
