package io.dataflux.verify;

import io.dataflux.encode.CompiledStream;
import io.dataflux.schedule.Schedule;
import io.dataflux.verify.Ledger.ShardLedger;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.function.LongPredicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one stream at the judged target: what the ledger says of each shard, what has been seen, and in which source
 * the more frequent entities live. Not thread-safe.
 */
final class StreamState {

    /** What the ledger says of an event. */
    enum Standing {
        ACKNOWLEDGED,
        FAILED,
        UNKNOWN,
        NOT_ISSUED
    }

    private static final int HOMES = 1 << 20;
    private static final int MOST_SOURCES = Character.MAX_VALUE;
    private static final int SWEPT_BEHIND = 2;

    final CompiledStream stream;
    final boolean keyed;
    private final Schedule schedule;
    private final List<ShardLedger> ledger;
    private final LongPredicate meant;
    private final Seen[] seen;
    private final Seen[] repeated;
    /** Of which events all outputs have arrived; null while no event with several has been met, and then that is {@link #seen}. */
    private Seen @Nullable [] whole;

    /** Per shard the first page that has not been looked through for events that are meant for others. */
    private final long[] unswept;
    /** Per entity the source it was last seen in, plus one. */
    private char[] home = new char[0];

    private final Map<Standing, Long> seenBy = new EnumMap<>(Standing.class);

    /** @param meant whether the event of a sequence is meant for the target */
    StreamState(CompiledStream stream, List<ShardLedger> ledger, LongPredicate meant) {
        this.stream = stream;
        this.keyed = stream.definition().key() != null;
        this.schedule = stream.schedule();
        this.ledger = List.copyOf(ledger);
        this.meant = meant;
        seen = new Seen[ledger.size()];
        repeated = new Seen[ledger.size()];
        unswept = new long[ledger.size()];
        for (int shard = 0; shard < seen.length; shard++) {
            seen[shard] = new Seen();
            repeated[shard] = new Seen();
            unswept[shard] = firstPlace(ledger.get(shard)) / Seen.PAGE;
        }
    }

    Standing standing(Schedule.Slot slot) {
        ShardLedger shard = ledger.get(slot.shard);
        if (shard.acknowledged().contains(slot.local)) {
            return Standing.ACKNOWLEDGED;
        }
        if (shard.failed().contains(slot.local)) {
            // an earlier attempt may have delivered what the last one could not
            return shard.resent().contains(slot.local) ? Standing.UNKNOWN : Standing.FAILED;
        }
        return shard.unknown().contains(slot.local) ? Standing.UNKNOWN : Standing.NOT_ISSUED;
    }

    /** Whether an attempt sent the event again although it may have been there. */
    boolean sentAgain(Schedule.Slot slot) {
        return ledger.get(slot.shard).resent().contains(slot.local);
    }

    /** Counts the first sight of an event. */
    void count(Standing standing) {
        seenBy.merge(standing, 1L, Long::sum);
    }

    /** How many events of a standing have been seen. */
    long seen(Standing standing) {
        return seenBy.getOrDefault(standing, 0L);
    }

    boolean meant(long sequence) {
        return meant.test(sequence);
    }

    /** Notes an arrival and says whether it is the first of its event. */
    boolean arrived(Schedule.Slot slot) {
        boolean first = seen[slot.shard].add(slot.local);
        if (first && slot.local / Seen.PAGE >= unswept[slot.shard] + SWEPT_BEHIND) {
            sweep(slot.shard, slot.local / Seen.PAGE - SWEPT_BEHIND + 1);
        }
        return first;
    }

    /** From now on {@link #missing} goes by {@link #whole}, because an event has more than one output. */
    void expectsSeveral() {
        if (whole == null) {
            whole = Stream.of(seen).map(Seen::copy).toArray(Seen[]::new);
        }
    }

    /** Notes that the last output of an event has arrived; says whether it had not before. */
    boolean whole(Schedule.Slot slot) {
        return whole == null || whole[slot.shard].add(slot.local);
    }

