package io.dataflux.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.dataflux.DataFlux;
import io.dataflux.DeliveryException;
import io.dataflux.RunMonitor;
import io.dataflux.WatchedRun;
import io.dataflux.spi.TargetView;
import io.dataflux.spi.TargetView.Group;
import io.dataflux.spi.TargetView.Log;
import io.dataflux.spi.TargetView.Partition;
import io.dataflux.testkit.EmbeddedKafka;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people see of the topics of a run and of those who read them. */
class KafkaViewTest {

    private static EmbeddedKafka kafka;

    @TempDir
    Path folder;

    @BeforeAll
    static void startBroker() {
        kafka = EmbeddedKafka.start();
    }

    @AfterAll
    static void stopBroker() {
        kafka.close();
    }

    private WatchedRun sent(String topic, String more) throws Exception {
        AtomicReference<WatchedRun> watched = new AtomicReference<>();
        DataFlux.plan(Files.writeString(folder.resolve(topic + ".yaml"), """
                        streams: {clickstream: {}}
                        limits: {events: 1000}
                        speed: max
                        sinks:
                          broker: {type: kafka, bootstrap_servers: "%s", topic: %s, partitions: 3%s}
                          nowhere: {type: "null"}
                        output: {dir: '%s'}
                        """.formatted(
                                kafka.bootstrapServers(), topic, more, folder.resolve("out"))))
                .monitoredBy(run -> {
                    watched.set(run);
                    return (RunMonitor.Watch) report -> {};
                })
                .start()
                .await();
        return watched.get();
    }

    private static KafkaConsumer<byte[], byte[]> consumer(String group, String topic) {
        KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", kafka.bootstrapServers(),
                        "group.id", group,
                        "auto.offset.reset", "earliest",
                        "enable.auto.commit", "false",
                        "max.poll.records", "100"), // order never seen
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        consumer.subscribe(List.of(topic));
        return consumer;
    }

    @Test
    void topicsAreSeenAndHowFarTheirReadersAreBehind() throws Exception {
        WatchedRun run = sent("seen", ", transactional: true");
        Map<String, TargetView> targets = run.targets();
        assertThat(targets).containsOnlyKeys("broker");
        try (TargetView view = targets.get("broker")) {
            TargetView.Target before = view.look();
            assertThat(before.remarks()).isEmpty();
            assertThat(before.groups())
                    .as("the groups of the sink's own lanes are not those of readers")
                    .isEmpty();
            assertThat(before.logs()).hasSize(1);
            Log log = before.logs().get(0);
            assertThat(log.name()).isEqualTo("seen");
            assertThat(log.partitions()).hasSize(3).allSatisfy(partition -> {
                assertThat(partition.replicas()).isEqualTo(1);
                assertThat(partition.inSync()).isEqualTo(1);
            });
            assertThat(log.partitions()).extracting(Partition::number).containsExactly(0, 1, 2);
            assertThat(log.end()).as("events, and the marks of transactions").isGreaterThanOrEqualTo(1000);
            assertThat(log.settings()).containsEntry("cleanup.policy", "delete").containsKey("retention.ms");

            try (KafkaConsumer<byte[], byte[]> consumer = consumer("billing", "seen")) {
                long read = 0;
                while (read == 0) {
                    read = consumer.poll(Duration.ofSeconds(1)).count();
                }
                consumer.commitSync();
                long position = consumer.assignment().stream()
                        .mapToLong(partition -> consumer.position(partition))
                        .sum();
                Group group = view.look().groups().get(0);
                assertThat(group).isEqualTo(new Group("billing", "seen", "Stable", 1, log.end() - position));
                assertThat(group.lag()).isPositive();
                while (read < 1000) {
                    read += consumer.poll(Duration.ofSeconds(1)).count();
                }
                await().untilAsserted(() -> {
                    consumer.poll(Duration.ofMillis(100));
                    consumer.commitSync();
                    assertThat(view.look().groups().get(0).lag()).isZero();
                });
            }
            await().untilAsserted(() ->
                    assertThat(view.look().groups().get(0)).isEqualTo(new Group("billing", "seen", "Empty", 0, 0)));
        }
    }

    @Test
    void readersOfOtherTopicsAreNotShown() throws Exception {
        sent("other", "");
        try (KafkaConsumer<byte[], byte[]> consumer = consumer("audit", "other")) {
            while (consumer.poll(Duration.ofSeconds(1)).isEmpty()) {
                // until the group has joined
            }
            consumer.commitSync();
        }
        try (TargetView view = sent("mine", "").targets().get("broker")) {
            assertThat(view.look().groups()).extracting(Group::name).doesNotContain("audit");
        }
    }

    @Test
    void aBrokerThatIsAwayIsNamedAndTheNextLookTriesAgain() throws Exception {
        WatchedRun run;
        try (EmbeddedKafka away = EmbeddedKafka.start()) {
            EmbeddedKafka shared = kafka;
            kafka = away;
            try {
                run = sent("gone", ", connect_timeout: 1s");
            } finally {
                kafka = shared;
            }
        }
        try (TargetView view = run.targets().get("broker")) {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(view::look)
                        .isExactlyInstanceOf(DeliveryException.class)
                        .hasMessageContaining("no Kafka broker for topic 'gone'");
            }
        }
    }
}
