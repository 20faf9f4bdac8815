package io.dataflux.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.ConfigurationException;
import io.dataflux.Run;
import io.dataflux.RunReport;
import io.dataflux.RunReport.Backfill;
import io.dataflux.RunReport.Lag;
import io.dataflux.Validity;
import io.dataflux.engine.Collecting.Got;
import io.dataflux.spi.EventBatch;
import io.dataflux.spi.LaneContext;
import io.dataflux.spi.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that begin in the past and go on live, by clocks that move only when they are waited for, or in the sink. */
class BackfillTest {

    private static final long MILLI = 1_000_000;
    private static final Instant ORIGIN = Sketch.definition("any", 1, 1).start();

    @TempDir
    Path output;

    /** Since {@link #ORIGIN}; the run's clock and the time of day in one. */
    private final AtomicLong time = new AtomicLong();

    private final CountDownLatch leading = new CountDownLatch(1);

    private final Ticker ticker = new Ticker() {
        @Override
        public Instant wall() {
            return ORIGIN.plusNanos(time.get());
        }

        @Override
        public long nanos() {
            return time.get() + 12345;
        }

        @Override
        public void park(long nanos) {
            if (nanos == CatchUp.LEAD_PARK_NANOS && !sent.isEmpty()) { // before, it waits for the other one to begin
                leading.countDown();
            }
            time.addAndGet(nanos);
        }
    };

    /** A batch as it was handed over. */
    private record Sent(int lane, long first, long last, Instant at) {}

    private final List<Sent> sent = Collections.synchronizedList(new ArrayList<>());

    /** A sink in which time passes. */
    private Collecting taking(ToLongFunction<EventBatch> nanos) {
        return new Collecting() {
            @Override
            void settle(LaneContext lane, EventBatch batch, Outcome outcome) {
                sent.add(new Sent(lane.lane(), batch.sequence(0), batch.sequence(batch.size() - 1), ticker.wall()));
                time.addAndGet(nanos.applyAsLong(batch));
                outcome.acknowledged(0, batch.size());
            }
        };
    }

    private Sketch orders(long perSecond, int lanes, Collecting sink) {
        return new Sketch(output).stream("orders", perSecond).backfill().sink("all", lanes, sink);
    }

    private RunPlan plan(Sketch sketch) {
        return sketch.plan().tuned(Tuning.DEFAULT.ticker(ticker));
    }

    private static Instant timeOf(Sketch sketch, long sequence) {
        return sketch.streams().get(0).timeOf(sequence);
    }

    @Test
    void thePastIsSentAtOnceAndTheRestWhenItsTimeHasCome() throws Exception {
        time.set(Duration.ofSeconds(20).toNanos());
        Collecting sink = taking(batch -> batch.size() * MILLI / 10);
        Sketch sketch = orders(1000, 1, sink).events(25_000);

        RunReport report = plan(sketch).start().await();

        List<Sent> past = sent.stream()
                .takeWhile(batch -> timeOf(sketch, batch.last).isBefore(batch.at))
                .toList();
        // 20 batches for 20 s, 2 more for the 2 s that these took, and what then is left
        assertThat(past).hasSizeBetween(21, 24);
        assertThat(past.subList(0, 20)).allMatch(batch -> batch.last - batch.first == 1023);
        for (Sent batch : sent.subList(past.size() + 50, sent.size())) {
            assertThat(Duration.between(timeOf(sketch, batch.last), batch.at))
                    .as("live")
                    .isBetween(Duration.ZERO, Duration.ofMillis(1));
        }
        assertThat(report.acknowledged()).isEqualTo(25_000);
        assertThat(sink.got()).extracting(Got::sequence).isSorted().hasSize(25_000);
        Backfill backfill = report.backfill();
        assertThat(backfill.behind()).isZero();
        assertThat(backfill.events()).isEqualTo(past.get(past.size() - 1).last + 1);
        assertThat(backfill.liveAt()).isBetween(ORIGIN.plusSeconds(22), ORIGIN.plusSeconds(23));
        assertThat(backfill.took()).isEqualTo(Duration.between(ORIGIN.plusSeconds(20), backfill.liveAt()));
    }

