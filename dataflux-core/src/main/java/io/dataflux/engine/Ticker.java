package io.dataflux.engine;

import java.time.Instant;
import java.util.concurrent.locks.LockSupport;

/** The clocks that a run goes by; tests put their own in its place. Thread-safe. */
interface Ticker {

    Ticker SYSTEM = new Ticker() {
        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public void park(long nanos) {
            LockSupport.parkNanos(nanos); // pacing, or a wait with a limit that news ends early
        }
    };

    /** The time of day. */
    default Instant wall() {
        return Instant.now();
    }

    /** Nanoseconds since any fixed moment. */
    long nanos();

    /** Waits that long, or less: a thread that is unparked or interrupted returns early. */
    void park(long nanos);
}
