package io.dataflux.engine;

import java.util.concurrent.locks.LockSupport;

/**
 * Finds out when this process stood still: because it was stopped, its machine slept or swapped, or the collector had it. A thread wakes at
 * short intervals; if it wakes late by more than the lag budget, nothing else ran on time either. A lane that was waiting for its sink in
 * such a span cannot blame the sink for it.
 *
 * <p>The total may be asked for by any thread, also by one that wakes before the watch does: what the watch is late by then counts.
 */
final class PauseWatch implements AutoCloseable {

    private static final long EVERY = 10_000_000;

    /** What was found so far, and when the watch is to wake next. */
    private record Seen(long total, long nextNanos) {}

    private final Ticker ticker;
    private final long least;
    private final Thread thread = new Thread(this::watch, "dataflux-pauses");
    private volatile Seen seen;
    private volatile boolean closed;

    /** @param leastNanos shorter pauses are not counted */
    PauseWatch(Ticker ticker, long leastNanos) {
        this.ticker = ticker;
        this.least = leastNanos;
        seen = new Seen(0, Long.MAX_VALUE);
        thread.setDaemon(true);
    }

    void start() {
        await(0);
        thread.start();
    }

    private void watch() {
        while (!closed) {
            Seen now = seen;
            long left = now.nextNanos - ticker.nanos();
            if (left > 0) {
                ticker.park(left);
            } else {
                await(now.total + counted(-left));
            }
        }
    }

    private void await(long total) {
        seen = new Seen(total, ticker.nanos() + EVERY);
    }

    private long counted(long late) {
        return late > least ? late : 0;
    }

    /** For how long the process has stood still altogether, in nanoseconds. */
    long total() {
        Seen now = seen;
        return now.nextNanos == Long.MAX_VALUE ? 0 : now.total + counted(ticker.nanos() - now.nextNanos);
    }

    /** Whether the watch is to wake at that time. */
    boolean awaits(long nanos) {
        return seen.nextNanos == nanos;
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
