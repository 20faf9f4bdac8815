package io.dataflux.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.dataflux.ConfigurationException.Problem;
import io.dataflux.config.Tree.Entry;
import io.dataflux.config.Tree.Mapping;
import io.dataflux.config.Tree.Scalar;
import io.dataflux.config.Tree.Sequence;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Holds every configuration of the tests against {@code dataflux.schema.json}: what is read must be valid, and mistakes of structure
 * must be seen by an editor as well. Sinks are left out, because these tests have sinks of their own.
 */
final class Schema {

    /** What a schema can see, by what users are told. */
    private static final Pattern STRUCTURAL =
            Pattern.compile("unknown key|is missing; write|is not a field kind|has \\d kinds"
                    + "|has no kind|is not a (map|list|share|time|size|whole number);|is (a|an empty) (map|list);|where text is needed"
                    + "|is neither true nor false|is not known here|has no unit|is not a rate|is not a spread|bounds?;|has \\d (rate|factor|time)"
                    + "|is not a time of day|no built-in stream|is text because of its quotes");

    private static final String ID = "https://dataflux.io/dataflux.schema.json";
    private static final SchemaRegistry REGISTRY = load();

    private Schema() {}

    private static SchemaRegistry load() {
        String text = json().toString();
        return SchemaRegistry.withDefaultDialect(
                SpecificationVersion.DRAFT_2020_12, builder -> builder.schemas(Map.of(ID, text)));
    }

    /** The schema as it is written. */
    static JsonNode json() {
        try (InputStream json = ConfigReader.class.getResourceAsStream("/io/dataflux/dataflux.schema.json")) {
            return new ObjectMapper().readTree(Objects.requireNonNull(json));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void accepts(byte[] yaml) {
        assertThat(errors(yaml)).as(new String(yaml, StandardCharsets.UTF_8)).isEmpty();
    }

    /** Each problem of structure has an error at its place, or above or below it. */
    static void rejects(byte[] yaml, List<Problem> problems) {
        List<Problem> structural = problems.stream()
                .filter(problem -> STRUCTURAL.matcher(problem.what()).find())
                .filter(problem -> problem.line() > 0 && !problem.path().startsWith("sinks"))
                .toList();
        if (!structural.isEmpty()) {
            List<String> places =
                    errors(yaml).stream().map(Schema::place).distinct().toList();
            assertThat(structural)
                    .as("%s%nerrors of the schema: %s", new String(yaml, StandardCharsets.UTF_8), places)
                    .allMatch(problem -> places.stream().anyMatch(place -> isNear(place, problem.path())));
        }
    }

    private static boolean isNear(String place, String path) {
        String plain = path.replace("\"", "").replace('[', '.').replace("]", "");
        return !place.isEmpty() && (plain.startsWith(place) || place.startsWith(plain))
                || place.isEmpty() && !plain.contains(".");
    }

    /** {@code $.streams.orders} as {@code streams.orders}. */
    private static String place(Error error) {
        String location = error.getInstanceLocation().toString();
        return location.replaceFirst("^[$/]\\.?", "").replace('/', '.');
    }

    static List<Error> errors(byte[] yaml) {
        Mapping file = Document.parse("config.yaml", yaml).root();
        if (file.get("sinks") instanceof Mapping) {
            file = file.with("sinks", Tree.given("sinks", Map.of("keep", Map.of("type", "mock"))));
        }
        return REGISTRY.getSchema(SchemaLocation.of(ID)).validate(json(file));
    }

    /** What is wrong with a part of a configuration, by the definition of that name. */
    static List<Error> errorsOf(String definition, Tree part) {
        return REGISTRY.getSchema(SchemaLocation.of(ID + "#/$defs/" + definition))
                .validate(json(part));
    }

    public static JsonNode json(Tree tree) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        if (tree instanceof Mapping map) {
            ObjectNode object = nodes.objectNode();
            for (Entry entry : map.all()) {
                object.set(entry.key().text(), json(entry.value()));
            }
            return object;
        }
        if (tree instanceof Sequence list) {
            ArrayNode array = nodes.arrayNode();
            list.items().forEach(item -> array.add(json(item)));
            return array;
        }
        Scalar scalar = (Scalar) tree;
        return switch (scalar.type()) {
            case INTEGER -> nodes.numberNode(new BigInteger(scalar.text()));
            case DECIMAL -> nodes.numberNode(new BigDecimal(scalar.text()));
            case BOOL -> nodes.booleanNode(scalar.text().equalsIgnoreCase("true"));
            case NULL -> nodes.nullNode();
            case TEXT -> nodes.textNode(scalar.text());
        };
    }
}
