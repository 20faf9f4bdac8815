package io.dataflux.verify;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that stands still until somebody waits, and then does what is due. */
final class OwnClock implements Waiting.Clock {

    private record Due(long nanos, Runnable action) {}

    private final Deque<Due> due = new ArrayDeque<>();
    private final AtomicLong now = new AtomicLong();

    /** Lets something happen that long after the beginning; to be called in the order of time. */
    OwnClock at(long millis, Runnable action) {
        due.add(new Due(millis * 1_000_000, action));
        return this;
    }

    /** Lets time pass, as seen by whoever waits for the thread that calls this. */
    void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    @Override
    public long nanos() {
        return now.get();
    }

    @Override
    public void park(long nanos) {
        now.addAndGet(nanos);
        while (!due.isEmpty() && due.peek().nanos <= now.get()) {
            due.remove().action.run();
        }
    }
}
