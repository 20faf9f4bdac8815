package io.dataflux.testkit;

import io.dataflux.spi.LaneContext;
import io.dataflux.spi.ReadBack;
import io.dataflux.spi.Sink;
import io.dataflux.spi.SinkConnector;
import io.dataflux.spi.SinkReader;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** A topic in memory, which a system under test writes to and a test reads back. */
final class MemoryTarget implements SinkConnector, ReadBack {

    private record Stored(byte[] key, byte[] value) {}

    private final List<Stored> stored = new CopyOnWriteArrayList<>();

    void write(byte[] key, byte[] value) {
        stored.add(new Stored(key, value));
    }

    @Override
    public Sink open(LaneContext lane) {
        throw new UnsupportedOperationException("only read");
    }

    @Override
    public Optional<ReadBack> readBack() {
        return Optional.of(this);
    }

    @Override
    public boolean keepsKeys() {
        return true;
    }

    @Override
    public SinkReader reader(LaneContext run, String position) {
        return new SinkReader() {
            private int next;

            @Override
            public long read(Visitor visitor) {
                int from = next;
                for (; next < stored.size(); next++) {
                    visitor.record("memory", next, stored.get(next).key, stored.get(next).value, null);
                }
                return (long) next - from;
            }

            @Override
            public void close() {}
        };
    }
}
