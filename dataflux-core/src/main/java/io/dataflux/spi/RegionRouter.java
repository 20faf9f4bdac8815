package io.dataflux.spi;

import java.util.List;

/**
 * Decides to which region an event belongs, from its key and fields. Called by every lane's thread for every event, so it is
 * thread-safe, fast, and a function of the event alone: the verdict calls it again and must get the same answer.
 */
@FunctionalInterface
public interface RegionRouter {

    /** The index of the event's region in the list given to {@link Provider#configure}. */
    int regionOf(RoutedEvent event);

    /** Makes routers of one type; found by {@link java.util.ServiceLoader}. */
    interface Provider {

        /** The word after {@code routing: {type: ...}} in a configuration. */
        String type();

        /** Reads and checks the settings while the plan is made; mistakes go to {@link Settings#problem}. */
        RegionRouter configure(Settings settings, List<Region> regions);
    }

    /** A region and its weight among all regions. */
    record Region(String name, double weight) {}

    /** An event before it is encoded. Valid only during the call; only what is asked for is computed. */
    interface RoutedEvent {

        String stream();

        long sequence();

        /** The number of the entity that the event is about; 0 is the most frequent one. */
        long entity();

        /** A hash of the key text that is the same on every machine; for streams without keys, of the sequence. Allocates nothing. */
        long keyHash();

        /** The key text, or the empty text for streams without keys. */
        String key();

        /** The value of a field by its path ({@code String, Long, BigDecimal, Boolean}), or {@code null} if null, absent or unknown. */
        @org.jspecify.annotations.Nullable
        Object field(String path);
    }
}
