package io.dataflux.reference;

import io.dataflux.model.Kind;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A draw of one value of a list, by weight. The word is a place in [0, n): its whole part is a column, and the column's own value
 * fills it from below up to a height; what lies above is an alias (Walker). Heights are fractions (Vose's construction): the
 * columns that are too low are filled in their order, each from the first that is too high, which joins the low ones at their end
 * once it is itself too low.
 */
final class ReferenceDraw {

    /** Heights in parts of 2^63, and whose value lies above. */
    private record Columns(List<Object> values, List<BigInteger> heights, int[] above) {}

    private ReferenceDraw() {}

    static Object of(long word, Object table) {
        Columns columns = (Columns) table;
        int n = columns.values.size();
        int column = (int) Words64.bound(word, n);
        boolean own = Words64.rest(word, n).compareTo(columns.heights.get(column)) < 0;
        return columns.values.get(own ? column : columns.above[column]);
    }

    static Object equal(List<?> values) {
        return columns(values, values.stream().map(v -> BigInteger.ONE).toList());
    }

    static Object weighted(List<?> values, List<BigInteger> weights) {
        return columns(values, weights);
    }

    static Object pick(Kind.Pick k) {
        List<Kind.Choice> possible =
                k.choices().stream().filter(c -> c.weight().signum() > 0).toList();
        List<BigInteger> weights = possible.stream()
                .map(c -> c.weight().multiply(BigDecimal.valueOf(1_000_000)).toBigIntegerExact())
                .toList();
        return columns(possible.stream().map(Kind.Choice::value).toList(), weights);
    }

    /** Word i has weight (i+1)^-skew, cut to 50 binary digits. */
    static Object words(Kind.Words k) {
        double skew = k.skew().doubleValue();
        List<BigInteger> weights = IntStream.rangeClosed(1, k.words().size())
                .mapToObj(rank -> binary(StrictMath.pow(rank, -skew)).max(BigInteger.ONE))
                .toList();
        return columns(k.words(), weights);
    }

    /** Each length comes with 1 - p times the weight of the one before, starting from 1, cut to 50 binary digits. */
    static Object geometric(Kind.Length length) {
        List<Long> extra = new ArrayList<>();
        List<BigInteger> weights = new ArrayList<>();
        double weight = 1;
        for (long i = 0; i <= length.max() - length.min(); i++) {
            extra.add(i);
            weights.add(binary(weight).add(i == 0 ? BigInteger.ONE : BigInteger.ZERO));
            weight *= 1 - length.geometric().doubleValue();
        }
        return columns(extra, weights);
    }

    /** Each value by its chance in parts of the largest one, cut to 50 binary digits but not to nothing. */
    static Object chances(List<?> values, double[] chances, double most) {
        List<BigInteger> weights = new ArrayList<>();
        for (double chance : chances) {
            weights.add(binary(chance / most).max(chance > 0 ? BigInteger.ONE : BigInteger.ZERO));
        }
        return columns(values, weights);
    }

    private static BigInteger binary(double weight) {
        return new BigDecimal(weight)
                .multiply(new BigDecimal(BigInteger.ONE.shiftLeft(50)))
                .toBigInteger();
    }

    private static Columns columns(List<?> values, List<BigInteger> weights) {
        int n = values.size();
        BigInteger sum = weights.stream().reduce(BigInteger.ZERO, BigInteger::add);
        Fraction[] height = new Fraction[n];
        int[] above = new int[n];
        Deque<Integer> low = new ArrayDeque<>();
        Deque<Integer> high = new ArrayDeque<>();
        for (int i = 0; i < n; i++) {
            height[i] = new Fraction(weights.get(i).multiply(BigInteger.valueOf(n)), sum);
            above[i] = i;
            (height[i].isBelowOne() ? low : high).addLast(i);
        }
        Fraction[] spare = height.clone();
        while (!low.isEmpty() && !high.isEmpty()) {
            int filled = low.removeFirst();
            int from = high.getFirst();
            height[filled] = spare[filled];
            above[filled] = from;
            spare[from] = spare[from].plus(spare[filled]).minusOne();
            if (spare[from].isBelowOne()) {
                high.removeFirst();
                low.addLast(from);
            }
        }
        List<BigInteger> heights = IntStream.range(0, n)
                .mapToObj(i -> above[i] == i
                        ? Words64.parts(BigInteger.ONE, BigInteger.ONE)
                        : Words64.parts(height[i].numerator, height[i].denominator))
                .toList();
        return new Columns(List.copyOf(values), heights, above);
    }

    private record Fraction(BigInteger numerator, BigInteger denominator) {
        boolean isBelowOne() {
            return numerator.compareTo(denominator) < 0;
        }

        Fraction plus(Fraction other) {
            return new Fraction(
                            numerator.multiply(other.denominator).add(other.numerator.multiply(denominator)),
                            denominator.multiply(other.denominator))
                    .reduced();
        }

        Fraction minusOne() {
            return new Fraction(numerator.subtract(denominator), denominator);
        }

        private Fraction reduced() {
            BigInteger divisor = numerator.gcd(denominator);
            return new Fraction(numerator.divide(divisor), denominator.divide(divisor));
        }
    }
}
