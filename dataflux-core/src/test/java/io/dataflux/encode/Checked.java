package io.dataflux.encode;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.dataflux.Event;
import io.dataflux.model.StreamDefinition;
import io.dataflux.problem.Problems;
import io.dataflux.reference.ReferenceEncoder;
import io.dataflux.reference.ReferenceText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A definition compiled, and its events held against the second implementation. */
final class Checked {

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, DeserializationFeature.USE_LONG_FOR_INTS)
            .build();

    /** What the space around an event is filled with; no event has it. */
    private static final byte FENCE = (byte) 0xFE;

    private Checked() {}

    static CompiledStream compiled(StreamDefinition definition, long seed) {
        Problems problems = new Problems();
        CompiledStream stream = CompiledStream.compile(definition, seed, definition.name(), problems);
        problems.throwIfAny(definition.name());
        return stream;
    }

    /** Bytes, tree and values of the given events equal the reference's. */
    static void events(CompiledStream stream, int tag, long... sequences) {
        StreamDefinition definition = stream.definition();
        long seed = stream.seed();
        ReferenceEncoder reference = new ReferenceEncoder(definition, seed, tag, stream.fingerprint());
        EventState state = new EventState();
        for (long n : sequences) {
            Map<String, Object> values = reference.values(n);
            byte[] bytes = encoded(stream, state, n);
            String text = new String(bytes, StandardCharsets.UTF_8);
            assertThat(text).as("event %d of seed %d", n, seed).isEqualTo(ReferenceText.json(values));
            assertThat(bytes).isEqualTo(text.getBytes(StandardCharsets.UTF_8));
            assertThat(parsed(bytes)).isEqualTo(ReferenceText.parsed(values));
            Event event = stream.event(n);
            assertThat(event.bytes()).isEqualTo(bytes);
            assertThat(event.entity()).isEqualTo(reference.entity(n));
            assertThat(event.occurrence()).isEqualTo(reference.occurrence(n));
            assertThat(event.key()).isEqualTo(reference.key(n));
            definition.fields().keySet().stream()
                    .filter(name -> name.indexOf('.') < 0 && name.indexOf('[') < 0)
                    .forEach(name -> assertThat(event.field(name))
                            .as("value of %s", name)
                            .isEqualTo(ReferenceText.plain(values.get(name))));
        }
    }

    /** The event between fences: it stays below the largest size, and what is touched around it is what it may touch. */
    static byte[] encoded(CompiledStream stream, EventState state, long n) {
        int before = 3;
        byte[] b = new byte[before + stream.maxEventBytes() + CompiledStream.SLACK + 8];
        Arrays.fill(b, FENCE);
        stream.locate(n, state);
        int end = stream.encode(state, b, before);
        assertThat(end - before).as("size of event %d", n).isLessThanOrEqualTo(stream.maxEventBytes());
        for (int i = 0; i < b.length; i++) {
            if (b[i] != FENCE && (i < before || i >= end + CompiledStream.SLACK)) {
                throw new AssertionError(
                        "byte " + i + " was touched by event " + n + " at [" + before + ", " + end + ")");
            }
        }
        return Arrays.copyOfRange(b, before, end);
    }

    /** The straight-line code of each object in the plan writes what a loop over the same members writes. */
    static void straightLineEqualsInterpreted(CompiledStream stream, long n) {
        EventState state = new EventState();
        stream.locate(n, state);
        straightLineEqualsInterpreted(stream.plan(), state);
    }

    private static void straightLineEqualsInterpreted(StructureNodes.Obj object, EventState state) {
        List<Op> members = new ArrayList<>();
        object.members().forEach((name, node) -> {
            members.add(new StructureNodes.OptionalMember(StructureNodes.Member.of(name, node)));
            if (node instanceof StructureNodes.Obj inner) {
                straightLineEqualsInterpreted(inner, state);
            }
        });
        assertThat(written(Fused.interpreted(members), state, object.maxBytes()))
                .isEqualTo(written(object.body(), state, object.maxBytes()))
                .isEqualTo(written(Fused.of(members), state, object.maxBytes()));
    }

    private static byte[] written(Op op, EventState state, int most) {
        byte[] b = new byte[most + CompiledStream.SLACK];
        return Arrays.copyOf(b, op.write(state, b, 0));
    }

    static Map<?, ?> parsed(byte[] json) {
        try {
            return MAPPER.readValue(json, Map.class);
        } catch (IOException e) {
            throw new AssertionError(new String(json, StandardCharsets.UTF_8), e);
        }
    }
}
