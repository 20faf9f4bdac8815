package io.dataflux.config;

import io.dataflux.json.FieldPath;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The content of a YAML or JSON file before it is interpreted: maps, lists and scalars, each with its path and line. Immutable. */
sealed interface Tree {

    /** Its path, such as {@code sinks.broker.topic} or {@code region_sinks.eu[1]}; empty for the whole file. */
    String path();

    /** The line it begins on, from 1; 0 if it is not in a file. */
    int line();

    /** A map, in the order of the file. */
    record Mapping(String path, int line, Map<String, Entry> entries) implements Tree {
        public Mapping {
            entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
        }

        /** The value of a key, or null. */
        @Nullable
        Tree get(String key) {
            Entry entry = entries.get(key);
            return entry == null ? null : entry.value();
        }

        Collection<Entry> all() {
            return entries.values();
        }

        /** The path that a key has or would have. */
        String pathOf(String key) {
            Entry entry = entries.get(key);
            return entry == null ? Tree.child(path, key) : entry.value().path();
        }

        /** This map with one value set. */
        Mapping with(String key, Tree value) {
            Map<String, Entry> changed = new LinkedHashMap<>(entries);
            Entry old = changed.get(key);
            changed.put(key, new Entry(old == null ? Scalar.given(path, key, Origin.FILE) : old.key(), value));
            return new Mapping(path, line, changed);
        }

        /** This map without one key. */
        Mapping without(String key) {
            Map<String, Entry> changed = new LinkedHashMap<>(entries);
            changed.remove(key);
            return new Mapping(path, line, changed);
        }
    }

    /** A key and its value. */
    record Entry(Scalar key, Tree value) {}

    /** A list. */
    record Sequence(String path, int line, List<Tree> items) implements Tree {
        public Sequence {
            items = List.copyOf(items);
        }
    }

    /**
     * A single value.
     *
     * @param quoted whether it was in quotes (or in a block of text) and is therefore text
     * @param flaw why it cannot be used as it is written, without the value itself; null if it can
     */
    record Scalar(
            String path,
            int line,
            String text,
            boolean quoted,
            Origin origin,
            @Nullable String flaw) implements Tree {

        /** A value that is not in a file. */
        static Scalar given(String path, String text, Origin origin) {
            return new Scalar(path, 0, text, false, origin, null);
        }

        PlainText.Type type() {
            return quoted ? PlainText.Type.TEXT : PlainText.type(text);
        }
    }

    /**
     * Where a value came from.
     *
     * @param name how users name the source
     * @param typed whether the source distinguishes text from numbers; the value of a flag or a variable takes the type that is asked for
     * @param hidden whether the value must not be shown
     */
    record Origin(String name, boolean typed, boolean hidden) {
        static final Origin FILE = new Origin("file", true, false);

        static Origin flag(String name) {
            return new Origin(name, false, false);
        }

        static Origin environment(String variable) {
            return new Origin("environment " + variable, false, true);
        }
    }

    /** The tree of settings that were given in code: text, numbers, booleans, lists and maps of these. */
    static Mapping given(String path, Map<String, ?> values) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        values.forEach((name, value) -> {
            String child = child(path, name);
            entries.put(name, new Entry(Scalar.given(child, name, Origin.FILE), givenValue(child, value)));
        });
        return new Mapping(path, 0, entries);
    }

    private static Tree givenValue(String path, @Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> named = new LinkedHashMap<>();
            map.forEach((name, inner) -> named.put(name.toString(), inner));
            return given(path, named);
        }
        if (value instanceof List<?> list) {
            List<Tree> items = new ArrayList<>();
            list.forEach(item -> items.add(givenValue(item(path, items.size()), item)));
            return new Sequence(path, 0, items);
        }
        String text = value instanceof BigDecimal decimal ? decimal.toPlainString() : String.valueOf(value);
        return new Scalar(path, 0, text, value instanceof CharSequence, Origin.FILE, null);
    }

    /** The path of a key below a path; keys that would be misread as a path are quoted. */
    static String child(String path, String key) {
        return FieldPath.place(path, key);
    }

    /** The path of a list's item. */
    static String item(String path, int index) {
        return path + '[' + index + ']';
    }
}
