package io.dataflux.spi;

import java.util.Optional;

/** A configured sink, not opened yet. Used by one run at a time; a lambda will do for a sink without a reader. */
@FunctionalInterface
public interface SinkConnector {

    /**
     * Opens the sink for one lane. Called once per lane by the thread that starts the run, before any event is sent.
     *
     * @throws Exception with a message for the user (what was tried, where, the likely fix); the run then does not start
     */
    Sink open(LaneContext lane) throws Exception;

    /**
     * Looks once, before the first lane opens, whether the target is there and as configured (a topic exists, a folder can be
     * written), and creates what the settings ask for.
     */
    default void prepare(LaneContext run) throws Exception {}

    /** Where the target's log ends now, as text for {@link #reader}; empty if the target has no positions. Called before sending. */
    default String position(LaneContext run) throws Exception {
        return "";
    }

    /**
     * Reads back what the target stores, from a {@link #position} on (empty: all there is); empty if this sink's target cannot be
     * read back.
     */
    default Optional<SinkReader> reader(LaneContext run, String position) throws Exception {
        return Optional.empty();
    }

    /** Whether {@link #reader} has an answer, known without opening anything. */
    default boolean readable() {
        return false;
    }
}
