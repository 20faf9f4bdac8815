package io.dataflux.verify;

import static io.dataflux.verify.SentEvents.findings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.DeliveryException;
import io.dataflux.Event;
import io.dataflux.encode.CompiledStream;
import io.dataflux.ledger.Ledger;
import io.dataflux.model.Faults;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * There is a verdict after the deadline, whatever the arrivals, the test's functions and the system do. Longer than others, because each
 * way to get stuck brings a reader or function of its own.
 */
class BoundedAwaitTest {

    private static final long EVENTS = 500;
    private static final CompiledStream ORDERS = SentEvents.orders().withTag(SentEvents.TAG);
    private static final CompiledStream OTHERS = SentEvents.orders().withTag(7);
    private static final Ledger ALL = SentEvents.ledger(0, EVENTS, ORDERS);
    private static final Duration DEADLINE = Duration.ofSeconds(9);
    private static final Duration PAST_IT = DEADLINE.plusMillis(300);
    /** Many times the second that is promised, which only a quiet machine keeps. */
    private static final Duration LONGEST = Duration.ofSeconds(20);

    private final List<String> sent = new ArrayList<>(LongStream.range(0, EVENTS)
            .mapToObj(n -> ORDERS.event(n).toString())
            .toList());
    /** Opens at the end of a test, so that no thread is left behind. */
    private final CountDownLatch end = new CountDownLatch(1);

    private final OwnClock clock = new OwnClock();

    @AfterEach
    void letEverythingEnd() {
        end.countDown();
    }

    /** Ways to wait for what never comes. */
    private enum Never {
        INTERRUPTIBLE {
            @Override
            void come(CountDownLatch end) {
                try {
                    end.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IllegalStateException("interrupted", e);
                }
            }
        },
        /** Fails only some time after it was interrupted. */
        SLOW {
            @Override
            void come(CountDownLatch end) {
                try {
                    end.await();
                } catch (InterruptedException e) {
                    awaitUninterruptibly(end);
                    throw new IllegalStateException("interrupted", e);
                }
            }

            private void awaitUninterruptibly(CountDownLatch end) {
                try {
                    end.await(250, TimeUnit.MILLISECONDS);
                } catch (InterruptedException again) {
                    Thread.currentThread().interrupt();
                }
            }
        },
        DEAF {
            @Override
            void come(CountDownLatch end) {
                boolean interrupted = false;
                while (end.getCount() > 0) {
                    try {
                        end.await();
                    } catch (InterruptedException e) {
                        interrupted = true;
                    }
                }
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        },
        BUSY {
            @Override
            void come(CountDownLatch end) {
                while (end.getCount() > 0) {
                    Thread.onSpinWait();
                }
            }
        };

        abstract void come(CountDownLatch end);
    }

    /** Arrivals that hand over some records each time and then do something. */
    private record Then(boolean isLog, List<String> first, AtomicInteger readings, Reading reading)
            implements Arrivals<String> {
        interface Reading {
            void then(int reading, Visitor<? super String> visitor) throws Exception;
        }

        Then(boolean isLog, List<String> first, Reading reading) {
            this(isLog, first, new AtomicInteger(), reading);
        }

        @Override
        public long read(Visitor<? super String> visitor) throws Exception {
            int number = readings.getAndIncrement();
            if (number == 0 || !isLog) {
                for (int i = 0; i < first.size(); i++) {
                    visitor.record("out", i, first.get(i));
                }
            }
            reading.then(number, visitor);
            return number == 0 || !isLog ? first.size() : 0;
        }
    }

