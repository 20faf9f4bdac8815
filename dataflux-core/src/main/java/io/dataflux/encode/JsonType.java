package io.dataflux.encode;

import org.jspecify.annotations.Nullable;

/** The type that a value has in JSON. */
enum JsonType {
    TEXT,
    NUMBER,
    BOOLEAN,
    OBJECT,
    LIST;

    /** The type of a value that is not null; null if the node has none or more than one. */
    static @Nullable JsonType of(Node node) {
        if (node instanceof StructureNodes.Null) {
            return null;
        } else if (node instanceof NumberNodes.AsText) {
            return TEXT;
        } else if (node instanceof Redirected elsewhere) {
            return of(elsewhere.node());
        } else if (node instanceof StructureNodes.OrNull orNull) {
            return of(orNull.node());
        } else if (node instanceof StructureNodes.Absent absent) {
            return of(absent.node());
        } else if (node instanceof StructureNodes.Variant variant) {
            return ofAll(variant.cases());
        } else if (node instanceof StructureNodes.Obj || node instanceof ChangeNodes.Row) {
            return OBJECT;
        } else if (node instanceof StructureNodes.Elements) {
            return LIST;
        } else if (node instanceof TextNodes.Bool) {
            return BOOLEAN;
        } else if (node instanceof TextNodes.Dictionary dictionary) {
            return of(dictionary.values().get(0));
        }
        boolean number = node instanceof Node.Numeric
                || node instanceof TextNodes.LongId id && id.number()
                || node instanceof TextNodes.Time time && time.isNumber()
                || node instanceof SessionNodes.Pause
                || node instanceof ChangeNodes.ChangeTime changed
                        && changed.time().isNumber();
        return number ? NUMBER : TEXT;
    }

    /** The type of a value of a definition. */
    static JsonType of(Object value) {
        return value instanceof Number ? NUMBER : value instanceof Boolean ? BOOLEAN : TEXT;
    }

    private static @Nullable JsonType ofAll(@Nullable Node[] nodes) {
        JsonType common = null;
        for (Node node : nodes) {
            boolean hasNone = node == null || node instanceof StructureNodes.Null;
            JsonType type = hasNone ? common : of(node);
            if (!hasNone && (type == null || common != null && type != common)) {
                return null;
            }
            common = type;
        }
        return common;
    }

    /** Such as {@code numbers}. */
    String plural() {
        return switch (this) {
            case TEXT -> "text";
            case NUMBER -> "numbers";
            case BOOLEAN -> "true or false";
            case OBJECT -> "objects";
            case LIST -> "lists";
        };
    }
}
