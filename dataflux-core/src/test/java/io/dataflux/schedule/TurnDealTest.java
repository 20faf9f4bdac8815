package io.dataflux.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TurnDealTest {
    @Test
    void everyMemberHasItsTurnsAndCountsThemExactly() {
        for (int members : new int[] {1, 2, 3, 15, 16, 17, 64, 100, 1000}) {
            for (int spread : new int[] {1, 2, 3, 5, 16, 64}) {
                long key = Mix.sub(members, spread);
                long[] seen = new long[members];
                int window = members * spread;
                int visits = Math.min(10_000, 3 * window + 5);
                for (int v = 0; v < visits; v++) {
                    int member = (int) TurnDeal.member(key, members, spread, v);
                    assertThat(TurnDeal.occurrence(key, members, spread, v)).isEqualTo(seen[member]);
                    if (v % 7 == 0) {
                        assertThat(TurnDeal.visit(key, members, spread, member, seen[member]))
                                .isEqualTo(v);
                        int other = v % members;
                        assertThat(TurnDeal.count(key, members, spread, other, v))
                                .isEqualTo(seen[other]);
                    }
                    seen[member]++;
                    if ((v + 1) % window == 0) {
                        assertThat(seen).containsOnly((long) spread * ((v + 1) / window));
                    }
                }
            }
        }
    }

    @Test
    void farVisitsAreTakenBack() {
        for (int i = 0; i < 5_000; i++) {
            long key = Mix.sub(1, i);
            long members = 1 + (Mix.sub(2, i) >>> 17 >>> Mix.bound(Mix.sub(3, i), 46));
            int spread = 1 + i % 6;
            long visit = Mix.sub(4, i) >>> 2;
            long member = TurnDeal.member(key, members, spread, visit);
            long occurrence = TurnDeal.occurrence(key, members, spread, visit);
            assertThat(TurnDeal.visit(key, members, spread, member, occurrence)).isEqualTo(visit);
            assertThat(TurnDeal.count(key, members, spread, member, visit)).isEqualTo(occurrence);
            assertThat(TurnDeal.count(key, members, spread, member, visit + 1)).isEqualTo(occurrence + 1);
        }
    }

    /** Standard deviation of a member's gaps over their mean; independent draws have 1. 400,000 visits, within 0.02. */
    @ParameterizedTest
    @CsvSource({"1, 0.41", "2, 0.67", "4, 0.81", "8, 0.90", "16, 0.95"})
    void spreadMakesArrivalsIrregular(int spread, double variation) {
        int members = 256;
        int visits = 400_000;
        long[] last = new long[members];
        double squares = 0;
        long gaps = 0;
        for (int v = 0; v < visits; v++) {
            int member = (int) TurnDeal.member(Mix.mix(6), members, spread, v);
            if (last[member] > 0) {
                double gap = v + 1 - last[member];
                squares += (gap - members) * (gap - members);
                gaps++;
            }
            last[member] = v + 1L;
        }
        assertThat(Math.sqrt(squares / gaps) / members).isBetween(variation - 0.02, variation + 0.02);
    }
}
