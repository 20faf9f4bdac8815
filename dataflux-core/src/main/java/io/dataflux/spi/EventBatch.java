package io.dataflux.spi;

import org.jspecify.annotations.Nullable;

/**
 * Encoded events on their way to a sink, in sending order: one array of bytes and, for each event, its position in the array and what it
 * is. Valid only during {@link Sink#write}: the lane reuses the arrays afterwards. Read by the lane's thread only. Nothing here allocates
 * except {@link #key}.
 */
public interface EventBatch {

    /** The number of events, at least 1. */
    int size();

    /**
     * The bytes of all events, each followed by one {@code \n}: {@code [start(0), end(size()-1) + 1)} is the whole batch as JSON
     * lines. Never write to it.
     */
    byte[] bytes();

    /** Where event {@code i} begins in {@link #bytes}. */
    int start(int i);

    /**
     * Where event {@code i} ends in {@link #bytes}, exclusive, without the line end. An event without bytes is a tombstone: it deletes what
     * its key names. A sink whose target supports deletions sends it as one (in Kafka a record with a null value), and its reader returns
     * it without a value.
     */
    int end(int i);

    /** The index of the event's stream within the run. */
    int stream(int i);

    String streamName(int i);

    long sequence(int i);

    /**
     * The sequence at whose scheduled time the event is sent: its own, unless it was moved or repeated by a planned fault. It never
     * decreases within a stream, so it shows how far a lane has got.
     */
    default long sentAt(int i) {
        return sequence(i);
    }

    /** Whether the lane may have more events of this stream to send at the time of {@link #sentAt}. */
    default boolean more(int i) {
        return false;
    }

    /** The shard of the event's key; a key lives in one shard of its stream. */
    int shard(int i);

    /**
     * The event's position in the sending order of its stream and shard, which lanes, checkpoints and object names count by. Increases
     * within a shard. An event that a planned fault sends twice has two positions.
     */
    long place(int i);

    /** The key as UTF-8 in a new array, or {@code null} for a stream without keys and for an event that is sent without its key. */
    byte @Nullable [] key(int i);

    /** The event time, in milliseconds since 1970-01-01T00:00:00Z. */
    long timeMillis(int i);

    /**
     * The number of the unit of delivery that the event belongs to, see {@link Resume#unit}; never decreases within a stream. Always
     * 0 if the sink has no units.
     */
    long unit(int i);

    /**
     * The number of the window of scheduled time that the event is in, see {@link DeliveryUnit#window}; never decreases within a lane. When
     * it increases, the units of all streams end. Always 0 if the sink's units have no window.
     */
    long window(int i);

    /** The name of the region that the event was routed to. */
    String region(int i);

    /**
     * Writes the header that identifies the event, {@value #HEADER_BYTES} bytes, big endian: fingerprint 8 (of the definition that it has), tag 4, stream index 2, position
     * 8, sequence 8, attempt 2.
     */
    void header(int i, byte[] target, int at);

    /** The size of {@link #header}. */
    int HEADER_BYTES = 32;
}