    @Test
    void aRunThatHasCaughtUpIsOnTimeAndThePastIsNobodysLag() throws Exception {
        time.set(Duration.ofDays(400).toNanos());
        Sketch sketch = new Sketch(output)
                .stream(Sketch.definition("orders", 1, 1000))
                        .backfill()
                        .events(35_000)
                        .sink("all", 1, taking(batch -> MILLI));

        RunReport report = plan(sketch).start().await();

        assertThat(report.backfill().liveAt()).isNotNull();
        assertThat(report.validity()).isEqualTo(Validity.VALID);
        assertThat(report.ownLag()).isEqualTo(new Lag(0, 0, 0));
        assertThat(report.sinkLag().maxNanos()).isLessThan(2 * MILLI);
        assertThat(report.steps().get(0).latency().maxNanos()).isLessThan(2 * MILLI);
        assertThat(report.elapsed()).isBetween(Duration.ofDays(5), Duration.ofDays(6));
        for (Sent batch : sent.subList(sent.size() - 400, sent.size())) {
            assertThat(batch.at).isEqualTo(timeOf(sketch, batch.last));
        }
    }

    @Test
    void whatIsSentIsWhatARunWithoutBackfillSends() throws Exception {
        time.set(Duration.ofSeconds(5).toNanos());
        Collecting sink = taking(batch -> MILLI);
        Collecting plain = new Collecting();

        plan(orders(1000, 1, sink).events(8000).tag(1)).start().await();
        new Sketch(output.resolve("plain"))
                .stream("orders", 1000)
                        .events(8000)
                        .tag(1)
                        .sink("all", 1, plain)
                        .plan()
                        .start()
                        .await();

        assertThat(sink.got())
                .extracting(Got::text)
                .isEqualTo(plain.got().stream().map(Got::text).toList());
    }

    @Test
    void aSinkThatIsSlowerThanTheStreamNeverGetsThere() throws Exception {
        time.set(Duration.ofSeconds(10).toNanos());

        RunReport report = plan(orders(1000, 1, taking(batch -> 2 * MILLI * batch.size()))
                        .events(20_000))
                .start()
                .await();

        assertThat(report.backfill().liveAt()).isNull();
        assertThat(report.backfill().behind()).isGreaterThan(Duration.ofSeconds(20));
        assertThat(report.backfill().events()).isEqualTo(20_000);
        assertThat(report.backfill().took()).isEqualTo(report.elapsed());
    }

