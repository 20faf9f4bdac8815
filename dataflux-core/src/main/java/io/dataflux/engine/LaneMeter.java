package io.dataflux.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dataflux.Latencies;
import io.dataflux.RunSnapshot.Flow;
import io.dataflux.RunSnapshot.Sample;
import io.dataflux.encode.CompiledStream;
import io.dataflux.plan.Regions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * What a lane counts only if somebody watches its run: events by stream and region, latencies over all steps, and now and then an event as
 * it is. Written by the lane's thread; read by any, which holds the lane up in nothing. Sums of several lanes are taken by {@link Sum}.
 */
final class LaneMeter {

    /** An event is kept that often at most, and so many are kept. */
    private static final long SAMPLE_NANOS = 200_000_000;

    private static final int SAMPLES = 8;

    private static final int ISSUED = 0;
    private static final int ACKNOWLEDGED = 1;
    private static final int FAILED = 2;
    private static final int UNKNOWN = 3;
    private static final int BYTES = 4;
    private static final int COUNTS = 5;

    private final String sink;
    private final Regions regions;
    /** Of each stream: its regions, and what belongs to no known one. */
    private final int columns;

    private final AtomicLongArray counts;
    private final AtomicLong batches = new AtomicLong();
    private final Histogram latencies = new Histogram();
    private long nextSample = Long.MIN_VALUE;
    private long turn;
    /** How many events the lane looked at, and how many of those were for its sink. */
    private final AtomicLong seen = new AtomicLong();

    private final AtomicLong mine = new AtomicLong();
    private volatile List<Sample> samples = List.of();

    LaneMeter(String sink, int streams, Regions regions) {
        this.sink = sink;
        this.regions = regions;
        columns = regions.count() + 1;
        counts = new AtomicLongArray(Math.multiplyExact(Math.multiplyExact(streams, columns), COUNTS));
    }

    // the lane's side

    /** The lane looks at an event. */
    void sees(boolean isMine) {
        seen.setRelease(seen.getPlain() + 1);
        mine.setRelease(mine.getPlain() + (isMine ? 1 : 0));
    }

    /** Writes what each event of a batch counts as. */
    void issue(BatchBuffer batch, int[] flow) {
        for (int i = 0; i < batch.size(); i++) {
            int region = batch.regionIfKnown(i);
            int column = region == BatchBuffer.UNROUTED ? columns - 1 : region;
            flow[i] = (batch.stream(i) * columns + column) * COUNTS;
        }
    }

    /** A batch is about to be handed over, now; {@code flow} is what {@link #issue} has written. */
    void handingOver(BatchBuffer batch, int[] flow, long now) {
        for (int i = 0; i < batch.size(); ) { // neighbours are often of one flow: they are counted together
            int first = i;
            do {
                i++;
            } while (i < batch.size() && flow[i] == flow[first]);
            add(flow[first] + ISSUED, i - first);
        }
        batches.setRelease(batches.getPlain() + 1);
        if (now >= nextSample && batch.size() > 0) {
            nextSample = now + SAMPLE_NANOS;
            keep(batch, (int) (turn++ % batch.size()), now);
        }
    }

    private void keep(BatchBuffer batch, int i, long now) {
        int size = batch.end(i) - batch.start(i);
        byte[] key = batch.key(i);
        int region = batch.regionIfKnown(i);
        List<Sample> kept = new ArrayList<>(samples);
        if (kept.size() == SAMPLES) {
            kept.remove(0);
        }
        kept.add(new Sample(
                sink,
                batch.streamName(i),
                region == BatchBuffer.UNROUTED ? "" : regions.name(region),
                batch.sequence(i),
                batch.shard(i),
                batch.place(i),
                key == null ? null : new String(key, UTF_8),
                Instant.ofEpochMilli(batch.timeMillis(i)),
                Arrays.copyOfRange(batch.bytes(), batch.start(i), batch.start(i) + Math.min(size, Sample.MOST_BYTES)),
                size,
                now));
        samples = List.copyOf(kept);
    }

    void acknowledged(int flow, int events, long bytes) {
        add(flow + ACKNOWLEDGED, events);
        add(flow + BYTES, bytes);
    }

    void failed(int flow) {
        add(flow + FAILED, 1);
    }

    void unknown(int flow) {
        add(flow + UNKNOWN, 1);
    }

    /** Only the lane writes, so that no addition has to be atomic. */
    private void add(int at, long more) {
        counts.setRelease(at, counts.getPlain(at) + more);
    }

    Histogram latencies() {
        return latencies;
    }

    // the side of those who watch

    long batches() {
        return batches.getAcquire();
    }

    /** The sums of some meters of a run. Used by one thread. */
    static final class Sum {
        private final Histogram latencies = new Histogram();
        private final List<Sample> samples = new ArrayList<>();
        private long batches;
        private long seen;
        private long mine;
        private long @Nullable [] counts;
        private @Nullable Regions regions;

        void add(LaneMeter meter) {
            int length = meter.counts.length();
            long[] sums = counts == null ? new long[length] : counts;
            counts = sums;
            regions = meter.regions;
            for (int flow = 0; flow < length; flow += COUNTS) {
                for (int count = COUNTS - 1; count >= 0; count--) { // outcomes before what was issued
                    sums[flow + count] += meter.counts.getAcquire(flow + count);
                }
            }
            latencies.add(meter.latencies.copy());
            batches += meter.batches();
            seen += meter.seen.getAcquire();
            mine += meter.mine.getAcquire();
            samples.addAll(meter.samples);
        }

        long batches() {
            return batches;
        }

        /** Which share of the events is for the sink, as far as the lanes have got. */
        double share() {
            return seen == 0 ? 1 : (double) mine / seen;
        }

        Latencies latencies() {
            return latencies;
        }

        List<Sample> samples() {
            return samples;
        }

        /** What there was, by stream and region in their order. */
        List<Flow> flows(List<CompiledStream> streams) {
            List<Flow> flows = new ArrayList<>();
            if (counts == null || regions == null) {
                return flows;
            }
            int columns = regions.count() + 1;
            for (int i = 0; i < counts.length; i += COUNTS) {
                if (counts[i + ISSUED] > 0) {
                    int region = i / COUNTS % columns;
                    flows.add(new Flow(
                            streams.get(i / COUNTS / columns).name(),
                            region == regions.count() ? "" : regions.name(region),
                            counts[i + ISSUED],
                            counts[i + ACKNOWLEDGED],
                            counts[i + FAILED],
                            counts[i + UNKNOWN],
                            counts[i + BYTES]));
                }
            }
            return flows;
        }
    }
}
