package io.dataflux.config;

import java.math.BigDecimal;

/**
 * Which decimal numbers a setting takes.
 *
 * @param above whether {@code min} itself is too small
 * @param decimals the most digits after the point
 * @param orElse what else may be written, for messages
 */
record NumberRange(BigDecimal min, boolean above, BigDecimal max, int decimals, String orElse) {

    static final NumberRange WEIGHT = above0("1000000000", 6);
    static final NumberRange RATE = above0("1000000000", 6);
    static final NumberRange SPEED = new NumberRange(BigDecimal.ZERO, true, new BigDecimal("1000000"), 6, ", or max");
    static final NumberRange SKEW = new NumberRange(BigDecimal.ZERO, false, BigDecimal.TEN, 6, "");
    static final NumberRange GEOMETRIC = above0("1", 6);

    private static NumberRange above0(String max, int decimals) {
        return new NumberRange(BigDecimal.ZERO, true, new BigDecimal(max), decimals, "");
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
