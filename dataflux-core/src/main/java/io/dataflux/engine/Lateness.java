package io.dataflux.engine;

/**
 * Whose fault it is that a lane of a paced run is late. Time that the lane spent waiting for its sink counts against the sink until the
 * lane has caught up, except for spans in which the whole process stood still or the run was paused; the rest counts against the lane. So
 * one number is kept, how far the sink has set the lane back, and it never exceeds the lane's lateness. Written by the lane's thread; the
 * accessors may be called by any.
 */
final class Lateness {

    private static final long NOT_WAITING = -1;

    private final RunClock clock;
    private final boolean paced;
    private final Books books;

    /** Lateness that the sink caused and that the lane has not caught up with. */
    private long setBack;

    /** For how long nothing could be sent before the lane began to wait. */
    private volatile long heldUpBefore;

    private volatile long own;
    private volatile long sinks;
    private volatile long waitingSince = NOT_WAITING;

    Lateness(RunClock clock, boolean paced, Books books) {
        this.clock = clock;
        this.paced = paced;
        this.books = books;
    }

    /** The lane is that late, or early if negative, before it waits for the next batch to be due. */
    void at(long late) {
        setBack = Math.min(setBack, Math.max(0, late));
    }

    /** A batch that was due at a time is handed over now. */
    void handingOver(long due, long now) {
        if (paced) {
            long lag = Math.max(0, now - due);
            setBack = Math.min(setBack, lag);
            sinks = setBack;
            own = lag - setBack;
            books.sinkLag.record(setBack, 1);
            books.ownLag.record(lag - setBack, 1);
            books.stepBook(books.step()).lateness.record(lag, 1);
        }
    }

    /** The lane starts waiting for its sink. Returns the current time. */
    long startWaiting() {
        heldUpBefore = clock.heldUp();
        long now = clock.now();
        waitingSince = now;
        return now;
    }

    void stopWaiting(long from) {
        long waited = clock.now() - from;
        setBack += Math.max(0, waited - (clock.heldUp() - heldUpBefore));
        waitingSince = NOT_WAITING;
    }

    /** Whether the lane is waiting for its sink. */
    boolean waiting() {
        return waitingSince != NOT_WAITING;
    }

    /** How late the last batch was by the lane's own fault. */
    long own() {
        return own;
    }

    /** How late the last batch was by the sink's fault, and how long the lane has been waiting for the sink since. */
    long sinks() {
        long since = waitingSince;
        return paced && since != NOT_WAITING
                ? sinks + Math.max(0, clock.now() - since - (clock.heldUp() - heldUpBefore))
                : sinks;
    }
}
