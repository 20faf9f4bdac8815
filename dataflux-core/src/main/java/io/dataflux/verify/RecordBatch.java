package io.dataflux.verify;

import io.dataflux.schedule.Schedule;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Some records in the order in which they were read, and what is known of them. Filled by one thread, then recognised by another, then
 * judged by the first.
 */
final class RecordBatch {

    /** So few that what was just read is still in the caches when it is compared. */
    private static final int MOST = 256;

    private static final int MOST_BYTES = 1 << 20;
    /** The {@link #stream} of a record that was not recognised. */
    static final int UNKNOWN = -1;

    final String[] source = new String[MOST];
    final long[] offset = new long[MOST];
    final byte[] @Nullable [] key = new byte[MOST][];
    final byte[] @Nullable [] value = new byte[MOST][];
    final byte[] @Nullable [] header = new byte[MOST][];

    /** Which event a record is. */
    final int[] stream = new int[MOST];

    final long[] sequence = new long[MOST];
    final Schedule.Slot[] at = Stream.generate(Schedule.Slot::new).limit(MOST).toArray(Schedule.Slot[]::new);
    private int size;
    private int bytes;

    int size() {
        return size;
    }

    boolean isFull() {
        return size == MOST || bytes >= MOST_BYTES;
    }

    void add(
            String from,
            long offsetThere,
            byte @Nullable [] itsKey,
            byte @Nullable [] itsValue,
            byte @Nullable [] itsHeader) {
        source[size] = from;
        offset[size] = offsetThere;
        key[size] = itsKey;
        value[size] = itsValue;
        header[size] = itsHeader;
        bytes += itsValue == null ? 0 : itsValue.length;
        size++;
    }

    void clear() {
        size = 0;
        bytes = 0;
    }
}
