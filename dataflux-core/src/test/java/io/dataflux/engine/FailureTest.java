package io.dataflux.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.dataflux.DeliveryException;
import io.dataflux.Run;
import io.dataflux.RunReport;
import io.dataflux.ledger.Ledger.StreamLedger;
import io.dataflux.ledger.Ranges;
import io.dataflux.plan.RunConfig.OnFailure;
import io.dataflux.spi.EventBatch;
import io.dataflux.spi.LaneContext;
import io.dataflux.spi.Outcome;
import io.dataflux.spi.Sink;
import io.dataflux.spi.SinkConnector;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FailureTest {

    private static final long ENDLESS = Long.MAX_VALUE;

    @TempDir
    Path output;

    /** Fails the events of its batch number {@code n}, from the third on. */
    private static final class Failing extends Collecting {
        private final int n;
        private int batches;

        Failing(int n) {
            this.n = n;
        }

        @Override
        synchronized void settle(LaneContext lane, EventBatch batch, Outcome outcome) {
            if (batches++ == n) {
                outcome.acknowledged(0, 3);
                outcome.failed(3, batch.size(), new IOException("no route to host"));
            } else {
                outcome.acknowledged(0, batch.size());
            }
        }
    }

    /** Throws from {@code write} for its batch number {@code n}, after it has acknowledged one event. */
    private static final class Throwing extends Collecting {
        private final int n;
        private int batches;

        Throwing(int n) {
            this.n = n;
        }

        @Override
        synchronized void settle(LaneContext lane, EventBatch batch, Outcome outcome) throws IOException {
            if (batches++ == n) {
                outcome.acknowledged(5, 6);
                throw new IOException("disk full");
            }
            outcome.acknowledged(0, batch.size());
        }
    }

    private static StreamLedger ledger(RunReport report, String sink) {
        return report.ledger().sink(sink).streams().get(0);
    }

    @Test
    void aFailedDeliveryEndsTheRunByDefault() throws Exception {
        Collecting other = new Collecting();
        RunReport report = new Sketch(output)
                .stream("orders", 5000)
                        .events(ENDLESS)
                        .sink("bad", 1, OnFailure.STOP, new Failing(2))
                        .sink("other", 2, other)
                        .plan()
                        .start()
                        .await();

        StreamLedger bad = ledger(report, "bad");
        assertThat(bad.failed()).isEqualTo(1024 - 3);
        assertThat(bad.unknown()).isZero();
        assertThat(report.delivered()).isFalse();
        assertThat(report.issued()).isEqualTo(report.acknowledged() + report.failed());
        assertThat(ledger(report, "other").acknowledged()).isEqualTo(other.got().size());
        assertThat(report.problems())
                .anySatisfy(problem -> assertThat(problem)
                        .startsWith(
                                "sink 'bad': 1,021 events failed: IOException: no route to host; stream 'orders' shard ")
                        .contains(" within ["))
                .contains("sink 'other': ended before its limit, because sink 'bad' failed");
    }

    @Test
    void anIsolatedSinkEndsAloneAndItsFailedPlacesAreNamed() throws Exception {
        Failing failing = new Failing(2);
        Collecting other = new Collecting();
        RunReport report = new Sketch(output)
                .stream("orders", 5000)
                        .events(50_000)
                        .sink("bad", 1, OnFailure.ISOLATE, failing)
                        .sink("other", 2, other)
                        .plan()
                        .start()
                        .await();

        assertThat(other.got()).hasSize(50_000);
        assertThat(ledger(report, "other").acknowledged()).isEqualTo(50_000);
        assertThat(failing.got()).hasSize(3 * 1024);
        StreamLedger bad = ledger(report, "bad");
        assertThat(bad.issued()).isEqualTo(3 * 1024);
        long failedPlaces = 0;
        for (int shard = 0; shard < bad.shards().size(); shard++) {
            Ranges all = new Ranges();
            all.addAll(bad.shards().get(shard).acknowledged());
            all.addAll(bad.shards().get(shard).failed());
            assertThat(all).isEqualTo(failing.places(0, shard));
            failedPlaces += bad.shards().get(shard).failed().count();
        }
        assertThat(failedPlaces).isEqualTo(1021);
    }

    @Test
    void aSinkThatGoesOnAfterFailuresGetsEverything() throws Exception {
        Failing failing = new Failing(2);
        RunReport report = new Sketch(output)
                .stream("orders", 5000)
                        .events(50_000)
                        .sink("bad", 1, OnFailure.CONTINUE, failing)
                        .plan()
                        .start()
                        .await();

        assertThat(failing.got()).hasSize(50_000);
        assertThat(report.failed()).isEqualTo(1021);
        assertThat(report.acknowledged()).isEqualTo(50_000 - 1021);
        assertThat(report.delivered()).isFalse();
    }

    @Test
    void whatAWriteThatThrewHadNotSettledIsUnknown() throws Exception {
        Throwing throwing = new Throwing(3);
        RunReport report = new Sketch(output)
                .stream("orders", 5000)
                        .events(ENDLESS)
                        .sink("bad", 1, OnFailure.STOP, throwing)
                        .plan()
                        .start()
                        .await();

        assertThat(report.unknown()).isEqualTo(1023);
        assertThat(report.acknowledged()).isEqualTo(3 * 1024 + 1);
        assertThat(report.problems())
                .anyMatch(problem ->
                        problem.startsWith("sink 'bad': 1,023 events unknown: IOException: disk full; stream"))
                .contains("sink 'bad': a write failed: IOException: disk full");
        assertThat(throwing.closed).hasValue(1);
    }

    @Test
    void eventsThatWereSettledTwiceCountOnceAndTheSinkIsBlamed() throws Exception {
        Collecting twice = new Collecting() {
            @Override
            void settle(LaneContext lane, EventBatch batch, Outcome outcome) {
                outcome.acknowledged(0, 10);
                outcome.failed(5, batch.size(), new IOException("reset"));
                outcome.unknown(9, 11, new IOException("again"));
            }
        };
        RunReport report = new Sketch(output)
                .stream("orders", 5000)
                        .events(100)
                        .sink("twice", 1, OnFailure.CONTINUE, twice)
                        .plan()
                        .start()
                        .await();

        assertThat(report.acknowledged()).isEqualTo(10);
        assertThat(report.failed()).isEqualTo(90);
        assertThat(report.unknown()).isZero();
        assertThat(report.problems())
                .contains(
                        "sink 'twice': 7 events settled more than once; the first outcome counts, and the sink has a defect");
    }

    @Test
    void whatFlushAndCloseThrowIsInTheReport() throws Exception {
        SinkConnector rude = lane -> new Sink() {
            @Override
            public void write(EventBatch batch, Outcome outcome) {
                outcome.acknowledged(0, batch.size());
            }

            @Override
            public void flush() throws IOException {
                throw new IOException("cannot flush");
            }

            @Override
            public void close() {
                throw new IllegalStateException("cannot close");
            }
        };
        RunReport report = new Sketch(output)
                .stream("orders", 5000)
                        .events(100)
                        .sink("rude", 1, rude)
                        .plan()
                        .start()
                        .await();

        assertThat(report.acknowledged()).isEqualTo(100);
        assertThat(report.delivered()).isFalse();
        assertThat(report.problems())
                .containsExactly(
                        "sink 'rude': flush failed: IOException: cannot flush",
                        "sink 'rude': close failed: IllegalStateException: cannot close");
    }

    @Test
    void aSinkThatCannotBeOpenedClosesTheOthersAndNothingIsSent() {
        Collecting first = new Collecting();
        Collecting second = new Collecting() {
            @Override
            public Sink open(LaneContext lane) throws Exception {
                if (lane.lane() == 1) {
                    throw new IOException("connection refused: localhost:9092");
                }
                return super.open(lane);
            }
        };
        RunPlan plan = new Sketch(output)
                .stream("orders", 5000)
                        .sink("first", 2, first)
                        .sink("second", 2, second)
                        .plan();

        assertThatThrownBy(plan::start)
                .isInstanceOf(DeliveryException.class)
                .hasMessage("sink 'second': connection refused: localhost:9092")
                .hasCauseInstanceOf(IOException.class);
        assertThat(first.opened).hasValue(2);
        assertThat(first.closed).hasValue(2);
        assertThat(second.closed).hasValue(1);
        assertThat(first.got()).isEmpty();
    }

    @Test
    void aRouterThatThrowsEndsTheRunAndWhatWasSentIsAccountedFor() throws Exception {
        Collecting sink = new Collecting();
        RunReport report = new Sketch(output)
                .stream("orders", 5000)
                        .regions(
                                event -> {
                                    if (event.sequence() == 5000) {
                                        throw new IllegalStateException("no region for 5000");
                                    }
                                    return event.sequence() % 2 == 0 ? 1 : 0;
                                },
                                "eu",
                                "us")
                        .regionSinks("eu", "eu")
                        .regionSinks("us", "us")
                        .sink("eu", 1, sink)
                        .sink("us", 1, new Collecting())
                        .plan()
                        .start()
                        .await();

        assertThat(report.delivered()).isFalse();
        assertThat(report.unknown()).isZero();
        assertThat(sink.got()).hasSize((int) ledger(report, "eu").acknowledged());
        assertThat(report.problems()).anyMatch(problem -> problem.contains("no region for 5000"));
    }

    @Test
    void aSlowSinkHoldsUpItsOwnLaneOnly() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        Collecting slow = new Collecting() {
            @Override
            void settle(LaneContext lane, EventBatch batch, Outcome outcome) throws InterruptedException {
                if (lane.lane() == 0) {
                    release.await();
                }
                outcome.acknowledged(0, batch.size());
            }
        };
        Collecting fast = new Collecting();
        try (Run run = new Sketch(output)
                        .stream("orders", 5000)
                                .events(50_000)
                                .sink("slow", 2, slow)
                                .sink("fast", 1, fast)
                                .plan()
                                .start();
                AutoCloseable end = release::countDown) {
            await().forever().until(() -> run.progress().sinks().get(1).done());
            await().forever().until(() -> run.progress().sinks().get(0).acknowledged() > 10_000); // by its other lane
            assertThat(fast.got()).hasSize(50_000);
            assertThat(slow.got().stream().filter(event -> event.lane() == 0)).hasSizeLessThanOrEqualTo(1024);
            assertThat(run.progress().sinks().get(0).done()).isFalse();

            end.close();
            assertThat(run.await().acknowledged()).isEqualTo(100_000);
        }
    }
}
