package io.dataflux.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dataflux.DataFlux;
import io.dataflux.EventStream;
import io.dataflux.Plan;
import io.dataflux.RunReport;
import io.dataflux.model.Faults;
import io.dataflux.model.Fields;
import io.dataflux.model.StreamDefinition;
import io.dataflux.spi.LaneContext;
import io.dataflux.spi.SinkConnector;
import io.dataflux.spi.SinkReader;
import io.dataflux.testkit.EmbeddedKafka;
import io.dataflux.verify.FaultyReader;
import io.dataflux.verify.FaultyReader.Sabotage;
import io.dataflux.verify.Finding;
import io.dataflux.verify.Verdict;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Topics whose brokers remove records by their own rules, and verdicts that neither blame them nor hide behind them. */
class KafkaCompactionTest {

    private static final int EVENTS = 6_000;
    private static EmbeddedKafka kafka;

    @TempDir
    Path output;

    @BeforeAll
    static void startBroker() {
        kafka = EmbeddedKafka.start(1, Map.of("log.cleaner.backoff.ms", "100", "log.cleaner.threads", "1"));
    }

    @AfterAll
    static void stopBroker() {
        kafka.close();
    }

    private static EventStream orders() {
        return DataFlux.stream(
                StreamDefinition.named("orders")
                        .key("user_{}", 40, "1.0")
                        .identity("id")
                        .field("id", Fields.id("ord_{}"))
                        .field("total", Fields.decimal("1.00", "199.99"))
                        .start(Instant.now().truncatedTo(ChronoUnit.SECONDS))
                        .build(),
                42);
    }

    /** Small segments, cleaned as soon as they are closed. */
    private static void create(String topic, String policy) {
        kafka.createTopic(
                topic,
                2,
                Map.of(
                        "cleanup.policy", policy,
                        "segment.bytes", "1048576",
                        "segment.ms", "100",
                        "min.cleanable.dirty.ratio", "0.001",
                        "max.compaction.lag.ms", "100"));
    }

    private Plan plan(EventStream stream, String topic) {
        return DataFlux.plan(stream)
                .events(0, EVENTS)
                .sink("broker", kafka.sink(topic))
                .speed(Double.POSITIVE_INFINITY)
                .output(output)
                .build();
    }

    @ParameterizedTest
    @ValueSource(strings = {"compact", "compact,delete"})
    void theLastEventOfEachKeyIsJudged(String policy) throws Exception {
        String topic = "compacted-" + policy.length();
        create(topic, policy);
        EventStream stream = orders().with(d -> d.faults(Faults.of("duplicate 5%, drop 2%, reorder 10% within 20")));
        Plan plan = plan(stream, topic);
        RunReport report = plan.start().await();
        long before =
                plan.verify("broker", report.ledger(), UnaryOperator.identity()).records();
        assertThat(before).isGreaterThan(1000);

        awaitCompaction(topic, before / 2);

        Verdict verdict = plan.verify("broker", report.ledger(), UnaryOperator.identity());
        assertThat(verdict.cleanBut(Finding.FOREIGN)) // the filling below
                .as(verdict.toString())
                .isTrue();
        assertThat(verdict.records()).isLessThan(before / 2);
        assertThat(verdict.facts())
                .anyMatch(fact ->
                        fact.matches("kept      : the last record of each key \\(compaction\\); [\\d,]+ events that a"
                                + " later one of the key replaces are not there and not judged"));
        assertThat(verdict.notJudged()).anyMatch(aspect -> aspect.name().equals("what the target itself removes"));
    }

    @Test
    void aLastEventThatIsNotThereIsLostInACompactedTopicToo() throws Exception {
        String topic = "compacted-and-lost";
        create(topic, "compact");
        Plan plan = plan(orders(), topic);
        RunReport report = plan.start().await();
        awaitCompaction(topic, EVENTS / 2);
        EventStream sent = orders().withTag(report.ledger().tag());
        long last = EVENTS - 1; // certainly the last one of its key

        Verdict verdict = plan.verify(
                "broker",
                report.ledger(),
                reader -> new FaultyReader(
                        reader,
                        Sabotage.parse("drop:" + last),
                        plan.streams().get(0),
                        report.ledger().tag()));

        assertThat(sent.event(last).key()).isNotNull();
        assertThat(verdict.count(Finding.LOST)).as(verdict.toString()).isEqualTo(1);
        assertThat(verdict.examples(Finding.LOST).get(0).sequence()).isEqualTo(last);
    }

    @Test
    void whatIsGoneFromTheBeginningIsNotJudged() throws Exception {
        kafka.createTopic("shortened", 2);
        Plan plan = plan(orders(), "shortened");
        RunReport report = plan.start().await();
        assertThat(plan.verify("broker", report.ledger(), UnaryOperator.identity())
                        .clean())
                .isTrue();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.deleteRecords(Map.of(
                            new TopicPartition("shortened", 0), RecordsToDelete.beforeOffset(500),
                            new TopicPartition("shortened", 1), RecordsToDelete.beforeOffset(40)))
                    .all()
                    .get();
        }

        Verdict verdict = plan.verify("broker", report.ledger(), UnaryOperator.identity());

        assertThat(verdict.clean()).as(verdict.toString()).isTrue();
        assertThat(verdict.records()).isEqualTo(EVENTS - 540);
        assertThat(verdict.facts())
                .contains(
                        "kept      : not the first 540 records of 2 sources (retention); 540 events from there are not"
                                + " judged");
    }

    /** Segments are only closed when more comes, so records of no run are sent until fewer than that many of the run are left. */
    private void awaitCompaction(String topic, long fewer) throws Exception {
        Map<String, Object> config = new HashMap<>(Map.of("bootstrap.servers", kafka.bootstrapServers()));
        SinkConnector connector = kafka.sink(topic);
        LaneContext lane =
                new LaneContext("broker", 0, 1, 1, 0, List.of(new LaneContext.Stream("orders", 1, 1)), Path.of(""));
        try (var producer = new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            await().atMost(Duration.ofMinutes(2))
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> {
                        for (int partition = 0; partition < 2; partition++) {
                            producer.send(new ProducerRecord<>(topic, partition, "filler", "{}"))
                                    .get();
                        }
                        long[] left = new long[1];
                        try (SinkReader reader =
                                connector.readBack().orElseThrow().reader(lane, "")) {
                            reader.read((source, offset, key, value, header) ->
                                    left[0] += new String(key, StandardCharsets.UTF_8).equals("filler") ? 0 : 1);
                        }
                        return left[0] < fewer;
                    });
        }
    }
}
