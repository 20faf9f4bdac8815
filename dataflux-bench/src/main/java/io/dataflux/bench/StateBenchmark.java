package io.dataflux.bench;

import io.dataflux.DataFlux;
import io.dataflux.encode.CompiledStream;
import io.dataflux.encode.EventState;
import io.dataflux.schedule.Schedule;
import io.dataflux.schedule.Timeline;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What does it cost that events depend on others, such as those of their session or the previous row? Sequential and random access. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(3)
public class StateBenchmark {

    /** Random access is among this many first events: about as many as a sequential run computes in half a minute. */
    private static final long SCATTER = 1L << 26;

    @Param({"device_telemetry", "clickstream", "cdc", "cdc_debezium"})
    public String stream = "device_telemetry";

    private CompiledStream compiled = (CompiledStream) DataFlux.stream("device_telemetry", 42);
    private Schedule schedule = compiled.schedule();
    private Timeline.Cursor cursor = compiled.timeline().cursor(0);
    private long[] places = new long[0];
    private byte[] buffer = new byte[0];
    private long start;
    private long random;
    private final EventState event = new EventState();

    @Setup
    public void compile() {
        compiled = (CompiledStream) DataFlux.stream(stream, 42);
        schedule = compiled.schedule();
        cursor = compiled.timeline().cursor(0);
        places = new long[compiled.shards()];
        start = compiled.definition().start().getEpochSecond();
        buffer = new byte[CoreBenchmark.BATCH * (compiled.maxEventBytes() + CompiledStream.SLACK)];
    }

    /** Computes events like a lane that owns all shards. */
    @Benchmark
    @OperationsPerInvocation(CoreBenchmark.BATCH)
    public int sequential() {
        int at = 0;
        for (int i = 0; i < CoreBenchmark.BATCH; i++) {
            long n = cursor.sequence();
            int shard = schedule.shardOf(n);
            compiled.locate(n, shard, places[shard]++, start + cursor.seconds(), cursor.nanos(), event);
            at = compiled.encode(event, buffer, at);
            cursor.next();
        }
        return at;
    }

    /** Computes events like a reader that asks for single events. */
    @Benchmark
    @OperationsPerInvocation(CoreBenchmark.BATCH)
    public int scattered() {
        int at = 0;
        for (int i = 0; i < CoreBenchmark.BATCH; i++) {
            random = random * 0x5851F42D4C957F2DL + 0x14057B7EF767814FL;
            compiled.locate((random >>> 32) & (SCATTER - 1), event);
            at = compiled.encode(event, buffer, at);
        }
        return at;
    }

    /** The mean size of a stream's events. */
    static double bytesPerEvent(String stream) {
        int events = 100_000;
        CompiledStream compiled = (CompiledStream) DataFlux.stream(stream, 42);
        EventState event = new EventState();
        byte[] buffer = new byte[compiled.maxEventBytes() + CompiledStream.SLACK];
        long bytes = 0;
        for (long n = 0; n < events; n++) {
            compiled.locate(n, event);
            bytes += compiled.encode(event, buffer, 0);
        }
        return (double) bytes / events;
    }
}
