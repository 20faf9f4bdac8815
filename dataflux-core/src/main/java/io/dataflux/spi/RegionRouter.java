package io.dataflux.spi;

import java.util.List;

/**
 * Decides which region an event belongs to, from its key and fields. It is called by every lane's thread for every event, so it must be
 * thread-safe and fast. It must be a function of the event alone, because a verification calls it again and must get the same answer.
 */
@FunctionalInterface
public interface RegionRouter {

    /** The index of the event's region in the list given to {@link Provider#configure}. */
    int regionOf(RoutedEvent event);

    /** Makes routers of one type; found by {@link java.util.ServiceLoader}. */
    interface Provider {

        /** The word after {@code routing: {type: ...}} in a configuration. */
        String type();

        /** Reads and checks the settings while the plan is made; report mistakes with {@link Settings#problem}. */
        RegionRouter configure(Settings settings, List<Region> regions);
    }

    /** A region and its weight among all regions. */
    record Region(String name, double weight) {}

    /** An event before it is encoded. Valid only during the call; values are computed only when asked for. */
    interface RoutedEvent {

        String stream();

        long sequence();

        /** The number of the entity that the event is about; 0 is the most frequent one. */
        long entity();

        /** A hash of the key text that is the same on every machine; for streams without keys, of the sequence. Allocates nothing. */
        long keyHash();

        /** The key text, or the empty text for streams without keys. */
        String key();

        /**
         * The value of a field by its path ({@code String, Long, BigDecimal, Boolean}), or {@code null} if the value is null or absent, or
         * there is no such field.
         */
        @org.jspecify.annotations.Nullable
        Object field(String path);
    }
}
