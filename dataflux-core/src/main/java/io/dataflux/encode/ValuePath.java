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

/**
 * A path to a value of an event, such as {@code address.zip} or {@code items[0].sku}: names and indices in turn. Names that follow each
 * other may be one name with dots, so each step has all the names that can begin there.
 */
record ValuePath(List<Object> steps, List<List<String>> names) {

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
        List<List<String>> names = new ArrayList<>();
        for (int from = 0; from < steps.size(); from++) {
            List<String> longestFirst = new ArrayList<>();
            StringBuilder name = new StringBuilder();
            for (int to = from; to < steps.size() && steps.get(to) instanceof String part; to++) {
                longestFirst.add(
                        0, name.append(to == from ? "" : ".").append(part).toString());
            }
            names.add(List.copyOf(longestFirst));
        }
        return new ValuePath(List.copyOf(steps), List.copyOf(names));
    }

    /** How many steps the name at {@code from} takes: the longest of those that are there; 0 if none is. */
    private int length(int from, Map<?, ?> in) {
        List<String> candidates = names.get(from);
        for (int i = 0; i < candidates.size(); i++) {
            if (in.containsKey(candidates.get(i))) {
                return candidates.size() - i;
            }
        }
        return 0;
    }

    /** The name of so many steps. */
    private String name(int from, int length) {
        List<String> candidates = names.get(from);
        return candidates.get(candidates.size() - length);
    }

    /** The value, or null if it is null or absent, or there is no such field. */
    @Nullable
    Object read(CompiledStream stream, EventState s) {
        StructureNodes.Obj plan = stream.plan();
        Object value;
        int next = 0;
        if (plan != null) {
            Node node = plan;
            while (node instanceof StructureNodes.Obj object
                    && next < steps.size()) { // compute only the part of the object that is asked for
                int length = length(next, object.members());
                node = length == 0 ? null : object.members().get(name(next, length));
                next += length;
            }
            value = node != null && node.present(s) ? node.value(s) : null;
        } else {
            byte[] b = new byte[stream.maxEventBytes() + CompiledStream.SLACK];
            value = Parsed.tree(b, stream.encode(s, b, 0));
        }
        while (next < steps.size() && value != null) {
            int length = 1;
            if (steps.get(next) instanceof Integer index) {
                value = value instanceof List<?> list && index >= 0 && index < list.size() ? list.get(index) : null;
            } else if (value instanceof Map<?, ?> map && (length = length(next, map)) > 0) {
                value = map.get(name(next, length));
            } else {
                return null;
            }
            next += length;
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
