package io.dataflux.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.DataFlux;
import io.dataflux.EventStream;
import io.dataflux.Plan;
import io.dataflux.PlannedFault;
import io.dataflux.Run;
import io.dataflux.RunReport;
import io.dataflux.model.Corruption;
import io.dataflux.model.FaultKind;
import io.dataflux.testkit.EmbeddedKafka;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a broker holds of streams with faults on purpose. */
class KafkaFaultsOnPurposeTest {

    private static final long EVENTS = 20_000;
    /** Reduced 800, thorough 20,000. */
    private static final long FEW = Boolean.getBoolean("dataflux.thorough") ? 20_000 : 800;

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

    private Plan plan(String topic, long events, String more) throws Exception {
        Path file = folder.resolve("config.yaml");
        Files.writeString(file, """
                seed: 42
                tag: "5f3a90c1"
                speed: max
                limits: {events: %d}
                streams:
                  orders:
                    key: {entity: "cust_{}", count: 100, shards: 8}
                    identity: id
                    fields:
                      id: {id: "ord_{}"}
                      status: {pick: {PAID: 9, OPEN: 1}}
                    faults:
                      duplicate: {share: 10%%, within: 30}
                      drop: 5%%
                      reorder: {share: 20%%, within: 60}
                      corrupt: {share: 2%%, kinds: [truncated, null_key, unknown_enum]}
                sinks:
                  broker: {type: kafka, bootstrap_servers: "%s", topic: %s, partitions: 3, connect_timeout: 1m%s}
                output: {dir: "%s"}
                """.formatted(events, kafka.bootstrapServers(), topic, more, folder.resolve("out")));
        return DataFlux.plan(file);
    }

    @Test
    void aTopicHoldsEachEventAsOftenAndAsIsPlanned() throws Exception {
        Plan plan = plan("faulty", EVENTS, "");
        RunReport report = plan.start().await();
        EventStream orders = plan.streams().get(0).withTag(0x5f3a90c1);

        Map<Long, Integer> copies = new TreeMap<>();
        Map<Long, ConsumerRecord<byte[], byte[]>> records = new TreeMap<>();
        for (ConsumerRecord<byte[], byte[]> record : consume("faulty")) {
            copies.merge(sequence(record), 1, Integer::sum);
            records.put(sequence(record), record);
        }
        List<PlannedFault> faults = orders.faults(0, EVENTS);
        for (PlannedFault fault : faults) {
            long sequence = fault.sequence();
            if (fault.kind() == FaultKind.DROP || fault.kind() == FaultKind.DUPLICATE) {
                assertThat(copies.getOrDefault(sequence, 0)).isEqualTo(fault.copies());
                copies.remove(sequence);
            } else if (fault.corruption() == Corruption.NULL_KEY) {
                assertThat(records.get(sequence).key()).isNull();
                assertThat(records.get(sequence).value())
                        .isEqualTo(orders.event(sequence).bytes());
                records.remove(sequence);
            } else if (fault.kind() == FaultKind.CORRUPT) {
                assertThat(records.get(sequence).value())
                        .isNotEqualTo(orders.event(sequence).bytes());
                assertThat(new String(records.get(sequence).value(), StandardCharsets.UTF_8))
                        .contains(orders.event(sequence).identity().get(0).toString());
                records.remove(sequence);
            }
        }
        assertThat(copies.values()).containsOnly(1);
        records.forEach((sequence, record) -> {
            assertThat(record.value()).isEqualTo(orders.event(sequence).bytes());
            assertThat(new String(record.key(), StandardCharsets.UTF_8))
                    .isEqualTo(orders.event(sequence).key());
        });
        Map<FaultKind, Long> counted = report.faults().get(0).events();
        for (FaultKind kind : FaultKind.values()) {
            assertThat(counted.get(kind))
                    .isEqualTo(faults.stream()
                            .filter(fault -> fault.kind() == kind)
                            .count());
        }
    }

    /** Transactions of few events end between those of one time; the checkpoint of a killed process is older than its last commit. */
    @Test
    void transactionsHoldEachDeliveryOnceOverKillsAndResumes() throws Exception {
        Path checkpoint = folder.resolve("out/5f3a90c1/checkpoint.json");
        byte[] old = {};
        RunReport report = null;
        for (int attempt = 0; attempt < 5; attempt++) {
            Plan plan = plan("transacted", FEW, ", transactional: true, transaction_events: 7");
            Run run = plan.start();
            if (attempt < 4) {
                CountDownLatch reached = new CountDownLatch(1);
                run.after((attempt + 1) * FEW / 8, reached::countDown);
                reached.await();
                old = attempt % 2 == 0 ? Files.readAllBytes(checkpoint) : old;
                run.stop();
                Files.write(checkpoint, old);
            } else {
                report = run.await();
            }
        }

        List<ConsumerRecord<byte[], byte[]>> records = consume("transacted");
        Set<String> deliveries = new HashSet<>();
        records.forEach(record -> assertThat(deliveries.add(sequence(record) + " at " + place(record)))
                .as("sent once")
                .isTrue());
        assertThat(report.acknowledged()).isEqualTo(records.size());
        assertThat(report.missing()).isZero();
        long expected = FEW;
        for (PlannedFault fault : plan("transacted", FEW, "").streams().get(0).faults(0, FEW)) {
            expected += fault.copies() - 1;
        }
        assertThat(records).hasSize((int) expected);
    }

    @Test
    void whatIsCommittedOfOneTimeIsTextAndBack() {
        Progress.Segment part = new Progress.Segment(2, 36, 7, 35, 1L << 62);
        String text = Progress.text(new long[] {5, 0, 36}, part);
        long[] below = new long[3];

        assertThat(text).isEqualTo("dataflux1 0:5,2:10+2.10.7.z." + Long.toString(1L << 62, 36));
        assertThat(Progress.merge(text, below)).isEqualTo(part);
        assertThat(below).containsExactly(5, 0, 36);
        assertThat(Progress.merge("dataflux1 0:5", below)).isNull();
    }

    private static long sequence(ConsumerRecord<byte[], byte[]> record) {
        return ByteBuffer.wrap(record.headers().lastHeader("dataflux").value()).getLong(22);
    }

    private static long place(ConsumerRecord<byte[], byte[]> record) {
        return ByteBuffer.wrap(record.headers().lastHeader("dataflux").value()).getLong(14);
    }

    private static List<ConsumerRecord<byte[], byte[]>> consume(String topic) {
        Map<String, Object> config =
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "isolation.level", "read_committed");
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (var consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions =
                    List.of(new TopicPartition(topic, 0), new TopicPartition(topic, 1), new TopicPartition(topic, 2));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.get(each))) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
        }
        return records;
    }
}
