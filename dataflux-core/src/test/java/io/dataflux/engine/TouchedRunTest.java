package io.dataflux.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.dataflux.Run;
import io.dataflux.RunReport;
import io.dataflux.Validity;
import io.dataflux.ledger.Ledger.Touch;
import io.dataflux.ledger.Ledger.Touch.Action;
import io.dataflux.spi.EventBatch;
import io.dataflux.spi.LaneContext;
import io.dataflux.spi.Outcome;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs that are paused or made faster on their way, by a clock that moves only when it is told to, or waited for; see {@link LagTest}. At
 * 1000 events a second the batches are due at 10, 21, 32, ... ms.
 */
class TouchedRunTest {

    private static final long MILLI = 1_000_000;
    private static final int BATCH = 11;
    private static final int EVENTS = 2000;
    private static final Instant WALL = Instant.parse("2026-11-30T12:00:00Z");

    @TempDir
    Path output;

    private final AtomicLong time = new AtomicLong();
    private int runs;
    private final List<Long> handedOver = new ArrayList<>();
    private final List<String> sent = new ArrayList<>();
    private CompletableFuture<Run> running = new CompletableFuture<>();

    /** How long a pause lasts: then the one who waits for its end ends it. */
    private long pauseMillis;

    private final Ticker ticker = new Ticker() {
        @Override
        public Instant wall() {
            return WALL.plusNanos(time.get());
        }

        @Override
        public long nanos() {
            return time.get();
        }

        @Override
        public void park(long nanos) {
            if (pauseMillis > 0 && running.join().progress().paused()) {
                time.addAndGet(pauseMillis * MILLI);
                running.join().resume();
            } else {
                time.addAndGet(nanos);
            }
        }
    };

    /** Sends 2000 events; what is done within the sink is given by the number of the batch. */
    private RunReport run(double speed, Consumer<Integer> inSink) throws Exception {
        Collecting sink = new Collecting() {
            private int batch;

            @Override
            void settle(LaneContext lane, EventBatch events, Outcome outcome) {
                handedOver.add(time.get() / MILLI);
                for (int i = 0; i < events.size(); i++) {
                    sent.add(new String(
                            events.bytes(), events.start(i), events.end(i) - events.start(i), StandardCharsets.UTF_8));
                }
                running.join(); // from then on it can be touched
                inSink.accept(batch++);
                outcome.acknowledged(0, events.size());
            }
        };
        Run run = new Sketch(output.resolve("run-" + runs++))
                .stream("orders", 1000)
                        .tag(0x77)
                        .events(EVENTS)
                        .speed(speed)
                        .sink("all", 1, sink)
                        .plan()
                        .tuned(Tuning.DEFAULT.ticker(ticker))
                        .start();
        running.complete(run);
        return run.await();
    }

    private static Consumer<Integer> at(int when, Runnable action) {
        return batch -> {
            if (batch == when) {
                action.run();
            }
        };
    }

    private static List<Long> due(int from, int to) {
        List<Long> due = new ArrayList<>();
        for (long batch = from; batch < to; batch++) {
            due.add(batch * BATCH + BATCH - 1);
        }
        return due;
    }

    @Test
    void aPauseOnlyMovesWhatFollowsAndMakesNothingLate() throws Exception {
        pauseMillis = 3000;
        RunReport report =
                run(1, at(49, () -> assertThat(running.join().pause()).isTrue()));

        assertThat(handedOver.subList(0, 50)).isEqualTo(due(0, 50));
        assertThat(handedOver.subList(50, 181))
                .isEqualTo(due(50, 181).stream().map(due -> due + 3000).toList());
        assertThat(report.validity()).isEqualTo(Validity.VALID);
        assertThat(report.ownLag()).isEqualTo(new RunReport.Lag(0, 0, 0));
        assertThat(report.sinkLag()).isEqualTo(new RunReport.Lag(0, 0, 0));
        assertThat(report.elapsed()).isEqualTo(Duration.ofMillis(1999 + 3000));
        assertThat(report.steps().get(0).latency().maxNanos()).isEqualTo(10 * MILLI);
        assertThat(report.steps().get(0).achievedPerSecond()).isBetween(1000.0, 1001.0);
        Instant paused = WALL.plusMillis(549);
        Instant start = report.start();
        assertThat(report.ledger().touches())
                .containsExactly(
                        new Touch(0, 1, paused, start.plusMillis(549), Action.PAUSED, 1),
                        new Touch(0, 1, paused.plusMillis(3000), start.plusMillis(549), Action.RESUMED, 1));
        assertThat(report.toString()).contains("the run was paused once for 3.0 s");
    }

