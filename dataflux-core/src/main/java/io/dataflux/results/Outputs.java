package io.dataflux.results;

import io.dataflux.verify.PatientReading;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What a system put out, by key and window. Not thread-safe. */
final class Outputs<R> implements PatientReading.Judge<R> {

    /** What several records of one key and window mean. */
    enum Mode {
        /** There should be one. */
        ONCE,
        /** The last one is the result. */
        UPDATES,
        /** What was not taken back is the result. */
        RETRACTIONS
    }

    /**
     * A value that a record has.
     *
     * @param aggregate which of the expected values it should be
     */
    record Value<R>(String name, int aggregate, Function<? super R, ?> of) {}

    /** How records are read; without a key or window, there is only one. */
    record Shape<R>(
            Mode mode,
            @Nullable Function<? super R, ?> key,
            @Nullable Function<? super R, ?> window,
            @Nullable Function<? super R, ?> end,
            List<Value<R>> values,
            Predicate<? super R> retracts) {}

    /** One record, in normal form. */
    record Row(String source, @Nullable Object[] values, long end) {
        private boolean sameAs(Row other) {
            return end == other.end && Arrays.equals(values, other.values);
        }
    }

    private final Expected<?> expected;
    private final Shape<R> shape;
    private final long most;
    private final Map<Cell.Id, List<Row>> rows = new HashMap<>(); // order never seen
    private long records;
    private long unreadable;
    private String whyUnreadable = "";
    private long strayRetractions;

    Outputs(Expected<?> expected, Shape<R> shape, long most) {
        this.expected = expected;
        this.shape = shape;
        this.most = most;
    }

    @Override
    public void record(String source, long offset, @Nullable R record) {
        if (record == null) {
            unreadable(source, offset, null, "is null");
            return;
        }
        records++;
        Cell.Id id = new Cell.Id(
                shape.key == null ? null : Normal.of(ask("key", shape.key, record)),
                shape.window == null ? 0 : number("window", ask("window", shape.window, record)));
        @Nullable Object[] values = new Object[shape.values.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = Normal.of(ask("value", shape.values.get(i).of, record));
        }
        long end = shape.end == null ? 0 : number("windowEnd", ask("windowEnd", shape.end, record));
        add(rows.computeIfAbsent(id, its -> new ArrayList<>(1)), new Row(source, values, end), record);
        if (rows.size() > most) {
            throw new IllegalStateException("the system put out results for more than " + most
                    + " keys and windows: expect fewer, or allow more by atMost(...)");
        }
    }

    private void add(List<Row> at, Row row, R record) {
        if (shape.mode == Mode.UPDATES) {
            at.removeIf(before -> before.source.equals(row.source));
        } else if (shape.mode == Mode.RETRACTIONS && shape.retracts.test(record)) {
            for (int i = 0; i < at.size(); i++) {
                if (at.get(i).sameAs(row)) {
                    at.remove(i);
                    return;
                }
            }
            strayRetractions++;
            return;
        }
        at.add(row);
    }

    @Override
    public void unreadable(String source, long offset, byte @Nullable [] value, String why) {
        whyUnreadable = unreadable == 0 ? source + " at " + offset + " " + why : whyUnreadable;
        unreadable++;
    }

    private static <R> @Nullable Object ask(String what, Function<? super R, ?> of, R record) {
        try {
            return of.apply(record);
        } catch (RuntimeException e) {
            throw new IllegalStateException(what + "(...) failed for the record " + record + ": " + e, e);
        }
    }

    /** Milliseconds since 1970, or the number of a window. */
    private static long number(String what, @Nullable Object given) {
        Object normal = Normal.of(given);
        if (normal instanceof Instant time) {
            return time.toEpochMilli();
        }
        if (normal instanceof Long number) {
            return number;
        }
        throw new IllegalStateException(what + "(...) gave " + given
                + (given == null ? "" : ", of type " + given.getClass().getSimpleName())
                + ": return an Instant or milliseconds since 1970, or the number of a window by count");
    }

    @Override
    public boolean complete() {
        for (Cell cell : expected.cells()) {
            List<Row> its = rows.getOrDefault(cell.id, List.of());
            if (its.isEmpty() && cell.required()
                    || shape.mode != Mode.ONCE && !its.isEmpty() && its.stream().noneMatch(row -> isRight(cell, row))) {
                return false;
            }
        }
        return true;
    }

    boolean isRight(Cell cell, Row row) {
        if (shape.end != null && row.end != cell.end) {
            return false;
        }
        for (int i = 0; i < row.values.length; i++) {
            if (!cell.allowed(shape.values.get(i).aggregate).allows(row.values[i])) {
                return false;
            }
        }
        return true;
    }

    /** The records of a key and window that count as its result, in the order of arrival. */
    List<Row> at(Cell.Id id) {
        return rows.getOrDefault(id, List.of());
    }

    void forEach(BiConsumer<Cell.Id, List<Row>> visitor) {
        rows.forEach(visitor);
    }

    Shape<R> shape() {
        return shape;
    }

    long records() {
        return records;
    }

    long unreadable() {
        return unreadable;
    }

    /** The first that could not be read, and why. */
    String whyUnreadable() {
        return whyUnreadable;
    }

    /** Records that take something back which is not there. */
    long strayRetractions() {
        return strayRetractions;
    }
}
