package io.dataflux.schedule;

/**
 * Pearson's chi-square test of counts against one expectation. Seeds are fixed, so that a test that passes passes always;
 * alpha says how likely another seed would have failed.
 */
final class ChiSquare {
    /** The standard normal quantile of 1 - alpha, for an alpha of 10^-6. */
    private static final double QUANTILE = 4.753;

    private ChiSquare() {}

    static double statistic(long[] counts, double expected) {
        double sum = 0;
        for (long count : counts) {
            sum += (count - expected) * (count - expected) / expected;
        }
        return sum;
    }

    /** The value that the statistic exceeds with probability alpha (Wilson and Hilferty). */
    static double limit(double degrees) {
        double variance = 2 / (9 * degrees);
        return degrees * Math.pow(1 - variance + QUANTILE * Math.sqrt(variance), 3);
    }

    /** The value below which it stays with probability alpha: an order that is more even than chance. */
    static double lowerLimit(double degrees) {
        double variance = 2 / (9 * degrees);
        return degrees * Math.pow(Math.max(0, 1 - variance - QUANTILE * Math.sqrt(variance)), 3);
    }
}
