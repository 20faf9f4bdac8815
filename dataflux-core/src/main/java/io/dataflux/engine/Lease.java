package io.dataflux.engine;

import io.dataflux.encode.CompiledStream;

/**
 * How far ahead of a lane its horizon is set: in a paced run some seconds of the schedule, else as far as the lane gets in some
 * seconds at the slower of its last two speeds, so that one leap over delivered events does not count. Short at first, and longer each
 * time the lane reaches its end early. Used by the thread of the checkpoints.
 */
final class Lease {

    private static final long FIRST_EVENTS = 8192;
    private static final long AHEAD_SECONDS = 3;
    private static final long GROWTH = 4;
    private static final double MICROS = 1e6;
    /** Beyond all streams, and far from the end of a long. */
    private static final long LATEST = 300_000_000_000_000_000L;

    private final Tempo tempo;
    private final boolean paced;
    private final double least;
    private long atReached;
    private long atNanos;
    private double speed;
    private double length;

    /** @param reached the scheduled time at which the lane begins, in microseconds */
    Lease(Attempt attempt, long reached, long nanos) {
        tempo = attempt.clock().tempo();
        paced = attempt.pace().paced() && !attempt.config().backfill(); // which gets ahead as fast as an unpaced run
        double perSecond = 0;
        for (CompiledStream stream : attempt.streams()) {
            perSecond += stream.timeline().meanPerSecond();
        }
        double scheduled = AHEAD_SECONDS * attempt.config().speed();
        least = MICROS * (paced ? scheduled : FIRST_EVENTS / perSecond);
        length = least;
        atReached = reached;
        atNanos = nanos;
    }

    /** The lane's next horizon, which is never before its last one. */
    long horizon(LaneSnapshot lane, long nanos) {
        long reached = lane.reached();
        if (!paced) {
            double newSpeed = (reached - atReached) / Math.max(1.0, (double) (nanos - atNanos));
            double steady = Math.min(speed, newSpeed) * AHEAD_SECONDS * 1e9;
            length = Math.max(Math.max(least, steady), lane.asking() ? GROWTH * length : 0);
            speed = newSpeed;
            atReached = reached;
            atNanos = nanos;
        }
        double stretched = paced ? length * Math.max(1, tempo.factor()) : length;
        long ahead = reached + (long) Math.min(stretched, (double) LATEST) + 1;
        return Math.max(lane.horizon(), Math.min(ahead, LATEST));
    }
}
