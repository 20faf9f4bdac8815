package io.dataflux.kafka;

import io.dataflux.DeliveryException;
import io.dataflux.spi.EventBatch;
import io.dataflux.spi.LaneContext;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topics of a run as they were found, and the records that events become there. Immutable, for all lanes of a sink. A record
 * costs a copy of the value, a copy of the key and what the client's own objects need.
 */
final class Routes {

    private static final Logger LOG = LoggerFactory.getLogger(Routes.class);

    /** A broker's {@code producer.id.expiration.ms}, by default. */
    private static final long PRODUCER_EXPIRATION_MILLIS = TimeUnit.DAYS.toMillis(1);

    private final KafkaSettings settings;
    private final Map<String, Topic> topics;
    /** Per region the topic of each stream; one entry if regions do not matter. */
    private final Map<String, Topic[]> byRegion = new HashMap<>();

    private final Topic @Nullable [] everywhere;
    private final AtomicBoolean retentionChecked = new AtomicBoolean();

    /** @param topics all that {@link Topics#all} says, by name */
    Routes(KafkaSettings settings, Map<String, Topic> topics, LaneContext run) {
        this.settings = settings;
        this.topics = new TreeMap<>(topics);
        for (String region : run.regions()) {
            byRegion.put(
                    region,
                    run.streams().stream()
                            .map(stream -> settings.topics().of(stream.name()).in(stream.name(), region))
                            .map(topics::get)
                            .toArray(Topic[]::new));
        }
        everywhere = settings.topics().byRegion() || run.regions().isEmpty()
                ? null
                : byRegion.get(run.regions().get(0));
    }

    /** Looks up every topic that a run can send to, and creates what is missing and configured. */
    static Routes prepare(KafkaSettings settings, LaneContext run) throws InterruptedException {
        Map<String, TopicOptions> wanted = settings.topics().all(run);
        Map<String, Topic> found = new TreeMap<>();
        try (KafkaAdmin admin = KafkaAdmin.open(settings, wanted.keySet())) {
            for (Map.Entry<String, TopicOptions> each : wanted.entrySet()) {
                found.put(each.getKey(), TopicSetup.prepare(admin, settings, each.getKey(), each.getValue()));
            }
            if (settings.transactions() != null) {
                admin.checkCoordinator(TransactionalSink.id(run));
            }
        }
        return new Routes(settings, found, run);
    }

    /** In the order of their names. */
    List<String> topics() {
        return List.copyOf(topics.keySet());
    }

    /** The sink's target in words. */
    String name() {
        return KafkaAdmin.name(topics.keySet(), settings);
    }

    ProducerRecord<byte[], byte[]> record(EventBatch batch, int i) {
        Topic[] all = everywhere == null ? byRegion.get(batch.region(i)) : everywhere;
        if (all == null) {
            throw new IllegalStateException("an event of region '" + batch.region(i) + "', which does not lead here");
        }
        Topic topic = all[batch.stream(i)];
        byte[] key = batch.key(i);
        byte[] header = new byte[EventBatch.HEADER_BYTES];
        batch.header(i, header, 0);
        int partition = key == null
                ? (int) (batch.place(i) % topic.partitions())
                : Utils.toPositive(Utils.murmur2(key)) % topic.partitions();
        Long timestamp = settings.sendTime() ? null : batch.timeMillis(i);
        if (timestamp != null && timestamp < 0) {
            throw new DeliveryException(
                    "an event is at " + Instant.ofEpochMilli(timestamp)
                            + ", and Kafka has no timestamps before 1970; set timestamp: send",
                    null);
        }
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topic.name(), partition, timestamp, key, value(batch, i));
        record.headers().add(KafkaSink.HEADER, header);
        return record;
    }

    /** An event without bytes is a tombstone. */
    private static byte @Nullable [] value(EventBatch batch, int i) {
        int from = batch.start(i);
        int length = batch.end(i) - from;
        if (length == 0) {
            return null;
        }
        byte[] value = new byte[length];
        System.arraycopy(batch.bytes(), from, value, 0, length);
        return value;
    }

    /** Warns, once per run, about topics that do not keep what is sent, and brokers that forget who sent it. */
    void checkRetention(EventBatch first) {
        if (settings.sendTime() || retentionChecked.get() || !retentionChecked.compareAndSet(false, true)) {
            return;
        }
        for (Topic topic : topics.values()) {
            String warning = retentionWarning(topic.retentionMillis(), first.timeMillis(0), System.currentTimeMillis());
            if (warning != null) {
                LOG.warn("{} {}", KafkaAdmin.name(List.of(topic.name()), settings), warning);
            }
        }
        String forgetful = expiryWarning(first.timeMillis(0), System.currentTimeMillis());
        if (forgetful != null && settings.transactions() == null) {
            LOG.warn("{}: {}", name(), forgetful);
        }
    }

    /** Brokers keep what they know of a producer for a day after its last record, by record timestamps. */
    static @Nullable String expiryWarning(long eventMillis, long nowMillis) {
        if (eventMillis >= nowMillis - PRODUCER_EXPIRATION_MILLIS) {
            return null;
        }
        return "events begin at " + Instant.ofEpochMilli(eventMillis)
                + ", and brokers forget a producer whose records look older than a day: a batch whose answer is then lost"
                + " is stored twice. Set timestamp: send, start: now, or transactional: true";
    }

    /** Kafka's clean-up goes by record timestamps, which are event times: it would delete old events soon after they arrive. */
    static @Nullable String retentionWarning(long retentionMillis, long eventMillis, long nowMillis) {
        if (retentionMillis < 0 || eventMillis >= nowMillis - retentionMillis) {
            return null;
        }
        return "keeps records for " + TimeUnit.MILLISECONDS.toHours(retentionMillis)
                + " h, by their timestamps, but events"
                + " begin at " + Instant.ofEpochMilli(eventMillis)
                + ": the broker will delete them at its next clean-up. Set timestamp: send, start: now, or retention.ms=-1"
                + " on the topic";
    }
}
