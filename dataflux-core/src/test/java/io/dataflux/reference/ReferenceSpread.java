package io.dataflux.reference;

import io.dataflux.model.Spread;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntFunction;

/** A draw from a distribution: a cell by weight, then any of its values. All numbers are in units of the last digit. */
final class ReferenceSpread {

    private record Cell(BigInteger from, BigInteger to) {}

    private final Object cells;

    ReferenceSpread(Spread spread, BigInteger min, BigInteger max, int scale) {
        cells = min.equals(max) ? single(min) : spread.accept(new Made(min, max, scale));
    }

    private static Object single(BigInteger value) {
        return ReferenceDraw.weighted(List.of(new Cell(value, value)), List.of(BigInteger.ONE));
    }

    BigInteger draw(long word) {
        Cell cell = (Cell) ReferenceDraw.of(word, cells);
        BigInteger width = cell.to.subtract(cell.from).add(BigInteger.ONE);
        return width.equals(BigInteger.ONE) ? cell.from : cell.from.add(Words64.bound(Words64.sub(word, 0), width));
    }

    private record Made(BigInteger min, BigInteger max, int scale) implements Spread.Visitor<Object> {
        @Override
        public Object normal(Spread.Normal normal) {
            BigInteger span = max.subtract(min);
            BigDecimal from = new BigDecimal(min, scale);
            double mean = normal.mean() == null
                    ? span.doubleValue() / 2
                    : units(normal.mean().subtract(from), scale);
            double deviation = normal.deviation() == null ? span.doubleValue() / 6 : units(normal.deviation(), scale);
            BigInteger low = whole(StrictMath.floor(mean - 8 * deviation)).max(BigInteger.ZERO);
            BigInteger high = whole(StrictMath.ceil(mean + 8 * deviation)).min(span);
            List<Cell> cells = cut(low, high, i -> low.add(evenly(low, high, i)));
            return byArea(cells, min, x -> (x - mean) / deviation);
        }

        @Override
        public Object lognormal(Spread.Lognormal lognormal) {
            double a = min.doubleValue();
            double b = max.doubleValue();
            double middle = lognormal.median() == null
                    ? (StrictMath.log(a) + StrictMath.log(b)) / 2
                    : StrictMath.log(units(lognormal.median(), scale));
            double sigma = lognormal.sigma() == null
                    ? (StrictMath.log(b) - StrictMath.log(a)) / 6
                    : lognormal.sigma().doubleValue();
            BigInteger low =
                    whole(StrictMath.floor(StrictMath.exp(middle - 8 * sigma))).max(min);
            BigInteger high =
                    whole(StrictMath.ceil(StrictMath.exp(middle + 8 * sigma))).min(max);
            double from = StrictMath.log(low.doubleValue());
            double to = StrictMath.log(high.add(BigInteger.ONE).doubleValue());
            List<Cell> cells =
                    cut(low, high, i -> whole(StrictMath.floor(StrictMath.exp(from + (to - from) * i / 4096))));
            return byArea(cells, BigInteger.ZERO, x -> (StrictMath.log(x) - middle) / sigma);
        }

        @Override
        public Object exponential(Spread.Exponential exponential) {
            BigInteger span = max.subtract(min);
            double mean = exponential.mean() == null ? span.doubleValue() / 5 : units(exponential.mean(), scale);
            BigInteger high = whole(StrictMath.ceil(40 * (mean + 1))).min(span);
            double decay = StrictMath.log1p(1 / mean);
            List<Double> masses = new ArrayList<>();
            List<Cell> cells = cut(BigInteger.ZERO, high, i -> evenly(BigInteger.ZERO, high, i));
            for (Cell cell : cells) {
                masses.add(StrictMath.exp(-decay * cell.from.doubleValue())
                        - StrictMath.exp(-decay * cell.to.add(BigInteger.ONE).doubleValue()));
            }
            return byMass(cells, min, masses);
        }

