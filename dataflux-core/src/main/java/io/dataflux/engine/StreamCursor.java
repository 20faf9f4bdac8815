package io.dataflux.engine;

import io.dataflux.encode.CompiledStream;
import io.dataflux.encode.EventState;
import io.dataflux.encode.PlannedFaults;
import io.dataflux.ledger.Ranges;
import io.dataflux.model.Corruption;
import io.dataflux.plan.LaneShare;
import io.dataflux.plan.Pace;
import io.dataflux.plan.UnitCuts;
import io.dataflux.schedule.Schedule;
import io.dataflux.schedule.Timeline;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One stream as a lane sees it: the events of the lane's shards in the order of the sequence, one at a time. What belongs to other
 * lanes costs a table look-up and an addition. Used by the lane's thread; nothing here allocates once it is made.
 */
final class StreamCursor {

    private static final long SECOND = 1_000_000_000L;

    final int index;
    final CompiledStream stream;
    private LaneShare share;
    private final Schedule schedule;
    private final Timeline.Cursor cursor;
    private final Pace pace;
    private final Instant start;
    /** Per shard the local index of its next event; where nothing is dropped, repeated or moved its place is that, shifted. */
    private final long[] locals;

    private final long[] shifts;
    /** Per shard the end of what was taken, see {@link #take}. */
    private final long[] taken;

    /** What is broken; null if nothing is. */
    private final @Nullable PlannedFaults broken;
    /** What is sent in another order or number than events are; null if nothing is. */
    private final @Nullable DeliveryWalk walk;
    /** Whether there may be more to send at the current time. */
    private boolean sending;

    private boolean keyless;

    private final UnitCuts units;
    private long unit;
    private long window;
    /** The first sequence of the next unit. */
    private long unitEnd;

    private boolean exhausted;
    private int shard;
    private long place;
    private long local;
    private long sequence;
    private int sendingShard;
    private long epochSecond;
    private int nano;
    private long due;

    StreamCursor(CompiledStream stream, LaneShare share, Pace pace, UnitCuts units) {
        this.index = share.stream();
        this.stream = stream;
        this.share = share;
        this.pace = pace;
        this.units = units;
        schedule = stream.schedule();
        start = stream.definition().start();
        locals = new long[stream.shards()];
        taken = new long[locals.length];
        shifts = new long[locals.length];
        long from = share.firstLeft();
        for (int s = 0; s < locals.length; s++) {
            locals[s] = schedule.localCount(s, from);
            shifts[s] = share.places().shift(s);
            // what is not done before that has no delivery: the places after the last one of a block
            taken[s] = Math.min(
                    share.places().before(s, from),
                    share.done().get(s).nextOutside(share.places().first(s)));
        }
        PlannedFaults faults = stream.plannedFaults();
        broken = faults.corrupts() ? faults : null;
        walk = faults.moves() ? new DeliveryWalk(stream, share, faults, from) : null;
        cursor = stream.timeline().cursor(from);
        settleOnOwn();
    }

    /** Whether the stream has no more events for this lane; the other accessors are then meaningless. */
    boolean exhausted() {
        return exhausted;
    }

    /** The event that is sent. */
    long sequence() {
        return sequence;
    }

    /** The sequence at whose time it is sent: that of the event, unless it was moved. */
    long sentAt() {
        return cursor.sequence();
    }

    /** Whether more may be sent at the current time, after the current event. */
    boolean more() {
        return walk != null && walk.more();
    }

    /** Whether something was sent before {@code firstPlace} of a shard at the same time; never without {@link DeliveryWalk}. */
    boolean isBegun(int itsShard, long firstPlace, long time) {
        return walk != null && firstPlace > share.places().before(itsShard, time);
    }

    /** The end of what was taken of the current shard. */
    long taken() {
        return taken[shard];
    }

    int shard() {
        return shard;
    }

    long place() {
        return place;
    }

    /** The unit of delivery that the event belongs to: its first sequence. */
    long unit() {
        return unit;
    }

    /** The window of scheduled time that the event is in. */
    long window() {
        return window;
    }

    /** The event's scheduled time. */
    long epochSecond() {
        return epochSecond;
    }

    int nano() {
        return nano;
    }

    /** When the event is due, in nanoseconds since the run's start. */
    long due() {
        return due;
    }

    /** Whether this source's event is scheduled before that of a source of a later stream; ties go by stream. */
    boolean notAfter(StreamCursor later) {
        return epochSecond != later.epochSecond ? epochSecond < later.epochSecond : nano <= later.nano;
    }

