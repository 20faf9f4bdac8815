package io.dataflux.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.Run;
import io.dataflux.RunReport;
import io.dataflux.RunReport.Step;
import io.dataflux.model.Fields;
import io.dataflux.model.Key;
import io.dataflux.model.RateProfile;
import io.dataflux.model.StreamDefinition;
import io.dataflux.sinks.FileSink;
import io.dataflux.spi.EventBatch;
import io.dataflux.spi.LaneContext;
import io.dataflux.spi.Outcome;
import io.dataflux.spi.Sink;
import io.dataflux.spi.SinkConnector;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The rates that a report gives are true, however late and in what bulk a sink acknowledges. Time is the test's own. */
class StepRatesTest {

    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1000 * MILLI;
    private static final String STEPS = "steps 500/s, 1000/s, 1500/s each 2s";
    private static final String RAMP = "ramp 500/s..1500/s over 6s";
    private static final Percentage ABOUT = Percentage.withPercentage(2);

    @TempDir
    Path output;

    private final AtomicLong time = new AtomicLong(5);

    private final Ticker ticker = new Ticker() {
        @Override
        public long nanos() {
            return time.get();
        }

        @Override
        public void park(long nanos) {
            long end = time.get() + nanos;
            if (target != null && Thread.currentThread().getName().startsWith("dataflux-all-")) {
                target.answerUntil(end);
            }
            time.accumulateAndGet(end, Math::max);
        }
    };
    private Target target;

    private record Held(Outcome outcome, int size, long since) {}

    /** How a target answers that can take what is offered. */
    enum Manner {
        AT_ONCE {
            @Override
            boolean settles(Held first, int held, long now) {
                return true;
            }
        },
        /** Each answer takes 300 ms, whatever the rate. */
        LATER {
            @Override
            boolean settles(Held first, int held, long now) {
                return now - first.since >= 300 * MILLI;
            }
        },
        /** Every 700 ms, as files that are full by then. */
        IN_BULK {
            @Override
            boolean settles(Held first, int held, long now) {
                return now - first.since >= 700 * MILLI;
            }

            @Override
            boolean all() {
                return true;
            }
        },
        /** All of the run at its end. */
        AT_THE_END {
            @Override
            boolean settles(Held first, int held, long now) {
                return false;
            }

            @Override
            boolean all() {
                return true;
            }
        };

        abstract boolean settles(Held first, int held, long now);

        /** Whether what is held is settled together. */
        boolean all() {
            return false;
        }
    }

    /** A target; each event costs it so long before it can be handed over, and before it can be settled. */
    private final class Target extends Collecting {
        private final Manner manner;
        private final boolean says;
        private final long nanosTaken;
        private final long nanosDelivered;
        private final Deque<Held> held = new ArrayDeque<>();

        Target(Manner manner, boolean says, long nanosTaken, long nanosDelivered) {
            target = this;
            this.manner = manner;
            this.says = says;
            this.nanosTaken = nanosTaken;
            this.nanosDelivered = nanosDelivered;
        }

        @Override
        void settle(LaneContext lane, EventBatch batch, Outcome outcome) {
            held.add(new Held(outcome, batch.size(), time.get()));
            time.addAndGet(batch.size() * nanosTaken);
            if (manner.all()) {
                if (manner.settles(held.element(), held.size(), time.get())) {
                    deliver(held.size());
                }
            } else {
                while (!held.isEmpty() && manner.settles(held.element(), held.size(), time.get())) {
                    deliver(1);
                }
            }
        }

        /** Answers on its own what is to be answered before a time. */
        private void answerUntil(long end) {
            while (manner == Manner.LATER && !held.isEmpty() && held.element().since + 300 * MILLI <= end) {
                time.accumulateAndGet(held.element().since + 300 * MILLI, Math::max);
                deliver(1);
            }
        }

        @Override
        void flush(LaneContext lane) {
            answerUntil(Long.MAX_VALUE);
            deliver(held.size());
        }

