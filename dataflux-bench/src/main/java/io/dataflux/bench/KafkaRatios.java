package io.dataflux.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dataflux.DataFlux;
import io.dataflux.Run;
import io.dataflux.RunReport;
import io.dataflux.kafka.KafkaSink;
import io.dataflux.spi.EventBatch;
import io.dataflux.spi.Sink;
import java.io.BufferedReader;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Utils;

/**
 * Compares the Kafka sink with a bare producer loop: the same events, keys, partitions, header and producer settings, in turns into the same
 * broker in a JVM of its own. The bare loop sends values, keys and headers prepared in advance; the sink copies them out of batches as it
 * does in a run; a whole run also computes its events, with and without transactions. For comparison, Kafka's own {@code
 * kafka-producer-perf-test} sends the same values, without keys and headers, in a JVM of its own.
 */
final class KafkaRatios {

    private static final double LEAST = 0.95;
    private static final int ROUNDS = Turns.rounds(9);
    private static final int READY = 20_000;
    private static final int EVENTS = Integer.getInteger("events", 400_000) / READY * READY;
    private static final int BATCH = 250;
    private static final int PARTITIONS = 3;
    private static final Pattern STEADY = Pattern.compile("^\\d+ .*records sent, ([0-9.]+) records/sec .*99.9th");

    private final Server kafka;
    private final List<ReadyBatch> batches;
    private int topics;

    private KafkaRatios(Server kafka) {
        this.kafka = kafka;
        batches = ReadyBatch.of(DataFlux.stream("device_telemetry", 42), READY, BATCH);
    }

    private interface Work {
        /** Nanoseconds for all events. */
        long send(String topic) throws Exception;
    }

    /** Returns whether the ratios are good enough. */
    static boolean measure() throws Exception {
        try (Server kafka = Server.start("kafka")) {
            return new KafkaRatios(kafka).compare();
        }
    }

    private boolean compare() throws Exception {
        return new Turns(ROUNDS)
                .side("bare producer loop", () -> timed(this::bare))
                .side("sink", () -> timed(this::sink))
                .side("run", () -> timed(topic -> run(topic, false)))
                .side("transactional run", () -> timed(topic -> run(topic, true)))
                .side("kafka-producer-perf-test", () -> timed(this::perfTest))
                .take()
                .speed("sink", "bare producer loop", LEAST)
                .speed("run", "bare producer loop", 0)
                .speed("transactional run", "bare producer loop", 0)
                .speed("kafka-producer-perf-test", "bare producer loop", 0)
                .good();
    }

    private Turns.Turn timed(Work work) throws Exception {
        String topic = "ratio-" + ++topics;
        kafka.createTopic(topic, PARTITIONS);
        Server.Tally before = kafka.tally();
        long cpu = Turns.cpuNanos();
        long nanos = work.send(topic);
        cpu = Turns.cpuNanos() - cpu;
        long brokerCpu = kafka.tally().since(before).cpuNanos();
        delete(topic);
        return new Turns.Turn(
                nanos,
                String.format(
                        Locale.ROOT,
                        "%,9.0f events/s   CPU: this JVM %.2f s, broker %.2f s, of %.2f s",
                        EVENTS * 1e9 / nanos,
                        cpu / 1e9,
                        brokerCpu / 1e9,
                        nanos / 1e9));
    }

    /** Those of the sink. */
    private Map<String, Object> properties() {
        return Map.of(
                "bootstrap.servers",
                kafka.address(),
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
        AtomicLong acknowledged = new AtomicLong();
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(properties(), new ByteArraySerializer(), new ByteArraySerializer())) {
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
        try (Sink sink = KafkaSink.topic(kafka.address(), topic).open(Feed.lane(topics))) {
            long start = System.nanoTime();
            Feed.into(sink, batches, EVENTS);
            return System.nanoTime() - start;
        }
    }

    private long run(String topic, boolean transactional) throws Exception {
        Path folder = Files.createTempDirectory("dataflux-ratio-");
        Path config = Files.writeString(
                folder.resolve("run.yaml"), """
                seed: 42
                speed: max
                limits: {events: %d}
                streams: {telemetry: {from: device_telemetry}}
                sinks: {broker: {type: kafka, bootstrap_servers: '%s', topic: '%s', transactional: %s}}
                output: {dir: '%s'}
                """.formatted(EVENTS, kafka.address(), topic, transactional, folder));
        try (Run run = DataFlux.plan(config, Map.of(), Map.of()).start()) {
            long start = System.nanoTime();
            RunReport report = run.await();
            return checked(report.acknowledged(), System.nanoTime() - start);
        }
    }

    /** The rate that the tool reports, after as many records to warm it up. */
    private long perfTest(String topic) throws Exception {
        Path values = Files.createTempFile("dataflux-values-", ".jsonl");
        Path settings = Files.createTempFile("dataflux-producer-", ".properties");
        try {
            try (OutputStream out = Files.newOutputStream(values)) {
                for (ReadyBatch batch : batches) {
                    out.write(batch.bytes(), 0, batch.end(batch.size() - 1) + 1);
                }
            }
            List<String> lines = new ArrayList<>();
            properties().forEach((name, value) -> lines.add(name + "=" + value));
            Files.write(settings, lines);
            Process tool = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            "org.apache.kafka.tools.ProducerPerformance",
                            "--topic",
                            topic,
                            "--num-records",
                            "" + 2 * EVENTS,
                            "--warmup-records",
                            "" + EVENTS,
                            "--throughput",
                            "-1",
                            "--payload-file",
                            values.toString(),
                            "--command-config",
                            settings.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            double rate = 0;
            try (BufferedReader said = tool.inputReader(UTF_8)) {
                for (String line = said.readLine(); line != null; line = said.readLine()) {
                    Matcher matcher = STEADY.matcher(line);
                    rate = matcher.find() ? Double.parseDouble(matcher.group(1)) : rate;
                }
            }
            if (tool.waitFor() != 0 || rate == 0) {
                throw new IllegalStateException("the tool ended with " + tool.exitValue() + " and reported no rate");
            }
            return Math.round(EVENTS * 1e9 / rate);
        } finally {
            Files.delete(values);
            Files.delete(settings);
        }
    }

    private static long checked(long acknowledged, long nanos) {
        if (acknowledged != EVENTS) {
            throw new IllegalStateException(acknowledged + " of " + EVENTS + " events were acknowledged");
        }
        return nanos;
    }

    private void delete(String topic) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.address()))) {
            admin.deleteTopics(List.of(topic)).all().get();
        }
    }
}
