package io.dataflux.encode;

import io.dataflux.json.Json;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Where the columns of the row before a change are in the event that is being written. Columns that do not change are copied from there
 * into the row after the change instead of being computed again. Reset for each event.
 */
final class RowColumns {

    /** The number of a column that is never copied. */
    static final int NONE = -1;

    private static final int OFF = 0;
    private static final int NOTING = 1;
    private static final int COPYING = 2;

    private byte @Nullable [] target;
    private int mode = OFF;
    /** For each column, the step of its latest change; -1 if it was not written. */
    private int[] steps = new int[16];

    private int[] from = new int[16];
    private int[] to = new int[16];

    void forget() {
        target = null;
    }

    /** Begins a row: the one before the change is noted, and unchanged columns of the one after it are copied from it. */
    void begin(boolean before, byte[] b) {
        if (before) {
            target = b;
            mode = NOTING;
            Arrays.fill(steps, -1);
        } else {
            mode = target == b ? COPYING : OFF;
        }
    }

    void end() {
        mode = OFF;
    }

    /** Stops noting and copying until {@link #resume}, which needs what this returns. */
    int pause() {
        int known = mode;
        mode = OFF;
        return known;
    }

    void resume(int known) {
        mode = known;
    }

    /** Notes that a column was written. */
    void note(int column, int step, int start, int end) {
        if (mode != NOTING) {
            return;
        }
        if (column >= steps.length) {
            grow(column);
        }
        steps[column] = step;
        from[column] = start;
        to[column] = end;
    }

    /**
     * Writes a column as it was before the change, touching up to seven bytes more, and returns its end; -1 if it has changed or is not
     * known.
     */
    int copy(int column, int step, byte[] b, int at) {
        if (mode != COPYING || column >= steps.length || steps[column] != step) {
            return -1;
        }
        int start = from[column];
        int length = to[column] - start;
        for (int i = 0; i < length; i += Long.BYTES) {
            Json.putLong(b, at + i, Json.getLong(b, start + i));
        }
        return at + length;
    }

    private void grow(int column) {
        int known = steps.length;
        int room = Math.max(column + 1, 2 * known);
        steps = Arrays.copyOf(steps, room);
        from = Arrays.copyOf(from, room);
        to = Arrays.copyOf(to, room);
        Arrays.fill(steps, known, room, -1);
    }
}
