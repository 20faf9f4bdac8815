package io.dataflux.kafka;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/** Offsets per partition as text, such as {@code orders-0:123,orders-1:45}. */
final class KafkaPosition {

    private KafkaPosition() {}

    static String text(Map<TopicPartition, Long> offsets) {
        Map<String, Map<Integer, Long>> sorted = new TreeMap<>();
        offsets.forEach((partition, offset) -> sorted.computeIfAbsent(partition.topic(), topic -> new TreeMap<>())
                .put(partition.partition(), offset));
        StringJoiner text = new StringJoiner(",");
        sorted.forEach((topic, partitions) ->
                partitions.forEach((partition, offset) -> text.add(topic + "-" + partition + ":" + offset)));
        return text.toString();
    }

    /** Per partition the lowest of some positions; a partition that one of them does not name counts from its beginning. */
    static String earliest(List<String> positions) {
        Map<TopicPartition, Long> earliest = parse(positions.get(0));
        for (String position : positions) {
            Map<TopicPartition, Long> its = parse(position);
            earliest.keySet().retainAll(its.keySet());
            earliest.replaceAll((partition, offset) -> Math.min(offset, its.getOrDefault(partition, offset)));
        }
        return text(earliest);
    }

    /** @throws IllegalArgumentException with what such a text looks like */
    static Map<TopicPartition, Long> parse(String text) {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        if (text.isEmpty()) {
            return offsets;
        }
        for (String part : text.split(",", -1)) {
            int colon = part.indexOf(':');
            int hyphen = part.lastIndexOf('-', colon);
            try {
                int partition = Integer.parseInt(part.substring(hyphen + 1, Math.max(hyphen + 1, colon)));
                long offset = Long.parseLong(part.substring(colon + 1));
                if (hyphen > 0
                        && partition >= 0
                        && offset >= 0
                        && offsets.put(new TopicPartition(part.substring(0, hyphen), partition), offset) == null) {
                    continue;
                }
            } catch (NumberFormatException e) {
                // said below
            }
            throw new IllegalArgumentException(
                    "'" + text + "' is not a topic position; write one like orders-0:123,orders-1:45"
                            + " (topic-partition:offset)");
        }
        return offsets;
    }
}
