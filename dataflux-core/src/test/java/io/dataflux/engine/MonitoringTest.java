package io.dataflux.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.DeliveryException;
import io.dataflux.EventStream;
import io.dataflux.MemorySink;
import io.dataflux.Run;
import io.dataflux.RunMonitor;
import io.dataflux.RunReport;
import io.dataflux.RunSnapshot;
import io.dataflux.RunSnapshot.Flow;
import io.dataflux.RunSnapshot.Sample;
import io.dataflux.RunSnapshot.SinkSnapshot;
import io.dataflux.WatchedRun;
import io.dataflux.ledger.Ledger.StreamLedger;
import io.dataflux.plan.RunConfig.OnFailure;
import io.dataflux.spi.EventBatch;
import io.dataflux.spi.Outcome;
import io.dataflux.spi.Sink;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a monitor sees of a run, and that it changes nothing. */
class MonitoringTest {

    /** Keeps the run that it watches, and what it is told. */
    private static final class Watcher implements RunMonitor, RunMonitor.Watch {
        private final List<String> calls = new ArrayList<>();
        private WatchedRun run;
        private RunReport report;
        private RunSnapshot first;
        private RunSnapshot last;

        @Override
        public Watch watch(WatchedRun watched) {
            run = watched;
            first = watched.snapshot();
            calls.add("watch");
            return this;
        }

        @Override
        public void ended(RunReport ended) {
            report = ended;
            last = run.snapshot();
            calls.add("ended");
        }

        @Override
        public void stopRequested() {
            calls.add("stop");
        }

        @Override
        public List<String> words() {
            return List.of("look here");
        }

        @Override
        public void close() {
            calls.add("close");
        }
    }

    @TempDir
    Path temp;

    @Test
    void theLastSnapshotIsTheReportByStreamAndRegion() throws Exception {
        MemorySink all = MemorySink.keeping();
        MemorySink some = MemorySink.keeping();
        Watcher watcher = new Watcher();
        RunPlan plan = new Sketch(temp)
                .stream("clicks", 300).stream("views", 100)
                        .regions(event -> (int) (event.sequence() % 3), "eu", "us", "asia")
                        .regionSinks("default", "all")
                        .regionSinks("eu", "all", "some")
                        .sink("all", 2, all)
                        .sink("some", 1, some)
                        .events(4000)
                        .monitor(watcher)
                        .plan();

        RunReport report;
        try (Run run = plan.start()) {
            assertThat(run.monitors()).containsExactly("look here");
            report = run.await();
        }

        assertThat(watcher.calls).containsExactly("watch", "ended", "close");
        assertThat(watcher.report).isSameAs(report);
        assertThat(watcher.first.elapsedNanos()).as("the clock had not begun").isZero();
        assertThat(watcher.last.elapsedNanos())
                .isBetween(0L, Duration.ofHours(1).toNanos());
        for (int i = 0; i < 2; i++) {
            SinkSnapshot sink = watcher.last.sinks().get(i);
            MemorySink target = i == 0 ? all : some;
            assertThat(byStream(sink.flows()))
                    .isEqualTo(report.ledger().sinks().get(i).streams().stream()
                            .collect(Collectors.toMap(StreamLedger::name, StreamLedger::acknowledged)));
            assertThat(sink.flows().stream()
                            .collect(Collectors.toMap(flow -> flow.stream() + flow.region(), Flow::acknowledged)))
                    .isEqualTo(target.entries().stream()
                            .collect(Collectors.groupingBy(
                                    entry -> entry.stream() + entry.region(), Collectors.counting())));
            assertThat(sink.flows()).allSatisfy(flow -> {
                assertThat(flow.issued()).isEqualTo(flow.acknowledged());
                assertThat(flow.failed() + flow.unknown()).isZero();
            });
            assertThat(sink.progress().acknowledged())
                    .isEqualTo(sink.latencies().count())
                    .isEqualTo(target.entries().size());
            assertThat(sink.flows().stream().mapToLong(Flow::bytes).sum())
                    .isEqualTo(sink.progress().bytes())
                    .isEqualTo(target.entries().stream()
                            .mapToLong(entry -> entry.value().length)
                            .sum());
            assertThat(sink.inFlight()).isZero();
            assertThat(sink.batches()).isPositive();
            assertThat(sink.lanes()).isEqualTo(i == 0 ? 2 : 1);
            assertThat(sink.reached()).isAfterOrEqualTo(watcher.run.start());
        }
        assertThat(byStream(watcher.last.sinks().get(0).flows())).containsOnlyKeys("clicks", "views");
    }

