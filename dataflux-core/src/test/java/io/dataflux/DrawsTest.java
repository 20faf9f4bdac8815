package io.dataflux;

import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.model.Fields;
import io.dataflux.model.StreamDefinition;
import org.junit.jupiter.api.Test;

class DrawsTest {

    private static final int ALL_BITS_OF_A_NUMBER = 53;
    private static final EventStream STREAM = DataFlux.stream(
            StreamDefinition.named("orders")
                    .field("number", Fields.integer(0, (1L << ALL_BITS_OF_A_NUMBER) - 1))
                    .field("part", Fields.object("coin", Fields.bool("50%")))
                    .field("parts", Fields.list(3, 3, Fields.integer(0, 15)))
                    .build(),
            7);

    @Test
    void areWhatFieldsDrawFrom() {
        Draws events = Draws.of("orders", 7);
        Draws number = events.ofField("number");
        Draws coin = events.ofField("part.coin");
        Draws first = events.ofField("parts[]");
        for (long start : new long[] {0, 1L << 40}) {
            for (long n = start; n < start + 1000; n++) {
                Event event = STREAM.event(n);
                assertThat(event.field("number")).isEqualTo(number.word(n) >>> Long.SIZE - ALL_BITS_OF_A_NUMBER);
                assertThat(event.field("part.coin")).isEqualTo((coin.word(n) >>> 1) < (1L << 62));
                assertThat(event.field("parts[0]")).isEqualTo(first.word(n) >>> 60);
            }
        }
    }

    @Test
    void belongToSeedStreamAndPath() {
        Draws words = Draws.of("orders", 7);
        assertThat(words.word(3))
                .isNotEqualTo(words.word(4))
                .isNotEqualTo(Draws.of("orders", 8).word(3))
                .isNotEqualTo(Draws.of("orderz", 7).word(3))
                .isNotEqualTo(words.ofField("a").word(3));
        assertThat(words.ofField("a").ofField("b").word(3))
                .isEqualTo(words.ofField("b").word(3));
    }

    @Test
    void areWrittenLittleEndian() {
        Draws words = Draws.of("orders", 7);
        byte[] bytes = new byte[20];
        assertThat(words.write(5, 1L << 33, bytes)).isEqualTo(2);
        for (int i = 0; i < 16; i++) {
            assertThat(bytes[i]).isEqualTo((byte) (words.word(5 + (i / 8) * (1L << 33)) >>> 8 * (i % 8)));
        }
        assertThat(bytes).endsWith(0, 0, 0, 0);
    }
}
