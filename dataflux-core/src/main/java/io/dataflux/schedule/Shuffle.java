package io.dataflux.schedule;

/**
 * A keyed permutation of [0, k) that is computed per element, with its inverse.
 *
 * <p>Up to 16 elements it is a Fisher-Yates shuffle of which only the path of one element is followed, so every order can occur; for more,
 * six Feistel rounds over as many bits as k needs, repeated while the result is outside ("cycle walking", fewer than two rounds on average
 * and none if k is a power of two). Keys have to be mixed words. Pure functions, no allocation.
 */
public final class Shuffle {
    private static final int SMALL = 16;
    private static final long[] FACTORIAL = factorials();
    private static final long M1 = 0xD1342543DE82EF95L;
    private static final long M2 = 0xAF251AF3B0F025B5L;

    private Shuffle() {}

    /** The place to which the permutation of [0, k) under {@code key} sends {@code x}, for {@code 0 <= x < k <= 2^62}. */
    public static long shuffle(long key, long k, long x) {
        if (k <= SMALL) {
            return smallShuffle(key, (int) k, (int) x);
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
        if (k <= SMALL) {
            return smallUnshuffle(key, (int) k, (int) y);
        }
        int bits = Long.SIZE - Long.numberOfLeadingZeros(k - 1);
        long x = y;
        do {
            x = backward(key, bits, x);
        } while (x >= k);
        return x;
    }

    /** The element that ends at place x: its path through the swaps, backwards. Without branches, which would be hard to predict. */
    private static int smallShuffle(long key, int k, int x) {
        int place = x;
        for (int n = k; n > 1; n--) {
            int j = draw(key, n);
            int last = n - 1;
            place ^= (j ^ last) & (ifEqual(place, j) | ifEqual(place, last));
        }
        return place;
    }

    /** The place at which element y ends. Before its own swap y is where it started. */
    private static int smallUnshuffle(long key, int k, int y) {
        int place = y == 0 ? 0 : draw(key, y + 1);
        for (int n = y + 2; n <= k; n++) {
            place ^= (place ^ (n - 1)) & ifEqual(place, draw(key, n));
        }
        return place;
    }

    /** All bits set if two small numbers are equal, else none. */
    private static int ifEqual(int a, int b) {
        return ((a ^ b) - 1) >> 31;
    }

    /**
     * The partner in [0, n) of place n-1 in the shuffle's step n: the digits of the key in the factorial number system. The
     * high word of a product is the digit, the low word what is left for the next, so the rest before step n is
     * key * (n-1)!.
     */
    private static int draw(long key, int n) {
        long rest = key * FACTORIAL[n - 1];
        return (int) (Math.multiplyHigh(rest, n) + (rest >> 63 & n));
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

    private static long[] factorials() {
        long[] factorial = new long[SMALL];
        factorial[0] = 1;
        for (int i = 1; i < SMALL; i++) {
            factorial[i] = factorial[i - 1] * i;
        }
        return factorial;
    }
}
