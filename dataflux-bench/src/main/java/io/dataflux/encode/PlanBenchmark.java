package io.dataflux.encode;

import io.dataflux.DataFlux;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
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
    private Op straight = (s, b, at) -> at;
    private Op loop = straight;
    private long next;

    @org.openjdk.jmh.annotations.Setup
    public void compile() {
        compiled = (CompiledStream) DataFlux.stream(stream, 42);
        buffer = new byte[compiled.maxEventBytes() + CompiledStream.SLACK];
        Shapes.Obj plan = Objects.requireNonNull(compiled.plan());
        List<Op> members = new ArrayList<>();
        plan.members().forEach((name, node) -> {
            Shapes.Member member = Shapes.Member.of(name, node);
            members.add(node.always() ? member : new Shapes.OptionalMember(member));
        });
        straight = plan;
        loop = new Shapes.Obj(Fused.interpreted(members), plan.members(), plan.maxBytes());
    }

    @Benchmark
    public int straightLine() {
        compiled.locate(next++ & 0xFFFF, event);
        return straight.write(event, buffer, 0);
    }

    @Benchmark
    public int loop() {
        compiled.locate(next++ & 0xFFFF, event);
        return loop.write(event, buffer, 0);
    }

    /** What both have in common. */
    @Benchmark
    public long locateOnly() {
        compiled.locate(next++ & 0xFFFF, event);
        return event.slot.entity;
    }
}
