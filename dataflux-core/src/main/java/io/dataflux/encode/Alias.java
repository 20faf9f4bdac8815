package io.dataflux.encode;

import io.dataflux.schedule.Mix;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Draws an index by weight with one word: Walker's alias method with Vose's construction, in integers. A word picks a column and,
 * with what is left of it, the column's own index or its alias.
 */
record Alias(long[] threshold, int[] alias) {

    /** @param weights not negative, not all zero */
    static Alias of(List<BigInteger> weights) {
        int n = weights.size();
        BigInteger columns = BigInteger.valueOf(n);
        BigInteger full = weights.stream().reduce(BigInteger.ZERO, BigInteger::add); // a column's height, times n
        BigInteger[] rest = new BigInteger[n];
        Deque<Integer> low = new ArrayDeque<>();
        Deque<Integer> high = new ArrayDeque<>();
        for (int i = 0; i < n; i++) {
            rest[i] = weights.get(i).multiply(columns);
            (rest[i].compareTo(full) < 0 ? low : high).add(i);
        }
        long[] threshold = new long[n];
        int[] alias = new int[n];
        while (!low.isEmpty() && !high.isEmpty()) {
            int small = low.remove();
            int large = high.element();
            threshold[small] = rest[small].shiftLeft(63).divide(full).longValueExact();
            alias[small] = large;
            rest[large] = rest[large].subtract(full.subtract(rest[small]));
            if (rest[large].compareTo(full) < 0) {
                high.remove();
                low.add(large);
            }
        }
        for (Deque<Integer> left : List.of(low, high)) {
            for (int i : left) {
                threshold[i] = Long.MAX_VALUE;
                alias[i] = i;
            }
        }
        return new Alias(threshold, alias);
    }

    /** Draws one of n with weights that begin at 1 and shrink by the factor 1 - p. */
    static Alias geometric(int n, double p) {
        List<BigInteger> weights = new ArrayList<>();
        double weight = 1L << 50;
        for (int i = 0; i < n; i++) {
            weights.add(BigInteger.valueOf((long) weight + (i == 0 ? 1 : 0)));
            weight *= 1 - p;
        }
        return of(weights);
    }

    int index(long word) {
        long fraction = word >>> 1;
        long columns = (long) threshold.length << 1;
        int column = (int) Math.multiplyHigh(fraction, columns);
        return fraction * columns >>> 1 < threshold[column] ? column : alias[column];
    }

    /** An index in {@code [0, n)}, all equally likely: {@link #index} without weights. */
    static int uniform(long word, int n) {
        return (int) Mix.bound(word, n);
    }
}
