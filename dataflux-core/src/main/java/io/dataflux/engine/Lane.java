package io.dataflux.engine;

import io.dataflux.encode.CompiledStream;
import io.dataflux.engine.Checkpoint.Stage;
import io.dataflux.plan.Extent;
import io.dataflux.plan.LaneShare;
import io.dataflux.plan.Regions;
import io.dataflux.plan.RunConfig.SinkConfig;
import io.dataflux.plan.UnitCuts;
import io.dataflux.spi.DeliveryUnit;
import io.dataflux.spi.Sink;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
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
 * into its {@link Books}. {@link OrderlyStop} ends a lane that is stopped before its limit.
 *
 * <p>Lanes share nothing that is written per event: no queue between them, no common counter. A sink that stalls holds up its lane in
 * {@code write} or, once too many batches are open, before it, but no other lane; {@link Lateness} tells whose fault that is.
 */
final class Lane implements Runnable, OrderlyStop.Stopped, Epochs.Follower {

    /** Hears of a lane, on the lane's thread. */
    interface Listener {

        /** The lane knows more outcomes than before. */
        void progressed();

        /** The lane has ended, and nothing of it is open. */
        void ended();
    }

    /** How far a lane may be ahead of the present while nothing is for its sink. */
    private static final long NEAR = 1_000_000_000L;

    private static final long FOREVER = 1_000_000_000_000L;

    private static final Logger LOG = LoggerFactory.getLogger(Lane.class);

    private final int number;
    private final Sink sink;
    private final SinkFailures failures;
    private final Listener listener;
    private final Thread thread;
    private final RunClock clock;
    private final Tuning tuning;
    private final boolean paced;

    private final Attempt attempt;
    private final SinkConfig config;
    private final List<LaneShare> shares;
    private int epoch;
    private final BatchFiller filler;
    private final BatchBuffer batch;
    private final OpenBatches open;
    private final Books books;
    private final LaneSnapshot snapshot;
    private final @Nullable LaneMeter meter;

    private final Lateness lateness;
    private final CatchUp catchUp;
    private final @Nullable OrderlyStop stop;
    private volatile boolean ending;
    private volatile boolean complete;
    private volatile boolean ended;

    /**
     * @param number of the lane among those of its sink
     * @param sink opened for this lane, which closes it
     * @param meter of a run that is watched; {@code null} for others
     * @param slowest when the next event of the sink's slowest lane is due, in a backfill
     */
    Lane(
            Attempt attempt,
            SinkConfig config,
            int number,
            List<LaneShare> shares,
            Sink sink,
            LaneSnapshot snapshot,
            SinkFailures failures,
            @Nullable LaneMeter meter,
            LongSupplier slowest,
            Listener listener) {
        this.number = number;
        this.sink = sink;
        this.snapshot = snapshot;
        this.meter = meter;
        this.failures = failures;
        this.listener = listener;
        this.attempt = attempt;
        this.config = config;
        this.shares = shares;
        clock = attempt.clock();
        tuning = attempt.tuning();
        paced = attempt.pace().paced();
        List<CompiledStream> streams = attempt.epochs().epoch(0).streams();
        Regions regions = new Regions(attempt.config(), streams);
        batch = new BatchBuffer(streams, regions, attempt.tag(), attempt.number(), tuning);
        books = new Books(attempt.streams(), shares, meter, attempt.steps().ends(attempt.pace()));
        lateness = new Lateness(clock, paced, books);
        catchUp = new CatchUp(attempt.config().backfill(), clock, tuning.batchSpanNanos(), slowest);
        filler = new BatchFiller(sources(), regions, config.name(), batch, books, catchUp);
        thread = new Thread(this, "dataflux-" + config.name() + "-" + number);
        open = new OpenBatches(tuning, config.connector().openEvents(), clock, paced, failures, books, thread);
        stop = config.connector().resume().unit().equals(DeliveryUnit.NONE)
                ? null
                : new OrderlyStop(attempt, filler, batch, open, snapshot, this);
    }

