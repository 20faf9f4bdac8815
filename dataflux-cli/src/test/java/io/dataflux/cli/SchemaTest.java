package io.dataflux.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.dataflux.ConfigurationException;
import io.dataflux.ConfigurationException.Problem;
import io.dataflux.DataFlux;
import io.dataflux.cli.Pages.Block;
import io.dataflux.cli.SchemaWalk.Place;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The schema of configurations, with the settings of all sinks, agrees with their readers. To find out what the readers know, an unknown key is put into
 * every map of every example: their messages list the known keys.
 */
class SchemaTest {

    private static final String UNKNOWN = "qqqqqqqqqqqq";
    private static final String ANSWER = "unknown key; known here: ";
    private static final Map<String, String> ENVIRONMENT = Map.of(
            "SECRET",
            "5ecret",
            "MONITOR_TOKEN",
            "0123456789abcdef",
            "DEMO_API_URL",
            "http://localhost:1/",
            "DEMO_S3_ENDPOINT",
            "http://localhost:1",
            "DEMO_S3_ACCESS_KEY",
            "AKIA0123",
            "DEMO_S3_SECRET_KEY",
            "5ecret",
            "KAFKA_BOOTSTRAP_SERVERS",
            "localhost:9092",
            "S3_ACCESS_KEY",
            "AKIA0123",
            "S3_SECRET_KEY",
            "5ecret");

    /** What readers know only to refuse it with a better message: a second source of events, base of a
     * rate, or way to say who comes. */
    private static final Pattern READERS_ONLY =
            Pattern.compile("ownStream: from|rate/anyOf/\\d: (constant|steps|ramp|sum)"
                    + "|httpSink/properties/auth/anyOf/\\d: (bearer|basic|header|value)");

    /** What readers replace by something else before they look at keys. */
    private static final Pattern SCHEMA_ONLY = Pattern.compile("kafkaSink: kafka");

    /** Maps whose readers complain of the whole when one key is unknown; MistakesTest of core has them. */
    private static final Pattern COMPLAIN_OF_THE_WHOLE = Pattern.compile("spread/anyOf/\\d");

    private static final SchemaWalk SCHEMA = SchemaWalk.load();
    private static final Map<String, JsonNode> EXAMPLES = new LinkedHashMap<>();

    @TempDir
    static Path folder;

    @BeforeAll
    static void examples() throws IOException {
        YAMLMapper yaml = new YAMLMapper();
        for (Block block : Pages.configurations()) {
            EXAMPLES.put(block.toString(), yaml.readTree(block.text()));
        }
        Path own = Path.of("src", "test", "resources", "io", "dataflux", "cli", "configurations");
        try (Stream<Path> files = Files.list(own)) {
            for (Path file : files.sorted().toList()) {
                EXAMPLES.put(file.getFileName().toString(), yaml.readTree(Files.readString(file)));
            }
        }
        EXAMPLES.put("demo.yaml", yaml.readTree(Files.readString(Path.of("src", "main", "resources", "demo.yaml"))));
    }

    @Test
    void everyExampleIsReadAndIsValid() throws IOException {
        for (Map.Entry<String, JsonNode> example : EXAMPLES.entrySet()) {
            assertThat(problems(example.getValue())).as(example.getKey()).isEmpty();
            assertThat(SCHEMA.errors(example.getValue())).as(example.getKey()).isEmpty();
        }
    }

    @Test
    void readersAndSchemaKnowTheSameKeysInEveryMapOfTheExamples() throws IOException {
        Set<String> differences = new TreeSet<>();
        for (Map.Entry<String, JsonNode> example : EXAMPLES.entrySet()) {
            List<Place> closed = SCHEMA.maps(example.getValue()).stream()
                    .filter(Place::isClosed)
                    .filter(place ->
                            !COMPLAIN_OF_THE_WHOLE.matcher(place.name()).matches())
                    .toList();
            Map<String, Set<String>> known = known(example.getValue(), closed);
            for (Place place : closed) {
                Set<String> byReaders = known.get(place.path());
                assertThat(byReaders)
                        .as("%s at '%s' takes any key, of %s", example.getKey(), place.path(), known)
                        .isNotNull();
                for (String key : byReaders) {
                    if (!place.keys().contains(key)
                            && !READERS_ONLY.matcher(place.name() + ": " + key).matches()) {
                        differences.add("the readers know '" + key + "', the schema does not: " + place.name());
                    }
                }
                for (String key : place.keys()) {
                    if (!byReaders.isEmpty()
                            && !byReaders.contains(key)
                            && !SCHEMA_ONLY.matcher(place.name() + ": " + key).matches()) {
                        differences.add("the schema knows '" + key + "', the readers do not: " + place.name());
                    }
                }
            }
        }
        assertThat(differences).isEmpty();
    }

