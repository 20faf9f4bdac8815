package io.dataflux.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.ConfigurationException;
import io.dataflux.Run;
import io.dataflux.spi.EventBatch;
import io.dataflux.spi.LaneContext;
import io.dataflux.spi.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A run is a first attempt if nothing shows that a run with its tag has begun, not if one file is missing. */
class FirstAttemptTest {

    private static final int TAG = 0x5f3a90c1;
    private static final long EVENTS = 20_000;

    @TempDir
    Path output;

    private Sketch sketch(Collecting sink, int part, int parts) {
        return new Sketch(output)
                .stream("orders", 5000)
                        .events(EVENTS)
                        .tag(TAG)
                        .part(part, parts)
                        .sink("all", 2, sink);
    }

    private Path folder() {
        return output.resolve("5f3a90c1");
    }

    /** The folder as an attempt leaves it that was killed, stopped or failed in the middle, or that completed the run. */
    private void leave(String end, int part, int parts) throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        Collecting sink = new Collecting() {
            @Override
            synchronized void settle(LaneContext lane, EventBatch batch, Outcome outcome) {
                if (end.equals("failed") && got().size() > 3000) {
                    outcome.failed(0, batch.size(), new IOException("no"));
                } else {
                    outcome.acknowledged(0, batch.size());
                }
            }
        };
        Run run = sketch(sink, part, parts)
                .speed(end.equals("complete") ? Double.POSITIVE_INFINITY : 2)
                .plan()
                .start()
                .after(2000, reached::countDown);
        reached.await();
        if (end.equals("stopped") || end.equals("killed")) {
            run.stop();
        } else {
            run.await();
        }
        if (end.equals("killed")) { // such a process writes no report
            remove(name -> !name.startsWith("checkpoint"));
        }
    }

    private void remove(java.util.function.Predicate<String> which) throws IOException {
        try (Stream<Path> files = Files.list(folder())) {
            files.filter(file -> which.test(file.getFileName().toString())).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    @ParameterizedTest
    @CsvSource({
        "stopped, report.json",
        "stopped, ledger",
        "failed, report.json",
        "failed, ledger",
        "complete, report.json",
        "complete, ledger",
        "stopped, checkpoint.json.lock",
        "failed, checkpoint.json.lock",
        "complete, checkpoint.json.lock",
        "killed, checkpoint.json.lock",
    })
    void aRunWhoseCheckpointIsGoneIsNotSentAgain(String end, String left) throws Exception {
        leave(end, 1, 1);
        remove(name -> !name.equals(left));
        Collecting again = new Collecting();

        assertThatThrownBy(() -> sketch(again, 1, 1).plan().start())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("a run with the tag 5f3a90c1 has begun (see " + left)
                .hasMessageContaining("its checkpoint.json is gone")
                .hasMessageContaining("restore the file, or use another tag");
        assertThat(again.got()).isEmpty();
        assertThat(folder().resolve("checkpoint.json")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"report.superseded.json", "ledger.superseded", "verdict-all"})
    void whateverARunLeavesShowsThatItHasBegun(String left) throws Exception {
        Files.createDirectories(folder());
        Files.writeString(folder().resolve(left), "{}");

        assertThatThrownBy(() -> sketch(new Collecting(), 1, 1).plan().start())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(left);
    }

    @ParameterizedTest
    @ValueSource(strings = {"killed", "stopped", "failed", "complete"})
    void theFilesOfOtherPartsAreNoSignUnlessTheyArePartsOfAnotherDivision(String end) throws Exception {
        leave(end, 1, 2);
        Collecting third = new Collecting();
        Collecting whole = new Collecting();
        Collecting second = new Collecting();

        assertThatThrownBy(() -> sketch(third, 1, 3).plan().start())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("--part")
                .hasMessageContaining(
                        "1/3, but the run with the tag 5f3a90c1 has begun in other parts (see checkpoint-1of2.json");
        assertThatThrownBy(() -> sketch(third, 3, 3).plan().start()).isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() -> sketch(whole, 1, 1).plan().start()).isInstanceOf(ConfigurationException.class);
        assertThat(third.got()).isEmpty();
        assertThat(whole.got()).isEmpty();
        assertThat(sketch(second, 2, 2).plan().start().await().delivered()).isTrue();
        assertThat(second.got()).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"stopped", "complete"})
    void aPartDoesNotFollowAWholeRun(String end) throws Exception {
        leave(end, 1, 1);

        assertThatThrownBy(() -> sketch(new Collecting(), 1, 2).plan().start())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("see checkpoint.json");
    }

    @Test
    void aPartWhoseCheckpointIsGoneIsNotSentAgainWhateverOthersAreDoing() throws Exception {
        leave("stopped", 1, 2);
        leave("stopped", 2, 2);
        Files.delete(folder().resolve("checkpoint-2of2.json"));

        assertThatThrownBy(() -> sketch(new Collecting(), 2, 2).plan().start())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("report-2of2.json")
                .hasMessageNotContaining("report-1of2");
        assertThat(sketch(new Collecting(), 1, 2).plan().start().await().complete())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({"1, 3", "3, 3", "1, 1"})
    void aPartThatWasKilledAndWhoseCheckpointIsGoneShowsThatTheRunWasDivided(int part, int parts) throws Exception {
        leave("killed", 1, 2);
        remove(name -> !name.equals("checkpoint-1of2.json.lock"));

        assertThatThrownBy(() -> sketch(new Collecting(), part, parts).plan().start())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("begun in other parts (see checkpoint-1of2.json.lock");
        assertThat(sketch(new Collecting(), 2, 2).plan().start().await().delivered())
                .isTrue();
    }

    @Test
    void anAttemptWhoseSinkCannotBeOpenedIsNoSign() throws Exception {
        Collecting closed = new Collecting() {
            @Override
            public io.dataflux.spi.Sink open(LaneContext lane) {
                throw new IllegalStateException("no");
            }
        };
        assertThatThrownBy(() -> sketch(closed, 1, 1).plan().start()).hasMessageContaining("no");

        assertThat(sketch(new Collecting(), 1, 1).plan().start().await().acknowledged())
                .isEqualTo(EVENTS);
    }

    @Test
    void whatAnAttemptLeavesThatNeverSentAnythingIsNoSign() throws Exception {
        Files.createDirectories(folder().resolve("all"));
        for (String name : List.of("checkpoint.json.lock", "checkpoint.json.tmp", "notes.txt", "reports.json")) {
            Files.writeString(folder().resolve(name), "");
        }

        assertThat(sketch(new Collecting(), 1, 1).plan().start().await().acknowledged())
                .isEqualTo(EVENTS);
    }
}
