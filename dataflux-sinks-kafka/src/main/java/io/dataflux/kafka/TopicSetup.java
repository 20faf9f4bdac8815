package io.dataflux.kafka;

import io.dataflux.DeliveryException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks that a topic exists and is as configured, and creates it if it does not exist. Partitions or a clean-up that differ from the
 * configuration are errors, because events would lie elsewhere or vanish; for a different retention or replication there is only a warning.
 */
final class TopicSetup {

    private static final Logger LOG = LoggerFactory.getLogger(TopicSetup.class);
    private static final int NAMES_SHOWN = 10;

    private final KafkaAdmin admin;
    private final String topic;
    private final TopicOptions options;
    private final String name;

    private TopicSetup(KafkaAdmin admin, KafkaSettings settings, String topic, TopicOptions options) {
        this.admin = admin;
        this.topic = topic;
        this.options = options;
        this.name = KafkaAdmin.name(List.of(topic), settings);
    }

    /** The topic as it is now. @throws DeliveryException if it cannot be used as configured */
    static Topic prepare(KafkaAdmin admin, KafkaSettings settings, String topic, TopicOptions options)
            throws InterruptedException {
        return new TopicSetup(admin, settings, topic, options).prepare();
    }

    private Topic prepare() throws InterruptedException {
        if (admin.describe(topic) == null) {
            createOrRefuse();
        }
        TopicDescription found = awaitLeaders();
        int partitions = found.partitions().size();
        int wanted = options.partitions();
        if (wanted != 0 && wanted != partitions) {
            throw new DeliveryException(
                    name + " has " + partitions + (partitions == 1 ? " partition" : " partitions")
                            + ", but the settings say "
                            + wanted + "; set partitions: "
                            + partitions + ", leave it out, or use another topic",
                    null);
        }
        int replicas = found.partitions().get(0).replicas().size();
        if (options.replication() != 0 && options.replication() != replicas) {
            LOG.warn("{} has {} replicas, but the settings say {}", name, replicas, options.replication());
        }
        Config config = config();
        if (config == null) {
            return new Topic(topic, partitions, -1);
        }
        checkCleanup(value(config, TopicConfig.CLEANUP_POLICY_CONFIG));
        checkRetention(value(config, TopicConfig.RETENTION_MS_CONFIG));
        return new Topic(topic, partitions, retentionMillis(config));
    }

    private void createOrRefuse() throws InterruptedException {
        if (options.partitions() == 0) {
            throw new DeliveryException(
                    name + " does not exist" + others()
                            + "; create it, correct topic, or set partitions: 3 (and replication: 1) to have it created",
                    null);
        }
        Map<String, String> configs = new HashMap<>();
        if (options.retention() != null) {
            configs.put(
                    TopicConfig.RETENTION_MS_CONFIG,
                    Long.toString(options.retention().toMillis()));
        }
        if (!options.cleanup().isEmpty()) {
            configs.put(TopicConfig.CLEANUP_POLICY_CONFIG, options.cleanup());
        }
        NewTopic created = new NewTopic(
                        topic,
                        Optional.of(options.partitions()),
                        options.replication() == 0 ? Optional.empty() : Optional.of(options.replication()))
                .configs(configs);
        try {
            admin.get(admin.client().createTopics(List.of(created)).all());
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) { // somebody else was quicker: as good
                throw new DeliveryException(
                        "cannot create " + name + " with " + options.words() + ": " + KafkaAdmin.words(e)
                                + replicationHint(e),
                        e);
            }
        }
    }

    private String replicationHint(ExecutionException e) throws InterruptedException {
        if (!(e.getCause() instanceof InvalidReplicationFactorException)) {
            return "";
        }
        int brokers = admin.await(admin.client().describeCluster().nodes(), "counting the brokers")
                .size();
        return "; set replication: " + brokers + " or less, there " + (brokers == 1 ? "is" : "are") + " " + brokers
                + (brokers == 1 ? " broker" : " brokers");
    }

    private String others() throws InterruptedException {
        Set<String> names =
                new TreeSet<>(admin.await(admin.client().listTopics().names(), "listing topics"));
        if (names.isEmpty()) {
            return " (there are no topics)";
        }
        List<String> shown = names.stream().limit(NAMES_SHOWN).toList();
        return " (there are " + String.join(", ", shown)
                + (names.size() > NAMES_SHOWN ? " and " + (names.size() - NAMES_SHOWN) + " more)" : ")");
    }

    /** The topic, once each of its partitions has a leader. */
    private TopicDescription awaitLeaders() throws InterruptedException {
        while (true) {
            TopicDescription found = admin.describe(topic);
            if (found != null && found.partitions().stream().allMatch(partition -> partition.leader() != null)) {
                return found;
            }
            if (System.nanoTime() >= admin.deadlineNanos()) {
                String missing = found == null
                        ? "all partitions"
                        : "partitions "
                                + found.partitions().stream()
                                        .filter(partition -> partition.leader() == null)
                                        .map(partition -> Integer.toString(partition.partition()))
                                        .toList();
                throw new DeliveryException(
                        name + " has no leader for " + missing + "; check that all its brokers are running", null);
            }
            TimeUnit.NANOSECONDS.sleep(KafkaAdmin.PAUSE.toNanos());
        }
    }

    private void checkCleanup(String found) {
        Set<String> wanted = Set.of(options.cleanup().split(",", -1));
        if (!options.cleanup().isEmpty() && !wanted.equals(Set.of(found.split(",", -1)))) {
            throw new DeliveryException(
                    name + " has the clean-up policy " + found + ", but the settings say " + options.cleanup()
                            + "; set cleanup: " + found + ", leave it out, or use another topic",
                    null);
        }
    }

    private void checkRetention(String found) {
        if (options.retention() != null
                && !found.equals(Long.toString(options.retention().toMillis()))) {
            LOG.warn(
                    "{} has retention.ms={}, but the settings say retention: {}",
                    name,
                    found,
                    TopicOptions.hours(options.retention().toMillis()));
        }
    }

    /** Null if it cannot be read: the user may not be allowed to. */
    private @Nullable Config config() throws InterruptedException {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try {
            return admin.get(admin.client().describeConfigs(List.of(resource)).all())
                    .get(resource);
        } catch (ExecutionException e) {
            if (!options.cleanup().isEmpty() || options.retention() != null) {
                LOG.warn("{}: cannot read its retention and clean-up policy: {}", name, KafkaAdmin.words(e));
            }
            return null;
        }
    }

    /** How old a record's timestamp may get before the broker deletes it; negative if it deletes none for that. */
    private static long retentionMillis(Config config) {
        if (!value(config, TopicConfig.CLEANUP_POLICY_CONFIG).contains(TopicConfig.CLEANUP_POLICY_DELETE)
                || !value(config, TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG).equals("CreateTime")) {
            return -1;
        }
        try {
            return Long.parseLong(value(config, TopicConfig.RETENTION_MS_CONFIG));
        } catch (NumberFormatException e) {
            return -1; // it serves a warning only
        }
    }

    private static String value(Config config, String name) {
        ConfigEntry entry = config.get(name);
        return entry == null || entry.value() == null ? "" : entry.value();
    }
}
