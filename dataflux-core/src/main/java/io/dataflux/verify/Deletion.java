package io.dataflux.verify;

/**
 * One of the outputs that an event should have: that the record under a key is deleted, by a record with this key and no value, a
 * tombstone. Immutable.
 *
 * <pre>{@code
 * orders.verify(kafka.arrivals("open-orders", Row.class))
 *         .expecting(o -> o.status().equals("CLOSED") ? Stream.of(Deletion.of(o.customer())) : Stream.of(Row.of(o)))
 * }</pre>
 *
 * <p>A deletion is traced by its key, which is an event's identity or the key of events. Of the events of a key, it belongs to the one that
 * comes next in the order of the key.
 *
 * @param key the key of the record, as text
 */
public record Deletion(String key) {

    /** The deletion of what is stored under a key. */
    public static Deletion of(Object key) {
        return new Deletion(key.toString());
    }
}
