package io.dataflux.encode;

import static io.dataflux.model.Fields.decimal;
import static io.dataflux.model.Fields.integer;
import static io.dataflux.model.Fields.perKey;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.model.Field;
import io.dataflux.model.Fields;
import io.dataflux.model.Kind;
import io.dataflux.model.Kind.Bound;
import io.dataflux.model.Spread;
import io.dataflux.model.StreamDefinition;
import java.math.BigDecimal;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Numbers come by their distributions: counts over cells of the wanted distribution pass at level {@link #ALPHA}, and fail at it for the same
 * distribution with its main parameter 5 % off.
 */
class SpreadTest {

    private static final boolean THOROUGH = Boolean.getBoolean("dataflux.thorough");
    private static final double ALPHA = 1e-6;

    /** Reduced 2^17 values, thorough 2^22. */
    private static final int VALUES = 1 << (THOROUGH ? 22 : 17);

    static final StreamDefinition ALL = StreamDefinition.named("spreads")
            .key("k{}", 1000)
            .field("normal", integer(0, 100, new Spread.Normal(null, null)))
            .field("bell", decimal("-5.000", "1000000.000", new Spread.Normal(number("3.5"), number("12.25"))))
            .field("point", integer(0, 100, new Spread.Normal(number("50.2"), number("0.3"))))
            .field("lognormal", decimal("0.99", "199.99", new Spread.Lognormal(null, null)))
            .field("payload", integer(1, 1L << 60, new Spread.Lognormal(number("2000"), number("1.5"))))
            .field("exponential", integer(0, 9, new Spread.Exponential(null)))
            .field("wait", decimal("10.00", "100000.00", new Spread.Exponential(number("30"))))
            .field("zipf", integer(-3, 500, new Spread.Zipf(number("1.1"))))
            .field("rank", integer(0, 1L << 60, new Spread.Zipf(number("0.9"))))
            .field("histogram", integer(1, 100, new Spread.Histogram(weights("10", "5", "50", "20", "100", "1"))))
            .field("weighted", decimal("0.5", "2.5", new Spread.Weighted(weights("0.5", "3", "1", "1", "2.5", "0.5"))))
            .field("one", integer(7, 7, new Spread.Normal(null, null)))
            .field("own", perKey(integer(0, 1000, new Spread.Exponential(number("40")))))
            .field("upTo", integer(0, "own"))
            .build();

    private static BigDecimal number(String number) {
        return new BigDecimal(number);
    }

    private static Map<BigDecimal, BigDecimal> weights(String... valuesAndWeights) {
        Map<BigDecimal, BigDecimal> weights = new java.util.LinkedHashMap<>();
        for (int i = 0; i < valuesAndWeights.length; i += 2) {
            weights.put(number(valuesAndWeights[i]), number(valuesAndWeights[i + 1]));
        }
        return weights;
    }

    @Test
    void valuesEqualThoseOfTheSecondImplementation() {
        CompiledStream stream = Checked.compiled(ALL, 42);
        Checked.events(stream, 0, LongStream.range(0, THOROUGH ? 20_000 : 300).toArray());
        Checked.events(stream, 0, 1L << 40, 1L << 50);
        Checked.straightLineEqualsInterpreted(stream, 3);
    }

    /** Counts between edges against a distribution function, of which only what lies between the bounds is there. */
    private static boolean follows(Field field, DoubleUnaryOperator below, double... edges) {
        CompiledStream stream =
                Checked.compiled(StreamDefinition.named("s").field("v", field).build(), 7);
        EventState state = new EventState();
        long[] counts = new long[edges.length - 1];
        for (long n = 0; n < VALUES; n++) {
            stream.locate(n, state);
            double value = Double.parseDouble(String.valueOf(stream.value(state, "v")));
            assertThat(value).isBetween(edges[0], edges[edges.length - 1]);
            int cell = 0;
            while (value >= edges[cell + 1] && cell < counts.length - 1) {
                cell++;
            }
            counts[cell]++;
        }
        double all = below.applyAsDouble(edges[edges.length - 1]) - below.applyAsDouble(edges[0]);
        double[] expected = new double[counts.length];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = (below.applyAsDouble(edges[i + 1]) - below.applyAsDouble(edges[i])) / all;
        }
        Chance chance = new Chance();
        chance.counts(field.toString(), counts, expected);
        return chance.rejected(ALPHA).isEmpty();
    }

    /** The share of a normal distribution below z, by the incomplete gamma function. */
    private static double phi(double z) {
        double tail = Chance.upperGamma(0.5, z * z / 2) / 2;
        return z > 0 ? 1 - tail : tail;
    }

    private static double[] even(double from, double to, int cells) {
        double[] edges = new double[cells + 1];
        for (int i = 0; i <= cells; i++) {
            edges[i] = from + (to - from) * i / cells;
        }
        return edges;
    }

    @Test
    void uniform() {
        Field field = decimal("0.000", "1.000");
        double[] edges = even(-0.0005, 1.0005, 11); // 91 of the 1,001 values in each
        assertThat(follows(field, x -> x, edges)).isTrue();
        assertThat(follows(field, x -> Math.min(x, 0.95) + x * 1e-9, edges)).isFalse();
    }

    @Test
    void normal() {
        Field field = decimal("0.000", "100.000", new Spread.Normal(number("40"), number("10")));
        double[] edges = {0, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 100};
        assertThat(follows(field, x -> phi((x - 40) / 10), edges)).isTrue();
        assertThat(follows(field, x -> phi((x - 42) / 10), edges)).isFalse();
        assertThat(follows(field, x -> phi((x - 40) / 10.5), edges)).isFalse();
    }

    /** A unit of the number is a third of the deviation: each value stands for itself. */
    @Test
    void normalOfWholeNumbers() {
        Field field = integer(0, 60, new Spread.Normal(number("30"), number("3")));
        double[] edges = {0, 22, 24, 26, 28, 30, 32, 34, 36, 38, 60};
        assertThat(follows(field, x -> phi((x - 0.5 - 30) / 3), edges)).isTrue();
        assertThat(follows(field, x -> phi((x - 0.5 - 31.5) / 3), edges)).isFalse();
    }

    @Test
    void lognormal() {
        Field field = decimal("0.01", "100000.00", new Spread.Lognormal(number("20"), number("0.8")));
        double[] edges = {0.01, 4, 8, 12, 16, 20, 25, 30, 40, 60, 100, 100_000};
        assertThat(follows(field, x -> phi((Math.log(x) - Math.log(20)) / 0.8), edges))
                .isTrue();
        assertThat(follows(field, x -> phi((Math.log(x) - Math.log(21)) / 0.8), edges))
                .isFalse();
        assertThat(follows(field, x -> phi((Math.log(x) - Math.log(20)) / 0.84), edges))
                .isFalse();
    }

    @Test
    void exponential() {
        Field field = decimal("10.000", "1000.000", new Spread.Exponential(number("30")));
        double[] edges = {10, 13, 17, 22, 28, 35, 45, 60, 80, 120, 1000};
        assertThat(follows(field, x -> 1 - Math.exp(-(x - 10) / 30), edges)).isTrue();
        assertThat(follows(field, x -> 1 - Math.exp(-(x - 10) / 31.5), edges)).isFalse();
    }

    @Test
    void exponentialOfFewWholeNumbersHasTheMeanThatItSays() {
        Field field = integer(0, 1000, new Spread.Exponential(number("2")));
        double[] edges = {0, 1, 2, 3, 4, 5, 6, 8, 1001};
        assertThat(follows(field, x -> 1 - Math.pow(2.0 / 3, x), edges)).isTrue();
        assertThat(follows(field, x -> 1 - Math.pow(2.1 / 3.1, x), edges)).isFalse();
    }

    private static double ranks(double count, double skew) {
        double sum = 0;
        for (int rank = 1; rank <= count; rank++) {
            sum += Math.pow(rank, -skew);
        }
        return sum;
    }

    @Test
    void zipf() {
        Field field = integer(0, 99_999, new Spread.Zipf(number("1.1")));
        double[] edges = {0, 1, 2, 3, 5, 10, 30, 100, 1000, 3000, 10_000, 100_000};
        assertThat(follows(field, x -> ranks(x, 1.1), edges)).isTrue();
        assertThat(follows(field, x -> ranks(x, 1.155), edges)).isFalse();
    }

    @Test
    void histogram() {
        Field field = integer(1, 100, new Spread.Histogram(weights("10", "5", "50", "20", "100", "5")));
        double[] edges = {1, 6, 11, 31, 51, 101};
        double[] shares = {0, 2.5, 5, 15, 25, 30};
        double[] others = {0, 2.5, 5, 15.5, 26, 31};
        assertThat(follows(field, x -> shares[java.util.Arrays.binarySearch(edges, x)], edges))
                .isTrue();
        assertThat(follows(field, x -> others[java.util.Arrays.binarySearch(edges, x)], edges))
                .isFalse();
    }

    @Test
    void weighted() {
        Field field = decimal("0.5", "2.5", new Spread.Weighted(weights("0.5", "60", "1", "30", "2.5", "10")));
        double[] edges = {0.5, 1, 2.5, 3};
        assertThat(follows(field, x -> x < 1 ? 0 : x < 2.5 ? 60 : x < 3 ? 90 : 100, edges))
                .isTrue();
        assertThat(follows(field, x -> x < 1 ? 0 : x < 2.5 ? 63 : x < 3 ? 93 : 103, edges))
                .isFalse();
    }

    @Test
    void whatDoesNotFitTheBoundsIsRefused() {
        refuses(
                integer(0, 9, new Spread.Normal(number("1000"), number("1"))),
                "none of its values lies between the bounds");
        refuses(
                integer(0, 9, new Spread.Normal(null, number("0"))),
                "the deviation of a normal spread must be above 0");
        refuses(integer(0, 9, new Spread.Lognormal(null, null)), "the values of a lognormal spread must be above 0");
        refuses(integer(1, 9, new Spread.Lognormal(number("0"), null)), "the median must be above 0");
        refuses(integer(0, 9, new Spread.Exponential(number("-1"))), "the mean must be above 0");
        refuses(
                integer(0, 9, new Spread.Zipf(number("0"))),
                "the skew of a Zipf spread must be above 0 and at most 10");
        refuses(
                integer(0, 9, new Spread.Histogram(weights("5", "1"))),
                "the last bound of a histogram must be the upper bound");
        refuses(integer(0, 9, new Spread.Histogram(weights("5", "0", "9", "0"))), "all weights are 0");
        refuses(integer(0, 9, new Spread.Weighted(weights("10", "1"))), "10 is not between the bounds");
        refuses(integer(0, 9, new Spread.Weighted(weights("0.5", "1"))), "0.5 has more digits than the number");
        refuses(
                new Field(new Kind.IntRange(Bound.of(0), Bound.of("n"), new Spread.Zipf(number("1")))),
                "spread needs bounds that are numbers, not other fields");
    }

    private static void refuses(Field field, String what) {
        StreamDefinition definition = StreamDefinition.named("s")
                .field("n", Fields.sequence(0))
                .field("v", field)
                .build();
        assertThatThrownBy(() -> Checked.compiled(definition, 1)).hasMessageContaining("s.fields.v: " + what);
    }
}
