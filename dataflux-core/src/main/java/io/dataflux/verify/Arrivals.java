package io.dataflux.verify;

import io.dataflux.spi.SinkReader;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * What a system put out, as a verification reads it. A <em>log</em> (a queue, a topic, files) only grows: each record counts, in its
 * place, from where the log ended when the arrivals were opened; so open them before the first event is sent. A <em>snapshot</em> (a
 * table, a cache, the answer to a query) shows the present: it is read again and again, and its last reading is judged, without
 * order. Used by one thread.
 *
 * <pre>{@code
 * Queue<Invoice> seen = new ConcurrentLinkedQueue<>();
 * Arrivals<Invoice> invoices = Arrivals.log(seen);
 * Arrivals<Row> rows = Arrivals.rows(db, "select order_id, cents from orders", r -> new Row(r.getString(1), r.getLong(2)));
 * }</pre>
 *
 * @param <R> one record that the system put out
 */
public interface Arrivals<R> extends AutoCloseable {

    /** Whether it is a log, which only grows; else a snapshot. The answer never changes. */
    boolean isLog();

    /**
     * Hands over what there is and returns how much that was: of a log what came since the last reading, of a snapshot all of it.
     * Returns when it has reached what was the end when it began.
     *
     * @throws Exception with a message for the user; the verification ends with it
     */
    long read(Visitor<? super R> visitor) throws Exception;

    @Override
    default void close() throws Exception {}

    /**
     * What the records of a collection that grows are, from its present end on.
     *
     * @param records must keep its order and grow at the end only, and if another thread lets it grow it must bear being read at the
     *     same time, such as {@code ConcurrentLinkedQueue} or {@code CopyOnWriteArrayList}; it is walked from its start each time
     */
    static <R> Arrivals<R> log(Iterable<? extends R> records) {
        return new GrowingLog<>(records);
    }

    /** What {@code read} gives each time, all of it. */
    static <R> Arrivals<R> snapshot(Supplier<? extends Iterable<? extends R>> read) {
        return new Snapshot<>("snapshot", read::get);
    }

    /** The rows of a query, which is run again for each reading, on a connection of its own. */
    static <R> Arrivals<R> rows(DataSource database, String sql, Row<? extends R> row) {
        return new Snapshot<>("rows", () -> {
            List<R> rows = new ArrayList<>();
            try (Connection connection = database.getConnection();
                    PreparedStatement statement = connection.prepareStatement(sql);
                    ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    rows.add(row.of(result));
                }
            }
            return rows;
        });
    }

    /**
     * What a sink's target stores, from the reader's position on.
     *
     * @param decode what a record's value is; its argument is {@code null} for a record without one
     */
    static <R> Arrivals<R> stored(SinkReader reader, Function<byte @Nullable [], ? extends R> decode) {
        return new Arrivals<>() {
            @Override
            public boolean isLog() {
                return true;
            }

            @Override
            public long read(Visitor<? super R> visitor) throws Exception {
                return reader.read(
                        (source, offset, key, value, header) -> visitor.record(source, offset, decode.apply(value)));
            }

            @Override
            public void close() throws Exception {
                reader.close();
            }
        };
    }

    /** Takes records one by one. */
    @FunctionalInterface
    interface Visitor<R> {

        /**
         * Takes one record.
         *
         * @param source what the record is ordered in, such as {@code orders-2} for a partition
         * @param offset its place there
         */
        void record(String source, long offset, @Nullable R record);
    }

    /** Makes a record of the row that a result stands at. */
    @FunctionalInterface
    interface Row<R> {
        R of(ResultSet row) throws SQLException;
    }
}
