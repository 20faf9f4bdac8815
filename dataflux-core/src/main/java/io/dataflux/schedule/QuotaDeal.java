package io.dataflux.schedule;

import java.util.Arrays;

/**
 * Deals of indices 0, 1, 2, ... to a few cells of given weights: each a bijection between indices and pairs (cell, index in
 * the cell) that is increasing in every cell.
 *
 * <p>A frame of F positions holds every cell as often as its quota says, in an order that is a function of the key, and repeats forever;
 * each repetition starts elsewhere in the frame, so that no period is visible. Because every frame holds the same counts, the index in a
 * cell, its inverse and the count before an index are arithmetic on one frame.
 *
 * <p>One object holds a family of deals with frames of one size in shared tables, so that going from deal to deal, as a
 * stream does from shard to shard, stays in few cache lines. Immutable and thread-safe. Look-ups allocate nothing:
 * {@link #cell}, {@link #index} and {@link #position} are one table access, {@link #count} a binary search. The tables
 * take 6 bytes a position and 128 a cell, up to frames of 65,536; in larger ones 8 and 256.
 */
public final class QuotaDeal {
    static final int MAX_CELLS = 256;
    private static final int MAX_FRAME = 1 << 24;
    private static final int RANK = 0xFFFFFF;

    private final long[] keys;
    /** The largest number of cells of a deal; tables by cell have this many entries a deal. */
    private final int cells;

    private final int frame;
    /** log2 of the frame, or -1 if it is no power of two. */
    private final int frameBits;

    private final int rotationBits;
    private final int step;
    /** Deal * frame + position to cell << 24 | rank among the cell's positions. */
    private final int[] at;
    /** Start of the cell + rank to position. */
    private final Numbers positions;
    /** Deal * cells + cell to the cell's start in {@link #positions}; the next entry is its end. */
    private final int[] start;
    /** (Deal * rotations + rotation) * cells + cell to the number of the cell's positions before the rotated start. */
    private final Numbers before;

    /** Numbers below a frame's size, in as few bytes as they need: look-ups are scattered, and small tables stay in the caches. */
    private static final class Numbers {
        private final char[] narrow;
        private final int[] wide;

        Numbers(int count, int frame) {
            boolean fit = frame <= 1 << Character.SIZE;
            narrow = new char[fit ? count : 0];
            wide = new int[fit ? 0 : count];
        }

        int get(int i) {
            return wide.length == 0 ? narrow[i] : wide[i];
        }

        void set(int i, int value) {
            if (wide.length == 0) {
                narrow[i] = (char) value;
            } else {
                wide[i] = value;
            }
        }
    }

    private QuotaDeal(long[] keys, int[][] quotas, int cells, int frame) {
        this.keys = keys;
        this.cells = cells;
        this.frame = frame;
        frameBits = Integer.bitCount(frame) == 1 ? Integer.numberOfTrailingZeros(frame) : -1;
        rotationBits = Math.min(6, Integer.numberOfTrailingZeros(frame));
        step = frame >>> rotationBits;
        at = new int[keys.length * frame];
        positions = new Numbers(keys.length * frame, frame);
        start = new int[keys.length * cells + 1];
        before = new Numbers((keys.length << rotationBits) * cells, frame);
        for (int d = 0; d < keys.length; d++) {
            for (int c = 0; c < cells; c++) {
                int quota = c < quotas[d].length ? quotas[d][c] : 0;
                start[d * cells + c + 1] = start[d * cells + c] + quota;
            }
            fillTemplate(d);
            fillBefore(d);
        }
    }

    /**
     * A deal whose cell {@code c} gets {@code quota[c]} of every {@code sum(quota)} indices; it is deal 0 of its family.
     *
     * @throws IllegalArgumentException if there are no or more than 256 cells, a quota below 1, or more than 2^24 positions
     */
    public static QuotaDeal of(long key, int... quota) {
        return family(new long[] {key}, new int[][] {quota});
    }

