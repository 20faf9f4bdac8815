package io.dataflux.encode;

import io.dataflux.json.FieldPath;
import io.dataflux.model.Field;
import io.dataflux.model.Key;
import io.dataflux.model.Kind;
import io.dataflux.model.StreamDefinition;
import io.dataflux.problem.Problems;
import io.dataflux.schedule.Schedule;
import java.sql.Timestamp;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the sequence of an event from the values that identify it: an id is inverted by arithmetic; a key and a time, or a key and an
 * occurrence, through the schedule. {@code kinds} are those of the identity fields, in their order; empty for code, whose id is a UUID
 * anywhere in the text.
 */
record IdentityFinder(List<Kind> kinds, List<String> paths) {

    private static final Pattern UUID_TEXT = Pattern.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final long LAST_LONG_ID = 1L << 40;

    static IdentityFinder of(StreamDefinition d, String path, Problems problems) {
        List<Kind> kinds = new ArrayList<>();
        for (String identity : d.identity()) {
            Field field = d.code() != null ? null : field(d.fields(), identity);
            if (field == null && d.code() == null) {
                problems.add(
                        path + ".identity",
                        "there is no field '" + identity + "'; the fields are "
                                + String.join(", ", d.fields().keySet()));
                return new IdentityFinder(List.of(), List.of());
            }
            if (field != null) {
                if (!isAlwaysThere(d.fields(), identity)) {
                    problems.add(
                            path + ".identity",
                            "'" + identity
                                    + "' can be null or absent; a field that identifies an event must always have a value");
                }
                kinds.add(
                        field.kind() instanceof Kind.Copy copy && copy.path().equals("key")
                                ? new Kind.KeyText(null)
                                : field.kind());
            }
        }
        IdentityFinder finder = new IdentityFinder(List.copyOf(kinds), d.identity());
        if (!kinds.isEmpty() && !finder.canFind()) {
            problems.add(
                    path + ".identity",
                    d.identity() + " cannot lead back to the event: name one id field ({id: \"ord_{}\"}), or a"
                            + " key field together with a time, occurrence or sequence field");
        }
        return finder;
    }

    private static @Nullable Field field(Map<String, Field> fields, String path) {
        int end = FieldPath.nameEnd(path, 0, fields::containsKey);
        Field field = end < 0 ? null : fields.get(path.substring(0, end));
        if (field == null || end == path.length()) {
            return field;
        }
        return field.kind() instanceof Kind.ObjectOf object ? field(object.fields(), path.substring(end + 1)) : null;
    }

    /** Whether the field and all objects around it are never null or absent. */
    private static boolean isAlwaysThere(Map<String, Field> fields, String path) {
        int end = FieldPath.nameEnd(path, 0, fields::containsKey);
        Field field = end < 0 ? null : fields.get(path.substring(0, end));
        return isAlwaysThere(field)
                && (end == path.length()
                        || field != null
                                && field.kind() instanceof Kind.ObjectOf object
                                && isAlwaysThere(object.fields(), path.substring(end + 1)));
    }

    private static boolean isAlwaysThere(@Nullable Field field) {
        return field != null
                && field.nullablePpm() == 0
                && field.absentPpm() == 0
                && !(field.kind() instanceof Kind.Constant constant && constant.value() == null);
    }

    private boolean canFind() {
        boolean key = has(Kind.KeyText.class) || has(Kind.KeyNumber.class);
        return has(Kind.Id.class)
                || has(Kind.LongId.class)
                || has(Kind.SequenceNumber.class)
                || key && (has(Kind.Time.class) || has(Kind.Occurrence.class));
    }

    private boolean has(Class<? extends Kind> kind) {
        return kinds.stream().anyMatch(kind::isInstance);
    }

    /** Whether only a key and a time say which event it is, so that several events may have the same. */
    boolean mayBeShared() {
        return has(Kind.Time.class)
                && !has(Kind.Id.class)
                && !has(Kind.LongId.class)
                && !has(Kind.SequenceNumber.class)
                && !has(Kind.Occurrence.class);
    }

    /** Where the ids of the stream end, whether they are its identity or not. */
    static long lastSequence(StreamDefinition d) {
        return d.fields().values().stream().anyMatch(IdentityFinder::hasLongId) ? LAST_LONG_ID : Long.MAX_VALUE;
    }

    private static boolean hasLongId(Field field) {
        return field.kind() instanceof Kind.LongId
                || field.kind().inner().values().stream().anyMatch(IdentityFinder::hasLongId);
    }

