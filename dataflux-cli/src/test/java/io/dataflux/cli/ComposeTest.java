package io.dataflux.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.dataflux.testkit.EmbeddedKafka;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code docker compose up} would start. There is no engine to start it in a build; it is held against the schema of the Compose
 * Specification, and the program runs with the file, the command and the environment that it gives.
 */
class ComposeTest {

    private static final Path FOLDER = Path.of("..", "deploy", "compose");
    private static final String TOKEN = "a-token-of-the-test-0123";

    @TempDir
    Path folder;

    private final JsonNode compose;

    ComposeTest() throws IOException {
        compose = new YAMLMapper().readTree(Files.readString(FOLDER.resolve("compose.yaml")));
    }

    @Test
    void theFileIsValidByTheSchemaOfTheSpecification() throws IOException {
        assertThat(errors(compose)).isEmpty();

        ObjectNode broken = compose.deepCopy();
        ((ObjectNode) broken.at("/services/dataflux")).put("read_olny", true);
        assertThat(errors(broken)).singleElement().asString().contains("read_olny");
    }

    private static List<Error> errors(JsonNode document) throws IOException {
        try (InputStream text = ComposeTest.class.getResourceAsStream("compose-spec/compose-spec.json")) {
            // "id" names parts of the schema in the way of an older draft, which a validator of 2019-09 does not know
            String spec = new String(text.readAllBytes(), UTF_8).replaceAll("\"id\": \"[^\"]*\",", "");
            Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2019_09)
                    .getSchema(spec);
            return schema.validate(document);
        }
    }

    @Test
    void thePageIsPublishedOnLoopbackAndNeedsAToken() {
        JsonNode dataflux = compose.at("/services/dataflux");
        assertThat(dataflux.path("ports"))
                .singleElement()
                .satisfies(port -> assertThat(port.asText()).isEqualTo("127.0.0.1:8000:8000"));
        assertThat(dataflux.at("/environment/DATAFLUX_TOKEN").asText()).startsWith("${DATAFLUX_TOKEN:?");
    }

    @Test
    void itsVersionsAreThoseOfThisBuild() throws IOException {
        Properties build = new Properties();
        try (InputStream file = ComposeTest.class.getResourceAsStream("/dataflux.properties")) {
            build.load(file);
        }
        assertThat(compose.at("/services/dataflux/build/args/VERSION").asText())
                .isEqualTo("${DATAFLUX_VERSION:-" + build.getProperty("version") + "}");
        assertThat(compose.at("/services/broker/image").asText())
                .isEqualTo("apache/kafka:" + build.getProperty("kafka"));
    }

    @Test
    void itsConfigurationIsValidAndSaysWhichTokenIsMissing() throws Exception {
        Ended valid = dataflux(Map.of("DATAFLUX_TOKEN", TOKEN), "validate");
        assertThat(valid.code).as(valid.said).isZero();
        Ended open = dataflux(Map.of(), "validate");
        assertThat(open.code).isEqualTo(2);
        assertThat(open.said).contains("monitor.bind").contains("DATAFLUX_TOKEN");
    }

    @Test
    void itsRunReachesABrokerAndIsJudged() throws Exception {
        try (EmbeddedKafka broker = EmbeddedKafka.start()) {
            Map<String, String> environment =
                    Map.of("DATAFLUX_TOKEN", TOKEN, "KAFKA_BOOTSTRAP_SERVERS", broker.bootstrapServers());
            Ended run = dataflux(
                    environment, "run", "--set", "monitor.port=0", "--tag", "0c0a9a5e", "-n", "3000", "--speed", "max");
            assertThat(run.code).as(run.said).isZero();
            assertThat(run.said).contains("live page: http://127.0.0.1:");
            Ended verdict = dataflux(environment, "verify", "--set", "monitor.port=0", "--tag", "0c0a9a5e");
            assertThat(verdict.code).as(verdict.said).isZero();
        }
    }

    private record Ended(int code, String said) {}

    /** Runs the program with the file that is mounted, in the environment of the service, without one variable or with others. */
    private Ended dataflux(Map<String, String> environment, String command, String... options) throws Exception {
        String mounted = compose.at("/services/dataflux/command/1").asText();
        assertThat(compose.at("/services/dataflux/volumes/0").asText()).isEqualTo("./dataflux.yaml:" + mounted + ":ro");
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "io.dataflux.cli.Main",
                command,
                FOLDER.resolve("dataflux.yaml").toAbsolutePath().toString()));
        words.addAll(List.of(options));
        Path said = folder.resolve("said.txt");
        ProcessBuilder process = new ProcessBuilder(words)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile());
        process.environment().remove("DATAFLUX_TOKEN");
        process.environment()
                .put(
                        "KAFKA_BOOTSTRAP_SERVERS",
                        compose.at("/services/dataflux/environment/KAFKA_BOOTSTRAP_SERVERS")
                                .asText());
        process.environment().putAll(environment);
        Process started = process.start();
        try {
            assertThat(started.waitFor(4, TimeUnit.MINUTES)).isTrue();
        } finally {
            started.destroyForcibly();
        }
        return new Ended(started.exitValue(), Files.readString(said));
    }
}