    /** What the lane takes the events of its epoch from. */
    private List<StreamCursor> sources() {
        List<StreamCursor> sources = new ArrayList<>();
        Extent extent = attempt.epochs().epoch(epoch);
        for (LaneShare share : shares) {
            CompiledStream stream = extent.streams().get(share.stream());
            long[] cuts = snapshot.firstCuts().get(share.stream()).stream()
                    .mapToLong(Long::longValue)
                    .toArray();
            UnitCuts units = new UnitCuts(stream, config.connector().resume().unit(), cuts);
            sources.add(new StreamCursor(stream, inEpoch(share), attempt.pace(), units));
        }
        return sources;
    }

    private LaneShare inEpoch(LaneShare share) {
        return share.in(
                attempt.epochs().epoch(epoch),
                attempt.epochs().places(share.stream()).in(epoch));
    }

    @Override
    public void run() {
        try {
            awaitStart();
            complete = send();
            books.ends(clock.now(), filler.nextDue(), batch.size());
            catchUp.sentAll();
            if (!complete && stop != null) {
                stop.endUnits();
            }
            flush();
            awaitOutcomes();
            abandon(new TimeoutException(
                    "no outcome within " + PlanWords.span(tuning.settleNanos() / 1e9) + " after flush"));
        } catch (InterruptedException e) {
            abandon(new InterruptedException("the run was interrupted before there was an outcome"));
        } finally {
            close();
            listener.ended();
        }
    }

    private void awaitStart() throws InterruptedException {
        for (long left = -clock.now(); left > 0 && !ending; left = -clock.now()) {
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
            failures.failure("lane " + number + " failed", e);
            return false;
        }
    }

    private boolean sendAll() throws InterruptedException {
        while (!ending) {
            boolean more = filler.fill();
            if (!batch.isEmpty() && awaitDue() && awaitHorizon()) {
                Receipt receipt = awaitReceipt();
                if (receipt != null) {
                    handOver(receipt);
                    batch.clear();
                }
            }
            if (!more && !nextEpoch()) {
                return !ending;
            }
            if (more && batch.isEmpty()) {
                snapshot.hasNothingBefore(filler.nextMicros());
                awaitNear(filler.nextDue());
            }
        }
        return false;
    }

    /** Goes to the next epoch of the run, once it is on disk. False if there is none, or the run ends first. */
    private boolean nextEpoch() throws InterruptedException {
        if (!attempt.epochs().has(epoch + 1)) {
            return false;
        }
        boolean asked = false;
        while (!attempt.epochs().isOnDisk(epoch + 1)) {
            if (ending) {
                return false;
            }
            snapshot.askForHorizon(books, !asked);
            asked = true;
            snapshot.awaitCheckpoint();
            foldSettled();
        }
        snapshot.askNoMore();
        filler.hold();
        try {
            filler.complete();
            epoch++;
            List<CompiledStream> streams = attempt.epochs().epoch(epoch).streams();
            Regions regions = new Regions(attempt.config(), streams);
            batch.begin(streams, regions);
            filler.begin(sources(), regions);
        } finally {
            filler.release();
        }
        return true;
    }

    @Override
    public void hold() {
        filler.hold();
    }

    @Override
    public void release() {
        filler.release();
    }

    @Override
    public long[] reach(int ofEpoch) {
        long[] reach = new long[attempt.streams().size()];
        if (epoch == ofEpoch && !(ended && !complete)) {
            filler.sources().forEach(source -> reach[source.index] = source.reach());
        }
        return reach;
    }

    @Override
    public void endsEarlier(int ofEpoch) {
        if (epoch == ofEpoch) {
            for (StreamCursor source : filler.sources()) {
                shares.stream()
                        .filter(share -> share.stream() == source.index)
                        .forEach(share -> source.endEarlier(inEpoch(share)));
            }
        }
    }

    /** Waits until the batch's last event is due. False if the run ends first: the batch is then not sent. */
    private boolean awaitDue() throws InterruptedException {
        if (!snapshot.mayReach(batch.lastMicros())) {
            snapshot.askForHorizon(books, true); // before the wait rather than after it
        }
        if (!awaitResumption()) {
            return false;
        }
        if (!paced) {
            return true;
        }
        while (catchUp.leads(batch) && !ending) {
            clock.park(CatchUp.LEAD_PARK_NANOS);
            foldSettled();
        }
        batch.dueFrom(catchUp.present(batch));
        long early = clock.due(batch.lastDue()) - clock.now();
        lateness.at(-early);
        if (early > 0) {
            idle(early);
            early = clock.due(batch.lastDue()) - clock.now();
        }
        while (early > 0) {
            if (ending) {
                return false;
            }
            clock.park(early);
            foldSettled(); // the lane may have been woken by an outcome
            if (!awaitResumption()) {
                return false;
            }
            early = clock.due(batch.lastDue()) - clock.now();
        }
        return true;
    }

