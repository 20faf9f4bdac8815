package io.dataflux.encode;

import io.dataflux.model.Key;
import io.dataflux.model.Spread;
import io.dataflux.schedule.Mix;
import io.dataflux.schedule.Wide;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.LongUnaryOperator;

/**
 * Makes tables of integers from distributions: cells of neighbouring values, each with its weight, drawn by alias; within a cell all values
 * are equally likely. The only place that uses exponentials and logarithms, and only while a plan is made; a draw costs one or two words.
 */
final class Spreads implements Spread.Visitor<Spreads.Table> {

    private static final int CELLS = 4096;
    private static final int PANELS = 8;
    private static final double REACH = 8;
    private static final long SINGLE_RANKS = 1024;
    private static final long ONE = 1L << 50;

    private final long min;
    private final long max;
    private final int scale;
    private final List<Long> edges = new ArrayList<>();
    private final List<Double> masses = new ArrayList<>();

    private Spreads(long min, long max, int scale) {
        this.min = min;
        this.max = max;
        this.scale = scale;
    }

    /** The first value of each cell, how many values it has, and how often it is drawn. */
    record Table(long[] low, long[] width, Alias alias) {
        long draw(long word) {
            int cell = alias.index(word);
            return width[cell] == 1 ? low[cell] : low[cell] + Mix.bound(Mix.sub(word, 0), width[cell]);
        }
    }

    /**
     * @param min and max in units of the last of {@code scale} digits
     * @throws IllegalArgumentException with a reason that users can read, if the spread does not fit the bounds
     */
    static Table of(Spread spread, long min, long max, int scale) {
        return spread.accept(new Spreads(min, max, scale));
    }

    /** In steps above the lower bound, so that no digit is lost far from 0. */
    @Override
    public Table normal(Spread.Normal normal) {
        long span = max - min;
        double mean = normal.mean() == null ? span / 2.0 : above(normal.mean());
        double deviation = normal.deviation() == null ? span / 6.0 : units(normal.deviation());
        check(deviation > 0 || span == 0, "the deviation of a normal spread must be above 0");
        if (span == 0) {
            return single();
        }
        long low = Math.max(0, (long) StrictMath.floor(mean - REACH * deviation));
        long high = Math.min(span, (long) StrictMath.ceil(mean + REACH * deviation));
        check(low <= high, "none of its values lies between the bounds; choose a mean that does");
        cut(low, high, i -> low + Wide.mulDiv(high - low + 1, i, CELLS));
        bell(x -> (x - mean) / deviation);
        edges.replaceAll(edge -> edge + min);
        return table();
    }

    @Override
    public Table lognormal(Spread.Lognormal lognormal) {
        check(min >= 1, "the values of a lognormal spread must be above 0; raise the lower bound");
        double middle = lognormal.median() == null
                ? (StrictMath.log((double) min) + StrictMath.log((double) max)) / 2
                : StrictMath.log(units(positive(lognormal.median(), "median")));
        double sigma = lognormal.sigma() == null
                ? (StrictMath.log((double) max) - StrictMath.log((double) min)) / 6
                : positive(lognormal.sigma(), "sigma").doubleValue();
        if (min == max) {
            return single();
        }
        check(
                max - min >= min / 10,
                "a lognormal spread needs an upper bound of at least 1.1 times the lower one; use normal");
        long low = Math.max(min, (long) StrictMath.floor(StrictMath.exp(middle - REACH * sigma)));
        long high = Math.min(max, (long) StrictMath.ceil(StrictMath.exp(middle + REACH * sigma)));
        check(low <= high, "none of its values lies between the bounds; choose a median that does");
        double from = StrictMath.log((double) low);
        double ratio = StrictMath.log((double) (high + 1)) - from;
        cut(low, high, i -> (long) StrictMath.floor(StrictMath.exp(from + ratio * i / CELLS)));
        bell(x -> (StrictMath.log(x) - middle) / sigma);
        return table();
    }

    @Override
    public Table exponential(Spread.Exponential exponential) {
        double mean = exponential.mean() == null ? (max - min) / 5.0 : units(positive(exponential.mean(), "mean"));
        if (min == max) {
            return single();
        }
        long high = Math.min(max - min, (long) StrictMath.ceil(40 * (mean + 1)));
        double decay = StrictMath.log1p(1 / mean); // of whole numbers, whose mean this is
        cut(0, high, i -> Wide.mulDiv(high + 1, i, CELLS));
        for (int i = 0; i + 1 < edges.size(); i++) {
            masses.add(StrictMath.exp(-decay * edges.get(i)) - StrictMath.exp(-decay * edges.get(i + 1)));
        }
        edges.replaceAll(edge -> edge + min);
        return table();
    }

