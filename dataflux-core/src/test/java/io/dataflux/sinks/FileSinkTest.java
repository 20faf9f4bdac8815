package io.dataflux.sinks;

import static io.dataflux.sinks.TestOutcome.Fate.ACKNOWLEDGED;
import static io.dataflux.sinks.TestOutcome.Fate.FAILED;
import static io.dataflux.sinks.TestOutcome.Fate.OPEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.ConfigurationException;
import io.dataflux.DeliveryException;
import io.dataflux.spi.Delivered;
import io.dataflux.spi.LaneContext;
import io.dataflux.spi.Sink;
import io.dataflux.spi.SinkReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSinkTest {

    private static final long NEVER = 1 << 30;
    private static final Duration A_DAY = Duration.ofDays(1);

    @TempDir
    private Path temp;

    @Test
    void acknowledgesWhatIsUnderItsFinalNameAndNothingBefore() throws Exception {
        try (Sink sink = open(lane(), NEVER)) {
            TestOutcome outcome = TestBatch.range(10, 13).sendTo(sink);
            assertThat(outcome.fate()).isEqualTo(OPEN);
            assertThat(names()).containsExactly("orders-0of1.jsonl.part");

            sink.flush();

            assertThat(outcome.fate()).isEqualTo(ACKNOWLEDGED);
            assertThat(names()).containsExactly("orders-0of1-000000-0.2.2.jsonl");
            assertThat(lines(names().get(0))).isEqualTo(TestBatch.texts(10, 13));
        }
    }

    @Test
    void beginsTheNextFileAtItsSize() throws Exception {
        try (Sink sink = open(lane(), 100)) {
            assertThat(TestBatch.range(0, 1).sendTo(sink).fate()).isEqualTo(OPEN);
            assertThat(TestBatch.range(1, 2).sendTo(sink).fate()).isEqualTo(ACKNOWLEDGED);
            assertThat(TestBatch.range(2, 3).sendTo(sink).fate()).isEqualTo(OPEN);
            sink.flush();
        }
        assertThat(names()).containsExactly("orders-0of1-000000-0.0.0.jsonl", "orders-0of1-000001-0.2.0.jsonl");
        assertThat(lines(names().get(1))).isEqualTo(TestBatch.texts(2, 3));
    }

    @Test
    void endsAFileBeforeAWaitInWhichItWouldGetTooOld() throws Exception {
        AtomicLong now = new AtomicLong(-5_000_000_000L);
        Duration interval = Duration.ofSeconds(10);
        LaneContext lane = lane();
        DurableFolder folder = new DurableFolder(lane.output().resolve(lane.sink()));
        folder.create();
        try (Sink sink = new FileSink(folder, lane, NEVER, interval, now::get)) {
            sink.idle(Long.MAX_VALUE); // nothing is open
            TestOutcome first = TestBatch.range(0, 1).sendTo(sink);
            now.addAndGet(1_000_000_000L);
            sink.idle(interval.toNanos() - 1_000_000_001L);
            assertThat(first.fate()).isEqualTo(OPEN);
            sink.idle(interval.toNanos() - 1_000_000_000L);
            assertThat(first.fate()).isEqualTo(ACKNOWLEDGED);
            TestOutcome second = TestBatch.range(1, 2).sendTo(sink);
            sink.idle(Long.MAX_VALUE); // a pause
            assertThat(second.fate()).isEqualTo(ACKNOWLEDGED);
        }
    }

    @Test
    void endsAFileWithTheBatchThatFindsItOldEnough() throws Exception {
        AtomicLong now = new AtomicLong(-5_000_000_000L);
        Duration interval = Duration.ofSeconds(10);
        LaneContext lane = lane();
        DurableFolder folder = new DurableFolder(lane.output().resolve(lane.sink()));
        folder.create();
        try (Sink sink = new FileSink(folder, lane, NEVER, interval, now::get)) {
            TestOutcome first = TestBatch.range(0, 1).sendTo(sink);
            now.addAndGet(interval.toNanos() - 1);
            TestOutcome second = TestBatch.range(1, 2).sendTo(sink);
            assertThat(List.of(first.fate(), second.fate())).containsOnly(OPEN);
            now.addAndGet(1);
            TestOutcome third = TestBatch.range(2, 3).sendTo(sink);
            assertThat(List.of(first.fate(), second.fate(), third.fate())).containsOnly(ACKNOWLEDGED);

            assertThat(TestBatch.range(3, 4).sendTo(sink).fate())
                    .as("the next file is young")
                    .isEqualTo(OPEN);
            sink.flush();
        }
        assertThat(names()).containsExactly("orders-0of1-000000-0.0.0.jsonl", "orders-0of1-000001-0.3.0.jsonl");
    }

    @Test
    void neverLeavesAsManyBatchesUnsettledAsALaneHandsOut() throws Exception {
        assertThat(mostUnsettled(3 * FileSink.MOST_BATCHES, 1)).isEqualTo(FileSink.MOST_BATCHES - 1);
    }

    @Test
    void neverLeavesAsManyEventsUnsettledAsALaneHandsOut() throws Exception {
        assertThat(mostUnsettled(3 * FileSink.MOST_EVENTS / 1024, 1024)).isEqualTo(FileSink.MOST_EVENTS / 1024 - 1);
    }

    /** How many of these batches were unsettled at most after a write. */
    private long mostUnsettled(int batches, int eventsPerBatch) throws Exception {
        long most = 0;
        try (Sink sink = open(lane(), NEVER)) {
            List<TestOutcome> outcomes = new ArrayList<>();
            for (int i = 0; i < batches; i++) {
                long from = (long) i * eventsPerBatch;
                outcomes.add(TestBatch.range(from, from + eventsPerBatch).sendTo(sink));
                long open = outcomes.stream()
                        .filter(outcome -> outcome.fate() == OPEN)
                        .count();
                most = Math.max(most, open);
            }
        }
        return most;
    }

    @Test
    void callsTheFilesOfSeveralStreamsAll() throws Exception {
        LaneContext two = new LaneContext(
                "keep",
                1,
                3,
                0,
                0,
                List.of(new LaneContext.Stream("orders", 1, 4), new LaneContext.Stream("clicks", 2, 4)),
                temp);
        try (Sink sink = open(two, NEVER)) {
            TestBatch.of(1, 5).sendTo(sink);
            TestBatch.of(0, 9).sendTo(sink);
            sink.flush();
        }
        assertThat(names()).containsExactly("all-1of3-000000-1.1.1.jsonl");
        assertThat(lines(names().get(0))).containsExactly(TestBatch.text(1, 5), TestBatch.text(0, 9));
    }

    @Test
    void keepsTheFilesOfRunsAndSinksApartUnderAFolderOfItsOwn() throws Exception {
        FileConnector connector = new FileConnector(temp.resolve("own"), NEVER, A_DAY);
        connector.prepare(lane());
        try (Sink sink = connector.open(lane())) {
            TestBatch.range(0, 1).sendTo(sink);
            sink.flush();
        }
        assertThat(temp.resolve("own/5f3a90c1/keep/orders-0of1-000000-0.0.0.jsonl"))
                .exists();
    }

    @Test
    void givesUpWhatWasNotFlushed() throws Exception {
        Sink sink = open(lane(), NEVER);
        TestOutcome outcome = TestBatch.range(0, 3).sendTo(sink);
        sink.close();

        assertThat(outcome.fate()).isEqualTo(FAILED);
        assertThat(names()).isEmpty();
    }

    @Test
    void readsItsWholeFilesBackEachOnceAsOneLogPerLane() throws Exception {
        FileConnector connector = new FileConnector(null, NEVER, A_DAY);
        connector.prepare(lane());
        List<String> records = new ArrayList<>();
        SinkReader.Visitor visitor = (source, offset, key, value, header) -> {
            assertThat(key).isNull();
            assertThat(header).isNull();
            records.add(source + ":" + offset + " " + new String(value, StandardCharsets.UTF_8));
        };
        try (SinkReader reader = connector.readBack().orElseThrow().reader(lane(), "");
                Sink sink = connector.open(lane())) {
            TestBatch.range(0, 2).sendTo(sink);
            assertThat(reader.read(visitor)).as("before the file is whole").isZero();
            sink.flush();
            assertThat(reader.read(visitor)).isEqualTo(2);
            TestBatch.range(2, 3).sendTo(sink);
            sink.flush();
            assertThat(reader.read(visitor)).isEqualTo(1);
        }
        assertThat(records)
                .containsExactly(
                        "orders-0of1:0 " + TestBatch.text(0, 0),
                        "orders-0of1:1 " + TestBatch.text(0, 1),
                        "orders-0of1:2 " + TestBatch.text(0, 2));
    }

    @Test
    void readsLinesOfAnyLengthAndWhatIsLeftOfACutFile() throws Exception {
        String far = "x".repeat(200_000);
        Files.createDirectories(folder());
        Files.writeString(folder().resolve("orders-0of1-000000-0.0.0.jsonl"), "a\n\n" + far + "\nb\nhalf");
        List<String> records = new ArrayList<>();
        try (SinkReader reader =
                new FileConnector(null, NEVER, A_DAY).readBack().orElseThrow().reader(lane(), "")) {
            reader.read((source, offset, key, value, header) ->
                    records.add(offset + new String(value, StandardCharsets.UTF_8)));
        }
        assertThat(records).containsExactly("0a", "1", "2" + far, "3b", "4half");
    }

    @Test
    void goesOnBehindItsFilesAfterAKill() throws Exception {
        writeFiles(0, 2, 4);
        Files.writeString(folder().resolve("orders-0of1.jsonl.part"), "half a li");

        try (Sink sink = resume(4)) {
            TestBatch.range(4, 6).sendTo(sink);
            sink.flush();
        }

        assertThat(allLines()).isEqualTo(TestBatch.texts(0, 6));
        assertThat(names()).hasSize(3);
    }

    @Test
    void writesFilesAgainThatTheCheckpointDidNotSee() throws Exception {
        writeFiles(0, 2, 4, 6);

        try (Sink sink = resume(2)) {
            TestBatch.range(2, 7).sendTo(sink);
            sink.flush();
        }

        assertThat(allLines()).isEqualTo(TestBatch.texts(0, 7));
        assertThat(names()).containsExactly("orders-0of1-000000-0.0.0.jsonl", "orders-0of1-000001-0.2.0.jsonl");
    }

    @Test
    void leavesTheFilesOfOtherLanesAloneWhenItGoesOn() throws Exception {
        FileConnector connector = new FileConnector(null, NEVER, A_DAY);
        connector.prepare(TestBatch.lane(0, 2, temp));
        for (int lane = 0; lane < 2; lane++) {
            try (Sink sink = connector.open(TestBatch.lane(lane, 2, temp))) {
                TestBatch.of(0, lane).sendTo(sink);
                sink.flush();
            }
        }
        connector.prepare(TestBatch.lane(0, 2, 1, temp));
        connector.resume().recover(TestBatch.lane(0, 2, 1, temp), acknowledged(0));
        try (Sink sink = connector.open(TestBatch.lane(0, 2, 1, temp))) {
            TestBatch.of(0, 0, 2).sendTo(sink);
            sink.flush();
        }
        assertThat(allLines()).isEqualTo(List.of(TestBatch.text(0, 0), TestBatch.text(0, 2), TestBatch.text(0, 1)));
    }

    @Test
    void leavesTheFilesOfOtherPartsAloneWhenItBegins() throws Exception {
        FileConnector connector = new FileConnector(null, NEVER, A_DAY);
        LaneContext whole = TestBatch.lane(0, 2, temp);
        for (int part = 0; part < 2; part++) {
            LaneContext lane =
                    new LaneContext(whole.sink(), part, 2, 2, whole.tag(), 0, whole.streams(), whole.output());
            connector.prepare(lane);
            try (Sink sink = connector.open(lane)) {
                TestBatch.of(0, part).sendTo(sink);
                sink.flush();
            }
        }
        assertThat(allLines()).isEqualTo(TestBatch.texts(0, 2));
    }

    @Test
    void refusesToGoOnWithAnotherNumberOfLanes() throws Exception {
        writeFiles(0, 2);

        assertThatThrownBy(() -> new FileConnector(null, NEVER, A_DAY).prepare(TestBatch.lane(0, 2, 1, temp)))
                .isInstanceOf(DeliveryException.class)
                .hasMessage(
                        "the run began with 1 lane and cannot be resumed with 2, because each file holds the events of one lane; set 'lanes: 1'");
    }

    @Test
    void refusesAFolderWithFilesOfAnotherRunOfTheSameTag() throws Exception {
        writeFiles(0, 2);

        assertThatThrownBy(() -> new FileConnector(null, NEVER, A_DAY).prepare(lane()))
                .isInstanceOf(DeliveryException.class)
                .hasMessage(folder() + " holds 1 file of an earlier run with the tag 5f3a90c1;"
                        + " start with another tag, or move the files away");
    }

    @Test
    void saysBeforeTheRunThatItsFolderCannotBeWritten() throws Exception {
        Files.writeString(temp.resolve("keep"), "a file");

        assertThatThrownBy(() -> new FileConnector(null, NEVER, A_DAY).prepare(lane()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(".dir: cannot write the folder " + folder() + ": " + folder()
                        + " is not a folder; name a folder that can be written");
    }

    private LaneContext lane() {
        return TestBatch.lane(0, 1, temp);
    }

    private Sink open(LaneContext lane, long rollBytes) throws Exception {
        FileConnector connector = new FileConnector(null, rollBytes, A_DAY);
        connector.prepare(lane);
        return connector.open(lane);
    }

    /** Goes on with a run that has acknowledged the events below a sequence. */
    private Sink resume(long acknowledged) throws Exception {
        LaneContext lane = TestBatch.lane(0, 1, 1, temp);
        FileConnector connector = new FileConnector(null, NEVER, A_DAY);
        connector.prepare(lane);
        connector.resume().recover(lane, acknowledged(acknowledged));
        return connector.open(lane);
    }

    private static Delivered acknowledged(long below) {
        return new Delivered() {
            @Override
            public void places(int stream, int shard, long from, long to) {}

            @Override
            public void below(int stream, long sequence) {}

            @Override
            public boolean has(int stream, int shard, long place) {
                return place * TestBatch.SHARDS + shard < below;
            }
        };
    }

    private void writeFiles(long... bounds) throws Exception {
        try (Sink sink = open(lane(), NEVER)) {
            for (int i = 1; i < bounds.length; i++) {
                TestBatch.range(bounds[i - 1], bounds[i]).sendTo(sink);
                sink.flush();
            }
        }
    }

    private Path folder() {
        return temp.resolve("keep");
    }

    private List<String> names() throws IOException {
        return new DurableFolder(folder()).names().stream().sorted().toList();
    }

    private List<String> lines(String name) throws IOException {
        return Files.readAllLines(folder().resolve(name));
    }

    private List<String> allLines() throws IOException {
        List<String> lines = new ArrayList<>();
        for (String name : names()) {
            lines.addAll(lines(name));
        }
        return lines;
    }

    @Test
    void aFolderThatIsMadeWhileTheRunIsStoppedIsNotCalledUnwritable() {
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() ->
                            new FileConnector(temp.resolve("new"), NEVER, A_DAY).prepare(TestBatch.lane(0, 1, 0, temp)))
                    .isInstanceOf(DeliveryException.class)
                    .hasMessageContaining("interrupted while it was being opened");
        } finally {
            Thread.interrupted();
        }
    }
}