    /**
     * Keeps near the present although nothing of what the lane looked at was for its sink: a change of the streams begins after what any
     * lane has looked at.
     */
    private void awaitNear(long due) throws InterruptedException {
        if (!paced || !awaitResumption()) {
            return;
        }
        for (long early = clock.due(due) - NEAR - clock.now(); early > 0 && !ending; ) {
            clock.park(early);
            foldSettled();
            if (!awaitResumption()) {
                return;
            }
            early = clock.due(due) - NEAR - clock.now();
        }
    }

    /** Waits while the run is paused. False if it ends first. */
    private boolean awaitResumption() throws InterruptedException {
        if (clock.tempo().paused()) {
            idle(FOREVER);
        }
        while (clock.tempo().paused()) {
            if (ending) {
                return false;
            }
            clock.park(FOREVER);
            foldSettled();
        }
        return true;
    }

    /** Waits until the batch is within the horizon that is on disk, see {@link LaneSnapshot}. False if the run ends first. */
    private boolean awaitHorizon() throws InterruptedException {
        boolean asked = false;
        while (!snapshot.mayReach(batch.lastMicros())) {
            if (ending) {
                return false;
            }
            snapshot.askForHorizon(books, !asked);
            asked = true;
            snapshot.awaitCheckpoint();
        }
        snapshot.askNoMore();
        return true;
    }

    /** Lets the sink finish what should not stay open while the lane waits. */
    private void idle(long nanos) throws InterruptedException {
        try {
            sink.idle(nanos);
        } catch (InterruptedException e) {
            throw e;
        } catch (Throwable e) {
            failures.failure("the sink failed while there was nothing to send", e);
        }
    }

    /** A receipt for the batch, as soon as few enough batches are open. Null if the run ends first. */
    private @Nullable Receipt awaitReceipt() throws InterruptedException {
        Receipt receipt = open.issue(batch);
        if (receipt == null) {
            long from = lateness.startWaiting();
            while (receipt == null && !ending) {
                clock.park(FOREVER);
                foldSettled();
                receipt = open.issue(batch);
            }
            lateness.stopWaiting(from);
        }
        return receipt;
    }

    @Override
    public void handOver(Receipt receipt) throws InterruptedException {
        books.issued.addAndGet(batch.size());
        catchUp.sending(batch);
        long from = lateness.startWaiting();
        if (!batch.isOverdue()) {
            lateness.handingOver(clock.due(batch.lastDue()), from);
        }
        if (meter != null) {
            meter.handingOver(batch, receipt.flow(), from);
        }
        try {
            sink.write(batch, receipt);
        } catch (InterruptedException e) {
            throw e;
        } catch (Throwable e) {
            failures.failure("a write failed", e);
            failures.unknown(receipt.abandon(), e);
        } finally {
            lateness.stopWaiting(from);
        }
        foldSettled();
    }

    @Override
    public void foldSettled() {
        open.fold();
        snapshot.copyIfAsked(books);
        listener.progressed();
    }

    private void flush() throws InterruptedException {
        try {
            sink.flush();
        } catch (InterruptedException e) {
            throw e;
        } catch (Throwable e) {
            failures.failure("flush failed", e);
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
            failures.failure("close failed", e);
        }
        snapshot.end(books, complete ? Stage.COMPLETE : Stage.STOPPED);
        ended = true;
    }

    /** Starts the lane's thread. */
    void start() {
        thread.start();
    }

    /** Asks the lane to end after its batch. */
    void end() {
        ending = true;
        wake();
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

    /** How often the lane's sink has sent something again. */
    long retries() {
        return sink.retries();
    }

    Lateness lateness() {
        return lateness;
    }

    CatchUp catchUp() {
        return catchUp;
    }
}
