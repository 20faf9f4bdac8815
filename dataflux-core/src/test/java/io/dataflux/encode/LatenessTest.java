package io.dataflux.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.model.Fields;
import io.dataflux.model.Key;
import io.dataflux.model.Spread;
import io.dataflux.model.StreamDefinition;
import io.dataflux.model.StreamDefinition.Lateness;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What happened before it is due: how often, how long, and that nothing else changes. */
class LatenessTest {

    private static final int EVENTS = Boolean.getBoolean("dataflux.thorough") ? 1 << 22 : 1 << 16;
    private static final double ALPHA = 1e-6;

    private static StreamDefinition.Builder base(@Nullable Lateness lateness) {
        return StreamDefinition.named("s")
                .key(new Key("k{}", 5, new BigDecimal("1"), 4, 1))
                .identity("who", "at")
                .start(Instant.parse("2025-01-01T00:00:00.999999999Z"))
                .rate(100, 1)
                .lateness(lateness)
                .field("who", Fields.key())
                .field("at", Fields.time())
                .field("n", Fields.integer(0, 1000));
    }

    private static Lateness late(int ppm, long fromMillis, long toMillis, @Nullable Spread spread) {
        return new Lateness(ppm, Duration.ofMillis(fromMillis), Duration.ofMillis(toMillis), spread);
    }

    private static long[] counted(CompiledStream stream, long from, long cell, int cells) {
        EventState state = new EventState();
        long[] counts = new long[cells + 1];
        for (long n = 0; n < EVENTS; n++) {
            stream.locate(n, state);
            long millis = Duration.between(Instant.ofEpochSecond(state.epochSecond, state.nano), stream.timeOf(n))
                    .toMillis();
            counts[millis == 0 ? cells : (int) ((millis - from) / cell)]++;
        }
        return counts;
    }

    @Test
    void eventsEqualThoseOfTheSecondImplementation() {
        long[] row = LongStream.range(0, 300).toArray();
        Checked.events(Checked.compiled(base(late(300_000, 0, 5000, null)).build(), 1), 0, row);
        Spread exponential = new Spread.Exponential(new BigDecimal("900"));
        Checked.events(
                Checked.compiled(base(late(300_000, 1, 86_400_000, exponential)).build(), 1), 0, row);
    }

    @Test
    void aShareOfEventsIsLateAndAsMuchAsWasSaid() {
        CompiledStream stream =
                Checked.compiled(base(late(250_000, 1000, 2023, null)).build(), 42);
        Chance chance = new Chance();
        chance.counts("uniform", counted(stream, 1000, 256, 4), 1 / 16., 1 / 16., 1 / 16., 1 / 16., 3 / 4.);
        assertThat(chance.rejected(ALPHA)).isEmpty();
        chance.counts("5 % more", counted(stream, 1000, 256, 4), 1.05 / 16, 1.05 / 16, 1.05 / 16, 1.05 / 16, 2.95 / 4);
        assertThat(chance.rejected(ALPHA)).hasSize(1);
    }

    @Test
    void scheduleAndValuesStayAsTheyAre() {
        CompiledStream plain = Checked.compiled(base(null).build(), 42);
        CompiledStream late =
                Checked.compiled(base(late(500_000, 8000, 300_000, null)).build(), 42);
        int moved = 0;
        for (long n = 0; n < 1000; n++) {
            assertThat(late.timeOf(n)).isEqualTo(plain.timeOf(n));
            assertThat(late.event(n).field("n")).isEqualTo(plain.event(n).field("n"));
            assertThat(late.event(n).key()).isEqualTo(plain.event(n).key());
            Duration lateness = Duration.between(late.event(n).time(), late.timeOf(n));
            assertThat(lateness.isZero() || lateness.toMillis() >= 8000 && lateness.toMillis() <= 300_000)
                    .isTrue();
            moved += lateness.isZero() ? 0 : 1;
        }
        assertThat(moved).isBetween(400, 600);
    }

    /** Key and time identify a reading, also where it comes late; those that share both are one. */
    @Test
    void keyAndTimeStillLeadBackToTheEvent() {
        CompiledStream stream =
                Checked.compiled(base(late(500_000, 10, 20_000, null)).build(), 42);
        int found = 0;
        for (long n = 3000; n < 3300; n++) {
            long back = stream.sequenceOf(stream.event(n).identity().toArray()).orElseThrow();
            assertThat(stream.event(back).identity()).isEqualTo(stream.event(n).identity());
            found += back == n ? 1 : 0;
        }
        assertThat(found).isGreaterThan(290);
        assertThat(stream.sequenceOf("k0", "2025-01-01T00:00:00.001Z")).isEmpty();
    }

    @Test
    void whatCannotBeIsRefused() {
        refuses(base(late(1, 5, 4, null)), "s.lateness: from 5ms to 4ms is not a lateness");
        refuses(base(late(1_000_001, 5, 6, null)), "s.lateness: from ");
        refuses(base(late(1, 5, 400L * 86_400_000 * 10, null)), "s.lateness: from ");
        refuses(
                base(late(1, 0, 4, new Spread.Lognormal(null, null))),
                "s.lateness.spread: the values of a lognormal spread must be above 0");
        refuses(
                base(late(1, 0, 86_400_000, null)).start(Instant.parse("0001-01-01T00:00:00Z")),
                "s.lateness: reaches back before the year 1");
    }

    private static void refuses(StreamDefinition.Builder definition, String what) {
        assertThatThrownBy(() -> Checked.compiled(definition.build(), 1)).hasMessageContaining(what);
    }

    @Test
    void everyPartIsInTheFingerprint() {
        Spread exponential = new Spread.Exponential(null);
        assertThat(java.util.stream.Stream.of(
                                base(null),
                                base(late(1, 0, 5, null)),
                                base(late(2, 0, 5, null)),
                                base(late(1, 1, 5, null)),
                                base(late(1, 0, 6, null)),
                                base(late(1, 0, 5, exponential)))
                        .map(d -> Canonical.fingerprint(d.build(), 1, 0)))
                .doesNotHaveDuplicates();
    }
}
