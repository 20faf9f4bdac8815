package io.dataflux.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.dataflux.RunReport;
import io.dataflux.spi.EventBatch;
import io.dataflux.spi.Outcome;
import io.dataflux.spi.Sink;
import io.dataflux.spi.SinkConnector;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AllocationTest {

    private static final long WARM_UP = 300_000;
    private static final long MEASURED = Boolean.getBoolean("dataflux.thorough") ? 20_000_000 : 500_000;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TempDir
    Path output;

    /** Acknowledges at once and looks at what its lane's thread has allocated, at a first and a last event. */
    private final class Measuring implements SinkConnector {
        long seen;
        long firstSeen;
        long firstBytes;
        long lastBytes;

        @Override
        public Sink open(io.dataflux.spi.LaneContext lane) {
            return new Sink() {
                @Override
                public void write(EventBatch batch, Outcome outcome) {
                    outcome.acknowledged(0, batch.size());
                    seen += batch.size();
                    if (firstBytes == 0 && seen >= WARM_UP) {
                        firstSeen = seen;
                        firstBytes = threads.getThreadAllocatedBytes(
                                Thread.currentThread().getId());
                    } else if (seen >= WARM_UP) {
                        lastBytes = threads.getThreadAllocatedBytes(
                                Thread.currentThread().getId());
                    }
                }

                @Override
                public void close() {}
            };
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aWarmLaneAllocatesNothingPerEvent(int regions) throws Exception {
        Measuring sink = new Measuring();
        Sketch sketch = new Sketch(output)
                .stream("orders", 5000).stream("clicks", 7000).stream("alerts", 11)
                        .events(regions * (WARM_UP + MEASURED))
                        .sink("measuring", 1, sink);
        if (regions == 2) {
            sketch.regions(event -> (int) (event.keyHash() & 1), "here", "there")
                    .regionSinks("here", "measuring")
                    .regionSinks("there");
        }

        RunReport report = sketch.plan().start().await();

        assertThat(report.acknowledged()).isEqualTo(sink.seen);
        assertThat(sink.seen - sink.firstSeen).isGreaterThan(MEASURED / 2);
        assertThat(sink.lastBytes).isGreaterThanOrEqualTo(sink.firstBytes).isPositive();
        assertThat((double) (sink.lastBytes - sink.firstBytes) / (sink.seen - sink.firstSeen))
                .as("bytes per event")
                .isLessThan(0.01);
    }

    /** With faults there are blocks to shuffle and events to break, and with shares per region routers to ask. */
    @ParameterizedTest
    @ValueSource(strings = {"", ", drop 4% in there, late 3% in here"})
    void aWarmLaneAllocatesNothingPerFault(String more) throws Exception {
        Measuring sink = new Measuring();
        Sketch sketch = new Sketch(output)
                .stream(Sketch.definition("orders", 5000, 1).toBuilder()
                                .faults(FaultRunsTest.ALL + more)
                                .build())
                        .stream("clicks", 7000)
                        .events(WARM_UP + MEASURED)
                        .sink("measuring", 1, sink)
                        .regions(event -> (int) (event.keyHash() & 1), "here", "there");

        sketch.plan().start().await();

        assertThat(sink.seen - sink.firstSeen).isGreaterThan(MEASURED / 2);
        assertThat((double) (sink.lastBytes - sink.firstBytes) / (sink.seen - sink.firstSeen))
                .as("bytes per event")
                .isLessThan(0.01);
    }
}
