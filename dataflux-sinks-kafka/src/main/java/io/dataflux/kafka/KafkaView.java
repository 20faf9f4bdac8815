package io.dataflux.kafka;

import io.dataflux.DeliveryException;
import io.dataflux.spi.TargetView;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;

/** A run's topics, and the consumer groups that read them. What the user may not see is a remark. */
final class KafkaView implements TargetView {

    private static final List<String> SETTINGS = List.of(
            TopicConfig.CLEANUP_POLICY_CONFIG,
            TopicConfig.RETENTION_MS_CONFIG,
            TopicConfig.RETENTION_BYTES_CONFIG,
            TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG,
            TopicConfig.COMPRESSION_TYPE_CONFIG);
    /** So many groups are asked for their offsets, the first by name. */
    private static final int MOST_GROUPS = 200;
    /** Lanes record their own progress in groups of such names. */
    private static final String OWN = "dataflux-";

    private final KafkaSettings settings;
    private final Collection<String> topics;
    private @Nullable KafkaAdmin admin;

    KafkaView(KafkaSettings settings, Collection<String> topics) {
        this.settings = settings;
        this.topics = new TreeSet<>(topics);
    }

    @Override
    public Target look() throws InterruptedException {
        KafkaAdmin open = admin == null ? KafkaAdmin.open(settings, topics) : admin;
        admin = open;
        List<String> remarks = new ArrayList<>();
        Map<TopicPartition, Long> ends = open.endOffsets(topics);
        List<Log> logs = logs(open, ends, remarks);
        return new Target(logs, groups(open, ends, remarks), remarks);
    }

    private List<Log> logs(KafkaAdmin open, Map<TopicPartition, Long> ends, List<String> remarks)
            throws InterruptedException {
        Map<ConfigResource, Config> configs = configs(open, remarks);
        List<Log> logs = new ArrayList<>();
        for (String topic : topics) {
            TopicDescription found = open.describe(topic);
            List<Partition> partitions = new ArrayList<>();
            for (TopicPartitionInfo its : found == null ? List.<TopicPartitionInfo>of() : found.partitions()) {
                Long end = ends.get(new TopicPartition(topic, its.partition()));
                partitions.add(new Partition(
                        its.partition(),
                        end == null ? 0 : end,
                        its.replicas().size(),
                        its.isr().size()));
            }
            logs.add(new Log(
                    topic, partitions, values(configs.get(new ConfigResource(ConfigResource.Type.TOPIC, topic)))));
        }
        return logs;
    }

    private Map<ConfigResource, Config> configs(KafkaAdmin open, List<String> remarks) throws InterruptedException {
        List<ConfigResource> resources = topics.stream()
                .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic))
                .toList();
        try {
            return open.get(open.client().describeConfigs(resources).all());
        } catch (ExecutionException e) {
            remarks.add("the settings of the topics cannot be read: " + KafkaAdmin.words(e));
            return new HashMap<>();
        }
    }

    private static Map<String, String> values(@Nullable Config config) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String setting : SETTINGS) {
            ConfigEntry entry = config == null ? null : config.get(setting);
            if (entry != null && entry.value() != null) {
                values.put(setting, entry.value());
            }
        }
        return values;
    }

    private List<Group> groups(KafkaAdmin open, Map<TopicPartition, Long> ends, List<String> remarks)
            throws InterruptedException {
        try {
            List<String> names =
                    open
                            .get(open.client()
                                    .listGroups(ListGroupsOptions.forConsumerGroups())
                                    .all())
                            .stream()
                            .map(GroupListing::groupId)
                            .filter(name -> !name.startsWith(OWN))
                            .sorted()
                            .toList();
            if (names.size() > MOST_GROUPS) {
                remarks.add("of " + names.size() + " consumer groups only the first " + MOST_GROUPS + " are looked at");
                names = names.subList(0, MOST_GROUPS);
            }
            return names.isEmpty() ? List.of() : groups(open, names, ends);
        } catch (ExecutionException | DeliveryException e) {
            remarks.add("the consumer groups cannot be read: " + KafkaAdmin.words(e));
            return List.of();
        }
    }

    private List<Group> groups(KafkaAdmin open, List<String> names, Map<TopicPartition, Long> ends)
            throws InterruptedException, ExecutionException {
        ListConsumerGroupOffsetsSpec wanted = new ListConsumerGroupOffsetsSpec().topicPartitions(ends.keySet());
        Map<String, ListConsumerGroupOffsetsSpec> asked = new HashMap<>();
        names.forEach(name -> asked.put(name, wanted));
        Map<String, Map<String, Long>> lags = new TreeMap<>();
        open.get(open.client().listConsumerGroupOffsets(asked).all())
                .forEach((name, committed) -> lags(committed, ends)
                        .forEach((topic, lag) -> lags.computeIfAbsent(name, any -> new TreeMap<>())
                                .put(topic, lag)));
        if (lags.isEmpty()) {
            return List.of();
        }
        Map<String, ConsumerGroupDescription> described =
                open.get(open.client().describeConsumerGroups(lags.keySet()).all());
        List<Group> groups = new ArrayList<>();
        lags.forEach((name, its) -> its.forEach((topic, lag) -> {
            ConsumerGroupDescription group = described.get(name);
            groups.add(new Group(
                    name,
                    topic,
                    group == null ? "unknown" : group.groupState().toString(),
                    group == null ? 0 : group.members().size(),
                    lag));
        }));
        return groups;
    }

    /** By topic, over the partitions in which a position is committed. */
    private static Map<String, Long> lags(
            Map<TopicPartition, OffsetAndMetadata> committed, Map<TopicPartition, Long> ends) {
        Map<String, Long> lags = new TreeMap<>();
        committed.forEach((partition, offset) -> {
            Long end = ends.get(partition);
            if (offset != null && end != null) {
                lags.merge(partition.topic(), Math.max(0, end - offset.offset()), Long::sum);
            }
        });
        return lags;
    }

    @Override
    public void close() {
        if (admin != null) {
            admin.close();
            admin = null;
        }
    }
}
