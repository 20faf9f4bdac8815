package io.dataflux.engine;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The end of a lane that is stopped before its limit and whose sink has units of delivery, such as objects or requests: it ends these
 * early, and notes on disk where, so that the next attempt begins its own units there.
 *
 * <p>A stopped lane has to finish the time that it has begun. A unit ends between two sequences, but with planned faults several events
 * can be sent at the time of one sequence: an event and its repeat, or some that were moved there. If the lane stopped after some
 * of them, no sequence would part what was sent from what was not, and the next attempt would put other events into a unit of the same
 * name. So the lane sends what is left of that time, although it is ending, and nothing that is sent later.
 *
 * <p>Used by the lane's thread.
 */
final class OrderlyStop {

    /** The lane that is stopped. */
    interface Stopped {

        /** Hands the lane's buffer over to the sink. */
        void handOver(Receipt receipt) throws InterruptedException;

        /** Folds outcomes, as the lane has to whenever it has waited. */
        void foldSettled();
    }

    private final Attempt attempt;
    private final BatchFiller filler;
    private final BatchBuffer batch;
    private final OpenBatches open;
    private final LaneSnapshot snapshot;
    private final Stopped lane;

    OrderlyStop(
            Attempt attempt,
            BatchFiller filler,
            BatchBuffer batch,
            OpenBatches open,
            LaneSnapshot snapshot,
            Stopped lane) {
        this.attempt = attempt;
        this.filler = filler;
        this.batch = batch;
        this.open = open;
        this.snapshot = snapshot;
        this.lane = lane;
    }

    /** Ends the units, before the sink makes a unit of what it has gathered. What is in the buffer was not handed over. */
    void endUnits() throws InterruptedException {
        int sent = finishTime();
        long epoch = snapshot.cut(firstUnsent(sent));
        while (snapshot.awaitDurable(epoch)) {
            lane.foldSettled();
        }
    }

    /** Sends what is left of a time that was begun. Returns how many events at the front of the buffer were sent by it. */
    private int finishTime() throws InterruptedException {
        StreamCursor source = begun();
        if (source == null) {
            return 0;
        }
        long time = unsent(source, 0);
        int front = atFront(source, time);
        int all = batch.resize(front);
        handOver();
        batch.resize(all);
        if (front < all) {
            return front;
        }
        while (filler.fillAt(source, time)) {
            handOver();
        }
        batch.clear();
        return 0;
    }

    /** The source of which something was sent at the time of what is unsent; {@code null} if there is none. */
    private @Nullable StreamCursor begun() {
        for (StreamCursor source : filler.sources()) {
            int i = batch.first(source.index, 0);
            if (i == 0 && source.isBegun(batch.shard[0], batch.firstPlace[0], batch.sentAt(0))) {
                return source;
            }
            if (i < 0 && !source.exhausted() && source.isBegun(source.shard(), source.taken(), source.sentAt())) {
                return source;
            }
        }
        return null;
    }

    /** The sequence at whose time the first event of a source is sent, of those in the buffer from index {@code from} on and later ones. */
    private long unsent(StreamCursor source, int from) {
        int i = batch.first(source.index, from);
        return i >= 0 ? batch.sentAt(i) : source.sentAt();
    }

    /** Per stream of the run the same; -1 for those of other lanes. */
    private long[] firstUnsent(int from) {
        long[] next = new long[attempt.streams().size()];
        Arrays.fill(next, -1);
        for (StreamCursor source : filler.sources()) {
            next[source.index] = unsent(source, from);
        }
        return next;
    }

    /** How many events at the front of the buffer are a source's and sent at the time of a sequence. */
    private int atFront(StreamCursor source, long time) {
        int front = 0;
        while (front < batch.size() && batch.stream(front) == source.index && batch.sentAt(front) == time) {
            front++;
        }
        return front;
    }

    /** Hands the buffer over although the lane is ending, if the sink has room for it before long. */
    private void handOver() throws InterruptedException {
        RunClock clock = attempt.clock();
        long deadline = clock.now() + attempt.tuning().settleNanos();
        Receipt receipt = batch.isEmpty() ? null : open.issue(batch);
        while (!batch.isEmpty() && receipt == null && clock.now() < deadline) {
            clock.park(deadline - clock.now());
            lane.foldSettled();
            receipt = open.issue(batch);
        }
        if (receipt != null) {
            lane.handOver(receipt);
        }
    }
}
