package com.acme.fares;

import io.dataflux.spi.EventGenerator;
import io.dataflux.spi.Settings;

/** A generator in code: what riders pay. Listed in {@code META-INF/services/io.dataflux.spi.EventGenerator$Provider}. */
public final class Fares implements EventGenerator.Provider {

    private static final EventGenerator.Draw STOP = EventGenerator.Draw.of("stop");
    private static final EventGenerator.Draw CENTS = EventGenerator.Draw.of("cents");

    @Override
    public String type() {
        return "fares";
    }

    @Override
    public EventGenerator configure(Settings settings) {
        long dearest = settings.integer("dearest_cents", 500, 100, 10_000);
        return (event, to) -> to.id("fare_id", "fare_{}")
                .key("rider")
                .time("paid_at")
                .integer("stop", event.bound(STOP, 40))
                .decimal("price", 100 + event.bound(CENTS, dearest - 99), 2);
    }
}
