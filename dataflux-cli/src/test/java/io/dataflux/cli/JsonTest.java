package io.dataflux.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With {@code --json}, stdout is one document, whatever happens; the words and the exit code are those without it. */
class JsonTest {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    @TempDir
    Path folder;

    private Path config;

    @BeforeEach
    void configure() throws IOException {
        config = Files.writeString(folder.resolve("run.yaml"), """
                seed: 3
                speed: max
                limits: {events: 300}
                streams: {clicks: {from: clickstream}}
                sinks: {lake: {type: file}}
                output: {dir: "%s"}
                """.formatted(folder.resolve("out")));
    }

    private static JsonNode document(int code, String... line) throws IOException {
        Called plain = Called.with(
                Stream.of(line).filter(word -> !word.equals("--json")).toList());
        Called called = Called.with(line);
        assertThat(called.code()).as(called.words()).isEqualTo(code).isEqualTo(plain.code());
        JsonNode root = JSON.readTree(called.data());
        assertThat(root.path("format").asInt()).isEqualTo(1);
        assertThat(root.path("command").asText()).isEqualTo(line[0]);
        assertThat(root.path("exit_code").asInt()).isEqualTo(code);
        return root;
    }

    @Test
    void aRunAndItsVerdict() throws IOException {
        JsonNode run = document(0, "run", config.toString(), "--json", "--tag", "7");
        assertThat(run.path("tag").asText()).isEqualTo("00000007");
        assertThat(run.path("folder").asText())
                .isEqualTo(folder.resolve("out/00000007").toString());
        assertThat(run.path("delivered").asBoolean()).isTrue();
        assertThat(run.path("complete").asBoolean()).isTrue();
        assertThat(run.at("/report/sinks/0/streams/0/acknowledged").asInt()).isEqualTo(300);

        JsonNode verify = document(0, "verify", config.toString(), "--json");
        assertThat(verify.path("tag").asText()).isEqualTo("00000007");
        assertThat(verify.path("clean").asBoolean()).isTrue();
        assertThat(verify.at("/verdicts/0/sink").asText()).isEqualTo("lake");
        assertThat(verify.at("/verdicts/0/records").asInt()).isEqualTo(300);

        JsonNode broken = document(1, "verify", config.toString(), "--json", "--break", "drop:17");
        assertThat(broken.path("clean").asBoolean()).isFalse();
        assertThat(broken.at("/verdicts/0/findings/lost/count").asInt()).isEqualTo(1);
        assertThat(broken.at("/verdicts/0/findings/lost/sequences/clicks/0/0").asInt())
                .isEqualTo(17);
    }

    @Test
    void aPlanOrEveryMistakeInIt() throws IOException {
        JsonNode plan = document(0, "validate", config.toString(), "--json");
        assertThat(plan.at("/streams/0/name").asText()).isEqualTo("clicks");
        assertThat(plan.at("/streams/0/seed").asLong()).isEqualTo(3);
        assertThat(plan.at("/sinks/0").asText()).isEqualTo("lake");
        assertThat(plan.path("summary").asText()).startsWith("300 events of clicks to lake (file)");
        assertThat(document(0, "validate", "--diff", config.toString(), config.toString(), "--json")
                        .path("same")
                        .asBoolean())
                .isTrue();

        Files.writeString(config, "sinks: {lake: {type: fiel}}\nspeed: fast\n");
        JsonNode wrong = document(2, "validate", config.toString(), "--json");
        assertThat(wrong.path("problems")).hasSize(2);
        assertThat(wrong.at("/problems/0/path").asText()).isEqualTo("sinks.lake.type");
        assertThat(wrong.at("/problems/0/line").asInt()).isEqualTo(1);
        assertThat(wrong.at("/problems/0/what").asText()).contains("did you mean 'file'?");
        assertThat(document(2, "run", config.toString(), "--json").path("problems"))
                .hasSize(2);
    }

    @Test
    void aDeliveryThatFails() throws IOException {
        Files.writeString(
                config,
                Files.readString(config)
                        .replace("{type: file}", "{type: http, url: 'http://127.0.0.1:1/', retries: 0}"));
        JsonNode failed = document(1, "run", config.toString(), "--json");
        assertThat(failed.path("error").asText()).contains("127.0.0.1:1");
    }

    @Test
    void theBuiltInStreams() throws IOException {
        assertThat(document(0, "streams", "--json").path("streams")).hasSize(15);
        JsonNode one = document(0, "streams", "clickstream", "--json");
        assertThat(one.at("/key/pattern").asText()).isEqualTo("user_{}");
        assertThat(one.path("fields").has("event_id")).isTrue();
        assertThat(one.path("examples")).hasSize(3);
        assertThat(one.at("/examples/0/event_type").asText()).isEqualTo("page_view");
        assertThat(document(2, "streams", "clickstraem", "--json").path("error").asText())
                .contains("did you mean");
    }

    @Test
    void coloursAreForTerminals() {
        assertThat(Terminal.coloured(true, null, "xterm")).isTrue();
        assertThat(Terminal.coloured(true, "", null)).isTrue();
        assertThat(Terminal.coloured(false, null, "xterm")).isFalse();
        assertThat(Terminal.coloured(true, "1", "xterm")).isFalse();
        assertThat(Terminal.coloured(true, null, "dumb")).isFalse();
        for (String[] line :
                new String[][] {{"sampel"}, {"run", "--help"}, {"--help"}, {"validate", config.toString()}}) {
            Called called = Called.with(line);
            assertThat(called.words() + called.data()).doesNotContain("\u001b");
        }
    }
}
