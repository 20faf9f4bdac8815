package io.dataflux.spi;

/**
 * Receives from a sink what became of the events of one batch. The sink must settle every index exactly once, in any order, during
 * {@link Sink#write} or later, from any thread. A lane hands out 4,096 batches or 262,144 events, whichever comes first, and then waits
 * until some are settled; a sink that gathers batches must settle them before that. The methods do not block, and do not allocate on
 * success, so they can be called from a client's network thread.
 */
public interface Outcome {

    /**
     * What gathered the events {@code [from, to)} is complete, such as a file, a request or a transaction, and its delivery begins. A sink
     * that gathers events says so before it settles them: until now they waited for others, by its settings; from now on they wait for the
     * target, and only that counts against the rate that the report says was achieved. Without it all the time until they are settled
     * does. Called by the lane's thread.
     */
    default void gathered(int from, int to) {}

    /** The events {@code [from, to)} of the batch are safe with the target. */
    void acknowledged(int from, int to);

    /** The events {@code [from, to)} are certainly not in the target. */
    void failed(int from, int to, Throwable cause);

    /** Nobody can tell whether the events {@code [from, to)} are in the target. */
    void unknown(int from, int to, Throwable cause);
}
