package io.dataflux.reference;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.stream.IntStream;

/** A keyed permutation of [0, k): Fisher and Yates up to 16 elements, six Feistel rounds above. */
final class ReferenceShuffle {

    private static final long M1 = 0xD1342543DE82EF95L;
    private static final long M2 = 0xAF251AF3B0F025B5L;
    private static final int[] ROTATIONS = {0, 17, 34, 51, 5, 22};

    private final long key;
    private final long k;
    private final int[] few;
    private final int lowBits;
    private final int highBits;

    ReferenceShuffle(long key, long k) {
        this.key = key;
        this.k = k;
        this.few = k <= 16 ? fewElements() : new int[0];
        int bits = BigInteger.valueOf(k - 1).bitLength();
        this.lowBits = bits / 2;
        this.highBits = bits - lowBits;
    }

    /** Each product of the key's word and n gives a draw above 2^64 and the next word below. */
    private int[] fewElements() {
        int[] p = IntStream.range(0, (int) k).toArray();
        BigInteger word = Words64.unsigned(key);
        for (int n = 2; n <= k; n++) {
            BigInteger product = word.multiply(BigInteger.valueOf(n));
            int j = product.shiftRight(64).intValueExact();
            word = product.mod(BigInteger.ONE.shiftLeft(64));
            int swapped = p[n - 1];
            p[n - 1] = p[j];
            p[j] = swapped;
        }
        return p;
    }

    long of(long x) {
        if (k <= 16) {
            return few[(int) x];
        }
        long y = x;
        do {
            long[] halves = {y % (1L << lowBits), y >> lowBits};
            for (int r = 0; r < ROTATIONS.length; r++) {
                round(halves, r);
            }
            y = (halves[1] << lowBits) + halves[0];
        } while (y >= k);
        return y;
    }

    long placeOf(long y) {
        if (k <= 16) {
            return Arrays.stream(few).boxed().toList().indexOf((int) y);
        }
        long x = y;
        do {
            long[] halves = {x % (1L << lowBits), x >> lowBits};
            for (int r = ROTATIONS.length - 1; r >= 0; r--) {
                round(halves, r);
            }
            x = (halves[1] << lowBits) + halves[0];
        } while (x >= k);
        return x;
    }

    /** Even rounds change the high half by the low one, odd rounds the low half by the high one. */
    private void round(long[] halves, int r) {
        int changed = r % 2 == 0 ? 1 : 0;
        int bits = changed == 1 ? highBits : lowBits;
        long y = (halves[1 - changed] ^ Long.rotateLeft(key, ROTATIONS[r])) * M1;
        halves[changed] ^= ((y ^ (y >>> 32)) * M2) >>> (64 - bits);
    }
}
