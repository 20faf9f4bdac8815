package io.dataflux.engine;

import io.dataflux.plan.Steps;

/**
 * What a lane records about one {@linkplain Steps step}. Written by the lane's thread, and read when it has ended. Times are in nanoseconds
 * since the run's start.
 */
final class StepBook {

    /** From the time at which events were due to their outcomes. */
    final Histogram latency = new Histogram();
    /** How late batches were handed over. */
    final Histogram lateness = new Histogram();

    /** How many events the lane looked at, for whatever sink they were. */
    long seen;

    long acknowledged;
    long failed;
    long unknown;

    /** How many events were ready to be handed over when the lane was stopped. */
    long kept;

    /** When the first and the last batch were handed over. */
    long firstHandedOver = Long.MAX_VALUE;

    long lastHandedOver;

    /** When the last batch was settled, without the time for which the sink gathered events. */
    long lastSettled;

    /** The shortest time in which a batch was settled, without that time. */
    long shortest = Long.MAX_VALUE;

    /** A batch is settled. */
    void settled(long handedOver, long at) {
        firstHandedOver = Math.min(firstHandedOver, handedOver);
        lastHandedOver = Math.max(lastHandedOver, handedOver);
        lastSettled = Math.max(lastSettled, at);
        shortest = Math.min(shortest, at - handedOver);
    }

    /** Adds what another lane recorded. */
    void add(StepBook other) {
        latency.add(other.latency);
        lateness.add(other.lateness);
        seen += other.seen;
        acknowledged += other.acknowledged;
        failed += other.failed;
        unknown += other.unknown;
        kept += other.kept;
        firstHandedOver = Math.min(firstHandedOver, other.firstHandedOver);
        lastHandedOver = Math.max(lastHandedOver, other.lastHandedOver);
        lastSettled = Math.max(lastSettled, other.lastSettled);
        shortest = Math.min(shortest, other.shortest);
    }
}
