package io.dataflux.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.Run;
import io.dataflux.RunReport;
import io.dataflux.RunReport.Step;
import io.dataflux.encode.CompiledStream;
import io.dataflux.model.Fields;
import io.dataflux.model.Key;
import io.dataflux.model.RateProfile;
import io.dataflux.model.StreamDefinition;
import io.dataflux.plan.Extent;
import io.dataflux.plan.Steps;
import io.dataflux.spi.EventBatch;
import io.dataflux.spi.LaneContext;
import io.dataflux.spi.Outcome;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The report has a row per step of the rate. Time is the test's own. */
class StepsTest {

    private static final long MILLI = 1_000_000;
    private static final Instant START = Instant.parse("2025-01-01T00:00:00Z");

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
            time.addAndGet(nanos);
        }
    };

    private static StreamDefinition definition(String rate) {
        return StreamDefinition.named("orders")
                .key(new Key("user_{}", 50, BigDecimal.ONE, 8, 1))
                .identity("id")
                .field("id", Fields.id("{}"))
                .field("user", Fields.key())
                .rate(rate)
                .build();
    }

    /** To a sink that takes so long for an event. */
    private Sketch sketch(String rate, long nanosPerEvent) {
        return new Sketch(output).stream(definition(rate)).sink("all", 1, new Collecting() {
            @Override
            void settle(LaneContext lane, EventBatch batch, Outcome outcome) {
                time.addAndGet(batch.size() * nanosPerEvent);
                outcome.acknowledged(0, batch.size());
            }
        });
    }

    private RunReport run(Sketch sketch) throws Exception {
        return sketch.plan().tuned(Tuning.DEFAULT.ticker(ticker)).start().await();
    }

    @Test
    void aSystemThatCannotKeepUpShowsWhatItSustains() throws Exception {
        RunReport report = run(sketch("steps 500/s..2000/s by 500/s each 2s", MILLI) // no more than 1000/s
                .time(Duration.ofSeconds(8))
                .speed(1));

        List<Step> steps = report.steps();
        assertThat(steps).extracting(Step::offeredPerSecond).containsExactly(500.0, 1000.0, 1500.0, 2000.0);
        assertThat(steps).extracting(Step::acknowledged).containsExactly(1000L, 2000L, 3000L, 4000L);
        assertThat(steps).extracting(Step::from).containsExactly(at(0), at(2), at(4), at(6));
        assertThat(steps).extracting(Step::to).containsExactly(at(2), at(4), at(6), at(8));
        assertThat(steps.get(0).achievedPerSecond()).isCloseTo(500, Offset.offset(10.0));
        for (Step step : steps.subList(1, 4)) {
            assertThat(step.achievedPerSecond()).isCloseTo(1000, Offset.offset(20.0));
        }
        assertThat(steps.get(0).lateness().maxNanos()).isLessThan(20 * MILLI);
        assertThat(steps.get(2).lateness().maxNanos()).isCloseTo(1000 * MILLI, Offset.offset(50 * MILLI));
        assertThat(steps.get(3).lateness().p50Nanos()).isCloseTo(2000 * MILLI, Offset.offset(200 * MILLI));
        assertThat(steps.get(3).latency().maxNanos()).isCloseTo(3000 * MILLI, Offset.offset(100 * MILLI));
        assertThat(steps.stream().mapToLong(Step::acknowledged).sum()).isEqualTo(report.acknowledged());
    }

    @Test
    void aRampIsReportedByTenths() throws Exception {
        RunReport report = run(sketch("ramp 100/s..1100/s over 10s", 1000)
                .time(Duration.ofSeconds(12))
                .speed(10));

        assertThat(report.steps()).hasSize(11);
        assertThat(report.steps().get(0).offeredPerSecond()).isCloseTo(1500, Offset.offset(20.0));
        assertThat(report.steps().get(9).offeredPerSecond()).isCloseTo(10_500, Offset.offset(50.0));
        assertThat(report.steps().get(10).offeredPerSecond()).isCloseTo(11_000, Offset.offset(20.0));
        assertThat(report.steps())
                .allSatisfy(step -> assertThat(step.achievedPerSecond())
                        .isCloseTo(step.offeredPerSecond(), Offset.offset(step.offeredPerSecond() * 0.03)));
    }

    @Test
    void aSinkOfSomeRegionsIsOfferedItsShare() throws Exception {
        RunReport report = run(sketch("steps 400/s, 800/s each 2s", 1000)
                .regions(event -> (int) (event.sequence() % 4 / 3), "most", "rest")
                .regionSinks("most")
                .regionSinks("rest", "all")
                .time(Duration.ofSeconds(4))
                .speed(1));

        assertThat(report.steps()).extracting(Step::acknowledged).containsExactly(200L, 400L);
        assertThat(report.steps()).extracting(Step::offeredPerSecond).containsExactly(100.0, 200.0);
    }

    @Test
    void aRunWithALimitAndAPaceKnowsWhenItWillEnd() throws Exception {
        assertThat(scheduledEnd(sketch("ramp 100/s..1100/s over 10s", 0)
                        .time(Duration.ofSeconds(12))
                        .speed(10)))
                .isBetween(Duration.ofMillis(1199), Duration.ofMillis(1200));
        assertThat(scheduledEnd(
                        sketch("steps 10/s, 100/s each 1s", 0).events(110).speed(1)))
                .isBetween(Duration.ofMillis(1980), Duration.ofSeconds(2));
        assertThat(scheduledEnd(sketch("10/s", 0).events(110)))
                .as("without a pace")
                .isNull();
        Run run = sketch("10/s", 0).speed(1).plan().start();
        assertThat(run.progress().scheduledEnd()).as("without a limit").isNull();
        run.stop();
    }

    private Duration scheduledEnd(Sketch sketch) throws Exception {
        Run run = sketch.plan().tuned(Tuning.DEFAULT.ticker(ticker)).start();
        run.await();
        return run.progress().scheduledEnd();
    }

    @Test
    void aStepAtRateZeroHasARowOfItsOwn() throws Exception {
        RunReport report = run(sketch("steps 10/s, 0/s, 20/s each 1s", 0)
                .time(Duration.ofSeconds(3))
                .speed(1));

        assertThat(report.steps()).extracting(Step::offeredPerSecond).containsExactly(10.0, 1.0, 19.0);
        // an event is due when all of it has come: the tenth is, as the step without events begins
    }

    @Test
    void aRunThatEndsEarlyOrAsFastAsPossibleHasNoRowsForWhatItDidNotComeTo() throws Exception {
        assertThat(run(sketch("steps 500/s..2000/s by 500/s each 2s", 0)
                                .events(1500)
                                .speed(1))
                        .steps())
                .extracting(Step::acknowledged)
                .containsExactly(1000L, 500L);
        assertThat(run(sketch("steps 500/s..2000/s by 500/s each 2s", 0).events(1500))
                        .steps())
                .singleElement()
                .satisfies(step -> assertThat(step.offeredPerSecond()).isNull());
    }

    @Test
    void stepsThatGoOnForEverAreToldApartAsFarAsThereIsRoom() {
        Steps steps = steps(definition("steps 10/s, 20/s each 1s repeat"), at(0), null);

        assertThat(steps.count()).isEqualTo(Steps.MOST);
        assertThat(steps.from(31)).isEqualTo(at(31));
        assertThat(steps.to(31)).isNull();
        assertThat(steps.perSecond(at(31), at(91))).isCloseTo(15, Offset.offset(0.5));
    }

    @Test
    void timeThatRunsFasterHasShorterSteps() {
        RateProfile twice =
                new RateProfile.Warped(BigDecimal.valueOf(2), RateProfile.of("steps 10/s, 20/s, 30/s each 1m"));
        StreamDefinition faster = StreamDefinition.named("orders")
                .identity("id")
                .field("id", Fields.id("{}"))
                .rate(twice)
                .build();
        Steps steps = steps(faster, at(40), at(200));

        assertThat(steps.count()).isEqualTo(2);
        assertThat(steps.to(0)).isEqualTo(at(60));
        assertThat(steps.perSecond(at(40), at(60))).isEqualTo(40);
        assertThat(steps.perSecond(at(60), at(200))).isEqualTo(60);
    }

    private static Steps steps(StreamDefinition definition, Instant start, Instant end) {
        CompiledStream stream = Sketch.compiled(definition);
        long[] from = {stream.sequenceAt(start)};
        return Steps.of(new Extent(List.of(stream), from, new long[] {stream.end()}), end, true);
    }

    private static Instant at(long seconds) {
        return START.plusSeconds(seconds);
    }
}
