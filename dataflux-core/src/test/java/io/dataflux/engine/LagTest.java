package io.dataflux.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.RunReport;
import io.dataflux.RunReport.Step;
import io.dataflux.Validity;
import io.dataflux.spi.EventBatch;
import io.dataflux.spi.LaneContext;
import io.dataflux.spi.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntToLongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Pacing and lag by a clock that moves only when it is told to, or waited for. At 1000 events a second a batch spans 10 ms: it holds
 * 11 events, and the batches are due at 10, 21, 32, ... ms.
 */
class LagTest {

    private static final long MILLI = 1_000_000;
    private static final long START = 77;
    private static final int BATCH = 11;

    @TempDir
    Path output;

    private final AtomicLong time = new AtomicLong(START);
    private final List<Long> handedOver = new ArrayList<>();

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

    /** Sends 2000 events; the milliseconds that pass in the sink, and in the lane, are given by batch. */
    private RunReport run(double speed, IntToLongFunction millisInSink, IntToLongFunction millisInLane)
            throws Exception {
        Collecting sink = new Collecting() {
            private int batch;

            @Override
            void settle(LaneContext lane, EventBatch events, Outcome outcome) {
                handedOver.add(time.get() - START);
                time.addAndGet(millisInSink.applyAsLong(batch++) * MILLI);
                outcome.acknowledged(0, events.size());
            }
        };
        return new Sketch(output)
                .stream("orders", 1000)
                        .events(2000)
                        .speed(speed)
                        .regions(
                                event -> {
                                    if (event.sequence() % BATCH == 0) { // a router's time is the lane's
                                        time.addAndGet(
                                                millisInLane.applyAsLong((int) event.sequence() / BATCH) * MILLI);
                                    }
                                    return 0;
                                },
                                "here",
                                "there")
                        .regionSinks("here", "all")
                        .regionSinks("there")
                        .sink("all", 1, sink)
                        .plan()
                        .tuned(Tuning.DEFAULT.ticker(ticker))
                        .start()
                        .await();
    }

    private static long none(int batch) {
        return 0;
    }

    @Test
    void eachBatchIsHandedOverWhenItsLastEventIsDue() throws Exception {
        RunReport report = run(1, LagTest::none, LagTest::none);

        List<Long> due = new ArrayList<>();
        for (long batch = 0; batch < 2000 / BATCH; batch++) {
            due.add((batch * BATCH + BATCH - 1) * MILLI);
        }
        due.add(1999 * MILLI);
        assertThat(handedOver).isEqualTo(due);
        assertThat(report.validity()).isEqualTo(Validity.VALID);
        assertThat(report.ownLag()).isEqualTo(new RunReport.Lag(0, 0, 0));
        assertThat(report.sinkLag()).isEqualTo(new RunReport.Lag(0, 0, 0));
        assertThat(report.elapsed()).isEqualTo(Duration.ofMillis(1999));
        Step step = report.steps().get(0);
        assertThat(step.offeredPerSecond()).isEqualTo(1000.0);
        assertThat(step.achievedPerSecond()).isBetween(1000.0, 1001.0);
        assertThat(step.latency().maxNanos()).isEqualTo(10 * MILLI);
    }

    @Test
    void speedDividesTheSchedule() throws Exception {
        RunReport report = run(10, LagTest::none, LagTest::none);

        // 10 ms now span 100 scheduled ones
        assertThat(handedOver).startsWith(10 * MILLI, 20 * MILLI + MILLI / 10, 30 * MILLI + MILLI / 5);
        assertThat(report.elapsed()).isEqualTo(Duration.ofNanos(1999 * MILLI / 10));
        assertThat(report.steps().get(0).offeredPerSecond()).isEqualTo(10_000.0);
    }

    @Test
    void latenessAfterAStalledWriteIsTheSinksUntilItIsMadeGood() throws Exception {
        RunReport report = run(1, batch -> batch == 20 ? 200 : 0, LagTest::none);

        assertThat(report.ownLag().maxNanos()).isZero();
        assertThat(report.sinkLag().maxNanos()).isEqualTo((200 - BATCH) * MILLI);
        assertThat(report.validity()).isEqualTo(Validity.SATURATED);
        assertThat(handedOver.get(100)).isEqualTo((100 * BATCH + BATCH - 1) * MILLI);
        assertThat(report.steps().get(0).latency().maxNanos())
                .as("from the intended time, so that what waited behind the stall counts in full")
                .isEqualTo((200 + BATCH - 1) * MILLI);
    }

    @Test
    void latenessOfTheLaneMakesTheRunInvalid() throws Exception {
        RunReport report = run(1, LagTest::none, batch -> batch == 20 ? 200 : 0);

        assertThat(report.sinkLag().maxNanos()).isZero();
        assertThat(report.ownLag().maxNanos()).isEqualTo((200 - BATCH) * MILLI);
        assertThat(report.validity()).isEqualTo(Validity.INVALID);
    }

    @Test
    void lagWithinTheBudgetIsValid() throws Exception {
        RunReport report = run(1, batch -> batch == 20 ? 100 : 0, batch -> batch == 90 ? 100 : 0);

        assertThat(report.sinkLag().maxNanos()).isEqualTo((100 - BATCH) * MILLI);
        assertThat(report.ownLag().maxNanos()).isEqualTo((100 - BATCH) * MILLI);
        assertThat(report.validity()).isEqualTo(Validity.VALID);
    }

    @Test
    void latenessOfBothIsSplitAsIfTheSinkHadTakenNoTime() throws Exception {
        RunReport report = run(1, batch -> batch == 20 ? 50 : 0, batch -> batch == 21 ? 30 : 0);

        // without the sink's 50 ms the lane's 30 ms would have made batch 21 late by 30 - 11
        assertThat(report.ownLag().maxNanos()).isEqualTo((30 - BATCH) * MILLI);
        assertThat(report.sinkLag().maxNanos()).isEqualTo(50 * MILLI);
    }

    @Test
    void whatASinkHasMadeGoodIsNotHeldAgainstItLater() throws Exception {
        RunReport report = run(1, batch -> batch == 20 ? 15 : 0, batch -> batch == 60 ? 30 : 0);

        assertThat(report.sinkLag().maxNanos()).isEqualTo((15 - BATCH) * MILLI);
        assertThat(report.ownLag().maxNanos()).isEqualTo((30 - BATCH) * MILLI);
    }

    @Test
    void aSinkThatIsAlwaysTooSlowIsSaturatedAndTheRunGoesAsFastAsItCan() throws Exception {
        RunReport report = run(1, batch -> 22, LagTest::none);

        assertThat(report.validity()).isEqualTo(Validity.SATURATED);
        assertThat(report.ownLag().maxNanos()).isZero();
        assertThat(report.steps().get(0).achievedPerSecond()).isBetween(490.0, 510.0);
        assertThat(report.acknowledged()).isEqualTo(2000);
    }

    @Test
    void anUnpacedRunHasNoLagAndIsValid() throws Exception {
        RunReport report = run(Double.POSITIVE_INFINITY, batch -> 500, batch -> 500);

        assertThat(report.validity()).isEqualTo(Validity.VALID);
        assertThat(report.ownLag().maxNanos()).isZero();
        assertThat(report.sinkLag().maxNanos()).isZero();
        assertThat(report.steps().get(0).offeredPerSecond()).isNull();
    }
}