    /**
     * Deals number 0, 1, ... with a key and quotas each; all quotas have the same sum.
     *
     * @throws IllegalArgumentException as {@link #of}, or if the sums differ or there are more than 2^24 positions in all
     */
    public static QuotaDeal family(long[] keys, int[][] quotas) {
        int cells = 0;
        long frame = 0;
        for (int[] quota : quotas) {
            long sum = Arrays.stream(quota).asLongStream().sum();
            if (quota.length == 0
                    || quota.length > MAX_CELLS
                    || Arrays.stream(quota).min().orElseThrow() < 1) {
                throw new IllegalArgumentException("quotas " + Arrays.toString(quota) + ": 1 to " + MAX_CELLS
                        + " cells are possible, each with a quota of at least 1");
            }
            if (frame > 0 && sum != frame) {
                throw new IllegalArgumentException("quotas " + Arrays.toString(quota) + ": their sum must be " + frame);
            }
            frame = sum;
            cells = Math.max(cells, quota.length);
        }
        if (keys.length == 0 || keys.length != quotas.length || frame * keys.length > MAX_FRAME) {
            throw new IllegalArgumentException(keys.length + " keys and " + quotas.length + " deals of " + frame
                    + " positions: one key a deal and at most " + MAX_FRAME + " positions are possible");
        }
        return new QuotaDeal(keys.clone(), quotas, cells, (int) frame);
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
            long to = Math.round(frame * sum / total);
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

    /** The number of positions after which every cell has had its quota once more. */
    public int frame() {
        return frame;
    }

    /** How many positions of a frame a cell gets. */
    public int quota(int deal, int cell) {
        return start[deal * cells + cell + 1] - start[deal * cells + cell];
    }

    /** The share of all indices that a cell gets. */
    double share(int deal, int cell) {
        return (double) quota(deal, cell) / frame;
    }

    /** The cell of an index. */
    public int cell(int deal, long i) {
        return cellOf(look(deal, i));
    }

    /** The index inside its cell, which is the number of smaller indices in the same cell. */
    public long index(int deal, long i) {
        return index(deal, i, look(deal, i));
    }

    /** The index with the given number in a cell: the inverse of {@link #cell} and {@link #index}. */
    public long position(int deal, int cell, long v) {
        int q = quota(deal, cell);
        long k = v / q;
        int t = rotation(deal, k);
        int r = (int) (v - k * q) + before(deal, t, cell);
        int j = positions.get(start[deal * cells + cell] + (r >= q ? r - q : r)) - t * step;
        return Math.addExact(Math.multiplyExact(k, (long) frame), j < 0 ? j + frame : j);
    }

    /** The number of indices below {@code i} that belong to a cell. */
    public long count(int deal, int cell, long i) {
        long k = frameOf(i);
        int t = rotation(deal, k);
        int q = quota(deal, cell);
        int end = (int) (i - k * frame) + t * step;
        int passed = end < frame ? below(deal, cell, end) : q + below(deal, cell, end - frame);
        return k * q + passed - before(deal, t, cell);
    }

    /** Cell and index inside the frame in one word, for {@link #cellOf} and {@link #index(int, long, long)}. */
    long look(int deal, long i) {
        if (frame == 1) {
            return 0;
        }
        long k = frameOf(i);
        int t = rotation(deal, k);
        int j = (int) (i - k * frame) + t * step;
        int item = at[deal * frame + (j >= frame ? j - frame : j)];
        int c = item >>> 24;
        int r = (item & RANK) - before(deal, t, c);
        return (long) c << 32 | (r < 0 ? r + quota(deal, c) : r);
    }

    static int cellOf(long looked) {
        return (int) (looked >>> 32);
    }

    long index(int deal, long i, long looked) {
        return frameOf(i) * quota(deal, cellOf(looked)) + (int) looked;
    }

    private long frameOf(long i) {
        return frameBits >= 0 ? i >>> frameBits : i / frame;
    }

    private int rotation(int deal, long k) {
        return rotationBits == 0 ? 0 : (int) (Mix.sub(keys[deal], ~k) >>> (Long.SIZE - rotationBits));
    }

    private int before(int deal, int rotation, int cell) {
        return before.get(((deal << rotationBits) + rotation) * cells + cell);
    }

    private int below(int deal, int cell, int end) {
        int from = start[deal * cells + cell];
        int low = from;
        int high = start[deal * cells + cell + 1];
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (positions.get(middle) < end) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - from;
    }

    /** Items sorted by their words; the word gives the item back, so that plain longs can be sorted. */
    private void fillTemplate(int deal) {
        int base = deal * frame;
        long[] words = new long[frame];
        byte[] cellOf = new byte[frame];
        for (int c = 0; c < cells; c++) {
            Arrays.fill(cellOf, start[deal * cells + c] - base, start[deal * cells + c + 1] - base, (byte) c);
        }
        for (int i = 0; i < frame; i++) {
            words[i] = Mix.sub(keys[deal], i) ^ Long.MIN_VALUE;
        }
        Arrays.sort(words);
        int[] next = new int[cells];
        for (int j = 0; j < frame; j++) {
            int c = cellOf[(int) Mix.unsub(keys[deal], words[j] ^ Long.MIN_VALUE)] & 0xFF;
            at[base + j] = c << 24 | next[c];
            positions.set(start[deal * cells + c] + next[c]++, j);
        }
    }

    private void fillBefore(int deal) {
        int[] seen = new int[cells];
        for (int t = 0, j = 0; t < 1 << rotationBits; t++) {
            for (int c = 0; c < cells; c++) {
                before.set(((deal << rotationBits) + t) * cells + c, seen[c]);
            }
            for (; j < (t + 1) * step; j++) {
                seen[at[deal * frame + j] >>> 24]++;
            }
        }
    }
}
