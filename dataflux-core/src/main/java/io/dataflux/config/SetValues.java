package io.dataflux.config;

import io.dataflux.config.Tree.Entry;
import io.dataflux.config.Tree.Mapping;
import io.dataflux.config.Tree.Origin;
import io.dataflux.config.Tree.Scalar;
import io.dataflux.config.Tree.Sequence;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Settings given by their dotted paths, such as {@code sinks.lake.dir}, which replace those of the file or stand beside them. They are
 * checked as if they were in the file; messages name them {@code --set PATH}. A value that begins with a brace or a bracket is a map or a
 * list, as in a file.
 */
final class SetValues {

    static final String FLAG = "--set";

    private final Document document;

    private SetValues(Document document) {
        this.document = document;
    }

    /** What the file says, with these values. */
    static Mapping onto(Document file, Mapping root, Map<String, String> values) {
        Mapping all = root;
        for (Map.Entry<String, String> value : values.entrySet()) {
            Mapping set = new SetValues(file).set(all, value.getKey(), value.getKey(), value.getValue());
            all = set == null ? all : set;
        }
        return all;
    }

    /** Whether a value was given like this. */
    static boolean isSet(@Nullable Tree tree) {
        return tree instanceof Scalar value && value.origin().name().equals(FLAG);
    }

    /** @param rest what is left of the path below this map */
    private @Nullable Mapping set(Mapping map, String rest, String path, String value) {
        String key = key(map, rest);
        if (key.isEmpty()) {
            document.problems()
                    .add(
                            FLAG + ' ' + path,
                            "is not the path of a setting; write names with dots between them, such as limits.events");
            return null;
        }
        if (key.equals(rest)) {
            document.name(map.pathOf(key), FLAG + ' ' + path);
            return map.with(key, value(map.pathOf(key), FLAG + ' ' + path, value));
        }
        Tree there = map.get(key);
        String here = path.substring(0, path.length() - rest.length() + key.length());
        if (there != null && !(there instanceof Mapping)) {
            document.problems()
                    .add(
                            FLAG + ' ' + path,
                            here + " is " + (there instanceof Sequence ? "a list" : "a single value")
                                    + "; set it as a whole: " + FLAG + ' ' + here + "="
                                    + (there instanceof Sequence ? "[...]" : "..."));
            return null;
        }
        Mapping below =
                there instanceof Mapping old ? old : new Mapping(map.pathOf(key), 0, Map.of()); // order never seen
        if (there == null) {
            document.name(below.path(), FLAG + ' ' + here);
        }
        Mapping set = set(below, rest.substring(key.length() + 1), path, value);
        return set == null ? null : map.with(key, set);
    }

    /** The first name of a path; names with dots in them are recognised where the file has them. */
    private static String key(Mapping map, String rest) {
        String longest = "";
        for (String name : map.entries().keySet()) {
            if ((rest.equals(name) || rest.startsWith(name + ".")) && name.length() > longest.length()) {
                longest = name;
            }
        }
        int dot = rest.indexOf('.');
        return longest.isEmpty() ? dot < 0 ? rest : rest.substring(0, dot) : longest;
    }

    private static Tree value(String path, String shown, String text) {
        if (!text.startsWith("{") && !text.startsWith("[")) {
            return Scalar.given(path, text, Origin.flag(FLAG));
        }
        byte[] yaml = ("value: " + text).getBytes(StandardCharsets.UTF_8);
        Tree tree = Document.parse(shown, yaml).root().get("value");
        return tree == null ? Scalar.given(path, text, Origin.flag(FLAG)) : moved(tree, path);
    }

    /** A value as if it had been parsed at this path. */
    private static Tree moved(Tree tree, String to) {
        String path = to + tree.path().substring("value".length());
        if (tree instanceof Mapping map) {
            Map<String, Entry> entries = new LinkedHashMap<>();
            map.entries().forEach((name, entry) -> entries.put(name, new Entry(entry.key(), moved(entry.value(), to))));
            return new Mapping(path, 0, entries);
        } else if (tree instanceof Sequence list) {
            return new Sequence(
                    path, 0, list.items().stream().map(item -> moved(item, to)).toList());
        }
        Scalar value = (Scalar) tree;
        return new Scalar(path, 0, value.text(), value.quoted(), new Origin(FLAG, true, false), value.flaw());
    }
}
