package io.dataflux.bench;

import io.dataflux.DataFlux;
import io.dataflux.Event;
import io.dataflux.EventStream;
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
import java.util.LinkedHashMap;
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
    private static final int ROUNDS = Integer.getInteger("rounds", 9);
    private static final int READY = 20_000;
    private static final int EVENTS = Integer.getInteger("events", 400_000) / READY * READY;
    private static final int BATCH = 250;
    private static final int PARTITIONS = 3;

    private final EmbeddedKafka kafka;
    private final List<ReadyBatch> batches = new ArrayList<>();
    private int topics;

    private KafkaRatios(EmbeddedKafka kafka) {
        this.kafka = kafka;
        EventStream stream = DataFlux.stream("device_telemetry", 42);
        for (long from = 0; from < READY; from += BATCH) {
            List<Event> events = new ArrayList<>();
            stream.events(from, from + BATCH).forEach(events::add);
            batches.add(new ReadyBatch(events));
        }
    }

    private interface Side {
        /** Nanoseconds for all events. */
        long send(String topic) throws Exception;
    }

    static void measure() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(1, Map.of("log.segment.delete.delay.ms", "0"))) {
            new KafkaRatios(kafka).compare();
        }
    }

    private void compare() throws Exception {
        Map<String, Side> sides = new LinkedHashMap<>();
        sides.put("bare", this::bare);
        sides.put("sink", this::sink);
        sides.put("run", topic -> run(topic, false));
        sides.put("transactional run", topic -> run(topic, true));
        Map<String, List<Double>> ratios = new LinkedHashMap<>();
        for (int round = 0; round <= ROUNDS; round++) {
            long bare = 0;
            for (Map.Entry<String, Side> side : sides.entrySet()) {
                String topic = "ratio-" + ++topics;
                kafka.createTopic(topic, PARTITIONS, Map.of());
                long nanos = side.getValue().send(topic);
                delete(topic);
                bare = side.getKey().equals("bare") ? nanos : bare;
                if (round > 0) { // the first one warms up
                    System.out.printf(
                            Locale.ROOT,
                            "round %d  %-18s %,9.0f events/s%n",
                            round,
                            side.getKey(),
                            EVENTS * 1e9 / nanos);
                    ratios.computeIfAbsent(side.getKey(), name -> new ArrayList<>())
                            .add((double) bare / nanos);
                }
            }
        }
        boolean good = true;
        for (String side : List.of("sink", "run", "transactional run")) {
            boolean guarded = side.equals("sink");
            good &= Ratios.print(
                            side + " / bare producer loop, speed", Ratios.sorted(ratios.get(side)), guarded ? LEAST : 0)
                    || !guarded;
        }
        if (!good) {
            System.out.println("NOT good enough");
            System.exit(1);
        }
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
