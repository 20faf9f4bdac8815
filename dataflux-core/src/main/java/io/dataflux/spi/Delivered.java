package io.dataflux.spi;

/** Receives from a sink what its target already holds from earlier attempts of a run, see {@link Resume#recover}. */
public interface Delivered {

    /** The events of a shard with positions in {@code [from, to)} are in the target, as far as they were routed to this sink. */
    void places(int stream, int shard, long from, long to);

    /** The lane's events of a stream with a sequence below {@code sequence} are in the target, as far as they were routed to this sink. */
    void below(int stream, long sequence);

    /** Whether any event of the lane is in the target by the run's checkpoint. */
    default boolean hasAny() {
        return false;
    }

    /** Whether events of the lane may be in the target of which nobody was told: its process ended without being stopped. */
    default boolean mayHaveMore() {
        return false;
    }

    /** Whether an event is known to be in the target, from the run's checkpoint or from calls of the methods above. */
    default boolean has(int stream, int shard, long place) {
        return false;
    }
}
