package io.dataflux.sinks;

import static java.util.stream.LongStream.iterate;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.ConfigurationException;
import io.dataflux.spi.Sink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MockSinkTest {

    @TempDir
    private Path temp;

    private final Clock clock = Clock.fixed(Instant.parse("2026-03-01T23:59:58.007Z"), ZoneOffset.UTC);

    @Test
    void keepsTheHundredLowestSequencesOverItsLanesWhateverTheirPace() throws Exception {
        MockSink.Connector connector = connector();
        Sink even = connector.open(TestBatch.lane(0, 2, temp));
        Sink odd = connector.open(TestBatch.lane(1, 2, temp));

        TestBatch.of(0, every(2, 0, 400)).sendTo(even);
        TestBatch.of(0, every(2, 401, 601)).sendTo(odd); // places need not come in the order of sequences
        even.close();
        TestBatch.of(0, every(2, 1, 400)).sendTo(odd);
        assertThat(temp.resolve("mock_data")).as("while a lane is open").doesNotExist();
        odd.close();

        assertThat(Files.readAllLines(onlyFile())).isEqualTo(TestBatch.texts(0, 100));
    }

    @Test
    void ordersEventsOfTheSameSequenceByStream() throws Exception {
        Sink sink = connector().open(TestBatch.lane(0, 1, temp));
        TestBatch.of(1, 0, 1).sendTo(sink);
        TestBatch.of(0, 0, 1).sendTo(sink);
        sink.close();

        assertThat(Files.readAllLines(onlyFile()))
                .containsExactly(
                        TestBatch.text(0, 0), TestBatch.text(1, 0), TestBatch.text(0, 1), TestBatch.text(1, 1));
    }

    @Test
    void acknowledgesEveryEventAlsoThoseItDoesNotKeep() throws Exception {
        try (Sink sink = connector().open(TestBatch.lane(0, 1, temp))) {
            assertThat(TestBatch.range(0, 500).sendTo(sink).fate()).isEqualTo(TestOutcome.Fate.ACKNOWLEDGED);
            assertThat(TestBatch.range(500, 501).sendTo(sink).fate()).isEqualTo(TestOutcome.Fate.ACKNOWLEDGED);
        }
    }

    @Test
    void namesItsFileByTheTimeInUtcAndTakesNoNameTwice() throws Exception {
        for (int sink = 0; sink < 2; sink++) {
            try (Sink mock = connector().open(TestBatch.lane(0, 1, temp))) {
                TestBatch.range(sink, sink + 1).sendTo(mock);
            }
        }

        Path folder = temp.resolve("mock_data");
        assertThat(folder)
                .isDirectoryContaining("glob:**/events_20260301T235958.007Z.jsonl")
                .isDirectoryContaining("glob:**/events_20260301T235958.008Z.jsonl");
        assertThat(new DurableFolder(folder).names()).as("no temporary file").hasSize(2);
    }

    @Test
    void startsAfreshWithTheNextRun() throws Exception {
        MockSink.Connector connector = connector();
        try (Sink sink = connector.open(TestBatch.lane(0, 1, temp))) {
            TestBatch.range(0, 1).sendTo(sink);
        }
        Files.delete(onlyFile());
        try (Sink sink = connector.open(TestBatch.lane(0, 1, temp))) {
            TestBatch.range(7, 8).sendTo(sink);
        }

        assertThat(Files.readAllLines(onlyFile())).isEqualTo(TestBatch.texts(7, 8));
    }

    @Test
    void writesNoFileWithoutEvents() throws Exception {
        connector().open(TestBatch.lane(0, 1, temp)).close();

        assertThat(temp).isEmptyDirectory();
    }

    @Test
    void saysBeforeTheRunThatItsFolderCannotBeWritten() throws Exception {
        Files.writeString(temp.resolve("mock_data"), "a file");

        assertThatThrownBy(() -> connector().prepare(TestBatch.lane(0, 1, temp)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(".dir: cannot write the folder " + temp.resolve("mock_data") + ": "
                        + temp.resolve("mock_data") + " is not a folder; name a folder that can be written");
    }

    private MockSink.Connector connector() {
        return new MockSink.Connector(temp.resolve("mock_data"), clock);
    }

    private Path onlyFile() throws IOException {
        Path folder = temp.resolve("mock_data");
        List<String> names = new DurableFolder(folder).names();
        assertThat(names).hasSize(1);
        return folder.resolve(names.get(0));
    }

    private static long[] every(int step, long from, long to) {
        return iterate(from, sequence -> sequence < to, sequence -> sequence + step)
                .toArray();
    }
}
