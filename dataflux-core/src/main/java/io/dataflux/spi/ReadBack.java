package io.dataflux.spi;

import java.util.List;

/**
 * How to read back what a sink's target stores, so that a run can be judged; see {@link SinkConnector#readBack}. A lambda is enough for
 * a target that has no positions and keeps the order of a key.
 */
@FunctionalInterface
public interface ReadBack {

    /**
     * Opens the target for reading. Called by the thread that verifies, often in another process than the one that sent; it also closes
     * the reader.
     *
     * @param run the first lane of the run
     * @param position where to begin: what {@link #position} returned, or an empty text for the beginning
     * @throws Exception with a message for the user (what was tried, where, the likely fix)
     */
    SinkReader reader(LaneContext run, String position) throws Exception;

    /**
     * Where the target's log ends now, as text for {@link #reader}; by default empty, for a target without positions. Called once in the
     * first attempt of a run, after {@link SinkConnector#prepare} and before anything is sent, by the thread that starts the run. The
     * run's report keeps it.
     */
    default String position(LaneContext run) throws Exception {
        return "";
    }

    /**
     * Given the {@link #position}s of several processes that share a run, a position from which everything they sent can be read; by
     * default the beginning. Called by the thread that verifies, only with at least two different positions.
     */
    default String earliest(List<String> positions) {
        return "";
    }

    /** Whether the target keeps a key with each record, so that a record without one says something; by default not. */
    default boolean keepsKeys() {
        return false;
    }

    /** Whether the target has the events of a key in the order of their sequence. If not, a verification does not judge order. */
    default boolean ordered() {
        return true;
    }
}
