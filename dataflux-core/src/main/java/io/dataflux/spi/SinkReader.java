package io.dataflux.spi;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads back what a sink's target stores, record by record, in the target's own order. Used by one thread. */
public interface SinkReader extends AutoCloseable {

    /**
     * Hands over the records from where the last call stopped to what is the end at the time of the call, and returns how many.
     * Call it again for what came later. Bounded in time: throws rather than wait for ever.
     */
    long read(Visitor visitor) throws Exception;

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
