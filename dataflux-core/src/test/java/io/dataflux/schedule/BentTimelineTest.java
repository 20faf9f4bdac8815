package io.dataflux.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Curves with bursts and jitter on top: by counting, and by the four inequalities. */
final class BentTimelineTest {
    private static final boolean THOROUGH = Boolean.getBoolean("dataflux.thorough");
    private static final long SECOND = 1_000_000_000L;
    private static final int WINDOW = 3000;

    /** Curve, bursts and jitter in all combinations. */
    private record Bent(Timeline line, String name) {}

    private static Bent random(long key) {
        int parts = 1 + (int) Mix.bound(Mix.sub(key, 0), 5);
        long[] nanos = new long[parts + 1];
        List<Fraction> rates = new ArrayList<>();
        for (int i = 0; i < parts; i++) {
            long length =
                    Mix.bound(Mix.sub(key, 10 + i), 2) == 0 ? 1 + Mix.bound(Mix.sub(key, 20 + i), 900) : SECOND / 3;
            nanos[i + 1] = nanos[i] + length;
            boolean flat = i > 0 && Mix.bound(Mix.sub(key, 30 + i), 4) == 0;
            rates.add(flat ? Fraction.ZERO : Fraction.of(1 + Mix.bound(Mix.sub(key, 40 + i), 3 * SECOND), 1 + i));
        }
        int loop = (int) Mix.bound(Mix.sub(key, 1), parts);
        long period = nanos[parts] - nanos[loop];
        nanos[parts] += (SECOND - period % SECOND) % SECOND;
        rates.set(loop, Fraction.of(1 + Mix.bound(Mix.sub(key, 2), SECOND), 1));
        if (events(nanos, rates, loop) < 1) { // what repeats needs one
            rates.set(loop, Fraction.of(SECOND, 1));
        }
        Timeline line = Cells.of(nanos, rates, loop).timeline();
        long kind = Mix.bound(Mix.sub(key, 3), 4);
        if (kind != 0) {
            long every = 1 + Mix.bound(Mix.sub(key, 4), 5);
            BigDecimal speed = BigDecimal.valueOf(11 + Mix.bound(Mix.sub(key, 5), 200), 1);
            long most = every * SECOND * 10 / speed.unscaledValue().longValue();
            line = line.bursts(Mix.sub(key, 6), every, 1 + Mix.bound(Mix.sub(key, 7), most - 1), Fraction.of(speed));
        }
        return new Bent(kind == 1 ? line : line.jittered(Mix.sub(key, 8)), "curve " + key);
    }

    private static double events(long[] nanos, List<Fraction> rates, int from) {
        double events = 0;
        for (int i = from; i < rates.size(); i++) {
            double perSecond = rates.get(i).numerator().doubleValue()
                    / rates.get(i).denominator().doubleValue();
            events += perSecond * (nanos[i + 1] - nanos[i]) / SECOND;
        }
        return events;
    }

    /** Reduced 300, thorough 20,000 curves, each at three thousand nanoseconds in a row, from the origin and from far away. */
    @Test
    void sequenceAtCountsTheEventsThatAreDueBeforeAtEachNanosecond() {
        long counted = 0;
        for (int i = 0; i < (THOROUGH ? 20_000 : 300); i++) {
            Bent bent = random(Mix.sub(11, i));
            Timeline line = bent.line;
            for (long from : new long[] {0, Mix.bound(Mix.sub(12, i), 1L << 45)}) {
                long second = from == 0 ? 0 : line.seconds(from);
                int nano = from == 0 ? 0 : Math.max(0, line.nanos(from) - WINDOW / 2);
                long n = line.sequenceAt(second, nano);
                Timeline.Cursor cursor = line.cursor(n);
                long first = n;
                for (int x = nano; x < nano + WINDOW && x < SECOND; x++) {
                    while (cursor.seconds() == second && cursor.nanos() < x) {
                        cursor.next();
                        n++;
                    }
                    if (line.sequenceAt(second, x) != n) {
                        assertThat(line.sequenceAt(second, x))
                                .as("%s at %d.%09d", bent.name, second, x)
                                .isEqualTo(n);
                    }
                }
                counted += n - first;
            }
        }
        assertThat(counted).isGreaterThan(10_000);
    }

