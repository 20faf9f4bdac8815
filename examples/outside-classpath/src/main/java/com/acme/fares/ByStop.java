package com.acme.fares;

import io.dataflux.spi.RegionRouter;
import io.dataflux.spi.Settings;
import java.util.List;

/** A router: stops below the border belong to the first region, the others to the second. */
public final class ByStop implements RegionRouter.Provider {

    @Override
    public String type() {
        return "by_stop";
    }

    @Override
    public RegionRouter configure(Settings settings, List<RegionRouter.Region> regions) {
        long border = settings.integer("border", 20, 1, 39);
        if (regions.size() != 2) {
            settings.problem("", "by_stop divides two regions, not " + regions.size());
        }
        return event -> event.field("stop") instanceof Long stop && stop < border ? 0 : 1;
    }
}
