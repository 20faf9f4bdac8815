package io.dataflux.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.ledger.Ranges;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ArrivedSetTest {

    private final ArrivedSet seen = new ArrivedSet();

    @Test
    void numbersInTurnCollapseIntoFullPages() {
        for (long i = 0; i < 5L * ArrivedSet.PAGE; i++) {
            assertThat(seen.add(i)).isTrue();
        }

        assertThat(seen.partialPages()).isZero();
        assertThat(seen.count()).isEqualTo(5L * ArrivedSet.PAGE);
        assertThat(seen.nextAbsent(0)).isEqualTo(5L * ArrivedSet.PAGE);
        assertThat(seen.add(3L * ArrivedSet.PAGE + 7)).isFalse();
    }

    @Test
    void numbersInAnyOrderCollapseIntoFullPages() {
        for (int i = 0; i < 2 * ArrivedSet.PAGE; i++) {
            seen.add((i * 40_503L) % (2L * ArrivedSet.PAGE)); // odd, hence a permutation
        }

        assertThat(seen.partialPages()).isZero();
        assertThat(seen.count()).isEqualTo(2L * ArrivedSet.PAGE);
    }

    @Test
    void oneMissingNumberIsFoundFarAway() {
        long far = 1L << 50;
        for (long i = far; i < far + 3L * ArrivedSet.PAGE; i++) {
            if (i != far + 100_000) {
                seen.add(i);
            }
        }

        assertThat(seen.nextAbsent(far)).isEqualTo(far + 100_000);
        assertThat(seen.nextAbsent(far + 100_001)).isEqualTo(far + 3L * ArrivedSet.PAGE);
        assertThat(seen.nextPresent(0)).isEqualTo(far);
        assertThat(seen.nextPresent(far + 100_000)).isEqualTo(far + 100_001);
        assertThat(seen.nextPresent(far + 3L * ArrivedSet.PAGE)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void answersAsASetDoes() {
        for (int seed = 0; seed < 50; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            ArrivedSet mine = new ArrivedSet();
            TreeSet<Long> set = new TreeSet<>();
            long span = 1L << 4 + random.nextInt(15);
            long start = random.nextLong(1L << 40);
            for (int i = 0; i < 2000; i++) {
                long from = start + random.nextLong(span);
                for (long n = from; n < from + random.nextInt(3); n++) {
                    assertThat(mine.add(n)).isEqualTo(set.add(n));
                }
                long asked = start + random.nextLong(span);
                Long next = set.ceiling(asked);
                long absent = asked;
                while (set.contains(absent)) {
                    absent++;
                }
                assertThat(mine.contains(asked)).isEqualTo(set.contains(asked));
                assertThat(mine.nextPresent(asked)).isEqualTo(next == null ? Long.MAX_VALUE : next);
                assertThat(mine.nextAbsent(asked)).isEqualTo(absent);
            }
            assertThat(mine.count()).isEqualTo(set.size());
        }
    }

    @Test
    void rangesFindTheNextNumberInsideAndOutside() {
        Ranges ranges = Ranges.of(3, 5, 8, 9);

        assertThat(ranges.nextInside(0)).isEqualTo(3);
        assertThat(ranges.nextInside(4)).isEqualTo(4);
        assertThat(ranges.nextInside(5)).isEqualTo(8);
        assertThat(ranges.nextInside(9)).isEqualTo(Long.MAX_VALUE);
        assertThat(ranges.nextOutside(2)).isEqualTo(2);
        assertThat(ranges.nextOutside(3)).isEqualTo(5);
        assertThat(ranges.nextOutside(4)).isEqualTo(5);
        assertThat(ranges.nextOutside(5)).isEqualTo(5);
        assertThat(ranges.nextOutside(8)).isEqualTo(9);
        assertThat(new Ranges().nextInside(1)).isEqualTo(Long.MAX_VALUE);
        assertThat(new Ranges().nextOutside(1)).isEqualTo(1);
    }

    @Test
    void aCopyGoesItsOwnWay() {
        for (long i = 0; i < ArrivedSet.PAGE + 10L; i++) {
            seen.add(i);
        }
        seen.add(3L * ArrivedSet.PAGE + 5); // a run, and behind it a bitmap
        seen.add(4L * ArrivedSet.PAGE + 5);
        seen.add(4L * ArrivedSet.PAGE + 9);

        ArrivedSet copy = seen.copy();
        assertThat(copy.count()).isEqualTo(seen.count());
        assertThat(copy.partialPages()).isEqualTo(3);
        for (long number : new long[] {
            7, ArrivedSet.PAGE + 9, 3L * ArrivedSet.PAGE + 5, 4L * ArrivedSet.PAGE + 5, 4L * ArrivedSet.PAGE + 9
        }) {
            assertThat(copy.contains(number)).isTrue();
            assertThat(copy.add(number)).isFalse();
        }
        for (long number : new long[] {
            ArrivedSet.PAGE + 10L, 2L * ArrivedSet.PAGE, 3L * ArrivedSet.PAGE + 6, 4L * ArrivedSet.PAGE + 6
        }) {
            assertThat(copy.contains(number)).isFalse();
            assertThat(copy.add(number)).isTrue();
            assertThat(seen.contains(number)).isFalse();
        }
        seen.add(4L * ArrivedSet.PAGE + 7);
        seen.add(ArrivedSet.PAGE + 11L);
        assertThat(copy.contains(4L * ArrivedSet.PAGE + 7)).isFalse();
        assertThat(copy.contains(ArrivedSet.PAGE + 11L)).isFalse();
        assertThat(copy.count()).isEqualTo(ArrivedSet.PAGE + 17L);
    }

    @Test
    void aPageThatIsFilledBackwardsStaysARunAndFillsUp() {
        for (int i = ArrivedSet.PAGE - 1; i >= 0; i--) {
            assertThat(seen.add(i)).isTrue();
            assertThat(seen.nextPresent(0)).isEqualTo(i);
            assertThat(seen.contains(ArrivedSet.PAGE - 1)).isTrue();
        }
        assertThat(seen.partialPages()).isZero();
        assertThat(seen.contains(0)).isTrue();
        assertThat(seen.nextPresent(5)).isEqualTo(5);
        assertThat(seen.nextAbsent(5)).isEqualTo(ArrivedSet.PAGE);
    }
}
