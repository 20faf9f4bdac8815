package io.dataflux.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The time of a run: nanoseconds since its start, the same for all lanes. Thread-safe once it runs. */
final class RunClock {

    private final Ticker ticker;
    private final LongSupplier paused;
    private final @Nullable PauseWatch watch;
    private long start;

    /** A clock that is only read, or a test's own, which nothing holds up. */
    RunClock(Ticker ticker) {
        this(ticker, () -> 0, null);
    }

    /** @param paused for how long the process has stood still altogether, in nanoseconds */
    RunClock(Ticker ticker, LongSupplier paused) {
        this(ticker, paused, null);
    }

    private RunClock(Ticker ticker, LongSupplier paused, @Nullable PauseWatch watch) {
        this.ticker = ticker;
        this.paused = paused;
        this.watch = watch;
    }

    /** The clock of a run; it notices when the process stands still, unless the time is a test's own. */
    static RunClock of(Tuning tuning) {
        if (tuning.ticker() != Ticker.SYSTEM) {
            return new RunClock(tuning.ticker());
        }
        PauseWatch watch = new PauseWatch(tuning.ticker(), tuning.lagBudgetNanos());
        return new RunClock(tuning.ticker(), watch::total, watch);
    }

    /**
     * Starts the run's time; called once, before the lanes' threads start.
     *
     * @param at when it starts, which may have passed; {@code null} for now
     */
    void begin(@Nullable Instant at) {
        long left = at == null ? 0 : Duration.between(ticker.wall(), at).toNanos();
        start = ticker.nanos() + left;
        if (watch != null) {
            watch.start();
        }
    }

    /** The run has ended. */
    void end() {
        if (watch != null) {
            watch.close();
        }
    }

    /** The time of day. */
    Instant wall() {
        return ticker.wall();
    }

    /** For how long this process has stood still altogether, while nothing in it ran. */
    long paused() {
        return paused.getAsLong();
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
