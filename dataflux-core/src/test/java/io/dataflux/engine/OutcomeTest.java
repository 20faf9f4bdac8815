package io.dataflux.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dataflux.Run;
import io.dataflux.RunReport;
import io.dataflux.ledger.Ledger.StreamLedger;
import io.dataflux.ledger.Ranges;
import io.dataflux.plan.RunConfig.OnFailure;
import io.dataflux.spi.EventBatch;
import io.dataflux.spi.LaneContext;
import io.dataflux.spi.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Outcomes that come later, from other threads, in any order, or never. */
class OutcomeTest {

    private static final long EVENTS = Boolean.getBoolean("dataflux.thorough") ? 2_000_000 : 100_000;

    @TempDir
    Path output;

    @Test
    void outcomesFromManyThreadsInAnyOrderAreEachCountedOnce() throws Exception {
        ExecutorService network = Executors.newFixedThreadPool(4);
        AtomicLong failed = new AtomicLong();
        AtomicLong unknown = new AtomicLong();
        List<Ranges> failedPlaces = new ArrayList<>();
        for (int shard = 0; shard < 8; shard++) {
            failedPlaces.add(new Ranges());
        }
        Collecting sink = new Collecting() {
            private final SplittableRandom random = new SplittableRandom(5);

            @Override
            synchronized void settle(LaneContext lane, EventBatch batch, Outcome outcome) {
                List<Runnable> words = new ArrayList<>();
                for (int from = 0; from < batch.size(); ) {
                    int to = Math.min(batch.size(), from + random.nextInt(1, 200));
                    int first = from;
                    int kind = random.nextInt(20);
                    if (kind == 0) {
                        failed.addAndGet(to - from);
                        for (int i = from; i < to; i++) {
                            failedPlaces.get(batch.shard(i)).add(batch.place(i), batch.place(i) + 1);
                        }
                        words.add(() -> outcome.failed(first, to, new IOException("refused")));
                    } else if (kind == 1) {
                        unknown.addAndGet(to - from);
                        words.add(() -> outcome.unknown(first, to, new IOException("timeout")));
                    } else {
                        words.add(() -> outcome.acknowledged(first, to));
                    }
                    from = to;
                }
                java.util.Collections.shuffle(words, new java.util.Random(random.nextLong()));
                words.forEach(network::execute);
            }
        };
        RunReport report = new Sketch(output)
                .stream("orders", 5000)
                        .events(EVENTS)
                        .sink("async", 2, OnFailure.CONTINUE, sink)
                        .plan()
                        .start()
                        .await();
        network.shutdown();

        assertThat(sink.got()).hasSize((int) EVENTS);
        assertThat(report.issued()).isEqualTo(EVENTS);
        assertThat(report.failed()).isEqualTo(failed.get()).isPositive();
        assertThat(report.unknown()).isEqualTo(unknown.get()).isPositive();
        StreamLedger ledger = report.ledger().sinks().get(0).streams().get(0);
        for (int shard = 0; shard < 8; shard++) {
            assertThat(ledger.shards().get(shard).failed()).isEqualTo(failedPlaces.get(shard));
        }
        assertThat(report.problems()).noneMatch(problem -> problem.contains("more than once"));
    }

    @Test
    void aSinkThatNeverSettlesGetsABoundedNumberOfEventsAndTheyAreUnknownInTheEnd() throws Exception {
        Collecting silent = new Collecting() {
            @Override
            void settle(LaneContext lane, EventBatch batch, Outcome outcome) {}
        };
        Run run = new Sketch(output)
                .stream("orders", 5000)
                        .sink("silent", 1, silent)
                        .plan()
                        .tuned(Tuning.DEFAULT.open(8, 4000).batchEvents(1000).settleNanos(1_000_000))
                        .start();
        await().forever().until(() -> run.progress().sinks().get(0).issued() == 4000);

        RunReport report = run.stop();

        assertThat(silent.got()).hasSize(4000);
        assertThat(report.unknown()).isEqualTo(4000);
        assertThat(report.issued()).isEqualTo(4000);
        assertThat(report.problems().get(0))
                .startsWith(
                        "sink 'silent': 4,000 events unknown: TimeoutException: no outcome within 1 ms after flush; ");
    }

