package io.dataflux.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.ConfigurationException.Problem;
import io.dataflux.DeliveryException;
import io.dataflux.kafka.Feed.Read;
import io.dataflux.spi.LaneContext;
import io.dataflux.spi.Sink;
import io.dataflux.spi.SinkConnector;
import io.dataflux.spi.SinkReader;
import io.dataflux.testkit.EmbeddedKafka;
import io.dataflux.testkit.TestSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class KafkaTopicsTest {

    private static EmbeddedKafka kafka;

    @BeforeAll
    static void startBroker() {
        kafka = EmbeddedKafka.start();
    }

    @AfterAll
    static void stopBroker() {
        kafka.close();
    }

    @Test
    void eventsGoToTheTopicOfTheirStreamAndRegionAndAreReadBackFromAll() throws Exception {
        LaneContext lane = lane("eu", "us");
        SinkConnector connector = connector(
                "topic",
                "{region}-{stream}",
                "partitions",
                2L,
                "topics",
                Map.of("orders", "all-orders", "alerts", Map.of("partitions", 1L)));
        connector.prepare(lane);
        String position = connector.readBack().orElseThrow().position(lane);
        assertThat(position)
                .isEqualTo("all-orders-0:0,all-orders-1:0,eu-alerts-0:0,eu-clicks-0:0,eu-clicks-1:0,"
                        + "us-alerts-0:0,us-clicks-0:0,us-clicks-1:0");
        try (Sink sink = connector.open(lane)) {
            Feed feed = new Feed(sink, 0, lane);
            feed.in("eu").at(0, 0).write(2);
            feed.in("us").at(0, 10).write(4);
            feed.in("eu").at(1, 20).write(1);
            feed.in("us").at(1, 31).write(1);
            feed.in("us").at(2, 41).write(1);
            sink.flush();
            assertThat(feed.acknowledged()).isEqualTo(9);
        }

        assertThat(read(connector, lane, position))
                .isEqualTo(Map.of(
                        "eu-clicks-0", List.of("{\"n\":0}"),
                        "eu-clicks-1", List.of("{\"n\":1}"),
                        "us-clicks-0", List.of("{\"n\":10}", "{\"n\":12}"),
                        "us-clicks-1", List.of("{\"n\":11}", "{\"n\":13}"),
                        "all-orders-0", List.of("{\"n\":20}"),
                        "all-orders-1", List.of("{\"n\":31}"),
                        "us-alerts-0", List.of("{\"n\":41}")));
        assertThat(read(connector, lane, connector.readBack().orElseThrow().position(lane)))
                .isEmpty();
    }

    @Test
    void topicsAreCreatedAsConfiguredAndFoundAgain() throws Exception {
        Map<String, Object> topics = new LinkedHashMap<>();
        topics.put("clicks", Map.of("topic", "parking", "partitions", 3L, "retention", "168h", "cleanup", "delete"));
        topics.put("orders", Map.of("topic", "quality", "partitions", 1L, "retention", "8760h", "cleanup", "compact"));
        topics.put("alerts", Map.of("topic", "metrics", "partitions", 2L, "retention", "30d"));
        SinkConnector connector = connector("replication", 1L, "partitions", 9L, "topics", topics);
        connector.prepare(lane("default"));
        connector.prepare(lane("default"));

        assertThat(config("parking", "cleanup.policy", "retention.ms")).containsExactly("delete", "604800000");
        assertThat(config("quality", "cleanup.policy", "retention.ms")).containsExactly("compact", "31536000000");
        assertThat(config("metrics", "retention.ms")).containsExactly("2592000000");
        assertThat(connector.readBack().orElseThrow().position(lane("default")))
                .isEqualTo("metrics-0:0,metrics-1:0,parking-0:0,parking-1:0,parking-2:0,quality-0:0");
    }

    @Test
    void anExistingTopicWithAnotherCleanUpIsRefusedAndWithAnotherRetentionOnlyWarnedOf() throws Exception {
        kafka.createTopic("compacted", 1, Map.of("cleanup.policy", "compact", "retention.ms", "1000"));

        assertThatThrownBy(() ->
                        connector("topic", "compacted", "cleanup", "delete").prepare(Feed.LANE))
                .isInstanceOf(DeliveryException.class)
                .hasMessage("topic 'compacted' at " + kafka.bootstrapServers()
                        + " has the clean-up policy compact, but the settings say delete; set cleanup: compact, leave it out, or"
                        + " use another topic");
        connector("topic", "compacted", "cleanup", "compact", "retention", "1h").prepare(Feed.LANE);
    }

    @Test
    void aCompactedTopicRefusesEventsWithoutKeysForWhatTheyAre() throws Exception {
        SinkConnector connector = connector("topic", "keyed-only", "partitions", 1L, "cleanup", "compact");
        Sink sink = connector.open(Feed.LANE);
        Feed feed = new Feed(sink, 0);
        feed.write(3);

        assertThatThrownBy(sink::flush)
                .hasMessageContaining("3 events failed, 0 are unknown")
                .hasMessageContaining("InvalidRecordException");
        sink.close();
        assertThat(feed.failed()).isEqualTo(3);
    }

    @Test
    void anEventWithoutBytesIsATombstone() throws Exception {
        SinkConnector connector = connector("topic", "tombstones", "partitions", 1L, "cleanup", "compact");
        try (Sink sink = connector.open(Feed.LANE)) {
            new Feed(sink, 2).write(4, n -> n == 2 ? "" : "{\"n\":" + n + "}");
        }

        List<String> records = new ArrayList<>();
        try (SinkReader reader = connector.readBack().orElseThrow().reader(Feed.LANE, "")) {
            reader.read((source, offset, key, value, header) -> {
                assertThat(header).hasSize(32);
                records.add(new String(key, UTF_8) + (value == null ? " is gone" : " " + new String(value, UTF_8)));
            });
        }
        assertThat(records).containsExactly("key_0 {\"n\":0}", "key_1 {\"n\":1}", "key_0 is gone", "key_1 {\"n\":3}");
    }

    @Test
    void streamsWithoutTopicAndTopicsWithoutStreamAreSaidBeforeAnythingIsOpened() {
        SinkConnector missing =
                Feed.connector("127.0.0.1:1", "x", "connect_timeout", "1s", "topics", Map.of("clikcs", "c"));
        assertThatThrownBy(() -> missing.prepare(lane("default")))
                .isInstanceOf(DeliveryException.class)
                .hasMessage(
                        "topics names 'clikcs', which is not a stream of this run; the streams are clicks, orders, alerts");
        assertThatThrownBy(() -> connector("topics", Map.of("clicks", "c")).prepare(lane("default")))
                .isInstanceOf(DeliveryException.class)
                .hasMessageStartingWith("stream 'orders' has no topic; add it to topics, or set topic");
        assertThatThrownBy(() -> connector(
                                "topics",
                                Map.of("clicks", Map.of("topic", "same", "partitions", 2L), "orders", "same"),
                                "topic",
                                "rest")
                        .prepare(lane("default")))
                .isInstanceOf(DeliveryException.class)
                .hasMessage(
                        "topic 'same' is configured in two ways: with [partitions: 2] and, for stream 'orders', with [];"
                                + " make them equal");
        assertThatThrownBy(() ->
                        connector("topic", "in {region}".replace(" ", "-")).prepare(lane("the east")))
                .isInstanceOf(DeliveryException.class)
                .hasMessageContaining("would be 'in-the east', which is not a topic name");
    }

    @Test
    void mistakesInTopicsAreProblemsWithTheirPath() {
        assertThat(problems("topic", "{country}"))
                .singleElement()
                .satisfies(problem -> assertThat(problem.what())
                        .startsWith("'{country}' is not a topic name")
                        .endsWith("{stream} and {region} can be part of it"));
        assertThat(problems("topics", Map.of("clicks", Map.of("topic", "a b", "partition", 2L))))
                .extracting(Problem::path)
                .containsExactlyInAnyOrder("sinks.test.topics.clicks.topic", "sinks.test.topics.clicks.partition");
        assertThat(problems("topics", Map.of()))
                .singleElement()
                .satisfies(problem -> assertThat(problem.what()).startsWith("write a map of streams to topics"));
        assertThat(problems("topic", "x", "cleanup", "never", "retention", "forever"))
                .extracting(Problem::path)
                .containsExactlyInAnyOrder("sinks.test.cleanup", "sinks.test.retention");
    }

    private static SinkConnector connector(Object... more) {
        return TestSettings.configure(new KafkaSinkProvider(), settings(more));
    }

    private static List<Problem> problems(Object... more) {
        return TestSettings.problems(new KafkaSinkProvider(), settings(more));
    }

    private static Map<String, Object> settings(Object... more) {
        Map<String, Object> settings = Feed.settings(kafka.bootstrapServers(), "", more);
        settings.remove("topic", "");
        return settings;
    }

    private static LaneContext lane(String... regions) {
        return new LaneContext(
                "broker",
                0,
                1,
                1,
                7,
                0,
                List.of(
                        new LaneContext.Stream("clicks", 1, 1),
                        new LaneContext.Stream("orders", 2, 1),
                        new LaneContext.Stream("alerts", 3, 1)),
                List.of(regions),
                Path.of(""));
    }

    private static Map<String, List<String>> read(SinkConnector connector, LaneContext lane, String position)
            throws Exception {
        Map<String, List<String>> bySource = new TreeMap<>();
        try (SinkReader reader = connector.readBack().orElseThrow().reader(lane, position)) {
            for (Read read : Feed.read(reader)) {
                bySource.computeIfAbsent(read.source(), source -> new ArrayList<>())
                        .add(read.value());
            }
        }
        return bySource;
    }

    private static List<String> config(String topic, String... names) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            Config config = admin.describeConfigs(List.of(resource)).all().get().get(resource);
            return List.of(names).stream().map(name -> config.get(name).value()).toList();
        }
    }
}
