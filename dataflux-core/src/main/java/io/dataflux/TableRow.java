package io.dataflux;

import org.jspecify.annotations.Nullable;

/** A row of the table that a stream of changes results in, as of some sequence. Immutable; values are computed when asked for. */
public interface TableRow {

    /** The key text. */
    String key();

    /** The number of the entity that the row is about. */
    long entity();

    /** The sequence of the latest change of the row. */
    long sequence();

    /** The value of a column; null if it is null, absent, or there is no such column. */
    @Nullable
    Object column(String name);

    /** The row as compact JSON in UTF-8; a new array. */
    byte[] bytes();

    /** The row as an event of a snapshot, which is taken before the stream's own events: its operation is a read. */
    byte[] snapshot();
}
