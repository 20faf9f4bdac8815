package io.dataflux.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dataflux.verify.Finding;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A system that reads one topic and writes another, or does something wrong instead, and its own book of that. It knows events by the number
 * in their header, which it does not pass on.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the verdict shows what was not stored
final class BrokenPipeline implements AutoCloseable {

    static final int PARTITIONS = 3;
    private static final Duration POLL = Duration.ofMillis(200);
    private static final int SEQUENCE = 22;

    /** Takes records that were read together; returns whether to read on. */
    @FunctionalInterface
    interface Batch {
        boolean of(List<ConsumerRecord<byte[], byte[]>> records) throws Exception;
    }

    final String servers;
    final String in;
    final String out;
    final String deadLetters;
    final KafkaProducer<byte[], byte[]> producer;
    private final boolean broken;
    private final Map<Finding, Set<Long>> book = new EnumMap<>(Finding.class);
    private final Map<String, List<Future<RecordMetadata>>> places = new HashMap<>();

    BrokenPipeline(String servers, String topic, boolean broken) {
        this.servers = servers;
        in = topic + "-in";
        out = topic + "-out";
        deadLetters = topic + "-dead";
        producer = producer(Map.of());
        this.broken = broken;
    }

    boolean wrong(boolean here) {
        return broken && here;
    }

    void note(Finding finding, ConsumerRecord<byte[], byte[]> record) {
        book.computeIfAbsent(finding, f -> new TreeSet<>()).add(sequence(record));
    }

    Map<Finding, Set<Long>> book() {
        return book;
    }

    /** Notes where a key was written. */
    void place(ConsumerRecord<byte[], byte[]> record, Future<RecordMetadata> written) {
        places.computeIfAbsent(new String(record.key(), UTF_8), key -> new ArrayList<>())
                .add(written);
    }

    /** How many keys were written to more than one partition. */
    long scattered() throws Exception {
        long scattered = 0;
        for (List<Future<RecordMetadata>> written : places.values()) {
            Set<Integer> partitions = new TreeSet<>();
            for (Future<RecordMetadata> each : written) {
                partitions.add(each.get().partition());
            }
            scattered += partitions.size() > 1 ? 1 : 0;
        }
        return scattered;
    }

    static long sequence(ConsumerRecord<byte[], byte[]> record) {
        return ByteBuffer.wrap(record.headers().lastHeader("dataflux").value()).getLong(SEQUENCE);
    }

    KafkaProducer<byte[], byte[]> producer(Map<String, Object> further) {
        Map<String, Object> config = new HashMap<>(Map.of("bootstrap.servers", servers, "linger.ms", 5));
        config.putAll(further);
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** A consumer of all partitions of a topic that goes on where its group has committed. */
    KafkaConsumer<byte[], byte[]> consumer(String topic, Map<String, Object> further) {
        Map<String, Object> config = new HashMap<>(Map.of(
                "bootstrap.servers",
                servers,
                "group.id",
                topic + "-group",
                "enable.auto.commit",
                false,
                "auto.offset.reset",
                "earliest",
                "max.poll.records",
                100,
                "fetch.max.wait.ms",
                50));
        config.putAll(further);
        KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        consumer.assign(partitions(topic));
        return consumer;
    }

    static List<TopicPartition> partitions(String topic) {
        return IntStream.range(0, PARTITIONS)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
    }

    /** Reads batches up to what is the end now. */
    static void read(KafkaConsumer<byte[], byte[]> consumer, Batch batch) throws Exception {
        Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            consumer.poll(POLL).forEach(records::add);
            if (!records.isEmpty() && !batch.of(records)) {
                return;
            }
        }
    }

    void write(ConsumerRecord<byte[], byte[]> record) {
        write(producer, out, record);
    }

    static void write(KafkaProducer<byte[], byte[]> to, String topic, ConsumerRecord<byte[], byte[]> record) {
        to.send(new ProducerRecord<>(topic, record.key(), record.value()));
    }

    @Override
    public void close() {
        producer.close();
    }
}