    /** Reduced 1000, thorough 50,000 curves. */
    @Test
    void theFourInequalitiesHoldForEveryComposition() {
        for (int i = 0; i < (THOROUGH ? 50_000 : 1000); i++) {
            Bent bent = random(Mix.sub(13, i));
            for (int j = 0; j < 30; j++) {
                long n = j < 5 ? j : Mix.sub(Mix.sub(14, i), j) >>> 2 + j;
                assertInequalities(bent.line, n);
            }
        }
    }

    static void assertInequalities(Timeline line, long n) {
        long second = line.seconds(n);
        if (second == Long.MAX_VALUE) {
            return;
        }
        int nano = line.nanos(n);
        assertThat(nano).isBetween(0, (int) SECOND - 1);
        long before = line.sequenceAt(second, nano);
        boolean carry = nano == SECOND - 1;
        long upTo = line.sequenceAt(carry ? second + 1 : second, carry ? 0 : nano + 1);
        assertThat(before).isLessThanOrEqualTo(n);
        assertThat(upTo).isGreaterThan(n);
        if (before > 0) {
            assertThat(isBefore(line, before - 1, second, nano)).isTrue();
        }
        assertThat(isBefore(line, before, second, nano)).isFalse();
    }

    private static boolean isBefore(Timeline line, long n, long second, int nano) {
        return line.seconds(n) < second || line.seconds(n) == second && line.nanos(n) < nano;
    }

    @Test
    void aCursorGivesWhatDirectAccessGivesAndNeverGoesBack() {
        for (int i = 0; i < (THOROUGH ? 5000 : 300); i++) {
            Bent bent = random(Mix.sub(15, i));
            long from = Mix.sub(16, i) >>> 4 + i % 50;
            Timeline.Cursor cursor = bent.line.cursor(from);
            long second = 0;
            int nano = 0;
            for (long n = from; n < from + 300; n++) {
                assertThat(cursor.sequence()).isEqualTo(n);
                assertThat(cursor.seconds()).as("%s event %d", bent.name, n).isEqualTo(bent.line.seconds(n));
                if (cursor.seconds() != Long.MAX_VALUE) {
                    assertThat(cursor.nanos()).as("%s event %d", bent.name, n).isEqualTo(bent.line.nanos(n));
                    assertThat(cursor.seconds() > second || cursor.seconds() == second && cursor.nanos() >= nano)
                            .isTrue();
                    second = cursor.seconds();
                    nano = cursor.nanos();
                }
                cursor.next();
            }
        }
    }

    /** A period has the events of its rate, and in a burst they come as much faster as was said. */
    @Test
    void aBurstIsAsLongAndAsFastAsItSays() {
        Timeline line = Timeline.constant(1000, 1).bursts(Mix.mix(5), 600, 20 * SECOND, Fraction.of(8));
        long dense = 0;
        for (int period = 0; period < 50; period++) {
            long begin = period * 600L;
            assertThat(line.sequenceAt(begin + 600, 0) - line.sequenceAt(begin, 0))
                    .isEqualTo(600_000);
            long most = 0;
            for (long second = begin; second < begin + 600; second++) {
                long events = line.sequenceAt(second + 1, 0) - line.sequenceAt(second, 0);
                most = Math.max(most, events);
                dense += events == 8000 ? 1 : 0;
                assertThat(events).isBetween(740L, 8001L);
            }
            assertThat(most).isBetween(7999L, 8001L);
        }
        assertThat(dense).isBetween(50L * 19, 50L * 20);
    }

    @Test
    void jitterSpreadsEventsEvenlyUpToTheNext() {
        Timeline plain = Timeline.constant(1000, 1);
        Timeline line = plain.jittered(Mix.mix(7));
        long[] tenths = new long[10];
        for (long n = 0; n < 100_000; n++) {
            tenths[(line.nanos(n) - plain.nanos(n)) / 100_000]++;
            assertThat(line.seconds(n)).isEqualTo(plain.seconds(n));
        }
        for (long tenth : tenths) {
            assertThat(tenth).isBetween(9_600L, 10_400L); // 4 standard deviations
        }
    }

    @Test
    void burstsWithMoreEventsThanTheirPeriodAreRefused() {
        Timeline line = Timeline.constant(5, 1);
        assertThatThrownBy(() -> line.bursts(1, 10, 5 * SECOND, Fraction.of(2)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> line.bursts(1, 10, SECOND, Fraction.of(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> line.bursts(1, 10, 0, Fraction.of(2))).isInstanceOf(IllegalArgumentException.class);
    }
}
