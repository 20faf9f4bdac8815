package io.dataflux.kafka;

import io.dataflux.DeliveryException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/** What an administrator sees of the topic: whether it is there, its partitions, where they end. Everything is bounded in time. */
final class KafkaTopic implements AutoCloseable {

    private static final int NAMES_SHOWN = 10;
    private static final Duration LEAST = Duration.ofSeconds(4);
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final int ONE_CONNECT_MILLIS = 2_000;

    private final KafkaSettings settings;
    private final Admin admin;
    private final Duration patience;
    private long deadlineNanos;

    /**
     * The topic as it was found.
     *
     * @param retentionMillis records whose timestamp is older than this are deleted, negative if none are
     */
    record State(int partitions, long retentionMillis) {}

    private KafkaTopic(KafkaSettings settings, Admin admin, Duration patience) {
        this.settings = settings;
        this.admin = admin;
        this.patience = patience;
        this.deadlineNanos = System.nanoTime() + patience.toNanos();
    }

    /** The sink's target in words: topic and servers. */
    static String name(KafkaSettings settings) {
        return "topic '" + settings.topic() + "' at " + settings.servers();
    }

    /** The innermost message of a failure. */
    static String words(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        String message = cause.getMessage();
        return message == null || message.isBlank() ? cause.getClass().getSimpleName() : message;
    }

    /** Looks whether the topic is there with all its partitions; creates it if the settings ask for that. */
    static State prepare(KafkaSettings settings) throws InterruptedException {
        try (KafkaTopic topic = open(settings)) {
            TopicDescription found = topic.describe();
            if (found == null) {
                topic.createOrRefuse();
            }
            int partitions = topic.awaitLeaders();
            int wanted = settings.partitions();
            if (wanted != 0 && wanted != partitions) {
                throw new DeliveryException(
                        name(settings) + " has " + partitions + " partitions, the settings say " + wanted
                                + "; set partitions: " + partitions + ", leave it out, or use another topic",
                        null);
            }
            return new State(partitions, topic.retentionMillis());
        }
    }

    /** Where each partition ends: the offset that its next record gets. */
    static Map<Integer, Long> endOffsets(KafkaSettings settings) throws InterruptedException {
        try (KafkaTopic topic = open(settings)) {
            return topic.endOffsets();
        }
    }

