package io.dataflux.verify;

import io.dataflux.ledger.Ranges;
import java.util.PrimitiveIterator;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.LongStream;
import java.util.stream.StreamSupport;

/**
 * The sequences of one stream that have one finding, each once: a bit per event at worst, as long as they lie within some 16,000 pages of
 * 65,536; what lies in further pages only moves the bounds. Adding is O(log pages); not thread-safe.
 */
final class Sequences {

    private static final int MOST_PAGES = 1 << 14;

    private final ArrivedSet kept;
    private long lowest = Long.MAX_VALUE;
    private long highest = -1;

    Sequences() {
        this(new ArrivedSet());
    }

    private Sequences(ArrivedSet kept) {
        this.kept = kept;
    }

    void add(long sequence) {
        lowest = Math.min(lowest, sequence);
        highest = Math.max(highest, sequence);
        if (kept.partialPages() < MOST_PAGES) {
            kept.add(sequence);
        }
    }

    /** The same sequences as they are now. */
    Sequences copy() {
        Sequences copy = new Sequences(kept.copy());
        copy.lowest = lowest;
        copy.highest = highest;
        return copy;
    }

    /** The lowest sequence. */
    long from() {
        return lowest;
    }

    /** One more than the highest sequence. */
    long to() {
        return highest + 1;
    }

    /** The end of the run of sequences that begins with the lowest. */
    long endOfFirst() {
        return Math.max(lowest + 1, kept.nextAbsent(lowest));
    }

    /** The lowest sequences in order. */
    long[] lowest(int most) {
        return all().limit(most).toArray();
    }

    /** The sequences in order, found while they are asked for. */
    LongStream all() {
        PrimitiveIterator.OfLong each = new PrimitiveIterator.OfLong() {
            private long next = kept.nextPresent(0);

            @Override
            public boolean hasNext() {
                return next != Long.MAX_VALUE;
            }

            @Override
            public long nextLong() {
                long given = next;
                next = kept.nextPresent(given + 1);
                return given;
            }
        };
        return StreamSupport.longStream(
                Spliterators.spliteratorUnknownSize(each, Spliterator.ORDERED | Spliterator.DISTINCT), false);
    }

    /** The lowest sequences as at most that many ranges. */
    Ranges ranges(int most) {
        Ranges ranges = new Ranges();
        for (long from = kept.nextPresent(0);
                from != Long.MAX_VALUE && ranges.size() < most;
                from = kept.nextPresent(kept.nextAbsent(from))) {
            ranges.add(from, kept.nextAbsent(from));
        }
        return ranges;
    }
}
