package io.dataflux.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecentArrivalsTest {

    @Test
    void answersAsASetDoesForWhatItCovers() {
        for (int seed = 0; seed < 100; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            RecentArrivals trail = new RecentArrivals();
            TreeSet<Long> set = new TreeSet<>();
            long at = random.nextLong(1L << 50);
            int jump = 1 << 1 + random.nextInt(13);
            for (int i = 0; i < 3000; i++) {
                at += random.nextInt(jump);
                long added = random.nextInt(5) == 0 ? at - random.nextInt(2 * RecentArrivals.LONGEST) : at;
                if (added >= 0) {
                    trail.add(added, added);
                    set.add(added);
                }
                assertThat(trail.highest()).isEqualTo(set.last());
                long asked = at - random.nextInt(2 * RecentArrivals.LONGEST);
                if (trail.covers(asked) && asked >= 0) {
                    Long next = set.ceiling(asked);
                    assertThat(trail.contains(asked)).isEqualTo(set.contains(asked));
                    assertThat(trail.next(asked)).isEqualTo(next == null ? -1 : next);
                }
            }
        }
    }

    @Test
    void staysSmallWhereLittleCame() {
        RecentArrivals trail = new RecentArrivals();
        for (long i = 1_000_000; i < 1_000_300; i++) {
            trail.add(i, i);
        }

        assertThat(trail.bytes()).isLessThan(200);
    }

    @Test
    void theFurthestPlaceIsThatOfAnyEventAlsoOfAnEarlierOne() {
        RecentArrivals trail = new RecentArrivals();
        assertThat(trail.furthest()).isEqualTo(-1);
        assertThat(trail.highest()).isEqualTo(-1);
        assertThat(trail.next(0)).isEqualTo(-1);
        assertThat(trail.contains(0)).isFalse();

        trail.add(5, 40);
        trail.add(6, 12);
        trail.add(3, 7);

        assertThat(trail.furthest()).isEqualTo(40);
        assertThat(trail.highest()).isEqualTo(6);
        trail.add(4, 41);
        assertThat(trail.furthest()).isEqualTo(41);
    }

    @Test
    void whatItCoversEndsAtItsLongestSpan() {
        RecentArrivals trail = new RecentArrivals();
        trail.add(0, 0);
        trail.add(1, 1);
        trail.add(RecentArrivals.LONGEST, 2);

        assertThat(trail.covers(0)).isFalse();
        assertThat(trail.covers(1)).isTrue();
        assertThat(trail.contains(1)).isTrue();
        assertThat(trail.contains(RecentArrivals.LONGEST + 1L)).isFalse();
        assertThat(trail.next(0)).isEqualTo(1);
        assertThat(trail.next(2)).isEqualTo(RecentArrivals.LONGEST);
        assertThat(trail.next(RecentArrivals.LONGEST + 1L)).isEqualTo(-1);
        assertThat(trail.bytes()).isEqualTo(RecentArrivals.LONGEST / 8 + 64);
    }

    @ParameterizedTest(name = "{0}, {1}: {2}")
    @CsvSource({
        "1000, 999, 512",
        "0, 511, 512",
        "511, 0, 512",
        "0, 512, 1024",
        "1000, 488, 1024",
        "0, 600, 1024",
        "0, 1023, 1024",
        "0, 1024, 2048",
    })
    void growsAsFarAsWhatCameLiesApart(long first, long second, int reach) {
        RecentArrivals trail = new RecentArrivals();
        trail.add(first, 0);
        assertThat(trail.contains(first - 512)).as("not there").isFalse();
        trail.add(second, 1);

        assertThat(trail.bytes()).isEqualTo(reach / 8 + 64);
        assertThat(trail.contains(first)).isTrue();
        assertThat(trail.contains(second)).isTrue();
        assertThat(trail.next(Math.min(first, second))).isEqualTo(Math.min(first, second));
        assertThat(trail.next(Math.min(first, second) + 1)).isEqualTo(Math.max(first, second));
    }
}
