package io.dataflux.spi;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads back what a sink's target stores, record by record, in the target's own order; see {@link ReadBack}. Used by one thread. */
public interface SinkReader extends AutoCloseable {

    /**
     * Hands over the records from where the last call stopped to the end at the time of the call, and returns how many there were. Call it
     * again for later records. Bounded in time: throws an exception rather than wait forever.
     */
    long read(Visitor visitor) throws Exception;

    /**
     * Like {@link #read}, but does not wait for what others have to end first, such as a transaction; {@link #heldBack} then says what it
     * was. By default the same as {@code read}.
     */
    default long readNow(Visitor visitor) throws Exception {
        return read(visitor);
    }

    /**
     * What kept the last {@link #readNow} from the target's end, as a sentence such as {@code events-2 has been read to 17 of 20, where a
     * transaction is open}; by default nothing.
     */
    default Optional<String> heldBack() {
        return Optional.empty();
    }

    /**
     * What the target may have removed by its own rules before it was read, such as by compaction or a retention; by default nothing. Asked
     * once, before the first reading. A reader that wraps another one hands on its answer.
     */
    default Removal removal() {
        return Removal.NONE;
    }

    /**
     * Hands over the lines of a file or an object as records without key and header, for targets that hold events as JSON lines. Bytes
     * after the last newline are a record too, so that a line that was cut off is noticed.
     *
     * <pre>{@code
     * try (InputStream in = Files.newInputStream(file)) {
     *     end = SinkReader.lines(in, file.toString(), 0, visitor);
     * }
     * }</pre>
     *
     * @param first the offset of the first line, above 0 if the source continues from another file
     * @return the offset after the last line, which is the offset of the next file's first line
     */
    static long lines(InputStream in, String source, long first, Visitor visitor) throws IOException {
        long line = first;
        int kept = 0; // bytes of a line whose end has not been read yet
        byte[] buffer = new byte[1 << 16];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer, kept, buffer.length - kept)) {
            int start = 0;
            int end = kept + n;
            for (int i = kept; i < end; i++) {
                if (buffer[i] == '\n') {
                    visitor.record(source, line++, null, Arrays.copyOfRange(buffer, start, i), null);
                    start = i + 1;
                }
            }
            kept = end - start;
            byte[] next = kept == buffer.length ? new byte[2 * kept] : buffer;
            System.arraycopy(buffer, start, next, 0, kept);
            buffer = next;
        }
        if (kept > 0) {
            visitor.record(source, line++, null, Arrays.copyOf(buffer, kept), null);
        }
        return line;
    }

    @Override
    void close() throws IOException;

    /** Takes one record. The arrays belong to the visitor. */
    @FunctionalInterface
    interface Visitor {
        /**
         * @param source the ordered part of the target that holds the record, such as {@code events-2} (topic and partition)
         * @param offset the record's coordinate there
         * @param header the identifying header, or {@code null} if the target keeps none
         */
        void record(
                String source, long offset, byte @Nullable [] key, byte @Nullable [] value, byte @Nullable [] header);
    }
}
