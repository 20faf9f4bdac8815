package io.dataflux.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

class EmbeddedKafkaTest {

    @Test
    void storesARecordKeepsItOverARestartAndLeavesNothingBehind() throws Exception {
        EmbeddedKafka kafka = EmbeddedKafka.start();
        try (kafka) {
            kafka.createTopic("words", 1);
            send(kafka, "words", "before");

            kafka.stopBroker(0);
            assertThatThrownBy(() -> connect("127.0.0.1", port(kafka))).isInstanceOf(IOException.class);
            kafka.startBroker(0);

            send(kafka, "words", "after");
            assertThat(read(kafka, "words", 2)).containsExactly("before", "after");
            assertThat(kafka.folder()).isDirectory();
        }

        assertThat(kafka.folder()).doesNotExist();
        kafka.close();
    }

    @Test
    void printsNothingAndListensOnTheLoopbackAddressOnly() throws Exception {
        PrintStream console = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, UTF_8));
        try (EmbeddedKafka kafka = EmbeddedKafka.start()) {
            kafka.createTopic("words", 1);
            send(kafka, "words", "a word");
            connect("127.0.0.1", port(kafka));
            // a socket bound to all addresses would accept this one
            assertThatThrownBy(() -> connect("127.0.0.2", port(kafka))).isInstanceOf(IOException.class);
        } finally {
            System.setOut(console);
        }

        assertThat(printed.toString(UTF_8)).isEmpty();
    }

    @Test
    void aClusterOfThreeServesWhileOneBrokerIsDown() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(3)) {
            kafka.createTopic("words", 3, Map.of("min.insync.replicas", "2"));
            assertThat(kafka.bootstrapServers()).matches("(127.0.0.1:[0-9]+,){2}127.0.0.1:[0-9]+");
            kafka.stopBroker(1);

            for (String word : List.of("a", "b", "c")) {
                send(kafka, "words", word);
            }

            assertThat(read(kafka, "words", 3)).containsExactlyInAnyOrder("a", "b", "c");
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
                assertThat(admin.describeCluster().nodes().get(1, TimeUnit.MINUTES))
                        .hasSize(2);
            }
        }
    }

    @Test
    void aTopicThatExistsIsNotCreatedAgain() {
        try (EmbeddedKafka kafka = EmbeddedKafka.start()) {
            kafka.createTopic("words", 1);

            assertThatThrownBy(() -> kafka.createTopic("words", 2))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("topic 'words' was not created")
                    .hasMessageContaining("already exists");
        }
    }

    private static int port(EmbeddedKafka kafka) {
        return Integer.parseInt(kafka.bootstrapServers().substring("127.0.0.1:".length()));
    }

    private static void connect(String host, int port) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), 5_000);
        }
    }

    private static void send(EmbeddedKafka kafka, String topic, String word) throws Exception {
        Map<String, Object> config = Map.of("bootstrap.servers", kafka.bootstrapServers());
        try (var producer = new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(topic, word, word)).get(1, TimeUnit.MINUTES);
        }
    }

    private static List<String> read(EmbeddedKafka kafka, String topic, int count) {
        Map<String, Object> config =
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "auto.offset.reset", "earliest");
        try (var consumer = new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            List<String> words = new java.util.ArrayList<>();
            for (int polls = 0; words.size() < count && polls < 60; polls++) {
                consumer.poll(Duration.ofMillis(500)).forEach(record -> words.add(record.value()));
            }
            return words;
        }
    }
}
