package io.dataflux.ledger;

/**
 * Says which events of a run were meant for the target that is judged. A function of its arguments alone; called by the
 * verification's thread, about once per event.
 */
@FunctionalInterface
public interface Routing {

    /** Every event of every stream. */
    Routing EVERYTHING = (stream, sequence) -> true;

    /**
     * Whether the target was to get an event.
     *
     * @param stream the index of the stream within the run
     */
    boolean goesTo(int stream, long sequence);
}
