package io.dataflux.config;

import io.dataflux.model.Key;
import io.dataflux.model.Kind.Choice;
import io.dataflux.model.StreamDefinition.Rate;
import io.dataflux.plan.Pace;
import java.math.BigDecimal;

/**
 * Which decimal numbers a setting takes.
 *
 * @param above whether {@code min} itself is too small
 * @param decimals the most digits after the point
 * @param orElse what else may be written, for messages
 */
record NumberRange(BigDecimal min, boolean above, BigDecimal max, int decimals, String orElse) {

    static final NumberRange WEIGHT = above0(Choice.MOST_WEIGHT, Choice.WEIGHT_DECIMALS);
    static final NumberRange WEIGHT_OR_0 = from0(Choice.MOST_WEIGHT, Choice.WEIGHT_DECIMALS);
    static final NumberRange RATE = above0(BigDecimal.valueOf(Rate.MOST), 6);
    static final NumberRange FACTOR = from0(BigDecimal.valueOf(1_000_000), 6);
    static final NumberRange BURST = new NumberRange(BigDecimal.ONE, true, FACTOR.max, 6, "");
    static final NumberRange WARP = above0(FACTOR.max, 3);
    static final NumberRange SPEED = new NumberRange(
            BigDecimal.valueOf(Pace.SLOWEST), false, BigDecimal.valueOf((long) Pace.FASTEST), 6, ", or max");
    static final NumberRange SKEW = from0(Key.MOST_SKEW, 6);
    static final NumberRange ZIPF = above0(Key.MOST_SKEW, 6);
    static final NumberRange GEOMETRIC = above0(BigDecimal.ONE, 6);

    private static NumberRange above0(BigDecimal max, int decimals) {
        return new NumberRange(BigDecimal.ZERO, true, max, decimals, "");
    }

    private static NumberRange from0(BigDecimal max, int decimals) {
        return new NumberRange(BigDecimal.ZERO, false, max, decimals, "");
    }

    boolean contains(BigDecimal number) {
        int least = number.compareTo(min);
        return (above ? least > 0 : least >= 0)
                && number.compareTo(max) <= 0
                && number.stripTrailingZeros().scale() <= decimals;
    }

    /** What to write, such as {@code "write a number above 0, at most 10, with at most 6 decimals"}. */
    String wanted() {
        return "write a number " + (above ? "above " + min + ", at most " + max : "from " + min + " to " + max)
                + ", with at most " + decimals + " decimals" + orElse;
    }
}
