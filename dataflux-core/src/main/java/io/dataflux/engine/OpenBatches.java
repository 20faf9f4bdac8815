package io.dataflux.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The batches of a lane that its sink has not settled yet. Their number is bounded, and with it what a stalled sink costs. Settled
 * receipts come back on a lock-free stack from whatever thread settled them; all else is done by the lane's thread, which folds them
 * into its books and uses them again.
 *
 * <p>Receipts are used in turn, so that a sink that settles a batch twice is usually caught before the receipt is in use again.
 */
final class OpenBatches {

    private static final int ROUND = 16;

    private final int mostBatches;
    private final int mostEvents;
    private final RunClock clock;
    private final boolean paced;
    private final SinkFailures failures;
    private final Thread lane;
    private final Books books;
    private final ArrayDeque<Receipt> free = new ArrayDeque<>();
    private final List<Receipt> open = new ArrayList<>();
    private final AtomicReference<@Nullable Receipt> settled = new AtomicReference<>();
    private int openEvents;
    /** For how many events there is room in the receipts that are free. */
    private int freeRoom;

    /** @param asked how many open events the sink asks for */
    OpenBatches(
            Tuning tuning, int asked, RunClock clock, boolean paced, SinkFailures failures, Books books, Thread lane) {
        // a sink that gathers more than usual may gather it from batches of one event
        boolean gathers = asked > Tuning.DEFAULT.openEvents();
        mostEvents = gathers ? asked : tuning.openEvents();
        mostBatches = gathers ? asked : tuning.openBatches();
        this.clock = clock;
        this.paced = paced;
        this.failures = failures;
        this.books = books;
        this.lane = lane;
        for (int i = 0; i < ROUND; i++) {
            free.add(new Receipt(this));
        }
    }

    /** A receipt for the batch, or {@code null} while too much is open. */
    @Nullable
    Receipt issue(BatchBuffer batch) {
        boolean room = open.size() < mostBatches && (open.isEmpty() || openEvents + batch.size() <= mostEvents);
        if (!room) {
            return null;
        }
        Receipt receipt = free.isEmpty() ? new Receipt(this) : free.remove();
        freeRoom -= receipt.room();
        receipt.issue(batch, books, paced, clock.now());
        if (paced && clock.tempo().touched()) {
            receipt.dueBy(clock);
        }
        receipt.slot = open.size();
        open.add(receipt);
        openEvents += batch.size();
        return receipt;
    }

    /** Folds what was settled since the last call. */
    void fold() {
        Receipt first = inOrder(settled.getAndSet(null));
        for (Receipt receipt = first; receipt != null; ) {
            Receipt next = receipt.next;
            receipt.next = null;
            receipt.fold(books);
            close(receipt);
            receipt = next;
        }
    }

    /** Turns a stack round: books take what comes in order without searching. */
    private static @Nullable Receipt inOrder(@Nullable Receipt stack) {
        Receipt turned = null;
        while (stack != null) {
            Receipt below = stack.next;
            stack.next = turned;
            turned = stack;
            stack = below;
        }
        return turned;
    }

    private void close(Receipt receipt) {
        openEvents -= receipt.size();
        Receipt last = open.remove(open.size() - 1);
        if (last != receipt) {
            last.slot = receipt.slot;
            open.set(receipt.slot, last);
        }
        if (!receipt.wasAbandoned() && freeRoom + receipt.room() <= mostEvents) {
            free.add(receipt);
            freeRoom += receipt.room();
        }
    }

    boolean allSettled() {
        return open.isEmpty();
    }

    /** Settles what is open as unknown. Another thread may be about to settle an event, so that not all is settled at once. */
    void abandon(Throwable cause) {
        for (Receipt receipt : open) {
            failures.unknown(receipt.abandon(), cause);
        }
    }

    long now() {
        return clock.now();
    }

    SinkFailures failures() {
        return failures;
    }

    /** Takes a receipt whose last event was settled; from any thread. */
    void settled(Receipt receipt) {
        Receipt top;
        do {
            top = settled.get();
            receipt.next = top;
        } while (!settled.compareAndSet(top, receipt));
        if (Thread.currentThread() != lane) {
            LockSupport.unpark(lane);
        }
    }
}