        private void deliver(int batches) {
            List<Held> now = new ArrayList<>();
            for (int i = 0; i < batches; i++) {
                now.add(held.remove());
            }
            if (says) {
                now.forEach(each -> each.outcome.gathered(0, each.size));
            }
            now.forEach(each -> time.addAndGet(each.size * nanosDelivered));
            now.forEach(each -> each.outcome.acknowledged(0, each.size));
        }
    }

    private Sketch sketch(String rate, SinkConnector sink) {
        StreamDefinition orders = StreamDefinition.named("orders")
                .key(new Key("user_{}", 50, BigDecimal.ONE, 8, 1))
                .identity("id")
                .field("id", Fields.id("{}"))
                .field("user", Fields.key())
                .rate(rate)
                .build();
        return new Sketch(output).stream(orders).sink("all", 1, sink).speed(1);
    }

    private RunReport run(Sketch sketch) throws Exception {
        return sketch.plan().tuned(Tuning.DEFAULT.ticker(ticker)).start().await();
    }

    private static List<Double> achieved(RunReport report) {
        return report.steps().stream().map(Step::achievedPerSecond).toList();
    }

    static Stream<List<Object>> targetsThatKeepUp() {
        return Stream.of(STEPS, RAMP, "500/s", "steps 500/s, 0/s, 800/s each 2s")
                .flatMap(rate -> Stream.of(Manner.values()).map(manner -> List.of(rate, manner)));
    }

    @ParameterizedTest
    @MethodSource("targetsThatKeepUp")
    void whoTakesWhatIsOfferedAchievesIt(List<Object> of) throws Exception {
        Manner manner = (Manner) of.get(1);
        RunReport report = run(sketch((String) of.get(0), new Target(manner, manner.all(), 0, 0))
                .time(Duration.ofSeconds(6)));

        assertThat(report.delivered()).isTrue();
        assertThat(report.steps())
                .isNotEmpty()
                .allSatisfy(step -> assertThat(step.achievedPerSecond()).isCloseTo(step.offeredPerSecond(), ABOUT));
        assertThat(report.steps().stream().mapToLong(Step::acknowledged).sum()).isEqualTo(report.acknowledged());
    }

    @ParameterizedTest
    @EnumSource(Manner.class)
    void whoTakesTooLongOverAnEventAchievesThatRate(Manner manner) throws Exception {
        RunReport report = run(
                sketch(STEPS, new Target(manner, manner.all(), SECOND / 800, 0)).time(Duration.ofSeconds(6)));

        assertThat(achieved(report).get(0)).isCloseTo(500, ABOUT);
        assertThat(achieved(report).subList(1, 3))
                .allSatisfy(rate -> assertThat(rate).isCloseTo(800, ABOUT));
    }

    @Test
    void aFileThatTakesLongToBeSyncedCountsAgainstTheDisk() throws Exception {
        // 500 events/s, delivered every 700 ms at 800/s: takes 440 ms of each 1140
        RunReport report = run(sketch("1000/s", new Target(Manner.IN_BULK, true, 0, SECOND / 800))
                .time(Duration.ofSeconds(20)));

        assertThat(achieved(report).get(0)).isLessThan(800);
    }

    @Test
    void whoSettlesAllAtTheEndAndDoesNotSaySoIsNeverSaidToBeFasterThanItTookThem() throws Exception {
        RunReport report =
                run(sketch(STEPS, new Target(Manner.AT_THE_END, false, 0, 0)).time(Duration.ofSeconds(6)));

        assertThat(report.steps())
                .hasSize(3)
                .allSatisfy(step ->
                        assertThat(step.achievedPerSecond()).isLessThanOrEqualTo(step.offeredPerSecond() * 1.02));
        assertThat(achieved(report).get(0)).isCloseTo(1000 / 6.0, ABOUT);
    }

    @Test
    void filesAchieveWhatTheyTake() throws Exception {
        RunReport report =
                run(sketch(STEPS, FileSink.into(output.resolve("files"))).time(Duration.ofSeconds(6)));

        assertThat(report.steps()).extracting(Step::acknowledged).containsExactly(1000L, 2000L, 3000L);
        assertThat(report.steps()).extracting(Step::offeredPerSecond).containsExactly(500.0, 1000.0, 1500.0);
        assertThat(report.steps())
                .allSatisfy(step -> assertThat(step.achievedPerSecond()).isCloseTo(step.offeredPerSecond(), ABOUT));
    }

