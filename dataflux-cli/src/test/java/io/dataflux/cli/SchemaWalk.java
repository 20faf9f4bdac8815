package io.dataflux.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Error;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.dataflux.DataFlux;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Walks through a valid document and the schema of configurations in parallel, to see what the schema knows about each map. */
final class SchemaWalk {

    private static final String ID = "https://dataflux.io/dataflux.schema.json";

    private final JsonNode root;
    private final SchemaRegistry registry;

    /**
     * A map of a document.
     *
     * @param path as written in messages
     * @param steps names, and indices of items, from the root
     * @param pointers the schemas that list its keys
     */
    record Place(String path, List<String> steps, List<String> pointers, Set<String> keys, boolean isClosed) {
        /** A short name of what the map is. */
        String name() {
            String last = pointers.isEmpty() ? "" : pointers.get(pointers.size() - 1);
            return last.replace("/$defs/", "");
        }
    }

    private SchemaWalk(String text) {
        try {
            this.root = new ObjectMapper().readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.registry = SchemaRegistry.withDefaultDialect(
                SpecificationVersion.DRAFT_2020_12, builder -> builder.schemas(Map.of(ID, text)));
    }

    static SchemaWalk load() {
        return new SchemaWalk(DataFlux.schema());
    }

    JsonNode at(String pointer) {
        return root.at(pointer);
    }

    List<Error> errors(JsonNode document) {
        return errors("", document);
    }

    private List<Error> errors(String pointer, JsonNode document) {
        return registry.getSchema(SchemaLocation.of(ID + "#" + pointer)).validate(document);
    }

    /** All maps of a valid document, from the outside in. */
    List<Place> maps(JsonNode document) {
        List<Place> places = new ArrayList<>();
        walk(document, List.of(""), "", List.of(), places);
        return places;
    }

    private void walk(JsonNode node, List<String> schemas, String path, List<String> steps, List<Place> places) {
        List<String> all = new ArrayList<>();
        schemas.forEach(schema -> expand(schema, node, all));
        if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                String item = path + '[' + i + ']';
                walk(node.get(i), below(all, "/items"), item, plus(steps, String.valueOf(i)), places);
            }
        } else if (node.isObject()) {
            places.add(place(path, steps, all));
            for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
                String name = names.next();
                boolean plain =
                        !name.isEmpty() && name.chars().noneMatch(c -> c <= ' ' || c == '.' || c == '[' || c == '"');
                String shown = plain ? name : '"' + name + '"';
                String child = path.isEmpty() ? shown : path + '.' + shown;
                walk(node.get(name), children(all, name), child, plus(steps, name), places);
            }
        }
    }

    private Place place(String path, List<String> steps, List<String> schemas) {
        List<String> pointers = new ArrayList<>();
        Set<String> keys = new TreeSet<>();
        boolean closed = false;
        for (String pointer : schemas) {
            JsonNode schema = root.at(pointer);
            if (schema.has("properties")) {
                pointers.add(pointer);
                schema.get("properties").fieldNames().forEachRemaining(keys::add);
            }
            closed |= schema.path("additionalProperties").isBoolean()
                    || schema.path("unevaluatedProperties").isBoolean();
        }
        boolean names = schemas.stream().anyMatch(pointer -> root.at(pointer).has("patternProperties"));
        return new Place(path, steps, pointers, keys, closed && !names);
    }

    /** The schema, and those that it refers to or that hold for this node among its choices. */
    private void expand(String pointer, JsonNode node, List<String> all) {
        JsonNode schema = root.at(pointer);
        if (schema.has("$ref")) {
            expand(schema.get("$ref").asText().substring(1), node, all);
        }
        for (String choice : List.of("anyOf", "oneOf")) {
            for (int i = 0; i < schema.path(choice).size(); i++) {
                String branch = pointer + '/' + choice + '/' + i;
                if (errors(branch, node).isEmpty()) {
                    expand(branch, node, all);
                }
            }
        }
        all.add(pointer);
    }

    private List<String> below(List<String> schemas, String step) {
        return schemas.stream()
                .map(schema -> schema + step)
                .filter(pointer -> root.at(pointer).isObject())
                .toList();
    }

    private List<String> children(List<String> schemas, String name) {
        List<String> children = new ArrayList<>();
        for (String schema : schemas) {
            List<String> own = new ArrayList<>(below(List.of(schema), "/properties/" + escaped(name)));
            for (Iterator<String> patterns =
                            root.at(schema).path("patternProperties").fieldNames();
                    patterns.hasNext(); ) {
                String pattern = patterns.next();
                if (java.util.regex.Pattern.compile(pattern).matcher(name).find()) {
                    own.add(schema + "/patternProperties/" + escaped(pattern));
                }
            }
            children.addAll(own.isEmpty() ? below(List.of(schema), "/additionalProperties") : own);
        }
        return children;
    }

    private static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    private static List<String> plus(List<String> steps, String step) {
        List<String> longer = new ArrayList<>(steps);
        longer.add(step);
        return longer;
    }

    static JsonNode find(JsonNode document, List<String> steps) {
        JsonNode at = document;
        for (String step : steps) {
            at = at.isArray() ? at.get(Integer.parseInt(step)) : at.get(step);
        }
        return at;
    }

    /** Every schema that lists keys of a map and takes no others. */
    Set<String> pointersOfMaps() {
        Set<String> pointers = new TreeSet<>();
        collect(root, "", pointers);
        return pointers;
    }

    private static void collect(JsonNode node, String pointer, Set<String> pointers) {
        boolean closed = node.path("additionalProperties").isBoolean()
                || node.path("unevaluatedProperties").isBoolean();
        if (closed && node.path("properties").isObject()) {
            pointers.add(pointer);
        }
        if (node.isObject()) {
            node.fieldNames()
                    .forEachRemaining(name -> collect(node.get(name), pointer + '/' + escaped(name), pointers));
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                collect(node.get(i), pointer + '/' + i, pointers);
            }
        }
    }

    /** The default value of a key according to the schema; null if it has none. */
    @Nullable
    String defaultOf(Place place, String key) {
        for (String pointer : place.pointers()) {
            JsonNode value = root.at(pointer + "/properties/" + key + "/default");
            if (value.isValueNode()) {
                return value.asText();
            }
        }
        return null;
    }
}
