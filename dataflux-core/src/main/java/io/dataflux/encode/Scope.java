package io.dataflux.encode;

import io.dataflux.json.FieldPath;
import io.dataflux.model.Field;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one object and the position of that object: paths in a definition are resolved in it, from the innermost object outwards.
 *
 * @param path the object's path within the event, empty for the event itself; draws are keyed by it
 * @param place the object's path within the definition, for messages; the two differ inside variants
 * @param level how many lists are around it
 * @param nodes what is compiled so far; {@code Compiler.OPEN} while a node is being compiled
 */
record Scope(
        Map<String, Field> fields,
        @Nullable Scope outer,
        String path,
        String place,
        int level,
        Map<String, Node> nodes,
        Map<String, Scope> inner) {

    /** The only name in the scope of a list: that of its element. */
    private static final String ELEMENT = "[]";

    /** The scope of a list, which has its element. */
    static Scope ofList(Field element, Scope outer, String path, String place) {
        return of(Map.of(ELEMENT, element), outer, path + ELEMENT, place, outer.level() + 1); // order never seen
    }

    static Scope of(Map<String, Field> fields, @Nullable Scope outer, String path, String place, int level) {
        return new Scope(fields, outer, path, place, level, new HashMap<>(), new HashMap<>()); // order never seen
    }

    /** The names of the innermost object around this place. */
    Set<String> names() {
        return outer != null && fields.containsKey(ELEMENT) ? outer.names() : fields.keySet();
    }

    /** Whether a field of this name can be seen from here. */
    boolean knows(String name) {
        return fields.containsKey(name) || outer != null && outer.knows(name);
    }

    /** How many objects are around the fields of this one, itself included. */
    int depth() {
        int own = fields.containsKey(ELEMENT) ? 0 : 1;
        return outer == null ? own : outer.depth() + own;
    }

    String pathOf(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    String placeOf(String name) {
        return FieldPath.place(place, name);
    }
}
