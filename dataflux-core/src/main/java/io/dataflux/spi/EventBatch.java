package io.dataflux.spi;

import org.jspecify.annotations.Nullable;

/**
 * Encoded events on their way to a sink, in the order they are to be sent: one array of bytes and, per event, where it lies and
 * what it is. Valid only during {@link Sink#write}: the lane reuses the arrays afterwards. Read by the lane's thread only;
 * nothing here allocates except {@link #key} and {@link #streamName}'s caller's own strings.
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
     * Where event {@code i} ends in {@link #bytes}, exclusive, without the line end. An event without bytes is a tombstone: what its
     * key names is gone. A sink for a target that knows deletions sends it as one (a Kafka record with a null value), and its reader
     * hands it over without a value.
     */
    int end(int i);

    /** The index of the event's stream within the run. */
    int stream(int i);

    String streamName(int i);

    long sequence(int i);

    /**
     * The sequence at whose scheduled time the event is sent: its own, unless it was moved or repeated on purpose. Never falls within a
     * stream, so that it can tell how far a lane got.
     */
    default long sentAt(int i) {
        return sequence(i);
    }

    /** Whether the lane may have more of the event's stream to send at the time of {@link #sentAt}. */
    default boolean more(int i) {
        return false;
    }

    /** The shard of the event's key; a key lives in one shard of its stream. */
    int shard(int i);

    /**
     * The event's place within its (stream, shard): what lanes, checkpoints and object names count. Rises within a shard. An event that is
     * sent twice on purpose has two.
     */
    long place(int i);

    /** The key as UTF-8 in a new array, or {@code null} for a stream without keys, and for an event that is to be sent without its key. */
    byte @Nullable [] key(int i);

    /** The event time, in milliseconds since 1970-01-01T00:00:00Z. */
    long timeMillis(int i);

    /**
     * The number of the unit of delivery that the event belongs to, see {@link Resume#unit}; never falls within a stream.
     * Always 0 if the sink has no units.
     */
    long unit(int i);

    /**
     * The number of the window of scheduled time that the event is in, see {@link DeliveryUnit#window}; never falls within a lane,
     * so that its rise ends the units of all streams. Always 0 if the sink's units have no window.
     */
    long window(int i);

    /** The name of the region that the event was routed to. */
    String region(int i);

    /**
     * Writes the header that identifies the event, {@value #HEADER_BYTES} bytes, big endian: fingerprint 8, tag 4, stream index
     * 2, place 8, sequence 8, attempt 2.
     */
    void header(int i, byte[] target, int at);

    /** The size of {@link #header}. */
    int HEADER_BYTES = 32;
}
