package io.dataflux.sinks;

import io.dataflux.spi.EventBatch;
import io.dataflux.spi.Outcome;
import io.dataflux.spi.Settings;
import io.dataflux.spi.Sink;
import io.dataflux.spi.SinkConnector;
import io.dataflux.spi.SinkProvider;

/** Acknowledges every event and keeps none: it shows what a run costs without a target. The report has the counts. */
public final class NullSink implements Sink {

    /** Takes all events and drops them. */
    public static SinkConnector discard() {
        return lane -> new NullSink();
    }

    /** Sinks of the type {@code null}; no settings. YAML reads {@code null} without quotes as no value, so write {@code type: "null"}. */
    public static final class Provider implements SinkProvider {
        @Override
        public String type() {
            return "null";
        }

        @Override
        public SinkConnector configure(Settings settings) {
            return discard();
        }
    }

    NullSink() {}

    @Override
    public void write(EventBatch batch, Outcome outcome) {
        outcome.acknowledged(0, batch.size());
    }

    @Override
    public void close() {}
}
