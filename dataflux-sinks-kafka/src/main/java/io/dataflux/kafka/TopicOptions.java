package io.dataflux.kafka;

import io.dataflux.spi.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a topic should be set up: what it is created with, and what an existing one is compared with.
 *
 * @param partitions 0 if that does not matter; a missing topic is then not created
 * @param replication 0 for the broker's default
 * @param retention null for the broker's default
 * @param cleanup as {@code cleanup.policy}; empty for the broker's default
 */
record TopicOptions(
        int partitions, short replication, @Nullable Duration retention, String cleanup) {

    static final TopicOptions ANY = new TopicOptions(0, (short) 0, null, "");

    private static final Duration LONGEST = Duration.ofDays(36_500);

    /** Reads {@code partitions}, {@code replication}, {@code retention} and {@code cleanup}. */
    static TopicOptions read(Settings settings, TopicOptions otherwise) {
        int partitions =
                (int) settings.optionalInteger("partitions", 1, 100_000).orElse(otherwise.partitions);
        short replication = (short)
                settings.optionalInteger("replication", 1, Short.MAX_VALUE).orElse(otherwise.replication);
        if (replication > 0 && partitions == 0) {
            settings.problem("replication", "applies only to a topic that is created; set partitions as well");
        }
        Duration retention = settings.has("retention")
                ? settings.duration("retention", Duration.ofDays(7), Duration.ofSeconds(1), LONGEST)
                : otherwise.retention;
        String cleanup = settings.has("cleanup")
                ? settings.oneOf("cleanup", "delete", "delete", "compact", "compact,delete")
                : otherwise.cleanup;
        return new TopicOptions(partitions, replication, retention, cleanup);
    }

    /** What the topic is created with, and how messages name it. */
    List<String> words() {
        List<String> words = new ArrayList<>();
        if (partitions > 0) {
            words.add("partitions: " + partitions);
        }
        if (replication > 0) {
            words.add("replication: " + replication);
        }
        if (retention != null) {
            words.add("retention: " + hours(retention.toMillis()));
        }
        if (!cleanup.isEmpty()) {
            words.add("cleanup: " + cleanup);
        }
        return words;
    }

    /** A retention as it is written in a configuration. */
    static String hours(long millis) {
        return millis % 3_600_000 == 0 ? millis / 3_600_000 + "h" : millis + "ms";
    }
}