    /** Computes key and time of the current event, but no field. */
    void locate(EventState event) {
        if (sequence == cursor.sequence()) {
            stream.locate(sequence, shard, local, epochSecond, nano, event);
        } else {
            stream.locate(sequence, event);
        }
    }

    /** Writes the located event as it is sent, and returns its end. */
    int encode(EventState event, byte[] target, int at) {
        PlannedFaults faults = broken;
        if (faults == null) {
            return stream.encode(event, target, at);
        }
        Corruption corruption = faults.corruption(shard, local);
        keyless = corruption == Corruption.NULL_KEY;
        return faults.encode(event, corruption, target, at);
    }

    /** Whether the event that was encoded last is sent without its key. */
    boolean keyless() {
        return keyless;
    }

    /**
     * Takes the current event for the sink. Returns the first place that its outcome covers: the event's own and those before it
     * in its shard that were not for this sink, so that a shard of which only some events go to a sink still has few ranges.
     */
    long take() {
        long from = taken[shard];
        taken[shard] = place + 1;
        return from;
    }

    /** Goes to the lane's next event. */
    void advance() {
        if (walk == null) {
            cursor.next();
        }
        settleOnOwn();
    }

    /** For a source that is exhausted: the places of a shard after the last that was taken, none of them for this sink. */
    void rest(int ownShard, Ranges to) {
        to.add(taken[ownShard], share.places().end(ownShard));
    }

    /**
     * The first sequence at which it could end now: after that of the current event and, where events are moved, after one more of each
     * shard. The limit, if it is exhausted.
     */
    long reach() {
        if (exhausted) {
            return share.limit();
        }
        long reach = cursor.sequence() + 1;
        for (int s = 0; walk != null && s < locals.length; s++) {
            if (share.owned()[s] && locals[s] < schedule.localCount(s, share.limit())) {
                reach = Math.max(reach, schedule.sequenceOf(s, locals[s]) + 1);
            }
        }
        return reach;
    }

    /** Ends it earlier: before a sequence that it has not reached. */
    void endEarlier(LaneShare shorter) {
        share = shorter;
        if (walk != null) {
            walk.endAt(shorter);
        }
    }

    private void settleOnOwn() {
        if (walk != null) {
            settleOnSending(walk);
            return;
        }
        long limit = share.limit();
        boolean[] owned = share.owned();
        for (; cursor.sequence() < limit; cursor.next()) {
            int s = schedule.shardOf(cursor.sequence());
            if (owned[s]) {
                long own = locals[s]++;
                long p = shifts[s] + own;
                Ranges done = share.done().get(s);
                if (done.isEmpty() || !done.contains(p)) {
                    sequence = cursor.sequence();
                    stand(s, p, own);
                    return;
                }
                taken[s] = p + 1;
            }
        }
        exhausted = true;
    }

    /** The same where a sequence stands for the time at which some deliveries are sent, or none. */
    private void settleOnSending(DeliveryWalk all) {
        while (true) {
            while (sending && all.advance()) {
                long p = shifts[sendingShard] + all.place();
                Ranges done = share.done().get(sendingShard);
                if (done.isEmpty() || !done.contains(p)) {
                    sequence = schedule.sequenceOf(sendingShard, all.local());
                    stand(sendingShard, p, all.local());
                    return;
                }
                taken[sendingShard] = p + 1;
            }
            if (sending) {
                cursor.next();
                sending = false;
            }
            while (cursor.sequence() < share.limit() && !share.owned()[schedule.shardOf(cursor.sequence())]) {
                cursor.next();
            }
            if (cursor.sequence() >= share.limit()) {
                exhausted = true;
                return;
            }
            sendingShard = schedule.shardOf(cursor.sequence());
            all.stand(sendingShard, locals[sendingShard]++);
            sending = true;
        }
    }

    private void stand(int ownShard, long ownPlace, long ownLocal) {
        shard = ownShard;
        place = ownPlace;
        local = ownLocal;
        if (cursor.sequence() >= unitEnd) {
            unit = units.start(cursor.sequence());
            unitEnd = units.end(cursor.sequence());
            window = units.window(cursor.sequence());
        }
        long nanos = (long) start.getNano() + cursor.nanos();
        epochSecond = start.getEpochSecond() + cursor.seconds() + (nanos >= SECOND ? 1 : 0);
        nano = (int) (nanos >= SECOND ? nanos - SECOND : nanos);
        due = pace.due(epochSecond, nano);
    }
}
