package io.dataflux.verify;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * How long to wait for arrivals: until everything expected has come and nothing new for a while, or until a deadline. Used by one
 * thread.
 */
final class Waiting {

    /** The clock to wait by; tests have their own. */
    interface Clock {
        Clock SYSTEM = new Clock() {
            @Override
            public long nanos() {
                return System.nanoTime();
            }

            @Override
            public void park(long nanos) {
                LockSupport.parkNanos(nanos); // until arrivals are read again; their source does not announce news
            }
        };

        long nanos();

        void park(long nanos);
    }

    private static final long SHORTEST_PAUSE = 5_000_000;
    private static final long LONGEST_PAUSE = 250_000_000;
    private static final int LOOKS = 20;
    private static final int STILL_PART = 3;
    private static final Duration LONGEST = Duration.ofDays(1);

    private final long settle;
    private final long deadline;
    private final Clock clock;
    private final long start;
    private long latest;
    private long latestExpected;
    private boolean all;
    private boolean complete;

    Waiting(Duration settle, Duration deadline, Clock clock) {
        this.settle = settle.toNanos();
        this.deadline = deadline.toNanos();
        this.clock = clock;
        start = clock.nanos();
        latest = start;
        latestExpected = start;
    }

    /**
     * Takes note of a reading, and returns whether to continue.
     *
     * @param expected whether something arrived that is expected
     * @param news whether anything arrived that has to do with the run
     * @param all whether all that is expected has arrived
     */
    boolean goesOn(boolean expected, boolean news, boolean all) {
        long now = clock.nanos();
        latestExpected = expected ? now : latestExpected;
        latest = news ? now : latest;
        this.all = all;
        complete = all && now - latest >= settle;
        return !complete && now - start < deadline;
    }

    /**
     * Waits for the time of the next reading, which is the later the longer a reading takes, but not later than needed to see the end.
     *
     * @param readingNanos how long the next reading will take, if that is known; else 0
     */
    void pause(long readingNanos) {
        long nanos = Math.min(LONGEST_PAUSE, Math.max(SHORTEST_PAUSE, Math.max(settle / LOOKS, 2 * readingNanos)));
        long end = Math.min(start + deadline, all ? latest + settle : Long.MAX_VALUE);
        clock.park(Math.max(1, Math.min(nanos, end - clock.nanos())));
    }

    /** What a missing event is called now: lost, if nothing came for the last third of the time; else it may be on its way. */
    Finding missing() {
        return clock.nanos() - latestExpected >= deadline / STILL_PART ? Finding.LOST : Finding.PENDING;
    }

    /** How the end was detected. */
    String ended() {
        long now = clock.nanos();
        if (complete) {
            return settledText();
        }
        return deadlineText() + "; "
                + (latestExpected == start
                        ? "nothing new arrived in that time"
                        : "the last new arrival was " + text(now - latestExpected) + " earlier");
    }

    String settledText() {
        return "everything expected arrived, then nothing new for " + text(settle);
    }

    String deadlineText() {
        return "at the deadline of " + text(deadline);
    }

    long settleNanos() {
        return settle;
    }

    /** How many nanoseconds there are until the deadline; negative when it has passed. */
    long left() {
        return start + deadline - clock.nanos();
    }

    long nanos() {
        return clock.nanos();
    }

    /** A time in milliseconds, or in tenths of seconds. */
    static String text(long nanos) {
        long millis = nanos / 1_000_000;
        return millis < 1000
                ? millis + " ms"
                : millis / 1000 + (millis % 1000 < 100 ? "" : "." + millis % 1000 / 100) + " s";
    }

    /** @throws IllegalArgumentException if it is negative or unreasonably long */
    static Duration checked(String name, Duration time) {
        if (time.isNegative() || time.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    name + " is " + (time.isNegative() ? "negative" : time.toHours() + " h") + ": write 0 to 24 hours");
        }
        return time;
    }
}
