package io.dataflux.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.encode.CompiledStream;
import io.dataflux.ledger.Ranges;
import io.dataflux.plan.Extent;
import io.dataflux.plan.History;
import io.dataflux.plan.LaneShare;
import io.dataflux.plan.Pace;
import io.dataflux.plan.Regions;
import io.dataflux.plan.RunConfig;
import io.dataflux.plan.UnitCuts;
import io.dataflux.spi.DeliveryUnit;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the outcomes of batches become in a lane's books, batch by batch. Long, because the books of a lane are tried here, too. */
class ReceiptTest {

    private static final int SHARDS = 8;
    private final IOException refused = new IOException("refused");

    private final AtomicLong time = new AtomicLong(1_000);
    private final Sketch sketch = new Sketch(Path.of("")).stream("orders", 1000).stream("clicks", 1000);
    private final List<String> failures = new ArrayList<>();
    private final SinkFailures words = new SinkFailures("all", () -> failures.add("failed"));
    private final Tuning tuning = Tuning.DEFAULT.open(40, 3000).ticker(new Ticker() {
        @Override
        public long nanos() {
            return time.get();
        }

        @Override
        public void park(long nanos) {
            throw new AssertionError("nobody waits");
        }
    });

    /** A lane that has the first stream's even shards and all of the second's. */
    private final Books books = new Books(sketch.streams(), List.of(share(0, 2), share(1, 1)), 500, Long.MAX_VALUE);

    private final BatchBuffer batch =
            new BatchBuffer(sketch.streams(), new Regions(sketch.config()), 7, 0, Tuning.DEFAULT);

    private static LaneShare share(int stream, int every) {
        boolean[] owned = new boolean[SHARDS];
        for (int shard = 0; shard < SHARDS; shard += every) {
            owned[shard] = true;
        }
        return new LaneShare(stream, 0, 1000, owned, List.of(), null);
    }

    private OpenBatches open(boolean paced) {
        RunClock clock = new RunClock(tuning.ticker());
        clock.begin(null);
        return new OpenBatches(tuning, 0, clock, paced, words, books, Thread.currentThread());
    }

    /** A batch of so many events of shard 0: places from {@code first} on, each of so many bytes and a line end. */
    private BatchBuffer batch(int events, long first, int bytes) {
        batch.clear();
        for (int i = 0; i < events; i++) {
            batch.end[i] = i * (bytes + 1) + bytes;
            batch.shard[i] = 0;
            batch.place[i] = first + i;
            batch.firstPlace[i] = first + i;
            batch.due[i] = 100L + i;
        }
        batch.resize(events);
        return batch;
    }

