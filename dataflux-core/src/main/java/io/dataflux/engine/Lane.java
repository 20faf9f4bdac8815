package io.dataflux.engine;

import io.dataflux.encode.CompiledStream;
import io.dataflux.engine.Checkpoint.Stage;
import io.dataflux.plan.LaneShare;
import io.dataflux.plan.Regions;
import io.dataflux.plan.UnitCuts;
import io.dataflux.spi.DeliveryUnit;
import io.dataflux.spi.Sink;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread that serves some shards to one sink: the way of every event.
 *
 * <p>It takes the events of its shards from its {@link StreamCursor}s, merged by scheduled time, ties by stream. An event is located (who
 * and when), routed by what that says, and only encoded if its region belongs to this sink. Encoded events gather in the lane's own
 * buffer until it is full or the next event is due too much later; then the lane waits until the batch is due, gets a
 * {@link Receipt} for it, and hands it over. The sink settles the receipt when it likes, on any thread; the lane folds what is settled
 * into its {@link Books}.
 *
 * <p>Lanes share nothing that is written per event: no queue between them, no common counter. A sink that stalls holds up its lane in
 * {@code write} or, once too many batches are open, before it, but no other lane; {@link Lateness} tells whose fault that is.
 */
final class Lane implements Runnable {

    private static final long FOREVER = 1_000_000_000_000L;

    private static final Logger LOG = LoggerFactory.getLogger(Lane.class);

    private final ActiveRun run;
    private final RunningSink target;
    private final Sink sink;
    private final int number;
    private final Thread thread;
    private final RunClock clock;
    private final Tuning tuning;
    private final boolean paced;

    private final BatchFiller filler;
    private final BatchBuffer batch;
    private final OpenBatches open;
    private final Books books;
    private final LaneSnapshot snapshot;

    private final Lateness lateness;
    private final CatchUp catchUp;
    private volatile boolean complete;
    private volatile boolean ended;

    /** @param cuts per stream the sequences at which earlier attempts ended a unit of delivery */
    Lane(
            ActiveRun run,
            RunningSink target,
            Sink sink,
            int number,
            List<LaneShare> shares,
            List<List<Long>> cuts,
            LaneSnapshot snapshot) {
        Attempt attempt = run.attempt();
        this.run = run;
        this.target = target;
        this.sink = sink;
        this.number = number;
        clock = attempt.clock();
        tuning = attempt.tuning();
        paced = attempt.pace().paced();
        List<StreamCursor> sources = new ArrayList<>();
        for (LaneShare share : shares) {
            CompiledStream stream = attempt.streams().get(share.stream());
            long[] itsCuts =
                    cuts.get(share.stream()).stream().mapToLong(Long::longValue).toArray();
            UnitCuts units =
                    new UnitCuts(stream, target.config().connector().resume().unit(), itsCuts);
            sources.add(new StreamCursor(stream, share, attempt.pace(), units));
        }
        Regions regions = attempt.regions();
        batch = new BatchBuffer(attempt.streams(), regions, attempt.tag(), attempt.number(), tuning);
        books = new Books(attempt.streams(), shares, run.steps().ends(attempt.pace()));
        this.snapshot = snapshot;
        lateness = new Lateness(clock, paced, books);
        catchUp = new CatchUp(attempt.config().backfill(), clock, tuning.batchSpanNanos());
        filler = new BatchFiller(sources, regions, regions.regionsOf(target.name()), batch, books, catchUp);
        thread = new Thread(this, "dataflux-" + target.name() + "-" + number);
        open = new OpenBatches(
                tuning, target.config().connector().openEvents(), clock, paced, target.failures(), books, thread);
    }

    @Override
    public void run() {
        try {
            awaitStart();
            complete = send();
            catchUp.sentAll();
            if (!complete) {
                cut();
            }
            flush();
            awaitOutcomes();
            abandon(new TimeoutException(
                    "no outcome within " + PlanWords.span(tuning.settleNanos() / 1e9) + " after flush"));
        } catch (InterruptedException e) {
            abandon(new InterruptedException("the run was interrupted before there was an outcome"));
        } finally {
            close();
            run.ended();
        }
    }

