package io.dataflux.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a value of a configuration looks like: a piece of the JSON Schema, as maps, lists, text, numbers and booleans. Immutable. Where a
 * value has a type, a reference to the environment may stand for it.
 */
record Shape(Map<String, Object> json) {

    private static final String ENVIRONMENT = "\\$\\{env:";

    /** A shape that the schema defines under a name. */
    static Shape named(String definition) {
        return empty().with("$ref", "#/$defs/" + definition);
    }

    static Shape text() {
        return empty().with("type", "string");
    }

    /** Text in which a regular expression is found. */
    static Shape text(String pattern) {
        return text().with("pattern", pattern + "|" + ENVIRONMENT);
    }

    static Shape whole() {
        return typedOrEnvironment("integer");
    }

    /** A whole number between two bounds, both included. */
    static Shape whole(long min, long max) {
        return whole().with("minimum", min).with("maximum", max);
    }

    static Shape number(NumberRange range) {
        return typedOrEnvironment("number")
                .with(range.above() ? "exclusiveMinimum" : "minimum", range.min())
                .with("maximum", range.max());
    }

    static Shape bool() {
        return typedOrEnvironment("boolean");
    }

    /** A value of one of the schema's own types. */
    static Shape typed(String... types) {
        return empty().with("type", List.of(types));
    }

    private static Shape typedOrEnvironment(String type) {
        return typed(type, "string").with("pattern", ENVIRONMENT);
    }

    /** This text and no other. */
    static Shape only(String word) {
        return empty().with("const", word);
    }

    /** One of a few words. */
    static Shape oneOf(List<String> words) {
        return anyOf(empty().with("enum", words), named("env"));
    }

    static Shape anyOf(Shape... shapes) {
        return empty().with("anyOf", Stream.of(shapes).map(Shape::json).toList());
    }

    /** A list of at least so many. */
    static Shape list(int min, Shape item) {
        return empty().with("type", "array").with("minItems", min).with("items", item.json);
    }

    /** A map of at least so many values of one shape, by names that are free. */
    static Shape valuesByName(int min, Shape value) {
        Shape map = empty().with("type", "object").with("additionalProperties", value.json);
        return min == 0 ? map : map.with("minProperties", min);
    }

    /** A map with these keys only; add them by {@link #key} and {@link #needs}. */
    static Shape map() {
        return empty().with("type", "object").with("additionalProperties", false);
    }

    static Shape empty() {
        return new Shape(new LinkedHashMap<>());
    }

    /** What the value means, for people. */
    Shape says(String description) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("description", description);
        all.putAll(json);
        return new Shape(all);
    }

    /** What a key stands for if it is left out. */
    Shape orElse(Object value) {
        return with("default", value);
    }

    /** A key that may be left out. */
    Shape key(String name, Shape value) {
        Map<String, Object> keys = new LinkedHashMap<>(keys());
        keys.put(name, value.json);
        return with("properties", keys);
    }

    /** A key that must be there. */
    Shape needs(String name, Shape value) {
        Object required = json.getOrDefault("required", List.of());
        List<?> all =
                Stream.concat(((List<?>) required).stream(), Stream.of(name)).toList();
        return key(name, value).with("required", all);
    }

    /** What is known of each key. */
    @SuppressWarnings("unchecked") // only key() puts it there
    Map<String, Object> keys() {
        return (Map<String, Object>) json.getOrDefault("properties", new LinkedHashMap<String, Object>());
    }

    private Shape with(String word, Object value) {
        Map<String, Object> all = new LinkedHashMap<>(json);
        all.put(word, value);
        return new Shape(all);
    }
}