    boolean hasSeen(Schedule.Slot slot) {
        return seen[slot.shard].contains(slot.local);
    }

    /** Notes a further arrival and says whether it is the second of its event. */
    boolean repeated(Schedule.Slot slot) {
        return repeated[slot.shard].add(slot.local);
    }

    /**
     * The sequence of a later event of the same entity that the source brought before; -1 if there is none. The trail must not
     * hold the event yet. Jumps to and fro between what the source brought and what the entity has, so it is quick however long
     * the way to the trail's end is.
     */
    long overtakenBy(Schedule.Slot slot, Trail trail) {
        long at = slot.local + 1;
        while (at <= trail.highest()) {
            long brought = brought(slot.shard, at, trail);
            if (brought < 0 || brought > trail.highest()) {
                return -1;
            }
            long occurrence = schedule.count(slot.entity, schedule.sequenceOf(slot.shard, brought));
            long sequence = schedule.sequenceOfOccurrence(slot.entity, occurrence);
            long local = schedule.localOf(sequence);
            if (local > trail.highest()) {
                return -1;
            }
            if (brought(slot.shard, local, trail) == local && (trail.covers(local) || meant(sequence))) {
                return sequence;
            }
            at = local + 1;
        }
        return -1;
    }

    /** The first local index from {@code from} on that the source brought, or any source where the trail does not reach; -1 if none. */
    private long brought(int shard, long from, Trail trail) {
        if (!trail.covers(from)) {
            long anywhere = seen[shard].nextPresent(from);
            if (!trail.covers(anywhere)) {
                return anywhere;
            }
        }
        return trail.next(from);
    }

    void livesIn(long entity, int source) {
        if (entity >= HOMES || source >= MOST_SOURCES) {
            return;
        }
        if (entity >= home.length) {
            long wanted = Math.max(entity + 1, 2L * home.length);
            home = Arrays.copyOf(home, (int) Math.min(Math.min(wanted, HOMES), schedule.entities()));
        }
        home[(int) entity] = (char) (source + 1);
    }

    /** The source that an entity was last seen in, -1 if that is not known. */
    int home(long entity) {
        return entity < home.length ? home[(int) entity] - 1 : -1;
    }

    /** Hands over the sequence of every event that was acknowledged and meant for the target, and has not been seen as a whole. */
    void missing(LongConsumer event) {
        for (int shard = 0; shard < seen.length; shard++) {
            Ranges acknowledged = ledger.get(shard).acknowledged();
            for (int i = 0; i < acknowledged.size(); i++) {
                missing(shard, acknowledged.from(i), acknowledged.to(i), event);
            }
        }
    }

    /** The pages that cost memory: begun, and not complete. */
    int openPages() {
        int open = 0;
        for (Seen shard : seen) {
            open += shard.partialPages();
        }
        return open;
    }

    private void missing(int shard, long from, long to, @Nullable LongConsumer event) {
        Seen there = whole == null ? seen[shard] : whole[shard];
        for (long local = there.nextAbsent(from); local < to; local = there.nextAbsent(local + 1)) {
            long sequence = schedule.sequenceOf(shard, local);
            if (!meant(sequence)) {
                seen[shard].add(local);
                there.add(local);
            } else if (event != null) {
                event.accept(sequence);
            }
        }
    }

    /** Counts what is meant for others as seen in the pages before {@code page}, so that these pages can become full. */
    private void sweep(int shard, long page) {
        missing(shard, unswept[shard] * Seen.PAGE, page * Seen.PAGE, null);
        unswept[shard] = page;
    }

    private static long firstPlace(ShardLedger shard) {
        long first = Long.MAX_VALUE;
        for (Ranges ranges : List.of(shard.acknowledged(), shard.failed(), shard.unknown())) {
            first = ranges.isEmpty() ? first : Math.min(first, ranges.from(0));
        }
        return first == Long.MAX_VALUE ? 0 : first;
    }
}
