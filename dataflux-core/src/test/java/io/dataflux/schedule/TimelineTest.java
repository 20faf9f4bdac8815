package io.dataflux.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TimelineTest {
    private static final boolean THOROUGH = Boolean.getBoolean("dataflux.thorough");
    private static final long LAST = 1L << 62;
    private static final int SECOND = 1_000_000_000;

    /** Reduced 1,000, thorough 50,000 random rates of all sizes, 40 random sequences of all sizes each. */
    @Test
    void constantRatesEqualExactArithmeticUpToTheLastSequence() {
        int compared = 0;
        for (int i = 0; i < (THOROUGH ? 50_000 : 1_000); i++) {
            long key = Mix.sub(1, i);
            long events = sized(Mix.sub(key, 0), 62);
            long seconds = sized(Mix.sub(key, 1), 32);
            Timeline line = Timeline.constant(events, seconds);
            for (int j = 0; j < 40; j++) {
                long n = j == 0 ? LAST : sized(Mix.sub(key, 2 + j), 62);
                BigInteger time = exactTime(n, events, seconds);
                if (time.bitLength() <= 90) {
                    assertThat(nanosOf(line, n))
                            .as("%d/%d %d", events, seconds, n)
                            .isEqualTo(time);
                    assertInequalities(line, n);
                    compared++;
                } else {
                    assertThat(line.seconds(n)).isGreaterThan(1L << 60);
                }
            }
        }
        assertThat(compared).isGreaterThan(20_000);
    }

    /** The same comparison for the number of events before a time. */
    @Test
    void sequenceAtEqualsExactArithmeticAndSaturates() {
        for (int i = 0; i < (THOROUGH ? 50_000 : 1_000); i++) {
            long key = Mix.sub(2, i);
            long events = sized(Mix.sub(key, 0), 62);
            long seconds = sized(Mix.sub(key, 1), 32);
            Timeline line = Timeline.constant(events, seconds);
            for (int j = 0; j < 40; j++) {
                long second = sized(Mix.sub(key, 10 + j), 62) - 1;
                int nano = (int) Mix.bound(Mix.sub(key, 100 + j), SECOND);
                BigInteger before = big(second).multiply(big(SECOND)).add(big(nano - 1L));
                BigInteger count = before.signum() < 0
                        ? BigInteger.ZERO
                        : before.multiply(big(events))
                                .divide(big(seconds).multiply(big(SECOND)))
                                .add(BigInteger.ONE);
                assertThat(line.sequenceAt(second, nano))
                        .as("%d/%d %d.%09d", events, seconds, second, nano)
                        .isEqualTo(count.min(big(LAST)).longValueExact());
            }
        }
    }

    @Test
    void eventZeroIsDueAtTheOriginAndNothingBefore() {
        Timeline line = Timeline.constant(5000, 1);
        assertThat(line.seconds(0)).isZero();
        assertThat(line.nanos(0)).isZero();
        assertThat(line.sequenceAt(0, 0)).isZero();
        assertThat(line.sequenceAt(-1, 999_999_999)).isZero();
        assertThat(line.sequenceAt(0, 1)).isEqualTo(1);
        assertThat(line.sequenceAt(1, 0)).isEqualTo(5000);
        assertThat(line.sequenceAt(1, 1)).isEqualTo(5001);
        assertThat(line.nanos(1)).isEqualTo(200_000);
        assertThat(line.seconds(5001)).isEqualTo(1);
        assertThat(line.sequenceAt(Long.MAX_VALUE, 0)).isEqualTo(LAST);
    }

    @Test
    void rateIsTheReducedFraction() {
        Timeline line = Timeline.constant(10, 4);
        Timeline reduced = Timeline.constant(5, 2);
        for (long n = 0; n < 100; n++) {
            assertThat(line.nanos(n)).isEqualTo(reduced.nanos(n));
        }
        assertThat(Timeline.constant(LAST, LAST).seconds(LAST)).isEqualTo(LAST);
    }

    @ParameterizedTest
    @CsvSource({
        "5000, 1",
        "1, 1",
        "1, 3",
        "3, 1",
        "999999999, 1",
        "1000000001, 1",
        "7777777777, 13",
        "123457, 60",
        "11, 10"
    })
    void cursorEqualsDirectAccessForConstantRates(long events, long seconds) {
        Timeline line = Timeline.constant(events, seconds);
        for (long from : new long[] {0, 1, events - 1, 1L << 40, LAST / 64}) {
            walk(line, from, 20_000);
        }
    }

    /** Reduced 300, thorough 20,000 random curves: each nanosecond and event around random places. */
    @Test
    void curvesEqualTheirDefinition() {
        for (int i = 0; i < (THOROUGH ? 20_000 : 300); i++) {
            RandomCurve curve = new RandomCurve(Mix.sub(3, i));
            Timeline line = Timeline.knots(curve.nanos, curve.amounts, curve.loop, curve.unit);
            for (int j = 0; j < 50; j++) {
                long n = j < 10 ? j : sized(Mix.sub(Mix.sub(4, i), j), 62);
                BigInteger time = nanosOf(line, n);
                if (line.seconds(n) == Long.MAX_VALUE) {
                    continue;
                }
                BigInteger level = big(n).multiply(big(curve.unit));
                assertThat(curve.value(time)).as("%s %d", curve, n).isGreaterThanOrEqualTo(level);
                if (time.signum() > 0) {
                    assertThat(curve.value(time.subtract(BigInteger.ONE))).isLessThan(level);
                }
                assertInequalities(line, n);
            }
            walk(line, 0, 300);
            walk(line, sized(Mix.sub(5, i), 61), 300);
        }
    }

    /** Every nanosecond of small curves against the literal definition. */
    @Test
    void sequenceAtCountsTheEventsThatAreDueBefore() {
        for (int i = 0; i < 200; i++) {
            RandomCurve curve = new RandomCurve(Mix.sub(6, i));
            Timeline line = Timeline.knots(curve.nanos, curve.amounts, curve.loop, curve.unit);
            for (int j = 0; j < 100; j++) {
                long second = j == 0 ? 0 : sized(Mix.sub(Mix.sub(7, i), j), 40);
                int nano = j < 50 ? j : (int) Mix.bound(Mix.sub(Mix.sub(8, i), j), SECOND);
                BigInteger x = big(second).multiply(big(SECOND)).add(big(nano));
                BigInteger expected = x.signum() == 0
                        ? BigInteger.ZERO
                        : curve.value(x.subtract(BigInteger.ONE))
                                .divide(big(curve.unit))
                                .add(BigInteger.ONE);
                assertThat(line.sequenceAt(second, nano))
                        .as("%s at %s", curve, x)
                        .isEqualTo(expected.min(big(LAST)).longValueExact());
            }
        }
    }

    @Test
    void cursorGoesOnAndBack() {
        Timeline line = Timeline.constant(5000, 1);
        Timeline.Cursor cursor = line.cursor(7);
        cursor.skipTo(123_456_789);
        cursor.next();
        assertAt(line, cursor, 123_456_790);
        cursor.skipTo(3);
        cursor.next();
        assertAt(line, cursor, 4);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE})
    void ratesThatAreNotPositiveAreRefused(long value) {
        assertThatThrownBy(() -> Timeline.constant(value, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Timeline.constant(1, value)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void curvesWithoutEventsInTheirLoopAreRefused() {
        long[] nanos = {0, SECOND, 2L * SECOND};
        assertThatThrownBy(() -> Timeline.knots(nanos, new long[] {0, 5, 5}, 1, 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Timeline.knots(nanos, new long[] {0, 5, 4}, 0, 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Timeline.knots(new long[] {0, 5, 7}, new long[] {0, 5, 7}, 0, 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(Timeline.knots(nanos, new long[] {0, 5, 6}, 1, 1).seconds(6)).isEqualTo(2);
    }

    private static void walk(Timeline line, long from, int events) {
        Timeline.Cursor cursor = line.cursor(from);
        for (long n = from; n < from + events; n++) {
            if (cursor.sequence() != n || cursor.seconds() != line.seconds(n) || cursor.nanos() != line.nanos(n)) {
                assertAt(line, cursor, n);
            }
            cursor.next();
        }
    }

    private static void assertAt(Timeline line, Timeline.Cursor cursor, long n) {
        assertThat(cursor.sequence()).isEqualTo(n);
        assertThat(cursor.seconds()).as("seconds of %d", n).isEqualTo(line.seconds(n));
        if (line.seconds(n) != Long.MAX_VALUE) {
            assertThat(cursor.nanos()).as("nanos of %d", n).isEqualTo(line.nanos(n));
        }
    }

    /** The four inequalities of the round trip at event n and its time. */
    private static void assertInequalities(Timeline line, long n) {
        long seconds = line.seconds(n);
        int nanos = line.nanos(n);
        long before = line.sequenceAt(seconds, nanos);
        long upTo = nanos == SECOND - 1 ? line.sequenceAt(seconds + 1, 0) : line.sequenceAt(seconds, nanos + 1);
        assertThat(before).isLessThanOrEqualTo(n);
        assertThat(upTo).isGreaterThan(n == LAST ? n - 1 : n);
        BigInteger time = nanosOf(line, n);
        if (before > 0) {
            assertThat(nanosOf(line, before - 1)).isLessThan(time);
        }
        assertThat(nanosOf(line, before)).isGreaterThanOrEqualTo(time);
    }

    private static BigInteger exactTime(long n, long events, long seconds) {
        return big(n).multiply(big(seconds))
                .multiply(big(SECOND))
                .add(big(events - 1))
                .divide(big(events));
    }

    private static BigInteger nanosOf(Timeline line, long n) {
        return big(line.seconds(n)).multiply(big(SECOND)).add(big(line.nanos(n)));
    }

    private static BigInteger big(long value) {
        return BigInteger.valueOf(value);
    }

    /** A positive number whose size in bits is uniform in 1..maxBits. */
    private static long sized(long word, int maxBits) {
        int bits = (int) Mix.bound(Mix.mix(word), maxBits);
        return (1L << bits) | (word & ((1L << bits) - 1));
    }

    /** A random curve of up to 7 knots, flat parts included, evaluated by its definition in exact arithmetic. */
    private static final class RandomCurve {
        final long unit;
        final int loop;
        final long[] nanos;
        final long[] amounts;

        RandomCurve(long key) {
            int segments = 1 + (int) Mix.bound(Mix.sub(key, 0), 6);
            unit = Mix.bound(Mix.sub(key, 1), 2) == 0 ? 1 : 1_000_000;
            loop = (int) Mix.bound(Mix.sub(key, 2), segments);
            nanos = new long[segments + 1];
            amounts = new long[segments + 1];
            for (int i = 1; i <= segments; i++) {
                nanos[i] = nanos[i - 1] + sized(Mix.sub(key, 100 + i), 35);
                long amount = Mix.bound(Mix.sub(key, 200 + i), 4) == 0 ? 0 : sized(Mix.sub(key, 300 + i), 40);
                amounts[i] = amounts[i - 1] + amount;
            }
            long period = nanos[segments] - nanos[loop];
            nanos[segments] += SECOND - period % SECOND;
            amounts[segments] += Math.max(0, unit - (amounts[segments] - amounts[loop]));
        }

        BigInteger value(BigInteger x) {
            int last = nanos.length - 1;
            BigInteger repetitions = BigInteger.ZERO;
            BigInteger offset = x;
            if (x.compareTo(big(nanos[loop])) >= 0) {
                BigInteger[] parts = x.subtract(big(nanos[loop])).divideAndRemainder(big(nanos[last] - nanos[loop]));
                repetitions = parts[0];
                offset = parts[1].add(big(nanos[loop]));
            }
            int i = 0;
            while (offset.compareTo(big(nanos[i + 1])) >= 0) {
                i++;
            }
            BigInteger inside = offset.subtract(big(nanos[i]))
                    .multiply(big(amounts[i + 1] - amounts[i]))
                    .divide(big(nanos[i + 1] - nanos[i]));
            return repetitions
                    .multiply(big(amounts[last] - amounts[loop]))
                    .add(big(amounts[i]))
                    .add(inside);
        }

        @Override
        public String toString() {
            return java.util.Arrays.toString(nanos) + java.util.Arrays.toString(amounts) + " loop " + loop + " unit "
                    + unit;
        }
    }
}
