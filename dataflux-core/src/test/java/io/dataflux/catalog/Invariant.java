package io.dataflux.catalog;

import io.dataflux.model.StreamDefinition;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * What is true of every event of a stream.
 *
 * @param says the invariant in words
 * @param holds whether it holds for an event, parsed from its bytes
 * @param broken a mutation of the stream's definition that breaks it, which shows that the invariant is not vacuous
 */
record Invariant(String says, Predicate<Map<String, Object>> holds, UnaryOperator<StreamDefinition.Builder> broken) {

    /** The number at a path; not a number if there is none. */
    static double number(Map<String, Object> event, String path) {
        return at(event, path) instanceof Number number ? number.doubleValue() : Double.NaN;
    }

    /** The text at a path; empty if there is none. */
    static String text(Map<String, Object> event, String path) {
        return at(event, path) instanceof String text ? text : "";
    }

    /** Whether all of the text at a path matches. */
    static boolean matches(Map<String, Object> event, String path, Pattern pattern) {
        return pattern.matcher(text(event, path)).matches();
    }

    static boolean flag(Map<String, Object> event, String path) {
        return Boolean.TRUE.equals(at(event, path));
    }

    /** Whether there is a value that is not null. */
    static boolean has(Map<String, Object> event, String path) {
        return at(event, path) != null;
    }

    static boolean within(Map<String, Object> event, String path, double least, double most) {
        double number = number(event, path);
        return number >= least && number <= most;
    }

    static Object at(Map<String, Object> event, String path) {
        int dot = path.indexOf('.');
        if (dot < 0) {
            return event.get(path);
        }
        return event.get(path.substring(0, dot)) instanceof Map<?, ?> map ? map.get(path.substring(dot + 1)) : null;
    }

    /** That the value of one field decides the value of another, over all events seen. */
    static Predicate<Map<String, Object>> decides(String path, String other) {
        Map<Object, Object> seen = new HashMap<>();
        return event -> {
            Object from = at(event, path);
            Object to = at(event, other);
            if (from == null) {
                return !has(event, other);
            }
            Object before = seen.putIfAbsent(from, to == null ? "" : to);
            return before == null || before.equals(to == null ? "" : to);
        };
    }

    /** What holds between an event and the one before of the same session; for the first one, that is null. */
    static Predicate<Map<String, Object>> follows(
            String session, BiPredicate<Map<String, Object>, Map<String, Object>> holds) {
        Map<Object, Map<String, Object>> last = new HashMap<>();
        return event -> holds.test(last.put(at(event, session), event), event);
    }

    /** That a value is that of the latest event of the session for which {@code source} holds, wherever {@code user} holds. */
    static Predicate<Map<String, Object>> refersTo(
            String session, String path, Predicate<Map<String, Object>> source, Predicate<Map<String, Object>> user) {
        Map<Object, Object> latest = new HashMap<>();
        return event -> {
            if (source.test(event)) {
                latest.put(at(event, session), at(event, path));
            }
            return !user.test(event) || Objects.equals(at(event, path), latest.get(at(event, session)));
        };
    }

    /** The fields of an event, and no other. */
    static Predicate<Map<String, Object>> hasExactly(String... fields) {
        List<String> expected = List.of(fields);
        return event -> List.copyOf(event.keySet()).equals(expected);
    }

    /** What is behind the last underscore or hyphen. */
    static String suffix(String text) {
        return text.substring(Math.max(text.lastIndexOf('_'), text.lastIndexOf('-')) + 1);
    }
}
