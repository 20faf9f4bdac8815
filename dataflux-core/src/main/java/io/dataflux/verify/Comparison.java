package io.dataflux.verify;

import com.fasterxml.jackson.databind.JsonNode;
import io.dataflux.Event;
import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Compares what a system put out with what was expected: the fields of the expected object, in their order, or some of them. Lists are
 * compared element by element, and other values that have fields by their fields; extra fields on the other side do not count. An expected
 * null and a field that is not there are the same.
 *
 * <p>When two single values are the same, {@link Equivalence} says. Immutable.
 */
final class Comparison {

    private static final int MOST_DIGITS = 1000;

    private final List<String> fields;

    /** @param fields paths such as {@code address.zip}; empty for all fields of what is expected */
    Comparison(List<String> fields) {
        this.fields = List.copyOf(fields);
    }

    /** Whether only some fields are compared. */
    boolean chooses() {
        return !fields.isEmpty();
    }

    /**
     * Checks that each field to compare is in some of the expected objects; an object that lacks it counts as if it had null there.
     *
     * @throws IllegalArgumentException if a field is in none of them
     */
    void check(List<?> expected) {
        List<NamedValues> all = expected.stream()
                .map(Comparison::membersOf)
                .filter(Objects::nonNull)
                .toList();
        for (String field : fields) {
            Set<String> instead = new LinkedHashSet<>();
            boolean somewhere = all.isEmpty();
            for (NamedValues members : all) {
                List<String> names = members.insteadOf(field);
                somewhere |= names.isEmpty();
                instead.addAll(names);
            }
            if (!somewhere) {
                throw new IllegalArgumentException(
                        "comparing(\"" + field + "\"): what is expected has no such field; it has " + instead);
            }
        }
    }

    /** What differs, one entry per field; empty if nothing does. */
    List<Difference> differences(@Nullable Object expected, @Nullable Object actual) {
        if (fields.isEmpty() && NamedValues.plainlySame(expected, actual)) {
            return List.of();
        }
        if (fields.isEmpty() && expected instanceof Event event && text(actual) != null) {
            byte[] is = Objects.requireNonNull(text(actual));
            byte[] should = event.bytes();
            return Arrays.equals(should, is) ? List.of() : List.of(Difference.between(should, should.length, is));
        }
        byte[] text = text(expected);
        byte[] other = text(actual);
        if (fields.isEmpty() && text != null && other != null) {
            return Arrays.equals(text, other) ? List.of() : List.of(Difference.ofBytes(text, other, ""));
        }
        NamedValues should = fields.isEmpty() ? NamedValues.of(expected) : membersOf(expected);
        NamedValues is = membersOf(actual);
        if (should != null && is == null && other != null) {
            return List.of(new Difference(
                    "form", "not readable as JSON: " + Excerpt.quoted(new String(other, StandardCharsets.UTF_8))));
        }
        if (should == null || is == null) {
            return listOf(first(expected, actual, ""));
        }
        List<Difference> differences = new ArrayList<>();
        for (String field : fields.isEmpty() ? should.names() : fields) {
            Difference difference = fields.isEmpty() ? member(field, "", should, is) : path(field, should, is);
            if (difference != null) {
                differences.add(difference);
            }
        }
        return differences;
    }

    /**
     * What differs between an event and what came out although it should be unchanged. Text and bytes are compared with the bytes of the
     * event. Other records are compared in the fields that the test sees of an event: as JSON, if that is what they were decoded from.
     *
     * @param seen what the test sees of the event
     * @param json what the record was decoded from; null if that is not known, or no JSON
     */
    List<Difference> unchanged(Event event, @Nullable Object seen, @Nullable Object record, byte @Nullable [] json) {
        byte[] text = text(record);
        if (fields.isEmpty() && text != null) {
            return differences(event, record);
        }
        NamedValues members = NamedValues.of(seen);
        NamedValues should = NamedValues.of(event);
        NamedValues is = json == null ? text == null ? null : membersOf(record) : NamedValues.ofText(json);
        if (is == null || members == null || should == null) {
            return differences(seen, record);
        }
        List<Difference> differences = new ArrayList<>();
        NamedValues others = text == null ? membersOf(record) : null;
        for (String field : fields.isEmpty() ? members.names() : fields) {
            int end = should.nameEnd(field, 0);
            String first = end < 0 ? field : field.substring(0, end);
            boolean asJson = should.has(first) && (is.has(first) || others == null || !others.has(first));
            Difference difference = asJson
                    ? path(field, should, is)
                    : others == null ? path(field, members, is) : path(field, members, others);
            if (difference != null
                    && !(asJson && members.hasAt(field) && sameTo(members.at(field), should.at(field), is.at(field)))) {
                differences.add(difference);
            }
        }
        return differences;
    }

    /**
     * Whether two values of JSON are the same to a test that sees the first one as something else: moments in another form, and objects in
     * which it does not see all fields.
     */
    private static boolean sameTo(@Nullable Object seen, @Nullable Object expected, @Nullable Object actual) {
        Object opened = opened(seen);
        if (opened != null && Equivalence.isMoment(opened) && expected instanceof String && actual instanceof String) {
            return Equivalence.same(opened, actual);
        }
        NamedValues members = NamedValues.of(opened);
        NamedValues should = NamedValues.of(expected);
        NamedValues is = NamedValues.of(actual);
        if (members != null && should != null && is != null) {
            return members.names().stream()
                    .allMatch(name -> sameTo(members.value(name), should.value(name), is.value(name)));
        }
        if (opened != null
                && (opened instanceof Collection<?> || opened.getClass().isArray())
                && expected instanceof List<?> wanted
                && actual instanceof List<?> had) {
            List<?> elements = listed(opened);
            return elements.size() == had.size()
                    && wanted.size() == had.size()
                    && IntStream.range(0, had.size()).allMatch(i -> sameTo(elements.get(i), wanted.get(i), had.get(i)));
        }
        return first(expected, actual, "") == null;
    }

