package io.dataflux.verify;

import io.dataflux.encode.CompiledStream;
import io.dataflux.ledger.Ranges;
import io.dataflux.model.Corruption;
import io.dataflux.schedule.Schedule;
import io.dataflux.verify.ExpectedDeliveries.Standing;
import java.util.function.LongPredicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one stream at the judged target: what was sent, what has been seen, and in which source each key
 * lives. Not thread-safe.
 */
final class StreamState {

    private static final int SWEPT_BEHIND = 2;

    final CompiledStream stream;
    final boolean keyed;
    final ExpectedDeliveries sent;
    final KeyHomes homes = new KeyHomes();
    private final Schedule schedule;
    private final LongPredicate meant;
    private final ArrivedSet[] seen;
    private final ArrivedSet[] repeated;
    /** Of which events all outputs have arrived; null while no event with several has been met, and then that is {@link #seen}. */
    private ArrivedSet @Nullable [] whole;

    /** Of which events the planned copy has arrived as well; null if none is awaited. */
    private ArrivedSet @Nullable [] again;

    /** Per shard the first page that has not been looked through for events that are meant for others. */
    private final long[] unswept;

    private final Schedule.Slot other = new Schedule.Slot();
    private long acknowledged;
    private long unknown;
    private long failed;

    /** @param meant whether the event of a sequence is meant for the target */
    StreamState(ExpectedDeliveries sent, LongPredicate meant) {
        this.sent = sent;
        this.stream = sent.stream();
        this.keyed = stream.definition().key() != null;
        this.schedule = stream.schedule();
        this.meant = meant;
        seen = new ArrivedSet[sent.shards()];
        repeated = new ArrivedSet[sent.shards()];
        unswept = new long[sent.shards()];
        for (int shard = 0; shard < seen.length; shard++) {
            seen[shard] = new ArrivedSet();
            repeated[shard] = new ArrivedSet();
            unswept[shard] = sent.begin(shard) / ArrivedSet.PAGE;
        }
    }

    /** From now on an event that is planned to be sent twice should arrive twice. */
    void awaitCopies() {
        if (sent.moves()) {
            again = Stream.generate(ArrivedSet::new).limit(seen.length).toArray(ArrivedSet[]::new);
        }
    }

    Standing standing(Schedule.Slot slot) {
        return sent.standing(slot.shard, slot.local);
    }

    /** How often an event is planned to be sent: 0, 1 or 2 times. */
    int copies(Schedule.Slot slot) {
        return sent.copies(slot.shard, slot.local);
    }

    /** How an event is planned to be broken; null if it is sent whole, or not at all. */
    @Nullable
    Corruption corruption(Schedule.Slot slot) {
        return sent.corruption(slot.shard, slot.local);
    }

    /** Whether an attempt sent the event again although it may have been there. */
    boolean sentAgain(Schedule.Slot slot) {
        return sent.sentAgain(slot.shard, slot.local);
    }

    /** Counts the first sight of an event, or of its planned copy. */
    void count(Standing standing) {
        switch (standing) {
            case ACKNOWLEDGED -> acknowledged++;
            case UNKNOWN -> unknown++;
            case FAILED -> failed++;
            case NOT_ISSUED -> throw new IllegalStateException("a phantom is not counted as seen");
        }
    }

    /** How many events of a standing have been seen, and planned copies. */
    long seen(Standing standing) {
        return switch (standing) {
            case ACKNOWLEDGED -> acknowledged;
            case UNKNOWN -> unknown;
            case FAILED -> failed;
            case NOT_ISSUED -> 0;
        };
    }

    boolean meant(long sequence) {
        return meant.test(sequence);
    }

    /** Notes an arrival and says whether it is the first of its event. */
    boolean arrived(Schedule.Slot slot) {
        boolean first = seen[slot.shard].add(slot.local);
        if (first && slot.local / ArrivedSet.PAGE >= unswept[slot.shard] + SWEPT_BEHIND) {
            sweep(slot.shard, slot.local / ArrivedSet.PAGE - SWEPT_BEHIND + 1);
        }
        return first;
    }

    /** From now on {@link #missing} goes by {@link #whole}, because an event has more than one output. */
    void expectsSeveral() {
        if (whole == null) {
            whole = Stream.of(seen).map(ArrivedSet::copy).toArray(ArrivedSet[]::new);
        }
    }

    /** Notes that the last output of an event has arrived; says whether it had not before. */
    boolean whole(Schedule.Slot slot) {
        return whole == null || whole[slot.shard].add(slot.local);
    }

    boolean hasSeen(Schedule.Slot slot) {
        return seen[slot.shard].contains(slot.local);
    }

    /** How often an event should arrive, if it should arrive at all. */
    int times(Schedule.Slot slot) {
        return again != null && copies(slot) == 2 ? 2 : 1;
    }

    /** Notes an arrival that is not the first, and returns whether it is the planned copy. */
    boolean copyArrived(Schedule.Slot slot) {
        return again != null
                && copies(slot) == 2
                && sent.standingOfCopy(slot.shard, slot.local) != Standing.NOT_ISSUED
                && again[slot.shard].add(slot.local);
    }

    /** Notes a further arrival and says whether it is the second of its event. */
    boolean repeated(Schedule.Slot slot) {
        return repeated[slot.shard].add(slot.local);
    }

