package io.dataflux.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PopularityTest {
    @ParameterizedTest
    @CsvSource({"0, 1", "0.1, 64", "0.5, 1", "1, 64", "1, 1", "1.0000000001, 7", "0.9999999, 7", "1.5, 64", "3, 1"})
    void massIsTheSumOfTheWeights(double skew, int shards) {
        Popularity popularity = new Popularity(skew, shards);
        int shard = shards / 2;
        for (int[] range : new int[][] {{0, 1}, {0, 300}, {200, 260}, {256, 257}, {1000, 100_000}, {0, 1_000_000}}) {
            double sum = 0;
            for (int l = range[1] - 1; l >= range[0]; l--) {
                sum += Math.pow((double) shards * l + shard + 1, -skew);
            }
            double mass = popularity.mass(shard, range[0], range[1]);
            assertThat(mass / sum).as("[%d, %d)", range[0], range[1]).isBetween(1 - 1e-5, 1 + 1e-5);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1000, 4096", "0.1, 10000000, 4096", "0.5, 1000000, 262144", "1, 15625, 4096", "1, 281474976710656, 262144",
        "1.5, 1000000, 37440", "3, 1000, 1024", "16, 1000000, 262144", "1, 1, 4096", "1, 17, 4096"
    })
    void cellsCoverTheShardAndAreHeavyEnough(double skew, long members, int frame) {
        Popularity popularity = new Popularity(skew, 1);
        long[] bounds = popularity.cells(0, members, frame, 0);
        int cells = bounds.length - 1;
        assertThat(bounds[0]).isZero();
        assertThat(bounds[cells]).isEqualTo(members);
        assertThat(cells).isBetween(1, QuotaDeal.MAX_CELLS);
        double position = popularity.mass(0, 0, members) / frame;
        for (int c = 0; c < cells; c++) {
            assertThat(bounds[c]).isLessThan(bounds[c + 1]);
            if (c < cells - 1) {
                assertThat(popularity.mass(0, bounds[c], bounds[c + 1]) / position)
                        .isGreaterThanOrEqualTo(4);
            }
        }
    }
}
