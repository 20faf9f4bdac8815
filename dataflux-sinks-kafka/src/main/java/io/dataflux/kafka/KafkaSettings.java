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
import static org.apache.kafka.clients.producer.ProducerConfig.TRANSACTION_TIMEOUT_CONFIG;

import io.dataflux.spi.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one Kafka sink, checked.
 *
 * @param servers as given
 * @param sendTime whether a record's timestamp is the time it is sent, not the event time
 * @param transactions null to send without
 * @param security the properties by which every client identifies itself and knows whom to trust
 * @param producer the producer's properties but its client id and transactional id
 */
record KafkaSettings(
        String servers,
        Topics topics,
        boolean sendTime,
        @Nullable Transactions transactions,
        Duration connectTimeout,
        Duration readTimeout,
        Duration deliveryTimeout,
        Map<String, Object> security,
        Map<String, Object> producer) {

    /**
     * How a lane cuts its events into transactions.
     *
     * @param events at most
     * @param interval how long one is open at most while there are events
     * @param timeout after how long the broker aborts one that nobody ends
     */
    record Transactions(int events, Duration interval, Duration timeout) {}

    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration READ = Duration.ofSeconds(30);
    private static final Duration DELIVERY = Duration.ofMinutes(2);
    private static final Duration REQUEST = Duration.ofSeconds(30);
    private static final Duration LINGER = Duration.ofMillis(5);
    private static final int TRANSACTION_EVENTS = 10_000;
    private static final Duration TRANSACTION_INTERVAL = Duration.ofMillis(500);
    private static final Duration TRANSACTION_TIMEOUT = Duration.ofMinutes(1);
    /** Brokers refuse the first records of a transaction until they have finished the one before: soon. */
    private static final long TRANSACTION_BACKOFF_MILLIS = 20;

    private static final Duration HOUR = Duration.ofHours(1);
    private static final long KIB = 1024;
    private static final long MIB = 1024 * KIB;
    private static final long BATCH = 64 * KIB;
    private static final long BUFFER = 32 * MIB;
    private static final long REQUEST_SIZE = MIB;

    private static final Pattern SERVER = Pattern.compile("[^\\s,:]+:(\\d{1,5})|\\[[0-9a-fA-F:]+]:(\\d{1,5})");

    /** A topic with defaults for everything else. */
    static KafkaSettings of(String servers, String topic) {
        return new KafkaSettings(
                servers, Topics.one(topic), false, null, CONNECT, READ, DELIVERY, Map.of(), defaults(servers));
    }

    static KafkaSettings read(Settings settings) {
        String servers = settings.text("bootstrap_servers");
        if (!servers.isEmpty()) {
            checkServers(settings, servers);
        }
        Topics topics = Topics.read(settings);
        checkAcks(settings);
        boolean sendTime = settings.oneOf("timestamp", "event", "event", "send").equals("send");
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
        Map<String, Object> security = Security.read(settings);
        producer.putAll(security);
        Transactions transactions = readTransactions(settings);
        if (transactions != null) {
            producer.put(TRANSACTION_TIMEOUT_CONFIG, (int) transactions.timeout.toMillis());
            producer.putIfAbsent(RETRY_BACKOFF_MS_CONFIG, TRANSACTION_BACKOFF_MILLIS);
        }
        return new KafkaSettings(
                servers,
                topics,
                sendTime,
                transactions,
                settings.duration("connect_timeout", CONNECT, Duration.ofMillis(100), HOUR),
                settings.duration("read_timeout", READ, Duration.ofMillis(100), HOUR),
                delivery,
                security,
                producer);
    }

    private static @Nullable Transactions readTransactions(Settings settings) {
        boolean transactional = settings.bool("transactional", false);
        int events = (int) settings.integer("transaction_events", TRANSACTION_EVENTS, 1, 1_000_000);
        Duration interval = settings.duration(
                "transaction_interval", TRANSACTION_INTERVAL, Duration.ofMillis(1), Duration.ofMinutes(10));
        Duration timeout = settings.duration("transaction_timeout", TRANSACTION_TIMEOUT, Duration.ofSeconds(1), HOUR);
        if (transactional && timeout.compareTo(interval.multipliedBy(2)) < 0) {
            settings.problem(
                    "transaction_timeout",
                    "must be at least twice transaction_interval, or the broker aborts what the sink is still filling");
        }
        for (String name : List.of("transaction_events", "transaction_interval", "transaction_timeout")) {
            if (!transactional && settings.has(name)) {
                settings.problem(name, "has no effect without transactional: true");
            }
        }
        return transactional ? new Transactions(events, interval, timeout) : null;
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
                String shown = server.strip().replaceFirst(".*@", "****@"); // somebody's password
                settings.problem(
                        "bootstrap_servers",
                        "'" + shown + "' is not an address; write host:port, several separated by commas");
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
