package io.dataflux;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One event of a stream. Immutable; values are computed when asked for. */
public interface Event {

    /** The event's number in its stream, from 0. */
    long sequence();

    /** The values of the stream's identity fields, in their order; empty if the stream has no identity. */
    List<Object> identity();

    /** The key text, or {@code null} for a stream without keys. */
    @Nullable
    String key();

    /** The number of the entity that the event is about; 0 is the most frequent one. */
    long entity();

    /** How many earlier events of the stream have the same key. */
    long occurrence();

    /** The event time. */
    Instant time();

    /**
     * The value of a field by its path, such as {@code address.zip} or {@code items[0].sku}: {@code String}, {@code Long},
     * {@code BigDecimal}, {@code Boolean}, {@code List} or {@code Map}; {@code null} if the value is null or absent, or there is no such
     * field.
     */
    @Nullable
    Object field(String path);

    /** The event as compact JSON in UTF-8, without a line end; a new array. */
    byte[] bytes();

    /** The event as JSON. */
    @Override
    String toString();
}
