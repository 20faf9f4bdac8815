package io.dataflux.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The yardstick itself: known quantiles, and how often it is wrong. */
class ChanceTest {

    @Test
    void knowsThePublishedQuantilesOfChiSquare() {
        assertThat(Chance.upperGamma(0.5, 3.841459 / 2)).isCloseTo(0.05, within(1e-6));
        assertThat(Chance.upperGamma(5, 18.307038 / 2)).isCloseTo(0.05, within(1e-6));
        assertThat(Chance.upperGamma(127.5, 293.247835 / 2)).isCloseTo(0.05, within(1e-6));
        assertThat(Chance.upperGamma(127.5, 205.421290 / 2)).isCloseTo(0.99, within(1e-5));
        assertThat(Chance.upperGamma(0.5, 23.928127 / 2)).isCloseTo(1e-6, within(1e-10));
    }

    /** 4 expected: 0 comes with e^-4, 9 and more with 0.0214. */
    @Test
    void knowsTheTailsOfPoisson() {
        assertThat(Chance.upperGamma(1, 4)).isCloseTo(Math.exp(-4), within(1e-12));
        assertThat(1 - Chance.upperGamma(9, 4)).isCloseTo(0.021363, within(1e-6));
    }

    @Test
    void rejectsFairDiceAboutAsOftenAsItSays() {
        Random random = new Random(11);
        int rejected = 0;
        for (int i = 0; i < 2000; i++) {
            long[] counts = new long[6];
            for (int throwing = 0; throwing < 600; throwing++) {
                counts[random.nextInt(6)]++;
            }
            Chance chance = new Chance();
            chance.counts("dice", counts, 1 / 6.0, 1 / 6.0, 1 / 6.0, 1 / 6.0, 1 / 6.0, 1 / 6.0);
            rejected += chance.rejected(0.05).size();
        }
        assertThat(rejected).isBetween(60, 140);
    }

    @Test
    void rejectsWhatIsTooEvenAndWhatIsTooUneven() {
        Chance even = new Chance();
        long[] counts = new long[100];
        double[] probabilities = new double[100];
        Arrays.fill(counts, 1000);
        Arrays.fill(probabilities, 0.01);
        even.counts("even", counts, probabilities);
        assertThat(even.rejected(1e-6)).hasSize(1);
        Chance uneven = new Chance();
        uneven.hits("uneven", 5400, 10_000, 0.5);
        uneven.rare("rare", 30, 4);
        uneven.hits("fair", 5040, 10_000, 0.5);
        uneven.rare("fair", 7, 4);
        assertThat(uneven.rejected(1e-6)).extracting(Chance.Result::name).containsExactly("uneven", "rare");
    }
}
