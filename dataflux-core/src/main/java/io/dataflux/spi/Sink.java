package io.dataflux.spi;

import java.io.IOException;

/**
 * Delivers encoded events to a system. One instance serves one lane and is called by that lane's thread only, so a sink needs no locks for
 * its own state.
 *
 * <pre>{@code
 * public void write(EventBatch batch, Outcome outcome) throws IOException {
 *     out.write(batch.bytes(), batch.start(0), batch.end(batch.size() - 1) + 1 - batch.start(0));
 *     outcome.acknowledged(0, batch.size());
 * }
 * }</pre>
 */
public interface Sink extends AutoCloseable {

    /**
     * Sends a batch. Called once per batch, in order. The batch is valid only during the call; {@code outcome} may be kept and settled
     * later. May block while the target is slow: that delays only this lane, and counts as the sink's lag.
     *
     * @throws Exception if the batch could not be sent; its events that are not settled yet then count as unknown
     * @throws InterruptedException if the run is being stopped forcibly
     */
    void write(EventBatch batch, Outcome outcome) throws Exception;

    /**
     * Called before the lane waits for its next event, so that a sink can finish what should not stay open that long, such as a
     * transaction. Not called as long as there is always something to send.
     *
     * @param nanos how long the lane is about to wait
     */
    default void idle(long nanos) throws Exception {}

    /**
     * Settles every batch handed over so far. Called at the end of a run; returns when all outcomes are settled or the sink's own deadline
     * has passed (events that are then unsettled count as unknown).
     */
    default void flush() throws Exception {}

    /**
     * How often this sink has sent something again so far, such as a request that was not answered. For those who watch a run; called by
     * any thread, at any time, also after {@link #close}.
     */
    default long retries() {
        return 0;
    }

    /** Releases all resources. Called exactly once, after {@link #flush}, even if writing failed. */
    @Override
    void close() throws IOException;
}