    /** Connects, however many of the servers it takes. */
    static KafkaTopic open(KafkaSettings settings) throws InterruptedException {
        long start = System.nanoTime();
        long deadline = start + settings.connectTimeout().toNanos();
        awaitServer(settings, deadline);
        Duration left = Duration.ofNanos(deadline - System.nanoTime());
        Duration allowed = left.compareTo(LEAST) > 0 ? left : LEAST;
        Map<String, Object> properties = new HashMap<>();
        properties.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, settings.servers());
        properties.put(AdminClientConfig.CLIENT_ID_CONFIG, "dataflux-admin-" + Long.toHexString(start));
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) allowed.toMillis());
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) allowed.toMillis());
        properties.put(AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1_000L);
        properties.put(AdminClientConfig.ENABLE_METRICS_PUSH_CONFIG, false);
        return new KafkaTopic(settings, Admin.create(properties), allowed);
    }

    /** As often as wanted: each call has its own time. */
    Map<Integer, Long> endOffsets() throws InterruptedException {
        deadlineNanos = System.nanoTime() + patience.toNanos();
        TopicDescription found = describe();
        // a topic that was just created is not known to all brokers at once
        for (int tries = 1; found == null && tries < 10; tries++) {
            TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
            found = describe();
        }
        if (found == null) {
            throw new DeliveryException(name(settings) + " does not exist", null);
        }
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        found.partitions()
                .forEach(partition ->
                        asked.put(new TopicPartition(settings.topic(), partition.partition()), OffsetSpec.latest()));
        Map<Integer, Long> offsets = new TreeMap<>();
        await(admin.listOffsets(asked).all(), "asking where it ends")
                .forEach((partition, end) -> offsets.put(partition.partition(), end.offset()));
        return offsets;
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(1));
    }

    /**
     * Waits for a server that accepts a connection. The client would try on its own, but log every attempt, and time out without
     * the reason.
     */
    private static void awaitServer(KafkaSettings settings, long deadlineNanos) throws InterruptedException {
        Map<String, String> reasons = new TreeMap<>();
        while (true) {
            for (String server : settings.servers().split(",", -1)) {
                long leftMillis = Math.max(50, (deadlineNanos - System.nanoTime()) / 1_000_000);
                String reason = connect(server.strip(), (int) Math.min(ONE_CONNECT_MILLIS, leftMillis));
                if (reason == null) {
                    return;
                }
                reasons.put(server.strip(), reason);
            }
            if (System.nanoTime() + PAUSE.toNanos() >= deadlineNanos) {
                break;
            }
            TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
        }
        List<String> tried = new ArrayList<>();
        reasons.forEach((server, reason) -> tried.add(server + " (" + reason + ")"));
        throw new DeliveryException(
                "no Kafka broker for topic '" + settings.topic() + "' at " + String.join(", ", tried) + " within "
                        + seconds(settings.connectTimeout())
                        + " (connect_timeout); check that the broker runs and that bootstrap_servers names it as this machine"
                        + " sees it",
                null);
    }

    private static @Nullable String connect(String server, int timeoutMillis) {
        int colon = server.lastIndexOf(':');
        String host = server.substring(0, colon).replaceAll("[\\[\\]]", "");
        InetSocketAddress address = new InetSocketAddress(host, Integer.parseInt(server.substring(colon + 1)));
        if (address.isUnresolved()) {
            return "unknown host";
        }
        try (Socket socket = new Socket()) {
            socket.connect(address, timeoutMillis);
            return null;
        } catch (IOException e) {
            return words(e);
        }
    }

    private void createOrRefuse() throws InterruptedException {
        if (settings.partitions() == 0) {
            throw new DeliveryException(
                    name(settings) + " does not exist" + others()
                            + "; create it, correct topic, or set partitions: 3 (and replication: 1) to have it created",
                    null);
        }
        NewTopic topic = new NewTopic(
                settings.topic(),
                Optional.of(settings.partitions()),
                settings.replication() == 0 ? Optional.empty() : Optional.of(settings.replication()));
        try {
            get(admin.createTopics(List.of(topic)).all());
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) { // somebody else was quicker: as good
                throw new DeliveryException("cannot create " + name(settings) + ": " + words(e), e);
            }
        }
    }

    private String others() throws InterruptedException {
        Set<String> names = new TreeSet<>(await(admin.listTopics().names(), "listing topics"));
        if (names.isEmpty()) {
            return " (there are no topics)";
        }
        List<String> shown = names.stream().limit(NAMES_SHOWN).toList();
        return " (there are " + String.join(", ", shown)
                + (names.size() > NAMES_SHOWN ? " and " + (names.size() - NAMES_SHOWN) + " more)" : ")");
    }

    /** The number of partitions, once each has a leader. */
    private int awaitLeaders() throws InterruptedException {
        while (true) {
            TopicDescription found = describe();
            if (found != null && found.partitions().stream().allMatch(partition -> partition.leader() != null)) {
                return found.partitions().size();
            }
            if (System.nanoTime() >= deadlineNanos) {
                String missing = found == null
                        ? "all partitions"
                        : "partitions "
                                + found.partitions().stream()
                                        .filter(partition -> partition.leader() == null)
                                        .map(partition -> Integer.toString(partition.partition()))
                                        .toList();
                throw new DeliveryException(
                        name(settings) + " has no leader for " + missing + "; check that all its brokers run", null);
            }
            TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
        }
    }

    private @Nullable TopicDescription describe() throws InterruptedException {
        try {
            return get(admin.describeTopics(List.of(settings.topic())).allTopicNames())
                    .get(settings.topic());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return null;
            }
            throw failure("looking it up", e);
        }
    }

    private long retentionMillis() throws InterruptedException {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, settings.topic());
        try {
            Config config = get(admin.describeConfigs(List.of(resource)).all()).get(resource);
            if (config == null
                    || !value(config, TopicConfig.CLEANUP_POLICY_CONFIG).contains(TopicConfig.CLEANUP_POLICY_DELETE)
                    || !value(config, TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG).equals("CreateTime")) {
                return -1;
            }
            return Long.parseLong(value(config, TopicConfig.RETENTION_MS_CONFIG));
        } catch (ExecutionException | NumberFormatException e) {
            return -1; // it serves a warning only, and one may lack the right to ask
        }
    }

    private static String value(Config config, String name) {
        ConfigEntry entry = config.get(name);
        return entry == null || entry.value() == null ? "" : entry.value();
    }

    private <T> T await(KafkaFuture<T> future, String what) throws InterruptedException {
        try {
            return get(future);
        } catch (ExecutionException e) {
            throw failure(what, e);
        }
    }

    private <T> T get(KafkaFuture<T> future) throws ExecutionException, InterruptedException {
        try {
            return future.get(Math.max(1, deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw silent(e);
        }
    }

    private DeliveryException failure(String what, ExecutionException e) {
        if (e.getCause() instanceof org.apache.kafka.common.errors.TimeoutException) {
            return silent(e);
        }
        return new DeliveryException(name(settings) + ": " + what + " failed: " + words(e), e);
    }

    private DeliveryException silent(Exception e) {
        return new DeliveryException(
                "somebody listens at " + settings.servers() + ", but nobody answers for topic '" + settings.topic()
                        + "' as a Kafka broker does; check the port, that the listener speaks PLAINTEXT, and that the broker's"
                        + " advertised.listeners can be reached from this machine",
                e);
    }

    static String seconds(Duration time) {
        return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }
}
