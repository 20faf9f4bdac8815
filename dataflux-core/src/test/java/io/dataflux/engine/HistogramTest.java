package io.dataflux.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class HistogramTest {

    @Test
    void percentilesAreWithinOnePercentOfTheSortedValues() {
        SplittableRandom random = new SplittableRandom(3);
        long[] values = new long[100_000];
        Histogram histogram = new Histogram();
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextLong() >>> 1 + random.nextInt(63);
            histogram.record(values[i], 1);
        }
        Arrays.sort(values);
        for (int percent : new int[] {1, 25, 50, 90, 99, 100}) {
            long exact = values[values.length * percent / 100 - 1];
            assertThat((double) histogram.percentile(percent)).isCloseTo((double) exact, within(exact * 0.01 + 0.5));
        }
        assertThat(histogram.max()).isEqualTo(values[values.length - 1]);
        assertThat(histogram.count()).isEqualTo(values.length);
    }

    @Test
    void smallValuesAreExact() {
        Histogram histogram = new Histogram();
        for (int value = 0; value < 100; value++) {
            histogram.record(value, 1);
        }
        assertThat(histogram.percentile(50)).isEqualTo(49);
        assertThat(histogram.percentile(99)).isEqualTo(98);
    }

    @Test
    void theLargestValueFits() {
        Histogram histogram = new Histogram();
        histogram.record(Long.MAX_VALUE, 1);
        assertThat(histogram.percentile(50)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void countsAddUpOverHistograms() {
        Histogram a = new Histogram();
        Histogram b = new Histogram();
        a.record(10, 99);
        b.record(1000, 1);
        b.record(-5, 100);
        a.add(b);
        assertThat(a.count()).isEqualTo(200);
        assertThat(a.percentile(50)).isZero();
        assertThat(a.percentile(99)).isEqualTo(10);
        assertThat(a.max()).isEqualTo(1000);
    }

    @Test
    void withoutValuesAllIsZero() {
        assertThat(new Histogram().percentile(99)).isZero();
        assertThat(new Histogram().max()).isZero();
    }

    @Test
    void quantilesKnowTheRareLongOnes() {
        Histogram histogram = new Histogram();
        histogram.record(10, 9_990);
        histogram.record(100, 9);
        histogram.record(127, 1);

        assertThat(histogram.quantileNanos(0)).isEqualTo(10);
        assertThat(histogram.quantileNanos(0.999)).isEqualTo(10);
        assertThat(histogram.quantileNanos(0.9991)).isEqualTo(100);
        assertThat(histogram.quantileNanos(0.9999)).isEqualTo(100);
        assertThat(histogram.quantileNanos(1)).isEqualTo(127);
        assertThat(histogram.sumNanos()).isEqualTo(9_990 * 10.0 + 9 * 100 + 127);
        assertThat(new Histogram().quantileNanos(0.5)).isZero();
        assertThatThrownBy(() -> histogram.quantileNanos(1.1))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("1.1 is not a share between 0 and 1");
    }

    @Test
    void whatCameSinceIsTheDifference() {
        Histogram histogram = new Histogram();
        histogram.record(1_000_000, 5);
        Histogram before = histogram.copy();
        histogram.record(100, 3);
        histogram.record(2_000, 1);

        var since = histogram.copy().since(before);

        assertThat(since.count()).isEqualTo(4);
        assertThat(since.sumNanos()).isEqualTo(2_300);
        assertThat(since.quantileNanos(0.5)).isEqualTo(100);
        assertThat(since.maxNanos()).isBetween(2_000L, 2_016L);
        assertThat(before.count()).isEqualTo(5);
        assertThat(histogram.since(histogram).maxNanos()).isZero();
        assertThatThrownBy(() -> before.since(histogram)).isExactlyInstanceOf(IllegalArgumentException.class);
    }
}
