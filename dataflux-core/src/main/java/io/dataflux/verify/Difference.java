package io.dataflux.verify;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The first difference between an event and what arrived instead. Fields are compared in the event's order and numbers by
 * value; where all values agree, the bytes still differ.
 *
 * @param where the path of the field, or what else differs: {@code key}, {@code header}, {@code bytes}, {@code form}
 * @param text for people, such as {@code total expected 1999 but was 1990}
 */
public record Difference(String where, String text) {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    /** Compares the bytes {@code expected[0, length)} with what arrived; they must differ. */
    static Difference between(byte[] expected, int length, byte @Nullable [] actual) {
        if (actual == null) {
            return new Difference("form", "there is a record without a value");
        }
        JsonNode is;
        try {
            is = MAPPER.readTree(actual);
        } catch (IOException e) {
            return notJson(expected, length, actual);
        }
        if (is.isMissingNode()) {
            return notJson(expected, length, actual);
        }
        try {
            Difference first = first(MAPPER.readTree(expected, 0, length), is, "");
            return first != null ? first : otherBytes(expected, length, actual);
        } catch (IOException e) {
            throw new IllegalStateException("the stream's own event is not JSON", e);
        }
    }

    /**
     * Compares an event that was sent broken with what arrived; they must differ.
     *
     * @param whole the event before it was broken
     */
    static Difference fromBroken(byte[] expected, int length, byte @Nullable [] actual, byte[] whole) {
        if (actual == null) {
            return new Difference("form", "there is a record without a value");
        }
        return Arrays.equals(actual, whole)
                ? new Difference("form", "was sent broken, but is intact")
                : new Difference(
                        "bytes",
                        "was sent broken, but has other bytes from byte " + sameBytes(expected, length, actual)
                                + " on");
    }

    /** Compares what may be text, JSON or neither; the bytes must differ. */
    static Difference ofBytes(byte[] expected, byte[] actual, String where) {
        JsonNode json = where.isEmpty() ? json(expected) : null;
        if (json != null && json.isContainerNode()) {
            return between(expected, expected.length, actual);
        }
        String should = Excerpt.textOf(expected);
        String is = Excerpt.textOf(actual);
        Excerpt shown = should != null && is != null && !should.equals(is)
                ? Excerpt.ofTexts(should, is)
                : Excerpt.ofBytes(expected, actual);
        return new Difference(name(where), shown.sentence(name(where)));
    }

    /** A text read as JSON; null if it is not JSON. */
    static @Nullable JsonNode json(byte[] text) {
        try {
            return MAPPER.readTree(text);
        } catch (IOException e) {
            return null;
        }
    }

    private static @Nullable Difference first(JsonNode expected, JsonNode actual, String path) {
        if (expected.isObject() && actual.isObject()) {
            return firstField(expected, actual, path);
        }
        if (expected.isArray() && actual.isArray()) {
            for (int i = 0; i < Math.min(expected.size(), actual.size()); i++) {
                Difference found = first(expected.get(i), actual.get(i), path + "[" + i + "]");
                if (found != null) {
                    return found;
                }
            }
            return expected.size() == actual.size()
                    ? null
                    : new Difference(
                            name(path),
                            name(path) + " expected " + elements(expected.size()) + " but had "
                                    + elements(actual.size()));
        }
        boolean same = expected.isNumber() && actual.isNumber()
                ? expected.decimalValue().compareTo(actual.decimalValue()) == 0
                : expected.equals(actual);
        Excerpt shown = expected.isTextual() && actual.isTextual()
                ? Excerpt.ofTexts(expected.textValue(), actual.textValue())
                : Excerpt.of(expected.toString(), actual.toString());
        return same ? null : new Difference(name(path), shown.sentence(name(path)));
    }

    private static @Nullable Difference firstField(JsonNode expected, JsonNode actual, String path) {
        for (Map.Entry<String, JsonNode> field : expected.properties()) {
            String below = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
            JsonNode is = actual.get(field.getKey());
            if (is == null) {
                return new Difference(below, below + " expected " + text(field.getValue()) + " but is missing");
            }
            Difference found = first(field.getValue(), is, below);
            if (found != null) {
                return found;
            }
        }
        for (Map.Entry<String, JsonNode> field : actual.properties()) {
            if (!expected.has(field.getKey())) {
                String below = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
                return new Difference(below, below + " was not expected but is " + text(field.getValue()));
            }
        }
        return null;
    }

    private static Difference notJson(byte[] expected, int length, byte[] actual) {
        int same = sameBytes(expected, length, actual);
        boolean cut = same == actual.length;
        return new Difference(
                "form",
                cut
                        ? "cut off after " + actual.length + " of " + length + " bytes"
                        : "not readable as JSON, other bytes from byte " + same + " on");
    }

    private static Difference otherBytes(byte[] expected, int length, byte[] actual) {
        return new Difference(
                "bytes", "same values, other bytes from byte " + sameBytes(expected, length, actual) + " on");
    }

    private static int sameBytes(byte[] expected, int length, byte[] actual) {
        int at = 0;
        while (at < length && at < actual.length && expected[at] == actual[at]) {
            at++;
        }
        return at;
    }

    static String elements(int count) {
        return count == 1 ? "1 element" : count + " elements";
    }

    private static String name(String path) {
        return path.isEmpty() ? "the value" : path;
    }

    private static String text(JsonNode node) {
        return Excerpt.start(node.toString());
    }
}
