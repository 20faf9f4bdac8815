package io.dataflux.verify;

import java.util.concurrent.Callable;

/** What a reading gives, which is all of it each time. Not thread-safe. */
final class Snapshot<R> implements Arrivals<R> {

    private final String source;
    private final Callable<? extends Iterable<? extends R>> reading;

    Snapshot(String source, Callable<? extends Iterable<? extends R>> reading) {
        this.source = source;
        this.reading = reading;
    }

    @Override
    public boolean isLog() {
        return false;
    }

    @Override
    public long read(Visitor<? super R> visitor) throws Exception {
        long count = 0;
        for (R record : reading.call()) {
            visitor.record(source, count++, record);
        }
        return count;
    }
}
