package io.dataflux.kafka;

import io.dataflux.spi.Settings;
import io.dataflux.spi.SinkConnector;
import io.dataflux.spi.SinkProvider;
import java.util.Map;
import java.util.Optional;

/**
 * Makes sinks of type {@code kafka}: every event becomes a record of a topic.
 *
 * <p>What is acknowledged is in the topic once, in order per partition: the producer is idempotent and waits for all in-sync
 * replicas, and no setting weakens that. What is not acknowledged is failed or, when the broker may hold it all the same, unknown;
 * nothing above the producer ever sends an event again.
 *
 * <p>The limit is what brokers remember of a producer. A broker that restarts, and stays the leader because no other replica was in sync,
 * remembers only each producer's last batch, and nothing of one whose last timestamp is older than {@code producer.id.expiration.ms} (a
 * day by default); a running broker forgets such a producer every ten minutes. A batch whose answer is lost at that moment is stored
 * twice. Replicas, {@code timestamp: send} and {@code max.in.flight.requests.per.connection: "1"} prevent it, and so does {@code
 * transactional: true}.
 *
 * <p>With {@code transactional: true} a reader of committed records sees each event exactly once, even if the process was killed and the
 * run resumed: the broker keeps how far each lane got together with its events, and shuts out an earlier process of the same run. An event
 * is acknowledged when its transaction is committed. An event that cannot be committed takes its transaction with it, and its lane then
 * stops; if the commit was in progress, the events are unknown. A run must be resumed while brokers still keep what was committed for a
 * consumer group, a week by default.
 *
 * <p>A record's value is the event's bytes (null if there are none), its key the event's key (none for streams without keys), its
 * partition the one that Kafka's default partitioner gives the key, its timestamp the event time; one header {@code dataflux}
 * identifies it.
 *
 * <p>A missing topic is created if {@code partitions} says so. An existing topic must have the partitions and the clean-up policy that the
 * settings name, if any; a different retention or replication only causes a warning.
 *
 * <table>
 * <caption>Settings</caption>
 * <tr><td>{@code bootstrap_servers}</td><td>required; host:port, comma-separated. The environment variable
 * {@code KAFKA_BOOTSTRAP_SERVERS} overrides it</td></tr>
 * <tr><td>{@code topic}</td><td>required, unless {@code topics} names every stream; <code>{stream}</code> and <code>{region}</code>
 * within it stand for the event's</td></tr>
 * <tr><td>{@code topics}</td><td>a map of streams to topics of their own: a name, or a map of {@code topic, partitions, replication,
 * retention, cleanup}</td></tr>
 * <tr><td>{@code partitions}</td><td>how many partitions a topic must have; a missing topic is then created</td></tr>
 * <tr><td>{@code replication}</td><td>replicas of a topic that is created; else the broker's default</td></tr>
 * <tr><td>{@code retention}</td><td>how long a topic keeps its records, such as 168h; else the broker's default</td></tr>
 * <tr><td>{@code cleanup}</td><td>{@code delete}, {@code compact} or {@code "compact,delete"}; else the broker's default</td></tr>
 * <tr><td>{@code timestamp}</td><td>{@code event} (default) or {@code send}: what a record's timestamp is</td></tr>
 * <tr><td>{@code transactional}</td><td>{@code true} for exactly once across restarts; false</td></tr>
 * <tr><td>{@code transaction_events}</td><td>how many events a transaction holds at most; 10000</td></tr>
 * <tr><td>{@code transaction_interval}</td><td>how long a transaction is open at most while there are events; 500ms</td></tr>
 * <tr><td>{@code transaction_timeout}</td><td>after how long the broker aborts a transaction that nobody ends; 1m</td></tr>
 * <tr><td>{@code tls}</td><td>{@code truststore, truststore_password, keystore, keystore_password, key_password}, and
 * {@code endpoint_identification: none} to accept any host name. Files ending in pem, crt or cer are PEM, in jks JKS, others PKCS12. An
 * empty map trusts what Java trusts</td></tr>
 * <tr><td>{@code sasl}</td><td>{@code mechanism} (PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512, the default), {@code username, password}</td></tr>
 * <tr><td>{@code compression}</td><td>{@code none} (default), {@code gzip}, {@code snappy}, {@code lz4} or {@code zstd}</td></tr>
 * <tr><td>{@code linger}</td><td>how long a record waits for others to fill its batch; 5ms</td></tr>
 * <tr><td>{@code batch_size}</td><td>bytes per partition and batch; 64KiB</td></tr>
 * <tr><td>{@code buffer_memory}</td><td>bytes in flight, per lane; 32MiB. A lane waits when they are used up</td></tr>
 * <tr><td>{@code max_request_size}</td><td>the largest record; 1MiB. The topic's max.message.bytes must allow it</td></tr>
 * <tr><td>{@code delivery_timeout}</td><td>how long the producer tries to deliver a record before it counts as unknown (in a transaction:
 * as failed); 2m</td></tr>
 * <tr><td>{@code request_timeout}</td><td>how long one request may take; 30s or less with a short delivery_timeout</td></tr>
 * <tr><td>{@code max_retries}</td><td>tries after the first; by default as many as delivery_timeout allows</td></tr>
 * <tr><td>{@code retry_backoff_ms}</td><td>the wait before the first retry; 100, with transactions 20</td></tr>
 * <tr><td>{@code connect_timeout}</td><td>how long the run waits for a broker when it starts; 10s</td></tr>
 * <tr><td>{@code read_timeout}</td><td>how long reading back waits without progress; 30s</td></tr>
 * <tr><td>{@code acks}</td><td>{@code all}</td></tr>
 * <tr><td>{@code properties}</td><td>a map of further producer properties; those that would weaken delivery are refused</td></tr>
 * </table>
 */
public final class KafkaSinkProvider implements SinkProvider {

    private static final String TYPE = "kafka";

    /** For {@link java.util.ServiceLoader}. */
    public KafkaSinkProvider() {}

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public SinkConnector configure(Settings settings) {
        return new KafkaConnector(KafkaSettings.read(settings));
    }

    /** {@code KAFKA_BOOTSTRAP_SERVERS} overrides {@code bootstrap_servers}. */
    @Override
    public Map<String, String> environment() {
        return Map.of("bootstrap_servers", "KAFKA_BOOTSTRAP_SERVERS");
    }

    @Override
    public Optional<String> block() {
        return Optional.of(TYPE);
    }
}
