package io.dataflux.schedule;

import java.util.Arrays;

/**
 * The order in which the events of a shard are delivered, block by block: which are left out, which come later, which come twice. No event
 * leaves its block, so a block is a function of its number. {@link #load} computes one; the arrays are reused. Not thread-safe; allocates
 * nothing after construction.
 *
 * <p>A delivery is sent at the time of a <i>position</i>, a local index at or after its event's. At a position, the event that belongs
 * there comes first, then the events that were moved there, ordered by their own index, and copies after their originals.
 */
public final class Deliveries implements Selection.Visitor {

    private static final byte DROPPED = 1;
    private static final byte WHOLE = 2;
    private static final byte MOVED = 4;
    private static final byte TWICE = 8;

    /** What happens to the deliveries of a stream. Immutable. */
    public record Rules(
            int block,
            Selection drop,
            Selection corrupt,
            Selection duplicate,
            int again,
            Selection reorder,
            int delay) {

        /** By how many positions an event that is hit is moved, unless it reaches the block's end. */
        int delayOf(int shard, long local) {
            return 1 + (int) Mix.bound(reorder.word(shard, local), delay);
        }

        int againAfter(int shard, long local) {
            return 1 + (int) Mix.bound(duplicate.word(shard, local), again);
        }
    }

    private final Rules rules;
    private final Selection.Classes classes;
    private final int block;
    private final byte[] marks;
    private byte bit;
    /** By position: where the events begin that were moved there. */
    private final int[] movedTo;

    private final int[] moved;
    /** Position, local index within the block, copy. */
    private final int[] position;

    private final int[] event;
    private final boolean[] copy;
    private int size;
    private int shard = -1;
    private long number = -1;

    public Deliveries(Rules rules, Selection.Classes classes) {
        this.rules = rules;
        this.classes = classes;
        block = rules.block();
        marks = new byte[block];
        movedTo = new int[block + 1];
        moved = new int[2 * block];
        position = new int[2 * block];
        event = new int[2 * block];
        copy = new boolean[2 * block];
    }

    /** Computes the deliveries of a shard's events {@code [number * block, (number + 1) * block)}, unless they are loaded already. */
    public void load(int itsShard, long itsNumber) {
        if (shard == itsShard && number == itsNumber) {
            return;
        }
        shard = itsShard;
        number = itsNumber;
        mark();
        sortMoved();
        size = 0;
        for (int p = 0; p < block; p++) {
            if ((marks[p] & (DROPPED | MOVED)) == 0) {
                add(p, p, false);
            }
            for (int i = p == 0 ? 0 : movedTo[p - 1]; i < movedTo[p]; i++) {
                add(p, moved[i] >>> 1, (moved[i] & 1) != 0);
            }
        }
    }

    private void add(int at, int itsEvent, boolean again) {
        position[size] = at;
        event[size] = itsEvent;
        copy[size] = again;
        size++;
    }

    /** A dropped event has no other fault, and a corrupt one is neither moved nor repeated. */
    private void mark() {
        Arrays.fill(marks, (byte) 0);
        mark(rules.reorder(), MOVED);
        mark(rules.duplicate(), TWICE);
        mark(rules.corrupt(), WHOLE);
        mark(rules.drop(), DROPPED);
        for (int i = 0; i < block; i++) {
            if ((marks[i] & DROPPED) != 0) {
                marks[i] = DROPPED;
            } else if ((marks[i] & WHOLE) != 0) {
                marks[i] = WHOLE;
            }
        }
    }

    private void mark(Selection selection, byte itsBit) {
        bit = itsBit;
        selection.each(shard, number * block, (number + 1) * block, classes, this);
    }

    @Override
    public void hit(long local) {
        marks[(int) (local - number * block)] |= bit;
    }

    /** Sorts the moved events by their new positions; those at the same position keep their order. */
    private void sortMoved() {
        Arrays.fill(movedTo, 0);
        for (int i = 0; i < block; i++) {
            if ((marks[i] & (MOVED | TWICE)) != 0) {
                int p = positionOf(i);
                movedTo[p] += (marks[i] & MOVED) != 0 ? 1 : 0;
                if ((marks[i] & TWICE) != 0) {
                    movedTo[againAt(i, p)]++;
                }
            }
        }
        int sum = 0;
        for (int p = 0; p < block; p++) {
            int count = movedTo[p];
            movedTo[p] = sum;
            sum += count;
        }
        for (int i = 0; i < block; i++) {
            if ((marks[i] & (MOVED | TWICE)) != 0) {
                int p = positionOf(i);
                if ((marks[i] & MOVED) != 0) {
                    moved[movedTo[p]++] = i << 1;
                }
                if ((marks[i] & TWICE) != 0) {
                    moved[movedTo[againAt(i, p)]++] = i << 1 | 1;
                }
            }
        }
    }

    private int positionOf(int i) {
        return (marks[i] & MOVED) == 0 ? i : Math.min(i + rules.delayOf(shard, number * block + i), block - 1);
    }

    private int againAt(int i, int p) {
        return Math.min(p + rules.againAfter(shard, number * block + i), block - 1);
    }

    /** The number of deliveries of the loaded block: at most two for each event. */
    public int size() {
        return size;
    }

    /** The local index at whose time delivery {@code q} is sent; never decreases with {@code q}. */
    public long position(int q) {
        return number * block + position[q];
    }

    /** The local index of the event that delivery {@code q} is of. */
    public long local(int q) {
        return number * block + event[q];
    }

    /** Whether delivery {@code q} is the second one of its event. */
    public boolean isCopy(int q) {
        return copy[q];
    }

    /** The first delivery that is sent at {@code local} or later; {@link #size} if there is none in the block. */
    public int firstAt(long local) {
        int low = 0;
        int high = size;
        int p = (int) Math.min(Math.max(local - number * block, 0), block);
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (position[middle] < p) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** The delivery of an event of the block, first or second; -1 if there is none. */
    public int indexOf(long local, boolean again) {
        int i = (int) (local - number * block);
        for (int q = firstAt(local); q < size; q++) {
            if (event[q] == i && copy[q] == again) {
                return q;
            }
        }
        return -1;
    }
}
