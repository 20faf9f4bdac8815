package io.dataflux.reference;

import io.dataflux.reference.ReferenceEncoder.Quoted;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The values of an event as JSON text, as a reader of JSON sees them, and as the library hands them out. */
public final class ReferenceText {

    private ReferenceText() {}

    /** Compact JSON; of all characters only quotes, backslashes and those below a blank are escaped. */
    public static String json(Object value) {
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(e -> json(e.getKey()) + ":" + json(e.getValue()))
                    .collect(Collectors.joining(",", "{", "}"));
        } else if (value instanceof List<?> list) {
            return list.stream().map(ReferenceText::json).collect(Collectors.joining(",", "[", "]"));
        } else if (value instanceof String text) {
            return text.codePoints().mapToObj(ReferenceText::character).collect(Collectors.joining("", "\"", "\""));
        } else if (value instanceof Quoted quoted) {
            return "\"" + json(quoted.number()) + "\"";
        } else if (value instanceof BigDecimal decimal) {
            return decimal.toPlainString();
        }
        return String.valueOf(value);
    }

    private static String character(int code) {
        int known = "\"\\\b\f\n\r\t".indexOf(code);
        if (known >= 0) {
            return "\\" + "\"\\bfnrt".charAt(known);
        }
        return code < 0x20 ? String.format(Locale.ROOT, "\\u%04x", code) : Character.toString(code);
    }

    /** What a parser makes of {@link #json}. */
    public static Object parsed(Object value) {
        return changed(value, true);
    }

    /** What {@code Event.field} gives. */
    public static Object plain(Object value) {
        return changed(value, false);
    }

    private static Object changed(Object value, boolean quotes) {
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> changed = new LinkedHashMap<>();
            map.forEach((name, member) -> changed.put(name, changed(member, quotes)));
            return changed;
        } else if (value instanceof List<?> list) {
            List<Object> changed = new ArrayList<>();
            list.forEach(element -> changed.add(changed(element, quotes)));
            return changed;
        }
        return value instanceof Quoted quoted ? quotes ? json(quoted.number()) : quoted.number() : value;
    }
}
