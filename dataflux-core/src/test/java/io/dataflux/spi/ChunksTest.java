package io.dataflux.spi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.spi.CutBatch.Item;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChunksTest {

    private static final int ROUNDS = Boolean.getBoolean("dataflux.thorough") ? 500 : 40;
    private static final LaneContext LANE = new LaneContext(
            "sink",
            0,
            1,
            7,
            0,
            List.of(new LaneContext.Stream("a", 1, 4), new LaneContext.Stream("b", 2, 4)),
            Path.of(""));

    private final List<Chunk> taken = new ArrayList<>();

    @Test
    void aChunkEndsWithItsLastEvent() throws Exception {
        Chunks chunks = new Chunks(LANE, false, 3, 1_000, taken::add);
        chunks.add(batch(0, 0, 1, 2, 3, 4, 5, 6), new Answers(7));
        assertThat(texts()).containsExactly("0 1 2", "3 4 5");
        chunks.flush();
        assertThat(texts()).containsExactly("0 1 2", "3 4 5", "6");
        chunks.flush();
        assertThat(taken).as("nothing is left").hasSize(3);
    }

    @Test
    void itsEventsHearThatItIsCompleteBeforeItIsDelivered() throws Exception {
        Answers answers = new Answers(7);
        List<Integer> known = new ArrayList<>();
        Chunks chunks = new Chunks(LANE, false, 3, 1_000, chunk -> known.add(answers.gathered));
        chunks.add(batch(0, 0, 1, 2, 3, 4, 5, 6), answers);
        chunks.flush();
        assertThat(known).containsExactly(3, 6, 7);
    }

    @Test
    void aChunkEndsWithItsLastByte() throws Exception {
        Chunks chunks = new Chunks(LANE, false, 100, 8, taken::add);
        List<Item> items = new ArrayList<>();
        for (String text : List.of("aaa", "bbb", "cccc", "ddd", "eeeeeeeeeeee", "f")) { // each with a line end
            items.add(new Item(0, items.size(), 0, items.size(), 0, 0, text));
        }
        chunks.add(new CutBatch(items), new Answers(6));
        chunks.flush();
        assertThat(texts())
                .as("full at 8; or before the event that would be too much; larger ones alone")
                .containsExactly("aaa bbb", "cccc", "ddd", "eeeeeeeeeeee", "f");
    }

    @Test
    void aChunkHoldsOneUnit() throws Exception {
        Chunks chunks = new Chunks(LANE, false, 100, 1_000, taken::add);
        chunks.add(batch(0, 0, 1), new Answers(2));
        chunks.add(batch(2, 2, 3), new Answers(2));
        assertThat(texts()).containsExactly("0 1");
        chunks.add(batch(4, 4), new Answers(1));
        assertThat(texts()).containsExactly("0 1", "2 3");
    }

    @Test
    void aNewUnitOfOneStreamLeavesTheOtherStreamOpen() throws Exception {
        Chunks chunks = new Chunks(LANE, false, 100, 1_000, taken::add);
        chunks.add(new CutBatch(List.of(item(0, 0, 0, 0), item(1, 0, 0, 0), item(0, 1, 1, 0))), new Answers(3));
        assertThat(texts()).containsExactly("0");
        assertThat(taken.get(0).stream()).isZero();
        chunks.flush();
        assertThat(taken).extracting(Chunk::stream).containsExactly(0, 0, 1);
    }

    @Test
    void theFirstEventOfAWindowEndsTheChunksOfAllStreams() throws Exception {
        Chunks chunks = new Chunks(LANE, false, 100, 1_000, taken::add);
        chunks.add(
                new CutBatch(List.of(item(1, 0, 0, 5), item(0, 0, 0, 5), item(0, 1, 0, 5), item(0, 2, 2, 6))),
                new Answers(4));
        assertThat(taken).extracting(Chunk::streamName).containsExactly("stream0", "stream1");
        assertThat(texts()).containsExactly("0 1", "0");
    }

    @Test
    void chunksPerShardHoldOneShardInTheOrderOfShards() throws Exception {
        Chunks chunks = new Chunks(LANE, true, 3, 1_000, taken::add);
        List<Item> items = new ArrayList<>();
        for (int n = 0; n < 8; n++) {
            items.add(new Item(0, n, 3 - n % 4, n / 4, 0, 0, "" + n));
        }
        chunks.add(new CutBatch(items), new Answers(8));
        chunks.flush();
        assertThat(texts()).containsExactly("3 7", "2 6", "1 5", "0 4");
        assertThat(taken).extracting(Chunk::firstShard).containsExactly(0, 1, 2, 3);
        assertThat(taken).allSatisfy(chunk -> {
            assertThat(chunk.lastShard()).isEqualTo(chunk.firstShard());
            assertThat(chunk.first()).isZero();
            assertThat(chunk.last()).isEqualTo(1);
        });
    }

    @Test
    void aChunkKnowsWhereItBeginsAndEnds() throws Exception {
        Chunks chunks = new Chunks(LANE, false, 3, 1_000, taken::add);
        chunks.add(
                new CutBatch(List.of(
                        new Item(1, 70, 2, 30, 64, 0, "p"),
                        new Item(1, 72, 0, 29, 64, 0, "q"),
                        new Item(1, 75, 3, 31, 64, 0, "r"))),
                new Answers(3));
        Chunk chunk = taken.get(0);
        assertThat(chunk.stream()).isEqualTo(1);
        assertThat(chunk.firstShard()).isEqualTo(2);
        assertThat(chunk.first()).isEqualTo(30);
        assertThat(chunk.lastShard()).isEqualTo(3);
        assertThat(chunk.last()).isEqualTo(31);
        assertThat(chunk.firstSequence()).isEqualTo(70);
        assertThat(chunk.lastSequence()).isEqualTo(75);
        assertThat(chunk.firstTimeMillis()).isEqualTo(1_070);
        assertThat(chunk).hasToString("stream1 70 to 75");
        assertThat(new String(chunk.bytes(), 0, chunk.length(), UTF_8)).isEqualTo("p\nq\nr\n");
        assertThat(new String(chunk.bytes(), chunk.start(1), chunk.end(1) - chunk.start(1), UTF_8))
                .isEqualTo("q");
    }

    @Test
    void settlingAChunkSettlesTheRightEventsOfItsBatches() throws Exception {
        Chunks chunks = new Chunks(LANE, false, 5, 1_000, taken::add);
        Answers first = new Answers(4);
        Answers second = new Answers(3);
        chunks.add(new CutBatch(List.of(item(0, 0), item(1, 0), item(0, 1), item(0, 2))), first);
        chunks.add(new CutBatch(List.of(item(0, 3), item(1, 1), item(0, 4))), second);
        chunks.flush();
        Throwable cause = new IllegalStateException();
        taken.get(0).acknowledged(0, 2);
        taken.get(0).failed(2, 4, cause);
        taken.get(0).unknown(4, 5, cause);
        assertThat(first).hasToString("a.af");
        assertThat(second).hasToString("f.u");
        taken.get(1).acknowledged();
        assertThat(first).hasToString("aaaf");
        assertThat(second).hasToString("fau");
        assertThat(first.calls).as("neighbours are settled by one call").isEqualTo(4);
    }

    @Test
    void whatIsRefusedFailedAndIsNotHandedOn() throws Exception {
        Chunks chunks = new Chunks(LANE, false, 2, 1_000, taken::add);
        Answers answers = new Answers(3);
        chunks.add(batch(0, 0, 1, 2), answers);
        chunks.refuse(new IllegalStateException());
        chunks.flush();
        assertThat(answers).hasToString("..f");
        assertThat(taken).hasSize(1);
    }

    @Test
    void whenATakerThrowsTheRestOfTheBatchFailed() {
        Chunks chunks = new Chunks(LANE, false, 2, 1_000, chunk -> {
            chunk.unknown(new IllegalStateException());
            throw new InterruptedException("stop");
        });
        Answers answers = new Answers(5);
        assertThatThrownBy(() -> chunks.add(batch(0, 0, 1, 2, 3, 4), answers)).isInstanceOf(InterruptedException.class);
        assertThat(answers).hasToString("uufff");
    }

    @Test
    void aChunkThatKeepsTheLaneWaitingIsHandedOnEarly() throws Exception {
        Chunks chunks = new Chunks(LANE, false, 10, 1_000, 20, taken::add);
        chunks.add(new CutBatch(List.of(item(1, 0), item(0, 0))), new Answers(2));
        for (int n = 1; n < 9; n++) {
            chunks.add(new CutBatch(List.of(item(0, n))), new Answers(1));
        }
        assertThat(taken).isEmpty();
        chunks.add(new CutBatch(List.of(item(0, 9))), new Answers(1)); // the eleventh: the other one is ten old
        assertThat(chunks.early()).isEqualTo(1);
        assertThat(taken).extracting(Chunk::stream).containsExactly(1, 0);
    }

    @Test
    void aPartitionHasAChunkOfItsOwn() throws Exception {
        Chunks chunks = new Chunks(LANE, true, 3, 1_000, taken::add).partition((batch, i) -> batch.sequence(i) / 5);
        chunks.add(batch(0, 0, 5, 1, 6, 2, 7, 4, 3), new Answers(8));
        assertThat(texts()).containsExactly("0 1 2", "5 6 7");
        chunks.flush();
        assertThat(texts()).containsExactly("0 1 2", "5 6 7", "4 3");
    }

    @Test
    void aChunkEndsAtABorder() throws Exception {
        Chunks chunks = new Chunks(LANE, true, 10, 1_000, taken::add)
                .border((open, batch, i) -> open.last() == 3 || batch.place(i) == 5);
        chunks.add(batch(0, 0, 1, 2, 3, 4, 5, 6), new Answers(7));
        assertThat(texts()).containsExactly("0 1 2 3", "4");
    }

    @Test
    void whatIsGatheredIsBounded() throws Exception {
        Chunks chunks = new Chunks(LANE, true, 10, 1_000, taken::add).heldBytes(8);
        chunks.add(new CutBatch(List.of(item(1, 0), item(0, 0), item(1, 1))), new Answers(3)); // of two bytes each
        chunks.add(new CutBatch(List.of(item(0, 1), item(0, 2))), new Answers(2));
        assertThat(taken).isEmpty();
        chunks.add(new CutBatch(List.of(item(0, 3))), new Answers(1));
        assertThat(chunks.early()).isEqualTo(1);
        assertThat(taken).extracting(Chunk::stream).containsExactly(1);
        chunks.add(new CutBatch(List.of(item(0, 4))), new Answers(1));
        assertThat(taken).as("there is room again").hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void chunksAreTheSameWhateverTheBatchesAndTheUnitThatAnAttemptBeginsWith(boolean perShard) throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            SplittableRandom random = new SplittableRandom(round);
            List<Item> all = items(random, 2_000);
            int events = random.nextInt(1, 60);
            int bytes = random.nextInt(1, 600);
            List<String> once = cut(List.of(all), perShard, events, bytes, 0);
            assertThat(String.join("", once).length()).isPositive();

            assertThat(cut(split(all, random), perShard, events, bytes, 1 + round % 3))
                    .as("other batches, arrays used again, seed %s", round)
                    .isEqualTo(once);

            // each stream goes on with a unit of its own choice
            List<Item> rest = from(all, random);
            List<String> resumed = cut(split(rest, random), perShard, events, bytes, 0);
            assertThat(once).as("resumed, seed %s", round).containsAll(resumed);
            assertThat(resumed.stream().mapToLong(ChunksTest::lines).sum()).isEqualTo(rest.size());
        }
    }

    /** Two streams of unequal rates in the order of their times, with blocks of sequences and windows. */
    private static List<Item> items(SplittableRandom random, int count) {
        long[] next = new long[2];
        long[][] places = new long[2][4];
        long[] blocks = {random.nextInt(1, 200), random.nextInt(1, 200)};
        long[] units = new long[2];
        long[] windows = new long[2];
        long window = 0;
        List<Item> items = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            window += random.nextInt(50) == 0 ? 1 : 0;
            int stream = random.nextInt(10) == 0 ? 1 : 0;
            long n = next[stream]++;
            if (n % blocks[stream] == 0 || windows[stream] != window) {
                units[stream] = n;
                windows[stream] = window;
            }
            int shard = random.nextInt(4);
            String text = stream + ":" + n + "x".repeat(random.nextInt(20));
            items.add(new Item(stream, n, shard, places[stream][shard]++, units[stream], window, text));
        }
        return items;
    }

    private static List<Item> from(List<Item> all, SplittableRandom random) {
        long[] starts = IntStream.range(0, 2)
                .mapToLong(stream -> {
                    long[] units = all.stream()
                            .filter(item -> item.stream() == stream)
                            .mapToLong(Item::unit)
                            .distinct()
                            .toArray();
                    return units[random.nextInt(units.length)];
                })
                .toArray();
        return all.stream().filter(item -> item.unit() >= starts[item.stream()]).toList();
    }

    private static List<List<Item>> split(List<Item> all, SplittableRandom random) {
        List<List<Item>> batches = new ArrayList<>();
        for (int from = 0; from < all.size(); ) {
            int to = Math.min(all.size(), from + random.nextInt(1, 120));
            batches.add(all.subList(from, to));
            from = to;
        }
        return batches;
    }

    /** @param spare how many arrays are kept to be used again */
    private static List<String> cut(List<List<Item>> batches, boolean perShard, int events, int bytes, int spare)
            throws Exception {
        List<String> cut = new ArrayList<>();
        Deque<byte[]> arrays = new ArrayDeque<>();
        List<byte[]> over = new ArrayList<>();
        Chunks chunks = new Chunks(LANE, perShard, events, bytes, chunk -> {
            cut.add(chunk.stream() + " " + chunk.firstShard() + "." + chunk.first() + " " + chunk.lastShard() + "."
                    + chunk.last() + "\n" + text(chunk));
            over.add(chunk.bytes());
        });
        chunks.arrays(size -> {
            byte[] found = arrays.poll();
            return found == null || found.length < size ? new byte[size] : found;
        });
        for (List<Item> batch : batches) {
            chunks.add(new CutBatch(batch), new Answers(batch.size()));
            over.stream().limit(spare).forEach(arrays::add);
            over.clear();
        }
        chunks.flush();
        return cut;
    }

    private static long lines(String chunk) {
        return chunk.lines().count() - 1;
    }

    private static Item item(int stream, long n) {
        return item(stream, n, 0, 0);
    }

    private static Item item(int stream, long n, long unit, long window) {
        return new Item(stream, n, 0, n, unit, window, "" + n);
    }

    private static CutBatch batch(long unit, long... sequences) {
        return new CutBatch(
                Arrays.stream(sequences).mapToObj(n -> item(0, n, unit, 0)).toList());
    }

    private List<String> texts() {
        return taken.stream()
                .map(chunk -> text(chunk).strip().replace('\n', ' '))
                .toList();
    }

    private static String text(Chunk chunk) {
        return new String(chunk.bytes(), 0, chunk.length(), UTF_8);
    }

    /** One letter per event: open, acknowledged, failed, unknown. */
    private static final class Answers implements Outcome {
        private final char[] letters;
        private int gathered;
        int calls;

        Answers(int size) {
            letters = new char[size];
            Arrays.fill(letters, '.');
        }

        @Override
        public void gathered(int from, int to) {
            gathered += to - from;
        }

        @Override
        public void acknowledged(int from, int to) {
            settle(from, to, 'a');
        }

        @Override
        public void failed(int from, int to, Throwable cause) {
            settle(from, to, 'f');
        }

        @Override
        public void unknown(int from, int to, Throwable cause) {
            settle(from, to, 'u');
        }

        private void settle(int from, int to, char letter) {
            calls++;
            for (int i = from; i < to; i++) {
                assertThat(letters[i]).isEqualTo('.');
                letters[i] = letter;
            }
        }

        @Override
        public String toString() {
            return new String(letters);
        }
    }
}
