package io.dataflux;

import java.util.List;

/**
 * A run that was checked and can start: streams, regions, sinks, limits. Immutable; making it opens nothing. Every mistake in a
 * configuration shows here, all in one {@link ConfigurationException}.
 */
public interface Plan {

    List<EventStream> streams();

    /** The names of the sinks, in their order. */
    List<String> sinks();

    /** The plan in words: each stream with its rate, entities and hottest shard, each setting with where it came from. */
    String describe();

    /**
     * Opens the sinks and starts.
     *
     * @throws DeliveryException if a sink cannot be opened; what was opened is closed again
     */
    Run start();
}
