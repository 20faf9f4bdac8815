package io.dataflux.s3;

import java.io.IOException;
import java.time.Duration;

/** A point in time by which something must be done. Immutable. */
record Deadline(long nanoTime) {

    static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    /** An earlier one. */
    Deadline minus(Duration time) {
        return new Deadline(nanoTime - time.toNanos());
    }

    /** What is left; negative once it has passed. */
    Duration left() {
        return Duration.ofNanos(nanoTime - System.nanoTime());
    }

    boolean isOver() {
        return nanoTime - System.nanoTime() <= 0;
    }

    /** For a stream that may trickle. */
    void check() throws IOException {
        if (isOver()) {
            throw new IOException("the content did not arrive in time");
        }
    }
}
