package io.dataflux.verify;

import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A log of entries, whose keys are handed over along with their values. Not thread-safe. */
record KeyedLog<R>(Arrivals<? extends Map.Entry<?, ? extends @Nullable R>> entries) implements Arrivals<R> {

    @Override
    public boolean isLog() {
        return entries.isLog();
    }

    @Override
    public long read(Visitor<? super R> visitor) throws Exception {
        return entries.read((source, offset, entry) -> {
            if (entry == null) {
                visitor.record(source, offset, null);
            } else {
                visitor.keyed(source, offset, entry.getKey(), entry.getValue());
            }
        });
    }

    @Override
    public void close() throws IOException {
        entries.close();
    }
}
