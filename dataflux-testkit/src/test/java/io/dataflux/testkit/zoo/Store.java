package io.dataflux.testkit.zoo;

import io.dataflux.spi.EventBatch;
import io.dataflux.spi.LaneContext;
import io.dataflux.spi.Outcome;
import io.dataflux.spi.ReadBack;
import io.dataflux.spi.Sink;
import io.dataflux.spi.SinkConnector;
import io.dataflux.spi.SinkReader;
import io.dataflux.verify.Arrivals;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A target in memory with some sources, each of which has all events of its keys. It can break down once: it stores a batch and does not say
 * so, and takes nothing more until it is opened again.
 */
final class Store implements SinkConnector {

    /** What was stored. */
    record Stored(int source, long sequence, byte[] key, byte[] value, byte[] header) {}

    /** How many readings it takes to see everything. */
    private static final int READINGS = 4;

    private final int sources;
    private final Reading reading;
    private final long seed;
    private final long breaksAt;
    private final List<Stored> all = new ArrayList<>();
    private boolean interrupted;

    /** @param breaksAt after how many events it breaks down; -1 for never */
    Store(int sources, Reading reading, long seed, long breaksAt) {
        this.sources = sources;
        this.reading = reading;
        this.seed = seed;
        this.breaksAt = breaksAt;
    }

    boolean interrupted() {
        return interrupted;
    }

    @Override
    public Sink open(LaneContext lane) {
        boolean mayBreak = breaksAt >= 0 && !interrupted;
        return new Sink() {
            @Override
            public void write(EventBatch batch, Outcome outcome) throws IOException {
                if (mayBreak && interrupted) {
                    throw new IOException("still away");
                }
                for (int i = 0; i < batch.size(); i++) {
                    all.add(stored(batch, i));
                }
                if (mayBreak && all.size() > breaksAt) {
                    interrupted = true;
                    throw new IOException("gone away");
                }
                outcome.acknowledged(0, batch.size());
            }

            @Override
            public void close() {}
        };
    }

    private Stored stored(EventBatch batch, int i) {
        byte[] key = batch.key(i);
        byte[] header = new byte[EventBatch.HEADER_BYTES];
        batch.header(i, header, 0);
        int source = Math.floorMod(key == null ? (int) batch.sequence(i) : Arrays.hashCode(key) * 31, sources);
        byte[] value =
                batch.start(i) == batch.end(i) ? null : Arrays.copyOfRange(batch.bytes(), batch.start(i), batch.end(i));
        return new Stored(source, batch.sequence(i), key, value, header);
    }

    private List<Stored> asRead(List<Stored> records) {
        List<List<Stored>> bySource =
                Stream.<List<Stored>>generate(ArrayList::new).limit(sources).toList();
        records.forEach(record -> bySource.get(record.source).add(record));
        return reading.of(records, bySource, seed);
    }

    @Override
    public Optional<ReadBack> readBack() {
        return Optional.of((run, position) -> new SinkReader() {

            private final List<Stored> records = asRead(all);
            private final long[] offsets = new long[sources];
            private int readings;

            @Override
            public long read(SinkReader.Visitor visitor) {
                List<Stored> part = part(records, readings++);
                part.forEach(record -> visitor.record(
                        "part-" + record.source, offsets[record.source]++, record.key, record.value, record.header));
                return part.size();
            }

            @Override
            public void close() {}
        });
    }

    /** What a system puts out of what is stored, each record in the source that it came in. */
    Arrivals<byte[]> putOut(Predicate<Stored> passes) {
        List<Stored> records = asRead(all.stream().filter(passes).toList());
        long[] offsets = new long[sources];
        int[] readings = new int[1];
        return new Arrivals<>() {
            @Override
            public boolean isLog() {
                return true;
            }

            @Override
            public long read(Arrivals.Visitor<? super byte[]> visitor) {
                List<Store.Stored> part = part(records, readings[0]++);
                part.forEach(record -> visitor.record("part-" + record.source, offsets[record.source]++, record.value));
                return part.size();
            }
        };
    }

    private static List<Stored> part(List<Stored> records, int reading) {
        return records.subList((int) ((long) records.size() * Math.min(reading, READINGS) / READINGS), (int)
                ((long) records.size() * Math.min(reading + 1, READINGS) / READINGS));
    }
}
