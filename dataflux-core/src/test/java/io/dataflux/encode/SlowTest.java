package io.dataflux.encode;

import static io.dataflux.model.Fields.counter;
import static io.dataflux.model.Fields.integer;
import static io.dataflux.model.Fields.linear;
import static io.dataflux.model.Fields.list;
import static io.dataflux.model.Fields.pick;
import static io.dataflux.model.Fields.smooth;
import static io.dataflux.model.Fields.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.model.Field;
import io.dataflux.model.Fields;
import io.dataflux.model.RateProfile;
import io.dataflux.model.Spread;
import io.dataflux.model.StreamDefinition;
import io.dataflux.model.StreamDefinition.Arrivals;
import io.dataflux.model.StreamDefinition.Bursts;
import io.dataflux.model.StreamDefinition.Lateness;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Values that belong to an entity and a time. */
class SlowTest {

    private static final boolean THOROUGH = Boolean.getBoolean("dataflux.thorough");

    /** Everything about time at once: a week of days with bursts, jitter and lateness, distributions, and slow values. */
    static final StreamDefinition ALL = StreamDefinition.named("plant")
            .key("machine-{}", 40, "0.8")
            .start(Instant.parse("2025-03-05T17:42:00.25Z"))
            .rate(new RateProfile.Daily(
                    Map.of(240, new BigDecimal("0.2"), 720, new BigDecimal("1.5")),
                    new RateProfile.Weekly(
                            List.of(
                                    BigDecimal.ONE,
                                    BigDecimal.ONE,
                                    BigDecimal.ONE,
                                    BigDecimal.ONE,
                                    BigDecimal.ONE,
                                    new BigDecimal("0.5"),
                                    BigDecimal.ZERO),
                            RateProfile.of("ramp 1/s..20/s over 12h"))))
            .arrivals(
                    new Arrivals(new Bursts(Duration.ofMinutes(10), Duration.ofSeconds(20), new BigDecimal("8")), true))
            .lateness(new Lateness(
                    50_000, Duration.ZERO, Duration.ofMinutes(5), new Spread.Exponential(new BigDecimal("20000"))))
            .identity("id")
            .field("id", Fields.uuid())
            .field("machine", Fields.key())
            .field("at", Fields.time())
            .field("temp", smooth("18.0", "26.9", Duration.ofMinutes(20), "40%", 900))
            .field("load", smooth("0", "100", Duration.ofSeconds(90)))
            .field("wide", smooth("-1000000000000000", "1000000000000000", Duration.ofDays(30)))
            .field("humidity", linear("temp", "-1.25", "95", "4.5", "10.0", "100.0"))
            .field("fan", linear("load", "30", "0", "0", "0", "3000"))
            .field("parts", counter("50/s", Duration.ofDays(1)))
            .field("hours", counter("1/h"))
            .field("upTo", integer(0, "parts"))
            .field("payload", integer(1, 100_000, new Spread.Lognormal(new BigDecimal("700"), new BigDecimal("1.2"))))
            .field("kind", pick("a", 2, "b", 1))
            .field("by", when("kind", "a", smooth("1.00", "2.00", Duration.ofHours(1)), "b", counter("3/s")))
            .field(
                    "cores",
                    list(1, 3, smooth("0.0", "1.0", Duration.ofSeconds(5)).nullable("20%")))
            .build();

    @Test
    void eventsEqualThoseOfTheSecondImplementation() {
        CompiledStream stream = Checked.compiled(ALL, 42);
        Checked.events(stream, 0, LongStream.range(0, THOROUGH ? 5000 : 200).toArray());
        Checked.events(stream, 0, 1 << 20, 1L << 33, 1L << 36);
        Checked.straightLineEqualsInterpreted(stream, 5);
    }

