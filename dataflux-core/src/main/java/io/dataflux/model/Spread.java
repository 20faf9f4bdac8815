package io.dataflux.model;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The distribution of a number between its bounds. All distributions are cut to the bounds; a parameter that is null is derived from them.
 * Immutable data; {@code toString} is the same for equal spreads.
 */
public sealed interface Spread {

    /** Calls the visitor's method for this spread. */
    <R> R accept(Visitor<R> visitor);

    /** A normal distribution; if null, the mean is the middle of the bounds and the deviation a sixth of their distance. */
    record Normal(@Nullable BigDecimal mean, @Nullable BigDecimal deviation) implements Spread {
        public Normal {
            mean = plain(mean);
            deviation = plain(deviation);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.normal(this);
        }
    }

    /**
     * Values whose logarithms are normally distributed: many small ones, few large ones. All are above 0.
     *
     * @param median half of the values are below it; if null, it is the middle of the bounds' logarithms
     * @param sigma the deviation of the natural logarithm; if null, it is a sixth of the distance of the bounds' logarithms
     */
    record Lognormal(@Nullable BigDecimal median, @Nullable BigDecimal sigma) implements Spread {
        public Lognormal {
            median = plain(median);
            sigma = plain(sigma);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.lognormal(this);
        }
    }

    /**
     * An exponential distribution that starts at the lower bound; {@code mean} is the mean distance from that bound, a fifth of the range
     * if null.
     */
    record Exponential(@Nullable BigDecimal mean) implements Spread {
        public Exponential {
            mean = plain(mean);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.exponential(this);
        }
    }

    /** A Zipf distribution: value number r from the lower bound has weight {@code (r + 1)^-skew}; the skew is above 0 and at most 10. */
    record Zipf(BigDecimal skew) implements Spread {
        public Zipf {
            skew = new BigDecimal(skew.stripTrailingZeros().toPlainString());
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.zipf(this);
        }
    }

    /**
     * Ranges and their weights. Each range reaches from the previous bound up to and including its own; the last bound is the number's
     * upper bound.
     */
    record Histogram(Map<BigDecimal, BigDecimal> upTo) implements Spread {
        public Histogram {
            upTo = sorted(upTo);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.histogram(this);
        }
    }

    /** Single values and their weights. */
    record Weighted(Map<BigDecimal, BigDecimal> weights) implements Spread {
        public Weighted {
            weights = sorted(weights);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.weighted(this);
        }
    }

    /** A question that has an answer for every spread. */
    interface Visitor<R> {
        R normal(Normal spread);

        R lognormal(Lognormal spread);

        R exponential(Exponential spread);

        R zipf(Zipf spread);

        R histogram(Histogram spread);

        R weighted(Weighted spread);
    }

    private static @Nullable BigDecimal plain(@Nullable BigDecimal number) {
        return number == null
                ? null
                : new BigDecimal(number.stripTrailingZeros().toPlainString());
    }

    private static Map<BigDecimal, BigDecimal> sorted(Map<BigDecimal, BigDecimal> map) {
        TreeMap<BigDecimal, BigDecimal> sorted = new TreeMap<>();
        map.forEach((value, weight) -> sorted.put(
                new BigDecimal(value.stripTrailingZeros().toPlainString()),
                new BigDecimal(weight.stripTrailingZeros().toPlainString())));
        return Collections.unmodifiableSortedMap(sorted);
    }
}
