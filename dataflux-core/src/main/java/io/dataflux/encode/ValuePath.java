package io.dataflux.encode;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A path to a value of an event, such as {@code address.zip} or {@code items[0].sku}: names and indices in turn. */
record ValuePath(List<Object> steps) {

    private static final Map<String, ValuePath> KNOWN = new ConcurrentHashMap<>(); // order never seen
    private static final int MOST_KNOWN = 1024;

    static ValuePath of(String path) {
        ValuePath known = KNOWN.get(path);
        if (known == null) {
            known = parse(path);
            if (KNOWN.size() < MOST_KNOWN) {
                KNOWN.put(path, known);
            }
        }
        return known;
    }

    private static ValuePath parse(String path) {
        ArrayList<Object> steps = new ArrayList<>();
        for (String part : path.split("\\.", -1)) {
            int open = part.indexOf('[');
            steps.add(open < 0 ? part : part.substring(0, open));
            while (open >= 0) {
                int close = part.indexOf(']', open);
                try {
                    steps.add(Integer.valueOf(part.substring(open + 1, close)));
                } catch (NumberFormatException | StringIndexOutOfBoundsException e) {
                    throw new IllegalArgumentException(
                            "'" + path + "' is not a path such as address.zip or items[0].sku", e);
                }
                open = part.indexOf('[', close);
            }
        }
        return new ValuePath(List.copyOf(steps));
    }

    /** The value, or null if it is null or absent, or there is no such field. */
    @Nullable
    Object read(CompiledStream stream, EventState s) {
        StructureNodes.Obj plan = stream.plan();
        Object value;
        int next = 1;
        if (plan != null) {
            Node node = plan.members().get(String.valueOf(steps.get(0)));
            while (node instanceof StructureNodes.Obj object
                    && next < steps.size()) { // compute only the part of the object that is asked for
                node = object.members().get(String.valueOf(steps.get(next++)));
            }
            value = node != null && node.present(s) ? node.value(s) : null;
        } else {
            byte[] b = new byte[stream.maxEventBytes() + CompiledStream.SLACK];
            value = Parsed.tree(b, stream.encode(s, b, 0));
            next = 0;
        }
        for (; next < steps.size() && value != null; next++) {
            Object step = steps.get(next);
            if (step instanceof Integer index) {
                value = value instanceof List<?> list && index >= 0 && index < list.size() ? list.get(index) : null;
            } else {
                value = value instanceof Map<?, ?> map ? map.get(step) : null;
            }
        }
        return value instanceof Integer number ? (Object) number.longValue() : value;
    }

    /** Events of code generators exist only as bytes. */
    private static final class Parsed {
        private static final ObjectMapper MAPPER = JsonMapper.builder()
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, DeserializationFeature.USE_LONG_FOR_INTS)
                .build();

        static Object tree(byte[] b, int length) {
            String json = new String(b, 0, length, StandardCharsets.UTF_8);
            try {
                return MAPPER.readValue(json, Map.class);
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("the generator wrote what is not JSON: " + json, e);
            }
        }
    }
}
