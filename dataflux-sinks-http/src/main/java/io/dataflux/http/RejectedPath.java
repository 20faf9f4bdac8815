package io.dataflux.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Where a JSON answer lists the indices of the events that it rejects, counted from 0 within the request: names separated by
 * dots, {@code []} after one that holds a list, such as {@code errors[].index} or {@code rejected[]}.
 */
final class RejectedPath {

    private static final Pattern PATH = Pattern.compile("[A-Za-z0-9_-]+(\\[])?(\\.[A-Za-z0-9_-]+(\\[])?)*");
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** An answer that cannot be understood. */
    static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1L;

        Unreadable(String message) {
            super(message);
        }
    }

    private final String text;
    private final List<String> steps = new ArrayList<>();

    RejectedPath(String text) {
        this.text = text;
        steps.addAll(List.of(text.split("\\.", -1)));
    }

    static boolean isPath(String text) {
        return PATH.matcher(text).matches() && text.contains("[]");
    }

    /** The rejected indices; none if the answer is empty or does not have the path. */
    BitSet read(byte[] answer, int events) throws Unreadable {
        BitSet rejected = new BitSet();
        if (answer.length == 0) {
            return rejected;
        }
        try {
            collect(JSON.readTree(answer), 0, events, rejected);
        } catch (JsonProcessingException e) {
            throw new Unreadable("its answer is not JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new IllegalStateException(e); // an array can be read
        }
        return rejected;
    }

    private void collect(JsonNode node, int step, int events, BitSet into) throws Unreadable {
        if (step == steps.size()) {
            index(node, events, into);
            return;
        }
        String name = steps.get(step);
        boolean list = name.endsWith("[]");
        JsonNode child = node.get(list ? name.substring(0, name.length() - 2) : name);
        if (child == null || child.isNull()) {
            if (step > 0 && steps.get(step - 1).endsWith("[]")) {
                throw new Unreadable("an entry has no " + name + " (rejected: " + text + ")");
            }
            return;
        }
        if (!list) {
            collect(child, step + 1, events, into);
            return;
        }
        if (!child.isArray()) {
            throw new Unreadable(name + " is not a list (rejected: " + text + ")");
        }
        for (JsonNode each : child) {
            collect(each, step + 1, events, into);
        }
    }

    private void index(JsonNode node, int events, BitSet into) throws Unreadable {
        if (!node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < 0 || node.intValue() >= events) {
            throw new Unreadable(
                    "it rejects event " + node + " of a request with " + events + " (rejected: " + text + ")");
        }
        into.set(node.intValue());
    }

    @Override
    public String toString() {
        return text;
    }
}
