package io.dataflux.engine;

import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * A lane's way from the past to the present, in a backfill. What is already due is sent as fast as the sink takes it, in batches as
 * full as possible, and counts as due when it is sent: the past is nobody's lag. From the first batch that is not yet due the lane is
 * live, for good, and only from then on can it be late.
 *
 * <p>Until then no lane may be more than a minute of the schedule ahead of the slowest one of its sink; otherwise the disorder among the
 * lanes' events would have no bound. In other runs all of this does nothing. Written by the lane's thread; the accessors may be called by
 * any.
 */
final class CatchUp {

    static final long LEAD_NANOS = 60_000_000_000L;
    static final long LEAD_PARK_NANOS = 500_000;
    private static final long NEVER = Long.MAX_VALUE;

    private final RunClock clock;
    private final LongSupplier slowest;
    private final long batchSpanNanos;
    private final boolean backfill;
    private boolean live;
    /** When the current batch was begun. */
    private long begun;

    private volatile long liveAt = NEVER;
    private volatile long behind;
    private volatile long reached = Long.MIN_VALUE;

    private long events;

    /** @param slowest when the next event of the sink's slowest lane is due */
    CatchUp(boolean backfill, RunClock clock, long batchSpanNanos, LongSupplier slowest) {
        this.backfill = backfill;
        this.slowest = slowest;
        this.clock = clock;
        this.batchSpanNanos = batchSpanNanos;
        live = !backfill;
    }

    /** The lane begins a batch with an event that is due at a time. */
    void reached(long due) {
        if (backfill) {
            reached = due;
            begun = live ? 0 : clock.position();
        }
    }

    /** The lane has nothing left to send. */
    void sentAll() {
        reached = Long.MAX_VALUE;
    }

    /** How much later than its first event the last one of a batch may be due. */
    long spanNanos(BatchBuffer batch) {
        long past = live ? 0 : Math.max(0, begun - batch.firstDue());
        return Math.min(past + batchSpanNanos, LEAD_NANOS);
    }

    /** Whether a batch has to wait for other lanes of the sink. */
    boolean leads(BatchBuffer batch) {
        return !live && batch.lastDue() < clock.position() && batch.firstDue() > saturated(slowest.getAsLong());
    }

    private static long saturated(long due) {
        return due > Long.MAX_VALUE - LEAD_NANOS ? Long.MAX_VALUE : due + LEAD_NANOS;
    }

    /** The time before which nothing of a batch counts as due: when the attempt began or, until the lane is live, now. */
    long present(BatchBuffer batch) {
        if (live) {
            return 0;
        }
        long position = clock.position();
        behind = Math.max(0, position - batch.lastDue());
        if (behind == 0) {
            live = true;
            liveAt = clock.now();
        }
        return position;
    }

    /** A batch is handed over. */
    void sending(BatchBuffer batch) {
        if (!live) {
            events += batch.size();
        }
    }

    /** When the lane's next event is due; the end of time if there is none. */
    long reached() {
        return reached;
    }

    /** How long ago the last event of the lane's last batch was due; 0 if it is live. */
    long behind() {
        return behind;
    }

    /** How many events were handed over before the lane was live. Read when the lane has ended. */
    long events() {
        return events;
    }

    /** When the lane was live, in nanoseconds since the attempt began; empty if it was not. */
    OptionalLong liveAt() {
        return liveAt == NEVER ? OptionalLong.empty() : OptionalLong.of(liveAt);
    }
}
