package io.dataflux.schedule;

import java.util.Arrays;

/**
 * A few run lengths, and where the runs begin when they follow each other in any of their rotations. Sessions and the lives of rows are
 * made from it.
 *
 * <p>The lengths are quantiles of a wanted distribution. A round of as many indices as their sum contains every length once; the rotation
 * says which one comes first, so run and step of an index take one table look-up. Immutable and thread-safe; takes 4 bytes for each length
 * and index.
 *
 * <pre>{@code
 * RunTable runs = RunTable.of(1, 2, 2, 3, 5, 8);     // 21 indices hold 6 runs
 * }</pre>
 */
public final class RunTable {
    /** More lengths describe a distribution hardly better and make tables larger. */
    public static final int MOST_RUNS = 16;

    /** The most indices of all runs together. */
    public static final int MOST_INDICES = 1 << 14;

    private static final int STEP = 0xFFFF;

    private final int runs;
    private final int sum;
    private final int longest;
    /** Rotation * runs + run to its length. */
    private final int[] lengths;
    /** Rotation * (runs + 1) + run to its first index; at the end, the sum. */
    private final int[] starts;
    /** Rotation * sum + index to run << 16 | step. */
    private final int[] cuts;

    private RunTable(int[] wanted) {
        runs = wanted.length;
        sum = Arrays.stream(wanted).sum();
        longest = Arrays.stream(wanted).max().orElseThrow();
        lengths = new int[runs * runs];
        starts = new int[runs * (runs + 1)];
        cuts = new int[runs * sum];
        for (int h = 0; h < runs; h++) {
            int at = 0;
            for (int c = 0; c < runs; c++) {
                int length = wanted[(c + h) % runs];
                lengths[h * runs + c] = length;
                starts[h * (runs + 1) + c] = at;
                for (int step = 0; step < length; step++) {
                    cuts[h * sum + at++] = c << 16 | step;
                }
            }
            starts[h * (runs + 1) + runs] = at;
        }
    }

    /**
     * A table of runs.
     *
     * @param lengths 1 to 16 lengths, each at least 1, all together at most 16,384
     * @throws IllegalArgumentException if they are not
     */
    public static RunTable of(int... lengths) {
        long sum = Arrays.stream(lengths).asLongStream().sum();
        if (lengths.length < 1
                || lengths.length > MOST_RUNS
                || sum > MOST_INDICES
                || Arrays.stream(lengths).min().orElseThrow() < 1) {
            throw new IllegalArgumentException("lengths " + Arrays.toString(lengths) + ": 1 to " + MOST_RUNS
                    + " lengths are possible, each at least 1, all together at most " + MOST_INDICES);
        }
        return new RunTable(lengths);
    }

    /** How many runs a round has. */
    public int runs() {
        return runs;
    }

    /** The number of indices of a round. */
    public int sum() {
        return sum;
    }

    public int longest() {
        return longest;
    }

    /** The mean length of a run. */
    public double mean() {
        return (double) sum / runs;
    }

    int length(int rotation, int run) {
        return lengths[rotation * runs + run];
    }

    /** The indices of a round before a run; for the run after the last one, all. */
    int start(int rotation, int run) {
        return starts[rotation * (runs + 1) + run];
    }

    /** Run and step of an index of a round, for {@link #runOf} and {@link #stepOf}. */
    int cut(int rotation, int index) {
        return cuts[rotation * sum + index];
    }

    static int runOf(int cut) {
        return cut >>> 16;
    }

    static int stepOf(int cut) {
        return cut & STEP;
    }

    /** The rotation that is {@code more} further; both are below the number of runs. */
    int rotated(int rotation, int more) {
        int sum = rotation + more;
        return sum >= runs ? sum - runs : sum;
    }

    /** A rotation by a mixed word. */
    int rotation(long word) {
        return (int) Mix.bound(word, runs);
    }
}
