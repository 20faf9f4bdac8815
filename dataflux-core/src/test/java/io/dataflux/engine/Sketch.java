package io.dataflux.engine;

import static io.dataflux.model.Fields.id;
import static io.dataflux.model.Fields.integer;
import static io.dataflux.model.Fields.key;

import io.dataflux.RunMonitor;
import io.dataflux.Thresholds;
import io.dataflux.encode.CompiledStream;
import io.dataflux.model.Fields;
import io.dataflux.model.Key;
import io.dataflux.model.StreamDefinition;
import io.dataflux.plan.RunConfig;
import io.dataflux.plan.RunConfig.Limits;
import io.dataflux.plan.RunConfig.OnFailure;
import io.dataflux.plan.RunConfig.SinkConfig;
import io.dataflux.problem.Problems;
import io.dataflux.spi.RegionRouter;
import io.dataflux.spi.RegionRouter.Region;
import io.dataflux.spi.SinkConnector;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** A run to be, for tests: small streams, own sinks, as fast as possible unless said otherwise. */
public final class Sketch {

    private final Path output;
    private final List<CompiledStream> streams = new ArrayList<>();
    private final List<SinkConfig> sinks = new ArrayList<>();
    private List<Region> regions = List.of(new Region("default", 1));
    private RegionRouter router = event -> 0;
    private final Map<String, List<String>> regionSinks = new LinkedHashMap<>();
    private Limits limits = Limits.NONE;
    private double speed = Double.POSITIVE_INFINITY;
    private Integer tag;
    private RunConfig.Part part = RunConfig.Part.WHOLE;
    private boolean backfill;
    private Instant startAt;
    private Duration lagBudget = RunConfig.LAG_BUDGET;
    private List<RunMonitor> monitors = List.of();

    Sketch(Path output) {
        this.output = output;
    }

    public static StreamDefinition definition(String name, long events, long seconds) {
        return StreamDefinition.named(name)
                .key(new Key("user_{}", 50, BigDecimal.ONE, 8, 1))
                .identity("id")
                .field("id", id("{}"))
                .field("user", key())
                .field("at", Fields.time())
                .field("amount", integer(1, 500))
                .rate(events, seconds)
                .build();
    }

    public static CompiledStream compiled(StreamDefinition definition) {
        Problems problems = new Problems();
        CompiledStream stream = CompiledStream.compile(definition, 42, "", problems);
        problems.throwIfAny(definition.name());
        return stream;
    }

    Sketch stream(String name, long eventsPerSecond) {
        return stream(definition(name, eventsPerSecond, 1));
    }

    Sketch stream(StreamDefinition definition) {
        streams.add(compiled(definition));
        return this;
    }

    Sketch sink(String name, int lanes, SinkConnector connector) {
        return sink(name, lanes, OnFailure.STOP, connector);
    }

    Sketch sink(String name, int lanes, OnFailure onFailure, SinkConnector connector) {
        sinks.add(new SinkConfig(name, "test", connector, lanes, onFailure));
        return this;
    }

    /** All of weight 1. */
    Sketch regions(RegionRouter router, String... names) {
        return regions(
                router, Arrays.stream(names).map(name -> new Region(name, 1)).toList());
    }

    Sketch regions(RegionRouter router, List<Region> regions) {
        this.router = router;
        this.regions = regions;
        return this;
    }

    Sketch regionSinks(String region, String... sinks) {
        regionSinks.put(region, List.of(sinks));
        return this;
    }

    Sketch events(long events) {
        limits = new Limits(OptionalLong.of(events), limits.time(), limits.bytes());
        return this;
    }

    Sketch time(Duration time) {
        limits = new Limits(limits.events(), time, limits.bytes());
        return this;
    }

    Sketch bytes(long bytes) {
        limits = new Limits(limits.events(), limits.time(), OptionalLong.of(bytes));
        return this;
    }

    Sketch speed(double speed) {
        this.speed = speed;
        return this;
    }

    Sketch tag(int tag) {
        this.tag = tag;
        return this;
    }

    Sketch part(int number, int of) {
        part = new RunConfig.Part(number, of);
        return this;
    }

    Sketch backfill() {
        backfill = true;
        return speed(1);
    }

    Sketch startAt(Instant time) {
        startAt = time;
        return this;
    }

    Sketch lagBudget(Duration budget) {
        lagBudget = budget;
        return this;
    }

    Sketch monitor(RunMonitor monitor) {
        monitors = List.of(monitor);
        return this;
    }

    RunConfig config() {
        return new RunConfig(
                "test",
                streams.stream().map(stream -> stream.in(regions, router)).toList(),
                regions,
                router,
                sinks,
                regionSinks,
                limits,
                speed,
                output,
                tag,
                part,
                backfill,
                startAt,
                lagBudget,
                monitors,
                Thresholds.NONE,
                List.of(),
                List.of(),
                null);
    }

    RunPlan plan() {
        return RunPlan.of(config());
    }

    List<CompiledStream> streams() {
        return streams;
    }
}
