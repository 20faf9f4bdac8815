package io.dataflux.verify;

import com.fasterxml.jackson.databind.JsonNode;
import io.dataflux.encode.CompiledStream;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What arrived of an event, as if its run had had no tag. The tag is in ids, and in values that are made of an id: each of these values of
 * the event is replaced, wherever it stands, by what it is in the stream without a tag. An id that was itself altered or cut off stays. Not
 * thread-safe.
 */
final class Untagged {

    private final CompiledStream tagged;
    private final CompiledStream plain;

    /** @param tagged the stream with the identities of a run */
    Untagged(CompiledStream tagged) {
        this.tagged = tagged;
        plain = tagged.withTag(0);
    }

    byte[] of(long sequence, byte[] value) {
        Map<String, String> changed = new LinkedHashMap<>();
        JsonNode own = Difference.json(tagged.event(sequence).bytes());
        JsonNode without = Difference.json(plain.event(sequence).bytes());
        if (own != null && without != null) {
            changed(own, without, changed);
        }
        String text = latin(value);
        // the longest first: a link may hold the id that stands alone elsewhere
        for (String id : changed.keySet().stream()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList()) {
            text = text.replace(id, changed.getOrDefault(id, id));
        }
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void changed(JsonNode own, JsonNode without, Map<String, String> changed) {
        if (own.isObject()) {
            own.properties().forEach(field -> changed(field.getValue(), without.path(field.getKey()), changed));
        } else if (own.isArray()) {
            for (int i = 0; i < own.size(); i++) {
                changed(own.get(i), without.path(i), changed);
            }
        } else if (!own.equals(without)) {
            changed.put(bare(own), bare(without));
        }
    }

    /** A value as its bytes are in JSON, one character for each, without quotes. */
    private static String bare(JsonNode value) {
        String text = value.toString();
        return latin(
                (value.isTextual() ? text.substring(1, text.length() - 1) : text).getBytes(StandardCharsets.UTF_8));
    }

    private static String latin(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
