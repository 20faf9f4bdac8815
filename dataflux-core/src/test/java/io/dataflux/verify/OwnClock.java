package io.dataflux.verify;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** A clock that stands still until somebody waits, and then does what is due. */
final class OwnClock implements Waiting.Clock {

    private record Due(long nanos, Runnable action) {}

    private final Deque<Due> due = new ArrayDeque<>();
    private volatile long now;

    /** Lets something happen that long after the beginning; to be called in the order of time. */
    OwnClock at(long millis, Runnable action) {
        due.add(new Due(millis * 1_000_000, action));
        return this;
    }

    /** Lets time pass, as seen by whoever waits for the thread that calls this. */
    void pass(Duration time) {
        now = now + time.toNanos();
    }

    @Override
    public long nanos() {
        return now;
    }

    @Override
    public void park(long nanos) {
        now = now + nanos;
        while (!due.isEmpty() && due.peek().nanos <= now) {
            due.remove().action.run();
        }
    }
}