    @Test
    void aTouchMovesNoByte() throws Exception {
        pauseMillis = 500;
        run(1, batch -> {
            switch (batch) {
                case 20, 90 -> running.join().pause();
                case 50 -> running.join().speed(10);
                case 120 -> running.join().speed(0.5);
                default -> {}
            }
        });
        List<String> touched = List.copyOf(sent);
        sent.clear();
        running = new CompletableFuture<>();
        run(1, batch -> {});

        assertThat(touched).hasSize(EVENTS).isEqualTo(sent);
    }

    @Test
    void aPausedTimeIsNobodysLagAlsoIfTheSinkHasMadeTheLaneLate() throws Exception {
        pauseMillis = 3000;
        RunReport report = run(1, at(20, () -> {
            time.addAndGet(200 * MILLI);
            running.join().pause();
        }));

        assertThat(report.ownLag().maxNanos()).isZero();
        assertThat(report.sinkLag().maxNanos()).isEqualTo((200 - BATCH) * MILLI);
        assertThat(report.steps().get(0).latency().maxNanos()).isEqualTo((200 + BATCH - 1) * MILLI);
    }

    @Test
    void aSinkThatIsStuckWhileTheRunIsPausedMakesNothingLate() throws Exception {
        RunReport report = run(1, at(20, () -> {
            running.join().pause();
            time.addAndGet(800 * MILLI);
            running.join().resume();
        }));

        assertThat(report.sinkLag().maxNanos()).isZero();
        assertThat(report.validity()).isEqualTo(Validity.VALID);
        assertThat(report.steps().get(0).latency().maxNanos())
                .as("from the intended time to the outcome, whatever happened between")
                .isEqualTo((800 + BATCH - 1) * MILLI);
    }

    @ParameterizedTest
    @ValueSource(doubles = {2, 0.5, 10, 1})
    void anotherSpeedHoldsFromThenOn(double speed) throws Exception {
        RunReport report =
                run(1, at(49, () -> assertThat(running.join().speed(speed)).isEqualTo(speed != 1)));

        long changed = 49 * BATCH + BATCH - 1;
        assertThat(handedOver.subList(0, 50)).isEqualTo(due(0, 50));
        long last = 1999 - changed;
        assertThat(report.elapsed().toMillis()).isEqualTo(changed + (long) (last / speed));
        assertThat(report.ownLag().maxNanos()).isLessThanOrEqualTo(1);
        assertThat(report.steps().get(0).latency().maxNanos())
                .as("in real time")
                .isBetween(9 * MILLI, 10 * MILLI * (long) Math.max(1, 1 / speed) + 1);
        assertThat(report.ledger().touched()).isEqualTo(speed == 1 ? "" : "the run's speed was changed once");
        assertThat(running.join().pause()).as("it has ended").isFalse();
        assertThat(running.join().speed(7)).as("it has ended").isFalse();
        assertThat(report.ledger().touches().stream().map(Touch::speed).toList())
                .isEqualTo(speed == 1 ? List.of() : List.of(speed));
    }

    @Test
    void theSpeedIsThatOfThePlanUntilItIsChanged() throws Exception {
        List<Double> seen = new ArrayList<>();
        run(4, batch -> {
            Run run = running.join();
            if (batch == 3) {
                run.speed(8);
            }
            seen.add(run.progress().speed());
        });
        assertThat(seen).startsWith(4.0, 4.0, 4.0, 8.0, 8.0);
    }

