package io.dataflux.kafka;

import io.dataflux.DeliveryException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An administrator's view of a sink's topics: whether they exist, where they end, what is committed. Bounded in time. */
final class KafkaAdmin implements AutoCloseable {

    /** Between two requests to brokers, which do not announce when their answer changes. */
    static final Duration PAUSE = Duration.ofMillis(200);

    private static final Logger LOG = LoggerFactory.getLogger(KafkaAdmin.class);
    private static final int NAMES_SHOWN = 5;
    private static final Duration LEAST = Duration.ofSeconds(4);
    private static final int ONE_CONNECT_MILLIS = 2_000;

    private final KafkaSettings settings;
    private final String target;
    private final Admin admin;
    private final Duration patience;
    private long deadlineNanos;

    private KafkaAdmin(KafkaSettings settings, String target, Admin admin, Duration patience) {
        this.settings = settings;
        this.target = target;
        this.admin = admin;
        this.patience = patience;
        this.deadlineNanos = System.nanoTime() + patience.toNanos();
    }

    /** A sink's target in words: topics and servers. */
    static String name(Collection<String> topics, KafkaSettings settings) {
        return words(topics) + " at " + settings.servers();
    }

    private static String words(Collection<String> topics) {
        List<String> shown = topics.stream()
                .limit(NAMES_SHOWN)
                .map(topic -> "'" + topic + "'")
                .toList();
        int more = topics.size() - shown.size();
        return (topics.size() == 1 ? "topic " : "topics ")
                + String.join(", ", shown)
                + (more > 0 ? " and " + more + " more" : "");
    }

    /** The innermost message of a failure. */
    static String words(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        String message = cause.getMessage();
        String words = message == null || message.isBlank() ? cause.getClass().getSimpleName() : message;
        return words + hint(failure);
    }

