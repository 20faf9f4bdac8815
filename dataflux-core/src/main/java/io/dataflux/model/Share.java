package io.dataflux.model;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An exact fraction: {@code count} of every {@code of}, reduced. Written {@code 0.5%}, {@code 1/3} or {@code 0.02}.
 *
 * @param of at most {@value #FINEST}
 */
public record Share(int count, int of) {

    public static final int FINEST = 1_000_000;
    public static final Share NONE = new Share(0, 1);

    private static final Pattern PERCENT = Pattern.compile("([0-9]{1,3}(?:\\.[0-9]{1,18})?) ?%");
    private static final Pattern FRACTION = Pattern.compile("([0-9]{1,9}) ?/ ?([0-9]{1,9})");
    private static final Pattern DECIMAL = Pattern.compile("[01](?:\\.[0-9]{1,18})?");

    public Share {
        if (of < 1 || of > FINEST || count < 0 || count > of) {
            throw new IllegalArgumentException(count + "/" + of
                    + " is not a share; write a fraction from 0/1 to 1/1 with a denominator of at most a million");
        }
        int divisor = BigInteger.valueOf(count).gcd(BigInteger.valueOf(of)).intValue();
        count /= divisor;
        of /= divisor;
    }

    /** Reads a share. @throws IllegalArgumentException with what to write instead */
    public static Share of(String text) {
        String plain = text.strip();
        Matcher percent = PERCENT.matcher(plain);
        Matcher fraction = FRACTION.matcher(plain);
        if (percent.matches()) {
            return of(text, new BigDecimal(percent.group(1)).movePointLeft(2));
        }
        if (fraction.matches() && Integer.parseInt(fraction.group(2)) > 0) {
            return reduced(text, new BigInteger(fraction.group(1)), new BigInteger(fraction.group(2)));
        }
        if (DECIMAL.matcher(plain).matches()) {
            return of(text, new BigDecimal(plain));
        }
        throw new IllegalArgumentException("'" + text + "' is not a share; write one such as 2%, 0.05% or 1/300");
    }

    private static Share of(String text, BigDecimal part) {
        return reduced(text, part.unscaledValue(), BigInteger.TEN.pow(Math.max(0, part.scale())));
    }

    private static Share reduced(String text, BigInteger count, BigInteger of) {
        BigInteger divisor = count.gcd(of);
        if (count.compareTo(of) > 0) {
            throw new IllegalArgumentException("'" + text + "' is more than 100%");
        }
        if (of.divide(divisor).compareTo(BigInteger.valueOf(FINEST)) > 0) {
            throw new IllegalArgumentException(
                    "'" + text + "' is too fine a share: the finest is one in a million (0.0001%)");
        }
        return new Share(
                count.divide(divisor).intValueExact(), of.divide(divisor).intValueExact());
    }

    public boolean isNone() {
        return count == 0;
    }

    /** {@code 2%} if that is exact, else {@code 1/3}. */
    @Override
    public String toString() {
        BigDecimal percent = BigDecimal.valueOf(count)
                .movePointRight(2)
                .divide(BigDecimal.valueOf(of), 12, RoundingMode.DOWN)
                .stripTrailingZeros();
        boolean exact = percent.multiply(BigDecimal.valueOf(of))
                        .compareTo(BigDecimal.valueOf(count).movePointRight(2))
                == 0;
        return exact ? (percent.signum() == 0 ? "0" : percent.toPlainString()) + "%" : count + "/" + of;
    }
}
