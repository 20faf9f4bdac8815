package io.dataflux.monitor;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dataflux.EventStream;
import io.dataflux.PlannedFault;
import io.dataflux.RunSnapshot.Sample;
import io.dataflux.WatchedRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A sample event for the page: its text, and its fields with their values exactly as they are written, so that no number is rounded on the
 * way.
 */
final class SampleJson {

    private static final JsonFactory JSON = new JsonFactory();
    private static final int MOST_FIELDS = 300;

    private SampleJson() {}

    static void write(WatchedRun run, Sample sample, ObjectNode node) {
        node.put("sink", sample.sink())
                .put("stream", sample.stream())
                .put("region", sample.region())
                .put("sequence", Long.toString(sample.sequence()))
                .put("shard", sample.shard())
                .put("place", Long.toString(sample.place()))
                .put("key", sample.key())
                .put("time", sample.time().toString())
                .put("size", sample.size())
                .put("text", new String(sample.bytes(), StandardCharsets.UTF_8))
                .put("cut", sample.size() > sample.bytes().length);
        List<String> names = run.streams().stream().map(EventStream::name).toList();
        int index = names.indexOf(sample.stream());
        if (index >= 0) {
            EventStream stream = run.stream(index, sample.sequence());
            node.put("faults", faults(stream, sample.sequence()));
            node.put("replay", replay(run, stream, sample.sequence()));
        }
        fields(sample.bytes(), node.putArray("fields"));
    }

    private static String faults(EventStream stream, long sequence) {
        List<PlannedFault> faults = stream.faults(sequence, sequence + 1);
        return faults.stream().map(PlannedFault::text).collect(Collectors.joining("; "));
    }

    /** The line that computes the event again: a command, or Java for a run in code. */
    private static String replay(WatchedRun run, EventStream stream, long sequence) {
        String tag = run.run().tag();
        return run.source().equals("stream '" + stream.name() + "'")
                ? "stream.withTag(\"" + tag + "\").event(" + sequence + "L)"
                : "./dataflux sample " + stream.name() + " --seed " + stream.seed() + " --from " + sequence
                        + " --count 1 --config " + run.source(stream.name(), sequence) + " --tag " + tag;
    }

    /** The fields as far as the bytes are JSON: a broken event has those before the break. */
    private static void fields(byte[] bytes, ArrayNode fields) {
        try (JsonParser parser = JSON.createParser(bytes)) {
            for (JsonToken token = parser.nextToken();
                    token != null && fields.size() < MOST_FIELDS;
                    token = parser.nextToken()) {
                if (token.isScalarValue()) {
                    fields.addArray()
                            .add(path(parser.getParsingContext().pathAsPointer().toString()))
                            .add(parser.getText())
                            .add(token.isNumeric() ? "number" : token == JsonToken.VALUE_STRING ? "text" : "word");
                }
            }
        } catch (IOException e) {
            fields.addArray().add("").add("the rest is not JSON").add("broken");
        }
    }

    /** As paths are written elsewhere: {@code items[0].sku} rather than {@code /items/0/sku}. */
    private static String path(String pointer) {
        StringBuilder path = new StringBuilder();
        for (String part : pointer.split("/", -1)) {
            if (!part.isEmpty() && part.chars().allMatch(Character::isDigit)) {
                path.append('[').append(part).append(']');
            } else if (!part.isEmpty()) {
                path.append(path.length() == 0 ? "" : ".")
                        .append(part.replace("~1", "/").replace("~0", "~"));
            }
        }
        return path.toString();
    }
}
