package io.dataflux.encode;

import io.dataflux.schedule.Selection;
import io.dataflux.spi.RegionRouter;
import org.jspecify.annotations.Nullable;

/**
 * Which share of a fault applies to an event: that of the region to which the run's router sends it. The router sees the event as if it
 * were not late. Not thread-safe; one per thread.
 */
final class RegionClasses implements Selection.Classes {

    /**
     * How a run distinguishes the regions of a stream.
     *
     * @param classes for each region of the run, its class in the selections; 0 for the common share
     */
    record Routing(RegionRouter router, int[] classes) {}

    private final CompiledStream stream;
    private final @Nullable Routing routing;
    private final @Nullable RoutedState routed;
    private final @Nullable EventState event;

    RegionClasses(CompiledStream stream, @Nullable Routing routing) {
        this.stream = stream;
        this.routing = routing;
        boolean asked = routing != null && routing.classes.length > 1;
        event = asked ? new EventState() : null;
        routed = event == null ? null : new RoutedState(stream).of(event);
    }

    @Override
    public int classOf(int shard, long local) {
        if (routing == null) {
            return 0;
        }
        if (routed == null || event == null) {
            return routing.classes[0];
        }
        stream.locateOnTime(stream.schedule().sequenceOf(shard, local), event);
        return routing.classes[routing.router.regionOf(routed)];
    }
}
