package io.dataflux.kafka;

import io.dataflux.DeliveryException;
import io.dataflux.spi.SinkReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads a topic's committed records, each partition in its order. It joins no consumer group, so it leaves no trace at the broker.
 * A partition is named {@code topic-partition}.
 */
final class KafkaReader implements SinkReader {

    private static final Duration POLL = Duration.ofMillis(100);

    private final KafkaSettings settings;
    private final KafkaTopic topic;
    private final Consumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, String> sources = new HashMap<>();

    private KafkaReader(KafkaSettings settings, KafkaTopic topic, Consumer<byte[], byte[]> consumer) {
        this.settings = settings;
        this.topic = topic;
        this.consumer = consumer;
    }

    /** A reader from the given offsets on; a partition without one is read from its beginning. */
    static KafkaReader open(KafkaSettings settings, Map<Integer, Long> position) throws InterruptedException {
        Map<String, Object> properties = new HashMap<>();
        properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, settings.servers());
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        properties.put(ConsumerConfig.ENABLE_METRICS_PUSH_CONFIG, false);
        properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int)
                settings.readTimeout().toMillis());
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5_000);
        KafkaTopic topic = KafkaTopic.open(settings);
        KafkaReader reader = null;
        try {
            reader = new KafkaReader(
                    settings,
                    topic,
                    new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer()));
            reader.seek(topic.endOffsets(), position);
            return reader;
        } catch (RuntimeException | InterruptedException e) {
            if (reader == null) {
                topic.close();
            } else {
                reader.close();
            }
            throw e;
        }
    }

    private void seek(Map<Integer, Long> ends, Map<Integer, Long> position) {
        for (int partition : ends.keySet()) {
            sources.put(new TopicPartition(settings.topic(), partition), settings.topic() + "-" + partition);
        }
        consumer.assign(sources.keySet());
        List<TopicPartition> fromStart = new ArrayList<>();
        for (TopicPartition partition : sources.keySet()) {
            Long offset = position.get(partition.partition());
            if (offset == null) {
                fromStart.add(partition);
            } else {
                consumer.seek(partition, offset);
            }
        }
        consumer.beginningOffsets(fromStart).forEach(consumer::seek);
    }

    @Override
    public long read(Visitor visitor) throws InterruptedException {
        try {
            return readTo(topic.endOffsets(), visitor);
        } catch (InterruptException e) {
            Thread.interrupted();
            throw new InterruptedException("interrupted while reading " + KafkaTopic.name(settings));
        } catch (OffsetOutOfRangeException e) {
            throw new DeliveryException(
                    KafkaTopic.name(settings) + " no longer holds the records from " + e.offsetOutOfRangePartitions()
                            + " on: the topic was created anew, or its retention deleted them",
                    e);
        } catch (KafkaException e) {
            throw new DeliveryException("reading " + KafkaTopic.name(settings) + " failed: " + KafkaTopic.words(e), e);
        }
    }

    private long readTo(Map<Integer, Long> ends, Visitor visitor) {
        for (TopicPartition partition : sources.keySet()) {
            long end = ends.getOrDefault(partition.partition(), 0L);
            long next = consumer.position(partition);
            if (next > end) {
                throw new DeliveryException(
                        KafkaTopic.name(settings) + " ends at " + end + " in partition " + partition.partition()
                                + ", but was read up to " + next + " before: the topic was created anew",
                        null);
            }
        }
        long count = 0;
        long deadline = System.nanoTime() + settings.readTimeout().toNanos();
        long behind = behind(ends);
        while (behind > 0) {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
            for (ConsumerRecord<byte[], byte[]> record : records) {
                hand(record, visitor);
                count++;
            }
            long now = behind(ends);
            if (now < behind) {
                behind = now;
                deadline = System.nanoTime() + settings.readTimeout().toNanos();
            } else if (System.nanoTime() > deadline) {
                throw stuck(ends);
            }
        }
        return count;
    }

    private void hand(ConsumerRecord<byte[], byte[]> record, Visitor visitor) {
        String source = sources.get(new TopicPartition(record.topic(), record.partition()));
        Header header = record.headers().lastHeader(KafkaSink.HEADER);
        if (source != null) {
            visitor.record(
                    source, record.offset(), record.key(), record.value(), header == null ? null : header.value());
        }
    }

    /** How many offsets are still to be passed. */
    private long behind(Map<Integer, Long> ends) {
        long behind = 0;
        for (TopicPartition partition : sources.keySet()) {
            long end = ends.getOrDefault(partition.partition(), 0L);
            long next = consumer.position(partition);
            behind += Math.max(0, end - next);
        }
        return behind;
    }

    private DeliveryException stuck(Map<Integer, Long> ends) {
        Map<TopicPartition, Long> committed = consumer.endOffsets(sources.keySet());
        StringBuilder text = new StringBuilder("reading ").append(KafkaTopic.name(settings));
        text.append(" made no progress for ").append(KafkaTopic.seconds(settings.readTimeout()));
        text.append(" (read_timeout):");
        for (TopicPartition partition : sources.keySet()) {
            long end = ends.getOrDefault(partition.partition(), 0L);
            long next = consumer.position(partition);
            if (next < end) {
                text.append(" partition ").append(partition.partition());
                text.append(" is read to ").append(next).append(" of ").append(end);
                text.append(committed.getOrDefault(partition, end) <= next ? ", where a transaction is open;" : ";");
            }
        }
        return new DeliveryException(
                text.append(" check the brokers and the producers of the topic").toString(), null);
    }

    @Override
    public void close() {
        try {
            consumer.close();
        } finally {
            topic.close();
        }
    }
}
