package io.dataflux.schedule;

import java.util.Arrays;

/**
 * Tables of as many run lengths each, used one after the other: lengths as fine as the wanted distribution, where a single
 * {@link RunTable} has room for a few of its quantiles.
 *
 * <p>A <i>period</i> of as many indices as all lengths together passes all tables, beginning with any of them. In a table the runs follow
 * each other in any of their rotations, as in a {@link RunTable}. The sums of the tables may differ: if they had to be equal, two lengths
 * of which one is rare, such as 1 and 2 with chances of 97 and 3 percent, could not be divided among tables at all.
 *
 * <p>Immutable and thread-safe; takes one byte for each index and about 350 for each table.
 */
public final class RunFamily {
    /** How many tables {@link #deal} makes. */
    static final int TABLES = 256;

    /** How many lengths {@link #deal} takes. */
    public static final int LENGTHS = TABLES * RunTable.MOST_RUNS;

    /** Numbers this far apart, modulo the number of tables, spread evenly however few they are: about the golden section of it. */
    private static final long STRIDE = 157;

    private static final int MOST_INDICES = 1 << 20;
    private static final long KEY = Mix.hash("runs");

    private final int runBits;
    private final int runs;
    private final int tables;
    private final int sum;
    private final int longest;
    /** For every eighth index, its table. */
    private final byte[] tableAt;
    /** By table, and at the end, the indices before it. */
    private final int[] firsts;
    /** Table * 2 * runs + i to the indices before run i, for two rounds. */
    private final char[] starts;
    /** Table * 4 * runs + i to the sum of those numbers for the runs before i, for three rounds. */
    private final int[] sums;
    /** By index, its run without rotation. */
    private final byte[] runAt;

    private RunFamily(int[][] lengths) {
        tables = lengths.length;
        runs = lengths[0].length;
        runBits = Integer.numberOfTrailingZeros(runs);
        firsts = new int[tables + 1];
        starts = new char[tables * 2 * runs];
        sums = new int[tables * 4 * runs];
        for (int t = 0; t < tables; t++) {
            firsts[t + 1] = firsts[t] + Arrays.stream(lengths[t]).sum();
            int start = 0;
            for (int i = 0; i < 3 * runs; i++) {
                int at = (t << runBits + 2) + i;
                sums[at + 1] = sums[at] + start;
                if (i < 2 * runs) {
                    starts[(t << runBits + 1) + i] = (char) start;
                }
                start += lengths[t][i & runs - 1];
            }
        }
        sum = firsts[tables];
        longest = Arrays.stream(lengths).flatMapToInt(Arrays::stream).max().orElseThrow();
        tableAt = new byte[(sum + 7) / 8];
        runAt = new byte[sum];
        for (int t = 0; t < tables; t++) {
            Arrays.fill(tableAt, (firsts[t] + 7) / 8, (firsts[t + 1] + 7) / 8, (byte) t);
            for (int c = 0; c < runs; c++) {
                int from = firsts[t] + start(t, 0, c);
                Arrays.fill(runAt, from, from + length(t, c), (byte) c);
            }
        }
    }

    /**
     * Deals lengths to tables: each gets one from each sixteenth of them, and any few tables in a row get them evenly from all over that
     * sixteenth, so that the lengths seen next at a few places are distributed as all are.
     *
     * @param sorted {@link #LENGTHS} lengths, each at least 1, in increasing order, all together at most 2^20
     */
    public static RunFamily deal(int... sorted) {
        if (sorted.length != LENGTHS) {
            throw new IllegalArgumentException(sorted.length + " lengths: " + LENGTHS + " are needed");
        }
        int[][] lengths = new int[TABLES][RunTable.MOST_RUNS];
        for (int t = 0; t < TABLES; t++) {
            for (int part = 0; part < RunTable.MOST_RUNS; part++) {
                long moved = Mix.sub(KEY, part) + (part % 2 == 0 ? t : -t) * STRIDE;
                int place = (int) Shuffle.shuffle(Mix.sub(KEY, ~t), RunTable.MOST_RUNS, part);
                lengths[t][place] = sorted[part * TABLES + (int) (moved & TABLES - 1)];
            }
        }
        return of(lengths);
    }

    /** @param lengths 2^n tables of 2^m lengths, up to 16 */
    static RunFamily of(int[]... lengths) {
        long sum = Arrays.stream(lengths)
                .flatMapToInt(Arrays::stream)
                .asLongStream()
                .sum();
        int least = Arrays.stream(lengths).flatMapToInt(Arrays::stream).min().orElseThrow();
        if (sum > MOST_INDICES || least < 1) {
            throw new IllegalArgumentException("lengths from " + least + " on, all together " + sum
                    + ": each is at least 1, all together at most " + MOST_INDICES);
        }
        return new RunFamily(lengths);
    }

    /** How many runs a table has: 1, 2, 4, 8 or 16, of which this is the binary logarithm. */
    int runBits() {
        return runBits;
    }

    int tables() {
        return tables;
    }

    /** The number of indices of a period. */
    int sum() {
        return sum;
    }

    /** The number of indices of a table. */
    int sum(int table) {
        return firsts[table + 1] - firsts[table];
    }

    public int longest() {
        return longest;
    }

    /** The mean length of a run. */
    public double mean() {
        return (double) sum / (tables << runBits);
    }

    /** The table with this number, modulo their number. */
    int table(long number) {
        return (int) number & (tables - 1);
    }

    /** The index, counted from the first table, that is {@code more} after the beginning of a table; {@code more} is less than a period. */
    int after(int table, long more) {
        int index = firsts[table] + (int) more;
        return index >= sum ? index - sum : index;
    }

    int tableAt(int index) {
        int table = tableAt[index >>> 3] & 0xFF;
        table += firsts[table + 1] - 1 - index >>> 31; // the next one more often than could be predicted
        while (firsts[table + 1] <= index) {
            table++;
        }
        return table;
    }

    /** The indices of the tables from {@code from} on that are passed before {@code to} begins. */
    int between(int from, int to) {
        int indices = firsts[to] - firsts[from];
        return indices < 0 ? indices + sum : indices;
    }

    /** Where the index is in its table. */
    int within(int table, int index) {
        return index - firsts[table];
    }

    /** The length of a run, without rotation. */
    private int length(int table, int run) {
        return start(table, run, 1);
    }

    int length(int table, int rotation, int run) {
        return length(table, rotated(rotation, run));
    }

    /** The indices of a rotated table before a run; for the run after the last one, all. */
    int start(int table, int rotation, int run) {
        int at = (table << runBits + 1) + rotation;
        return starts[at + run] - starts[at];
    }

    /** The sum of {@link #start} for {@code run} over {@code rotations} rotations, from {@code rotation} on. */
    int starts(int table, int rotation, int rotations, int run) {
        int at = (table << runBits + 2) + rotation;
        return sums[at + rotations + run] - sums[at + run] - sums[at + rotations] + sums[at];
    }

    /** The run of an index within a rotated table. */
    int run(int table, int rotation, int within) {
        int moved = within + starts[(table << runBits + 1) + rotation];
        int all = sum(table);
        return runAt[firsts[table] + (moved >= all ? moved - all : moved)] - rotation & runs - 1;
    }

    /** The rotation that is {@code more} further. */
    int rotated(int rotation, int more) {
        return rotation + more & runs - 1;
    }

    /** A rotation by a mixed word. */
    int rotation(long word) {
        return (int) (word >>> 1 >>> 63 - runBits);
    }
}
