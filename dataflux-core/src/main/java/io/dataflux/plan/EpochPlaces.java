package io.dataflux.plan;

import io.dataflux.encode.CompiledStream;
import io.dataflux.encode.PlannedFaults;
import io.dataflux.ledger.Ranges;
import io.dataflux.model.FaultKind;
import io.dataflux.schedule.Schedule;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The places of the events that a run sends of a stream in one epoch. Without faults a place is the number of earlier events of the shard;
 * with faults it counts deliveries, see {@link PlannedFaults}. A delivery is sent at the time of its event or of a later one, but never
 * of one after the epoch's limit: what would be sent later is sent with the last event of its shard. The places of an epoch follow those of
 * the epoch before it, so that they are shifted against those that its definition alone would give them. Thread-safe.
 */
final class EpochPlaces {

    private final Schedule schedule;
    private final PlannedFaults faults;
    private final long from;
    private final long limit;
    /** Per shard its events in the run, by local index, and the places that these have. */
    private final long[] firstLocal;

    private final long[] endLocal;
    private final long[] first;
    private final long[] end;
    private final long[] shift;

    /**
     * @param index the stream's in the run
     * @param before the places of the epoch before; null for the first
     */
    EpochPlaces(Extent extent, int index, @Nullable EpochPlaces before) {
        CompiledStream stream = extent.streams().get(index);
        from = extent.from(index);
        limit = extent.limit(index);
        schedule = stream.schedule();
        faults = stream.plannedFaults();
        int shards = schedule.shards();
        firstLocal = new long[shards];
        endLocal = new long[shards];
        first = new long[shards];
        end = new long[shards];
        shift = new long[shards];
        for (int shard = 0; shard < shards; shard++) {
            firstLocal[shard] = schedule.localCount(shard, from);
            endLocal[shard] = schedule.localCount(shard, limit);
            long own = faults.firstPlace(shard, firstLocal[shard]);
            first[shard] = before == null ? own : before.end[shard];
            shift[shard] = first[shard] - own;
            end[shard] = firstLocal[shard] < endLocal[shard]
                    ? shift[shard] + faults.endPlace(endLocal[shard])
                    : first[shard];
        }
    }

    /** The first place of a shard in the run. */
    long first(int shard) {
        return first[shard];
    }

    /** The first place of a shard after the run. */
    long end(int shard) {
        return end[shard];
    }

    /** The first place of a shard that is sent at the time of a sequence or later; those of the run are below its end. */
    synchronized long before(int shard, long sequence) {
        if (sequence <= from) {
            return first[shard];
        }
        long local = schedule.localCount(shard, Math.min(sequence, limit));
        return local >= endLocal[shard] ? end[shard] : shift[shard] + faults.firstPlace(shard, local);
    }

    /** The sequence at whose time a place of the run is sent; for one that no delivery has at most that of the next. */
    synchronized long sentAt(int shard, long place) {
        return schedule.sequenceOf(shard, Math.min(faults.position(shard, place - shift[shard]), endLocal[shard] - 1));
    }

    /** How many deliveries some places of a shard have in the run, of events whose sequence passes the test. */
    synchronized long count(int shard, Ranges places, LongPredicate meant) {
        long count = 0;
        for (int i = 0; i < places.size(); i++) {
            for (long place = places.from(i); place < places.to(i); place++) {
                count += isMeant(shard, place, meant) ? 1 : 0;
            }
        }
        return count;
    }

    /** How many deliveries some places of a shard have in the run. Looks only at dropped and repeated events, except at the ends of ranges. */
    synchronized long deliveries(int shard, Ranges places) {
        long perBlock = 2L * faults.block();
        long count = 0;
        for (int i = 0; i < places.size(); i++) {
            long from = Math.max(first[shard], places.from(i));
            long to = Math.min(end[shard], places.to(i));
            if (dense()) {
                count += Math.max(0, to - from);
                continue;
            }
            long by = shift[shard];
            long whole = Math.min(to - by, (from - by + perBlock - 1) / perBlock * perBlock);
            long rest = Math.max(whole, (to - by) / perBlock * perBlock);
            count += count(shard, Ranges.of(from, whole + by), sequence -> true)
                    + ofBlocks(shard, whole / perBlock, rest / perBlock)
                    + count(shard, Ranges.of(rest + by, to), sequence -> true);
        }
        return count;
    }

    /** How many deliveries whole blocks have. */
    private long ofBlocks(int shard, long fromBlock, long toBlock) {
        long from = Math.max(firstLocal[shard], fromBlock * faults.block());
        long to = Math.min(endLocal[shard], toBlock * faults.block());
        if (from >= to) {
            return 0;
        }
        long[] count = {to - from};
        faults.each(FaultKind.DROP, shard, from, to, local -> count[0]--);
        faults.each(FaultKind.DUPLICATE, shard, from, to, local -> count[0]++);
        return count[0];
    }

    /** Whether {@link #count} is not 0. */
    synchronized boolean any(int shard, Ranges places, LongPredicate meant) {
        for (int i = 0; i < places.size(); i++) {
            for (long place = places.from(i); place < places.to(i); place++) {
                if (isMeant(shard, place, meant)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The first sequence of the events that a place, and those after it, may be for. */
    long lowest(int shard, long place) {
        long block = faults.block();
        long own = place - shift[shard];
        return schedule.sequenceOf(shard, dense() ? own : Math.max(firstLocal[shard], own / (2 * block) * block));
    }

    /** The sequence after the events that the places before one are for. */
    long highest(int shard, long place) {
        long block = faults.block();
        long own = place - shift[shard];
        long end = dense() ? own : Math.min(endLocal[shard], ((own - 1) / (2 * block) + 1) * block);
        return schedule.sequenceOf(shard, end - 1) + 1;
    }

    /** The part of some places of a shard that is of this epoch. */
    Ranges own(int shard, Ranges places) {
        Ranges own = places.copy();
        own.remove(Long.MIN_VALUE, first[shard]);
        own.remove(end[shard], Long.MAX_VALUE);
        return own;
    }

    /** How much larger the places of a shard are than the definition alone would make them. */
    long shift(int shard) {
        return shift[shard];
    }

    /** The sequence at which the epoch ends. */
    long limit() {
        return limit;
    }

    /** Whether every place has a delivery. */
    boolean dense() {
        return !faults.moves();
    }

    private boolean isMeant(int shard, long place, LongPredicate meant) {
        long local = faults.local(shard, place - shift[shard]);
        return local >= firstLocal[shard] && local < endLocal[shard] && meant.test(schedule.sequenceOf(shard, local));
    }
}
