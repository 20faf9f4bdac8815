package io.dataflux.testkit;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import io.dataflux.EventStream;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Whether the fields of a stream are text, numbers or booleans in JSON, which is the same in all its events. Looked up in the first events
 * when asked for. Thread-safe.
 */
final class FieldForms {

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final int LOOKED_AT = 200;

    private final EventStream stream;
    private final Map<String, JsonNodeType> known = new ConcurrentHashMap<>();

    FieldForms(EventStream stream) {
        this.stream = stream;
    }

    boolean isOf(EventStream other) {
        return stream == other;
    }

    /** Whether the field at a place has that form. */
    boolean has(JsonPointer place, CoercionInputShape shape) {
        JsonNodeType form = switch (shape) {
            case String, EmptyString -> JsonNodeType.STRING;
            case Integer, Float -> JsonNodeType.NUMBER;
            case Boolean -> JsonNodeType.BOOLEAN;
            default -> JsonNodeType.MISSING;
        };
        String path = place.toString().replaceAll("/[0-9]+(?=/|$)", "/0");
        return known.computeIfAbsent(path, p -> form(JsonPointer.compile(p))) == form;
    }

    private JsonNodeType form(JsonPointer place) {
        long to = Math.min(stream.end(), LOOKED_AT);
        for (long sequence = 0; sequence < to; sequence++) {
            JsonNode node = node(sequence);
            for (JsonPointer at = place; !at.matches(); at = at.tail()) {
                node = at.mayMatchElement() && node.isArray()
                        ? node.path(at.getMatchingIndex())
                        : member(node, at.getMatchingProperty());
            }
            if (!node.isNull() && !node.isMissingNode()) {
                return node.getNodeType();
            }
        }
        return JsonNodeType.NULL;
    }

    private JsonNode node(long sequence) {
        try {
            return MAPPER.readTree(stream.event(sequence).bytes());
        } catch (IOException e) {
            return MAPPER.missingNode(); // lines of text
        }
    }

    /** The member of that name, orderId being order_id. */
    private static JsonNode member(JsonNode node, String name) {
        if (!node.has(name)) {
            for (Map.Entry<String, JsonNode> each : node.properties()) {
                if (bare(each.getKey()).equals(bare(name))) {
                    return each.getValue();
                }
            }
        }
        return node.path(name);
    }

    private static String bare(String name) {
        return name.replace("_", "").replace("-", "").toLowerCase(Locale.ROOT);
    }
}
