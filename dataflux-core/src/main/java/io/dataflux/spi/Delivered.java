package io.dataflux.spi;

/** Where a sink says what its target holds of earlier attempts of a run, see {@link Resume#recover}. */
public interface Delivered {

    /** The events of a shard with places in {@code [from, to)} are in the target, as far as they were for this sink. */
    void places(int stream, int shard, long from, long to);

    /** The lane's events of a stream with a sequence below {@code sequence} are in the target, as far as they were for this sink. */
    void below(int stream, long sequence);

    /** Whether an event is known to be in the target, by the run's checkpoint or by what was said here. */
    default boolean has(int stream, int shard, long place) {
        return false;
    }
}
