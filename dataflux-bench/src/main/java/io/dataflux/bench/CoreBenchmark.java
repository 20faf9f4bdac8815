package io.dataflux.bench;

import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.dataflux.DataFlux;
import io.dataflux.encode.CompiledStream;
import io.dataflux.encode.EventState;
import io.dataflux.schedule.Schedule;
import io.dataflux.schedule.Timeline;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How close does computing an event come to copying a ready one? One thread, the telemetry event of 16 fields, a buffer as large as a
 * lane's. The upper reference copies events from a pool that is larger than the caches; the lower reference has Jackson write objects that
 * are already filled. All three write the same bytes per event, so their times can be compared directly.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(3)
public class CoreBenchmark {

    static final String STREAM = "device_telemetry";
    static final int BATCH = 512;
    private static final int POOL_BYTES = 64 << 20;
    private static final int FILLED = 4096;

    private final CompiledStream stream = (CompiledStream) DataFlux.stream(STREAM, 42);
    private final byte[] buffer = new byte[BATCH * (stream.maxEventBytes() + CompiledStream.SLACK)];

    /** Computes events like a lane that owns all shards: count places, step through time, locate, encode. */
    @State(Scope.Thread)
    public static class Computed {
        private final CompiledStream stream = (CompiledStream) DataFlux.stream(STREAM, 42);
        private final Schedule schedule = stream.schedule();
        private final Timeline.Cursor cursor = stream.timeline().cursor(0);
        private final long[] places = new long[stream.shards()];
        private final long start = stream.definition().start().getEpochSecond();
        private final EventState event = new EventState();
    }

    /** Ready events, one after the other. */
    @State(Scope.Thread)
    public static class Pool {
        private final byte[] pool = new byte[POOL_BYTES];
        private final int[] starts;
        private final int events;
        private int next;

        public Pool() {
            CompiledStream stream = (CompiledStream) DataFlux.stream(STREAM, 42);
            EventState event = new EventState();
            int room = POOL_BYTES - stream.maxEventBytes() - CompiledStream.SLACK;
            int[] ends = new int[POOL_BYTES / 256];
            int n = 0;
            for (int at = 0; at < room; n++) {
                stream.locate(n, event);
                at = stream.encode(event, pool, at);
                ends[n + 1] = at;
            }
            starts = ends;
            events = n;
        }
    }

    /** Objects with all their values. */
    @State(Scope.Thread)
    public static class Filled {
        private final Telemetry[] objects = new Telemetry[FILLED];
        private final ObjectWriter writer = JsonMapper.builder().build().writerFor(Telemetry.class);
        private final Reused out = new Reused();
        private int next;

        public Filled() {
            CompiledStream stream = (CompiledStream) DataFlux.stream(STREAM, 42);
            for (int i = 0; i < FILLED; i++) {
                objects[i] = Telemetry.of(stream.event(i));
            }
        }
    }

    /** An output that keeps its array. */
    private static final class Reused extends OutputStream {
        private byte[] bytes = new byte[0];
        private int at;

        @Override
        public void write(int b) {
            bytes[at++] = (byte) b;
        }

        @Override
        public void write(byte[] from, int offset, int length) {
            System.arraycopy(from, offset, bytes, at, length);
            at += length;
        }
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public int copyReady(Pool p) {
        int at = 0;
        for (int i = 0; i < BATCH; i++) {
            int from = p.starts[p.next];
            int length = p.starts[p.next + 1] - from;
            System.arraycopy(p.pool, from, buffer, at, length);
            at += length;
            p.next = p.next + 1 == p.events ? 0 : p.next + 1;
        }
        return at;
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public int compute(Computed c) {
        int at = 0;
        for (int i = 0; i < BATCH; i++) {
            long n = c.cursor.sequence();
            int shard = c.schedule.shardOf(n);
            c.stream.locate(n, shard, c.places[shard]++, c.start + c.cursor.seconds(), c.cursor.nanos(), c.event);
            at = c.stream.encode(c.event, buffer, at);
            c.cursor.next();
        }
        return at;
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public int jacksonFilled(Filled f) throws IOException {
        f.out.bytes = buffer;
        f.out.at = 0;
        for (int i = 0; i < BATCH; i++) {
            f.writer.writeValue(f.out, f.objects[f.next]);
            f.next = (f.next + 1) % FILLED;
        }
        return f.out.at;
    }
}
