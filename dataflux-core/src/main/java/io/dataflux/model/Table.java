package io.dataflux.model;

import io.dataflux.model.Kind.Length;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The table whose changes a stream consists of: each key is a row that is inserted, updated and deleted, and then inserted anew. Fields
 * refer to it with {@link Fields#change}. Immutable; made by {@link #of} or read from YAML, checked when a stream or plan is made.
 *
 * <pre>{@code
 * Table customers = Table.of()
 *         .column("customer_id", key())
 *         .column("tier", pick("basic", 8, "gold", 2), 3)
 *         .column("version", change(ChangePart.VERSION), 1);
 * }</pre>
 *
 * @param lives how many changes a row has from its insert to its delete, at least 2; null for a geometric length of 3 to 60
 * @param columns the columns in their order
 */
public record Table(@Nullable Length lives, Map<String, Column> columns) {

    /** The fewest changes of a row: its insert and its delete. */
    public static final int LEAST_CHANGES = 2;
    /** The most changes of a row, from insert to delete. */
    public static final int MOST_CHANGES = 1000;

    public Table {
        columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
    }

    /**
     * A column.
     *
     * @param field how the column's value is computed
     * @param every the column gets a new value once in this many changes of a row; 0 for one value from insert to delete
     */
    public record Column(Field field, int every) {
        /** The slowest column changes once in this many changes of its row. */
        public static final int MOST_EVERY = 1_000_000;
    }

    /** A table without columns. */
    public static Table of() {
        return new Table(null, new LinkedHashMap<>());
    }

    /** Rows with {@code min} to {@code max} changes each, all numbers equally likely. */
    public Table lives(int min, int max) {
        return new Table(new Length(min, max, null), columns);
    }

    /** One more column, whose value stays the same from insert to delete. */
    public Table column(String name, Field field) {
        return column(name, field, 0);
    }

    /** One more column, with a new value once in {@code every} changes of a row. */
    public Table column(String name, Field field, int every) {
        Map<String, Column> more = new LinkedHashMap<>(columns);
        if (more.put(name, new Column(field, every)) != null) {
            throw new IllegalArgumentException("column '" + name + "' is defined twice");
        }
        return new Table(lives, more);
    }
}
