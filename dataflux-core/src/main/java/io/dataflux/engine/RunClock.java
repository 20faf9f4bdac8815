package io.dataflux.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The time of a run: nanoseconds since its start, the same for all lanes. Thread-safe once it runs. */
final class RunClock {

    private final Ticker ticker;
    private final LongSupplier stoodStill;
    private final @Nullable PauseWatch watch;
    private final Tempo tempo = new Tempo();
    private long start;

    /** A clock that is only read, or a test's own, which nothing holds up. */
    RunClock(Ticker ticker) {
        this(ticker, () -> 0, null);
    }

    /** @param stoodStill for how long the process has stood still altogether, in nanoseconds */
    RunClock(Ticker ticker, LongSupplier stoodStill) {
        this(ticker, stoodStill, null);
    }

    private RunClock(Ticker ticker, LongSupplier stoodStill, @Nullable PauseWatch watch) {
        this.ticker = ticker;
        this.stoodStill = stoodStill;
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

    /** How the run is held up or made faster. */
    Tempo tempo() {
        return tempo;
    }

    /** How long nothing could be sent, altogether: this process stood still, or the run was paused. */
    long heldUp() {
        return stoodStill.getAsLong() + (tempo.touched() ? tempo.pausedBefore(now()) : 0);
    }

    /** The nanosecond of the plan that is due now. */
    long position() {
        return tempo.position(now());
    }

    /** When a nanosecond of the plan is due. */
    long due(long plan) {
        return tempo.touched() ? tempo.due(plan, now()) : plan;
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
