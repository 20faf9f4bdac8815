package io.dataflux.verify;

import io.dataflux.DeliveryException;
import io.dataflux.EventStream;
import io.dataflux.spi.SinkConnector;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The output of a system, as a verification reads it. A <em>log</em> (a queue, a topic, files) only grows: every record that is added after
 * the arrivals were opened counts, and so does the order of records. Open them before the first event is sent. A
 * <em>snapshot</em> (a table, a cache, the answer to a query) shows the present: it is read again and again, and its last reading is
 * judged, without order. Used by one thread.
 *
 * <pre>{@code
 * Queue<Invoice> seen = new ConcurrentLinkedQueue<>();
 * Arrivals<Invoice> invoices = Arrivals.log(seen);
 * Arrivals<Row> rows = Arrivals.rows(db, "select order_id, cents from orders", r -> new Row(r.getString(1), r.getLong(2)));
 * }</pre>
 *
 * @param <R> one record of the output
 */
public interface Arrivals<R> extends AutoCloseable {

    /** Whether this is a log, which only grows; otherwise it is a snapshot. The answer never changes. */
    boolean isLog();

    /**
     * Hands over the records and returns their number: for a log those since the last reading, for a snapshot all of them. Stops at what
     * was the end when the reading began.
     *
     * @throws Exception with a message for the user; the verification ends with it
     */
    long read(Visitor<? super R> visitor) throws Exception;

    /**
     * What kept the last reading from the end of the output, as a sentence such as {@code events-2 has been read to 17 of 20, where a
     * transaction is open}; by default nothing. The verdict says it, and what is missing then counts as {@link Finding#PENDING}.
     */
    default Optional<String> heldBack() {
        return Optional.empty();
    }

    @Override
    default void close() throws IOException {}

    /**
     * A log from a growing collection, starting at its current end.
     *
     * @param records must keep its order and grow only at the end; if another thread adds to it, it must allow reading at the same
     *     time, as {@code ConcurrentLinkedQueue} and {@code CopyOnWriteArrayList} do; it is iterated from its start each time
     */
    static <R> Arrivals<R> log(Iterable<? extends R> records) {
        return new GrowingLog<>(records);
    }

    /**
     * A log of records with their keys, starting at its current end, such as a topic that a test keeps in memory. Keys are judged, see
     * {@link Verification#keyedBy}; a record that is null is a {@link Deletion} of its key.
     *
     * @param records as for {@link #log}
     */
    static <R> Arrivals<R> keyedLog(Iterable<? extends Map.Entry<?, ? extends @Nullable R>> records) {
        return new KeyedLog<>(new GrowingLog<>(records));
    }

    /** A snapshot: all that {@code read} returns each time. */
    static <R> Arrivals<R> snapshot(Supplier<? extends Iterable<? extends R>> read) {
        return new Snapshot<>("snapshot", read::get);
    }

    /** A snapshot of the rows of a query, which is run again for each reading, on a connection of its own. */
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
     * A log of the records in a target that a sink can write to and read back, such as a topic or a bucket, starting at its current end.
     *
     * <pre>{@code
     * Arrivals<Invoice> invoices = Arrivals.stored(KafkaSink.topic(servers, "invoices"), Invoice::parse);
     * }</pre>
     *
     * @param target read, never written to
     * <p>Keys are judged if the target keeps them, see {@link Verification#keyedBy}; a key without a value is a {@link Deletion}.
     *
     * @param decode makes a record from a stored value. A value for which it throws is {@link Finding#CORRUPTED} if an event can be read
     *     from its bytes, else foreign
     * @throws DeliveryException if the target cannot be read
     */
    static <R> Arrivals<R> stored(SinkConnector target, Function<byte[], ? extends R> decode) {
        return StoredLog.open(target, decode);
    }

    /** Takes records one by one. */
    @FunctionalInterface
    interface Visitor<R> {

        /**
         * Takes one record.
         *
         * @param source the part of the output within which records are ordered, such as {@code orders-2} for a partition
         * @param offset its position there
         */
        void record(String source, long offset, @Nullable R record);

        /**
         * Takes a record of a log that keeps a key with each; by default without looking at it.
         *
         * @param key null for none
         * @param record null if the record under the key was deleted
         */
        default void keyed(String source, long offset, @Nullable Object key, @Nullable R record) {
            record(source, offset, record);
        }

        /** Takes a record as it is stored, to be decoded; by default it decodes it and looks at nothing else. */
        default void stored(String source, long offset, Stored stored, Function<byte[], ? extends R> decode) {
            byte[] value = stored.value;
            if (value == null) {
                unreadable(source, offset, null, "has no value");
                return;
            }
            R record;
            try {
                record = decode.apply(value);
            } catch (RuntimeException e) {
                unreadable(source, offset, value, "cannot be decoded: " + e.getMessage());
                return;
            }
            record(source, offset, record);
        }

        /**
         * Takes a record that is not of the expected kind.
         *
         * @param why as the second half of a sentence, such as {@code cannot be decoded: ...}
         */
        default void unreadable(String source, long offset, byte @Nullable [] value, String why) {
            record(source, offset, null);
        }
    }

    /**
     * A record as a target stores it. The arrays are only lent.
     *
     * @param keyed whether the target keeps keys, so that having none says something
     * @param key null for none
     * @param value null for none: if there is a key, the record under it was deleted
     * @param header the header that DataFlux sends along, if a system hands it on; null for none
     */
    @SuppressWarnings("ArrayRecordComponent") // lent, never compared
    record Stored(boolean keyed, byte @Nullable [] key, byte @Nullable [] value, byte @Nullable [] header) {}

    /**
     * A decoder of JSON whose records are filled field by field. A verification that knows what the events look like passes an example of
     * them on, and where no other outputs are expected it compares the JSON itself.
     *
     * @param <R> one record of the output
     */
    interface JsonDecode<R> extends Function<byte[], R> {

        /**
         * Decodes with the types of JSON that the fields of a stream have: where these have numbers as text, so may the record.
         *
         * @throws RuntimeException with a message that says where it cannot be decoded, and why
         */
        R decode(byte[] json, EventStream like);
    }

    /** Makes a record from the current row of a result. */
    @FunctionalInterface
    interface Row<R> {
        R of(ResultSet row) throws SQLException;
    }
}
