package io.dataflux.bench;

import io.dataflux.spi.LaneContext;
import io.dataflux.spi.Outcome;
import io.dataflux.spi.Sink;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Hands a sink batches prepared in advance, as its lane would, to measure the cost of the sink alone. */
final class Feed {

    private Feed() {}

    /** The only lane of a run of one stream. */
    static LaneContext lane(int tag) {
        return new LaneContext("ratio", 0, 1, tag, 0, List.of(new LaneContext.Stream("telemetry", 7, 1)), Path.of(""));
    }

    /** Writes this many events in whole batches and flushes; returns their bytes when all of them are acknowledged. */
    static long into(Sink sink, List<ReadyBatch> batches, long events) throws Exception {
        AtomicLong acknowledged = new AtomicLong();
        Outcome outcome = new Outcome() {
            @Override
            public void acknowledged(int from, int to) {
                acknowledged.addAndGet(to - from);
            }

            @Override
            public void failed(int from, int to, Throwable cause) {
                throw new IllegalStateException(cause);
            }

            @Override
            public void unknown(int from, int to, Throwable cause) {
                throw new IllegalStateException(cause);
            }
        };
        long sent = 0;
        long bytes = 0;
        for (int i = 0; sent < events; i++) {
            ReadyBatch batch = batches.get(i % batches.size());
            batch.renumber(sent);
            sink.write(batch, outcome);
            sent += batch.size();
            bytes += batch.end(batch.size() - 1) + 1;
        }
        sink.flush();
        check(acknowledged.get(), sent);
        return bytes;
    }

    static void check(long acknowledged, long sent) {
        if (acknowledged != sent) {
            throw new IllegalStateException(acknowledged + " of " + sent + " events were acknowledged");
        }
    }
}