    /** Otherwise a key could be wrong in a map that no example has. */
    @Test
    void everyMapOfTheSchemaIsInSomeExample() {
        Set<String> reached = new TreeSet<>();
        EXAMPLES.values().forEach(example -> SCHEMA.maps(example).forEach(place -> reached.addAll(place.pointers())));
        assertThat(SCHEMA.pointersOfMaps()).isSubsetOf(reached);
    }

    @Test
    void theCatalogIsThatOfTheProgram() {
        JsonNode names = SCHEMA.at("/$defs/catalogStream/properties/from/enum");
        assertThat(names).extracting(JsonNode::asText).containsExactlyInAnyOrderElementsOf(DataFlux.streamNames());
        assertThat(SCHEMA.at("/properties/streams/patternProperties")
                        .fieldNames()
                        .next())
                .isEqualTo("^(" + String.join("|", DataFlux.streamNames()) + ")$");
    }

    /** Where an example sets nothing, the plan shows the default; the schema must have the same. */
    @Test
    void defaultsAreThoseOfThePlan() throws IOException {
        Map<String, String> differences = new TreeMap<>();
        for (JsonNode example : EXAMPLES.values()) {
            List<Place> maps = SCHEMA.maps(example);
            for (String line : DataFlux.plan(written(example), Map.of(), ENVIRONMENT)
                    .describe()
                    .lines()
                    .toList()) {
                int equals = line.indexOf(" = ");
                int end = line.lastIndexOf(" (default)");
                int dot = line.lastIndexOf('.', equals);
                if (equals < 0 || end < 0) {
                    continue;
                }
                String map = dot < 0 ? "" : line.substring(0, dot).strip();
                String key = line.substring(dot < 0 ? 0 : dot + 1, equals).strip();
                String value = line.substring(equals + 3, end);
                for (Place place : maps) {
                    String said = place.path().equals(map) ? SCHEMA.defaultOf(place, key) : null;
                    if (said != null && !said.equals(value)) {
                        differences.put(place.name() + ": " + key, said + ", but is " + value);
                    }
                }
            }
        }
        assertThat(differences).isEmpty();
    }

    @Test
    void theProgramPrintsIt() throws IOException {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        assertThat(Main.run(List.of("schema"), new Stdout(printed))).isZero();
        assertThat(new ObjectMapper().readTree(printed.toByteArray())).isEqualTo(SCHEMA.at(""));
    }

    /** Where the configurations of this repository and those who have no checkout find it. */
    @Test
    void theDocumentsHaveTheWholeSchema() throws IOException {
        assertThat(Path.of("..", "docs", "dataflux.schema.json"))
                .as("after a change: ./dataflux schema > docs/dataflux.schema.json")
                .hasContent(DataFlux.schema());
    }

    /** The keys that the readers know in each of the maps; an empty set if they name them in other words. */
    private static Map<String, Set<String>> known(JsonNode example, List<Place> places) throws IOException {
        JsonNode probed = example.deepCopy();
        for (int i = 0; i < places.size(); i++) {
            ((ObjectNode) SchemaWalk.find(probed, places.get(i).steps())).put(UNKNOWN + i, 1);
        }
        Map<String, Set<String>> known = new TreeMap<>();
        for (Problem problem : problems(probed)) {
            int at = problem.path().lastIndexOf(UNKNOWN);
            if (at >= 0) {
                Place place = places.get(Integer.parseInt(problem.path().substring(at + UNKNOWN.length())));
                String keys = problem.what().startsWith(ANSWER) ? problem.what().substring(ANSWER.length()) : "";
                known.put(place.path(), keys.isEmpty() ? Set.of() : new TreeSet<>(List.of(keys.split(", ", -1))));
            }
        }
        return known;
    }

    private static List<Problem> problems(JsonNode example) throws IOException {
        try {
            DataFlux.plan(written(example), Map.of(), ENVIRONMENT);
            return new ArrayList<>();
        } catch (ConfigurationException e) {
            return e.problems();
        }
    }

    private static Path written(JsonNode example) throws IOException {
        Path file = folder.resolve("config.json");
        Files.writeString(file, new ObjectMapper().writeValueAsString(example));
        return file;
    }
}
