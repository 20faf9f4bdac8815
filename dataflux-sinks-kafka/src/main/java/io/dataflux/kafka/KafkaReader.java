package io.dataflux.kafka;

import io.dataflux.DeliveryException;
import io.dataflux.spi.Removal;
import io.dataflux.spi.SinkReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
import org.jspecify.annotations.Nullable;

/**
 * Reads the committed records of some topics, each partition in its order. It joins no consumer group, so it leaves no trace on the
 * broker. A partition is named {@code topic-partition}. The end is where the brokers say that the log ends, committed or not: an
 * open transaction is waited for and named if it does not end; or, if the reader does not wait, just named.
 */
final class KafkaReader implements SinkReader {

    private static final Duration POLL = Duration.ofMillis(100);

    private final KafkaSettings settings;
    private final Collection<String> topics;
    private final String name;
    private final KafkaAdmin admin;
    private final Consumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, String> sources = new HashMap<>();
    private final Map<String, Long> removed = new HashMap<>();
    private final Set<String> compacted = new HashSet<>();
    private @Nullable String heldBack;

    private KafkaReader(
            KafkaSettings settings, Collection<String> topics, KafkaAdmin admin, Consumer<byte[], byte[]> consumer) {
        this.settings = settings;
        this.topics = topics;
        this.name = KafkaAdmin.name(topics, settings);
        this.admin = admin;
        this.consumer = consumer;
    }

    /** A reader from the given offsets on; a partition without one is read from its beginning. */
    static KafkaReader open(KafkaSettings settings, Collection<String> topics, Map<TopicPartition, Long> position)
            throws InterruptedException {
        Map<String, Object> properties = new HashMap<>(settings.security());
        properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, settings.servers());
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        properties.put(ConsumerConfig.ENABLE_METRICS_PUSH_CONFIG, false);
        properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int)
                settings.readTimeout().toMillis());
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5_000);
        // the client asks for more than there is, and closing it waits for that answer
        properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 50);
        KafkaAdmin admin = KafkaAdmin.open(settings, topics);
        KafkaReader reader = null;
        try {
            reader = new KafkaReader(
                    settings,
                    topics,
                    admin,
                    new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer()));
            reader.seek(admin.endOffsets(topics).keySet(), position);
            reader.notePolicies();
            return reader;
        } catch (RuntimeException | InterruptedException e) {
            if (reader == null) {
                admin.close();
            } else {
                reader.close();
            }
            throw e;
        }
    }

    private void seek(Set<TopicPartition> partitions, Map<TopicPartition, Long> position) {
        partitions.forEach(partition -> sources.put(partition, partition.toString()));
        consumer.assign(partitions);
        consumer.beginningOffsets(partitions).forEach((partition, first) -> {
            long wanted = position.getOrDefault(partition, 0L);
            if (wanted < first) {
                removed.put(partition.toString(), first - wanted);
            }
            consumer.seek(partition, Math.max(first, wanted));
        });
    }

    private void notePolicies() throws InterruptedException {
        Set<String> compacting = admin.compacting(topics);
        sources.forEach((partition, source) -> {
            if (compacting.contains(partition.topic())) {
                compacted.add(source);
            }
        });
    }

    /** What the clean-up policies of the topics let the brokers remove, and what is gone from the beginning of partitions. */
    @Override
    public Removal removal() {
        return new Removal(compacted, removed);
    }

    @Override
    public long read(Visitor visitor) throws InterruptedException {
        return read(visitor, true);
    }

    @Override
    public long readNow(Visitor visitor) throws InterruptedException {
        return read(visitor, false);
    }

    @Override
    public Optional<String> heldBack() {
        return Optional.ofNullable(heldBack);
    }

    private long read(Visitor visitor, boolean waits) throws InterruptedException {
        heldBack = null;
        try {
            return readTo(admin.endOffsets(topics), visitor, waits);
        } catch (InterruptException e) {
            Thread.interrupted();
            throw new InterruptedException("interrupted while reading " + name);
        } catch (OffsetOutOfRangeException e) {
            throw new DeliveryException(
                    name + " no longer holds the records from " + e.offsetOutOfRangePartitions()
                            + " on: the topic was recreated, or its retention deleted them",
                    e);
        } catch (KafkaException e) {
            throw new DeliveryException("reading " + name + " failed: " + KafkaAdmin.words(e), e);
        }
    }

    /** Takes partitions that were added to a topic since, which are read from their beginning. */
    private void takeNew(Set<TopicPartition> partitions) {
        if (!sources.keySet().containsAll(partitions)) {
            Set<TopicPartition> added = new HashSet<>(partitions);
            added.removeAll(sources.keySet());
            added.forEach(partition -> sources.put(partition, partition.toString()));
            consumer.assign(sources.keySet()); // the others stay where they are
            consumer.seekToBeginning(added);
        }
    }

    private long readTo(Map<TopicPartition, Long> ends, Visitor visitor, boolean waits) throws InterruptedException {
        takeNew(ends.keySet());
        for (TopicPartition partition : sources.keySet()) {
            long end = ends.getOrDefault(partition, 0L);
            long next = consumer.position(partition);
            if (next > end) {
                throw new DeliveryException(
                        KafkaAdmin.name(List.of(partition.topic()), settings) + " ends at " + end + " in partition "
                                + partition.partition() + ", but was read up to " + next
                                + " before: the topic was recreated",
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
            } else if (!waits && isHeldBack(ends)) {
                heldBack = name + ":" + behindWords(ends);
                return count;
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
    private long behind(Map<TopicPartition, Long> ends) {
        long behind = 0;
        for (TopicPartition partition : sources.keySet()) {
            behind += Math.max(0, ends.getOrDefault(partition, 0L) - consumer.position(partition));
        }
        return behind;
    }

    /** Whether all that is left to read belongs to transactions that are open. */
    private boolean isHeldBack(Map<TopicPartition, Long> ends) {
        Map<TopicPartition, Long> committed = consumer.endOffsets(sources.keySet());
        return sources.keySet().stream()
                .allMatch(partition -> committed.getOrDefault(partition, 0L) <= consumer.position(partition)
                        || consumer.position(partition) >= ends.getOrDefault(partition, 0L));
    }

    private DeliveryException stuck(Map<TopicPartition, Long> ends) throws InterruptedException {
        return new DeliveryException(
                "reading " + name + " made no progress for " + KafkaAdmin.seconds(settings.readTimeout())
                        + " (read_timeout):" + behindWords(ends) + "; check the brokers and the producers of the topic",
                null);
    }

    /** The partitions that are not read to their ends, and why if that can be seen. */
    private String behindWords(Map<TopicPartition, Long> ends) throws InterruptedException {
        Map<TopicPartition, Long> committed = consumer.endOffsets(sources.keySet());
        OpenTransactions open = new OpenTransactions(admin);
        List<String> words = new ArrayList<>();
        for (TopicPartition partition : sources.keySet()) {
            long end = ends.getOrDefault(partition, 0L);
            long next = consumer.position(partition);
            if (next < end) {
                words.add((topics.size() == 1 ? " partition " + partition.partition() : " " + partition)
                        + " has been read to " + next + " of " + end
                        + (committed.getOrDefault(partition, end) <= next ? open.words(partition) : ""));
            }
        }
        return String.join(";", words);
    }

    @Override
    public void close() {
        try {
            consumer.close();
        } finally {
            admin.close();
        }
    }
}