    /** The sequence, or -1. */
    long find(CompiledStream stream, Object... given) {
        if (paths.isEmpty() || given.length != paths.size()) {
            return -1;
        }
        String[] values = texts(given);
        try {
            long n = kinds.isEmpty() ? uuid(stream, values[0]) : candidate(stream, values);
            return n >= 0
                            && n < stream.end()
                            && (kinds.size() <= 1 || same(stream.event(n).identity(), values))
                    ? n
                    : -1;
        } catch (NumberFormatException | DateTimeException | StringIndexOutOfBoundsException | ArithmeticException e) {
            return -1; // text that no event of this stream can have
        }
    }

    /** The values as they are written in events. */
    private String[] texts(Object... values) {
        String[] texts = new String[values.length];
        for (int i = 0; i < values.length; i++) {
            Instant time = instant(values[i]);
            texts[i] = time != null && i < kinds.size() && kinds.get(i) instanceof Kind.Time kind
                    ? text(kind.format(), time)
                    : String.valueOf(values[i]);
        }
        return texts;
    }

    @SuppressWarnings("JavaUtilDate") // what older drivers return, such as java.sql.Timestamp
    private static @Nullable Instant instant(Object value) {
        if (value instanceof Instant instant) {
            return instant;
        }
        if (value instanceof OffsetDateTime offset) {
            return offset.toInstant();
        }
        if (value instanceof ZonedDateTime zoned) {
            return zoned.toInstant();
        }
        return value instanceof Timestamp stamp ? stamp.toInstant() : null;
    }

    private static String text(Kind.TimeFormat format, Instant time) {
        EventState state = new EventState();
        state.epochSecond = time.getEpochSecond();
        state.nano = time.getNano();
        return new TextNodes.Time(format).value(state).toString();
    }

    private static boolean same(List<Object> identity, String[] values) {
        for (int i = 0; i < values.length; i++) {
            if (!identity.get(i).toString().equals(values[i])) {
                return false;
            }
        }
        return true;
    }

    private long candidate(CompiledStream stream, String[] values) {
        long entity = -1;
        long occurrence = -1;
        Kind.@Nullable TimeFormat format = null;
        Instant time = Instant.EPOCH;
        for (int i = 0; i < values.length; i++) {
            Kind kind = kinds.get(i);
            String text = values[i];
            if (kind instanceof Kind.Id id) {
                return uuid(stream, between(text, id.pattern()));
            } else if (kind instanceof Kind.LongId) {
                return stream.identity().sequenceOfLong(Long.parseLong(text));
            } else if (kind instanceof Kind.SequenceNumber number) {
                return Long.parseLong(text) - number.first();
            } else if (kind instanceof Kind.KeyNumber) {
                entity = Long.parseLong(text);
            } else if (kind instanceof Kind.KeyText key) {
                String pattern = key.pattern();
                Key streamKey = stream.definition().key();
                entity = Long.parseLong(
                        between(text, pattern != null ? pattern : streamKey == null ? "{}" : streamKey.pattern()));
            } else if (kind instanceof Kind.Occurrence o) {
                occurrence = Long.parseLong(text) - o.first();
            } else if (kind instanceof Kind.Time t) {
                format = t.format();
                time = TextNodes.Time.parse(format, text);
            }
        }
        Schedule schedule = stream.schedule();
        if (entity < 0 || entity >= schedule.entities()) {
            return -1;
        }
        if (occurrence >= 0) {
            return schedule.sequenceOfOccurrence(entity, occurrence);
        }
        return format == null ? -1 : atTime(stream, entity, time, format, values);
    }

    /**
     * The event of the entity whose time is written as {@code time} and whose other values are those given; the first if there are several.
     */
    private static long atTime(
            CompiledStream stream, long entity, Instant time, Kind.TimeFormat format, String[] values) {
        Instant next = time.plus(1, TextNodes.Time.unit(format));
        Schedule schedule = stream.schedule();
        long occurrence = schedule.count(entity, stream.sequenceAt(time));
        // a late event is due up to its lateness after its time
        long end = schedule.count(entity, stream.sequenceAt(next.plusMillis(stream.longestLatenessMillis())));
        for (; occurrence < end; occurrence++) {
            long n = schedule.sequenceOfOccurrence(entity, occurrence);
            if (same(stream.event(n).identity(), values)) {
                return n;
            }
        }
        return -1;
    }

    private static String between(String text, String pattern) {
        int gap = pattern.indexOf("{}");
        String before = pattern.substring(0, gap);
        String after = pattern.substring(gap + 2);
        if (!text.startsWith(before) || !text.endsWith(after)) {
            throw new NumberFormatException(text);
        }
        return text.substring(before.length(), text.length() - after.length());
    }

    private static long uuid(CompiledStream stream, String text) {
        Matcher matcher = UUID_TEXT.matcher(text);
        if (!matcher.find()) {
            return -1;
        }
        UUID uuid = UUID.fromString(matcher.group());
        return stream.identity().sequenceOfUuid(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
    }
}
