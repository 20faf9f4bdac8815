package io.dataflux.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** By a clock that a test moves: between two moves nothing of the process runs. */
class PauseWatchTest {

    private static final long MILLI = 1_000_000;
    private static final long BUDGET = 100 * MILLI;

    private final AtomicLong time = new AtomicLong(77);
    private final Ticker ticker = new Ticker() {
        @Override
        public long nanos() {
            return time.get();
        }

        @Override
        public void park(long nanos) {
            LockSupport.parkNanos(MILLI); // until the test moves on
        }
    };

    @Test
    void whatTheWatchOversleepsIsCountedWhoeverWakesFirst() {
        try (PauseWatch watch = new PauseWatch(ticker, BUDGET)) {
            assertThat(watch.total()).isZero();
            watch.start();
            time.addAndGet(10 * MILLI + 700 * MILLI);

            assertThat(watch.total()).as("at once").isEqualTo(700 * MILLI);
            await().until(() -> moved(watch, 700 * MILLI));
            assertThat(watch.total()).as("once it has woken").isEqualTo(700 * MILLI);

            time.addAndGet(10 * MILLI + 300 * MILLI);
            await().until(() -> moved(watch, 1000 * MILLI));
            assertThat(watch.total()).isEqualTo(1000 * MILLI);
        }
    }

    /** Whether the watch has woken: what the clock adds within its interval does not count. */
    private boolean moved(PauseWatch watch, long expected) {
        return watch.total() == expected && watch.awaits(time.get() + 10 * MILLI);
    }

    @Test
    void whatIsWithinTheBudgetIsNoPause() {
        try (PauseWatch watch = new PauseWatch(ticker, BUDGET)) {
            watch.start();
            for (int i = 0; i < 5; i++) {
                time.addAndGet(10 * MILLI + BUDGET);
                await().until(() -> moved(watch, 0));
            }
            assertThat(watch.total()).isZero();
        }
    }

    private record Wait(long millis, long paused) {}

    /** One wait for the sink, then a batch that is as late as that wait was long: how much of it is whose. */
    private long[] lagAfter(List<Wait> waits) {
        AtomicLong paused = new AtomicLong();
        RunClock clock = new RunClock(ticker, paused::get);
        clock.begin(null);
        Sketch sketch = new Sketch(java.nio.file.Path.of("")).stream("orders", 1000);
        Books books = new Books(sketch.streams(), List.of(), Long.MAX_VALUE);
        books.sees(0);
        Lateness lateness = new Lateness(clock, true, books);
        long due = clock.now();
        for (Wait wait : waits) {
            long from = lateness.startWaiting();
            time.addAndGet(wait.millis * MILLI);
            paused.addAndGet(wait.paused * MILLI);
            lateness.stopWaiting(from);
        }
        lateness.handingOver(due, clock.now());
        return new long[] {books.ownLag.max() / MILLI, books.sinkLag.max() / MILLI};
    }

    @Test
    void aPauseWhileTheLaneWaitsForItsSinkIsNotTheSinks() {
        assertThat(lagAfter(List.of(new Wait(400, 0)))).containsExactly(0, 400);
        assertThat(lagAfter(List.of(new Wait(400, 300)))).containsExactly(300, 100);
        assertThat(lagAfter(List.of(new Wait(50, 0), new Wait(300, 300)))).containsExactly(300, 50);
        assertThat(lagAfter(List.of(new Wait(200, 250))))
                .as("never less than nothing")
                .containsExactly(200, 0);
    }
}
