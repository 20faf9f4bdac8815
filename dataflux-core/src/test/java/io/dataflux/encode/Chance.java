package io.dataflux.encode;

import java.util.ArrayList;
import java.util.List;

/**
 * How likely a count is by chance alone. With more than a few cells, too even is as suspicious as too uneven. Many results are
 * judged together (Bonferroni): each one at the level divided by their number.
 */
final class Chance {

    /** One comparison and the probability that chance alone strays as far. */
    record Result(String name, double probability) {}

    private final List<Result> results = new ArrayList<>();

    /** The results that chance does not explain at level {@code alpha} for all of them together. */
    List<Result> rejected(double alpha) {
        return results.stream()
                .filter(result -> result.probability < alpha / results.size())
                .toList();
    }

    /** Counts against probabilities that sum to 1 (chi-square). */
    void counts(String name, long[] counts, double... probabilities) {
        long total = 0;
        for (long count : counts) {
            total += count;
        }
        double sum = 0;
        for (int i = 0; i < counts.length; i++) {
            double expected = total * probabilities[i];
            sum += (counts[i] - expected) * (counts[i] - expected) / expected;
        }
        double upper = upperGamma((counts.length - 1) / 2.0, sum / 2);
        boolean canBeTooEven = counts.length > 10; // a few cells can hit their average by chance
        results.add(new Result(name, canBeTooEven ? 2 * Math.min(upper, 1 - upper) : upper));
    }

    /** Pairs of evenly distributed values: a table of counts whose cells are all equally likely (chi-square). */
    void pairs(String name, long[][] table) {
        int columns = table[0].length;
        long[] cells = new long[table.length * columns];
        double[] even = new double[cells.length];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = table[i / columns][i % columns];
            even[i] = 1.0 / cells.length;
        }
        counts(name, cells, even);
    }

    /** Hits in many trials of the same probability. */
    void hits(String name, long hits, long trials, double probability) {
        counts(name, new long[] {hits, trials - hits}, probability, 1 - probability);
    }

    /** Of many counts of tossed coins the one that is farthest from half of the trials, judged as the worst of so many. */
    void farthest(String name, long[] heads, long trials) {
        int worst = 0;
        for (int i = 1; i < heads.length; i++) {
            worst = Math.abs(2 * heads[i] - trials) > Math.abs(2 * heads[worst] - trials) ? i : worst;
        }
        double away = 2.0 * heads[worst] - trials;
        double alone = upperGamma(0.5, away * away / trials / 2);
        results.add(new Result(name + " " + worst, Math.min(1, heads.length * alone)));
    }

    /** Rare events of which {@code expected} come on average (Poisson). */
    void rare(String name, long count, double expected) {
        double atMost = upperGamma(count + 1.0, expected);
        double atLeast = count == 0 ? 1 : 1 - upperGamma((double) count, expected);
        results.add(new Result(name, Math.min(1, 2 * Math.min(atMost, atLeast))));
    }

    /** The regularized incomplete gamma function Q(a, x), by its series or its continued fraction (Press et al., 6.2). */
    static double upperGamma(double a, double x) {
        if (x <= 0) {
            return 1;
        }
        double scale = Math.exp(a * Math.log(x) - x - logGamma(a));
        if (x < a + 1) {
            double term = 1 / a;
            double sum = term;
            for (double n = a + 1; term > sum * 1e-16; n++) {
                term *= x / n;
                sum += term;
            }
            return 1 - sum * scale;
        }
        double b = x + 1 - a;
        double c = 1e300;
        double d = 1 / b;
        double fraction = d;
        double delta = 0;
        for (int i = 1; Math.abs(delta - 1) > 1e-15; i++) {
            double numerator = -i * (i - a);
            b += 2;
            d = 1 / (numerator * d + b);
            c = b + numerator / c;
            delta = c * d;
            fraction *= delta;
        }
        return scale * fraction;
    }

    /** Stirling's series, after shifting the argument to where it is exact. */
    private static double logGamma(double a) {
        double shift = 0;
        double z = a;
        for (; z < 15; z++) {
            shift -= Math.log(z);
        }
        double square = z * z;
        double series = (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - 1.0 / 1680 / square) / square) / square) / z;
        return shift + (z - 0.5) * Math.log(z) - z + Math.log(2 * Math.PI) / 2 + series;
    }
}