    private void awaitStart() throws InterruptedException {
        for (long left = -clock.now(); left > 0 && !target.ending(); left = -clock.now()) {
            clock.park(left);
        }
    }

    /** Sends until the limit or a stop; true at the limit. */
    private boolean send() throws InterruptedException {
        try {
            return sendAll();
        } catch (RuntimeException
                | Error e) { // from a generator, a router, or ourselves; a sink's errors do not get here
            LOG.error("{} failed", thread.getName(), e);
            target.failures().failure("lane " + number + " failed", e);
            return false;
        }
    }

    private boolean sendAll() throws InterruptedException {
        while (!target.ending()) {
            boolean more = filler.fill();
            if (!batch.isEmpty() && awaitDue() && awaitHorizon()) {
                Receipt receipt = awaitReceipt();
                if (receipt != null) {
                    handOver(receipt);
                    batch.clear();
                }
            }
            if (!more) {
                return !target.ending();
            }
        }
        return false;
    }

    /** Waits until the batch's last event is due. False if the run ends first: the batch is then not sent. */
    private boolean awaitDue() throws InterruptedException {
        if (!snapshot.mayReach(batch.lastMicros())) {
            askForHorizon(true); // before the wait rather than after it
        }
        if (!paced) {
            return true;
        }
        while (catchUp.leads(batch, target) && !target.ending()) {
            clock.park(CatchUp.LEAD_PARK_NANOS);
            foldSettled();
        }
        batch.dueFrom(catchUp.present(batch));
        long early = batch.lastDue() - clock.now();
        lateness.at(-early);
        if (early > 0) {
            idle(early);
            early = batch.lastDue() - clock.now();
        }
        while (early > 0) {
            if (target.ending()) {
                return false;
            }
            clock.park(early);
            foldSettled(); // the lane may have been woken by an outcome
            early = batch.lastDue() - clock.now();
        }
        return true;
    }

    /** Waits until the batch is within the horizon that is on disk, see {@link LaneSnapshot}. False if the run ends first. */
    private boolean awaitHorizon() throws InterruptedException {
        boolean asked = false;
        while (!snapshot.mayReach(batch.lastMicros())) {
            if (target.ending()) {
                return false;
            }
            askForHorizon(!asked);
            asked = true;
            run.checkpoints().park();
        }
        snapshot.ask(false);
        return true;
    }

    private void askForHorizon(boolean aloud) {
        snapshot.ask(true);
        snapshot.copyIfAsked(books);
        if (aloud) {
            run.checkpoints().ask();
        }
    }

    /** Notes on disk where this attempt ends the units of delivery, before the sink makes a unit of what it has gathered. */
    private void cut() throws InterruptedException {
        if (target.config().connector().resume().unit().equals(DeliveryUnit.NONE)) {
            return;
        }
        long[] next = filler.unsent(run.attempt().streams().size(), finishTime());
        long epoch = snapshot.cut(next);
        while (!snapshot.isDurable(epoch) && run.checkpoints().working()) {
            run.checkpoints().ask();
            run.checkpoints().park();
            foldSettled();
        }
    }

    /**
     * Sends the rest of what is sent at one time if a part was sent already, since units of delivery end between times. Returns how many
     * events at the front of the batch that sent.
     */
    private int finishTime() throws InterruptedException {
        StreamCursor source = filler.begun();
        if (source == null) {
            return 0;
        }
        long time = filler.unsent(source, 0);
        int front = filler.atFront(source, time);
        int all = batch.resize(front);
        handOverLast();
        batch.resize(all);
        if (front < all) {
            return front;
        }
        while (filler.fillAt(source, time)) {
            handOverLast();
        }
        batch.clear();
        return 0;
    }

