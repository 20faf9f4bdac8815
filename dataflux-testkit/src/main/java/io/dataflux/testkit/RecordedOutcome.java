package io.dataflux.testkit;

import io.dataflux.spi.Outcome;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Records what a sink reports for the events of one batch, and refuses a second answer for the same event. Thread-safe.
 */
public final class RecordedOutcome implements Outcome {

    private static final int OPEN = 0;
    private static final int ACKNOWLEDGED = 1;
    private static final int FAILED = 2;
    private static final int UNKNOWN = 3;

    private final AtomicIntegerArray answers;
    private final AtomicInteger open;
    private final AtomicInteger gathered = new AtomicInteger();
    private final AtomicReference<@Nullable String> misuse = new AtomicReference<>();
    private final AtomicReference<@Nullable Throwable> firstCause = new AtomicReference<>();

    /** For a batch of that many events. */
    public RecordedOutcome(int size) {
        answers = new AtomicIntegerArray(size);
        open = new AtomicInteger(size);
    }

    @Override
    public void gathered(int from, int to) {
        gathered.addAndGet(to - from);
    }

    @Override
    public void acknowledged(int from, int to) {
        settle(from, to, ACKNOWLEDGED);
    }

    @Override
    public void failed(int from, int to, Throwable cause) {
        firstCause.compareAndSet(null, cause);
        settle(from, to, FAILED);
    }

    @Override
    public void unknown(int from, int to, Throwable cause) {
        firstCause.compareAndSet(null, cause);
        settle(from, to, UNKNOWN);
    }

    /** How many events have no answer yet. */
    public int unsettled() {
        return open.get();
    }

    /** Waits at most this long until every event has an answer; returns whether each has one. */
    public synchronized boolean awaitSettled(Duration longest) throws InterruptedException {
        long deadline = System.nanoTime() + longest.toNanos();
        while (open.get() > 0) {
            long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (millis <= 0) {
                return false;
            }
            wait(millis);
        }
        return true;
    }

    /** The number of events of the batch. */
    public int size() {
        return answers.length();
    }

    public boolean isAcknowledged(int i) {
        return answers.get(i) == ACKNOWLEDGED;
    }

    public boolean isFailed(int i) {
        return answers.get(i) == FAILED;
    }

    /** For how many events the sink said that what gathered them is complete, see {@link Outcome#gathered}. */
    public int gathered() {
        return gathered.get();
    }

    public int acknowledged() {
        return count(ACKNOWLEDGED);
    }

    public int failed() {
        return count(FAILED);
    }

    public int unknown() {
        return count(UNKNOWN);
    }

    /** The cause of the first event that was not acknowledged, or {@code null}. */
    public @Nullable Throwable firstCause() {
        return firstCause.get();
    }

    /** The first answer that broke the rules (out of range, or a second one for the same event), or {@code null}. */
    public @Nullable String misuse() {
        return misuse.get();
    }

    private void settle(int from, int to, int answer) {
        if (from < 0 || to > answers.length() || from >= to) {
            misuse.compareAndSet(null, "settled [" + from + ", " + to + ") of " + answers.length() + " events");
            return;
        }
        int settled = 0;
        for (int i = from; i < to; i++) {
            if (answers.compareAndSet(i, OPEN, answer)) {
                settled++;
            } else {
                misuse.compareAndSet(null, "settled event " + i + " a second time");
            }
        }
        if (settled > 0 && open.addAndGet(-settled) == 0) {
            synchronized (this) {
                notifyAll();
            }
        }
    }

    private int count(int answer) {
        int count = 0;
        for (int i = 0; i < answers.length(); i++) {
            count += answers.get(i) == answer ? 1 : 0;
        }
        return count;
    }
}