    @Override
    public Table zipf(Spread.Zipf zipf) {
        BigDecimal skew = zipf.skew();
        check(
                skew.signum() > 0 && skew.compareTo(Key.MOST_SKEW) <= 0,
                "the skew of a Zipf spread must be above 0 and at most " + Key.MOST_SKEW);
        double exponent = -skew.doubleValue();
        long count = max - min + 1;
        for (long rank = 0; rank < count; ) {
            long width = rank < SINGLE_RANKS ? 1 : Math.min(rank >> 7, count - rank);
            cell(min + rank, width * StrictMath.pow(rank + (width + 1) / 2.0, exponent));
            rank += width;
        }
        edges.add(max + 1);
        return table();
    }

    @Override
    public Table histogram(Spread.Histogram histogram) {
        List<Long> low = new ArrayList<>();
        List<BigInteger> weights = new ArrayList<>();
        long next = min;
        for (Map.Entry<BigDecimal, BigDecimal> entry : histogram.upTo().entrySet()) {
            long bound = exact(entry.getKey());
            check(bound >= next, "the bounds of a histogram must lie above the lower bound");
            low.add(next);
            weights.add(weight(entry.getValue()));
            next = bound + 1;
        }
        check(next == max + 1, "the last bound of a histogram must be the upper bound of the number");
        low.add(next);
        return table(low, weights);
    }

    @Override
    public Table weighted(Spread.Weighted weighted) {
        Map<BigDecimal, BigDecimal> weights = weighted.weights();
        long[] low = weights.keySet().stream().mapToLong(this::exact).toArray();
        long[] width = new long[low.length];
        Arrays.fill(width, 1);
        List<BigInteger> all = weights.values().stream().map(Spreads::weight).toList();
        check(all.stream().anyMatch(w -> w.signum() > 0), "all weights are 0; at least one must be above 0");
        return new Table(low, width, Alias.of(all));
    }

    /** Cuts {@code [low, high]} into single values, or into cells with these edges. */
    private void cut(long low, long high, LongUnaryOperator edge) {
        if (high - low < CELLS) {
            for (long value = low; value <= high; value++) {
                edges.add(value);
            }
        } else {
            edges.add(low);
            for (int i = 1; i < CELLS; i++) {
                long at = edge.applyAsLong(i);
                if (at > edges.get(edges.size() - 1) && at <= high) {
                    edges.add(at);
                }
            }
        }
        edges.add(high + 1);
    }

    /** A position on the scale on which the values are normally distributed. */
    private interface Standard {
        double of(double value);
    }

    /** The area under the bell of each cell, by Simpson's rule; a value reaches half a unit to either side. */
    private void bell(Standard standard) {
        for (int i = 0; i + 1 < edges.size(); i++) {
            double from = standard.of(edges.get(i) - 0.5);
            double panel = (standard.of(edges.get(i + 1) - 0.5) - from) / PANELS;
            double area = 0;
            for (int j = 0; j < PANELS; j++) {
                double left = from + j * panel;
                area += density(left) + 4 * density(left + panel / 2) + density(left + panel);
            }
            masses.add(area * panel);
        }
    }

    private static double density(double z) {
        return StrictMath.exp(-z * z / 2);
    }

    private void cell(long low, double mass) {
        edges.add(low);
        masses.add(mass);
    }

    private Table table() {
        double total = 0;
        for (double mass : masses) {
            total += mass;
        }
        check(
                total > 0 && total < Double.POSITIVE_INFINITY,
                "none of its values lies between the bounds; choose other parameters");
        List<BigInteger> weights = new ArrayList<>();
        for (double mass : masses) {
            weights.add(BigInteger.valueOf((long) (mass / total * ONE)));
        }
        return table(edges, weights);
    }

    private static Table table(List<Long> edges, List<BigInteger> weights) {
        check(weights.stream().anyMatch(w -> w.signum() > 0), "all weights are 0; at least one must be above 0");
        long[] low = new long[weights.size()];
        long[] width = new long[weights.size()];
        for (int i = 0; i < low.length; i++) {
            low[i] = edges.get(i);
            width[i] = edges.get(i + 1) - edges.get(i);
        }
        return new Table(low, width, Alias.of(weights));
    }

    private Table single() {
        cell(min, 1);
        edges.add(max + 1);
        return table();
    }

    private double above(BigDecimal number) {
        return number.movePointRight(scale).subtract(BigDecimal.valueOf(min)).doubleValue();
    }

    private double units(BigDecimal number) {
        return number.movePointRight(scale).doubleValue();
    }

    private long exact(BigDecimal number) {
        try {
            long value = number.setScale(scale, RoundingMode.UNNECESSARY)
                    .unscaledValue()
                    .longValueExact();
            check(value >= min && value <= max, number.toPlainString() + " is not between the bounds");
            return value;
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(number.toPlainString() + " has more digits than the number", e);
        }
    }

    private static BigInteger weight(BigDecimal weight) {
        check(ChoiceKinds.isWeight(weight), "the weight " + weight.toPlainString() + " is not " + ChoiceKinds.WEIGHT);
        return weight.movePointRight(6).toBigInteger();
    }

    private static BigDecimal positive(BigDecimal number, String what) {
        check(number.signum() > 0, "the " + what + " must be above 0");
        return number;
    }

    private static void check(boolean good, String what) {
        if (!good) {
            throw new IllegalArgumentException(what);
        }
    }
}
