package io.dataflux.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.Run;
import io.dataflux.RunReport;
import io.dataflux.Validity;
import io.dataflux.engine.Collecting.Got;
import io.dataflux.ledger.Ledger.ShardLedger;
import io.dataflux.ledger.Ledger.StreamLedger;
import io.dataflux.ledger.Ranges;
import io.dataflux.plan.RunConfig.OnFailure;
import io.dataflux.spi.Delivered;
import io.dataflux.spi.DeliveryUnit;
import io.dataflux.spi.EventBatch;
import io.dataflux.spi.LaneContext;
import io.dataflux.spi.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Attempts of one run in one process: what the next attempt sends, and what it says. Longer than others, because the attempts of one test
 * share the fields and sinks of all.
 */
class ResumeTest {

    private static final int TAG = 0x5f3a90c1;
    private static final long EVENTS = 200_000;

    @TempDir
    Path output;

    private Sketch orders(int lanes, Collecting sink) {
        return new Sketch(output).stream("orders", 5000).events(EVENTS).tag(TAG).sink("all", lanes, sink);
    }

    private Sketch routed(Collecting eu, Collecting us) {
        return new Sketch(output)
                .stream("orders", 5000).stream("clicks", 9000)
                        .events(EVENTS)
                        .tag(TAG)
                        .regions(event -> (int) Math.floorMod(event.sequence() / 3, 2L), "eu", "us")
                        .regionSinks("eu", "eu")
                        .regionSinks("us", "us")
                        .sink("eu", 2, eu)
                        .sink("us", 1, us);
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

    /** A copy of what a process that dies now leaves behind. */
    private byte[] kill() throws Exception {
        return Files.readAllBytes(checkpoint());
    }

    private void leaveBehind(byte[] killed) throws Exception {
        Files.write(checkpoint(), killed);
    }

    @Test
    void aStoppedRunIsResumedWithExactlyTheRest() throws Exception {
        Collecting eu = new Collecting();
        Collecting us = new Collecting();
        RunReport first = stopAfter(50_000, routed(eu, us).speed(5).plan());
        Collecting restOfEu = new Collecting();
        Collecting restOfUs = new Collecting();
        Run run = routed(restOfEu, restOfUs).plan().start();

        RunReport second = run.await();

        assertThat(first.delivered()).isTrue();
        assertThat(second.delivered()).isTrue();
        assertThat(second.tag()).isEqualTo(first.tag());
        assertThat(run.resumption())
                .contains("resuming run 5f3a90c1, attempt 1")
                .anyMatch(
                        line -> line.contains("sink 'us': clicks ") && line.endsWith("none of which has arrived yet"));
        assertThat(second.acknowledged()).as("the report is of all attempts").isEqualTo(EVENTS);
        Set<String> texts = new HashSet<>();
        for (Collecting attempt : List.of(eu, us, restOfEu, restOfUs)) {
            attempt.got().forEach(event -> assertThat(texts.add(event.text())).isTrue());
        }
        assertThat(texts).hasSize((int) EVENTS);
        assertThat(first.ledger()
                        .sinks()
                        .get(0)
                        .streams()
                        .get(0)
                        .shards()
                        .get(0)
                        .missing()
                        .isEmpty())
                .isFalse();
        second.ledger()
                .sinks()
                .forEach(sink -> sink.streams()
                        .forEach(stream -> stream.shards().forEach(shard -> {
                            assertThat(shard.missing().isEmpty()).isTrue();
                            assertThat(shard.resent().isEmpty()).isTrue();
                        })));
    }

    @Test
    void aCompleteRunIsNotSentAgain() throws Exception {
        orders(2, new Collecting()).plan().start().await();
        Collecting again = new Collecting();

        Run run = orders(2, again).plan().start();
        RunReport report = run.await();

        assertThat(run.resumption())
                .containsExactly("run 5f3a90c1 is complete: every event is acknowledged, nothing was sent again");
        assertThat(again.opened).hasValue(0);
        assertThat(report.acknowledged()).isEqualTo(EVENTS);
        assertThat(report.delivered()).isTrue();
    }

    @Test
    void whatAKilledRunMayHaveSentIsSentAgainAndNamed() throws Exception {
        List<byte[]> killed = new ArrayList<>();
        Collecting first = new Collecting() {
            @Override
            synchronized void settle(LaneContext lane, EventBatch batch, Outcome outcome) throws Exception {
                super.settle(lane, batch, outcome);
                if (killed.isEmpty() && got().size() > EVENTS / 2) {
                    killed.add(kill());
                }
            }
        };
        orders(2, first).plan().start().await();
        List<Got> sent = first.got();
        leaveBehind(killed.get(0));
        Checkpoint left = CheckpointFile.read(checkpoint());
        Collecting second = new Collecting();

        Run run = orders(2, second).plan().start();
        RunReport report = run.await();

        assertThat(report.acknowledged()).isEqualTo(EVENTS);
        assertThat(report.issued()).isEqualTo(EVENTS);
        StreamLedger ledger = report.ledger().sink("all").streams().get(0);
        long resent = 0;
        for (int shard = 0; shard < ledger.shards().size(); shard++) {
            ShardLedger after = ledger.shards().get(shard);
            Ranges before = left.ledger()
                    .sink("all")
                    .streams()
                    .get(0)
                    .shards()
                    .get(shard)
                    .acknowledged();
            Ranges sentAgain = second.places(0, shard);
            assertThat(sentAgain.overlaps(before))
                    .as("acknowledged and sent again")
                    .isFalse();
            resent += after.resent().count();
            // what the first attempt had sent when it died is acknowledged or named
            Ranges named = before.copy();
            named.addAll(after.resent());
            Ranges handedOver = new Ranges();
            int its = shard;
            sent.subList(0, (int) EVENTS / 2).stream()
                    .filter(event -> event.shard() == its)
                    .forEach(event -> handedOver.add(event.place(), event.place() + 1));
            Ranges unnamed = handedOver.copy();
            unnamed.removeAll(named);
            assertThat(unnamed.isEmpty())
                    .as("sent, neither acknowledged nor named: %s", unnamed)
                    .isTrue();
        }
        assertThat(resent).isPositive().isLessThan(EVENTS);
        assertThat(run.resumption().get(1))
                .contains(" of which " + String.format(Locale.ROOT, "%,d", resent)
                        + " may already be there and arrive twice: shard ");
    }

    /** A sink that stores everything once says on what that depends, if it does. */
    @Test
    void whatIsStoredOnceIsSaidWithWhatItTakes() throws Exception {
        byte[] killed = killedInTheMiddle();
        for (String provided : List.of("", "if the target knows keys")) {
            leaveBehind(killed);
            Run run = orders(2, new Collecting() {
                        @Override
                        public boolean exactlyOnce() {
                            return true;
                        }

                        @Override
                        public String provided() {
                            return provided;
                        }
                    })
                    .plan()
                    .start();
            run.await();

            assertThat(run.resumption().get(1))
                    .contains(" may have been sent when it ended and are stored once" + (provided.isEmpty() ? "" : " ")
                            + provided + ": shard ");
        }
    }

    @Test
    void aResumedRunThatIsStoppedIsNotWholeAndHasNotFailed() throws Exception {
        byte[] killed = killedInTheMiddle();
        leaveBehind(killed);

        RunReport stopped = stopAfter(
                CheckpointFile.read(checkpoint())
                                .ledger()
                                .sink("all")
                                .streams()
                                .get(0)
                                .acknowledged()
                        + 1000,
                orders(2, new Collecting()).speed(0.5).plan());

        assertThat(stopped.problems()).isEmpty();
        assertThat(stopped.unsent()).isPositive().isEqualTo(stopped.unknown());
        assertThat(stopped.delivered()).as("nothing failed").isTrue();
        assertThat(stopped.complete()).isFalse();
        assertThat(stopped.planned()).isEqualTo(EVENTS);
        assertThat(Files.readString(output.resolve("5f3a90c1/report.json")))
                .contains("\"complete\" : false", "\"unsent\" : " + stopped.unsent());

        RunReport whole = orders(2, new Collecting()).plan().start().await();

        assertThat(whole.unsent()).isZero();
        assertThat(whole.complete()).isTrue();
        assertThat(whole.delivered()).isTrue();
        assertThat(whole.acknowledged()).isEqualTo(EVENTS);
    }

    @Test
    void whatAnAttemptItselfGotNoAnswerToIsAFailure() throws Exception {
        leaveBehind(killedInTheMiddle());
        Collecting silent = new Collecting() {
            @Override
            void settle(LaneContext lane, EventBatch batch, Outcome outcome) {
                outcome.unknown(0, batch.size(), new java.io.IOException("no answer"));
            }
        };

        RunReport report = orders(2, silent).plan().start().await();

        assertThat(report.unknown()).isGreaterThan(report.unsent());
        assertThat(report.delivered()).isFalse();
    }

    private byte[] killedInTheMiddle() throws Exception {
        List<byte[]> killed = new ArrayList<>();
        Collecting first = new Collecting() {
            @Override
            synchronized void settle(LaneContext lane, EventBatch batch, Outcome outcome) throws Exception {
                super.settle(lane, batch, outcome);
                if (killed.isEmpty() && got().size() > EVENTS / 2) {
                    killed.add(kill());
                }
            }
        };
        orders(2, first).plan().start().await();
        return killed.get(0);
    }

    @Test
    void noEventIsHandedOverBeyondTheHorizonThatIsOnDisk() throws Exception {
        Sketch[] sketch = new Sketch[1];
        List<String> beyond = new ArrayList<>();
        Collecting sink = new Collecting() {
            @Override
            synchronized void settle(LaneContext lane, EventBatch batch, Outcome outcome) throws Exception {
                long horizon = CheckpointFile.read(checkpoint())
                        .sinks()
                        .get(0)
                        .lanes()
                        .get(lane.lane())
                        .horizonMicros();
                long sequence = batch.sequence(batch.size() - 1);
                long time = Checkpoint.micros(sketch[0].streams().get(0).timeOf(sequence));
                if (time >= horizon) {
                    beyond.add(sequence + " at " + time + " beyond " + horizon);
                }
                super.settle(lane, batch, outcome);
            }
        };
        sketch[0] = orders(2, sink);

        sketch[0].plan().start().await();

        assertThat(beyond).isEmpty();
        assertThat(sink.got()).hasSize((int) EVENTS);
    }

    @Test
    void aFailedBatchIsSentAgainAndThenIsWhatTheNewAttemptSays() throws Exception {
        Collecting failing = new Collecting() {
            @Override
            void settle(LaneContext lane, EventBatch batch, Outcome outcome) {
                long third = batch.sequence(0) / 20_000;
                if (third == 3) {
                    outcome.failed(0, batch.size(), new IllegalStateException("no"));
                } else if (third == 5) {
                    outcome.unknown(0, batch.size(), new IllegalStateException("who knows"));
                } else {
                    outcome.acknowledged(0, batch.size());
                }
            }
        };
        RunReport first = new Sketch(output)
                .stream("orders", 5000)
                        .events(EVENTS)
                        .tag(TAG)
                        .sink("all", 1, OnFailure.CONTINUE, failing)
                        .plan()
                        .start()
                        .await();
        assertThat(first.failed()).isPositive();
        assertThat(first.unknown()).isPositive();
        assertThat(first.issued()).isEqualTo(EVENTS);
        Collecting again = new Collecting();

        RunReport second = orders(1, again).plan().start().await();

        assertThat(second.acknowledged()).isEqualTo(EVENTS);
        assertThat(second.failed() + second.unknown()).isZero();
        assertThat(again.got()).hasSize((int) (first.failed() + first.unknown()));
        long resent = second.ledger().sink("all").streams().get(0).shards().stream()
                .mapToLong(shard -> shard.resent().count())
                .sum();
        assertThat(resent).as("only what is unknown may be there twice").isEqualTo(first.unknown());
    }

    @Test
    void whatTheTargetSaysItHasIsNotSentAgain() throws Exception {
        Collecting first = new Collecting() {
            @Override
            void settle(LaneContext lane, EventBatch batch, Outcome outcome) {
                for (int i = 0; i < batch.size(); i++) {
                    if (batch.sequence(i) < 100_000) {
                        outcome.acknowledged(i, i + 1);
                    } else {
                        outcome.failed(i, i + 1, new IllegalStateException("no"));
                    }
                }
            }
        };
        new Sketch(output)
                .stream("orders", 5000)
                        .events(EVENTS)
                        .tag(TAG)
                        .sink("all", 2, OnFailure.CONTINUE, first)
                        .plan()
                        .start()
                        .await();
        Collecting knowing = new Collecting() {
            @Override
            public void recover(LaneContext lane, Delivered delivered) {
                assertThat(delivered.has(0, 0, 0)).isTrue();
                delivered.below(0, 150_000);
                delivered.places(0, 3, 0, Long.MAX_VALUE);
                delivered.places(0, 4, 30_000, 20_000);
            }
        };

        RunReport report = orders(2, knowing).plan().start().await();

        assertThat(report.acknowledged()).isEqualTo(EVENTS);
        assertThat(knowing.got()).isNotEmpty().allMatch(event -> event.sequence() >= 150_000 && event.shard() != 3);
        long others = 0;
        var schedule = orders(1, knowing).streams().get(0).schedule();
        for (int shard = 0; shard < 8; shard++) {
            others += shard == 3 ? 0 : schedule.localCount(shard, EVENTS) - schedule.localCount(shard, 150_000);
        }
        assertThat(knowing.got()).hasSize((int) others);
    }

    @Test
    void aUnitThatIsNotWholeIsSentAgainFromItsBeginning() throws Exception {
        class InUnits extends Collecting {
            private final long failed;

            InUnits(long failed) {
                this.failed = failed;
            }

            @Override
            public DeliveryUnit unit() {
                return new DeliveryUnit(1000, Duration.ZERO);
            }

            @Override
            void settle(LaneContext lane, EventBatch batch, Outcome outcome) {
                for (int i = 0; i < batch.size(); i++) {
                    if (batch.sequence(i) == failed) {
                        outcome.failed(i, i + 1, new IllegalStateException("no"));
                    } else {
                        outcome.acknowledged(i, i + 1);
                    }
                }
            }
        }
        RunReport first = new Sketch(output)
                .stream("orders", 5000)
                        .events(EVENTS)
                        .tag(TAG)
                        .sink("all", 1, OnFailure.CONTINUE, new InUnits(70_123))
                        .plan()
                        .start()
                        .await();
        assertThat(first.failed()).isEqualTo(1);
        InUnits again = new InUnits(-1);

        RunReport second = orders(1, again).plan().start().await();

        assertThat(again.got().stream().map(Got::sequence).sorted().toList())
                .hasSize(1000)
                .startsWith(70_000L)
                .endsWith(70_999L);
        assertThat(second.acknowledged()).isEqualTo(EVENTS);
    }

    @Test
    void aPacedRunGoesOnWhereItWasWithoutWaitingForWhatIsDone() throws Exception {
        AtomicLong time = new AtomicLong();
        Ticker ticker = new Ticker() {
            @Override
            public long nanos() {
                return time.get();
            }

            @Override
            public void park(long nanos) {
                time.addAndGet(nanos);
            }
        };
        Collecting failing = new Collecting() {
            @Override
            void settle(LaneContext lane, EventBatch batch, Outcome outcome) {
                if (batch.sequence(0) < 8000) {
                    outcome.acknowledged(0, batch.size());
                } else {
                    outcome.failed(0, batch.size(), new IllegalStateException("no"));
                }
            }
        };
        RunReport first =
                paced(failing).tuned(Tuning.DEFAULT.ticker(ticker)).start().await();
        Collecting rest = new Collecting();
        RunReport second =
                paced(rest).tuned(Tuning.DEFAULT.ticker(ticker)).start().await();

        assertThat(first.elapsed()).isBetween(Duration.ofMillis(1600), Duration.ofMillis(1620));
        assertThat(second.acknowledged()).isEqualTo(10_000);
        assertThat(rest.got()).hasSize((int) (10_000 - first.acknowledged()));
        assertThat(second.elapsed()).isBetween(Duration.ofMillis(370), Duration.ofMillis(400));
        assertThat(second.validity()).isEqualTo(Validity.VALID);
    }

    private RunPlan paced(Collecting sink) {
        return new Sketch(output)
                .stream("orders", 5000)
                        .time(Duration.ofSeconds(2))
                        .speed(1)
                        .tag(TAG)
                        .sink("all", 1, sink)
                        .plan();
    }
}
