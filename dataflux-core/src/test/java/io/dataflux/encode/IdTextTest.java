package io.dataflux.encode;

import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.DataFlux;
import io.dataflux.model.Fields;
import io.dataflux.model.StreamDefinition;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** An id is read from bytes as it is read from text, if it has the form of the stream; otherwise it is left to the text. */
class IdTextTest {

    private static final int TAG = 0x5f3a90c1;

    private static CompiledStream stream(String pattern) {
        return (CompiledStream) DataFlux.stream(
                        StreamDefinition.named("ids")
                                .identity("id")
                                .field("id", Fields.id(pattern))
                                .build(),
                        42)
                .withTag(TAG);
    }

    private static long inBytes(CompiledStream stream, String json) {
        byte[] bytes = ("{\"id\":" + json + ",").getBytes(StandardCharsets.UTF_8);
        return stream.sequenceOf(bytes, 6, bytes.length - 1);
    }

    @Test
    void everyIdOfTheStreamIsRead() {
        SplittableRandom random = new SplittableRandom(7);
        for (String pattern : List.of("{}", "evt_{}", "{}.x", "a{}b", "für_{}", "\"{}")) {
            CompiledStream stream = stream(pattern);
            for (int i = 0; i < 200; i++) {
                long n = random.nextLong(stream.end()) >> random.nextInt(60);
                String id = stream.event(n).field("id").toString();

                assertThat(inBytes(stream, '"' + id + '"')).as(id).isEqualTo(n);
            }
        }
    }

    /** Whatever is changed, cut or added: it is not read, or read as the text would be. */
    @Test
    void nothingElseIsTakenForAnId() {
        CompiledStream stream = stream("evt_{}");
        SplittableRandom random = new SplittableRandom(8);
        int left = 0;
        for (int i = 0; i < 20; i++) {
            String id = stream.event(random.nextLong(1L << 40)).field("id").toString();
            for (int at = 0; at < id.length(); at++) {
                for (String other : List.of("", "0", "f", "F", "g", "-", "00", "\u00e9", "/", ":", "`")) {
                    String changed = id.substring(0, at) + other + id.substring(at + 1);
                    long read = inBytes(stream, '"' + changed + '"');
                    OptionalLong text = stream.sequenceOf(changed);
                    left += read < 0 ? 1 : 0;
                    if (read >= 0) {
                        assertThat(text).as(changed).hasValue(read);
                    } else if (changed.equals(id)) {
                        assertThat(read).as(changed).isNotNegative();
                    }
                }
            }
            for (String form : List.of(id, '"' + id, id + '"', "\"x" + id + '"', "\"\"", "", "null", "17")) {
                assertThat(inBytes(stream, form)).as(form).isNegative();
            }
        }
        assertThat(left).isGreaterThan(5000);
    }

    @Test
    void idsOfOtherStreamsAndRunsAreNotRead() {
        CompiledStream stream = stream("evt_{}");
        for (long n = 0; n < 1000; n++) {
            String id = '"' + stream.withTag(TAG + 1).event(n).field("id").toString() + '"';

            assertThat(inBytes(stream, id)).isNegative();
            assertThat(inBytes(stream("{}"), id)).isNegative();
        }
    }

    @Test
    void identitiesOfOtherKindsAreLeftToTheText() {
        for (StreamDefinition definition : List.of(
                StreamDefinition.named("longs")
                        .identity("id")
                        .field("id", Fields.longId())
                        .build(),
                StreamDefinition.named("counted")
                        .identity("id")
                        .field("id", Fields.sequence(5))
                        .build())) {
            CompiledStream stream = (CompiledStream) DataFlux.stream(definition, 1);
            String id = stream.event(17).field("id").toString();

            assertThat(inBytes(stream, id)).isNegative();
            assertThat(inBytes(stream, '"' + id + '"')).isNegative();
            assertThat(stream.sequenceOf(id)).hasValue(17);
        }
    }
}
