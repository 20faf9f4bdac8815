package io.dataflux.encode;

import io.dataflux.TableRow;
import io.dataflux.schedule.Schedule;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Walks the rows of a table as of a sequence: entity by entity, each by its latest change before that sequence. For one thread. */
final class TableRows implements Iterator<TableRow> {

    private final CompiledStream stream;
    private final long asOf;
    private final EventState state = new EventState();
    private long entity;
    private @Nullable TableRow next;

    TableRows(CompiledStream stream, long asOf) {
        this.stream = stream;
        this.asOf = asOf;
        advance();
    }

    private void advance() {
        next = null;
        while (next == null && entity < stream.schedule().entities()) {
            next = row(stream, entity++, asOf, state);
        }
    }

    @Override
    public boolean hasNext() {
        return next != null;
    }

    @Override
    public TableRow next() {
        TableRow row = next;
        if (row == null) {
            throw new NoSuchElementException();
        }
        advance();
        return row;
    }

    /** The row of an entity, or null if it has none at that time. */
    static @Nullable TableRow row(CompiledStream stream, long entity, long asOf, EventState state) {
        stream.row();
        Schedule schedule = stream.schedule();
        long changes = schedule.count(entity, asOf);
        if (changes == 0) {
            return null;
        }
        long sequence = schedule.sequenceOfOccurrence(entity, changes - 1);
        stream.locate(sequence, state);
        return state.operation == ChangeNodes.DELETE ? null : new Row(stream, entity, sequence);
    }

    /** A row that holds only its latest change and computes the rest when asked. */
    private record Row(CompiledStream stream, long entity, long sequence) implements TableRow {
        private EventState located() {
            EventState state = new EventState();
            stream.locate(sequence, state);
            return state;
        }

        @Override
        public String key() {
            return new String(Objects.requireNonNull(stream.key(entity)), StandardCharsets.UTF_8);
        }

        @Override
        public @Nullable Object column(String name) {
            EventState state = located();
            Node node = stream.row().members().get(name);
            return node != null && node.present(state) ? node.value(state) : null;
        }

        @Override
        public byte[] bytes() {
            byte[] b = new byte[stream.row().maxBytes() + CompiledStream.SLACK];
            return Arrays.copyOf(b, stream.row().write(located(), b, 0));
        }

        @Override
        public byte[] snapshot() {
            EventState state = located();
            state.operation = ChangeNodes.READ;
            byte[] b = new byte[stream.maxEventBytes() + CompiledStream.SLACK];
            return Arrays.copyOf(b, stream.encode(state, b, 0));
        }

        @Override
        public String toString() {
            return new String(bytes(), StandardCharsets.UTF_8);
        }
    }
}
