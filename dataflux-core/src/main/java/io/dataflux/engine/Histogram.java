package io.dataflux.engine;

/**
 * Counts durations by size, to within one part in 128: exact below 128, then 128 counters for each power of two. Takes 58 KB.
 * Used by one thread; recording is a few instructions and allocates nothing.
 */
final class Histogram {

    private static final int PRECISION_BITS = 7;

    private final long[] counts = new long[(Long.SIZE - PRECISION_BITS) << PRECISION_BITS];
    private long total;
    private long max;

    /** Counts a duration {@code times} times; a negative one counts as 0. */
    void record(long nanos, long times) {
        long value = Math.max(0, nanos);
        counts[bucket(value)] += times;
        total += times;
        max = Math.max(max, value);
    }

    void add(Histogram other) {
        for (int i = 0; i < counts.length; i++) {
            counts[i] += other.counts[i];
        }
        total += other.total;
        max = Math.max(max, other.max);
    }

    long count() {
        return total;
    }

    long max() {
        return max;
    }

    /** The smallest duration that at least {@code percent} of a hundred do not exceed; 0 if there are none. */
    long percentile(int percent) {
        long wanted = Math.max(1, (Math.multiplyExact(total, (long) percent) + 99) / 100);
        long seen = 0;
        for (int i = 0; i < counts.length; i++) {
            seen += counts[i];
            if (seen >= wanted) {
                return Math.min(max, highest(i));
            }
        }
        return 0;
    }

    private static int bucket(long value) {
        int shift = Math.max(0, Long.SIZE - 1 - Long.numberOfLeadingZeros(value) - PRECISION_BITS);
        return (shift << PRECISION_BITS) + (int) (value >>> shift);
    }

    /** The largest value that is counted in a bucket. */
    private static long highest(int bucket) {
        int shift = Math.max(0, (bucket >>> PRECISION_BITS) - 1);
        long first = (long) (bucket - (shift << PRECISION_BITS)) << shift;
        return first + (1L << shift) - 1;
    }
}
