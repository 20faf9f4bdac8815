package io.dataflux.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;

final class WideTest {
    private static final boolean THOROUGH = Boolean.getBoolean("dataflux.thorough");

    /** Reduced 100,000, thorough 3,000,000 triples of all sizes. */
    @Test
    void quotientsEqualBigInteger() {
        int fitting = 0;
        for (int i = 0; i < (THOROUGH ? 3_000_000 : 100_000); i++) {
            fitting += compare(any(i * 3L), any(i * 3L + 1), Math.max(1, any(i * 3L + 2))) ? 1 : 0;
        }
        assertThat(fitting).isGreaterThan(50_000);
    }

    @Test
    void quotientsEqualBigIntegerAtTheEdges() {
        long[] edges = {
            0,
            1,
            2,
            3,
            (1L << 31) - 1,
            1L << 31,
            (1L << 32) - 1,
            1L << 32,
            (1L << 32) + 1,
            (1L << 62) - 1,
            1L << 62,
            Long.MAX_VALUE - 1,
            Long.MAX_VALUE,
            0x7FFFFFFF00000000L,
            0x7FFFFFFFFFFFFFFEL,
            0x4000000000000001L,
            0x00000001FFFFFFFFL
        };
        for (long a : edges) {
            for (long b : edges) {
                for (long c : edges) {
                    if (c > 0) {
                        compare(a, b, c);
                    }
                }
            }
        }
    }

    @Test
    void divisorsThatAreNotPositiveAreRefused() {
        assertThatExceptionOfType(ArithmeticException.class).isThrownBy(() -> Wide.mulDiv(1, 1, 0));
        assertThatExceptionOfType(ArithmeticException.class).isThrownBy(() -> Wide.mulDiv(1L << 40, 1L << 40, 0));
        assertThatExceptionOfType(ArithmeticException.class).isThrownBy(() -> Wide.mulDiv(1, 1, -1));
        assertThatExceptionOfType(ArithmeticException.class).isThrownBy(() -> Wide.mulDiv(-1, 1, 1));
    }

    /** Returns whether the quotient fits in a long. */
    private static boolean compare(long a, long b, long c) {
        BigInteger[] exact =
                BigInteger.valueOf(a).multiply(BigInteger.valueOf(b)).divideAndRemainder(BigInteger.valueOf(c));
        BigInteger ceiling = exact[1].signum() == 0 ? exact[0] : exact[0].add(BigInteger.ONE);
        if (ceiling.bitLength() > 63) {
            assertThatExceptionOfType(ArithmeticException.class).isThrownBy(() -> Wide.mulDivCeil(a, b, c));
            return false;
        }
        if (Wide.mulDiv(a, b, c) != exact[0].longValueExact() || Wide.mulDivCeil(a, b, c) != ceiling.longValueExact()) {
            assertThat(Wide.mulDiv(a, b, c)).as("%d * %d / %d", a, b, c).isEqualTo(exact[0].longValueExact());
            assertThat(Wide.mulDivCeil(a, b, c)).as("%d * %d / %d", a, b, c).isEqualTo(ceiling.longValueExact());
        }
        return true;
    }

    private static long any(long i) {
        long word = Mix.sub(5, i);
        return word >>> 1 >>> Mix.bound(Mix.mix(word), 63);
    }
}
