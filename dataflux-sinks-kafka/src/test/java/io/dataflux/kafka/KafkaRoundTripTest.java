package io.dataflux.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.dataflux.DeliveryException;
import io.dataflux.kafka.Feed.Read;
import io.dataflux.spi.Sink;
import io.dataflux.spi.SinkConnector;
import io.dataflux.spi.SinkReader;
import io.dataflux.testkit.EmbeddedKafka;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaRoundTripTest {

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
    void keysGoWhereKafkasDefaultPartitionerSendsThem() throws Exception {
        kafka.createTopic("ours", 7);
        kafka.createTopic("theirs", 7);
        send(connector("ours"), 500, 100);
        Map<String, Object> config = Map.of("bootstrap.servers", kafka.bootstrapServers());
        try (var producer = new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            for (int key = 0; key < 100; key++) {
                producer.send(new ProducerRecord<>("theirs", "key_" + key, "x")).get();
            }
        }

        Map<String, Integer> ours = partitionsOfKeys("ours");
        assertThat(ours).hasSize(100).isEqualTo(partitionsOfKeys("theirs"));
        assertThat(ours.values()).contains(0, 1, 2, 3, 4, 5, 6);
    }

    @Test
    void eventsWithoutKeysGoRoundThePartitionsByPlace() throws Exception {
        kafka.createTopic("keyless", 3);
        send(connector("keyless"), 30, 0);

        assertThat(consume("keyless")).hasSize(30).allSatisfy(record -> {
            assertThat(record.key()).isNull();
            assertThat(new String(record.value(), UTF_8))
                    .isEqualTo("{\"n\":" + (3 * record.offset() + record.partition()) + "}");
        });
    }

    @Test
    void aRecordCarriesValueTimeAndOneHeader() throws Exception {
        kafka.createTopic("records", 1);
        send(connector("records"), 3, 2);

        ConsumerRecord<byte[], byte[]> second = consume("records").get(1);
        assertThat(new String(second.key(), UTF_8)).isEqualTo("key_1");
        assertThat(new String(second.value(), UTF_8)).isEqualTo("{\"n\":1}");
        assertThat(second.timestamp()).isEqualTo(Feed.START_MILLIS + 1);
        assertThat(second.headers()).singleElement().satisfies(header -> {
            assertThat(header.key()).isEqualTo("dataflux");
            ByteBuffer fields = ByteBuffer.wrap(header.value());
            assertThat(fields.getLong()).as("fingerprint").isEqualTo(0x0102030405060708L);
            assertThat(fields.getInt()).as("tag").isEqualTo(0xCAFE0001);
            assertThat(fields.getShort()).as("stream").isZero();
            assertThat(fields.getLong()).as("place").isEqualTo(1);
            assertThat(fields.getLong()).as("sequence").isEqualTo(1);
            assertThat(fields.getShort()).as("attempt").isEqualTo((short) 3);
            assertThat(fields.remaining()).isZero();
        });
    }

    @Test
    void theTimestampIsTheTimeOfSendingIfThatIsWanted() throws Exception {
        long before = System.currentTimeMillis();
        send(Feed.connector(kafka.bootstrapServers(), "sent", "partitions", 1L, "timestamp", "send"), 3, 2);

        assertThat(consume("sent"))
                .hasSize(3)
                .allSatisfy(record -> assertThat(record.timestamp()).isBetween(before, System.currentTimeMillis()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "snappy", "lz4", "zstd"})
    void compressedRecordsReadBack(String compression) throws Exception {
        String topic = "compressed-" + compression;
        SinkConnector connector =
                Feed.connector(kafka.bootstrapServers(), topic, "partitions", 2L, "compression", compression);
        send(connector, 500, 10);

        assertThat(readAll(connector, "")).hasSize(500);
    }

    @Test
    void theReaderBeginsAtAPositionAndGoesOnWhereItStopped() throws Exception {
        kafka.createTopic("positions", 2);
        SinkConnector connector = connector("positions");
        assertThat(connector.readBack().orElseThrow().position(Feed.LANE)).isEqualTo("positions-0:0,positions-1:0");
        send(connector, 10, 0);
        String position = connector.readBack().orElseThrow().position(Feed.LANE);
        assertThat(position).isEqualTo("positions-0:5,positions-1:5");

        try (Sink sink = connector.open(Feed.LANE);
                SinkReader reader = connector.readBack().orElseThrow().reader(Feed.LANE, position)) {
            Feed feed = new Feed(sink, 0);
            assertThat(Feed.read(reader)).isEmpty();
            feed.write(4);
            sink.flush();
            assertThat(Feed.read(reader))
                    .containsExactlyInAnyOrder(
                            new Read("positions-0", 5, null, "{\"n\":0}"),
                            new Read("positions-1", 5, null, "{\"n\":1}"),
                            new Read("positions-0", 6, null, "{\"n\":2}"),
                            new Read("positions-1", 6, null, "{\"n\":3}"));
            feed.write(1);
            sink.flush();
            assertThat(Feed.read(reader)).containsExactly(new Read("positions-0", 7, null, "{\"n\":4}"));
            assertThat(Feed.read(reader)).isEmpty();
        }
        assertThat(readAll(connector, "")).hasSize(15);
        assertThat(readAll(connector, "positions-1:6"))
                .as("partition 0 from its beginning")
                .hasSize(9);
    }

    @Test
    void anOpenTransactionIsNamedAndItsRecordsAppearWhenItCommits() throws Exception {
        kafka.createTopic("transactions", 1);
        SinkConnector connector = Feed.connector(kafka.bootstrapServers(), "transactions", "read_timeout", "1s");
        Map<String, Object> config =
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "transactional.id", "somebody");
        try (var producer = new KafkaProducer<>(config, new StringSerializer(), new StringSerializer());
                SinkReader reader = connector.readBack().orElseThrow().reader(Feed.LANE, "")) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("transactions", "k", "v")).get();
            assertThatThrownBy(() -> Feed.read(reader))
                    .isInstanceOf(DeliveryException.class)
                    .hasMessageContaining("reading topic 'transactions' at " + kafka.bootstrapServers())
                    .hasMessageContaining("no progress for 1 s (read_timeout)")
                    .hasMessageMatching(
                            ".* partition 0 has been read to 0 of 1, where a transaction is open: 'somebody',"
                                    + " for \\d+ s \\(the broker ends it after 60 s\\);.*");

            producer.commitTransaction();
            await().forever()
                    .pollInSameThread()
                    .ignoreException(DeliveryException.class)
                    .untilAsserted(() ->
                            assertThat(Feed.read(reader)).containsExactly(new Read("transactions-0", 0, "k", "v")));
        }
    }

    @Test
    void aPositionBeyondTheEndIsATopicCreatedAnew() {
        kafka.createTopic("anew", 1);

        assertThatThrownBy(() -> readAll(connector("anew"), "anew-0:7"))
                .isInstanceOf(DeliveryException.class)
                .hasMessageContaining("ends at 0 in partition 0, but was read up to 7 before");
    }

    private static SinkConnector connector(String topic) {
        return KafkaSink.topic(kafka.bootstrapServers(), topic);
    }

    private static void send(SinkConnector connector, int count, int keys) throws Exception {
        try (Sink sink = connector.open(Feed.LANE)) {
            Feed feed = new Feed(sink, keys);
            feed.write(count);
            sink.flush();
            assertThat(feed.acknowledged()).isEqualTo(count);
        }
    }

    private static List<Read> readAll(SinkConnector connector, String position) throws Exception {
        try (SinkReader reader = connector.readBack().orElseThrow().reader(Feed.LANE, position)) {
            return Feed.read(reader);
        }
    }

    private static Map<String, Integer> partitionsOfKeys(String topic) {
        Map<String, Integer> partitions = new TreeMap<>();
        for (ConsumerRecord<byte[], byte[]> record : consume(topic)) {
            Integer before = partitions.put(new String(record.key(), UTF_8), record.partition());
            assertThat(before).isIn(null, record.partition());
        }
        return partitions;
    }

    /** All records, read without any code of ours. */
    private static List<ConsumerRecord<byte[], byte[]>> consume(String topic) {
        Map<String, Object> config =
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "auto.offset.reset", "earliest");
        try (var consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            long end = consumer.endOffsets(partitions).values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            for (int polls = 0; records.size() < end && polls < 300; polls++) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
            return records;
        }
    }
}
