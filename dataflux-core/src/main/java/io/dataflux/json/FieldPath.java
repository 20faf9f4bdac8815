package io.dataflux.json;

import java.util.function.Predicate;

/**
 * The path of a field, such as {@code address.zip}: names joined by dots. A name may contain dots itself, so a path is read together with
 * the object that it leads through: the longest name that the object has comes next. Definitions in which a path would lead to two fields
 * are refused.
 */
public final class FieldPath {

    private FieldPath() {}

    /** Where the name ends that begins at {@code from}: the longest that is known there, or -1 if none is. */
    public static int nameEnd(String path, int from, Predicate<String> known) {
        for (int end = path.length(); end >= from; end = path.lastIndexOf('.', end - 1)) {
            if (known.test(path.substring(from, end))) {
                return end;
            }
        }
        return -1;
    }

    /** The place of a name below another place of a definition, for messages; names that would be misread are quoted. */
    public static String place(String above, String name) {
        boolean plain = !name.isEmpty() && name.chars().noneMatch(c -> c <= ' ' || c == '.' || c == '[' || c == '"');
        String shown = plain ? name : '"' + name.replace("\"", "\\\"").replace("\n", "\\n") + '"';
        return above.isEmpty() ? shown : above + '.' + shown;
    }
}