    @Test
    void aStreamWithoutKeysHasOneOfEach() {
        StreamDefinition definition = StreamDefinition.named("s")
                .rate(10, 1)
                .field("load", smooth("0", "1000", Duration.ofHours(10)))
                .field("sent", counter("5/s"))
                .build();
        CompiledStream stream = Checked.compiled(definition, 42);
        Checked.events(stream, 0, LongStream.range(0, 200).toArray());
        for (long n = 1; n < 1000; n++) {
            assertThat((Long) stream.event(n).field("load")
                            - (Long) stream.event(n - 1).field("load"))
                    .isBetween(-1L, 1L);
            assertThat((Long) stream.event(n).field("sent"))
                    .isGreaterThanOrEqualTo((Long) stream.event(n - 1).field("sent"));
        }
    }

    private static CompiledStream stream(String start, Field field) {
        return Checked.compiled(
                StreamDefinition.named("s")
                        .key("k{}", 1)
                        .start(Instant.parse(start))
                        .rate(1, 1)
                        .field("v", field)
                        .build(),
                7);
    }

    private static long value(CompiledStream stream, EventState state, long n) {
        stream.locate(n, state);
        return ((Number) stream.value(state, "v")).longValue();
    }

    /** It goes from anywhere to anywhere in {@code over}, no faster than the curve's steepest part, 3/2 of a straight line. */
    @Test
    void whatIsSmoothMovesSlowlyAndGetsEverywhere() {
        CompiledStream stream = stream("1969-12-31T12:00:00Z", smooth("0", "1000000", Duration.ofMinutes(10)));
        EventState state = new EventState();
        long least = 1_000_000;
        long most = 0;
        long before = value(stream, state, 0);
        long farthest = 0;
        for (long n = 1; n < 200_000; n++) {
            long value = value(stream, state, n);
            assertThat(Math.abs(value - before)).isLessThanOrEqualTo(2502);
            farthest = Math.max(farthest, Math.abs(value - before));
            least = Math.min(least, value);
            most = Math.max(most, value);
            before = value;
        }
        assertThat(least).isBetween(0L, 30_000L);
        assertThat(most).isBetween(970_000L, 1_000_000L);
        assertThat(farthest).isGreaterThan(2000);
    }

    @Test
    void theDayHasItsPeakWhereItWasSaid() {
        CompiledStream stream =
                stream("2025-01-01T00:00:00Z", smooth("0", "1000", Duration.ofMinutes(10), "100%", 15 * 60));
        EventState state = new EventState();
        assertThat(value(stream, state, 15 * 3600)).isBetween(999L, 1000L);
        assertThat(value(stream, state, 3 * 3600)).isZero();
        assertThat(value(stream, state, 21 * 3600)).isBetween(498L, 502L);
        CompiledStream half = stream("2025-01-01T00:00:00Z", smooth("0", "1000", Duration.ofMinutes(10), "50%", 0));
        long noon = 0;
        long midnight = 0;
        for (long day = 0; day < 200; day++) {
            midnight += value(half, state, day * 86_400);
            noon += value(half, state, day * 86_400 + 43_200);
        }
        assertThat((midnight - noon) / 200).isBetween(450L, 550L);
    }

    /** Reduced 30 days, thorough 300 of seconds: it only grows, in a life of one to one and a half periods, at its mean. */
    @Test
    void aCounterOnlyGrowsUntilItBeginsAgain() {
        CompiledStream stream = stream("2025-01-01T00:00:00Z", counter("50/s", Duration.ofHours(6)));
        EventState state = new EventState();
        long resets = 0;
        long before = value(stream, state, 0);
        long lastReset = -1;
        double rate = 0;
        long seconds = 86_400L * (THOROUGH ? 300 : 30);
        for (long n = 1; n < seconds; n++) {
            long value = value(stream, state, n);
            if (value < before) {
                assertThat(value).isLessThan(300);
                if (lastReset >= 0) {
                    assertThat(n - lastReset).isBetween(3 * 3600L, 9 * 3600L + 1);
                    rate = (double) before / (n - lastReset);
                    assertThat(rate).isBetween(24.5, 75.5);
                }
                resets++;
                lastReset = n;
            }
            before = value;
        }
        assertThat(resets).isBetween(seconds / 21_600 - 1, seconds / 21_600 + 1);
        assertThat(rate).isPositive();
    }

