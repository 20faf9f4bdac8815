package io.dataflux.engine;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The time of a run: nanoseconds since its start, the same for all lanes. Thread-safe once it runs. */
final class RunClock {

    private final Ticker ticker;
    private long start;

    RunClock(Ticker ticker) {
        this.ticker = ticker;
    }

    /**
     * Starts the run's time; called once, before the lanes' threads start.
     *
     * @param at when it starts, which may have passed; {@code null} for now
     */
    void begin(@Nullable Instant at) {
        long left = at == null ? 0 : Duration.between(ticker.wall(), at).toNanos();
        start = ticker.nanos() + left;
    }

    /** The time of day. */
    Instant wall() {
        return ticker.wall();
    }

    /** Negative before the start. */
    long now() {
        return ticker.nanos() - start;
    }

    /** Waits that long, or less if the thread is unparked. @throws InterruptedException if it is or was interrupted */
    void park(long nanos) throws InterruptedException {
        ticker.park(nanos);
        if (Thread.interrupted()) {
            throw new InterruptedException("the run is being stopped");
        }
    }
}
