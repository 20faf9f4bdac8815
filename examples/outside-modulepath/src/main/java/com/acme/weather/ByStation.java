package com.acme.weather;

import io.dataflux.spi.RegionRouter;
import io.dataflux.spi.Settings;
import java.util.List;

/** A router by what an event is about: stations take turns between the regions. */
public final class ByStation implements RegionRouter.Provider {

    @Override
    public String type() {
        return "by_station";
    }

    @Override
    public RegionRouter configure(Settings settings, List<RegionRouter.Region> regions) {
        int count = regions.size();
        return event -> (int) (event.entity() % count);
    }
}
