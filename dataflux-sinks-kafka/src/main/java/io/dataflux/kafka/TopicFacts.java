package io.dataflux.kafka;

import io.dataflux.spi.LaneContext;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;

/**
 * What a run's topics are. A topic that was deleted and created again lacks what a run sent before, one with more partitions keeps a key's
 * events in two of them, and one with another clean-up policy may drop what another would keep.
 */
final class TopicFacts {

    private static final int TRIES = 5;

    private TopicFacts() {}

    static Map<String, String> of(KafkaSettings settings, LaneContext run) throws InterruptedException {
        Collection<String> topics = settings.topics().all(run).keySet();
        Map<String, String> facts = new TreeMap<>();
        try (KafkaAdmin admin = KafkaAdmin.open(settings, topics)) {
            for (String topic : topics) {
                add(facts, topic, admin);
            }
        }
        return facts;
    }

    private static void add(Map<String, String> facts, String topic, KafkaAdmin admin) throws InterruptedException {
        TopicDescription found = admin.describe(topic);
        // one that was just created is not known to all brokers at once
        for (int tries = 1; found == null && tries < TRIES; tries++) {
            TimeUnit.NANOSECONDS.sleep(KafkaAdmin.PAUSE.toNanos());
            found = admin.describe(topic);
        }
        String name = "topic '" + topic + "'";
        if (found == null) {
            facts.put(name, "missing");
            return;
        }
        if (!Uuid.ZERO_UUID.equals(found.topicId())) { // brokers before 2.8 have none
            facts.put(name, "the one with the id " + found.topicId());
        }
        facts.put("partitions of " + name, Integer.toString(found.partitions().size()));
        String cleanup = cleanup(topic, admin);
        if (!cleanup.isEmpty()) {
            facts.put("clean-up policy of " + name, cleanup);
        }
    }

    /** Empty if it cannot be read: the user may not be allowed to. */
    private static String cleanup(String topic, KafkaAdmin admin) throws InterruptedException {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try {
            Config config = admin.get(
                            admin.client().describeConfigs(List.of(resource)).all())
                    .get(resource);
            ConfigEntry entry = config == null ? null : config.get(TopicConfig.CLEANUP_POLICY_CONFIG);
            return entry == null || entry.value() == null ? "" : entry.value();
        } catch (ExecutionException e) {
            return "";
        }
    }
}
