package io.dataflux.engine;

import io.dataflux.plan.Steps;

/** What a lane records about one {@linkplain Steps step}. Written by the lane's thread, and read when it has ended. */
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

    /** When the last event was settled, in nanoseconds since the run's start. */
    long lastSettled;
}
