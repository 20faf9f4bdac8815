package io.dataflux.schedule;

/**
 * A keyed permutation of [0, k) that is computed per element, with its inverse.
 *
 * <p>Up to 16 elements it is a Fisher-Yates shuffle held in the nibbles of one long, so that every order can occur; above,
 * six Feistel rounds over as many bits as k needs, repeated while the result is outside ("cycle walking", fewer than two
 * rounds on average and none if k is a power of two). Keys have to be mixed words. Pure functions, no allocation.
 */
public final class Shuffle {
    private static final int NIBBLES = 16;
    private static final long IDENTITY = 0xFEDCBA9876543210L;
    private static final long ONES = 0x1111111111111111L;
    private static final long M1 = 0xD1342543DE82EF95L;
    private static final long M2 = 0xAF251AF3B0F025B5L;

    private Shuffle() {}

    /** The place to which the permutation of [0, k) under {@code key} sends {@code x}, for {@code 0 <= x < k <= 2^62}. */
    public static long shuffle(long key, long k, long x) {
        if (k <= NIBBLES) {
            return nibbles(key, (int) k) >>> (x << 2) & 15;
        }
        int bits = Long.SIZE - Long.numberOfLeadingZeros(k - 1);
        long y = x;
        do {
            y = forward(key, bits, y);
        } while (y >= k);
        return y;
    }

    /** The element that the permutation of [0, k) under {@code key} sends to {@code y}. */
    public static long unshuffle(long key, long k, long y) {
        if (k <= NIBBLES) {
            long differing = nibbles(key, (int) k) ^ y * ONES;
            long zero = (differing - ONES) & ~differing & ONES << 3;
            long bit = Long.numberOfTrailingZeros(zero);
            return bit >>> 2;
        }
        int bits = Long.SIZE - Long.numberOfLeadingZeros(k - 1);
        long x = y;
        do {
            x = backward(key, bits, x);
        } while (x >= k);
        return x;
    }

    private static long nibbles(long key, int k) {
        long p = IDENTITY;
        long w = key;
        for (int n = 2; n <= k; n++) {
            // the product's high word is the draw, its low word the randomness that is left
            long j = Math.multiplyHigh(w, n) + (w >> 63 & n);
            w *= n;
            int a = (n - 1) << 2;
            int b = (int) j << 2;
            long swap = (p >>> a ^ p >>> b) & 15;
            p ^= swap << a | swap << b;
        }
        return p;
    }

    private static long forward(long key, int bits, long x) {
        int low = bits >>> 1;
        int high = bits - low;
        long l = x & (1L << low) - 1;
        long h = x >>> low;
        h ^= round(l, key, high);
        l ^= round(h, Long.rotateLeft(key, 17), low);
        h ^= round(l, Long.rotateLeft(key, 34), high);
        l ^= round(h, Long.rotateLeft(key, 51), low);
        h ^= round(l, Long.rotateLeft(key, 5), high);
        l ^= round(h, Long.rotateLeft(key, 22), low);
        return h << low | l;
    }

    private static long backward(long key, int bits, long y) {
        int low = bits >>> 1;
        int high = bits - low;
        long l = y & (1L << low) - 1;
        long h = y >>> low;
        l ^= round(h, Long.rotateLeft(key, 22), low);
        h ^= round(l, Long.rotateLeft(key, 5), high);
        l ^= round(h, Long.rotateLeft(key, 51), low);
        h ^= round(l, Long.rotateLeft(key, 34), high);
        l ^= round(h, Long.rotateLeft(key, 17), low);
        h ^= round(l, key, high);
        return h << low | l;
    }

    private static long round(long x, long key, int bits) {
        long y = (x ^ key) * M1;
        return ((y ^ y >>> 32) * M2) >>> (Long.SIZE - bits);
    }
}
