package io.dataflux.verify;

import io.dataflux.ledger.Ranges;
import java.util.Arrays;

/**
 * The sequences of one stream that have one finding: how far they reach, and the lowest 50,000 of them. Adding is O(1) on
 * average; not thread-safe.
 */
final class Sequences {

    private static final int KEPT = 50_000;

    private long[] kept = new long[16];
    private int size;
    private long lowest = Long.MAX_VALUE;
    private long highest = -1;

    void add(long sequence) {
        lowest = Math.min(lowest, sequence);
        highest = Math.max(highest, sequence);
        if (size == 2 * KEPT) {
            Arrays.sort(kept, 0, size);
            size = KEPT;
        }
        if (size == kept.length) {
            kept = Arrays.copyOf(kept, 2 * size);
        }
        kept[size++] = sequence;
    }

    /** The lowest sequence. */
    long from() {
        return lowest;
    }

    /** One more than the highest sequence. */
    long to() {
        return highest + 1;
    }

    /** The lowest sequences in order, each once. */
    long[] lowest(int most) {
        return Arrays.stream(kept, 0, size)
                .sorted()
                .distinct()
                .limit(Math.min(most, KEPT))
                .toArray();
    }

    /** The lowest sequences as ranges. */
    Ranges ranges() {
        Ranges ranges = new Ranges();
        for (long sequence : lowest(KEPT)) {
            ranges.add(sequence, sequence + 1);
        }
        return ranges;
    }
}
