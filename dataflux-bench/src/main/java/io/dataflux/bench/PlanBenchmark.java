package io.dataflux.bench;

import io.dataflux.DataFlux;
import io.dataflux.encode.CompiledStream;
import io.dataflux.encode.EventState;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** How much faster is straight-line code than a loop over the same nodes? See docs/adr/0001. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class PlanBenchmark {

    @Param({"device_telemetry", "clickstream", "video_logs"})
    public String stream = "device_telemetry";

    private final EventState event = new EventState();
    private byte[] buffer = new byte[0];
    private CompiledStream compiled = (CompiledStream) DataFlux.stream("device_telemetry", 42);
    private long next;

    @Setup
    public void compile() {
        compiled = (CompiledStream) DataFlux.stream(stream, 42);
        buffer = new byte[compiled.maxEventBytes() + CompiledStream.SLACK];
    }

    @Benchmark
    public int straightLine() {
        compiled.locate(next++ & 0xFFFF, event);
        return compiled.encode(event, buffer, 0);
    }

    @Benchmark
    @Fork(value = 3, jvmArgsAppend = "-Ddataflux.loop=true")
    public int loop() {
        return straightLine();
    }

    /** What both have in common. */
    @Benchmark
    public long locateOnly() {
        compiled.locate(next++ & 0xFFFF, event);
        return event.slot.entity;
    }
}
