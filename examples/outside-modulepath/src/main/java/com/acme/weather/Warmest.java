package com.acme.weather;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dataflux.spi.EventBatch;
import io.dataflux.spi.Outcome;
import io.dataflux.spi.Settings;
import io.dataflux.spi.Sink;
import io.dataflux.spi.SinkConnector;
import io.dataflux.spi.SinkProvider;
import java.util.concurrent.atomic.AtomicLong;

/** A sink that reads the bytes it gets and keeps the highest temperature. */
public final class Warmest implements SinkProvider {

    static final AtomicLong TENTHS = new AtomicLong(Long.MIN_VALUE);

    @Override
    public String type() {
        return "warmest";
    }

    @Override
    public SinkConnector configure(Settings settings) {
        return lane -> new Sink() {
            @Override
            public void write(EventBatch batch, Outcome outcome) {
                for (int i = 0; i < batch.size(); i++) {
                    String json = new String(batch.bytes(), batch.start(i), batch.end(i) - batch.start(i), UTF_8);
                    String tenths = json.substring(json.lastIndexOf(':') + 1, json.length() - 1);
                    TENTHS.accumulateAndGet(Long.parseLong(tenths), Math::max);
                }
                outcome.acknowledged(0, batch.size());
            }

            @Override
            public void close() {}
        };
    }
}
