package io.dataflux.engine;

import io.dataflux.encode.CompiledStream;
import io.dataflux.encode.EventState;
import io.dataflux.schedule.Schedule;
import io.dataflux.schedule.Timeline;
import io.dataflux.verify.Ranges;
import java.time.Instant;

/**
 * One stream as a lane sees it: the events of the lane's shards in the order of the sequence, one at a time. What belongs to other
 * lanes costs a table look-up and an addition. Used by the lane's thread; nothing here allocates once it is made.
 */
final class Source {

    private static final long SECOND = 1_000_000_000L;

    final int index;
    final CompiledStream stream;
    private final Portion portion;
    private final Schedule schedule;
    private final Timeline.Cursor cursor;
    private final Pace pace;
    private final Instant start;
    /** Per shard the place of its next event. */
    private final long[] places;
    /** Per shard the end of what was taken, see {@link #take}. */
    private final long[] taken;

    private final Units units;
    private long unit;
    private long window;
    /** The first sequence of the next unit. */
    private long unitEnd;

    private boolean exhausted;
    private int shard;
    private long place;
    private long epochSecond;
    private int nano;
    private long due;

    Source(CompiledStream stream, Portion portion, Pace pace, Units units) {
        this.index = portion.stream();
        this.stream = stream;
        this.portion = portion;
        this.pace = pace;
        this.units = units;
        schedule = stream.schedule();
        start = stream.definition().start();
        places = new long[stream.shards()];
        long from = portion.firstLeft(schedule);
        for (int s = 0; s < places.length; s++) {
            places[s] = schedule.localCount(s, from);
        }
        taken = places.clone();
        cursor = stream.timeline().cursor(from);
        settleOnOwn();
    }

    /** Whether the stream has no more events for this lane; the other accessors are then meaningless. */
    boolean exhausted() {
        return exhausted;
    }

    long sequence() {
        return cursor.sequence();
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
    boolean notAfter(Source later) {
        return epochSecond != later.epochSecond ? epochSecond < later.epochSecond : nano <= later.nano;
    }

    /** Computes who and when of the event at hand, but no field. */
    void locate(EventState event) {
        stream.locate(cursor.sequence(), shard, place, epochSecond, nano, event);
    }

    /**
     * Takes the event at hand for the sink. Returns the first place that its outcome speaks for: the event's own and those before it
     * in its shard that were not for this sink, so that a shard of which only some events go to a sink still has few ranges.
     */
    long take() {
        long from = taken[shard];
        taken[shard] = place + 1;
        return from;
    }

    /** Goes to the lane's next event. */
    void advance() {
        cursor.next();
        settleOnOwn();
    }

    /** For a source that is exhausted: the places of a shard behind the last that was taken, none of them for this sink. */
    void rest(int ownShard, Ranges to) {
        to.add(taken[ownShard], places[ownShard]);
    }

    private void settleOnOwn() {
        long limit = portion.limit();
        boolean[] owned = portion.owned();
        for (; cursor.sequence() < limit; cursor.next()) {
            int s = schedule.shardOf(cursor.sequence());
            if (owned[s]) {
                long p = places[s]++;
                Ranges done = portion.done().get(s);
                if (done.isEmpty() || !done.contains(p)) {
                    stand(s, p);
                    return;
                }
                taken[s] = p + 1;
            }
        }
        exhausted = true;
    }

    private void stand(int ownShard, long ownPlace) {
        shard = ownShard;
        place = ownPlace;
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