    @ParameterizedTest
    @EnumSource
    void aReadingThatNeverReturnsLeavesWhatItBroughtJudged(Never never) {
        sent.set(
                7,
                ORDERS.event(7)
                        .toString()
                        .replace("web", "wab")
                        .replace("app", "apb")
                        .replace("shop", "shoq"));
        sent.remove(450);
        for (boolean log : new boolean[] {true, false}) {
            Verdict verdict = timely(verification(new Then(log, sent, (reading, visitor) -> never(never))));

            assertThat(findings(verdict))
                    .as("%s", verdict)
                    .containsExactly(Map.entry(Finding.PENDING, 1L), Map.entry(Finding.CORRUPTED, 1L));
            assertThat(verdict.readToEnd()).isFalse();
            assertThat(verdict.facts())
                    .anyMatch(fact -> fact.startsWith("ended     : at the deadline of 9 s, while records were still"
                            + " being read; io.dataflux.verify.BoundedAwaitTest$Never$"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aLaterReadingThatNeverReturnsLeavesTheOneBefore(Never never) {
        sent.remove(450);
        for (boolean log : new boolean[] {true, false}) {
            Verdict verdict = timely(verification(new Then(log, sent, (reading, visitor) -> {
                if (reading > 0) {
                    never(never);
                }
            })));

            assertThat(findings(verdict)).containsExactly(Map.entry(Finding.PENDING, 1L));
            assertThat(verdict.records()).isEqualTo(EVENTS - 1);
        }
    }

    @Test
    void aQueueThatIsReadWithATakeIsCleanWhenEverythingHasCome() {
        BlockingQueue<String> queue = new LinkedBlockingQueue<>();
        Arrivals<String> taking = new Then(true, List.of(), (reading, visitor) -> {
            for (long i = 0; true; i++) {
                visitor.record("queue", i, queue.take());
            }
        });
        queue.addAll(sent);

        Verdict verdict = timely(verification(taking).deadline(LONGEST));

        assertThat(verdict.clean()).as("%s", verdict).isTrue();
        assertThat(verdict.facts())
                .contains(
                        "ended     : everything expected arrived, then nothing new for 50 ms, although reading went on");
    }

    /** What may come without end. */
    private enum Flood {
        OF_OTHER_RUNS(n -> OTHERS.event(n).toString(), Finding.FOREIGN),
        OF_NOTHING(n -> "{}", Finding.FOREIGN),
        OF_COPIES(n -> ORDERS.event(n % 3).toString(), Finding.DUPLICATE),
        OF_WHAT_WAS_NEVER_SENT(n -> ORDERS.event(EVENTS + n).toString(), Finding.PHANTOM);

        @SuppressWarnings("ImmutableEnumChecker") // a function without state
        private final Function<Long, String> record;

        private final Finding finding;

        Flood(Function<Long, String> record, Finding finding) {
            this.record = record;
            this.finding = finding;
        }
    }

    @ParameterizedTest
    @EnumSource
    void recordsThatComeWithoutEndWithinOneReading(Flood flood) {
        sent.remove(450);

        Verdict verdict = timely(verification(new Then(true, sent, (reading, visitor) -> {
            for (long n = 0; end.getCount() > 0; n++) {
                if (n == 1000) {
                    clock.pass(PAST_IT);
                }
                visitor.record("flood", n, flood.record.apply(n));
            }
        })));

        assertThat(findings(verdict)).containsOnlyKeys(Finding.PENDING, flood.finding);
        assertThat(verdict.count(Finding.PENDING)).isEqualTo(1);
        assertThat(verdict.facts()).contains("ended     : at the deadline of 9 s, while records were still being read");
    }

    @ParameterizedTest
    @EnumSource
    void recordsThatComeWithEachReadingMakeNothingPendingThatWasExpected(Flood flood) {
        sent.remove(450);
        Verdict verdict = timely(verification(new Then(
                true,
                sent,
                (reading, visitor) -> visitor.record("flood", reading, flood.record.apply((long) reading)))));
        assertThat(findings(verdict)).containsOnlyKeys(Finding.LOST, flood.finding);
        assertThat(verdict.readToEnd()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void whatHasToDoWithTheRunKeepsTheWaitingUpAndNothingElse(Flood flood) {
        Verdict verdict = timely(verification(new Then(
                true,
                sent,
                (reading, visitor) -> visitor.record("flood", reading, flood.record.apply((long) reading)))));
        assertThat(findings(verdict)).containsOnlyKeys(flood.finding);
        assertThat(clock.nanos())
                .isLessThanOrEqualTo(flood.finding == Finding.FOREIGN ? 200_000_000L : 9_000_000_000L)
                .isGreaterThanOrEqualTo(flood.finding == Finding.FOREIGN ? 50_000_000L : 9_000_000_000L);
    }

    @Test
    void aBacklogThatCannotBeReadInTimeIsCountedAndItsMissingEventsToo() {
        int many = 10_000_000;
        CompiledStream ticks = ORDERS;
        Ledger ledger = allOf(ticks, many);
        Arrivals<String> backlog = new Then(true, List.of(), (reading, visitor) -> {
            for (long n = 0; n < many; n++) {
                visitor.record("backlog", n, ticks.event(n).toString());
                if (n == 1000) {
                    clock.pass(PAST_IT);
                }
            }
        });

        Verdict verdict = timely(Verification.<Event, String>of(ticks, () -> ledger, event -> event, backlog)
                .deadline(DEADLINE)
                .clock(clock));

        assertThat(verdict.expected()).isEqualTo(many);
        assertThat(verdict.records()).isBetween(1L, many - 1L);
        assertThat(verdict.count(Finding.PENDING)).isEqualTo(many - verdict.records());
    }

    private static Ledger allOf(CompiledStream stream, long events) {
        Ledger small = SentEvents.ledger(0, 1, stream);
        List<Ledger.ShardLedger> shards = new ArrayList<>();
        for (int shard = 0; shard < stream.shards(); shard++) {
            shards.add(new Ledger.ShardLedger(
                    io.dataflux.ledger.Ranges.of(0, stream.schedule().localCount(shard, events)),
                    new io.dataflux.ledger.Ranges(),
                    new io.dataflux.ledger.Ranges()));
        }
        Ledger.Stream named =
                new Ledger.Stream(stream.name(), stream.seed(), stream.fingerprint(), stream.shards(), 0, events);
        return new Ledger(
                small.tag(),
                List.of(named),
                List.of(new Ledger.SinkLedger(
                        "broker", "kafka", "", List.of(new Ledger.StreamLedger(stream.name(), events, 0, 0, shards)))));
    }

    /** The functions of a test. */
    private enum Hook {
        TRACED_BY,
        EXPECTING_AT_FIRST,
        EXPECTING_LATER,
        DECODE
    }

    @ParameterizedTest
    @EnumSource
    void aFunctionThatNeverReturnsIsNamed(Hook hook) {
        List<String> came = hook == Hook.DECODE
                ? sent.stream().map(text -> text + " ").toList() // else equal bytes are enough
                : sent;
        for (Never never : Never.values()) {
            AtomicInteger calls = new AtomicInteger();
            Verification<Event, String> verification = Verification.<Event, String>of(
                            ORDERS,
                            () -> ALL,
                            event -> {
                                if (hook == Hook.DECODE) {
                                    never(never);
                                }
                                return event;
                            },
                            new Then(true, came, (reading, visitor) -> {}))
                    .settle(Duration.ofMillis(50))
                    .deadline(DEADLINE)
                    .clock(clock);
            if (hook == Hook.TRACED_BY) {
                verification.tracedBy(text -> {
                    never(never);
                    return 1;
                });
            } else if (hook != Hook.DECODE) {
                verification.expecting(event -> {
                    if (hook == Hook.EXPECTING_AT_FIRST || calls.incrementAndGet() == EVENTS + 100) {
                        never(never);
                    }
                    return Stream.of(event);
                });
            }

            Verdict verdict = timely(verification);

            assertThat(verdict.clean()).isFalse();
            assertThat(verdict.readToEnd()).isFalse();
            assertThat(verdict.judgesOrder()).isFalse();
            assertThat(verdict.toString()).contains("io.dataflux.verify.BoundedAwaitTest$Never$");
        }
    }

    @ParameterizedTest
    @EnumSource
    void deadLettersThatCannotBeReadLeaveTheRestJudged(Never never) {
        CompiledStream faulty = ORDERS.with(definition -> definition.faults(Faults.of("corrupt 10% as truncated")))
                .withTag(SentEvents.TAG);
        Ledger ledger = SentEvents.ledger(0, EVENTS, faulty);
        List<Long> broken = faulty.faults(0, EVENTS).stream()
                .map(io.dataflux.PlannedFault::sequence)
                .toList();
        List<String> whole = LongStream.range(0, EVENTS)
                .filter(n -> !broken.contains(n))
                .mapToObj(n -> faulty.event(n).toString())
                .toList();
        Arrivals<byte[]> letters = new Arrivals<>() {
            @Override
            public boolean isLog() {
                return true;
            }

            @Override
            public long read(Visitor<? super byte[]> visitor) {
                never(never);
                return 0;
            }
        };

        Verdict verdict = timely(Verification.<Event, String>of(
                        faulty, () -> ledger, event -> event, new Then(true, whole, (reading, visitor) -> {}))
                .deadLetters(letters)
                .deadline(DEADLINE)
                .clock(clock));

        assertThat(broken).isNotEmpty();
        assertThat(findings(verdict)).containsExactly(Map.entry(Finding.PENDING, (long) broken.size()));
    }

    @Test
    void whatCouldBeReadOnceIsTriedAgainUntilTheDeadline() {
        Verdict back = timely(verification(new Then(true, sent.subList(0, 400), (reading, visitor) -> {
                    if (reading > 0 && reading < 3) {
                        throw new IOException("connection refused");
                    }
                    for (int i = 400; reading == 3 && i < EVENTS; i++) {
                        visitor.record("out", i, sent.get(i));
                    }
                }))
                .deadline(LONGEST));
        Verdict gone = timely(verification(new Then(true, sent.subList(0, 400), (reading, visitor) -> {
            if (reading > 0) {
                throw new DeliveryException("no broker answers", null);
            }
        })));

        assertThat(back.clean()).as("%s", back).isTrue();
        assertThat(findings(gone)).containsExactly(Map.entry(Finding.PENDING, 100L));
        assertThat(gone.facts())
                .contains(
                        "ended     : at the deadline of 9 s; the arrivals could not be read any more: no broker answers");
    }

    @Test
    void whatCannotBeReadAtAllIsSaidAtOnce() {
        assertThatThrownBy(() -> verification(new Then(true, sent, (reading, visitor) -> {
                            throw new IOException("no such table");
                        }))
                        .deadline(LONGEST)
                        .await())
                .isInstanceOf(DeliveryException.class)
                .hasMessage("the arrivals could not be read: no such table");
    }

    @Test
    void askedAgainItReturnsTheSameVerdict() {
        Verification<Event, String> verification = verification(new Then(true, sent, (reading, visitor) -> {}));

        Verdict verdict = timely(verification);

        assertThat(verdict.clean()).isTrue();
        assertThat(verification.await()).isSameAs(verdict);
    }

    @Test
    void whoeverIsInterruptedWhileWaitingEndsAndSoDoesTheReading() throws Exception {
        CountDownLatch reading = new CountDownLatch(1);
        AtomicBoolean interrupted = new AtomicBoolean();
        Verification<Event, String> verification = verification(new Then(true, sent, (number, visitor) -> {
                    reading.countDown();
                    try {
                        end.await();
                    } catch (InterruptedException e) {
                        interrupted.set(true);
                        throw e;
                    }
                }))
                .settle(LONGEST)
                .deadline(LONGEST);
        List<Throwable> thrown = new ArrayList<>();
        Thread test = new Thread(() -> {
            try {
                verification.await();
            } catch (DeliveryException e) {
                thrown.add(e);
            }
        });
        test.start();
        reading.await();
        test.interrupt();
        test.join();

        assertThat(thrown)
                .singleElement()
                .extracting(Throwable::getMessage)
                .asString()
                .contains("interrupted while waiting");
        while (verificationThreads().stream().anyMatch(Thread::isAlive)) {
            Thread.onSpinWait();
        }
        assertThat(interrupted).isTrue();
    }

    @Test
    void itsThreadIsADaemonAndEndsWithTheVerdict() {
        List<Thread> seen = new ArrayList<>();
        timely(verification(new Then(true, sent, (reading, visitor) -> seen.add(Thread.currentThread()))));

        assertThat(seen).isNotEmpty().allMatch(Thread::isDaemon);
        while (seen.get(0).isAlive()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aCollectionThatBecomesEndlessIsReadUntilTheDeadline() {
        AtomicBoolean endless = new AtomicBoolean();
        Iterable<String> records = () -> new Iterator<>() {
            private int next;

            @Override
            public boolean hasNext() {
                return endless.get();
            }

            @Override
            public String next() {
                if (next == 2 * EVENTS) {
                    clock.pass(PAST_IT);
                }
                return sent.get(next++ % sent.size());
            }
        };
        Arrivals<String> log = Arrivals.log(records);
        Arrivals<String> snapshot = Arrivals.snapshot(() -> records);
        endless.set(true);

        for (Arrivals<String> arrivals : List.of(log, snapshot)) {
            Verdict verdict = timely(verification(arrivals));

            assertThat(findings(verdict)).containsOnlyKeys(Finding.DUPLICATE);
            assertThat(verdict.readToEnd()).isFalse();
        }
    }

    /** Does what takes longer than the deadline. */
    private void never(Never never) {
        clock.pass(PAST_IT);
        never.come(end);
    }

    private Verification<Event, String> verification(Arrivals<String> arrivals) {
        return Verification.<Event, String>of(ORDERS, () -> ALL, event -> event, arrivals)
                .settle(Duration.ofMillis(50))
                .deadline(DEADLINE)
                .clock(clock);
    }

    private static Verdict timely(Verification<?, ?> verification) {
        long begun = System.nanoTime();
        Verdict verdict = verification.await();
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(LONGEST);
        return verdict;
    }

    private static Collection<Thread> verificationThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("dataflux-verification"))
                .toList();
    }
}