    /** The members of a record, which may be JSON as text. */
    static @Nullable NamedValues membersOf(@Nullable Object record) {
        byte[] text = text(record);
        return text == null ? NamedValues.of(record) : NamedValues.ofText(text);
    }

    /** The bytes of a record that is text; null if it is another object. */
    static byte @Nullable [] text(@Nullable Object record) {
        return record instanceof byte[] bytes
                ? bytes
                : record instanceof String string ? string.getBytes(StandardCharsets.UTF_8) : null;
    }

    private static @Nullable Difference path(String path, NamedValues expected, NamedValues actual) {
        NamedValues should = expected;
        NamedValues is = actual;
        int begin = 0;
        int end = should.nameEnd(path, begin);
        while (end >= 0 && end < path.length()) {
            String name = path.substring(begin, end);
            Object inner = opened(should.value(name));
            Object other = opened(is.value(name));
            NamedValues below = NamedValues.of(inner);
            NamedValues others = other == null ? NamedValues.NONE : NamedValues.of(other);
            if (inner != null && below == null) {
                throw new IllegalArgumentException("comparing(\"" + path + "\"): " + path.substring(0, end)
                        + " has no fields, it is " + Excerpt.start(show(inner)) + "; compare it as a whole");
            }
            if (others == null) {
                return difference(path, inner, other);
            }
            begin = end + 1;
            if (below == null) { // and so is all in it
                return first(null, others.at(path.substring(begin)), path);
            }
            should = below;
            is = others;
            end = should.nameEnd(path, begin);
        }
        return end < 0 // what is not there is null
                ? first(null, is.at(path.substring(begin)), path)
                : member(path.substring(begin), path.substring(0, begin), should, is);
    }

    private static @Nullable Difference member(String name, String above, NamedValues expected, NamedValues actual) {
        Object should = opened(expected.value(name));
        String path = above + name;
        if (should != null && !actual.has(name)) {
            return new Difference(path, path + " expected " + Excerpt.start(show(should)) + " but is missing");
        }
        return first(should, actual.value(name), path);
    }

    private static @Nullable Difference first(@Nullable Object expected, @Nullable Object actual, String path) {
        Object should = opened(expected);
        Object is = opened(actual);
        if (should == null || is == null) {
            return should == is ? null : difference(path, should, is);
        }
        if (should instanceof byte[] bytes && is instanceof byte[] others) {
            return Arrays.equals(bytes, others) ? null : Difference.ofBytes(bytes, others, path);
        }
        if (should instanceof Collection<?> || should.getClass().isArray()) {
            return is instanceof Collection<?> || is.getClass().isArray()
                    ? elements(listed(should), listed(is), path)
                    : difference(path, should, is);
        }
        NamedValues members = NamedValues.of(should);
        NamedValues others = NamedValues.of(is);
        if (members != null && others != null) {
            String above = path.isEmpty() ? "" : path + ".";
            for (String name : members.names()) {
                Difference difference = member(name, above, members, others);
                if (difference != null) {
                    return difference;
                }
            }
            return null;
        }
        return Equivalence.same(should, is) ? null : difference(path, should, is);
    }

    private static @Nullable Difference elements(List<?> expected, List<?> actual, String path) {
        for (int i = 0; i < Math.min(expected.size(), actual.size()); i++) {
            Difference difference = first(expected.get(i), actual.get(i), path + "[" + i + "]");
            if (difference != null) {
                return difference;
            }
        }
        return expected.size() == actual.size()
                ? null
                : new Difference(
                        name(path),
                        name(path) + " expected " + Difference.elements(expected.size()) + " but had "
                                + Difference.elements(actual.size()));
    }

    /** What an {@code Optional} or a value of JSON holds; any other value as it is. */
    static @Nullable Object opened(@Nullable Object value) {
        return value instanceof Optional<?> optional
                ? optional.orElse(null)
                : value instanceof JsonNode node ? NamedValues.plain(node) : value;
    }

    private static List<?> listed(Object list) {
        if (list instanceof Collection<?> collection) {
            return new ArrayList<>(collection);
        }
        List<@Nullable Object> elements = new ArrayList<>();
        for (int i = 0; i < Array.getLength(list); i++) {
            elements.add(Array.get(list, i));
        }
        return elements;
    }

    private static List<Difference> listOf(@Nullable Difference difference) {
        return difference == null ? List.of() : List.of(difference);
    }

    private static Difference difference(String path, @Nullable Object expected, @Nullable Object actual) {
        Excerpt shown = expected instanceof CharSequence text && actual instanceof CharSequence other
                ? Excerpt.ofTexts(text, other)
                : Excerpt.of(show(expected), show(actual));
        return new Difference(name(path), shown.sentence(name(path)));
    }

    private static String name(String path) {
        return path.isEmpty() ? "the value" : path;
    }

    private static String show(@Nullable Object value) {
        return value instanceof CharSequence
                ? "\"" + value + "\""
                : value instanceof BigDecimal decimal && Math.abs(decimal.scale()) < MOST_DIGITS
                        ? decimal.toPlainString()
                        : value instanceof byte[] bytes
                                ? new String(bytes, StandardCharsets.UTF_8)
                                : String.valueOf(value);
    }
}