    /** Hands the batch over although the run is ending, if the sink has room for it soon. */
    private void handOverLast() throws InterruptedException {
        long deadline = clock.now() + tuning.settleNanos();
        Receipt receipt = batch.isEmpty() ? null : open.issue(batch);
        while (!batch.isEmpty() && receipt == null && clock.now() < deadline) {
            clock.park(deadline - clock.now());
            foldSettled();
            receipt = open.issue(batch);
        }
        if (receipt != null) {
            handOver(receipt);
        }
    }

    /** Lets the sink finish what should not stay open while the lane waits. */
    private void idle(long nanos) throws InterruptedException {
        try {
            sink.idle(nanos);
        } catch (InterruptedException e) {
            throw e;
        } catch (Throwable e) {
            target.failures().failure("the sink failed while there was nothing to send", e);
        }
    }

    /** A receipt for the batch, as soon as few enough batches are open. Null if the run ends first. */
    private @Nullable Receipt awaitReceipt() throws InterruptedException {
        Receipt receipt = open.issue(batch);
        if (receipt == null) {
            long from = lateness.startWaiting();
            while (receipt == null && !target.ending()) {
                clock.park(FOREVER);
                foldSettled();
                receipt = open.issue(batch);
            }
            lateness.stopWaiting(from);
        }
        return receipt;
    }

    private void handOver(Receipt receipt) throws InterruptedException {
        books.issued.addAndGet(batch.size());
        catchUp.sending(batch);
        long from = lateness.startWaiting();
        if (!batch.isOverdue()) {
            lateness.handingOver(batch.lastDue(), from);
        }
        try {
            sink.write(batch, receipt);
        } catch (InterruptedException e) {
            throw e;
        } catch (Throwable e) {
            target.failures().failure("a write failed", e);
            target.failures().unknown(receipt.abandon(), e);
        } finally {
            lateness.stopWaiting(from);
        }
        foldSettled();
    }

    private void foldSettled() {
        open.fold();
        if (snapshot.copyIfAsked(books)) {
            run.checkpoints().copied();
        }
        run.progressed();
    }

    private void flush() throws InterruptedException {
        try {
            sink.flush();
        } catch (InterruptedException e) {
            throw e;
        } catch (Throwable e) {
            target.failures().failure("flush failed", e);
        }
    }

    /** Waits until the sink has settled every batch, but not for ever. */
    private void awaitOutcomes() throws InterruptedException {
        long deadline = clock.now() + tuning.settleNanos();
        foldSettled();
        for (long left = tuning.settleNanos(); !open.allSettled() && left > 0; left = deadline - clock.now()) {
            clock.park(left);
            foldSettled();
        }
    }

    private void abandon(Throwable cause) {
        foldSettled();
        open.abandon(cause);
        while (!open.allSettled()) { // another thread is in the middle of settling
            Thread.onSpinWait();
            foldSettled();
        }
    }

    private void close() {
        books.elapsedNanos = clock.now();
        if (complete) {
            filler.complete();
        }
        Thread.interrupted(); // a sink may have to wait to close what it has open
        try {
            sink.close();
        } catch (Throwable e) {
            target.failures().failure("close failed", e);
        }
        snapshot.end(books, complete ? Stage.COMPLETE : Stage.STOPPED);
        ended = true;
    }

    /** Starts the lane's thread. */
    void start() {
        thread.start();
    }

    /** Wakes the lane from whatever it waits for, other than its sink. */
    void wake() {
        LockSupport.unpark(thread);
    }

    /** Interrupts what the lane or its sink is doing. */
    void interrupt() {
        thread.interrupt();
    }

    Books books() {
        return books;
    }

    /** Whether the lane reached its limit. */
    boolean complete() {
        return complete;
    }

    boolean hasEnded() {
        return ended;
    }

    Lateness lateness() {
        return lateness;
    }

    CatchUp catchUp() {
        return catchUp;
    }
}
