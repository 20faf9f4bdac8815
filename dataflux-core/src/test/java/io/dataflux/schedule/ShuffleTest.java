package io.dataflux.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ShuffleTest {
    private static final boolean THOROUGH = Boolean.getBoolean("dataflux.thorough");

    private interface Permutation {
        long at(long key, long k, long x);
    }

    @Test
    void everySizeIsPermutedAndTakenBack() {
        for (int k = 1; k <= 300; k++) {
            checkBijection(Mix.sub(1, k), k);
        }
        for (int k : new int[] {1023, 1024, 1025, 65_535, 65_536, 65_537, 100_003}) {
            checkBijection(Mix.sub(2, k), k);
        }
    }

    private static void checkBijection(long key, int k) {
        BitSet seen = new BitSet(k);
        for (int x = 0; x < k; x++) {
            long y = Shuffle.shuffle(key, k, x);
            assertThat(y).isBetween(0L, k - 1L);
            assertThat(Shuffle.unshuffle(key, k, y)).isEqualTo(x);
            seen.set((int) y);
        }
        assertThat(seen.cardinality()).isEqualTo(k);
    }

    @Test
    void largeSizesAreTakenBack() {
        for (int i = 0; i < 50_000; i++) {
            long key = Mix.sub(3, i);
            long k = i % 5 == 0 ? 1L << 5 + i % 58 : 2 + (Mix.sub(4, i) >>> 2 >>> Mix.bound(Mix.sub(5, i), 57));
            long x = (Mix.sub(6, i) >>> 2) % k;
            long y = Shuffle.shuffle(key, k, x);
            assertThat(y).isBetween(0L, k - 1);
            assertThat(Shuffle.unshuffle(key, k, y)).as("k %d x %d", k, x).isEqualTo(x);
        }
    }

    /** The element-wise form against the shuffle of a whole array with the same draws. */
    @Test
    void smallSizesAreFisherYates() {
        for (int i = 0; i < 300; i++) {
            long key = Mix.sub(7, i);
            for (int k = 1; k <= 16; k++) {
                int[] order = new int[k];
                long w = key;
                for (int n = 1; n <= k; n++) {
                    order[n - 1] = n - 1;
                    int j = (int) (Math.multiplyHigh(w, n) + (w < 0 ? n : 0));
                    w *= n;
                    int last = order[n - 1];
                    order[n - 1] = order[j];
                    order[j] = last;
                }
                for (int x = 0; x < k; x++) {
                    assertThat(Shuffle.shuffle(key, k, x)).isEqualTo(order[x]);
                }
            }
        }
    }

    /** 5! orders, 60,000 shuffles, chi-square with 119 degrees of freedom. */
    @Test
    void everyOrderOfFiveIsEquallyFrequent() {
        long[] counts = new long[120];
        for (int i = 0; i < 60_000; i++) {
            long key = Mix.sub(8, i);
            int order = 0;
            for (int x = 0; x < 5; x++) {
                int smaller = 0;
                for (int later = x + 1; later < 5; later++) {
                    smaller += Shuffle.shuffle(key, 5, later) < Shuffle.shuffle(key, 5, x) ? 1 : 0;
                }
                order = order * (5 - x) + smaller;
            }
            counts[order]++;
        }
        assertThat(ChiSquare.statistic(counts, 500)).isBetween(ChiSquare.lowerLimit(119), ChiSquare.limit(119));
    }

    /** About 100 counts a pair (thorough 400), alpha 10^-6. */
    @ParameterizedTest
    @ValueSource(ints = {3, 8, 16, 17, 20, 31, 32, 33, 64, 100, 128, 200, 256})
    void anyElementIsFollowedByAnyOtherEquallyOften(int k) {
        double statistic = followers(Shuffle::shuffle, k);
        assertThat(statistic).isBetween(ChiSquare.lowerLimit(degrees(k)), ChiSquare.limit(degrees(k)));
    }

    @ParameterizedTest
    @ValueSource(ints = {64, 256})
    void fourRoundsAreTooFew(int k) {
        assertThat(followers(ShuffleTest::fourRounds, k)).isGreaterThan(ChiSquare.limit(degrees(k)));
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 32, 100})
    void whatFollowsWhomTellsARotation(int k) {
        assertThat(followers((key, n, x) -> (Mix.bound(key, n) + x) % n, k)).isGreaterThan(ChiSquare.limit(degrees(k)));
    }

    /** An element has no follower in one of k shuffles, so that a pair's variance is that of a share of 1/k. */
    private static double degrees(int k) {
        return (k - 1.0) * (k - 1.0);
    }

    private static double followers(Permutation permutation, int k) {
        int windows = (THOROUGH ? 400 : 100) * k;
        long[] counts = new long[k * k];
        for (int w = 0; w < windows; w++) {
            long key = Mix.sub(Mix.sub(9, k), w);
            int previous = (int) permutation.at(key, k, 0);
            for (int p = 1; p < k; p++) {
                int next = (int) permutation.at(key, k, p);
                counts[previous * k + next]++;
                previous = next;
            }
        }
        double expected = (double) windows / k;
        // nothing follows itself: the diagonal of zeros is no deviation
        return ChiSquare.statistic(counts, expected) - k * expected;
    }

    private static long fourRounds(long key, long k, long x) {
        int bits = 64 - Long.numberOfLeadingZeros(k - 1);
        int low = bits / 2;
        int high = bits - low;
        long y = x;
        do {
            long l = y & ((1L << low) - 1);
            long h = y >>> low;
            h ^= round(l ^ key, high);
            l ^= round(h ^ Long.rotateLeft(key, 17), low);
            h ^= round(l ^ Long.rotateLeft(key, 34), high);
            l ^= round(h ^ Long.rotateLeft(key, 51), low);
            y = h << low | l;
        } while (y >= k);
        return y;
    }

    private static long round(long x, int bits) {
        long y = x * 0xD1342543DE82EF95L;
        return ((y ^ y >>> 32) * 0xAF251AF3B0F025B5L) >>> (64 - bits);
    }
}
