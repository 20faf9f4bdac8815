package io.dataflux.engine;

import io.dataflux.ledger.Ranges;
import io.dataflux.spi.EventBatch;
import io.dataflux.spi.LaneContext;
import io.dataflux.spi.Outcome;
import io.dataflux.spi.Resume;
import io.dataflux.spi.Sink;
import io.dataflux.spi.SinkConnector;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** A sink that keeps what it gets and acknowledges it at once, unless a test makes it do otherwise. */
class Collecting implements SinkConnector, Resume {

    record Got(int lane, int stream, int shard, long place, long sequence, String region, String text) {}

    private final List<Got> got = new ArrayList<>();
    final AtomicInteger opened = new AtomicInteger();
    final AtomicInteger closed = new AtomicInteger();
    /** The regions that the sink was told of. */
    volatile List<String> regions = List.of();

    @Override
    public Sink open(LaneContext lane) throws Exception {
        opened.incrementAndGet();
        regions = lane.regions();
        return new Sink() {
            @Override
            public void write(EventBatch batch, Outcome outcome) throws Exception {
                keep(lane, batch);
                settle(lane, batch, outcome);
            }

            @Override
            public void flush() throws Exception {
                Collecting.this.flush(lane);
            }

            @Override
            public void close() {
                closed.incrementAndGet();
            }
        };
    }

    @Override
    public Resume resume() {
        return this;
    }

    /** What the sink does with a batch that it has kept. */
    void settle(LaneContext lane, EventBatch batch, Outcome outcome) throws Exception {
        outcome.acknowledged(0, batch.size());
    }

    void flush(LaneContext lane) throws Exception {}

    private synchronized void keep(LaneContext lane, EventBatch batch) {
        for (int i = 0; i < batch.size(); i++) {
            got.add(new Got(
                    lane.lane(),
                    batch.stream(i),
                    batch.shard(i),
                    batch.place(i),
                    batch.sequence(i),
                    batch.region(i),
                    new String(batch.bytes(), batch.start(i), batch.end(i) - batch.start(i), StandardCharsets.UTF_8)));
        }
    }

    synchronized List<Got> got() {
        return List.copyOf(got);
    }

    /** What came of one shard, in its order. */
    List<Got> of(int stream, int shard) {
        return got().stream()
                .filter(event -> event.stream == stream && event.shard == shard)
                .collect(Collectors.toList());
    }

    /** The places of one shard that came. */
    Ranges places(int stream, int shard) {
        Ranges places = new Ranges();
        of(stream, shard).forEach(event -> places.add(event.place, event.place + 1));
        return places;
    }
}
