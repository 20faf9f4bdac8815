package io.dataflux.encode;

import io.dataflux.encode.Node.Count;
import io.dataflux.encode.Node.Named;
import io.dataflux.json.Json;
import io.dataflux.json.Unescape;
import io.dataflux.schedule.Mix;
import io.dataflux.schedule.RunTable;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The nodes whose value is about the change of a row. */
final class ChangeNodes {

    static final int INSERT = 0;
    static final int UPDATE = 1;
    static final int DELETE = 2;
    /** No change: a row as in a snapshot. */
    static final int READ = 3;

    private ChangeNodes() {}

    /** The step of the latest change of a column, of which one in {@code every} changes of the row is one. */
    private static int changed(EventState s, int every, long phase) {
        if (every == 0) {
            return 0;
        }
        if (every == 1) {
            return s.rowStep;
        }
        int offset = (int) Mix.bound(Mix.mix(s.rowKey + phase), every);
        return Math.max(0, s.rowStep - (s.rowStep + offset) % every);
    }

    /**
     * The value of a column at the row's step that is being computed.
     *
     * @param number the column's, or {@link RowColumns#NONE}
     */
    record Column(int number, int every, long phase, Node node) implements Redirected {
        @Override
        public int write(EventState s, byte[] b, int at) {
            if (every == 1 || number == RowColumns.NONE) {
                return Redirected.super.write(s, b, at);
            }
            int step = changed(s, every, phase);
            int copied = s.columns.copy(number, step, b, at);
            if (copied >= 0) {
                return copied;
            }
            long word = s.word;
            s.word = word(s, step);
            int end = node.write(s, b, at);
            s.word = word;
            s.columns.note(number, step, at, end);
            return end;
        }

        @Override
        public int text(EventState s, byte[] b, int at) {
            int mode = s.columns.pause(); // text is moved after it is written
            int end = Redirected.super.text(s, b, at);
            s.columns.resume(mode);
            return end;
        }

        private static long word(EventState s, int step) {
            return Mix.mix(s.rowKey + Mix.GAMMA * step);
        }

        @Override
        public long enter(EventState s) {
            long word = s.word;
            s.word = word(s, changed(s, every, phase));
            return word;
        }

        @Override
        public void leave(EventState s, long word) {
            s.word = word;
        }
    }

    /** The scheduled time of the latest change of a column. */
    record ChangeTime(int number, int every, long phase, TextNodes.Time time, TablePlan plan) implements Node {
        @Override
        public int write(EventState s, byte[] b, int at) {
            int step = changed(s, every, phase);
            int copied = s.columns.copy(number, step, b, at);
            if (copied >= 0) {
                return copied;
            }
            int end = compute(s, step, b, at);
            s.columns.note(number, step, at, end);
            return end;
        }

        @Override
        public int text(EventState s, byte[] b, int at) {
            int mode = s.columns.pause(); // text is moved after it is written
            int end = Node.super.text(s, b, at);
            s.columns.resume(mode);
            return end;
        }

        private int compute(EventState s, int step, byte[] b, int at) {
            long second = s.epochSecond;
            int nano = s.nano;
            long occurrence = s.slot.occurrence - (s.life.step - step);
            long sequence = occurrence == s.slot.occurrence
                    ? s.sequence
                    : plan.schedule().sequenceOfOccurrence(s.slot.entity, occurrence);
            plan.timeline().locate(sequence, s.due);
            long nanos = plan.start().getNano() + (long) s.due.nanos();
            boolean carry = nanos >= 1_000_000_000;
            s.epochSecond = plan.start().getEpochSecond() + s.due.seconds() + (carry ? 1 : 0);
            s.nano = (int) (carry ? nanos - 1_000_000_000 : nanos);
            int end = time.write(s, b, at);
            s.epochSecond = second;
            s.nano = nano;
            return end;
        }

        @Override
        public Object value(EventState s) {
            byte[] b = new byte[maxBytes() + Json.SLACK];
            int end = write(s, b, 0);
            return b[0] == '"'
                    ? (Object) Unescape.string(b, 0, end)
                    : Long.parseLong(new String(b, 0, end, StandardCharsets.US_ASCII));
        }

        @Override
        public int maxBytes() {
            return time.maxBytes();
        }
    }

    /**
     * The row before or after the change; null where there is none.
     *
     * @param last whether a deleted row is shown as it was last
     */
    record Row(Node row, boolean before, boolean last) implements Node {
        private static final int NULL = 'n' | 'u' << 8 | 'l' << 16 | 'l' << 24;

        private boolean isNull(EventState s) {
            return before ? s.operation == INSERT || s.operation == READ : s.operation == DELETE && !last;
        }

        private int step(EventState s) {
            return s.life.step - (before || s.operation == DELETE ? 1 : 0);
        }

        @Override
        public int write(EventState s, byte[] b, int at) {
            if (isNull(s)) {
                Json.putInt(b, at, NULL);
                return at + 4;
            }
            s.rowStep = step(s);
            s.columns.begin(before, b);
            int end = row.write(s, b, at);
            s.columns.end();
            s.rowStep = s.life.step;
            return end;
        }

        @Override
        public @Nullable Object value(EventState s) {
            if (isNull(s)) {
                return null;
            }
            s.rowStep = step(s);
            Object value = row.value(s);
            s.rowStep = s.life.step;
            return value;
        }

        @Override
        public boolean always() {
            return last;
        }

        @Override
        public int maxBytes() {
            return Math.max(4, row.maxBytes());
        }
    }

    /** A column of a row that an event shows; null where the row is. */
    static Node column(Row row, Node column) {
        Node shown = new OfRow(row, column);
        if (row.last) {
            return shown;
        }
        Node[] cases = new Node[4];
        Arrays.fill(cases, shown);
        cases[row.before ? INSERT : DELETE] = new StructureNodes.Null();
        cases[READ] = row.before ? new StructureNodes.Null() : shown;
        return StructureNodes.Variant.of((Operation) operation("c", "u", "d", "r"), cases);
    }

    /** A column at the step of a row that there is. */
    record OfRow(Row row, Node node) implements Redirected {
        @Override
        public long enter(EventState s) {
            long step = s.rowStep;
            s.rowStep = row.step(s);
            return step;
        }

        @Override
        public void leave(EventState s, long step) {
            s.rowStep = (int) step;
        }
    }

    static Node operation(String insert, String update, String delete, String read) {
        return new Operation(TextNodes.Dictionary.of(0, List.of(insert, update, delete, read), null));
    }

    /** A word for the operation. */
    record Operation(TextNodes.Dictionary names) implements Named {
        @Override
        public int choice(EventState s) {
            return s.operation;
        }
    }

    /** The number of changes that the row has had since its insert. */
    record Version() implements Count {
        @Override
        public long unscaled(EventState s) {
            return s.rowStep;
        }

        @Override
        public long max() {
            return RunTable.MOST_INDICES;
        }
    }
}
