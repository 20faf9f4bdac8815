package io.dataflux.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class MixTest {
    @Test
    void unmixTakesMixBack() {
        for (long i = 0; i < 100_000; i++) {
            long x = i * 0x9E3779B97F4A7C15L ^ i << 40;
            assertThat(Mix.unmix(Mix.mix(x))).isEqualTo(x);
            assertThat(Mix.mix(Mix.unmix(x))).isEqualTo(x);
        }
        assertThat(Mix.unmix(Mix.mix(-1))).isEqualTo(-1);
        assertThat(Mix.unmix(Mix.mix(Long.MIN_VALUE))).isEqualTo(Long.MIN_VALUE);
    }

    @Test
    void unsubFindsTheNumberOfADerivedKey() {
        for (long x = -1000; x < 1000; x++) {
            assertThat(Mix.unsub(77, Mix.sub(77, x))).isEqualTo(x);
        }
    }

    @Test
    void boundIsTheHighPartOfTheProduct() {
        for (int i = 0; i < 100_000; i++) {
            long word = Mix.sub(1, i);
            long n = 1 + (Mix.sub(2, i) >>> 2 >>> Mix.bound(Mix.sub(3, i), 62));
            BigInteger product = BigInteger.valueOf(word >>> 1).multiply(BigInteger.valueOf(n));
            assertThat(Mix.bound(word, n)).isEqualTo(product.shiftRight(63).longValueExact());
        }
        assertThat(Mix.bound(-1, 10)).isEqualTo(9);
        assertThat(Mix.bound(0, 10)).isZero();
    }

    /** 64 x 64 probabilities over 20,000 words, each within 6 standard deviations of a half. */
    @Test
    void everyInputBitMovesEveryOutputBitHalfOfTheTime() {
        int words = 20_000;
        int[] changed = new int[64 * 64];
        for (int i = 0; i < words; i++) {
            for (int in = 0; in < 64; in++) {
                long difference = Mix.mix(i) ^ Mix.mix(i ^ 1L << in);
                for (int out = 0; out < 64; out++) {
                    changed[in * 64 + out] += (int) (difference >>> out & 1);
                }
            }
        }
        double limit = 6 * Math.sqrt(words / 4.0);
        for (int count : changed) {
            assertThat((double) count).isBetween(words / 2.0 - limit, words / 2.0 + limit);
        }
    }

    @Test
    void hashIsOverTheUtf8Bytes() {
        byte[] bytes = "xx/größe/\uD83D\uDE00yy".getBytes(StandardCharsets.UTF_8);
        assertThat(Mix.hash(bytes, 2, bytes.length - 2)).isEqualTo(Mix.hash("/größe/\uD83D\uDE00"));
        assertThat(Mix.hash("")).isEqualTo(Mix.mix(0xCBF29CE484222325L));
        assertThat(Mix.unmix(Mix.hash("foobar"))).as("published FNV-1a value").isEqualTo(0x85944171F73967E8L);
    }
}
