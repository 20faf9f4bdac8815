package io.dataflux.ledger;

/**
 * Decides which events of a run were meant for the judged target. Must depend on its arguments alone; called by the
 * verification's thread, about once per event.
 */
@FunctionalInterface
public interface Routing {

    /** Every event of every stream. */
    Routing EVERYTHING = (stream, sequence) -> true;

    /**
     * Whether an event was meant for the target.
     *
     * @param stream the index of the stream within the run
     */
    boolean goesTo(int stream, long sequence);
}
