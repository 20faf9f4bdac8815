package io.dataflux;

import org.jspecify.annotations.Nullable;

/** A row of the table that a stream of changes makes, as of some sequence. Immutable; values are computed when asked for. */
public interface TableRow {

    /** The key text. */
    String key();

    /** The number of the entity that the row is about. */
    long entity();

    /** The sequence of the change that made the row what it is. */
    long sequence();

    /** The value of a column; null if it is null, absent, or there is no such column. */
    @Nullable
    Object column(String name);

    /** The row as compact JSON in UTF-8; a new array. */
    byte[] bytes();

    /** The event that says what the row is, as a snapshot before the stream's own events has it: the operation is a read. */
    byte[] snapshot();
}
