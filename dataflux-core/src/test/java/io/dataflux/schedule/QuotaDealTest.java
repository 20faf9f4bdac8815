package io.dataflux.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class QuotaDealTest {
    private static final boolean THOROUGH = Boolean.getBoolean("dataflux.thorough");

    /** Reduced 200, thorough 5,000 random families. */
    @Test
    void anyFamilyCountsItsCellsExactly() {
        for (int i = 0; i < (THOROUGH ? 5_000 : 200); i++) {
            long key = Mix.sub(1, i);
            int deals = 1 + i % 3;
            int frame = 1 + (int) Mix.bound(Mix.sub(key, 0), i % 2 == 0 ? 1000 : 64);
            int[][] quotas = new int[deals][];
            long[] keys = new long[deals];
            for (int d = 0; d < deals; d++) {
                quotas[d] = randomQuotas(Mix.sub(key, d + 1), frame);
                keys[d] = Mix.sub(key, 100 + d);
            }
            QuotaDeal family = QuotaDeal.family(keys, quotas);
            for (int d = 0; d < deals; d++) {
                check(family, d, quotas[d], 3 * frame + 7);
                checkFar(family, d, quotas[d].length);
            }
        }
    }

    private static void check(QuotaDeal deal, int d, int[] quotas, int indices) {
        long[] seen = new long[quotas.length];
        for (int i = 0; i < indices; i++) {
            int cell = deal.cell(d, i);
            assertThat(deal.index(d, i)).isEqualTo(seen[cell]);
            assertThat(deal.position(d, cell, seen[cell])).isEqualTo(i);
            int other = i % quotas.length;
            assertThat(deal.count(d, other, i)).isEqualTo(seen[other]);
            seen[cell]++;
            if ((i + 1) % deal.frame() == 0) {
                for (int c = 0; c < quotas.length; c++) {
                    assertThat(seen[c]).isEqualTo((long) quotas[c] * ((i + 1) / deal.frame()));
                }
            }
        }
    }

    private static void checkFar(QuotaDeal deal, int d, int cells) {
        for (int i = 0; i < 40; i++) {
            long n = Mix.sub(2, i) >>> 2 >>> i % 40;
            int cell = deal.cell(d, n);
            long v = deal.index(d, n);
            assertThat(deal.position(d, cell, v)).isEqualTo(n);
            long all = 0;
            for (int c = 0; c < cells; c++) {
                assertThat(deal.count(d, c, n + 1) - deal.count(d, c, n)).isEqualTo(c == cell ? 1 : 0);
                all += deal.count(d, c, n);
            }
            assertThat(all).isEqualTo(n);
        }
    }

    private static int[] randomQuotas(long key, int frame) {
        int cells = 1 + (int) Mix.bound(Mix.sub(key, 0), Math.min(frame, 256));
        double[] mass = new double[cells];
        Arrays.setAll(mass, c -> 1 + Mix.bound(Mix.sub(key, c + 1), 1000));
        return QuotaDeal.quotas(mass, frame);
    }

    @Test
    void quotasAddUpAndAreNowhereMoreThanOneOff() {
        double[] mass = {10, 0.4, 3, 3, 3, 5, 1e-9, 7};
        int[] quota = QuotaDeal.quotas(mass, 512);
        assertThat(Arrays.stream(quota).sum()).isEqualTo(512);
        double total = Arrays.stream(mass).sum();
        for (int c = 0; c < mass.length; c++) {
            assertThat(quota[c]).isPositive();
            if (c > 0) {
                assertThat((double) quota[c]).isBetween(512 * mass[c] / total - 1, 512 * mass[c] / total + 1);
            }
        }
        assertThat(quota[6]).isEqualTo(1);
    }

    /** A frame that repeated as it is would show up as the same cells a frame later. */
    @Test
    void framesStartElsewhere() {
        QuotaDeal deal = QuotaDeal.of(Mix.mix(4), 64, 64, 64, 64);
        int same = 0;
        for (int i = 0; i < 256 * 100; i++) {
            same += deal.cell(0, i) == deal.cell(0, i + 256) ? 1 : 0;
        }
        assertThat((double) same / (256 * 100)).isBetween(0.15, 0.40);
    }

    @Test
    void quotasThatCannotBeDealtAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> QuotaDeal.of(1));
        assertThatIllegalArgumentException().isThrownBy(() -> QuotaDeal.of(1, 3, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> QuotaDeal.of(1, new int[257]));
        assertThatIllegalArgumentException().isThrownBy(() -> QuotaDeal.of(1, 1 << 24, 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> QuotaDeal.family(new long[2], new int[][] {{1, 2}, {1, 1}}))
                .withMessageContaining("sum must be 3");
    }
}