    private static Map<String, Long> byStream(List<Flow> flows) {
        return flows.stream().collect(Collectors.groupingBy(Flow::stream, Collectors.summingLong(Flow::acknowledged)));
    }

    @Test
    void samplesAreTheEventsThatWereSent() throws Exception {
        Watcher watcher = new Watcher();
        MemorySink sink = MemorySink.keeping();
        RunPlan plan = new Sketch(temp)
                .stream("clicks", 300)
                        .sink("all", 2, sink)
                        .events(3000)
                        .monitor(watcher)
                        .plan();

        try (Run run = plan.start()) {
            run.await();
        }

        assertThat(watcher.last.samples()).hasSizeBetween(2, 16);
        EventStream stream = watcher.run.streams().get(0);
        for (Sample sample : watcher.last.samples()) {
            assertThat(sample.bytes())
                    .isEqualTo(stream.event(sample.sequence()).bytes())
                    .hasSize(sample.size());
            assertThat(sample.key()).isEqualTo(stream.event(sample.sequence()).key());
            assertThat(sample.time())
                    .isEqualTo(stream.event(sample.sequence()).time().truncatedTo(ChronoUnit.MILLIS));
            assertThat(sample.region()).isEqualTo("default");
            assertThat(sample.sink()).isEqualTo("all");
        }
    }

    /** A sink of which every third event fails, and which says that it tried again. */
    private static final class Failing implements Sink {
        @Override
        public void write(EventBatch batch, Outcome outcome) {
            for (int i = 0; i < batch.size(); i++) {
                if (batch.sequence(i) % 3 == 0) {
                    outcome.failed(i, i + 1, new DeliveryException("the target is full", null));
                } else if (batch.sequence(i) % 3 == 1) {
                    outcome.unknown(i, i + 1, new DeliveryException("no answer", null));
                } else {
                    outcome.acknowledged(i, i + 1);
                }
            }
        }

        @Override
        public long retries() {
            return 7;
        }

        @Override
        public void close() {}
    }

    @Test
    void outcomesAreToldApartAndProblemsNamed() throws Exception {
        Watcher watcher = new Watcher();
        RunPlan plan = new Sketch(temp)
                .stream("clicks", 300)
                        .sink("bad", 1, OnFailure.CONTINUE, lane -> new Failing())
                        .events(300)
                        .monitor(watcher)
                        .plan();

        RunReport report = plan.start().await();

        SinkSnapshot sink = watcher.last.sinks().get(0);
        assertThat(sink.flows()).singleElement().satisfies(flow -> {
            assertThat(flow.failed()).isEqualTo(report.failed()).isEqualTo(100);
            assertThat(flow.unknown()).isEqualTo(report.unknown()).isEqualTo(100);
            assertThat(flow.acknowledged()).isEqualTo(report.acknowledged()).isEqualTo(100);
        });
        assertThat(sink.retries()).isEqualTo(7);
        assertThat(sink.problems())
                .containsExactly(
                        "sink 'bad': 100 events failed: the target is full",
                        "sink 'bad': 100 events unknown: no answer");
    }

    @Test
    void eventsAreInFlightUntilTheirSinkSettlesThem() throws Exception {
        Watcher watcher = new Watcher();
        CountDownLatch written = new CountDownLatch(1);
        CompletableFuture<Void> answer = new CompletableFuture<>();
        RunPlan plan = new Sketch(temp)
                .stream("clicks", 300)
                        .sink("slow", 1, lane -> new Sink() {
                            @Override
                            public void write(EventBatch batch, Outcome outcome) throws Exception {
                                written.countDown();
                                answer.get();
                                outcome.acknowledged(0, batch.size());
                            }

                            @Override
                            public void close() {}
                        })
                        .events(10)
                        .monitor(watcher)
                        .plan();

        try (Run run = plan.start()) {
            written.await();
            SinkSnapshot sink = watcher.run.snapshot().sinks().get(0);
            assertThat(sink.inFlight()).isEqualTo(10);
            assertThat(sink.progress().acknowledged()).isZero();
            assertThat(sink.flows().get(0).issued()).isEqualTo(10);
            answer.complete(null);
            run.await();
        }
        assertThat(watcher.last.sinks().get(0).inFlight()).isZero();
    }

