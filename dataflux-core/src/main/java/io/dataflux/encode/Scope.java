package io.dataflux.encode;

import io.dataflux.model.Field;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one object, and where that object stands: what a path in a definition is looked up in, from the innermost object
 * outwards.
 *
 * @param path of the object within the event, empty for the event itself; draws are keyed by it
 * @param place of the object within the definition, for messages; the two differ inside variants
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

    /** The one name in the scope of a list, which only its element has. */
    private static final String ELEMENT = "[]";

    /** The scope of a list, in which its element stands. */
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

    String pathOf(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    String placeOf(String name) {
        return place + "." + name;
    }
}