    /**
     * The sequence of an event of the same entity that should come later but that the source brought before; -1 if there is none. The
     * trail must not hold the event yet. Outside a block of moved events it jumps back and forth between what the source
     * brought and what the entity has, so it is quick however long the way to the trail's end is.
     *
     * @param place of the event, first or second
     * @param alone whether the entity came in this source only; then what the trail does not reach is known as well
     */
    long overtakenBy(Schedule.Slot slot, long place, RecentArrivals trail, boolean alone) {
        long block = sent.block();
        long at = (slot.local / block + 1) * block;
        long among = block == 1 ? -1 : overtakenAmongMoved(slot, place, 2 * at, trail, alone);
        if (among >= 0) {
            return among;
        }
        if (schedule.localOfOccurrence(slot.entity, slot.occurrence + 1) > trail.highest()) {
            return -1; // nearly always: the key's next event has not come yet
        }
        while (at <= trail.highest()) {
            long brought = brought(slot.shard, at, trail, alone); // the highest is one
            long occurrence = schedule.count(slot.entity, schedule.sequenceOf(slot.shard, brought));
            long sequence = schedule.sequenceOfOccurrence(slot.entity, occurrence);
            long local = schedule.localOf(sequence);
            if (local > trail.highest()) {
                return -1;
            }
            if (brought(slot.shard, local, trail, alone) == local
                    && (trail.covers(local) || meant(sequence) && sent.copies(slot.shard, local) > 0)
                    && sent.corruption(slot.shard, local) != Corruption.NULL_KEY) {
                return sequence;
            }
            at = local + 1;
        }
        return -1;
    }

    /** The same among the places {@code (place, end)} of one block. */
    private long overtakenAmongMoved(Schedule.Slot slot, long place, long end, RecentArrivals trail, boolean alone) {
        for (long later = place + 1; later < end; later++) {
            long local = sent.firstAt(slot.shard, later);
            if (local >= 0
                    && (trail.covers(local) ? trail.contains(local) : alone && seen[slot.shard].contains(local))
                    && sent.corruption(slot.shard, local) != Corruption.NULL_KEY) {
                schedule.locateLocal(slot.shard, local, other);
                long sequence = schedule.sequenceOf(slot.shard, local);
                if (other.entity == slot.entity && meant(sequence)) {
                    return sequence;
                }
            }
        }
        return -1;
    }

    /**
     * The first local index from {@code from} on, which is at most the highest, that the source brought, or for an entity that is alone in
     * it any source where the trail does not reach.
     */
    private long brought(int shard, long from, RecentArrivals trail, boolean alone) {
        if (alone && !trail.covers(from)) {
            long anywhere = seen[shard].nextPresent(from);
            if (!trail.covers(anywhere)) {
                return anywhere;
            }
        }
        return trail.next(from);
    }

    /**
     * Hands over the sequence of every event that was acknowledged and meant for the target, and has not been seen as a whole, until {@code
     * event} says that it wants no more; returns whether these were all.
     */
    boolean missing(LongPredicate event) {
        boolean all = true;
        for (int shard = 0; shard < seen.length && all; shard++) {
            Ranges reach = sent.reach(shard);
            for (int i = 0; i < reach.size() && all; i++) {
                all = missing(shard, reach.from(i), reach.to(i), event);
            }
        }
        return all;
    }

    /** The same with the sequence of every event whose planned copy is awaited, acknowledged, and has not been seen. */
    boolean missingCopies(LongPredicate event) {
        boolean all = true;
        for (int shard = 0; again != null && shard < seen.length && all; shard++) {
            Ranges reach = sent.reach(shard);
            for (int i = 0; i < reach.size() && all; i++) {
                all = missingCopies(again[shard], shard, reach.from(i), reach.to(i), event);
            }
        }
        return all;
    }

    /** The pages that cost memory: begun, and not complete. */
    int openPages() {
        int open = 0;
        for (int shard = 0; shard < seen.length; shard++) {
            open += seen[shard].partialPages() + (again == null ? 0 : again[shard].partialPages());
        }
        return open;
    }

    private boolean missing(int shard, long from, long to, @Nullable LongPredicate event) {
        ArrivedSet there = whole == null ? seen[shard] : whole[shard];
        for (long local = there.nextAbsent(from); local < to; local = there.nextAbsent(local + 1)) {
            long sequence = schedule.sequenceOf(shard, local);
            if (!meant(sequence) || sent.copies(shard, local) == 0) {
                seen[shard].add(local);
                there.add(local);
            } else if (event != null
                    && (!sent.moves() || sent.standing(shard, local) == Standing.ACKNOWLEDGED)
                    && !event.test(sequence)) {
                return false;
            }
        }
        return true;
    }

    private boolean missingCopies(ArrivedSet there, int shard, long from, long to, @Nullable LongPredicate event) {
        for (long local = there.nextAbsent(from); local < to; local = there.nextAbsent(local + 1)) {
            long sequence = schedule.sequenceOf(shard, local);
            if (sent.copies(shard, local) != 2 || !meant(sequence)) {
                there.add(local);
            } else if (event != null
                    && sent.standingOfCopy(shard, local) == Standing.ACKNOWLEDGED
                    && !event.test(sequence)) {
                return false;
            }
        }
        return true;
    }

    /** Counts what should not arrive as seen in the pages before {@code page}, so that these pages can become full. */
    private void sweep(int shard, long page) {
        long from = unswept[shard] * ArrivedSet.PAGE;
        missing(shard, from, page * ArrivedSet.PAGE, null);
        if (again != null) {
            missingCopies(again[shard], shard, from, page * ArrivedSet.PAGE, null);
        }
        unswept[shard] = page;
    }
}
