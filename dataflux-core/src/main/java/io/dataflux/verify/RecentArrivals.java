package io.dataflux.verify;

import java.util.Arrays;

/**
 * Which events of one shard one source recently brought: the highest local index and a ring of bits for the 16,384 indices up
 * to it. Two events of a key can only be compared where both came in the same source; this is how that is known without keeping
 * every event per source. For what lies further back, all sources together are asked, which is the same for a key that came in
 * one source. The ring starts small and grows with the span that the source has of the shard. Not thread-safe.
 */
final class RecentArrivals {

    static final int LONGEST = 1 << 14;
    private static final int SHORTEST = 1 << 9;

    private long[] ring = new long[SHORTEST >>> 6];
    private long lowest = Long.MAX_VALUE;
    private long highest = -1;
    private long furthest = -1;

    /** The furthest place of an event that the source brought, -1 if none. */
    long furthest() {
        return furthest;
    }

    /** The highest local index that the source brought, -1 if none. */
    long highest() {
        return highest;
    }

    /** Adds an event that was sent at that place. */
    void add(long local, long place) {
        furthest = Math.max(furthest, place);
        add(local);
    }

    private void add(long local) {
        if (highest < 0) {
            highest = local;
        } else if (local > highest) {
            growFor(local - Math.min(lowest, highest) + 1);
            clear(highest + 1, local);
            highest = local;
        } else {
            growFor(highest - local + 1);
        }
        lowest = Math.min(lowest, local);
        if (reaches(local)) {
            ring[word(local)] |= 1L << local;
        }
    }

    /** Whether the ring knows about an index at or below {@link #highest}. */
    boolean covers(long local) {
        return highest - local < LONGEST;
    }

    /** Whether the source brought an index that is {@link #covers covered}. */
    boolean contains(long local) {
        return local <= highest && reaches(local) && (ring[word(local)] & 1L << local) != 0;
    }

    /** The smallest index that the source brought among the covered ones from {@code from} on; -1 if there is none. */
    long next(long from) {
        long at = Math.max(from, highest - size() + 1);
        while (at <= highest) {
            long left = ring[word(at)] >>> at;
            if (left != 0) {
                long found = at + Long.numberOfTrailingZeros(left);
                return found <= highest ? found : -1;
            }
            at = (at | 63) + 1;
        }
        return -1;
    }

    /** About what it takes of memory. */
    int bytes() {
        return 8 * ring.length + 64;
    }

    private int size() {
        return ring.length << 6;
    }

    private boolean reaches(long local) {
        return highest - local < size();
    }

    private int word(long local) {
        return (int) (local >>> 6) & ring.length - 1;
    }

    private void growFor(long span) {
        if (span <= size() || size() == LONGEST) {
            return;
        }
        int wanted = size();
        while (wanted < span && wanted < LONGEST) {
            wanted *= 2;
        }
        long[] old = ring;
        long[] grown = new long[wanted >>> 6];
        for (long at = Math.max(0, highest - size() + 1); at <= highest; at++) {
            if ((old[(int) (at >>> 6) & old.length - 1] & 1L << at) != 0) {
                grown[(int) (at >>> 6) & grown.length - 1] |= 1L << at;
            }
        }
        ring = grown;
    }

    /** Forgets what the ring held where the indices from {@code from} up to and including {@code to} are kept now. */
    private void clear(long from, long to) {
        if (to - from >= size()) {
            Arrays.fill(ring, 0);
            return;
        }
        for (long at = from; at <= to; ) {
            if ((at & 63) == 0 && at + 63 <= to) {
                ring[word(at)] = 0;
                at += 64;
            } else {
                ring[word(at)] &= ~(1L << at);
                at++;
            }
        }
    }
}
