package io.dataflux.config;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.dataflux.problem.Problems;
import io.dataflux.spi.SinkProvider;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Assembles the JSON Schema of configurations: a resource of core, and the description of each sink's settings that comes with its
 * provider, see {@link SinkProvider}. Stateless.
 */
public final class ConfigSchema {

    private static final String CORE = "/io/dataflux/dataflux.schema.json";
    /** The longest line, unless it cannot be broken. */
    private static final int WIDTH = 140;

    private static final ObjectMapper JSON = new ObjectMapper();

    private ConfigSchema() {}

    /** The schema with all sinks that are found. @throws io.dataflux.ConfigurationException if a description cannot be read */
    public static String text() {
        Problems problems = new Problems();
        ObjectNode whole = with(Types.found(problems).sinks(), problems);
        problems.throwIfAny("schema");
        return text(whole, 0) + '\n';
    }

    /** The schema with these sinks. */
    static ObjectNode with(List<SinkProvider> sinks, Problems problems) {
        Map<String, ObjectNode> parts = new TreeMap<>();
        for (SinkProvider sink : sinks) {
            read("META-INF/dataflux/" + sink.type() + ".sink.json", sink, parts, problems);
        }
        ObjectNode whole = core();
        ObjectNode definitions = (ObjectNode) whole.get("$defs");
        ObjectNode other = (ObjectNode) definitions.get("ownSink");
        ArrayNode choices = (ArrayNode) definitions.get("sink").get("anyOf");
        ArrayNode types = JSON.createArrayNode();
        parts.forEach((type, part) -> {
            definitions.set(type + "Sink", sink(type, part, other));
            choices.insertObject(types.size()).put("$ref", "#/$defs/" + type + "Sink");
            types.add(type);
        });
        if (!parts.isEmpty()) {
            ((ObjectNode) other.at("/properties/type")).putObject("not").set("enum", types);
        }
        return whole;
    }

    private static ObjectNode core() {
        try (InputStream in = ConfigSchema.class.getResourceAsStream(CORE)) {
            return (ObjectNode) JSON.readTree(Objects.requireNonNull(in, CORE));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void read(String name, SinkProvider sink, Map<String, ObjectNode> parts, Problems problems) {
        try (InputStream in = sink.getClass().getClassLoader().getResourceAsStream(name)) {
            JsonNode part = in == null ? null : JSON.readTree(in);
            if (part instanceof ObjectNode schema) {
                parts.put(sink.type(), schema);
            } else if (part != null) {
                problems.add(
                        name,
                        "is not a JSON object; repair it in the jar of "
                                + sink.getClass().getName());
            }
        } catch (IOException e) {
            problems.add(name, "cannot be read: " + e.getMessage());
        }
    }

    /** What every sink has, and the settings of this type; no others. */
    private static ObjectNode sink(String type, ObjectNode part, ObjectNode any) {
        ObjectNode sink = any.deepCopy();
        ObjectNode properties = (ObjectNode) sink.get("properties");
        properties.putObject("type").put("const", type);
        if (part.remove("properties") instanceof ObjectNode own) {
            properties.setAll(own);
        }
        sink.setAll(part);
        return sink.put("additionalProperties", false);
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
