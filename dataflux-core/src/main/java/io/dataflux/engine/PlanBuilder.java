package io.dataflux.engine;

import io.dataflux.ConfigurationException;
import io.dataflux.Plan;
import io.dataflux.Thresholds;
import io.dataflux.encode.CompiledStream;
import io.dataflux.model.Key;
import io.dataflux.plan.RunConfig;
import io.dataflux.plan.RunConfig.Limits;
import io.dataflux.plan.RunConfig.OnFailure;
import io.dataflux.plan.RunConfig.Part;
import io.dataflux.plan.RunConfig.SinkConfig;
import io.dataflux.spi.RegionRouter;
import io.dataflux.spi.RegionRouter.Region;
import io.dataflux.spi.SinkConnector;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Gathers what a run of one stream in code is to be. Used by one thread. */
public final class PlanBuilder implements Plan.Builder {

    private final CompiledStream stream;
    private final Map<String, SinkConnector> sinks = new LinkedHashMap<>();
    private final Map<String, Integer> lanes = new LinkedHashMap<>();
    private long from;
    private long to;
    private OnFailure onFailure = OnFailure.STOP;
    private double speed = 1;
    private boolean backfill;
    private @Nullable Integer tag;
    private boolean resumable;
    private Thresholds thresholds = Thresholds.NONE;
    private Path output = Path.of("dataflux-out");

    public PlanBuilder(CompiledStream stream) {
        this.stream = stream;
        to = stream.end();
    }

    @Override
    public Plan.Builder events(long from, long to) {
        this.from = from;
        this.to = to;
        return this;
    }

    @Override
    public Plan.Builder sink(String name, SinkConnector connector) {
        return sink(name, connector, 1);
    }

    @Override
    public Plan.Builder sink(String name, SinkConnector connector, int lanes) {
        if (lanes < 1 || lanes > Key.MOST_SHARDS) {
            throw new IllegalArgumentException(
                    "sink '" + name + "': " + lanes + " lanes are not between 1 and " + Key.MOST_SHARDS);
        }
        this.lanes.put(name, lanes);
        if (sinks.put(name, connector) != null) {
            throw new IllegalArgumentException("sink '" + name + "' is defined twice");
        }
        return this;
    }

    @Override
    public Plan.Builder speed(double speed) {
        this.speed = speed;
        return this;
    }

    @Override
    public Plan.Builder backfill() {
        backfill = true;
        return this;
    }

    @Override
    public Plan.Builder continueOnFailure() {
        onFailure = OnFailure.CONTINUE;
        return this;
    }

    @Override
    public Plan.Builder tag(int tag) {
        this.tag = tag;
        return this;
    }

    @Override
    public Plan.Builder resumable() {
        resumable = true;
        return this;
    }

    @Override
    public Plan.Builder output(Path folder) {
        output = folder;
        return this;
    }

    @Override
    public Plan.Builder thresholds(Thresholds thresholds) {
        this.thresholds = thresholds;
        return this;
    }

    @Override
    public Plan build() {
        String source = "stream '" + stream.name() + "'";
        if (from < 0 || to <= from || to > stream.end()) {
            String what =
                    "[" + from + ", " + to + ") is not a range of at least one event within [0, " + stream.end() + ")";
            throw new ConfigurationException(source, List.of(new ConfigurationException.Problem("events", what)));
        }
        List<Region> regions = List.of(new Region("default", 1));
        RegionRouter router = event -> 0;
        RunConfig config = new RunConfig(
                source,
                List.of(stream.in(regions, router)),
                regions,
                router,
                sinks.entrySet().stream()
                        .map(sink -> new SinkConfig(
                                sink.getKey(),
                                "code",
                                sink.getValue(),
                                lanes.getOrDefault(sink.getKey(), 1),
                                onFailure))
                        .toList(),
                Collections.emptyMap(),
                new Limits(OptionalLong.of(to - from), null, OptionalLong.empty()),
                speed,
                output,
                tag,
                Part.WHOLE,
                backfill,
                null,
                RunConfig.LAG_BUDGET,
                List.of(),
                thresholds,
                List.of());
        RunPlan plan = RunPlan.of(config, from);
        return resumable ? plan : plan.startingAnew();
    }
}
