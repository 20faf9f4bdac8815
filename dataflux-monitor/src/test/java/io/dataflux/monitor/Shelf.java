package io.dataflux.monitor;

import io.dataflux.spi.EventBatch;
import io.dataflux.spi.LaneContext;
import io.dataflux.spi.Outcome;
import io.dataflux.spi.Settings;
import io.dataflux.spi.Sink;
import io.dataflux.spi.SinkConnector;
import io.dataflux.spi.SinkProvider;
import io.dataflux.spi.TargetView;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** A sink whose target counts what it gets, and has a reader that is done and one that has read half. */
public final class Shelf implements SinkProvider {

    /** Makes the next looks of all shelves fail. */
    static volatile boolean dark;

    @Override
    public String type() {
        return "shelf";
    }

    @Override
    public SinkConnector configure(Settings settings) {
        return new Target();
    }

    private static final class Target implements SinkConnector {
        private final AtomicLong stored = new AtomicLong();

        @Override
        public Sink open(LaneContext lane) {
            return new Sink() {
                @Override
                public void write(EventBatch batch, Outcome outcome) {
                    stored.addAndGet(batch.size());
                    outcome.acknowledged(0, batch.size());
                }

                @Override
                public void close() {}
            };
        }

        @Override
        public Optional<TargetView> view(LaneContext run) {
            return Optional.of(this::look);
        }

        private TargetView.Target look() {
            if (dark) {
                throw new IllegalStateException("<b>it is dark</b>");
            }
            long end = stored.get();
            return new TargetView.Target(
                    List.of(new TargetView.Log(
                            "shelf<1>",
                            List.of(new TargetView.Partition(0, end, 3, 2)),
                            Map.of("retention.ms", "604800000"))), // order never seen
                    List.of(
                            new TargetView.Group("fast", "shelf<1>", "Stable", 2, 0),
                            new TargetView.Group("slow", "shelf<1>", "Stable", 1, end / 2)),
                    List.of());
        }
    }
}
