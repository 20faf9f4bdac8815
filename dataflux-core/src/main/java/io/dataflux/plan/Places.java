package io.dataflux.plan;

import io.dataflux.encode.CompiledStream;
import io.dataflux.encode.PlannedFaults;
import io.dataflux.ledger.Ranges;
import io.dataflux.model.FaultKind;
import io.dataflux.schedule.Schedule;
import java.util.function.LongPredicate;

/**
 * The places of a stream's events in a run, and when they are sent. Without faults a place is the number of earlier events of the shard;
 * with faults it counts deliveries, see {@link PlannedFaults}. A delivery is sent at the time of its event or of a later one, but never
 * of one after the run's limit: what would be sent later is sent with the last event of its shard. Thread-safe.
 */
public final class Places {

    private final Schedule schedule;
    private final PlannedFaults faults;
    private final long from;
    private final long limit;
    /** Per shard its events in the run, by local index, and the places that these have. */
    private final long[] firstLocal;

    private final long[] endLocal;
    private final long[] first;
    private final long[] end;

    /** @param index the stream's in the run */
    public Places(Extent extent, int index) {
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
        for (int shard = 0; shard < shards; shard++) {
            firstLocal[shard] = schedule.localCount(shard, from);
            endLocal[shard] = schedule.localCount(shard, limit);
            first[shard] = faults.firstPlace(shard, firstLocal[shard]);
            end[shard] = firstLocal[shard] < endLocal[shard] ? faults.endPlace(endLocal[shard]) : first[shard];
        }
    }

    /** The first place of a shard in the run. */
    public long first(int shard) {
        return first[shard];
    }

    /** The first place of a shard after the run. */
    public long end(int shard) {
        return end[shard];
    }

    /** The first place of a shard that is sent at the time of a sequence or later; those of the run are below its end. */
    public synchronized long before(int shard, long sequence) {
        if (sequence <= from) {
            return first[shard];
        }
        long local = schedule.localCount(shard, Math.min(sequence, limit));
        return local >= endLocal[shard] ? end[shard] : faults.firstPlace(shard, local);
    }

    /** The sequence at whose time a place of the run is sent; for one that no delivery has at most that of the next. */
    public synchronized long sentAt(int shard, long place) {
        return schedule.sequenceOf(shard, Math.min(faults.position(shard, place), endLocal[shard] - 1));
    }

    /** How many deliveries some places of a shard have in the run, of events whose sequence passes the test. */
    public synchronized long count(int shard, Ranges places, LongPredicate meant) {
        long count = 0;
        for (int i = 0; i < places.size(); i++) {
            for (long place = places.from(i); place < places.to(i); place++) {
                count += isMeant(shard, place, meant) ? 1 : 0;
            }
        }
        return count;
    }

    /** How many deliveries some places of a shard have in the run. Looks only at dropped and repeated events, except at the ends of ranges. */
    public synchronized long deliveries(int shard, Ranges places) {
        long perBlock = 2L * faults.block();
        long count = 0;
        for (int i = 0; i < places.size(); i++) {
            long from = Math.max(first[shard], places.from(i));
            long to = Math.min(end[shard], places.to(i));
            if (dense()) {
                count += Math.max(0, to - from);
                continue;
            }
            long whole = Math.min(to, (from + perBlock - 1) / perBlock * perBlock);
            long rest = Math.max(whole, to / perBlock * perBlock);
            count += count(shard, Ranges.of(from, whole), sequence -> true)
                    + ofBlocks(shard, whole / perBlock, rest / perBlock)
                    + count(shard, Ranges.of(rest, to), sequence -> true);
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
    public synchronized boolean any(int shard, Ranges places, LongPredicate meant) {
        for (int i = 0; i < places.size(); i++) {
            for (long place = places.from(i); place < places.to(i); place++) {
                if (isMeant(shard, place, meant)) {
                    return true;
                }
            }
        }
        return false;
    }

    /**
     * Sequences between which all events lie that the places {@code [fromPlace, toPlace)} of a shard are for: the first and the last
     * one, or those of their blocks where events are moved within these.
     */
    public String within(int shard, long fromPlace, long toPlace) {
        long block = faults.block();
        long low = dense() ? fromPlace : Math.max(firstLocal[shard], fromPlace / (2 * block) * block);
        long high = dense() ? toPlace : Math.min(endLocal[shard], ((toPlace - 1) / (2 * block) + 1) * block);
        return "[" + schedule.sequenceOf(shard, low) + ", " + (schedule.sequenceOf(shard, high - 1) + 1) + ")";
    }

    /** Whether every place has a delivery. */
    public boolean dense() {
        return !faults.moves();
    }

    private boolean isMeant(int shard, long place, LongPredicate meant) {
        long local = faults.local(shard, place);
        return local >= firstLocal[shard] && local < endLocal[shard] && meant.test(schedule.sequenceOf(shard, local));
    }
}
