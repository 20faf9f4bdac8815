package io.dataflux.sinks;

import static io.dataflux.sinks.TestOutcome.Fate.ACKNOWLEDGED;
import static io.dataflux.sinks.TestOutcome.Fate.FAILED;
import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.spi.LaneContext;
import io.dataflux.spi.Sink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk of 1 MiB where this process may mount one, so that a write gets half through; else a temporary file that leads to
 * {@code /dev/full}, which has no room from its first byte on.
 */
class FileSinkOnAFullDiskTest {

    private static final int EVENTS_PER_BATCH = 500;

    @TempDir
    private Path temp;

    private boolean mounted;

    @BeforeEach
    void mount() throws Exception {
        mounted = run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", temp.toString());
    }

    @AfterEach
    void unmount() throws Exception {
        assertThat(!mounted || run("umount", temp.toString())).isTrue();
    }

    @Test
    void failsWhatDoesNotFitAndKeepsWhatWasAcknowledged() throws Exception {
        FileConnector connector = new FileConnector(null, 300_000, Duration.ofMinutes(1));
        LaneContext lane = TestBatch.lane(0, 1, temp);
        connector.prepare(lane);
        List<TestOutcome> outcomes = new ArrayList<>();
        try (Sink sink = connector.open(lane)) {
            for (int batch = 0; outcomes.isEmpty() || last(outcomes).fate() != FAILED; batch++) {
                long from = (long) batch * EVENTS_PER_BATCH;
                outcomes.add(TestBatch.range(from, from + EVENTS_PER_BATCH).sendTo(sink));
                if (!mounted && outcomes.stream().allMatch(outcome -> outcome.fate() == ACKNOWLEDGED)) {
                    Files.createSymbolicLink(part(), Path.of("/dev/null")); // which is not followed
                }
            }
            sink.flush();
        }

        long kept = EVENTS_PER_BATCH
                * outcomes.stream()
                        .filter(outcome -> outcome.fate() == ACKNOWLEDGED)
                        .count();
        long sent = (long) EVENTS_PER_BATCH * outcomes.size();
        assertThat(kept).isPositive().isLessThan(sent);
        assertThat(last(outcomes).cause())
                .hasMessage("cannot write " + part() + ": "
                        + (mounted ? "No space left on device" : "a file or link of that name is in the way")
                        + "; the events from stream0 " + kept
                        + " to stream0 " + (sent - 1)
                        + " of lane 0 are in no file; free some space there, or set 'dir' to another folder");
        assertThat(outcomes).allMatch(outcome -> outcome.fate() == ACKNOWLEDGED || outcome.fate() == FAILED);
        assertThat(lines()).isEqualTo(TestBatch.texts(0, kept));
    }

    private Path part() {
        return temp.resolve("keep").resolve("orders-0of1.jsonl.part");
    }

    /** All that is in the folder, whole file or not. */
    private List<String> lines() throws IOException {
        List<String> lines = new ArrayList<>();
        DurableFolder folder = new DurableFolder(temp.resolve("keep"));
        for (String name : folder.names().stream().sorted().toList()) {
            lines.addAll(Files.readAllLines(folder.path().resolve(name)));
        }
        return lines;
    }

    private static TestOutcome last(List<TestOutcome> outcomes) {
        return outcomes.get(outcomes.size() - 1);
    }

    private static boolean run(String... command) throws Exception {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false; // no such program here
        }
    }
}