    @Test
    void aWordThatComesAfterTheLaneGaveUpChangesNothing() throws Exception {
        List<Outcome> kept = new ArrayList<>();
        Collecting silent = new Collecting() {
            @Override
            void settle(LaneContext lane, EventBatch batch, Outcome outcome) {
                kept.add(outcome);
            }
        };
        RunReport report = new Sketch(output)
                .stream("orders", 5000)
                        .events(100)
                        .sink("silent", 1, silent)
                        .plan()
                        .tuned(Tuning.DEFAULT.settleNanos(1))
                        .start()
                        .await();
        kept.get(0).acknowledged(0, 100);

        assertThat(report.unknown()).isEqualTo(100);
        assertThat(report.problems()).hasSize(1);
    }

    @Test
    void flushSettlesWhatASinkHasHeldBack() throws Exception {
        List<Runnable> held = new ArrayList<>();
        Collecting late = new Collecting() {
            @Override
            void settle(LaneContext lane, EventBatch batch, Outcome outcome) {
                int size = batch.size();
                held.add(() -> outcome.acknowledged(0, size));
            }

            @Override
            void flush(LaneContext lane) {
                held.forEach(Runnable::run);
            }
        };
        RunReport report = new Sketch(output)
                .stream("orders", 5000)
                        .events(10_000)
                        .sink("late", 1, late)
                        .plan()
                        .start()
                        .await();

        assertThat(report.delivered()).isTrue();
        assertThat(report.acknowledged()).isEqualTo(10_000);
    }

    @Test
    void actionsStartOnceWhenEnoughIsAcknowledged() throws Exception {
        CountDownLatch early = new CountDownLatch(1);
        CountDownLatch late = new CountDownLatch(1);
        AtomicLong calls = new AtomicLong();
        Collecting sink = new Collecting();
        Run run = new Sketch(output)
                .stream("orders", 5000)
                        .events(50_000)
                        .sink("all", 2, sink)
                        .plan()
                        .start();
        run.after(45_000, late::countDown).after(5_000, () -> {
            assertThat(sink.got()).hasSizeGreaterThanOrEqualTo(5_000);
            calls.incrementAndGet();
            early.countDown();
        });
        run.await();

        early.await();
        late.await();
        assertThat(calls).hasValue(1);
        CountDownLatch afterwards = new CountDownLatch(1);
        run.after(50_000, afterwards::countDown);
        afterwards.await();
    }

    @Test
    void anActionThatFailsIsAProblemOfTheRun() throws Exception {
        AtomicReference<Thread> acting = new AtomicReference<>();
        CountDownLatch started = new CountDownLatch(1);
        Collecting sink = new Collecting() {
            @Override
            void flush(LaneContext lane) throws InterruptedException {
                started.await();
                acting.get().join();
            }
        };
        RunReport report = new Sketch(output)
                .stream("orders", 5000)
                        .events(1000)
                        .sink("all", 1, sink)
                        .plan()
                        .start()
                        .after(1000, () -> {
                            acting.set(Thread.currentThread());
                            started.countDown();
                            throw new IllegalStateException("no broker to kill");
                        })
                        .await();

        assertThat(report.delivered()).isFalse();
        assertThat(report.problems())
                .containsExactly(
                        "the action after 1000 events failed: java.lang.IllegalStateException: no broker to kill");
    }

    @Test
    void theSecondRequestToStopInterruptsASinkThatHangs() throws Exception {
        CountDownLatch hanging = new CountDownLatch(1);
        Collecting hangs = new Collecting() {
            @Override
            void settle(LaneContext lane, EventBatch batch, Outcome outcome) throws InterruptedException {
                hanging.countDown();
                new CountDownLatch(1).await();
            }
        };
        Run run = new Sketch(output)
                .stream("orders", 5000).sink("hangs", 1, hangs).plan().start();
        hanging.await();
        run.requestStop();
        assertThat(run.progress().sinks().get(0).done()).isFalse();
        run.requestStop();
        RunReport report = run.await();

        assertThat(report.unknown()).isEqualTo(1024);
        assertThat(report.problems().get(0))
                .contains(
                        "1,024 events unknown: InterruptedException: the run was interrupted before there was an outcome");
        assertThat(hangs.closed).hasValue(1);
    }

    @Test
    void closingARunStopsItAndWaitsForItsEnd() throws Exception {
        Collecting sink = new Collecting();
        Run run = new Sketch(output)
                .stream("orders", 5000).sink("all", 2, sink).plan().start();
        await().forever().until(() -> run.progress().sinks().get(0).acknowledged() > 0);
        run.close();

        assertThat(sink.closed).hasValue(2);
        assertThat(run.await().delivered()).isTrue();
    }
}
