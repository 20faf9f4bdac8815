package io.dataflux.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.ConfigurationException;
import io.dataflux.DeliveryException;
import io.dataflux.Run;
import io.dataflux.RunReport;
import io.dataflux.ledger.Ledger;
import io.dataflux.spi.EventBatch;
import io.dataflux.spi.LaneContext;
import io.dataflux.spi.Outcome;
import io.dataflux.spi.Sink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which report is that of the run, when attempts are stopped, killed and resumed. */
class SupersededReportTest {

    private static final int TAG = 7;
    private static final long EVENTS = 30_000;

    @TempDir
    Path output;

    private Path folder() {
        return output.resolve("00000007");
    }

    private Sketch sketch(Collecting sink) {
        return new Sketch(output).stream("orders", 5000).events(EVENTS).tag(TAG).sink("all", 2, sink);
    }

    private RunReport stop() throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        Run run = sketch(new Collecting()).speed(2).plan().start().after(2000, reached::countDown);
        reached.await();
        return run.stop();
    }

    private Map<String, byte[]> files() throws IOException {
        Map<String, byte[]> files = new HashMap<>();
        try (Stream<Path> all = Files.list(folder())) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                try {
                    files.put(file.getFileName().toString(), Files.readAllBytes(file));
                } catch (NoSuchFileException e) {
                    assertThat(file.toString())
                            .as("a temporary file may get its name meanwhile")
                            .endsWith(".tmp");
                }
            }
        }
        return files;
    }

    /** Makes the folder what it was: a process that was killed then left it like that. */
    private void restore(Map<String, byte[]> files) throws IOException {
        for (String now : files().keySet()) {
            Files.delete(folder().resolve(now));
        }
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Files.write(folder().resolve(file.getKey()), file.getValue());
        }
    }

    /** Resumes the run and has it killed in the middle. */
    private void resumeAndKill() throws Exception {
        Map<String, byte[]> killed = new HashMap<>();
        Collecting sink = new Collecting() {
            @Override
            synchronized void settle(LaneContext lane, EventBatch batch, Outcome outcome) throws Exception {
                outcome.acknowledged(0, batch.size());
                if (killed.isEmpty() && got().size() > 5000) {
                    killed.putAll(files());
                }
            }
        };
        sketch(sink).plan().start().await();
        restore(killed);
    }

    @Test
    void aReportIsNotThatOfTheRunOnceAnotherAttemptHasBegun() throws Exception {
        RunReport first = stop();
        Path copy = output.resolve("copy.json");
        Files.copy(folder().resolve("report.json"), copy);
        RunPlan plan = sketch(new Collecting()).plan();
        assertThat(plan.ledger(plan.reports()).sink("all").streams().get(0).acknowledged())
                .isEqualTo(first.acknowledged());
        assertThat(plan.ledger(List.of(copy))).isEqualTo(plan.ledger(plan.reports()));

        resumeAndKill();

        assertThatThrownBy(plan::reports)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("the run has begun")
                .hasMessageContaining("run it again with its tag");
        assertThatThrownBy(() -> plan.ledger(List.of(copy)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("it is of attempt 0 of run 00000007, and another attempt has begun since")
                .hasMessageContaining("run it again with its tag");
        assertThat(folder().resolve("ledger")).doesNotExist();

        RunReport last = plan.start().await();

        assertThat(last.acknowledged()).isEqualTo(EVENTS);
        assertThat(last.attempt()).isEqualTo(2);
        assertThat(plan.ledger(plan.reports()).sink("all").streams().get(0).acknowledged())
                .isEqualTo(EVENTS);
        assertThatThrownBy(() -> plan.ledger(List.of(copy)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("give the report of the last attempt");
    }

    @Test
    void anAttemptThatCannotOpenItsSinkLeavesTheReportAsItIs() throws Exception {
        RunReport first = stop();
        Collecting closed = new Collecting() {
            @Override
            public Sink open(LaneContext lane) {
                throw new IllegalStateException("closed");
            }
        };

        assertThatThrownBy(() -> sketch(closed).plan().start()).isInstanceOf(DeliveryException.class);

        RunPlan plan = sketch(new Collecting()).plan();
        assertThat(plan.ledger(plan.reports()).sink("all").streams().get(0).acknowledged())
                .isEqualTo(first.acknowledged());
    }

    @ParameterizedTest
    @CsvSource({"report.json, ''", "report.json, ledger", "ledger, ''"})
    void aCompleteRunGetsTheReportThatItLacks(String missing, String alsoMissing) throws Exception {
        stop();
        RunReport report = sketch(new Collecting()).plan().start().await();
        Ledger whole = ReportFile.readLedger(folder());
        boolean gone = missing.equals("report.json");
        Files.delete(folder().resolve(missing));
        if (!alsoMissing.isEmpty()) {
            Files.delete(folder().resolve(alsoMissing));
        }
        Collecting again = new Collecting();

        Run run = sketch(again).plan().start();
        RunReport written = run.await();

        assertThat(again.got()).isEmpty();
        assertThat(written.delivered()).isTrue();
        assertThat(written.complete()).isTrue();
        assertThat(ReportFile.readLedger(folder())).isEqualTo(whole);
        assertThat(ReportFile.number(folder().resolve("report.json"))).isEqualTo(report.attempt());
        assertThat(run.resumption()).hasSize(gone ? 2 : 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"report.json", "ledger"})
    void theReportOfTheLastAttemptIsNotReplacedByOneThatKnowsLess(String file) throws Exception {
        sketch(new Collecting()).plan().start().await();
        byte[] before = Files.readAllBytes(folder().resolve(file));

        sketch(new Collecting()).plan().start().await();

        assertThat(Files.readAllBytes(folder().resolve(file))).isEqualTo(before);
    }

    @Test
    void anotherRunOfTheSameTagThatIsNotResumedSupersedesTheReportAsWell() throws Exception {
        stop();
        Map<String, byte[]> during = new HashMap<>();
        Collecting sink = new Collecting() {
            @Override
            synchronized void settle(LaneContext lane, EventBatch batch, Outcome outcome) throws Exception {
                outcome.acknowledged(0, batch.size());
                during.putAll(files());
            }
        };

        sketch(sink).plan().startingAnew().start().await();

        assertThat(during).doesNotContainKey("report.json");
        assertThat(ReportFile.readLedger(folder()).sink("all").streams().get(0).acknowledged())
                .isEqualTo(EVENTS);
    }
}
