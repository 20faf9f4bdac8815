package io.dataflux.encode;

import io.dataflux.encode.Node.Numeric;
import io.dataflux.json.Json;
import io.dataflux.model.Kind;
import io.dataflux.model.Spread;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * Compiles a number between two bounds. Problems are thrown, and the caller notes them at the field.
 *
 * @param from the field that the lower bound names, or null if that is a number; {@code to} likewise
 */
record NumberKinds(
        Kind.Bound min,
        @Nullable Node from,
        Kind.Bound max,
        @Nullable Node to,
        int scale) {

    private static final BigInteger LARGEST_SPAN = BigInteger.ONE.shiftLeft(61);

    Node between(@Nullable Spread spread, long salt) {
        check(scale >= 0 && scale <= Kind.MOST_SCALE, "scale " + scale + " is not between 0 and " + Kind.MOST_SCALE);
        Numeric low = bound(min, from);
        Numeric high = bound(max, to);
        long lowFactor = Json.power(scale - low.scale());
        long highFactor = Json.power(scale - high.scale());
        BigInteger lowest = times(low.min(), lowFactor);
        BigInteger lowMost = times(low.max(), lowFactor);
        BigInteger highLeast = times(high.min(), highFactor);
        BigInteger highest = times(high.max(), highFactor);
        String range = word() + " [" + text(min) + ", " + text(max) + "]";
        check(
                lowMost.compareTo(highLeast) <= 0,
                range + ": the lower bound can be " + shown(lowMost) + ", above the upper bound, which can be "
                        + shown(highLeast) + "; swap them or widen the range");
        check(
                highest.subtract(lowest).compareTo(LARGEST_SPAN) < 0
                        && lowest.abs().max(highest.abs()).compareTo(LARGEST_SPAN) < 0,
                range + " is too wide: all digits together must stay below 2^61");
        boolean constant = from == null && to == null;
        check(spread == null || constant, "spread needs bounds that are numbers, not other fields");
        return constant
                ? between(lowest.longValueExact(), highest.longValueExact(), spread, salt)
                : new NumberNodes.Range(salt, low, lowFactor, high, highFactor, scale);
    }

    private Node between(long first, long last, @Nullable Spread spread, long salt) {
        if (spread != null) {
            return new NumberNodes.Spread(salt, Spreads.of(spread, first, last, scale), first, last, scale);
        }
        long span = last - first + 1;
        return scale == 0
                ? new NumberNodes.IntRange(salt, first, span)
                : new NumberNodes.DecimalRange(salt, first, span, scale);
    }

    private Numeric bound(Kind.Bound bound, @Nullable Node field) {
        BigDecimal number = bound.number();
        if (number != null) {
            try {
                BigDecimal scaled = number.setScale(scale, RoundingMode.UNNECESSARY);
                return new NumberNodes.Fixed(scaled.unscaledValue().longValueExact(), scale);
            } catch (ArithmeticException e) {
                throw new IllegalArgumentException(
                        "the bound " + number.toPlainString() + " of " + word()
                                + (scale == 0
                                        ? " is not a whole number within 2^61"
                                        : " has more digits than scale " + scale + " allows"),
                        e);
            }
        }
        if (field instanceof Numeric numeric
                && Compiler.isNumeric(field)
                && numeric.scale() <= scale
                && field.always()) {
            return numeric;
        }
        throw new IllegalArgumentException("the bound '" + bound.path() + "' must be a field with a number of at most "
                + scale + " decimals that is never null or absent");
    }

    private String word() {
        return scale == 0 ? "int" : "decimal";
    }

    private static BigInteger times(long unscaled, long factor) {
        return BigInteger.valueOf(unscaled).multiply(BigInteger.valueOf(factor));
    }

    private static String text(Kind.Bound bound) {
        BigDecimal number = bound.number();
        return number == null ? String.valueOf(bound.path()) : number.toPlainString();
    }

    private String shown(BigInteger unscaled) {
        return new BigDecimal(unscaled, scale).toPlainString();
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new IllegalArgumentException(what);
        }
    }
}
