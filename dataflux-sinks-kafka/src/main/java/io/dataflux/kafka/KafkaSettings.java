package io.dataflux.kafka;

import static org.apache.kafka.clients.producer.ProducerConfig.ACKS_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.BATCH_SIZE_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.BOOTSTRAP_SERVERS_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.BUFFER_MEMORY_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.COMPRESSION_TYPE_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.ENABLE_METRICS_PUSH_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.LINGER_MS_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.MAX_BLOCK_MS_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.MAX_REQUEST_SIZE_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.RETRIES_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.RETRY_BACKOFF_MS_CONFIG;

import io.dataflux.spi.Settings;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The settings of one Kafka sink, checked.
 *
 * @param servers as given
 * @param partitions how many partitions the topic must have, 0 if that does not matter
 * @param replication replicas of a topic that is created, 0 for the broker's default
 * @param producer the producer's properties but its client id
 */
record KafkaSettings(
        String servers,
        String topic,
        int partitions,
        short replication,
        Duration connectTimeout,
        Duration readTimeout,
        Duration deliveryTimeout,
        Map<String, Object> producer) {

    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration READ = Duration.ofSeconds(30);
    private static final Duration DELIVERY = Duration.ofMinutes(2);
    private static final Duration REQUEST = Duration.ofSeconds(30);
    private static final Duration LINGER = Duration.ofMillis(5);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final long KIB = 1024;
    private static final long MIB = 1024 * KIB;
    private static final long BATCH = 64 * KIB;
    private static final long BUFFER = 32 * MIB;
    private static final long REQUEST_SIZE = MIB;

    private static final Pattern SERVER = Pattern.compile("[^\\s,:]+:(\\d{1,5})|\\[[0-9a-fA-F:]+]:(\\d{1,5})");
    private static final Pattern TOPIC = Pattern.compile("(?!\\.{1,2}$)[a-zA-Z0-9._-]{1,249}");

    /** A topic with defaults for everything else. */
    static KafkaSettings of(String servers, String topic) {
        return new KafkaSettings(servers, topic, 0, (short) 0, CONNECT, READ, DELIVERY, defaults(servers));
    }

    static KafkaSettings read(Settings settings) {
        String servers = settings.text("bootstrap_servers");
        if (!servers.isEmpty()) {
            checkServers(settings, servers);
        }
        String topic = settings.text("topic");
        if (!topic.isEmpty() && !TOPIC.matcher(topic).matches()) {
            settings.problem(
                    "topic",
                    "'" + topic
                            + "' is no topic name; allowed are up to 249 letters, digits, dots, underscores and hyphens");
        }
        checkAcks(settings);
        int partitions = (int) settings.integer("partitions", 0, 1, 100_000);
        short replication = (short) settings.integer("replication", 0, 1, Short.MAX_VALUE);
        if (replication > 0 && partitions == 0) {
            settings.problem("replication", "counts only for a topic that is created; set partitions as well");
        }
        Map<String, Object> producer = defaults(servers);
        ProducerProperties.read(settings, producer);
        Duration delivery = readTimes(settings, producer);
        readSizes(settings, producer);
        producer.put(
                COMPRESSION_TYPE_CONFIG,
                settings.oneOf("compression", "none", "none", "gzip", "snappy", "lz4", "zstd"));
        settings.optionalInteger("max_retries", 1, Integer.MAX_VALUE)
                .ifPresent(retries -> producer.put(RETRIES_CONFIG, (int) retries));
        settings.optionalInteger("retry_backoff_ms", 0, 60_000)
                .ifPresent(backoff -> producer.put(RETRY_BACKOFF_MS_CONFIG, backoff));
        return new KafkaSettings(
                servers,
                topic,
                partitions,
                replication,
                settings.duration("connect_timeout", CONNECT, Duration.ofMillis(100), HOUR),
                settings.duration("read_timeout", READ, Duration.ofMillis(100), HOUR),
                delivery,
                producer);
    }

    private static Map<String, Object> defaults(String servers) {
        Map<String, Object> producer = new TreeMap<>();
        producer.put(BOOTSTRAP_SERVERS_CONFIG, servers);
        producer.put(ACKS_CONFIG, "all");
        producer.put(ENABLE_IDEMPOTENCE_CONFIG, true);
        producer.put(ENABLE_METRICS_PUSH_CONFIG, false);
        producer.put(COMPRESSION_TYPE_CONFIG, "none");
        producer.put(BATCH_SIZE_CONFIG, (int) BATCH);
        producer.put(BUFFER_MEMORY_CONFIG, BUFFER);
        producer.put(MAX_REQUEST_SIZE_CONFIG, (int) REQUEST_SIZE);
        putTimes(producer, DELIVERY, REQUEST, LINGER);
        return producer;
    }

    private static void putTimes(Map<String, Object> producer, Duration delivery, Duration request, Duration linger) {
        producer.put(DELIVERY_TIMEOUT_MS_CONFIG, (int) delivery.toMillis());
        producer.put(REQUEST_TIMEOUT_MS_CONFIG, (int) request.toMillis());
        producer.put(LINGER_MS_CONFIG, linger.toMillis());
        // a full buffer empties within the delivery timeout, one way or the other: only then is waiting for room
        // hopeless
        producer.put(MAX_BLOCK_MS_CONFIG, delivery.toMillis() + 1_000);
    }

    private static Duration readTimes(Settings settings, Map<String, Object> producer) {
        Duration linger = settings.duration("linger", LINGER, Duration.ZERO, Duration.ofMinutes(1));
        Duration delivery =
                settings.duration("delivery_timeout", DELIVERY, Duration.ofMillis(100), HOUR.multipliedBy(24));
        Duration room = delivery.minus(linger);
        if (room.compareTo(Duration.ofMillis(10)) < 0) {
            settings.problem("delivery_timeout", "must be longer than linger, or no record could be sent in time");
            room = Duration.ofMillis(10);
        }
        Duration request = settings.duration(
                "request_timeout", REQUEST.compareTo(room) < 0 ? REQUEST : room, Duration.ofMillis(10), HOUR);
        if (request.compareTo(room) > 0) {
            settings.problem(
                    "request_timeout",
                    "together with linger must not be longer than delivery_timeout; shorten it or leave it out");
        }
        putTimes(producer, delivery, request, linger);
        return delivery;
    }

    private static void readSizes(Settings settings, Map<String, Object> producer) {
        long batch = settings.bytes("batch_size", BATCH, KIB, 64 * MIB);
        long request = settings.bytes("max_request_size", REQUEST_SIZE, KIB, 1024 * MIB);
        long least = Math.max(MIB, Math.max(2 * batch, request));
        long buffer = settings.bytes("buffer_memory", Math.max(BUFFER, least), MIB, 1024 * 1024 * MIB);
        if (buffer < least) {
            settings.problem(
                    "buffer_memory",
                    "must hold two batches and one request of the largest size: at least " + least / KIB + "KiB here");
        }
        producer.put(BATCH_SIZE_CONFIG, (int) batch);
        producer.put(MAX_REQUEST_SIZE_CONFIG, (int) request);
        producer.put(BUFFER_MEMORY_CONFIG, buffer);
    }

    private static void checkServers(Settings settings, String servers) {
        for (String server : servers.split(",", -1)) {
            var match = SERVER.matcher(server.strip());
            if (!match.matches()
                    || Integer.parseInt(match.group(1) == null ? match.group(2) : match.group(1)) > 65_535) {
                settings.problem(
                        "bootstrap_servers",
                        "'" + server.strip() + "' is no address; write host:port, several separated by commas");
            }
        }
    }

    private static void checkAcks(Settings settings) {
        String acks = settings.oneOf("acks", "all", "all", "-1", "1", "0");
        if (acks.equals("1") || acks.equals("0")) {
            settings.problem(
                    "acks",
                    "acks " + acks
                            + " would lose or repeat records unnoticed, so that nothing could be judged; only all is"
                            + " allowed, leave it out");
        }
    }
}
