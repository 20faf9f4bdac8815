package io.dataflux.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dataflux.ConfigurationException.Problem;
import io.dataflux.config.Tree.Mapping;
import io.dataflux.model.Field;
import io.dataflux.model.Kind;
import io.dataflux.problem.Problems;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/**
 * The kinds in {@code dataflux.schema.json} are those of {@link FieldKind}. {@code -Ddataflux.schema=write} writes them into the file,
 * after which everything else in it is as it was.
 */
class FieldKindTest {

    private static final Path FILE = Path.of("src", "main", "resources", "io", "dataflux", "dataflux.schema.json");
    private static final Path PAGE = Path.of("..", "docs", "streams.md");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int WIDTH = 150;

    @Test
    void theSchemaHasTheKindsOfTheTable() throws IOException {
        ObjectNode kinds = JSON.createObjectNode().put("description", "Exactly one field kind, with its settings.");
        ArrayNode forms = kinds.putArray("oneOf");
        for (FieldKind kind : FieldKind.ALL) {
            forms.add(form(kind));
        }
        String expected = text(kinds, 4, 8);
        String schema = Files.readString(FILE);
        if ("write".equals(System.getProperty("dataflux.schema"))) {
            int from = schema.indexOf("    \"kind\": {");
            int to = schema.indexOf("\n    },\n", from) + "\n    }".length();
            schema = schema.substring(0, from) + "    \"kind\": " + expected + schema.substring(to);
            Files.writeString(FILE, schema);
        }
        assertThat(text(JSON.readTree(schema).at("/$defs/kind"), 4, 8))
                .as("the kinds in the schema; run this test with -Ddataflux.schema=write")
                .isEqualTo(expected);
    }

    /** The shape, with the values that the examples give to its keys. */
    private static JsonNode form(FieldKind kind) throws IOException {
        JsonNode form = JSON.readTree(JSON.writeValueAsString(kind.shape().json()));
        for (String example : kind.examples()) {
            JsonNode field = Schema.json(parsed(example));
            field.fieldNames().forEachRemaining(name -> {
                ObjectNode key = (ObjectNode) form.get("properties").get(name);
                if (!key.has("const")) {
                    key.withArray("examples").add(field.get(name));
                }
            });
        }
        return form;
    }

    @Test
    void everyExampleIsAFieldOfItsKindForReadersAndSchema() {
        for (FieldKind kind : FieldKind.ALL) {
            assertThat(kind.examples()).isNotEmpty();
            for (String example : kind.examples()) {
                Problems problems = new Problems();
                Field field = field(parsed(example), problems);
                assertThat(problems.none()).as(example).isTrue();
                assertThat(field).as(example).isNotNull();
                assertThat(Schema.errorsOf("field", parsed(example)))
                        .as(example)
                        .isEmpty();
            }
        }
    }

    /** A record of {@link Kind} that no word leads to could not be written in a configuration. */
    @Test
    void theExamplesHaveEveryKindThatJavaHas() {
        Stream<Class<?>> written = FieldKind.ALL.stream()
                .flatMap(kind -> kind.examples().stream())
                .map(example -> field(parsed(example), new Problems()).kind().getClass());
        assertThat(written.distinct()).containsExactlyInAnyOrderElementsOf(records(Kind.class));
    }

    private static List<Class<?>> records(Class<?> type) {
        List<Class<?>> records = new ArrayList<>();
        for (Class<?> each : type.getPermittedSubclasses()) {
            records.addAll(each.isRecord() ? List.of(each) : records(each));
        }
        return records;
    }

    @Test
    void theReadersKnowTheKeysOfTheTableAndNoOthers() {
        for (FieldKind kind : FieldKind.ALL) {
            Problems problems = new Problems();
            field(parsed(kind.examples().get(0).replaceFirst("}$", ", qqqqqqqqqqqq: 1}")), problems);
            TreeSet<String> keys = new TreeSet<>(kind.shape().keys().keySet());
            keys.addAll(List.of("nullable", "absent", "as"));
            List<Problem> found = problems.exception("field.yaml").problems();
            assertThat(found).hasSize(1);
            String known = found.get(0).what().replace("unknown key; known here: ", "");
            assertThat(new TreeSet<>(List.of(known.split(", ", -1))))
                    .as(kind.word())
                    .isEqualTo(keys);
        }
    }

    @Test
    void thePageAboutFieldsNamesEveryKind() throws IOException {
        String page = Files.readString(PAGE);
        assertThat(FieldKind.WORDS)
                .allSatisfy(word -> assertThat(page).containsAnyOf("{" + word + ": ", "`" + word + "`"));
    }

    private static Mapping parsed(String field) {
        byte[] yaml = ("field: " + field).getBytes(StandardCharsets.UTF_8);
        return (Mapping) Document.parse("field.yaml", yaml).root().get("field");
    }

    private static Field field(Tree tree, Problems problems) {
        return new FieldReader(new Reading(problems, Map.of(), Path.of(""), null)).field(tree);
    }

    /**
     * JSON with each value on one line that fits there.
     *
     * @param indent of the line, and {@code taken} how much more of it is not free
     */
    private static String text(JsonNode node, int indent, int taken) {
        String line = line(node);
        if (!node.isContainerNode() || indent + taken + line.length() <= WIDTH) {
            return line;
        }
        String margin = "\n" + " ".repeat(indent + 2);
        List<String> parts = new ArrayList<>();
        if (node.isArray()) {
            node.forEach(item -> parts.add(text(item, indent + 2, 1)));
        } else {
            node.fieldNames().forEachRemaining(name -> {
                String key = "\"" + name + "\": ";
                parts.add(key + text(node.get(name), indent + 2, key.length() + 1));
            });
        }
        String all = margin + String.join("," + margin, parts) + "\n" + " ".repeat(indent);
        return node.isArray() ? "[" + all + "]" : "{" + all + "}";
    }

    private static String line(JsonNode node) {
        if (node.isArray()) {
            return StreamSupport.stream(node.spliterator(), false)
                    .map(FieldKindTest::line)
                    .collect(Collectors.joining(", ", "[", "]"));
        }
        if (node.isObject()) {
            Map<String, String> parts = new LinkedHashMap<>();
            node.fieldNames().forEachRemaining(name -> parts.put(name, line(node.get(name))));
            return parts.entrySet().stream()
                    .map(part -> "\"" + part.getKey() + "\": " + part.getValue())
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        return node.toString();
    }
}
