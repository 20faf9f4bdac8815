package io.dataflux.engine;

import io.dataflux.ConfigurationException;
import io.dataflux.ConfigurationException.Problem;
import io.dataflux.Plan;
import io.dataflux.Thresholds;
import io.dataflux.encode.CompiledStream;
import io.dataflux.model.Key;
import io.dataflux.plan.RunConfig;
import io.dataflux.plan.RunConfig.Limits;
import io.dataflux.plan.RunConfig.OnFailure;
import io.dataflux.plan.RunConfig.Part;
import io.dataflux.plan.RunConfig.SinkConfig;
import io.dataflux.plan.StickyRouter;
import io.dataflux.spi.RegionRouter;
import io.dataflux.spi.RegionRouter.Region;
import io.dataflux.spi.SinkConnector;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Gathers what a run in code is to be. Used by one thread. */
public final class PlanBuilder implements Plan.Builder {

    private final List<CompiledStream> streams;
    private final Map<String, SinkConnector> sinks = new LinkedHashMap<>();
    private final Map<String, Integer> lanes = new LinkedHashMap<>();
    private final List<Region> regions = new ArrayList<>();
    private @Nullable RegionRouter router;
    private final Map<String, List<String>> regionSinks = new LinkedHashMap<>();
    private long from;
    private long to = -1;
    private long limit = -1;
    private OnFailure onFailure = OnFailure.STOP;
    private double speed = 1;
    private boolean backfill;
    private @Nullable Integer tag;
    private boolean resumable;
    private Thresholds thresholds = Thresholds.NONE;
    private Path output = Path.of("dataflux-out");

    public PlanBuilder(List<CompiledStream> streams) {
        this.streams = List.copyOf(streams);
        if (streams.isEmpty()) {
            throw new IllegalArgumentException("no stream: a run needs at least one");
        }
        List<String> names = streams.stream().map(CompiledStream::name).toList();
        names.forEach(name -> {
            if (Collections.frequency(names, name) > 1) {
                throw new IllegalArgumentException(
                        "there are two streams '" + name + "'; give one of them another name");
            }
        });
    }

    @Override
    public Plan.Builder events(long from, long to) {
        this.from = from;
        this.to = to;
        return this;
    }

    @Override
    public Plan.Builder limit(long events) {
        limit = events;
        return this;
    }

    @Override
    public Plan.Builder region(String name, double weight) {
        if (!(weight > 0 && weight < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("region '" + name + "': weight " + weight + " is not above 0");
        }
        if (regions.stream().anyMatch(region -> region.name().equals(name))) {
            throw new IllegalArgumentException("region '" + name + "' is defined twice");
        }
        regions.add(new Region(name, weight));
        return this;
    }

    @Override
    public Plan.Builder routing(RegionRouter router) {
        this.router = router;
        return this;
    }

    @Override
    public Plan.Builder regionSinks(String region, String... sinks) {
        regionSinks.put(region, List.of(sinks));
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
        String source = streams.size() == 1
                ? "stream '" + streams.get(0).name() + "'"
                : "streams "
                        + streams.stream()
                                .map(stream -> "'" + stream.name() + "'")
                                .collect(Collectors.joining(", "));
        List<Problem> problems = problems();
        if (!problems.isEmpty()) {
            throw new ConfigurationException(source, problems);
        }
        List<Region> all = regions.isEmpty() ? List.of(new Region("default", 1)) : List.copyOf(regions);
        RegionRouter its = router != null ? router : all.size() == 1 ? event -> 0 : new StickyRouter(all);
        OptionalLong events = limit > 0
                ? OptionalLong.of(limit)
                : streams.size() == 1 ? OptionalLong.of(end() - from) : OptionalLong.empty();
        RunConfig config = new RunConfig(
                source,
                streams.stream().map(stream -> stream.in(all, its)).toList(),
                all,
                its,
                sinks.entrySet().stream()
                        .map(sink -> new SinkConfig(
                                sink.getKey(),
                                "code",
                                sink.getValue(),
                                lanes.getOrDefault(sink.getKey(), 1),
                                onFailure))
                        .toList(),
                regionSinks,
                new Limits(events, null, OptionalLong.empty()),
                speed,
                output,
                tag,
                Part.WHOLE,
                backfill,
                null,
                RunConfig.LAG_BUDGET,
                List.of(),
                thresholds,
                List.of(),
                List.of(),
                null);
        long[] begin = new long[streams.size()];
        begin[0] = from;
        RunPlan plan = RunPlan.of(config, begin);
        return resumable ? plan : plan.startingAnew();
    }

    /** Where the only stream ends. */
    private long end() {
        return to < 0 ? streams.get(0).end() : to;
    }

    private List<Problem> problems() {
        List<Problem> problems = new ArrayList<>();
        if (streams.size() > 1 && to >= 0) {
            problems.add(new Problem(
                    "events", "a range of events is for one stream; end a run of several with limit(events)"));
        } else if (streams.size() == 1
                && (from < 0 || end() <= from || end() > streams.get(0).end())) {
            problems.add(new Problem(
                    "events",
                    "[" + from + ", " + end() + ") is not a range of at least one event within [0, "
                            + streams.get(0).end() + ")"));
        }
        if (limit == 0 || limit < -1) {
            problems.add(new Problem("limit", limit + ": at least one event is needed"));
        } else if (limit > 0 && to >= 0) {
            problems.add(new Problem("limit", "there are events(from, to) already; keep one of the two"));
        }
        if (router != null && regions.isEmpty()) {
            problems.add(
                    new Problem("routing", "there are no regions to route to; add some with region(name, weight)"));
        }
        List<String> names = regions.stream().map(Region::name).toList();
        for (String region : regionSinks.keySet()) {
            if (!names.contains(region) && !region.equals("default")) {
                problems.add(new Problem(
                        "region_sinks." + region, "there is no region '" + region + "'; the regions are " + names));
            }
        }
        return problems;
    }
}
