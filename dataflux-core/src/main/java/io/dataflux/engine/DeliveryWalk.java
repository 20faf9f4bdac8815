package io.dataflux.engine;

import io.dataflux.encode.CompiledStream;
import io.dataflux.encode.PlannedFaults;
import io.dataflux.plan.LaneShare;
import io.dataflux.schedule.Deliveries;
import io.dataflux.schedule.Schedule;
import org.jspecify.annotations.Nullable;

/**
 * What a lane sends of its shards where events are dropped, repeated or moved: position by position, the deliveries of each. Used by
 * the lane's thread; nothing here allocates once it is made.
 */
final class DeliveryWalk {

    private final Schedule schedule;
    private final int block;
    /** Per shard of the lane the block that is being sent. */
    private final @Nullable Deliveries[] lists;
    /** Per shard the next delivery of its block. */
    private final int[] next;
    /** Per shard its events in the run, by local index. */
    private final long[] firstLocal;

    private final long[] endLocal;
    private int shard;
    private @Nullable Deliveries list;
    private long position;
    /** The local index at whose time it stands. */
    private long standing;

    private int at;

    /** @param from the sequence from which on positions are asked for */
    DeliveryWalk(CompiledStream stream, LaneShare share, PlannedFaults faults, long from) {
        block = faults.block();
        schedule = stream.schedule();
        int shards = schedule.shards();
        lists = new Deliveries[shards];
        next = new int[shards];
        firstLocal = new long[shards];
        endLocal = new long[shards];
        for (int s = 0; s < shards; s++) {
            if (share.owned()[s]) {
                Deliveries its = faults.deliveries();
                firstLocal[s] = schedule.localCount(s, share.from());
                endLocal[s] = schedule.localCount(s, share.limit());
                long local = schedule.localCount(s, from);
                its.load(s, local / block);
                next[s] = its.firstAt(local);
                lists[s] = its;
            }
        }
    }

    /** Begins with what is sent at the time of a shard's local index; each is the next one of its shard. */
    void stand(int ownShard, long local) {
        Deliveries its = lists[ownShard];
        if (its == null) {
            throw new IllegalStateException("shard " + ownShard + " belongs to another lane");
        }
        shard = ownShard;
        list = its;
        standing = local;
        position = reach();
        if (local % block == 0) {
            its.load(ownShard, local / block);
            next[ownShard] = 0;
        }
    }

    /** How far the deliveries go that are sent now: the last position takes the rest along. */
    private long reach() {
        return standing + 1 == endLocal[shard] ? Long.MAX_VALUE : standing;
    }

    /** Ends it earlier: before a sequence at which it has not stood. */
    void endAt(LaneShare shorter) {
        for (int s = 0; s < endLocal.length; s++) {
            endLocal[s] = lists[s] == null ? 0 : schedule.localCount(s, shorter.limit());
        }
        position = reach();
    }

    /** Moves to the next delivery at this time; false if none is left. */
    boolean advance() {
        Deliveries its = list;
        while (its != null && next[shard] < its.size() && its.position(next[shard]) <= position) {
            at = next[shard]++;
            long local = its.local(at);
            if (local >= firstLocal[shard] && local < endLocal[shard]) {
                return true;
            }
        }
        return false;
    }

    /** Whether more is sent at this time. */
    boolean more() {
        Deliveries its = list;
        if (its != null) {
            for (int q = next[shard]; q < its.size() && its.position(q) <= position; q++) {
                if (its.local(q) >= firstLocal[shard] && its.local(q) < endLocal[shard]) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The local index of the event that is delivered. */
    long local() {
        return list == null ? -1 : list.local(at);
    }

    /** The place of the delivery. */
    long place() {
        return list == null ? -1 : 2 * (list.local(at) / block * block) + at;
    }
}
