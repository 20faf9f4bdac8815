package io.dataflux.config;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.dataflux.RunMonitor;
import io.dataflux.problem.Problems;
import io.dataflux.spi.SinkProvider;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Assembles the JSON Schema of configurations: a resource of core, and the descriptions of the settings of sinks and monitors that come
 * with their providers, see {@link SinkProvider}. Stateless.
 */
public final class ConfigSchema {

    private static final String CORE = "/io/dataflux/dataflux.schema.json";
    /** The longest line, unless it cannot be broken. */
    private static final int WIDTH = 140;

    private static final ObjectMapper JSON = new ObjectMapper();

    private ConfigSchema() {}

    /** The schema with all sinks and monitors that are found. @throws io.dataflux.ConfigurationException if a description cannot be read */
    public static String text() {
        Problems problems = new Problems();
        Types types = Types.found(problems);
        ObjectNode whole = with(types.sinks(), problems);
        add(whole, "monitor", types.monitors(), RunMonitor.Provider::type, problems);
        problems.throwIfAny("schema");
        return text(whole, 0) + '\n';
    }

    /** The schema with these sinks. */
    static ObjectNode with(List<SinkProvider> sinks, Problems problems) {
        ObjectNode whole = core();
        add(whole, "sink", sinks, SinkProvider::type, problems);
        return whole;
    }

    /** Adds what providers say about their types, as further choices of what {@code kind} can be. */
    private static <P> void add(
            ObjectNode whole, String kind, List<P> providers, Function<P, String> typeOf, Problems problems) {
        Map<String, ObjectNode> parts = new TreeMap<>();
        for (P provider : providers) {
            String type = typeOf.apply(provider);
            read("META-INF/dataflux/" + type + "." + kind + ".json", provider.getClass(), problems)
                    .ifPresent(part -> parts.put(type, part));
        }
        String suffix = Character.toUpperCase(kind.charAt(0)) + kind.substring(1);
        ObjectNode definitions = (ObjectNode) whole.get("$defs");
        ObjectNode other = (ObjectNode) definitions.get("own" + suffix);
        ArrayNode choices = (ArrayNode) definitions.get(kind).get("anyOf");
        ArrayNode types = JSON.createArrayNode();
        parts.forEach((type, part) -> {
            definitions.set(type + suffix, described(type, part, other));
            choices.insertObject(types.size()).put("$ref", "#/$defs/" + type + suffix);
            types.add(type);
        });
        if (!parts.isEmpty()) {
            ((ObjectNode) other.at("/properties/type")).putObject("not").set("enum", types);
        }
    }

    private static ObjectNode core() {
        try (InputStream in = ConfigSchema.class.getResourceAsStream(CORE)) {
            return (ObjectNode) JSON.readTree(Objects.requireNonNull(in, CORE));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<ObjectNode> read(String name, Class<?> provider, Problems problems) {
        try (InputStream in = provider.getClassLoader().getResourceAsStream(name)) {
            JsonNode part = in == null ? null : JSON.readTree(in);
            if (part instanceof ObjectNode schema) {
                return Optional.of(schema);
            }
            if (part != null) {
                problems.add(name, "is not a JSON object; repair it in the jar of " + provider.getName());
            }
        } catch (IOException e) {
            problems.add(name, "cannot be read: " + e.getMessage());
        }
        return Optional.empty();
    }

    /** What every type has, and the settings of this one; no others. */
    private static ObjectNode described(String type, ObjectNode part, ObjectNode any) {
        ObjectNode its = any.deepCopy();
        ObjectNode properties = (ObjectNode) its.get("properties");
        properties.putObject("type").put("const", type);
        if (part.remove("properties") instanceof ObjectNode own) {
            properties.setAll(own);
        }
        its.setAll(part);
        return its.put("additionalProperties", false);
    }

    /** Lists and maps that fit on one line stay there. */
    private static String text(JsonNode node, int indent) {
        String line = line(node);
        if (node.isValueNode() || indent + line.length() <= WIDTH) {
            return line;
        }
        String outer = "\n" + " ".repeat(indent);
        String inner = outer + "  ";
        return node.isObject()
                ? names(node)
                        .map(name -> quoted(name) + ": " + text(node.get(name), indent + 2))
                        .collect(joining("," + inner, "{" + inner, outer + "}"))
                : items(node)
                        .map(item -> text(item, indent + 2))
                        .collect(joining("," + inner, "[" + inner, outer + "]"));
    }

    private static String line(JsonNode node) {
        if (node.isObject()) {
            return names(node)
                    .map(name -> quoted(name) + ": " + line(node.get(name)))
                    .collect(joining(", ", "{", "}"));
        }
        return node.isArray() ? items(node).map(ConfigSchema::line).collect(joining(", ", "[", "]")) : node.toString();
    }

    private static Stream<JsonNode> items(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }

    private static Stream<String> names(JsonNode map) {
        return StreamSupport.stream(((Iterable<String>) map::fieldNames).spliterator(), false);
    }

    private static String quoted(String name) {
        return TextNode.valueOf(name).toString();
    }
}