    private Receipt issue(OpenBatches open, BatchBuffer of) {
        return Objects.requireNonNull(open.issue(of));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 63, 64, 65, 127, 128, 200, 1000})
    void whateverTheOrderOfOutcomesEachEventHasOne(int events) {
        OpenBatches open = open(true);
        books.sees(0);
        SplittableRandom random = new SplittableRandom(events);
        Ranges[] expected = {new Ranges(), new Ranges(), new Ranges()};
        long bytes = 0;
        for (int round = 0; round < 10; round++) {
            long first = 5_000L * round;
            Receipt receipt = issue(open, batch(events, first, 9));
            List<int[]> outcomes = new ArrayList<>();
            for (int from = 0; from < events; ) {
                int to = Math.min(events, from + random.nextInt(1, 140));
                int kind = Math.max(0, random.nextInt(5) - 2);
                outcomes.add(new int[] {from, to, kind});
                expected[kind].add(first + from, first + to);
                bytes += kind == 0 ? 9L * (to - from) : 0;
                from = to;
            }
            Collections.shuffle(outcomes, new Random(random.nextLong()));
            for (int[] outcome : outcomes) {
                open.fold();
                assertThat(open.allSettled()).isFalse();
                switch (outcome[2]) {
                    case 0 -> receipt.acknowledged(outcome[0], outcome[1]);
                    case 1 -> receipt.failed(outcome[0], outcome[1], refused);
                    default -> receipt.unknown(outcome[0], outcome[1], refused);
                }
            }
            open.fold();
            assertThat(open.allSettled()).isTrue();
        }
        Book book = books.book(0);
        assertThat(book.acknowledged()).isEqualTo(expected[0]);
        assertThat(book.failed()).isEqualTo(expected[1]);
        assertThat(book.unknown()).isEqualTo(expected[2]);
        assertThat(book.acknowledgedEvents()).isEqualTo(expected[0].count()).isEqualTo(books.acknowledged.get());
        assertThat(book.failedEvents()).isEqualTo(expected[1].count()).isEqualTo(books.failed.get());
        assertThat(book.unknownEvents()).isEqualTo(expected[2].count()).isEqualTo(books.unknown.get());
        assertThat(books.bytes).hasValue(bytes);
        StepBook step = books.stepBook(0);
        assertThat(List.of(step.acknowledged, step.failed, step.unknown))
                .containsExactly(expected[0].count(), expected[1].count(), expected[2].count());
        assertThat(step.latency.count()).isEqualTo(10L * events);
        assertThat(words.sentences(List.of(), past())).noneMatch(word -> word.contains("more than once"));
    }

    private EarlierAttempts past() {
        return new EarlierAttempts(
                sketch.config(), History.of(new Extent(sketch.streams(), new long[2], new long[] {9, 9})), "all");
    }

    @Test
    void theFirstOutcomeCountsAndASecondOneIsADefectOfTheSink() {
        OpenBatches open = open(true);
        books.sees(0);
        Receipt receipt = issue(open, batch(200, 0, 9));
        receipt.failed(60, 70, refused);
        receipt.acknowledged(0, 128);
        receipt.unknown(100, 150, refused);
        receipt.acknowledged(3, 3);
        assertThat(open.allSettled()).isFalse();
        receipt.acknowledged(150, 200);
        open.fold();

        assertThat(open.allSettled()).isTrue();
        assertThat(books.book(0).failed()).isEqualTo(Ranges.of(60, 70));
        assertThat(books.book(0).unknown()).isEqualTo(Ranges.of(128, 150));
        assertThat(books.book(0).acknowledged()).isEqualTo(Ranges.of(0, 60, 70, 128, 150, 200));
        assertThat(failures).as("two calls with something new").hasSize(2);
        assertThat(words.sentences(List.of(), past()))
                .contains("sink 'all': 38 events settled more than once; the first outcome counts, and the sink has a"
                        + " defect");
    }

    @Test
    void whatIsNotInTheBatchCannotBeSettled() {
        Receipt receipt = issue(open(true), batch(10, 0, 9));

        assertThatThrownBy(() -> receipt.acknowledged(0, 11)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> receipt.failed(-1, 3, refused)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> receipt.unknown(4, 3, refused)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(failures).isEmpty();
    }

    @Test
    void whatWasGivenUpIsUnknownAndLaterOutcomesAreIgnored() {
        OpenBatches open = open(true);
        books.sees(0);
        Receipt receipt = issue(open, batch(10, 0, 9));
        receipt.acknowledged(0, 4);
        assertThat(receipt.wasAbandoned()).isFalse();

        open.abandon(refused);
        receipt.acknowledged(0, 10);
        receipt.failed(0, 10, refused);
        open.fold();

        assertThat(receipt.wasAbandoned()).isTrue();
        assertThat(open.allSettled()).isTrue();
        assertThat(books.book(0).acknowledged()).isEqualTo(Ranges.of(0, 4));
        assertThat(books.book(0).unknown()).isEqualTo(Ranges.of(4, 10));
        assertThat(failures).as("once, for the six").hasSize(1);
        assertThat(words.sentences(List.of(), past()))
                .containsExactly("sink 'all': 6 events unknown: IOException: refused");
        for (int i = 0; i < 30; i++) {
            Receipt next = issue(open, batch(10, 10L * i + 10, 9));
            assertThat(next).as("never used again").isNotSameAs(receipt);
            next.acknowledged(0, 10);
            open.fold();
        }
        assertThat(receipt.abandon()).as("nothing is left").isZero();
    }

    /** The outcome of an event also covers the places before it that were not for this sink. */
    @Test
    void eachEventIsBookedInItsShardAndStepWithThePlacesBeforeIt() {
        OpenBatches open = open(true);
        books.sees(0);
        batch(4, 0, 9);
        int[] shards = {0, 6, 0, 2};
        long[] first = {0, 3, 1, 0};
        long[] places = {0, 5, 8, 0};
        for (int i = 0; i < 4; i++) {
            batch.shard[i] = shards[i];
            batch.firstPlace[i] = first[i];
            batch.place[i] = places[i];
        }
        Receipt early = issue(open, batch);
        books.sees(500);
        books.sees(700);
        batch(2, 40, 9);
        batch.shard[0] = 4;
        batch.shard[1] = 4;
        Receipt late = issue(open, batch);
        early.acknowledged(0, 3);
        late.failed(0, 1, refused);
        late.acknowledged(1, 2);
        early.unknown(3, 4, refused);
        open.fold();

        assertThat(books.book(0).acknowledged()).isEqualTo(Ranges.of(0, 9));
        assertThat(books.book(0).acknowledgedEvents()).isEqualTo(2);
        assertThat(books.book(6).acknowledged()).isEqualTo(Ranges.of(3, 6));
        assertThat(books.book(2).unknown()).isEqualTo(Ranges.of(0, 1));
        assertThat(books.book(4).failed()).isEqualTo(Ranges.of(40, 41));
        assertThat(books.book(4).acknowledged()).isEqualTo(Ranges.of(41, 42));
        assertThat(steps())
                .containsExactly(
                        "1 seen, 3 acknowledged, 0 failed, 1 unknown", "2 seen, 1 acknowledged, 1 failed, 0 unknown");
    }

    private List<String> steps() {
        List<String> steps = new ArrayList<>();
        for (int step = 0; step <= books.step(); step++) {
            StepBook book = books.stepBook(step);
            steps.add(book.seen + " seen, " + book.acknowledged + " acknowledged, " + book.failed + " failed, "
                    + book.unknown + " unknown");
        }
        return steps;
    }

    @Test
    void latencyIsCountedFromWhenAnEventWasDueOrHandedOver() {
        for (boolean paced : new boolean[] {true, false}) {
            time.set(1_000);
            OpenBatches open = open(paced);
            Books of = books;
            books.sees(0);
            time.set(1_050);
            Receipt receipt = issue(open, batch(3, paced ? 0 : 3, 9)); // due at 100, 101, 102
            time.set(1_110);
            receipt.acknowledged(2, 3);
            time.set(1_120);
            receipt.acknowledged(0, 2);
            time.set(1_130);
            open.fold();

            Histogram latency = of.stepBook(0).latency;
            assertThat(of.stepBook(0).lastSettled).isEqualTo(120);
            if (paced) {
                assertThat(latency.count()).isEqualTo(3);
                assertThat(latency.max()).isEqualTo(20);
                assertThat(latency.percentile(50)).isEqualTo(19);
                assertThat(latency.percentile(1)).isEqualTo(8);
            } else {
                assertThat(latency.count()).isEqualTo(6);
                assertThat(latency.max()).as("handed over at 50").isEqualTo(70);
                assertThat(latency.percentile(60)).isEqualTo(60);
            }
        }
    }

    @Test
    void everyEventOfALargeBatchHasItsLatency() {
        OpenBatches open = open(true);
        books.sees(0);
        Receipt receipt = issue(open, batch(200, 0, 9)); // due at 100, 101, ...
        time.set(2_100);
        receipt.acknowledged(150, 200);
        receipt.acknowledged(0, 70);
        time.set(6_000);
        receipt.acknowledged(0, 70);
        time.set(2_200);
        receipt.acknowledged(70, 150);
        time.set(8_000);
        receipt.acknowledged(0, 200);
        open.fold();

        Histogram latency = books.stepBook(0).latency;
        assertThat(latency.count()).isEqualTo(200);
        assertThat(latency.max()).as("the first of the second outcome").isEqualTo(1_200 - 170);
        assertThat((double) latency.percentile(1)).isCloseTo(1_100 - 299, org.assertj.core.api.Assertions.within(9.0));
        assertThat(books.stepBook(0).lastSettled)
                .as("not when a sink repeats itself")
                .isEqualTo(1_200);
    }

    @Test
    void aReceiptHasRoomForTheBatchAndIsUsedAgain() {
        OpenBatches open = open(true);
        books.sees(0);
        List<Integer> rooms = new ArrayList<>();
        for (int events : new int[] {1, 8, 9, 16, 17, 1000, 1024}) {
            Receipt receipt = new Receipt(open);
            receipt.issue(batch(events, 0, 9), books, true, 0);
            rooms.add(receipt.room());
            assertThat(receipt.size()).isEqualTo(events);
        }
        assertThat(rooms).containsExactly(8, 8, 16, 16, 32, 1024, 1024);

        Receipt receipt = new Receipt(open);
        for (int events : new int[] {100, 3, 100}) {
            receipt.issue(batch(events, 0, 9), books, true, 0);
            assertThat(receipt.room()).isEqualTo(128);
            receipt.failed(0, events, refused);
            Books fresh = new Books(sketch.streams(), List.of(share(0, 1)), Long.MAX_VALUE);
            fresh.sees(0);
            receipt.fold(fresh);
            assertThat(fresh.book(0).failedEvents()).isEqualTo(events);
            receipt.issue(batch(events, 0, 9), books, true, 0);
            receipt.acknowledged(0, events);
            fresh = new Books(sketch.streams(), List.of(share(0, 1)), Long.MAX_VALUE);
            fresh.sees(0);
            receipt.fold(fresh);
            assertThat(fresh.book(0).acknowledgedEvents()).isEqualTo(events);
            assertThat(fresh.book(0).failed().isEmpty()).isTrue();
        }

        receipt.issue(batch(100, 0, 9), books, true, 0);
        receipt.failed(0, 50, refused);
        receipt.unknown(50, 100, refused);
        receipt.issue(batch(100, 0, 9), books, true, 0);
        receipt.failed(7, 8, refused);
        receipt.unknown(97, 98, refused);
        receipt.acknowledged(0, 7);
        receipt.acknowledged(8, 97);
        receipt.acknowledged(98, 100);
        Books after = new Books(sketch.streams(), List.of(share(0, 1)), Long.MAX_VALUE);
        after.sees(0);
        receipt.fold(after);
        assertThat(after.book(0).failed()).as("nothing of the batch before").isEqualTo(Ranges.of(7, 8));
        assertThat(after.book(0).unknown()).isEqualTo(Ranges.of(97, 98));
    }

    @Test
    void aLaneHasTheBooksOfItsShards() {
        assertThat(Books.firsts(sketch.streams())).containsExactly(0, 8, 16);
        assertThat(books.count()).isEqualTo(16);
        assertThat(books.index(0, 3)).isEqualTo(3);
        assertThat(books.index(1, 3)).isEqualTo(11);
        for (int index = 0; index < 16; index++) {
            Book book = books.bookOrNull(index);
            if (index >= 8 || index % 2 == 0) {
                assertThat(book).isSameAs(books.book(index)).isNotNull();
                assertThat(book.index()).isEqualTo(index);
            } else {
                int others = index;
                assertThat(book).isNull();
                assertThatThrownBy(() -> books.book(others)).hasMessage("book " + others + " belongs to another lane");
            }
        }
    }

    @Test
    void theStepOfALaneIsThatOfWhatItSawLast() {
        assertThat(books.step()).isEqualTo(-1);
        assertThat(books.isOfLaterStep(0)).as("than none").isTrue();
        books.sees(3);
        books.sees(499);
        assertThat(books.step()).isZero();
        assertThat(books.isOfLaterStep(499)).isFalse();
        assertThat(books.isOfLaterStep(500)).isTrue();
        assertThat(books.stepBookOrNull(1)).as("not reached").isNull();
        books.sees(500);
        assertThat(books.step()).isEqualTo(1);
        assertThat(books.stepBookOrNull(1)).isSameAs(books.stepBook(1)).isNotNull();
        assertThat(steps())
                .containsExactly(
                        "2 seen, 0 acknowledged, 0 failed, 0 unknown", "1 seen, 0 acknowledged, 0 failed, 0 unknown");

        Books skipping = new Books(sketch.streams(), List.of(), 10, 20, Long.MAX_VALUE);
        skipping.sees(25);
        assertThat(skipping.step()).isEqualTo(2);
        assertThat(skipping.stepBookOrNull(1)).isNull();
    }

    /** What is left of a lane's shards behind its last event belongs to no event of this sink, and is done with them. */
    @Test
    void aLaneThatIsThroughHasDoneWithAllPlacesOfItsShards() {
        CompiledStream clicks = sketch.streams().get(1);
        Extent extent = new Extent(sketch.streams(), new long[2], new long[] {300, 300});
        List<List<Ranges>> none =
                List.of(Collections.nCopies(SHARDS, new Ranges()), Collections.nCopies(SHARDS, new Ranges()));
        for (LaneShare share : LaneShare.deal(History.of(extent), none, 2, RunConfig.Part.WHOLE)
                .get(1)) {
            if (share.stream() == 1) {
                Books its = new Books(sketch.streams(), List.of(share), Long.MAX_VALUE);
                StreamCursor cursor = new StreamCursor(
                        clicks,
                        share,
                        new Pace(Instant.EPOCH, Double.POSITIVE_INFINITY),
                        new UnitCuts(clicks, DeliveryUnit.NONE));
                its.complete(cursor);
                for (int shard = 0; shard < SHARDS; shard++) {
                    Book book = its.bookOrNull(its.index(1, shard));
                    if (share.owned()[shard]) {
                        assertThat(book.acknowledged())
                                .isEqualTo(Ranges.of(0, share.places().end(shard)));
                        assertThat(book.acknowledgedEvents()).isZero();
                    }
                }
            }
        }
    }
}