        /** The first 1024 ranks one by one, then cells of a 128th of their rank. */
        @Override
        public Object zipf(Spread.Zipf zipf) {
            double exponent = -zipf.skew().doubleValue();
            List<Cell> cells = new ArrayList<>();
            List<Double> masses = new ArrayList<>();
            long count = max.subtract(min).longValueExact() + 1;
            long rank = 0;
            while (rank < count) {
                long width = Math.min(Math.max(1, rank < 1024 ? 1 : rank / 128), count - rank);
                cells.add(new Cell(min.add(BigInteger.valueOf(rank)), min.add(BigInteger.valueOf(rank + width - 1))));
                masses.add(width * StrictMath.pow(rank + (width + 1) / 2.0, exponent));
                rank += width;
            }
            return byMass(cells, BigInteger.ZERO, masses);
        }

        @Override
        public Object histogram(Spread.Histogram histogram) {
            return explicit(histogram.upTo(), false);
        }

        @Override
        public Object weighted(Spread.Weighted weighted) {
            return explicit(weighted.weights(), true);
        }

        private Object explicit(Map<BigDecimal, BigDecimal> weightOf, boolean single) {
            List<Cell> cells = new ArrayList<>();
            List<BigInteger> weights = new ArrayList<>();
            new TreeMap<>(weightOf).forEach((value, weight) -> {
                BigInteger to = value.movePointRight(scale).toBigIntegerExact();
                BigInteger from =
                        cells.isEmpty() ? min : cells.get(cells.size() - 1).to.add(BigInteger.ONE);
                cells.add(new Cell(single ? to : from, to));
                weights.add(weight.movePointRight(6).toBigIntegerExact());
            });
            return ReferenceDraw.weighted(cells, weights);
        }
    }

    private static BigInteger evenly(BigInteger low, BigInteger high, int i) {
        return high.subtract(low)
                .add(BigInteger.ONE)
                .multiply(BigInteger.valueOf(i))
                .divide(BigInteger.valueOf(4096));
    }

    /** Up to 4096 values stand alone; more are cut at 4095 edges, those that fall together counted once. */
    private static List<Cell> cut(BigInteger low, BigInteger high, IntFunction<BigInteger> edge) {
        TreeSet<BigInteger> begins = new TreeSet<>();
        begins.add(low);
        boolean alone = high.subtract(low).compareTo(BigInteger.valueOf(4096)) < 0;
        for (int i = 1; i < 4096; i++) {
            BigInteger begin = alone ? low.add(BigInteger.valueOf(i)) : edge.apply(i);
            if (begin.compareTo(low) > 0 && begin.compareTo(high) <= 0) {
                begins.add(begin);
            }
        }
        List<Cell> cells = new ArrayList<>();
        for (BigInteger begin : begins) {
            BigInteger next = begins.higher(begin);
            cells.add(new Cell(begin, next == null ? high : next.subtract(BigInteger.ONE)));
        }
        return cells;
    }

    /** The area under exp(-z^2 / 2) by Simpson's rule with eight panels, from half a unit below a cell to half a unit above. */
    private static Object byArea(List<Cell> cells, BigInteger shift, DoubleUnaryOperator standard) {
        List<Double> masses = new ArrayList<>();
        for (Cell cell : cells) {
            double from = standard.applyAsDouble(cell.from.doubleValue() - 0.5);
            double to = standard.applyAsDouble(cell.to.add(BigInteger.ONE).doubleValue() - 0.5);
            double panel = (to - from) / 8;
            double area = 0;
            for (int j = 0; j < 8; j++) {
                double z = from + j * panel;
                area += bell(z) + 4 * bell(z + panel / 2) + bell(z + panel);
            }
            masses.add(area * panel);
        }
        return byMass(cells, shift, masses);
    }

    private static double bell(double z) {
        return StrictMath.exp(-z * z / 2);
    }

    private static Object byMass(List<Cell> cells, BigInteger shift, List<Double> masses) {
        double total = 0;
        for (double mass : masses) {
            total += mass;
        }
        List<BigInteger> weights = new ArrayList<>();
        for (double mass : masses) {
            weights.add(whole(mass / total * 0x1p50));
        }
        return ReferenceDraw.weighted(
                cells.stream()
                        .map(cell -> new Cell(cell.from.add(shift), cell.to.add(shift)))
                        .toList(),
                weights);
    }

    private static double units(BigDecimal number, int scale) {
        return number.movePointRight(scale).doubleValue();
    }

    private static BigInteger whole(double number) {
        return new BigDecimal(number).toBigInteger();
    }
}
