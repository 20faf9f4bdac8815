package com.acme.weather;

import io.dataflux.spi.EventGenerator;
import io.dataflux.spi.Settings;

/** A generator in code: temperatures in tenths of a degree. */
public final class Readings implements EventGenerator.Provider {

    private static final EventGenerator.Draw TEMPERATURE = EventGenerator.Draw.of("temperature");

    @Override
    public String type() {
        return "readings";
    }

    @Override
    public EventGenerator configure(Settings settings) {
        return (event, to) -> to.id("reading_id", "{}")
                .key("station")
                .time("at")
                .integer("number", event.occurrence())
                .integer("tenths", event.bound(TEMPERATURE, 700) - 300);
    }
}