    private static String hint(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof org.apache.kafka.common.errors.SslAuthenticationException) {
                return "; check tls: what truststore holds, the host names in the broker's certificate, and that this port"
                        + " speaks TLS";
            }
            if (cause instanceof AuthenticationException) {
                return "; check sasl: mechanism, username and password";
            }
        }
        return "";
    }

    /** Connects, however many of the servers it takes. */
    static KafkaAdmin open(KafkaSettings settings, Collection<String> topics) throws InterruptedException {
        long start = System.nanoTime();
        long deadline = start + settings.connectTimeout().toNanos();
        Security.checkFiles(settings.security());
        awaitServer(settings, words(topics), deadline);
        Duration left = Duration.ofNanos(deadline - System.nanoTime());
        Duration allowed = left.compareTo(LEAST) > 0 ? left : LEAST;
        Map<String, Object> properties = new HashMap<>(settings.security());
        properties.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, settings.servers());
        properties.put(AdminClientConfig.CLIENT_ID_CONFIG, "dataflux-admin-" + Long.toHexString(start));
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) allowed.toMillis());
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) allowed.toMillis());
        properties.put(AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1_000L);
        properties.put(AdminClientConfig.ENABLE_METRICS_PUSH_CONFIG, false);
        try {
            return new KafkaAdmin(settings, words(topics), Admin.create(properties), allowed);
        } catch (KafkaException e) {
            throw new DeliveryException("cannot open a client for " + name(topics, settings) + ": " + words(e), e);
        }
    }

    /**
     * Where each partition of some topics ends: the offset that its next record gets. May be called often: each call has its own
     * time limit.
     */
    Map<TopicPartition, Long> endOffsets(Collection<String> topics) throws InterruptedException {
        begin();
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        for (String topic : topics) {
            TopicDescription found = describe(topic);
            // a topic that was just created is not known to all brokers at once
            for (int tries = 1; found == null && tries < 10; tries++) {
                TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
                found = describe(topic);
            }
            if (found == null) {
                throw new DeliveryException(name(List.of(topic), settings) + " does not exist", null);
            }
            found.partitions()
                    .forEach(partition ->
                            asked.put(new TopicPartition(topic, partition.partition()), OffsetSpec.latest()));
        }
        Map<TopicPartition, Long> offsets = new HashMap<>();
        await(admin.listOffsets(asked).all(), "asking for its end offsets")
                .forEach((partition, end) -> offsets.put(partition, end.offset()));
        return offsets;
    }

    /** Those of the topics that are compacted; none if that cannot be read, because the user may not be allowed to. */
    Set<String> compacting(Collection<String> topics) throws InterruptedException {
        List<ConfigResource> resources = topics.stream()
                .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic))
                .toList();
        Set<String> compacting = new HashSet<>();
        try {
            get(admin.describeConfigs(resources).all()).forEach((resource, config) -> {
                ConfigEntry policy = config.get(TopicConfig.CLEANUP_POLICY_CONFIG);
                if (policy != null
                        && policy.value() != null
                        && policy.value().contains(TopicConfig.CLEANUP_POLICY_COMPACT)) {
                    compacting.add(resource.name());
                }
            });
        } catch (ExecutionException e) {
            LOG.warn("cannot read whether {} is compacted: {}", target, words(e));
        }
        return compacting;
    }

    /** Null if there is none of this name. */
    @Nullable
    TopicDescription describe(String topic) throws InterruptedException {
        try {
            return get(admin.describeTopics(List.of(topic)).allTopicNames()).get(topic);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return null;
            }
            throw failure("looking it up", e);
        }
    }

    /**
     * Checks that some broker coordinates transactions, so that a producer need not find out in its own, longer time.
     *
     * @throws DeliveryException if none does
     */
    void checkCoordinator(String transactionalId) throws InterruptedException {
        try {
            get(admin.describeTransactions(List.of(transactionalId)).all());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TransactionalIdNotFoundException) {
                return; // it was never used
            }
            if (e.getCause() instanceof org.apache.kafka.common.errors.TimeoutException) {
                throw noCoordinator(e);
            }
            throw failure("looking up transaction " + transactionalId, e);
        } catch (DeliveryException e) {
            throw noCoordinator(e);
        }
    }

    private DeliveryException noCoordinator(Exception e) {
        return new DeliveryException(
                target + " at " + settings.servers() + ": no broker coordinates transactions; check the topic"
                        + " __transaction_state, for which a cluster of fewer than 3 brokers needs"
                        + " transaction.state.log.replication.factor=1",
                e);
    }

    /** What transactions committed for a consumer group, as far as it concerns some topics; waits for those that are ending. */
    List<OffsetAndMetadata> committed(String group, Collection<String> topics) throws InterruptedException {
        begin();
        Map<TopicPartition, OffsetAndMetadata> offsets;
        try {
            offsets = get(admin.listConsumerGroupOffsets(
                            Map.of(group, new ListConsumerGroupOffsetsSpec()),
                            new ListConsumerGroupOffsetsOptions().requireStable(true))
                    .partitionsToOffsetAndMetadata(group));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return List.of();
            }
            throw failure("asking for the progress of " + group, e);
        }
        List<OffsetAndMetadata> committed = new ArrayList<>();
        offsets.forEach((partition, offset) -> {
            if (offset != null && topics.contains(partition.topic())) {
                committed.add(offset);
            }
        });
        return committed;
    }

    /** The client itself, for what only one caller asks. */
    Admin client() {
        return admin;
    }

    /** Starts the time allowed again, for what follows. */
    void begin() {
        deadlineNanos = System.nanoTime() + patience.toNanos();
    }

    long deadlineNanos() {
        return deadlineNanos;
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(1));
    }

    /**
     * Waits for a server that accepts a connection. The client would try on its own, but log every attempt, and time out without
     * the reason.
     */
    private static void awaitServer(KafkaSettings settings, String target, long deadlineNanos)
            throws InterruptedException {
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
                "no Kafka broker for " + target + " at " + String.join(", ", tried) + " within "
                        + seconds(settings.connectTimeout())
                        + " (connect_timeout); check that the broker is running and that bootstrap_servers is the address by"
                        + " which this machine reaches it",
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

    <T> T await(KafkaFuture<T> future, String what) throws InterruptedException {
        try {
            return get(future);
        } catch (ExecutionException e) {
            throw failure(what, e);
        }
    }

    /** Waits no longer than the time left. */
    <T> T get(KafkaFuture<T> future) throws ExecutionException, InterruptedException {
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
        return new DeliveryException(target + " at " + settings.servers() + ": " + what + " failed: " + words(e), e);
    }

    private DeliveryException silent(Exception e) {
        Object protocol = settings.security().getOrDefault(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, "PLAINTEXT");
        return new DeliveryException(
                OpenFiles.words() + "something is listening at " + settings.servers() + ", but for " + target
                        + " it does not answer like a Kafka broker; check the port, that the listener speaks "
                        + protocol
                        + ", and that the broker's advertised.listeners can be reached from this machine",
                e);
    }

    static String seconds(Duration time) {
        return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }
}
