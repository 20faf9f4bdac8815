package io.dataflux.config;

import static io.dataflux.config.Configurations.map;
import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.problem.Problems;
import io.dataflux.spi.Settings;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SettingsReaderTest {

    private final List<String> origins = new ArrayList<>();
    private Map<String, String> environment = map();

    @Test
    void valuesComeAsTheirTypes() {
        assertThat(problems("""
                text: plain
                quoted: "42"
                number: -5
                decimal: 1.50
                flag: true
                span: 90s
                size: 1.5kB
                one: a
                many: [a, b]
                pairs: {k: v, "l": "w"}
                """, s -> {
                    assertThat(s.text("text")).isEqualTo("plain");
                    assertThat(s.text("quoted", "x")).isEqualTo("42");
                    assertThat(s.optionalText("none")).isEmpty();
                    assertThat(s.integer("number", 0, -10, 10)).isEqualTo(-5);
                    assertThat(s.optionalInteger("none", 0, 1)).isEmpty();
                    assertThat(s.optionalDecimal("decimal")).contains(new BigDecimal("1.50"));
                    assertThat(s.bool("flag", false)).isTrue();
                    assertThat(s.duration("span", Duration.ZERO, Duration.ZERO, Duration.ofHours(1)))
                            .isEqualTo(Duration.ofSeconds(90));
                    assertThat(s.bytes("size", 0, 0, 10_000)).isEqualTo(1500);
                    assertThat(s.oneOf("one", "b", "a", "b")).isEqualTo("a");
                    assertThat(s.texts("many")).containsExactly("a", "b");
                    assertThat(s.texts("text")).containsExactly("plain");
                    assertThat(s.textMap("pairs")).containsExactly(Map.entry("k", "v"), Map.entry("l", "w"));
                    assertThat(s.has("flag")).isTrue();
                    assertThat(s.has("none")).isFalse();
                    assertThat(s.path()).isEmpty();
                }))
                .isEmpty();
    }

    @Test
    void whatIsMissingHasItsDefaultOrIsAProblem() {
        assertThat(problems("{}", s -> {
                    assertThat(s.text("topic")).isEmpty();
                    assertThat(s.text("other", "standard")).isEqualTo("standard");
                    assertThat(s.integer("count", 7, 0, 9)).isEqualTo(7);
                    assertThat(s.duration("wait", Duration.ofMinutes(2), Duration.ZERO, Duration.ofHours(1)))
                            .isEqualTo(Duration.ofMinutes(2));
                }))
                .isEqualTo("topic: is missing; write 'topic: ...' with text");
        assertThat(origins).containsExactly("other = standard (default)", "count = 7 (default)", "wait = 2m (default)");
    }

    @Test
    void aReaderGoesOnAfterAMistakeWithAStandIn() {
        assertThat(problems("{a: x, b: 11, c: soon, d: [1]}", s -> {
                    assertThat(s.integer("a", 3, 0, 9)).isEqualTo(3);
                    assertThat(s.integer("b", 3, 0, 9)).isEqualTo(3);
                    assertThat(s.duration("c", Duration.ofSeconds(1), Duration.ZERO, Duration.ofHours(1)))
                            .isEqualTo(Duration.ofSeconds(1));
                    assertThat(s.text("d")).isEmpty();
                }))
                .isEqualTo("""
                  a (line 1): 'x' is not a whole number; write a whole number from 0 to 9
                  b (line 1): 11 is out of range; write a whole number from 0 to 9
                  c (line 1): 'soon' is not a time; write a time from 0ms to 1h, such as 500ms or 30s
                  d (line 1): is a list; write text""");
    }

    @Test
    void theEnvironmentIsLookedUpWithinText() {
        environment = map("HOST", "db", "PORT", "5432", "ON", "true");

        assertThat(problems("""
                url: "jdbc://${env:HOST}:${env:PORT}/x"
                port: "${env:PORT}"
                plain: ${env:PORT}
                flag: "${env:ON}"
                literal: "$${env:HOST}"
                """, s -> {
                    assertThat(s.text("url")).isEqualTo("jdbc://db:5432/x");
                    assertThat(s.integer("port", 0, 0, 65535)).isEqualTo(5432);
                    assertThat(s.text("plain")).isEqualTo("5432");
                    assertThat(s.bool("flag", false)).isTrue();
                    assertThat(s.text("literal")).isEqualTo("${env:HOST}");
                }))
                .isEmpty();
    }

    @Test
    void secretsAreNeverShown() {
        environment = map("KEY", "tops3cret");

        assertThat(problems("""
                password: 01234567
                pin: 98765
                key: "${env:KEY}"
                count: "${env:KEY}"
                free: [{Authorization: x}]
                """, s -> {
                    assertThat(s.secret("password")).isEmpty();
                    assertThat(s.secret("pin")).isEmpty();
                    assertThat(s.secret("key")).hasValueSatisfying(secret -> {
                        assertThat(secret.reveal()).isEqualTo("tops3cret");
                        assertThat(secret).hasToString("****");
                    });
                    s.integer("count", 0, 0, 9);
                    s.has("free");
                    s.problem("free", "the key tops3cret does not fit");
                }))
                .isEqualTo("""
                  password (line 1): **** begins with 0, which makes it octal to some YAML readers; put it in quotes if it is\
                   text, or drop the 0
                  pin (line 2): **** is a number, where text is needed; put it in quotes: "..."
                  count (line 4): **** is not a whole number; write a whole number from 0 to 9
                  free (line 5): the key **** does not fit""");
        assertThat(origins).contains("password = **** (line 1)", "key = **** (environment KEY, line 3)");
    }

    @Test
    void aMisspeltKeyIsNotAlsoMissing() {
        assertThat(problems("{topci: a, colour: b}", s -> {
                    s.text("topic");
                    s.text("bootstrap_servers");
                }))
                .isEqualTo("""
                  bootstrap_servers: is missing; write 'bootstrap_servers: ...' with text
                  topci (line 1): unknown key; did you mean 'topic'?
                  colour (line 1): unknown key; known here: topic, bootstrap_servers""");
        assertThat(problems("{topci: a, servers: b}", s -> {
                    s.text("topic");
                    s.text("bootstrap_servers");
                }))
                .isEqualTo("""
                  topci (line 1): unknown key; did you mean 'topic'?
                  servers (line 1): unknown key; did you mean 'bootstrap_servers'?""");
    }

    @Test
    void blocksAreReadAsStrictlyAsWhatTheyStandIn() {
        assertThat(problems("""
                tls:
                  truststore: trust.p12
                  truststore_pasword: hunter2
                sasl: PLAIN
                topics: {b: x, a: {partitions: 3}}
                """, s -> {
                    Settings tls = s.block("tls").orElseThrow();
                    assertThat(s.block("tls")).containsSame(tls);
                    assertThat(tls.path()).isEqualTo("tls");
                    assertThat(tls.text("truststore")).isEqualTo("trust.p12");
                    assertThat(tls.secret("truststore_password")).isEmpty();
                    assertThat(s.block("none")).isEmpty();
                    assertThat(s.block("sasl")).isEmpty();
                    Settings topics = s.block("topics").orElseThrow();
                    assertThat(topics.names()).containsExactly("b", "a");
                    assertThat(topics.holdsBlock("a")).isTrue();
                    assertThat(topics.holdsBlock("b")).isFalse();
                    assertThat(topics.holdsBlock("none")).isFalse();
                    assertThat(topics.text("b")).isEqualTo("x");
                    assertThat(topics.block("a").orElseThrow().integer("partitions", 1, 1, 9))
                            .isEqualTo(3);
                }))
                .isEqualTo("tls.truststore_pasword (line 3): unknown key; did you mean 'truststore_password'?\n"
                        + "sasl (line 4): **** is not a map; write a map of settings");
    }

    @Test
    void settingsCanBeGivenInCode() {
        Problems problems = new Problems();
        SettingsReader settings = SettingsReader.of(
                "generator",
                Map.of("n", 5L, "list", List.of("a", "b"), "inner", Map.of("k", "v"), "d", new BigDecimal("0.10")),
                problems);

        assertThat(settings.integer("n", 0, 0, 9)).isEqualTo(5);
        assertThat(settings.texts("list")).containsExactly("a", "b");
        assertThat(settings.textMap("inner")).containsEntry("k", "v");
        assertThat(settings.optionalDecimal("d")).contains(new BigDecimal("0.10"));
        settings.finish();
        assertThat(problems.none()).isTrue();
    }

    /** What the user is told after these questions; empty if nothing. */
    private String problems(String yaml, Consumer<Settings> questions) {
        Document document = Document.parse("test", yaml.getBytes(StandardCharsets.UTF_8));
        Reading reading = new Reading(document.problems(), environment, Path.of(""), origins);
        SettingsReader settings = new SettingsReader(document.root(), reading);
        questions.accept(settings);
        settings.finish();
        return document.problems()
                .exception("test")
                .getMessage()
                .lines()
                .skip(1)
                .map(String::strip)
                .collect(Collectors.joining("\n"));
    }
}
