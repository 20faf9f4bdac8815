package io.dataflux.kafka;

import io.dataflux.spi.Settings;
import io.dataflux.spi.SinkConnector;
import io.dataflux.spi.SinkProvider;

/**
 * Makes sinks of type {@code kafka}: every event becomes a record of one topic.
 *
 * <p>What is acknowledged is in the topic once, in order per partition: the producer is idempotent and waits for all in-sync
 * replicas, and no setting weakens that. What is not acknowledged is failed or, when the broker may hold it all the same, unknown;
 * nothing is ever sent a second time above the producer.
 *
 * <p>A record's value is the event's bytes, its key the event's key (none for streams without keys), its partition the one that
 * Kafka's default partitioner gives the key, its timestamp the event time; one header {@code dataflux} identifies it.
 *
 * <table>
 * <caption>Settings</caption>
 * <tr><td>{@code bootstrap_servers}</td><td>required; host:port, comma-separated</td></tr>
 * <tr><td>{@code topic}</td><td>required</td></tr>
 * <tr><td>{@code partitions}</td><td>how many partitions the topic must have; a missing topic is then created</td></tr>
 * <tr><td>{@code replication}</td><td>replicas of a topic that is created; else the broker's default</td></tr>
 * <tr><td>{@code compression}</td><td>{@code none} (default), {@code gzip}, {@code snappy}, {@code lz4} or {@code zstd}</td></tr>
 * <tr><td>{@code linger}</td><td>how long a record waits for others to fill its batch; 5ms</td></tr>
 * <tr><td>{@code batch_size}</td><td>bytes per partition and batch; 64KiB</td></tr>
 * <tr><td>{@code buffer_memory}</td><td>bytes on their way, per lane; 32MiB. A lane waits when they are used up</td></tr>
 * <tr><td>{@code max_request_size}</td><td>the largest record; 1MiB. The topic's max.message.bytes must allow it</td></tr>
 * <tr><td>{@code delivery_timeout}</td><td>how long a record is tried before it counts as unknown; 2m</td></tr>
 * <tr><td>{@code request_timeout}</td><td>how long one request may take; 30s or less with a short delivery_timeout</td></tr>
 * <tr><td>{@code max_retries}</td><td>tries after the first; by default as many as delivery_timeout allows</td></tr>
 * <tr><td>{@code retry_backoff_ms}</td><td>the wait before the first retry; 100</td></tr>
 * <tr><td>{@code connect_timeout}</td><td>how long the start waits for a broker; 10s</td></tr>
 * <tr><td>{@code read_timeout}</td><td>how long reading back waits without progress; 30s</td></tr>
 * <tr><td>{@code acks}</td><td>{@code all}</td></tr>
 * <tr><td>{@code properties}</td><td>a map of further producer properties, of those that weaken nothing</td></tr>
 * </table>
 */
public final class KafkaSinkProvider implements SinkProvider {

    /** For {@link java.util.ServiceLoader}. */
    public KafkaSinkProvider() {}

    @Override
    public String type() {
        return "kafka";
    }

    @Override
    public SinkConnector configure(Settings settings) {
        return new KafkaConnector(KafkaSettings.read(settings));
    }
}
