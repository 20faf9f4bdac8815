package io.dataflux.reference;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/**
 * Words of 64 bits by the published formulas, and what is drawn from them in numbers without a width: every product is whole
 * before it is cut.
 */
final class Words64 {

    static final long GAMMA = 0x9E3779B97F4A7C15L;

    private static final BigInteger HALF = BigInteger.ONE.shiftLeft(63);

    private Words64() {}

    /** Pelle Evensen's moremur. */
    static long mix(long word) {
        long x = word;
        x = (x ^ (x >>> 27)) * 0x3C79AC492BA7B653L;
        x = (x ^ (x >>> 33)) * 0x1C69B3F74AC4AE35L;
        return x ^ (x >>> 27);
    }

    static long sub(long key, long x) {
        return mix(key + GAMMA * (x + 1));
    }

    /** FNV-1a of the UTF-8 bytes, mixed. */
    static long hash(String text) {
        long h = 0xCBF29CE484222325L;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            h = (h ^ Byte.toUnsignedLong(b)) * 0x100000001B3L;
        }
        return mix(h);
    }

    static BigInteger unsigned(long word) {
        return new BigInteger(Long.toUnsignedString(word));
    }

    /** The word's upper 63 bits as a fraction of 1, times n, rounded down: uniform in [0, n). */
    static BigInteger bound(long word, BigInteger n) {
        return unsigned(word).shiftRight(1).multiply(n).divide(HALF);
    }

    static long bound(long word, long n) {
        return bound(word, BigInteger.valueOf(n)).longValueExact();
    }

    /** What {@link #bound} leaves over: the place between its result and the next one, in parts of 2^63. */
    static BigInteger rest(long word, long n) {
        return unsigned(word).shiftRight(1).multiply(BigInteger.valueOf(n)).mod(HALF);
    }

    /** A fraction of 1 in parts of 2^63, rounded down. */
    static BigInteger parts(BigInteger numerator, BigInteger denominator) {
        return numerator.multiply(HALF).divide(denominator);
    }
}
