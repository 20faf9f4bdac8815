package io.dataflux.verify;

import java.math.BigDecimal;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Calendar;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * When two single values of different types are the same: numbers by value; moments ({@code Instant}, {@code OffsetDateTime}, {@code
 * ZonedDateTime}, {@code java.util.Date}, {@code Calendar}, and ISO text compared with one of them) by the instant; local dates and times
 * also with their ISO text; enums, UUIDs, URIs and the other values of {@code java.time} with their text. So text is never a number, a
 * boolean or an object.
 */
final class Equivalence {

    private Equivalence() {}

    /** Whether two values are equal, or the same by one of the equivalences. */
    static boolean same(Object expected, Object actual) {
        BigDecimal number = number(expected);
        BigDecimal other = number(actual);
        if (number != null && other != null) {
            return number.compareTo(other) == 0;
        }
        Instant moment = moment(expected);
        Instant otherMoment = moment(actual);
        if (moment != null || otherMoment != null) {
            moment = moment == null ? parsed(expected) : moment;
            otherMoment = otherMoment == null ? parsed(actual) : otherMoment;
            return moment != null && moment.equals(otherMoment);
        }
        Object local = local(expected);
        Object otherLocal = local(actual);
        if (local != null || otherLocal != null) {
            local = local == null ? parsedLike(otherLocal, expected) : local;
            otherLocal = otherLocal == null ? parsedLike(local, actual) : otherLocal;
            return local != null && local.equals(otherLocal);
        }
        String text = asText(expected);
        return text == null ? expected.equals(actual) : text.equals(asText(actual));
    }

    private static @Nullable BigDecimal number(Object value) {
        if (value instanceof BigDecimal decimal) {
            return decimal;
        }
        try {
            return value instanceof Number ? new BigDecimal(value.toString()) : null;
        } catch (NumberFormatException e) {
            return null; // NaN or infinite
        }
    }

    /** Whether a value is one moment, wherever the clock hangs. */
    static boolean isMoment(Object value) {
        return moment(value) != null;
    }

    @SuppressWarnings("JavaUtilDate") // what older drivers and beans give
    private static @Nullable Instant moment(Object value) {
        if (value instanceof Instant instant) {
            return instant;
        }
        if (value instanceof OffsetDateTime offset) {
            return offset.toInstant();
        }
        if (value instanceof ZonedDateTime zoned) {
            return zoned.toInstant();
        }
        if (value instanceof Calendar calendar) {
            return calendar.toInstant();
        }
        return value instanceof java.util.Date date && !isPart(date) ? date.toInstant() : null;
    }

    /** Whether it is a date without a time, or a time without a date, which are no moments. */
    private static boolean isPart(java.util.Date date) {
        return date instanceof java.sql.Date || date instanceof java.sql.Time;
    }

    private static @Nullable Instant parsed(Object value) {
        try {
            return value instanceof CharSequence text
                    ? DateTimeFormatter.ISO_ZONED_DATE_TIME.parse(text, Instant::from)
                    : null;
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static @Nullable Object local(Object value) {
        return value instanceof java.sql.Date date
                ? date.toLocalDate()
                : value instanceof java.sql.Time time
                        ? time.toLocalTime()
                        : value instanceof LocalDate || value instanceof LocalTime || value instanceof LocalDateTime
                                ? value
                                : null;
    }

    /** ISO text as a local date or time of the kind of another one; null if it is none. */
    private static @Nullable Object parsedLike(@Nullable Object local, Object value) {
        try {
            return !(value instanceof CharSequence text)
                    ? null
                    : local instanceof LocalDate
                            ? LocalDate.parse(text)
                            : local instanceof LocalTime ? LocalTime.parse(text) : LocalDateTime.parse(text);
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** The text that stands for a value in JSON and in databases; null if the value is not written as text. */
    private static @Nullable String asText(Object value) {
        if (value instanceof Enum<?> constant) {
            return constant.name();
        }
        return value instanceof CharSequence
                        || value instanceof Character
                        || value instanceof UUID
                        || value instanceof URI
                        || value.getClass().getPackageName().equals("java.time")
                ? value.toString()
                : null;
    }
}
