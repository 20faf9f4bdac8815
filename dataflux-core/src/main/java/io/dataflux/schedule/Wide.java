package io.dataflux.schedule;

/** Products of 128 bits divided back into 63: exact arithmetic on rates and times, for operands that are not negative. */
public final class Wide {
    private static final long LOW = 0xFFFFFFFFL;
    private static final long BASE = 1L << 32;

    private Wide() {}

    /**
     * {@code floor(a * b / c)} for {@code a, b >= 0} and {@code c > 0}. One division if the product fits in 64 bits.
     *
     * @throws ArithmeticException if the result does not fit in 63 bits, or c is not positive
     */
    public static long mulDiv(long a, long b, long c) {
        long high = Math.multiplyHigh(a, b);
        long low = a * b;
        if ((high | low >>> 63) == 0 && c > 0) {
            return low / c;
        }
        // high >= c: the quotient needs more than 64 bits, or c is not positive
        if (high < 0 || high >= c) {
            throw new ArithmeticException(a + " * " + b + " / " + c + " does not fit in a long");
        }
        long quotient = high == 0 ? Long.divideUnsigned(low, c) : divide(high, low, c);
        if (quotient < 0) {
            throw new ArithmeticException(a + " * " + b + " / " + c + " does not fit in a long");
        }
        return quotient;
    }

    /** {@code ceil(a * b / c)}; otherwise as {@link #mulDiv}. */
    public static long mulDivCeil(long a, long b, long c) {
        long quotient = mulDiv(a, b, c);
        return a * b == quotient * c ? quotient : Math.addExact(quotient, 1);
    }

    /** 128 by 64 bits in two digits of 32 (Knuth, algorithm D), for {@code 0 < high < divisor < 2^63}. */
    private static long divide(long high, long low, long divisor) {
        int shift = Long.numberOfLeadingZeros(divisor);
        long d = divisor << shift;
        long top = high << shift | low >>> (Long.SIZE - shift);
        long rest = low << shift;
        long q1 = digit(top, rest >>> 32, d);
        long remainder = (top << 32 | rest >>> 32) - q1 * d;
        long q0 = digit(remainder, rest & LOW, d);
        return (q1 << 32) + q0;
    }

    private static long digit(long top, long next, long divisor) {
        long d1 = divisor >>> 32;
        long d0 = divisor & LOW;
        long q = Long.divideUnsigned(top, d1);
        long r = top - q * d1;
        while (q >= BASE || Long.compareUnsigned(q * d0, r << 32 | next) > 0) {
            q--;
            r += d1;
            if (r >= BASE) {
                break;
            }
        }
        return q;
    }
}
