package io.dataflux.schedule;

import java.util.Arrays;

/**
 * The events of a shard that a fault hits: exactly {@code counts} of every {@code of} consecutive events, at places that are shuffled anew
 * for each such block. Whether an event is hit is one shuffle, and the hits of a range can be listed without looking at the other events.
 * Immutable; allocates nothing after construction.
 *
 * <p>Events can belong to classes (such as regions), each with its own count: an event that is hit in a class with a smaller count would
 * also be hit in one with a larger count.
 */
public final class Selection {

    /** Which class an event belongs to; asked only where it matters. */
    @FunctionalInterface
    public interface Classes {
        int classOf(int shard, long local);
    }

    private final long key;
    private final int of;
    private final int[] counts;
    private final int least;
    private final int most;

    /** @param counts per class, all in [0, of] */
    public Selection(long key, int of, int... counts) {
        this.key = key;
        this.of = of;
        this.counts = counts.clone();
        least = Arrays.stream(counts).min().orElse(0);
        most = Arrays.stream(counts).max().orElse(0);
    }

    public boolean isEmpty() {
        return most == 0;
    }

    /** The place of an event among the {@link #of} of its block: it is hit if that is less than the count of its class. */
    private int rank(int shard, long local) {
        return (int) Shuffle.shuffle(blockKey(shard, local / of), of, local % of);
    }

    private long blockKey(int shard, long block) {
        return Mix.sub(Mix.sub(key, shard), block);
    }

    public boolean hits(int shard, long local, Classes classes) {
        if (most == 0) {
            return false;
        }
        int rank = rank(shard, local);
        return rank < least || (rank < most && rank < counts[classes.classOf(shard, local)]);
    }

    /** A number for an event that is hit, unique among those of its shard that can be hit. */
    public long number(int shard, long local) {
        return local / of * most + rank(shard, local);
    }

    /** A random word of an event, for what is drawn once it is hit. */
    public long word(int shard, long local) {
        return Mix.sub(Mix.sub(~key, shard), local);
    }

    /** Takes the local indices of hits. */
    @FunctionalInterface
    public interface Visitor {
        void hit(long local);
    }

    /** Hands over the hits of {@code [from, to)}, in no particular order. */
    public void each(int shard, long from, long to, Classes classes, Visitor visitor) {
        if (most == 0) {
            return;
        }
        for (long begin = from - from % of; begin < to; begin += of) {
            long first = Math.max(from, begin);
            long last = Math.min(to, begin + of);
            if (last - first <= most) {
                for (long local = first; local < last; local++) {
                    if (hits(shard, local, classes)) {
                        visitor.hit(local);
                    }
                }
            } else {
                long blockKey = blockKey(shard, begin / of);
                for (int rank = 0; rank < most; rank++) {
                    long local = begin + Shuffle.unshuffle(blockKey, of, rank);
                    if (local >= first
                            && local < last
                            && (rank < least || rank < counts[classes.classOf(shard, local)])) {
                        visitor.hit(local);
                    }
                }
            }
        }
    }
}
