package io.dataflux.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.ConfigurationException;
import io.dataflux.ConfigurationException.Problem;
import io.dataflux.DataFlux;
import io.dataflux.config.SettingsReader;
import io.dataflux.problem.Problems;
import io.dataflux.testkit.TestSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaSettingsTest {

    @Test
    void theOriginalConfigurationIsTakenAsItStands() {
        KafkaSettings settings = read("acks", "all", "max_retries", 3L, "retry_backoff_ms", 100L);

        assertThat(settings.producer())
                .containsEntry("acks", "all")
                .containsEntry("enable.idempotence", true)
                .containsEntry("retries", 3)
                .containsEntry("retry.backoff.ms", 100L);
    }

    @Test
    void namedSettingsBecomeProducerProperties() {
        KafkaSettings settings = read(
                "compression",
                "lz4",
                "linger",
                "20ms",
                "batch_size",
                "128KiB",
                "buffer_memory",
                "64MiB",
                "delivery_timeout",
                "60s",
                "request_timeout",
                "10s",
                "max_request_size",
                "2MiB");

        assertThat(settings.producer())
                .containsEntry("compression.type", "lz4")
                .containsEntry("linger.ms", 20L)
                .containsEntry("batch.size", 131_072)
                .containsEntry("buffer.memory", 67_108_864L)
                .containsEntry("delivery.timeout.ms", 60_000)
                .containsEntry("request.timeout.ms", 10_000)
                .containsEntry("max.request.size", 2_097_152)
                .containsEntry("max.block.ms", 61_000L);
    }

    @Test
    void aStartThatIsOlderThanWhatATopicKeepsIsWarnedOfInThePlan(@TempDir Path folder) throws Exception {
        String config = """
                start: 2020-01-01T00:00:00Z
                streams: {clicks: {from: clickstream}, orders: {from: cdc}}
                sinks:
                  broker: {type: kafka, bootstrap_servers: "localhost:1", topic: events, retention: 72h, TIME
                    topics: {orders: {topic: orders, retention: 36500d}}}
                """;
        Path old = Files.writeString(folder.resolve("old.yaml"), config.replace("TIME", ""));
        Path sent = Files.writeString(folder.resolve("sent.yaml"), config.replace("TIME", "timestamp: send,"));

        assertThat(DataFlux.plan(old).describe().lines().filter(line -> line.contains("WARNING")))
                .singleElement()
                .asString()
                .startsWith(
                        "  WARNING sinks.broker.retention: 'events' keeps records for 72 h, by their timestamps, but events"
                                + " begin at 2020-01-01T00:00:00Z")
                .contains("Set timestamp: send, start: now, or retention");
        assertThat(DataFlux.plan(sent).describe()).doesNotContain("WARNING");
        Path young = Files.writeString(
                folder.resolve("young.yaml"), config.replace("TIME", "").replace("2020-01-01T00:00:00Z", "now"));
        assertThat(DataFlux.plan(young).describe()).doesNotContain("WARNING");
    }

    @Test
    void everyDefaultIsOneThatTheClientAccepts() {
        KafkaSettings settings = read();
        assertThat(settings).isEqualTo(KafkaSettings.of("localhost:9092", "orders"));

        Map<String, Object> properties = new java.util.HashMap<>(settings.producer());
        properties.put("key.serializer", org.apache.kafka.common.serialization.ByteArraySerializer.class);
        properties.put("value.serializer", org.apache.kafka.common.serialization.ByteArraySerializer.class);
        assertThat(new ProducerConfig(properties).unused()).isNotNull();
        assertThat(ProducerConfig.configNames()).containsAll(settings.producer().keySet());
    }

    @Test
    void transactionsAreSetAndCheckedAgainstEachOther() {
        KafkaSettings settings = read("transactional", true, "transaction_interval", "2s");
        assertThat(settings.transactions())
                .isEqualTo(new KafkaSettings.Transactions(10_000, Duration.ofSeconds(2), Duration.ofMinutes(1)));
        assertThat(settings.producer())
                .containsEntry("transaction.timeout.ms", 60_000)
                .containsEntry("retry.backoff.ms", 20L);
        assertThat(read("transactional", true, "retry_backoff_ms", 50L).producer())
                .containsEntry("retry.backoff.ms", 50L);
        assertThat(read().transactions()).isNull();
        assertThat(read().producer()).doesNotContainKeys("transaction.timeout.ms", "retry.backoff.ms");

        assertThat(problems("transactional", true, "transaction_interval", "31s"))
                .singleElement()
                .satisfies(problem -> assertThat(problem.path()).isEqualTo("sinks.test.transaction_timeout"));
        assertThat(problems("transaction_events", 5L))
                .singleElement()
                .satisfies(
                        problem -> assertThat(problem.what()).isEqualTo("has no effect without transactional: true"));
    }

    @Test
    void aShortDeliveryTimeoutShortensRequests() {
        assertThat(read("delivery_timeout", "2s", "linger", "500ms").producer())
                .containsEntry("request.timeout.ms", 1_500);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1"})
    void weakerAcknowledgementsAreRefusedWithTheReason(String acks) {
        assertThat(problems("acks", acks))
                .containsExactly(new Problem(
                        "sinks.test.acks",
                        "acks " + acks
                                + " would lose or repeat records unnoticed, so that nothing could be judged; only all"
                                + " is allowed, leave it out"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    acks                              | anything weaker loses or repeats records unnoticed
                    enable.idempotence                | anything weaker loses or repeats records unnoticed
                    transactional.id                  | use transactional, transaction_events
                    key.serializer                    | keys and values are bytes already
                    value.serializer                  | keys and values are bytes already
                    interceptor.classes               | may not name code to run
                    partitioner.class                 | may not name code to run
                    metric.reporters                  | may not name code to run
                    security.providers                | may not name code to run
                    sasl.jaas.config                  | may not name code to run
                    sasl.login.callback.handler.class | may not name code to run
                    sasl.oauthbearer.token.endpoint.url | use the blocks tls and sasl instead
                    ssl.truststore.location           | use the blocks tls and sasl instead
                    security.protocol                 | use the blocks tls and sasl instead
                    config.providers                  | reads files and runs code
                    config.providers.file.class       | reads files and runs code
                    partitioner.ignore.keys           | the partition follows from the key
                    buffer.memory                     | use the setting buffer_memory instead
                    linger.ms                         | use the setting linger instead
                    max.block.ms                      | it follows from delivery_timeout
                    client.id                         | made from the sink's name
                    linger.milliseconds               | not among those known to be harmless
                    """)
    void refusedPropertiesAreNamedWithTheReason(String name, String reason) {
        assertThat(problems("properties", Map.of(name, "hunter2")))
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.path()).isEqualTo("sinks.test.properties");
                    assertThat(problem.what())
                            .startsWith(name + " is refused: ")
                            .contains(reason)
                            .doesNotContain("hunter2");
                });
    }

    @Test
    void propertiesOfAFileThatNameCodeAreRefusedWithPathReasonAndFix(@TempDir Path folder) throws Exception {
        Path config = Files.writeString(folder.resolve("run.yaml"), """
                sinks:
                  broker:
                    type: kafka
                    bootstrap_servers: "localhost:9092"
                    topic: orders
                    properties:
                      interceptor.classes: com.evil.Spy
                      ssl.engine.factory.class: com.evil.Engine
                      sasl.jaas.config: com.evil.Login required;
                      listener.name.x.sasl.jaas.config: com.evil.Login required;
                      metric.reporters: com.evil.Reporter
                      security.providers: com.evil.Provider
                      config.providers: file
                      config.providers.file.class: com.evil.Files
                      value.serializer: com.evil.Bytes
                      " partitioner.class": com.evil.Hash
                      Interceptor.Classes: com.evil.Spy
                """);

        assertThatThrownBy(() -> DataFlux.plan(config))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageNotContaining("evil")
                .hasMessageContaining("11 problems")
                .hasMessageContaining(
                        "sinks.broker.properties (line 6): interceptor.classes is refused: a configuration may"
                                + " not name code to run; leave it out")
                .hasMessageContaining(": ssl.engine.factory.class is refused: a configuration may not name code")
                .hasMessageContaining(": sasl.jaas.config is refused: a configuration may not name code to run; write"
                        + " sasl: {mechanism: ..., username: ..., password: ...} instead")
                .hasMessageContaining(": listener.name.x.sasl.jaas.config is refused: ")
                .hasMessageContaining(": metric.reporters is refused: a configuration may not name code")
                .hasMessageContaining(": security.providers is refused: a configuration may not name code")
                .hasMessageContaining(": config.providers is refused: a config provider reads files and runs code; use"
                        + " ${env:NAME} for secrets")
                .hasMessageContaining(": config.providers.file.class is refused: a config provider")
                .hasMessageContaining(": value.serializer is refused: keys and values are bytes already; leave it out")
                .hasMessageContaining(":  partitioner.class is refused: ")
                .hasMessageContaining(": Interceptor.Classes is refused: ");
    }

    @Test
    void everyPropertyOfTheClientIsAllowedOrRefusedAndNoneIsTakenUnseen() {
        Map<String, String> all = new java.util.TreeMap<>();
        ProducerConfig.configNames().forEach(name -> all.put(name, "1"));

        assertThat(problems("properties", all).stream()
                        .filter(problem -> problem.what().contains("is refused")))
                .hasSizeGreaterThan(all.size() - 20);
    }

    @Test
    void allowedPropertiesReachTheClientIfTheirValueIsGood() {
        assertThat(read(
                                "properties",
                                Map.of("max.in.flight.requests.per.connection", "1", "reconnect.backoff.ms", "200"))
                        .producer())
                .containsEntry("max.in.flight.requests.per.connection", "1")
                .containsEntry("reconnect.backoff.ms", "200");
        assertThat(problems("properties", Map.of("max.in.flight.requests.per.connection", "6")))
                .singleElement()
                .satisfies(problem ->
                        assertThat(problem.what()).contains("above 5").contains("write 1 to 5"));
        assertThat(problems("properties", Map.of("reconnect.backoff.ms", "soon")))
                .singleElement()
                .satisfies(problem -> assertThat(problem.what())
                        .contains("reconnect.backoff.ms")
                        .contains("soon"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "localhost:", "localhost:70000", "a:1,,b:2", "a b:1", "http://a:1"})
    void addressesAreChecked(String servers) {
        List<Problem> problems =
                TestSettings.problems(new KafkaSinkProvider(), Map.of("bootstrap_servers", servers, "topic", "orders"));

        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.path()).isEqualTo("sinks.test.bootstrap_servers");
            assertThat(problem.what()).endsWith("is not an address; write host:port, several separated by commas");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", "a/b", "ä"})
    void topicNamesAreChecked(String topic) {
        assertThat(problems("topic", topic))
                .singleElement()
                .satisfies(problem -> assertThat(problem.what()).startsWith("'" + topic + "' is not a topic name"));
    }

    @Test
    void settingsThatContradictEachOtherAreProblems() {
        assertThat(problems("buffer_memory", "1MiB", "batch_size", "1MiB"))
                .singleElement()
                .satisfies(problem -> assertThat(problem.what()).endsWith("at least 2048KiB here"));
        assertThat(problems("delivery_timeout", "1s", "linger", "1s"))
                .singleElement()
                .satisfies(problem -> assertThat(problem.what()).startsWith("must be longer than linger"));
        assertThat(problems("delivery_timeout", "10s", "request_timeout", "20s"))
                .singleElement()
                .satisfies(problem -> assertThat(problem.path()).isEqualTo("sinks.test.request_timeout"));
        assertThat(problems("replication", 2L))
                .singleElement()
                .satisfies(problem -> assertThat(problem.what()).endsWith("set partitions as well"));
        assertThat(problems("max_retries", 0L)).hasSize(1);
    }

    @Test
    void whatIsMissingIsNamed() {
        assertThat(TestSettings.problems(new KafkaSinkProvider(), Map.of()))
                .extracting(Problem::path)
                .containsExactlyInAnyOrder("sinks.test.bootstrap_servers", "sinks.test.topic");
    }

    @Test
    void positionsAreTextAndBack() {
        Map<TopicPartition, Long> offsets = Map.of(
                new TopicPartition("o-1", 10), 3L, new TopicPartition("o-1", 2), 0L, new TopicPartition("a", 0), 7L);
        assertThat(KafkaPosition.text(offsets)).isEqualTo("a-0:7,o-1-2:0,o-1-10:3");
        assertThat(KafkaPosition.parse("a-0:7,o-1-2:0,o-1-10:3")).isEqualTo(offsets);
        assertThat(KafkaPosition.parse("")).isEmpty();
        for (String wrong : List.of("x", "1", "a-1:", "-1:1", ":1", "1:1", "a-1:-1", "a-0:1,a-0:2", "a-0:1,")) {
            assertThatThrownBy(() -> KafkaPosition.parse(wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("'" + wrong + "' is not a topic position; write one like orders-0:123,orders-1:45"
                            + " (topic-partition:offset)");
        }
    }

    private static KafkaSettings read(Object... more) {
        Problems problems = new Problems();
        SettingsReader reader =
                SettingsReader.of("sinks.test", Feed.settings("localhost:9092", "orders", more), problems);
        KafkaSettings settings = KafkaSettings.read(reader);
        reader.finish();
        problems.throwIfAny("test");
        return settings;
    }

    private static List<Problem> problems(Object... more) {
        return TestSettings.problems(new KafkaSinkProvider(), Feed.settings("localhost:9092", "orders", more));
    }
}
