package io.dataflux.spi;

import java.util.List;

/**
 * Reading back what a sink's target stores, so that a run can be judged. Made by {@link SinkConnector#readBack}; a lambda will do for
 * a target that has no positions and keeps the order of a key.
 */
@FunctionalInterface
public interface ReadBack {

    /**
     * Opens the target for reading. Called when a sink is verified, which may be in another process than the one that sent, by the thread
     * that verifies; it closes the reader.
     *
     * @param run as the first lane of the run had it
     * @param position where to begin, as {@link #position} said it; empty for all that there is
     * @throws Exception with a message for the user (what was tried, where, the likely fix)
     */
    SinkReader reader(LaneContext run, String position) throws Exception;

    /**
     * Where the target's log ends now, as text for {@link #reader}; by default empty, for a target without positions. Called once,
     * after {@link SinkConnector#prepare} and before anything is sent, by the thread that starts the run; not again when it is resumed.
     * The run's report keeps it.
     */
    default String position(LaneContext run) throws Exception {
        return "";
    }

    /**
     * Of the {@link #position}s of several processes that share a run, one from which all that they sent can be read; by default the
     * beginning. Called by the thread that verifies, only if there are at least two that differ.
     */
    default String earliest(List<String> positions) {
        return "";
    }

    /** Whether the target has the events of a key in the order of their sequence. If not, a verification does not judge order. */
    default boolean ordered() {
        return true;
    }
}
