package io.dataflux.schedule;

import java.nio.charset.StandardCharsets;

/**
 * The word mixer that every draw, deal and identity is made of: a strong 64-bit bijection with a known inverse, and the
 * derivations on top of it.
 *
 * <p>Pure functions; no allocation except for {@link #hash(String)}. The mixer is Pelle Evensen's <i>moremur</i>.
 */
public final class Mix {
    /** 2^64 divided by the golden ratio, odd: the distance between neighbouring inputs of {@link #sub}. */
    public static final long GAMMA = 0x9E3779B97F4A7C15L;

    private static final long FIRST = 0x3C79AC492BA7B653L;
    private static final long SECOND = 0x1C69B3F74AC4AE35L;
    private static final long FIRST_INVERSE = inverse(FIRST);
    private static final long SECOND_INVERSE = inverse(SECOND);
    private static final long GAMMA_INVERSE = inverse(GAMMA);
    private static final long FNV_OFFSET = 0xCBF29CE484222325L;
    private static final long FNV_PRIME = 0x100000001B3L;

    private Mix() {}

    /** Mixes a word; a bijection. */
    public static long mix(long x) {
        x ^= x >>> 27;
        x *= FIRST;
        x ^= x >>> 33;
        x *= SECOND;
        return x ^ x >>> 27;
    }

    /** The word that {@link #mix} turns into {@code x}. */
    public static long unmix(long x) {
        x ^= x >>> 27 ^ x >>> 54;
        x *= SECOND_INVERSE;
        x ^= x >>> 33;
        x *= FIRST_INVERSE;
        return x ^ x >>> 27 ^ x >>> 54;
    }

    /** The derived key number {@code x} of a key; distinct {@code x} give distinct words. */
    public static long sub(long key, long x) {
        return mix(key + GAMMA * (x + 1));
    }

    /** The {@code x} for which {@link #sub} gives {@code word}. */
    static long unsub(long key, long word) {
        return (unmix(word) - key) * GAMMA_INVERSE - 1;
    }

    /** Maps a random word to [0, n) for {@code 0 < n < 2^62}, without rejection: one multiplication. */
    public static long bound(long word, long n) {
        return Math.multiplyHigh(word >>> 1, n << 1);
    }

    /** A stable hash of a text's UTF-8 bytes, for names and field paths. */
    public static long hash(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return hash(bytes, 0, bytes.length);
    }

    /** A stable hash of {@code bytes[from, to)}: FNV-1a, then {@link #mix}. */
    public static long hash(byte[] bytes, int from, int to) {
        long h = FNV_OFFSET;
        for (int i = from; i < to; i++) {
            h = (h ^ (bytes[i] & 0xFF)) * FNV_PRIME;
        }
        return mix(h);
    }

    /** The inverse of an odd number modulo 2^64 by Newton's iteration; each step doubles the right bits. */
    private static long inverse(long odd) {
        long x = odd;
        for (int i = 0; i < 5; i++) {
            x *= 2 - odd * x;
        }
        return x;
    }
}