    @Test
    void theProgressSaysHowFarBehindItIs() throws Exception {
        time.set(Duration.ofSeconds(10).toNanos());
        AtomicReference<Run> run = new AtomicReference<>();
        CountDownLatch started = new CountDownLatch(1);
        List<Long> behind = new ArrayList<>();
        Collecting sink = taking(batch -> {
            try {
                started.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            behind.add(run.get().progress().sinks().get(0).behindNanos());
            return MILLI;
        });

        run.set(plan(orders(1000, 1, sink).events(12_000)).start());
        started.countDown();
        run.get().await();

        assertThat(behind.get(0))
                .isBetween(
                        Duration.ofSeconds(8).toNanos(), Duration.ofSeconds(9).toNanos());
        assertThat(behind.subList(0, 10))
                .isSortedAccordingTo(Collections.reverseOrder())
                .doesNotHaveDuplicates();
        assertThat(behind.get(behind.size() - 1)).isZero();
    }

    @Test
    void aRunThatWasStoppedOnItsWayCatchesUpWithTheRest() throws Exception {
        time.set(Duration.ofSeconds(30).toNanos());
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch stopping = new CountDownLatch(1);
        Collecting first = taking(batch -> {
            if (batch.sequence(0) > 5000) {
                try {
                    reached.countDown();
                    stopping.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
            return MILLI;
        });
        Run run = plan(orders(1000, 1, first).events(45_000).tag(7)).start();
        reached.await();
        run.requestStop();
        stopping.countDown();
        RunReport stopped = run.await();
        time.addAndGet(Duration.ofSeconds(10).toNanos()); // meanwhile
        sent.clear();
        Collecting second = taking(batch -> MILLI);
        Sketch rest = orders(1000, 1, second).events(45_000).tag(7);

        RunReport report = plan(rest).start().await();

        assertThat(stopped.backfill().liveAt()).isNull();
        assertThat(stopped.backfill().behind()).isGreaterThan(Duration.ofSeconds(20));
        assertThat(report.acknowledged()).isEqualTo(45_000);
        assertThat(report.backfill().liveAt()).isBetween(ORIGIN.plusSeconds(40), ORIGIN.plusSeconds(41));
        assertThat(report.backfill().events()).isBetween(32_000L, 35_000L);
        assertThat(report.ownLag().maxNanos()).isZero();
        assertThat(sent.get(sent.size() - 1).at).isEqualTo(timeOf(rest, 44_999));
        List<Got> all = new ArrayList<>(first.got());
        all.addAll(second.got());
        assertThat(all)
                .extracting(Got::sequence)
                .isSorted()
                .doesNotHaveDuplicates()
                .hasSize(45_000);
    }

    @Test
    void thePartsOfARunBeginTogetherAndEachGoesLive() throws Exception {
        Set<Long> sequences = new HashSet<>();
        for (int part = 1; part <= 2; part++) {
            time.set(Duration.ofSeconds(10).toNanos());
            Instant startAt = ORIGIN.plusSeconds(13);
            Collecting sink = taking(batch -> MILLI);
            sent.clear();

            RunReport report = plan(orders(1000, 1, sink)
                            .events(15_000)
                            .tag(7)
                            .part(part, 2)
                            .startAt(startAt))
                    .start()
                    .await();

            assertThat(sent).allMatch(batch -> !batch.at.isBefore(startAt));
            assertThat(report.backfill().liveAt()).isBetween(startAt, startAt.plusSeconds(2));
            sink.got()
                    .forEach(
                            event -> assertThat(sequences.add(event.sequence())).isTrue());
        }
        assertThat(sequences).hasSize(15_000);
    }

    @Test
    void noLaneOfASinkGetsFarAheadOfAnotherInThePast() throws Exception {
        time.set(Duration.ofMinutes(30).toNanos());
        Collecting sink = taking(batch -> 0);
        Collecting holding = new Collecting() {
            @Override
            void settle(LaneContext lane, EventBatch batch, Outcome outcome) throws Exception {
                if (lane.lane() == 0) {
                    leading.await(); // until the other one waits for this one
                }
                sink.settle(lane, batch, outcome);
            }
        };
        Sketch sketch = orders(50, 2, holding).events(80_000);

        plan(sketch).start().await();

        List<Instant> reached = new ArrayList<>(Collections.nCopies(2, ORIGIN));
        Duration most = Duration.ZERO;
        for (Sent batch : sent) {
            reached.set(batch.lane, timeOf(sketch, batch.first));
            if (timeOf(sketch, batch.last).isBefore(ORIGIN.plus(Duration.ofMinutes(25)))) {
                Duration lead = Duration.between(reached.get(0), reached.get(1));
                most = most.compareTo(lead) < 0 ? lead : most;
            }
        }
        assertThat(most).isGreaterThan(Duration.ofSeconds(20)).isLessThan(Duration.ofNanos(2 * CatchUp.LEAD_NANOS));
    }

    @Test
    void aRunThatBeginsInTheFutureWaitsForIt() throws Exception {
        time.set(-Duration.ofHours(1).toNanos());
        Sketch sketch = orders(1000, 1, taking(batch -> 0)).events(100);

        RunReport report = plan(sketch).start().await();

        assertThat(sent).allMatch(batch -> batch.at.equals(timeOf(sketch, batch.last)));
        assertThat(report.backfill().events()).isZero();
        assertThat(report.backfill().liveAt()).isEqualTo(ORIGIN.minus(Duration.ofHours(1)));
    }

    @Test
    void otherSpeedsAreRefused() {
        assertThatThrownBy(() -> orders(1000, 1, new Collecting()).speed(10).plan())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("speed: 10.0: a backfill continues live, at speed 1;");
        assertThatThrownBy(() -> orders(1000, 1, new Collecting())
                        .speed(Double.POSITIVE_INFINITY)
                        .plan())
                .hasMessageContaining("speed: max: a backfill continues live");
        assertThat(orders(1000, 1, new Collecting()).plan().describe())
                .contains("run: the past as fast as possible, then live, scheduled from " + ORIGIN);
    }

    @Test
    void itHasNoSpeedToChange() throws Exception {
        time.set(Duration.ofDays(400).toNanos());
        try (Run run = plan(orders(1000, 1, taking(batch -> MILLI)).events(10)).start()) {
            assertThatThrownBy(() -> run.speed(2))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("backfill");
            assertThat(run.await().ledger().touches()).isEmpty();
        }
    }
}
