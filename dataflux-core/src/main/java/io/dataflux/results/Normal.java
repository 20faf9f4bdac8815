package io.dataflux.results;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One form for values that are the same: numbers by value, moments as {@code Instant}, texts, enums and UUIDs as text, collections and
 * arrays as lists. So 12, 12.0 and {@code BigDecimal("12.00")} are equal, and "12" is another value.
 */
final class Normal {

    private static final BigDecimal LEAST = BigDecimal.valueOf(Long.MIN_VALUE);
    private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);

    private Normal() {}

    @SuppressWarnings("JavaUtilDate") // what older drivers and beans give
    static @Nullable Object of(@Nullable Object value) {
        if (value == null || value instanceof String || value instanceof Long || value instanceof Instant) {
            return value;
        }
        if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
            return ((Number) value).longValue();
        }
        if (value instanceof Number number) {
            return number(number);
        }
        if (value instanceof CharSequence || value instanceof Character || value instanceof UUID) {
            return value.toString();
        }
        if (value instanceof Enum<?> constant) {
            return constant.name();
        }
        if (value instanceof OffsetDateTime time) {
            return time.toInstant();
        }
        if (value instanceof ZonedDateTime time) {
            return time.toInstant();
        }
        if (value instanceof java.sql.Timestamp time) {
            return time.toInstant();
        }
        if (value instanceof Object[] array) {
            return list(Arrays.asList(array));
        }
        return value instanceof Collection<?> values ? list(values) : value;
    }

    /** A whole number that fits is a long, any other number a decimal without trailing zeros; not a number stays what it is. */
    private static Object number(Number number) {
        BigDecimal decimal;
        try {
            decimal = number instanceof BigDecimal exact
                    ? exact
                    : number instanceof BigInteger whole ? new BigDecimal(whole) : new BigDecimal(number.toString());
        } catch (NumberFormatException e) {
            return number;
        }
        boolean whole = decimal.scale() <= 0 || decimal.stripTrailingZeros().scale() <= 0;
        return whole && decimal.compareTo(LEAST) >= 0 && decimal.compareTo(MOST) <= 0
                ? decimal.longValueExact()
                : decimal.stripTrailingZeros();
    }

    private static List<@Nullable Object> list(Collection<?> values) {
        List<@Nullable Object> list = new ArrayList<>(values.size());
        values.forEach(value -> list.add(of(value)));
        return Collections.unmodifiableList(list);
    }

    /** Whether values of this normal form have an order among each other. */
    static boolean isNumber(@Nullable Object normal) {
        return normal instanceof Long || normal instanceof BigDecimal;
    }

    static BigDecimal decimal(Object normal) {
        return normal instanceof Long whole ? BigDecimal.valueOf(whole) : (BigDecimal) normal;
    }

    /** Whether two values of normal form can be compared. */
    static boolean comparable(Object one, Object other) {
        return isNumber(one) && isNumber(other) || one instanceof Comparable && one.getClass() == other.getClass();
    }

    /** Compares two values of normal form that are {@link #comparable}. */
    @SuppressWarnings("unchecked")
    static int compare(Object one, Object other) {
        return one instanceof Long a && other instanceof Long b
                ? Long.compare(a, b)
                : isNumber(one) ? decimal(one).compareTo(decimal(other)) : ((Comparable<Object>) one).compareTo(other);
    }

    static String text(@Nullable Object normal) {
        return normal instanceof BigDecimal decimal ? decimal.toPlainString() : String.valueOf(normal);
    }
}
