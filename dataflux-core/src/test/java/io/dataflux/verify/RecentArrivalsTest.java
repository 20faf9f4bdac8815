package io.dataflux.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

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
}
