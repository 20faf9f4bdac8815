package io.dataflux.encode;

import io.dataflux.model.Kind;
import java.math.BigDecimal;

/** Lengths that represent a distribution: its quantiles at the middles of equal parts, in increasing order. Uses only sums and products. */
final class Quantiles {

    private Quantiles() {}

    /**
     * @param shares by length, of which at least one is above 0; their sum need not be 1
     * @param parts how many lengths are wanted
     */
    static int[] of(double[] shares, int parts) {
        double sum = 0;
        for (double share : shares) {
            sum += share;
        }
        int[] quantiles = new int[parts];
        double passed = 0;
        int i = 0;
        for (int length = 1; length < shares.length; length++) {
            passed += shares[length];
            while (shares[length] > 0 && i < quantiles.length && passed >= sum * (i + 0.5) / quantiles.length) {
                quantiles[i++] = length;
            }
        }
        return quantiles;
    }

    static int[] of(Kind.Length length, int parts) {
        double[] shares = new double[length.max() + 1];
        BigDecimal p = length.geometric();
        double share = 1;
        for (int n = length.min(); n <= length.max(); n++) {
            shares[n] = share;
            share *= p == null ? 1 : 1 - p.doubleValue();
        }
        return of(shares, parts);
    }
}