    @ParameterizedTest
    @EnumSource(Manner.class)
    void asFastAsPossibleCountsUntilAllIsSettled(Manner manner) throws Exception {
        RunReport report = run(sketch(STEPS, new Target(manner, manner.all(), MILLI, MILLI))
                .events(3000)
                .speed(Double.POSITIVE_INFINITY));

        assertThat(report.steps()).singleElement().satisfies(step -> {
            assertThat(step.offeredPerSecond()).isNull();
            assertThat(step.achievedPerSecond()).isCloseTo(500, Percentage.withPercentage(10));
        });
    }

    /** Lets a run end in the middle of its second step. */
    private RunReport stopped(Target target, String rate, long after) throws Exception {
        AtomicLong sent = new AtomicLong();
        var run = new Object() {
            Run is;
        };
        SinkConnector stopping = lane -> {
            Sink into = target.open(lane);
            return new Sink() {
                @Override
                public void write(EventBatch batch, Outcome outcome) throws Exception {
                    into.write(batch, outcome);
                    if (sent.addAndGet(batch.size()) >= after) {
                        synchronized (run) {
                            while (run.is == null) {
                                run.wait();
                            }
                        }
                        run.is.requestStop();
                    }
                }

                @Override
                public void flush() throws Exception {
                    into.flush();
                }

                @Override
                public void close() throws IOException {
                    into.close();
                }
            };
        };
        Run begun = sketch(rate, stopping)
                .time(Duration.ofSeconds(6))
                .tag(7)
                .plan()
                .tuned(Tuning.DEFAULT.ticker(ticker))
                .start();
        synchronized (run) {
            run.is = begun;
            run.notifyAll();
        }
        return begun.await();
    }

    @ParameterizedTest
    @EnumSource(Manner.class)
    void aRunThatIsStoppedAndResumedHasTheRatesOfWhatEachAttemptCameTo(Manner manner) throws Exception {
        for (String rate : List.of(STEPS, RAMP)) {
            RunReport first = stopped(new Target(manner, manner.all(), 0, 0), rate, 1900);
            assertThat(first.complete()).isFalse();
            assertThat(first.steps())
                    .isNotEmpty()
                    .allSatisfy(step -> assertThat(step.achievedPerSecond())
                            .isCloseTo(step.offeredPerSecond(), Percentage.withPercentage(3)));

            RunReport second = run(sketch(rate, new Target(manner, manner.all(), 0, 0))
                    .time(Duration.ofSeconds(6))
                    .tag(7));
            assertThat(second.complete()).isTrue();
            assertThat(second.steps().size()).isGreaterThan(1);
            assertThat(second.steps())
                    .allSatisfy(step -> assertThat(step.achievedPerSecond())
                            .isCloseTo(step.offeredPerSecond(), Percentage.withPercentage(3)));
            assertThat(second.steps().get(second.steps().size() - 1).offeredPerSecond())
                    .isCloseTo(rate.equals(STEPS) ? 1500 : 1450, ABOUT);
            deleteAll(output.resolve("00000007"));
        }
    }

    private static void deleteAll(Path folder) throws Exception {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void aProfileThatFollowsTheDayOffersWhatTheRunSaw() throws Exception {
        StreamDefinition day = StreamDefinition.named("orders")
                .identity("id")
                .field("id", Fields.id("{}"))
                .rate(new RateProfile.Daily(
                        Map.of(0, new BigDecimal("0.2"), 720, new BigDecimal("1.8")), RateProfile.of("1000/s")))
                .build();
        RunReport report = run(new Sketch(output)
                .stream(day)
                        .sink("all", 1, new Target(Manner.AT_ONCE, false, 0, 0))
                        .speed(1)
                        .time(Duration.ofSeconds(20)));

        assertThat(report.steps()).singleElement().satisfies(step -> {
            assertThat(step.offeredPerSecond()).isCloseTo(200, ABOUT);
            assertThat(step.achievedPerSecond()).isCloseTo(200, ABOUT);
        });
    }
}
