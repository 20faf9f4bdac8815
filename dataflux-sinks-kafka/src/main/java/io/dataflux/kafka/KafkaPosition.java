package io.dataflux.kafka;

import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

/** Offsets per partition as text, such as {@code 0:123,1:45}. */
final class KafkaPosition {

    private KafkaPosition() {}

    static String text(Map<Integer, Long> offsets) {
        StringJoiner text = new StringJoiner(",");
        new TreeMap<>(offsets).forEach((partition, offset) -> text.add(partition + ":" + offset));
        return text.toString();
    }

    /** @throws IllegalArgumentException with what such a text looks like */
    static Map<Integer, Long> parse(String text) {
        Map<Integer, Long> offsets = new TreeMap<>();
        if (text.isEmpty()) {
            return offsets;
        }
        for (String part : text.split(",", -1)) {
            int colon = part.indexOf(':');
            try {
                int partition = Integer.parseInt(part.substring(0, Math.max(0, colon)));
                long offset = Long.parseLong(part.substring(colon + 1));
                if (partition >= 0 && offset >= 0 && offsets.put(partition, offset) == null) {
                    continue;
                }
            } catch (NumberFormatException e) {
                // said below
            }
            throw new IllegalArgumentException(
                    "'" + text + "' is no position of a topic; it looks like 0:123,1:45 (partition:offset)");
        }
        return offsets;
    }
}
