package io.dataflux.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class KafkaClusterTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static Kafka ofTheClass;

    @BeforeAll
    static void start(@KafkaCluster Kafka kafka) {
        ofTheClass = kafka;
    }

    @Test
    @Order(1)
    void clientsGoThroughTheProxyAndAFaultIsPutRightAfterwards(@KafkaCluster Kafka kafka) throws Exception {
        assertThat(kafka).isSameAs(ofTheClass);
        assertThat(kafka.bootstrapServers()).isEqualTo(kafka.proxy(0).address());
        assertThat(kafka.directServers()).isNotEqualTo(kafka.bootstrapServers());
        kafka.createTopic("words", 1);
        KafkaProducer<String, String> producer = producer(kafka.bootstrapServers());
        try {
            send(producer, "words").get();

            Fault swallowed = Fault.swallowResponses();
            kafka.proxy(0).on(swallowed);
            Future<RecordMetadata> unanswered = send(producer, "words");
            assertThat(kafka.proxy(0)
                            .await(swallowed, hits -> hits.bytes() > 0, PATIENCE)
                            .inFlight())
                    .isPositive();
            assertThat(unanswered).isNotDone();
        } finally {
            producer.close(Duration.ZERO); // or it would wait for the answer
        }
        try (KafkaProducer<String, String> direct = producer(kafka.directServers())) {
            assertThat(send(direct, "words").get().offset())
                    .as("the unanswered record is there")
                    .isEqualTo(2);
        }
        kafka.kill(0);
    }

    @Test
    @Order(2)
    void theNextTestGetsAWholeCluster(@KafkaCluster Kafka kafka) throws Exception {
        try (KafkaProducer<String, String> producer = producer(kafka.bootstrapServers())) {
            assertThat(send(producer, "words").get().offset()).isEqualTo(3);
        }
    }

    @Test
    @Order(3)
    void ofThreeBrokersOneCanDieAndComeBack(
            @KafkaCluster(brokers = 3, properties = "broker.session.timeout.ms=2000") Kafka kafka) throws Exception {
        assertThat(kafka).isNotSameAs(ofTheClass);
        kafka.createTopic("words", 3, Map.of("min.insync.replicas", "2"));
        try (KafkaProducer<String, String> producer = producer(kafka.bootstrapServers())) {
            sendAll(producer);
            kafka.kill(1);
            sendAll(producer);
            kafka.restart(1);
            kafka.kill(2);
            sendAll(producer); // needs the first one back
        }
    }

    private static void sendAll(KafkaProducer<String, String> producer) throws Exception {
        List<Future<RecordMetadata>> sent = IntStream.range(0, 3)
                .mapToObj(partition -> producer.send(new ProducerRecord<>("words", partition, "a", "word")))
                .toList();
        for (Future<RecordMetadata> each : sent) {
            each.get();
        }
    }

    private static Future<RecordMetadata> send(KafkaProducer<String, String> producer, String topic) {
        return producer.send(new ProducerRecord<>(topic, "a", "word"));
    }

    private static KafkaProducer<String, String> producer(String servers) {
        Map<String, Object> config = Map.of("bootstrap.servers", servers, "request.timeout.ms", 900, "linger.ms", 0);
        return new KafkaProducer<>(config, new StringSerializer(), new StringSerializer());
    }
}
