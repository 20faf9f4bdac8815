package io.dataflux.schedule;

import java.util.Arrays;

/**
 * A deal of indices 0, 1, 2, ... to a few cells of given weights: a bijection between indices and pairs (cell, index in
 * the cell) that is increasing in every cell.
 *
 * <p>A frame of F positions holds every cell as often as its quota says, in an order that is a function of the key, and
 * repeats for ever; each repetition starts elsewhere in the frame, so that no period shows. Because every frame holds the
 * same counts, the index in a cell, its inverse and the count before an index are arithmetic on one frame.
 *
 * <p>Immutable and thread-safe. Look-ups allocate nothing: {@link #cell}, {@link #index} and {@link #position} are one
 * table access, {@link #count} a binary search. The tables take 8 bytes a position.
 */
public final class QuotaDeal {
    static final int MAX_CELLS = 256;
    private static final int MAX_FRAME = 1 << 24;
    private static final int RANK = 0xFFFFFF;

    private final long key;
    private final int frame;
    /** log2 of the frame, or -1 if it is no power of two. */
    private final int frameBits;

    private final int rotationBits;
    private final int step;
    private final int cells;
    private final int[] quota;
    private final int[] start;
    /** Position to cell << 24 | rank among the cell's positions. */
    private final int[] at;
    /** start[cell] + rank to position. */
    private final int[] positions;
    /** Rotation * cells + cell to the number of the cell's positions before the rotated start. */
    private final int[] before;

    private QuotaDeal(long key, int[] quota) {
        this.key = key;
        this.quota = quota.clone();
        cells = quota.length;
        start = new int[cells + 1];
        for (int c = 0; c < cells; c++) {
            start[c + 1] = Math.addExact(start[c], quota[c]);
        }
        frame = start[cells];
        frameBits = Integer.bitCount(frame) == 1 ? Integer.numberOfTrailingZeros(frame) : -1;
        rotationBits = Math.min(6, Integer.numberOfTrailingZeros(frame));
        step = frame >>> rotationBits;
        at = new int[frame];
        positions = new int[frame];
        fillTemplate();
        before = new int[cells << rotationBits];
        fillBefore();
    }

    /**
     * A deal whose cell {@code c} gets {@code quota[c]} of every {@code sum(quota)} indices.
     *
     * @throws IllegalArgumentException if there are no or more than 256 cells, a quota below 1, or more than 2^24 positions
     */
    public static QuotaDeal of(long key, int... quota) {
        long sum = 0;
        for (int q : quota) {
            if (q < 1) {
                throw new IllegalArgumentException("quota " + q + ": at least 1 is needed");
            }
            sum += q;
        }
        if (quota.length == 0 || quota.length > MAX_CELLS || sum > MAX_FRAME) {
            throw new IllegalArgumentException(quota.length + " cells with " + sum + " positions: 1 to " + MAX_CELLS
                    + " cells and at most " + MAX_FRAME + " positions are possible");
        }
        return new QuotaDeal(key, quota);
    }

    /** The deal of everything to one cell: index = position. */
    static QuotaDeal single() {
        return new QuotaDeal(0, new int[] {1});
    }

    /**
     * Quotas for cells of given masses in a frame; the rounding errors do not add up over neighbouring cells. A cell whose
     * share rounds to nothing keeps one position, at the expense of the largest.
     */
    static int[] quotas(double[] mass, int frame) {
        int cells = mass.length;
        double total = 0;
        for (double m : mass) {
            total += m;
        }
        int[] quota = new int[cells];
        double sum = 0;
        long from = 0;
        for (int c = 0; c < cells; c++) {
            sum += mass[c];
            long to = c == cells - 1 ? frame : Math.round(frame * sum / total);
            quota[c] = (int) (to - from);
            from = to;
        }
        for (int c = 0; c < cells; c++) {
            if (quota[c] == 0) {
                int largest = 0;
                for (int d = 1; d < cells; d++) {
                    largest = quota[d] > quota[largest] ? d : largest;
                }
                quota[largest]--;
                quota[c] = 1;
            }
        }
        return quota;
    }

    public int cells() {
        return cells;
    }

    /** The number of positions after which every cell has had its quota once more. */
    public int frame() {
        return frame;
    }

    public int quota(int cell) {
        return quota[cell];
    }

    /** The share of all indices that a cell gets. */
    double share(int cell) {
        return (double) quota[cell] / frame;
    }

    /** The cell of an index. */
    public int cell(long i) {
        return cellOf(deal(i));
    }

    /** The index inside its cell, which is the number of smaller indices in the same cell. */
    public long index(long i) {
        return index(i, deal(i));
    }

    /** The index with the given number in a cell: the inverse of {@link #cell} and {@link #index}. */
    public long position(int cell, long v) {
        int q = quota[cell];
        long k = v / q;
        int t = rotation(k);
        int r = (int) (v - k * q) + before[t * cells + cell];
        int j = positions[start[cell] + (r >= q ? r - q : r)] - t * step;
        return Math.addExact(Math.multiplyExact(k, (long) frame), j < 0 ? j + frame : j);
    }

    /** The number of indices below {@code i} that belong to a cell. */
    public long count(int cell, long i) {
        long k = frameOf(i);
        int t = rotation(k);
        int end = (int) (i - k * frame) + t * step;
        int passed = end < frame ? below(cell, end) : quota[cell] + below(cell, end - frame);
        return k * quota[cell] + passed - before[t * cells + cell];
    }

    /** Cell and index inside the frame in one word, for {@link #cellOf} and {@link #index(long, long)}: one look-up. */
    long deal(long i) {
        long k = frameOf(i);
        int t = rotation(k);
        int j = (int) (i - k * frame) + t * step;
        int item = at[j >= frame ? j - frame : j];
        int c = item >>> 24;
        int r = (item & RANK) - before[t * cells + c];
        return (long) c << 32 | (r < 0 ? r + quota[c] : r);
    }

    static int cellOf(long dealt) {
        return (int) (dealt >>> 32);
    }

    long index(long i, long dealt) {
        return frameOf(i) * quota[cellOf(dealt)] + (int) dealt;
    }

    private long frameOf(long i) {
        return frameBits >= 0 ? i >>> frameBits : i / frame;
    }

    private int rotation(long k) {
        return rotationBits == 0 ? 0 : (int) (Mix.sub(key, ~k) >>> (Long.SIZE - rotationBits));
    }

    private int below(int cell, int end) {
        int low = start[cell];
        int high = start[cell + 1];
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (positions[middle] < end) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - start[cell];
    }

    /** Items sorted by their words; the word gives the item back, so that plain longs can be sorted. */
    private void fillTemplate() {
        long[] words = new long[frame];
        byte[] cellOf = new byte[frame];
        for (int i = 0, c = 0; i < frame; i++) {
            c += i == start[c + 1] ? 1 : 0;
            cellOf[i] = (byte) c;
            words[i] = Mix.sub(key, i) ^ Long.MIN_VALUE;
        }
        Arrays.sort(words);
        int[] next = new int[cells];
        for (int j = 0; j < frame; j++) {
            int c = cellOf[(int) Mix.unsub(key, words[j] ^ Long.MIN_VALUE)] & 0xFF;
            at[j] = c << 24 | next[c];
            positions[start[c] + next[c]++] = j;
        }
    }

    private void fillBefore() {
        int[] seen = new int[cells];
        for (int t = 0, j = 0; t < 1 << rotationBits; t++) {
            System.arraycopy(seen, 0, before, t * cells, cells);
            for (; j < (t + 1) * step; j++) {
                seen[at[j] >>> 24]++;
            }
        }
    }
}