    /** A sink that gets every region needs no router; a monitor that asks it must not make its defect the run's. */
    @Test
    void aRouterThatFailsLeavesTheRegionOpen() throws Exception {
        MemorySink sink = MemorySink.keeping();
        Watcher watcher = new Watcher();
        RunPlan plan = new Sketch(temp)
                .stream("clicks", 300)
                        .regions(
                                event -> {
                                    throw new IllegalStateException("no");
                                },
                                "eu",
                                "us")
                        .sink("all", 1, lane -> new Sink() {
                            @Override
                            public void write(EventBatch batch, Outcome outcome) {
                                outcome.acknowledged(0, batch.size());
                            }

                            @Override
                            public void close() {}
                        })
                        .events(50)
                        .monitor(watcher)
                        .plan();

        assertThat(plan.start().await().acknowledged()).isEqualTo(50);
        assertThat(watcher.last.sinks().get(0).flows()).containsExactly(new Flow("clicks", "", 50, 50, 0, 0, bytes()));
        assertThat(sink.entries()).isEmpty();
    }

    private static long bytes() {
        EventStream stream =
                Sketch.compiled(Sketch.definition("clicks", 300, 1)).withTag(1);
        long sum = 0;
        for (var event : stream.events(0, 50)) {
            sum += event.bytes().length;
        }
        return sum;
    }

    @Test
    void aMonitorThatCannotWatchKeepsTheRunFromStarting() throws Exception {
        List<String> closed = new ArrayList<>();
        Watcher first = new Watcher();
        RunPlan plan = new Sketch(temp)
                .stream("clicks", 300)
                        .sink("all", 1, lane -> new Sink() {
                            @Override
                            public void write(EventBatch batch, Outcome outcome) {
                                throw new AssertionError();
                            }

                            @Override
                            public void close() {
                                closed.add("sink");
                            }
                        })
                        .events(10)
                        .monitor(first)
                        .plan();

        assertThatThrownBy(() -> plan.monitoredBy(run -> {
                            throw new java.io.IOException("port 8000 is in use");
                        })
                        .start())
                .isExactlyInstanceOf(DeliveryException.class)
                .hasMessage("monitor: port 8000 is in use");

        assertThat(first.calls).containsExactly("watch", "close");
        assertThat(closed).containsExactly("sink");
        try (var files = Files.walk(temp)) {
            assertThat(files.filter(Files::isRegularFile)
                            .map(file -> file.getFileName().toString()))
                    .containsExactly("checkpoint.json.lock");
        }
    }

    @Test
    void whatAMonitorThrowsAtTheEndChangesNothing() throws Exception {
        RunPlan plan = new Sketch(temp)
                .stream("clicks", 300)
                        .sink("all", 1, MemorySink.keeping())
                        .events(10)
                        .plan();
        Watcher second = new Watcher();

        RunReport report = plan.monitoredBy(run -> ended -> {
                    throw new IllegalStateException("no");
                })
                .monitoredBy(second)
                .start()
                .await();

        assertThat(report.acknowledged()).isEqualTo(10);
        assertThat(report.delivered()).isTrue();
        assertThat(second.calls).containsExactly("watch", "ended", "close");
    }

    @Test
    void aStopIsToldAlsoWhileAMonitorWaits() throws Exception {
        CountDownLatch waiting = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        RunPlan plan = new Sketch(temp)
                .stream("clicks", 300)
                        .sink("all", 1, MemorySink.keeping())
                        .events(10)
                        .monitor(run -> new RunMonitor.Watch() {
                            @Override
                            public void ended(RunReport report) throws Exception {
                                waiting.countDown();
                                stopped.await();
                            }

                            @Override
                            public void stopRequested() {
                                stopped.countDown();
                            }
                        })
                        .plan();

        try (Run run = plan.start()) {
            waiting.await();
            assertThat(run.stop().complete()).isTrue();
        }
    }
}
