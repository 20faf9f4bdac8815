package io.dataflux.bench;

import io.dataflux.DataFlux;
import io.dataflux.Run;
import io.dataflux.RunReport;
import io.dataflux.kafka.KafkaSink;
import io.dataflux.spi.EventBatch;
import io.dataflux.spi.LaneContext;
import io.dataflux.spi.Outcome;
import io.dataflux.spi.Sink;
import io.dataflux.testkit.EmbeddedKafka;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Utils;

/**
 * The Kafka sink against a bare producer loop: the same events, keys, partitions, header and producer settings, into the same broker in
 * this process, in turns. The bare loop sends values, keys and headers that lie ready; the sink copies them out of batches as it
 * does in a run; a whole run computes its events besides, with and without transactions.
 */
final class KafkaRatios {

    private static final double LEAST = 0.95;
    private static final int ROUNDS = Turns.rounds(9);
    private static final int READY = 20_000;
    private static final int EVENTS = Integer.getInteger("events", 400_000) / READY * READY;
    private static final int BATCH = 250;
    private static final int PARTITIONS = 3;

    private final EmbeddedKafka kafka;
    private final List<ReadyBatch> batches;
    private int topics;

    private KafkaRatios(EmbeddedKafka kafka) {
        this.kafka = kafka;
        batches = ReadyBatch.of(DataFlux.stream("device_telemetry", 42), READY, BATCH);
    }

    private interface Work {
        /** Nanoseconds for all events. */
        long send(String topic) throws Exception;
    }

    /** Returns whether the ratios are good enough. */
    static boolean measure() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(1, Map.of("log.segment.delete.delay.ms", "0"))) {
            return new KafkaRatios(kafka).compare();
        }
    }

    private boolean compare() throws Exception {
        return new Turns(ROUNDS)
                .side("bare producer loop", () -> timed(this::bare))
                .side("sink", () -> timed(this::sink))
                .side("run", () -> timed(topic -> run(topic, false)))
                .side("transactional run", () -> timed(topic -> run(topic, true)))
                .take()
                .speed("sink", "bare producer loop", LEAST)
                .speed("run", "bare producer loop", 0)
                .speed("transactional run", "bare producer loop", 0)
                .good();
    }

    private Turns.Turn timed(Work work) throws Exception {
        String topic = "ratio-" + ++topics;
        kafka.createTopic(topic, PARTITIONS, Map.of());
        long nanos = work.send(topic);
        delete(topic);
        return new Turns.Turn(nanos, String.format(Locale.ROOT, "%,9.0f events/s", EVENTS * 1e9 / nanos));
    }

    private long bare(String topic) throws Exception {
        List<ProducerRecord<byte[], byte[]>> ready = new ArrayList<>();
        for (ReadyBatch batch : batches) {
            for (int i = 0; i < batch.size(); i++) {
                byte[] value = Arrays.copyOfRange(batch.bytes(), batch.start(i), batch.end(i));
                byte[] header = new byte[EventBatch.HEADER_BYTES];
                batch.header(i, header, 0);
                byte[] key = batch.key(i);
                int partition = Utils.toPositive(Utils.murmur2(key)) % PARTITIONS;
                ProducerRecord<byte[], byte[]> record =
                        new ProducerRecord<>(topic, partition, batch.timeMillis(i), key, value);
                record.headers().add(KafkaSink.HEADER, header);
                ready.add(record);
            }
        }
        Map<String, Object> properties = Map.of(
                "bootstrap.servers",
                kafka.bootstrapServers(),
                "acks",
                "all",
                "linger.ms",
                5,
                "batch.size",
                65_536,
                "buffer.memory",
                33_554_432L,
                "enable.metrics.push",
                false);
        AtomicLong acknowledged = new AtomicLong();
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.partitionsFor(topic);
            long start = System.nanoTime();
            for (int i = 0; i < EVENTS; i++) {
                ProducerRecord<byte[], byte[]> from = ready.get(i % READY);
                ProducerRecord<byte[], byte[]> record =
                        new ProducerRecord<>(topic, from.partition(), from.timestamp(), from.key(), from.value());
                record.headers()
                        .add(
                                KafkaSink.HEADER,
                                from.headers().lastHeader(KafkaSink.HEADER).value());
                var unused = producer.send(record, (stored, cause) -> {
                    if (cause == null) {
                        acknowledged.incrementAndGet();
                    }
                });
            }
            producer.flush();
            return checked(acknowledged.get(), System.nanoTime() - start);
        }
    }

    private long sink(String topic) throws Exception {
        LaneContext lane = new LaneContext(
                "ratio", 0, 1, topics, 0, List.of(new LaneContext.Stream("telemetry", 7, 1)), Path.of(""));
        AtomicLong acknowledged = new AtomicLong();
        Outcome outcome = new Outcome() {
            @Override
            public void acknowledged(int from, int to) {
                acknowledged.addAndGet(to - from);
            }

            @Override
            public void failed(int from, int to, Throwable cause) {}

            @Override
            public void unknown(int from, int to, Throwable cause) {}
        };
        try (Sink sink = KafkaSink.topic(kafka.bootstrapServers(), topic).open(lane)) {
            long start = System.nanoTime();
            for (int i = 0; i < EVENTS / BATCH; i++) {
                sink.write(batches.get(i % batches.size()), outcome);
            }
            sink.flush();
            return checked(acknowledged.get(), System.nanoTime() - start);
        }
    }

    private long run(String topic, boolean transactional) throws Exception {
        Path folder = Files.createTempDirectory("dataflux-ratio-");
        Path config = Files.writeString(folder.resolve("run.yaml"), """
                seed: 42
                speed: max
                limits: {events: %d}
                streams: {telemetry: {from: device_telemetry}}
                sinks: {broker: {type: kafka, bootstrap_servers: '%s', topic: '%s', transactional: %s}}
                output: {dir: '%s'}
                """.formatted(
                        EVENTS, kafka.bootstrapServers(), topic, transactional, folder));
        try (Run run = DataFlux.plan(config, Map.of(), Map.of()).start()) {
            long start = System.nanoTime();
            RunReport report = run.await();
            return checked(report.acknowledged(), System.nanoTime() - start);
        }
    }

    private static long checked(long acknowledged, long nanos) {
        if (acknowledged != EVENTS) {
            throw new IllegalStateException(acknowledged + " of " + EVENTS + " events were acknowledged");
        }
        return nanos;
    }

    private void delete(String topic) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.deleteTopics(List.of(topic)).all().get();
        }
    }
}
