package io.dataflux.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.ConfigurationException;
import io.dataflux.Run;
import io.dataflux.RunReport;
import io.dataflux.spi.DeliveryUnit;
import io.dataflux.spi.EventBatch;
import io.dataflux.spi.LaneContext;
import io.dataflux.spi.Outcome;
import io.dataflux.spi.RegionRouter;
import io.dataflux.spi.RegionRouter.Region;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a run is not begun, not gone on with, or ended for the sake of its checkpoint. */
class RefusedRunsTest {

    private static final int TAG = 0x5f3a90c1;
    private static final long EVENTS = 200_000;

    @TempDir
    Path output;

    private Sketch orders(int lanes, Collecting sink) {
        return new Sketch(output).stream("orders", 5000).events(EVENTS).tag(TAG).sink("all", lanes, sink);
    }

    private static RunReport stopAfter(long events, RunPlan plan) throws InterruptedException {
        CountDownLatch reached = new CountDownLatch(1);
        Run run = plan.start().after(events, reached::countDown);
        reached.await();
        return run.stop();
    }

    private Path checkpoint() {
        return output.resolve("5f3a90c1/checkpoint.json");
    }

    private RunPlan paced(Collecting sink) {
        return new Sketch(output)
                .stream("orders", 5000)
                        .time(Duration.ofSeconds(20))
                        .speed(1)
                        .tag(TAG)
                        .sink("all", 1, sink)
                        .plan();
    }

    @Test
    void aRunThatIsNotAsItWasIsNotResumed() throws Exception {
        stopAfter(1000, orders(2, new Collecting()).plan());

        assertThatThrownBy(() -> orders(1, new Collecting()).plan().start())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("sinks.all.lanes: 1, but the run has 2")
                .hasMessageContaining(
                        "a run with this tag has begun (see " + checkpoint() + ") and can only be resumed unchanged");
        assertThatThrownBy(() ->
                        orders(2, new Collecting()).events(EVENTS + 1).plan().start())
                .hasMessageContaining("limits: stream 'orders' has the events [0, 200001), but in the run [0, 200000)");
        assertThatThrownBy(() -> new Sketch(output)
                        .stream("orders", 5001)
                                .events(EVENTS)
                                .tag(TAG)
                                .sink("all", 2, new Collecting())
                                .plan()
                                .start())
                .hasMessageContaining(
                        "streams.orders: its definition, seed, start or rate differs from that of the run");
        assertThatThrownBy(() -> orders(2, new Collecting())
                        .sink("more", 1, new Collecting())
                        .plan()
                        .start())
                .hasMessageContaining("sinks: [all (test), more (test)], but the run has [all (test)]");
        assertThatThrownBy(() -> orders(2, new Collecting() {
                            @Override
                            public DeliveryUnit unit() {
                                return new DeliveryUnit(500, Duration.ofHours(1));
                            }
                        })
                        .plan()
                        .start())
                .hasMessageContaining(
                        "sinks.all: its deliveries end every 500 events and 60 min, but those of the run");
        Files.writeString(checkpoint(), "{\"run\": 3");
        assertThatThrownBy(() -> orders(2, new Collecting()).plan().start())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("the file is damaged");
    }

    private RunPlan routed(RegionRouter router, String destination, String... euSinks) {
        return routed(router, 1, destination, euSinks);
    }

    private RunPlan routed(RegionRouter router, double euWeight, String destination, String... euSinks) {
        Collecting sink = new Collecting() {
            @Override
            public String destination() {
                return destination;
            }
        };
        return new Sketch(output)
                .stream("orders", 5000)
                        .events(EVENTS)
                        .tag(TAG)
                        .regions(router, List.of(new Region("eu", euWeight), new Region("us", 1)))
                        .regionSinks("eu", euSinks)
                        .regionSinks("us", "other")
                        .sink("all", 1, sink)
                        .sink("other", 1, new Collecting())
                        .plan();
    }

    @Test
    void aRunWhoseEventsWouldGoElsewhereIsNotResumed() throws Exception {
        RegionRouter byParity = event -> (int) (event.sequence() % 2);
        stopAfter(1000, routed(byParity, "topic a", "all"));

        assertThatThrownBy(() -> routed(event -> (int) (event.entity() % 2), "topic a", "all")
                        .start())
                .as("another router")
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(
                        "sinks.all: it gets other events than in the run: regions, routing or region_sinks have"
                                + " changed")
                .hasMessageContaining("sinks.other: it gets other events");
        assertThatThrownBy(() -> routed(byParity, "topic a", "all", "other").start())
                .as("other region_sinks")
                .hasMessageContaining("sinks.other: it gets other events")
                .hasMessageNotContaining("sinks.all");
        assertThatThrownBy(() -> routed(byParity, 2, "topic a", "all").start())
                .as("another weight, which this router does not look at")
                .hasMessageContaining("sinks.all: it gets other events")
                .hasMessageContaining("sinks.other: it gets other events");
        assertThatThrownBy(() -> routed(byParity, "topic b", "all").start())
                .as("another destination")
                .hasMessageContaining("sinks.all: it goes to topic b, but in the run it went to topic a")
                .hasMessageContaining("undo the change, or use another tag for a new run");

        assertThat(routed(byParity, "topic a", "all").start().await().delivered())
                .as("as it was")
                .isTrue();
    }

    @Test
    void aRunThatIsUnderWayIsNotStartedAgain() throws Exception {
        RunPlan paced = paced(new Collecting());
        Run first = paced.start();

        assertThatThrownBy(() -> paced(new Collecting()).start())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("--tag: run 5f3a90c1 is still running and holds " + checkpoint());

        assertThat(first.stop().missing()).isPositive();
        assertThat(paced(new Collecting()).start().stop().tag()).isEqualTo("5f3a90c1");
    }

    @Test
    void aRunWhoseCheckpointCannotBeWrittenDoesNotStart() throws Exception {
        Path file = Files.writeString(output.resolve("taken"), "a file");
        Collecting sink = new Collecting();

        assertThatThrownBy(() -> new Sketch(file)
                        .stream("orders", 5000)
                                .events(100)
                                .sink("all", 1, sink)
                                .plan()
                                .start())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("output.dir: the run's folder " + file)
                .hasMessageContaining(" cannot be created: ")
                .hasMessageEndingWith("; name a folder that can be written, here or with --output");
        assertThat(sink.opened).hasValue(0);
    }

    @Test
    void aRunWhoseCheckpointCannotBeWrittenAnyMoreEndsAtItsHorizon() throws Exception {
        Collecting sink = new Collecting() {
            private boolean blocked;

            @Override
            synchronized void settle(LaneContext lane, EventBatch batch, Outcome outcome) throws Exception {
                if (!blocked) {
                    blocked = true;
                    // a folder in the place of the temporary file
                    Files.createDirectories(output.resolve("5f3a90c1/checkpoint.json.tmp/in-the-way"));
                }
                super.settle(lane, batch, outcome);
            }
        };

        RunReport report = new Sketch(output)
                .stream("orders", 5000)
                        .tag(TAG)
                        .sink("all", 1, sink)
                        .plan()
                        .start()
                        .await();

        assertThat(report.acknowledged()).isPositive().isEqualTo(report.issued());
        assertThat(report.delivered()).isFalse();
        assertThat(report.problems())
                .anySatisfy(problem -> assertThat(problem).contains("the checkpoint could not be written to"))
                .anySatisfy(problem -> assertThat(problem)
                        .isEqualTo("sink 'all': ended before its limit, because the checkpoint failed"));
    }
}