    @Test
    void aCounterWithoutResetCountsFromTheStart() {
        CompiledStream stream = stream("2025-01-01T00:00:00Z", counter("6/h"));
        EventState state = new EventState();
        assertThat(value(stream, state, 0)).isZero();
        assertThat(value(stream, state, 3600L * 24 * 1000)).isBetween(6L * 24 * 500, 6L * 24 * 1500);
    }

    @Test
    void whatIsLinearFollowsItsSourceWithinTheNoise() {
        CompiledStream stream = Checked.compiled(ALL, 42);
        for (long n = 0; n < 2000; n++) {
            Map<?, ?> event = Checked.parsed(stream.event(n).bytes());
            double line = 95 - 1.25 * ((BigDecimal) event.get("temp")).doubleValue();
            assertThat(((BigDecimal) event.get("humidity")).doubleValue()).isBetween(line - 4.61, line + 4.51);
            assertThat((Long) event.get("fan")).isEqualTo((Long) event.get("load") * 30);
        }
    }

    /** Another stream of the same seed and keys, at another rate: at the same moment a machine has the same temperature. */
    @Test
    void streamsAgreeOnWhatBelongsToAKeyAndATime() {
        StreamDefinition.Builder one = StreamDefinition.named("one")
                .key("m{}", 1)
                .rate(1, 1)
                .field("temp", smooth("0.00", "99.99", Duration.ofMinutes(1)));
        CompiledStream often = Checked.compiled(one.build(), 5);
        CompiledStream rarely = Checked.compiled(one.name("two").rate(1, 10).build(), 5);
        CompiledStream others = Checked.compiled(one.key("n{}", 1).build(), 5);
        int same = 0;
        for (long n = 0; n < 100; n++) {
            assertThat(rarely.event(n).field("temp"))
                    .isEqualTo(often.event(10 * n).field("temp"));
            same += rarely.event(n).field("temp").equals(others.event(n).field("temp")) ? 1 : 0;
        }
        assertThat(same).isLessThan(5);
    }

    @Test
    void whatCannotBeIsRefused() {
        refuses(smooth("5", "4", Duration.ofMinutes(1)), "the lower bound 5 is above the upper bound 4");
        refuses(smooth("4", "5", Duration.ofMillis(1)), "'over' is 1ms, not from 1s to 366d");
        refuses(smooth("4", "5", Duration.ofMinutes(1), "5%", 1440), "'peak' is not a time of day");
        refuses(smooth("0", "9000000000000000000", Duration.ofMinutes(1)), "9000000000000000000 is too large");
        refuses(counter("0/s"), "0/s is not above 0 and at most 1000000/s; faster counters need a 'reset'");
        refuses(
                counter("10000000/s"),
                "10000000/s is not above 0 and at most 1000000/s; faster counters need a 'reset'");
        refuses(counter("5/s", Duration.ofSeconds(5)), "'reset' is 5s, not from 1m to 366d");
        refuses(counter("1/365d"), "1/31536000s is too slow: a counter counts at least 4 in a million minutes");
        refuses(linear("n", "1", "0", "-1", "0", "9"), "the noise must not be negative");
        refuses(linear("n", "0.1234567", "0", "0", "0", "9"), "'times' can have at most 6 decimals");
        refuses(linear("n", "1000000", "0", "0", "0", "9"), "its numbers are too large");
        refuses(linear("k", "1", "0", "0", "0", "9"), "'k' must be a field with a number that is never null or absent");
    }

    private static void refuses(Field field, String what) {
        StreamDefinition definition = StreamDefinition.named("s")
                .field("n", Fields.sequence(0))
                .field("k", pick("a", 1, "b", 1))
                .field("v", field)
                .build();
        assertThatThrownBy(() -> Checked.compiled(definition, 1)).hasMessageContaining("s.fields.v: " + what);
    }
}
