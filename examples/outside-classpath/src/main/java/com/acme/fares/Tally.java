package com.acme.fares;

import io.dataflux.spi.EventBatch;
import io.dataflux.spi.Outcome;
import io.dataflux.spi.Settings;
import io.dataflux.spi.Sink;
import io.dataflux.spi.SinkConnector;
import io.dataflux.spi.SinkProvider;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/** A sink that counts the events of each region. */
public final class Tally implements SinkProvider {

    static final Map<String, Long> EVENTS = new ConcurrentSkipListMap<>();

    @Override
    public String type() {
        return "tally";
    }

    @Override
    public SinkConnector configure(Settings settings) {
        return lane -> new Sink() {
            @Override
            public void write(EventBatch batch, Outcome outcome) {
                for (int i = 0; i < batch.size(); i++) {
                    EVENTS.merge(batch.region(i), 1L, Long::sum);
                }
                outcome.acknowledged(0, batch.size());
            }

            @Override
            public void close() {}
        };
    }
}