    @Test
    void aRunWithoutPaceHasNoSpeedButCanBePaused() throws Exception {
        pauseMillis = 700;
        RunReport report = run(Double.POSITIVE_INFINITY, at(0, () -> {
            assertThatThrownBy(() -> running.join().speed(2))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("as fast as possible");
            running.join().pause();
        }));

        assertThat(report.acknowledged()).isEqualTo(EVENTS);
        assertThat(report.ledger().touches()).hasSize(2);
        assertThat(report.steps().get(0).latency().maxNanos()).isZero();
    }

    @Test
    void aSpeedThatIsNotAllowedIsRefused() throws Exception {
        run(1, at(5, () -> {
            for (double speed : new double[] {0, -1, 0.0001, 2_000_000, Double.NaN, Double.POSITIVE_INFINITY}) {
                assertThatThrownBy(() -> running.join().speed(speed))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("0.001 to 1000000");
            }
            assertThat(running.join().resume()).isFalse();
        }));
    }

    /** By the real clock, with several lanes at two sinks: nothing is handed over while the run is paused. */
    @ParameterizedTest
    @ValueSource(doubles = {1, Double.POSITIVE_INFINITY})
    void nothingIsHandedOverWhileARunIsPaused(double speed) throws Exception {
        Collecting one = new Collecting();
        Collecting other = new Collecting();
        RunPlan plan = new Sketch(output)
                .stream("orders", 10_000)
                        .speed(speed)
                        .sink("one", 2, one)
                        .sink("other", 3, other)
                        .plan();
        try (Run run = plan.start()) {
            await().until(() -> acknowledged(run) > 2000);
            run.pause();
            AtomicLong last = new AtomicLong(-1);
            await().pollInterval(Duration.ofMillis(50)).until(() -> {
                long now = acknowledged(run);
                return last.getAndSet(now) == now;
            });
            await().during(Duration.ofMillis(300)).until(() -> acknowledged(run) == last.get());
            assertThat(run.progress().paused()).isTrue();
            assertThat(run.progress().wantedPerSecond()).isZero();
            run.resume();
            if (speed == 1) {
                assertThat(run.progress().wantedPerSecond()).isEqualTo(10_000);
                run.speed(3);
                assertThat(run.progress().wantedPerSecond()).isEqualTo(30_000);
            }
            await().until(() -> acknowledged(run) > last.get() + 2000);
            run.pause();
            RunReport report = run.stop();
            assertThat(report.delivered()).isTrue();
            assertThat(report.ledger().touches())
                    .extracting(Touch::action)
                    .filteredOn(action -> action != Action.SPEED)
                    .containsExactly(Action.PAUSED, Action.RESUMED, Action.PAUSED);
        }
    }

    private static long acknowledged(Run run) {
        return run.progress().sinks().stream()
                .mapToLong(Run.SinkProgress::acknowledged)
                .sum();
    }

    /** Stopped while it is paused, and resumed: the report of the second attempt knows the touches of both. */
    @Test
    void theNextAttemptKnowsTheTouchesOfThoseBefore() throws Exception {
        Sketch sketch = new Sketch(output)
                .stream("orders", 10_000).events(100_000).tag(0x77).sink("all", 2, new Collecting());
        try (Run run = sketch.plan().start()) {
            run.pause();
            assertThat(run.stop().complete()).isFalse();
        }
        RunReport report = sketch.plan().start().await();

        assertThat(report.complete()).isTrue();
        assertThat(report.attempt()).isEqualTo(1);
        assertThat(report.ledger().touches())
                .extracting(Touch::action, Touch::attempt)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(Action.PAUSED, 0));
        assertThat(ReportFile.readLedger(output.resolve("00000077")).touches())
                .isEqualTo(report.ledger().touches());
    }
}
