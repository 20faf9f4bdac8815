package io.dataflux.plan;

import io.dataflux.encode.CompiledStream;
import io.dataflux.encode.EventState;
import io.dataflux.encode.RoutedState;
import io.dataflux.ledger.Routing;
import io.dataflux.model.Faults;
import io.dataflux.schedule.Mix;
import io.dataflux.spi.RegionRouter;
import io.dataflux.spi.RegionRouter.Region;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * The regions of a run: to which of them an event belongs and which sinks get it. The run's router is asked about events that are
 * located but not encoded; its answer is a function of the event, so a verification asks again and gets the same. Not
 * thread-safe; one per thread.
 */
public final class Regions {

    private static final String DEFAULT = "default";
    /** How many events of a stream a digest looks at from its begin, and as many over all of it. */
    private static final int ASKED = 256;

    private final List<CompiledStream> streams;
    private final List<Region> regions;
    private final RegionRouter router;
    private final Map<String, List<String>> regionSinks;
    /** Per stream what the router sees. */
    private final RoutedState[] asked;

    private final EventState own = new EventState();

    public Regions(RunConfig config) {
        this(config, config.streams());
    }

    public Regions(RunConfig config, List<CompiledStream> streams) {
        this.streams = streams;
        regions = config.regions();
        router = config.router();
        regionSinks = config.regionSinks();
        asked = streams.stream().map(RoutedState::new).toArray(RoutedState[]::new);
    }

    /** Reports the shares of faults for regions that the run does not have. */
    public static void checkFaults(
            List<CompiledStream> streams, List<Region> regions, BiConsumer<String, String> problems) {
        List<String> names = regions.stream().map(Region::name).toList();
        for (CompiledStream stream : streams) {
            Faults faults = stream.definition().faults();
            for (String region :
                    faults == null ? Set.<String>of() : faults.regions().keySet()) {
                if (!names.contains(region)) {
                    problems.accept(
                            "streams." + stream.name() + ".faults.regions." + region,
                            "the run has no region '" + region + "'; its regions are " + String.join(", ", names)
                                    + ", as 'regions' or 'region_sinks' name them");
                }
            }
        }
    }

    /**
     * About how many of a run's events go to a sink: exact if all do, otherwise by the router's answers for some hundred events of each
     * stream.
     */
    public long eventsFor(String sink, Extent extent) {
        if (allGoTo(sink)) {
            return extent.events();
        }
        boolean[] theirs = regionsOf(sink);
        long sum = 0;
        for (int stream = 0; stream < streams.size(); stream++) {
            long events = extent.limit(stream) - extent.from(stream);
            long apart = Math.max(1, events / ASKED);
            long asked = Math.min(ASKED, events);
            long taken = 0;
            for (int i = 0; i < asked; i++) {
                int region = answer(stream, extent.from(stream) + i * apart, extent.limit(stream));
                taken += region >= 0 && theirs[region] ? 1 : 0;
            }
            sum += asked == 0 ? 0 : Math.round((double) events * taken / asked);
        }
        return sum;
    }

    /** Which events go to a sink, for its verification. */
    public Routing routingTo(String sink) {
        boolean[] theirs = regionsOf(sink);
        return (stream, sequence) -> theirs[regionOf(stream, sequence)];
    }

    /**
     * A hash of where events go, for a run that is resumed: the regions with their weights, which of them go to a sink, and where the
     * router sends some hundred events of each stream. It cannot tell apart routers that differ only in rare events.
     */
    public long digest(String sink, Extent extent) {
        long digest = 0;
        for (Region region : regions) {
            digest = Mix.sub(digest, Mix.hash(region.name()));
            digest = Mix.sub(digest, Double.doubleToLongBits(region.weight()));
            digest = Mix.sub(digest, regionGoesTo(region.name(), sink) ? 1 : 0);
        }
        for (int stream = 0; stream < streams.size() && regions.size() > 1; stream++) {
            long from = extent.from(stream);
            long limit = extent.limit(stream);
            long apart = Math.max(1, (limit - from) / ASKED);
            for (int i = 0; i < ASKED; i++) {
                digest = Mix.sub(digest, answer(stream, from + i, limit));
                digest = Mix.sub(digest, answer(stream, from + i * apart, limit));
            }
        }
        return digest;
    }

    /** A router that throws ends a run when it reaches that event, and not before the run has begun. */
    private int answer(int stream, long sequence, long limit) {
        try {
            return sequence < limit ? regionOf(stream, sequence) : regions.size();
        } catch (RuntimeException e) {
            return -1;
        }
    }

    /** How many regions there are. */
    public int count() {
        return regions.size();
    }

    public String name(int region) {
        return regions.get(region).name();
    }

    /** Per region whether its events go to a sink. */
    public boolean[] regionsOf(String sink) {
        boolean[] mine = new boolean[regions.size()];
        for (int region = 0; region < mine.length; region++) {
            mine[region] = regionGoesTo(name(region), sink);
        }
        return mine;
    }

    /** Whether the events of all regions go to a sink. */
    public boolean allGoTo(String sink) {
        return regions.stream().allMatch(region -> regionGoesTo(region.name(), sink));
    }

    /** The names of the regions whose events go to a sink. */
    public List<String> namesOf(String sink) {
        return regions.stream()
                .map(Region::name)
                .filter(region -> regionGoesTo(region, sink))
                .toList();
    }

    public int regionOf(int stream, long sequence) {
        if (regions.size() == 1) {
            return 0;
        }
        streams.get(stream).locate(sequence, own);
        return regionOf(stream, own);
    }

    /** The region of a located event. */
    public int regionOf(int stream, EventState event) {
        if (regions.size() == 1) {
            return 0;
        }
        int region = router.regionOf(asked[stream].of(event));
        if (region < 0 || region >= regions.size()) {
            throw new IndexOutOfBoundsException(
                    "the router returned " + region + " for event " + event.sequence + " of stream '"
                            + streams.get(stream).name() + "'; there are regions 0 to " + (regions.size() - 1));
        }
        return region;
    }

    /** A region without sinks of its own uses those of {@code default}; a run that says nothing about regions uses all. */
    private boolean regionGoesTo(String region, String sink) {
        if (regionSinks.isEmpty()) {
            return true;
        }
        List<String> sinks = regionSinks.get(region);
        return (sinks != null ? sinks : regionSinks.getOrDefault(DEFAULT, List.of())).contains(sink);
    }
}
