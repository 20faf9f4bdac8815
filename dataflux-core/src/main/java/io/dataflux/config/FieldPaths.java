package io.dataflux.config;

import io.dataflux.model.Field;
import io.dataflux.model.Kind;
import java.util.Map;
import java.util.Set;

/** The paths of the fields that hold one value per event, including those within objects. */
final class FieldPaths {

    private FieldPaths() {}

    static void add(String prefix, Map<String, Field> fields, Set<String> paths) {
        fields.forEach((name, field) -> {
            if (field.kind() instanceof Kind.ObjectOf object) {
                add(prefix + name + '.', object.fields(), paths);
            } else if (!(field.kind() instanceof Kind.ListOf)) {
                paths.add(prefix + name);
            }
        });
    }
}
