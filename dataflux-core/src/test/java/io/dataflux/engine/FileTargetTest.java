package io.dataflux.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.ConfigurationException;
import io.dataflux.DataFlux;
import io.dataflux.Plan;
import io.dataflux.Run;
import io.dataflux.RunReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What became of a run's files between a stop or a kill and the next attempt. */
class FileTargetTest {

    private static final long EVENTS = 20_000;

    @TempDir
    Path temp;

    private Path lake() {
        return temp.resolve("out/00000007/lake");
    }

    private Plan begin(String end) throws Exception {
        Path config = Files.writeString(temp.resolve("config.yaml"), """
                tag: "00000007"
                speed: 2
                lag_budget: 1h
                limits: {events: %d}
                streams: {clicks: {from: clickstream}}
                sinks: {lake: {type: file, lanes: 2, roll_bytes: 64KiB}}
                output: {dir: "%s"}
                """.formatted(EVENTS, temp.resolve("out")));
        Plan plan = DataFlux.plan(config, Map.of(), Map.of());
        CountDownLatch reached = new CountDownLatch(1);
        Run run = plan.start().after(2000, reached::countDown);
        reached.await();
        assertThat(run.stop().complete()).isFalse();
        if (end.equals("killed")) {
            Path file = temp.resolve("out/00000007/checkpoint.json");
            Files.writeString(file, Files.readString(file).replace("\"stopped\"", "\"running\""));
            Files.delete(file.resolveSibling("report.json"));
        }
        return plan;
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(lake())) {
            return files.toList();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "stopped, folder, was there when the run began, and is missing",
        "killed, folder, was there when the run began, and is missing",
        "stopped, lane, holds no file of lane 1",
        "killed, lane, holds no file of lane 1",
        "stopped, all, holds no file of lane 0",
        "killed, all, holds no file of lane 0",
    })
    void aRunIsNotResumedWithoutItsFiles(String end, String gone, String words) throws Exception {
        Plan plan = begin(end);
        for (Path file : files()) {
            if (!gone.equals("lane") || file.getFileName().toString().contains("-1of2-")) {
                Files.delete(file);
            }
        }
        if (gone.equals("folder")) {
            Files.delete(lake());
        }

        assertThatThrownBy(plan::start)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("sinks.lake")
                .hasMessageContaining(words);
    }

    @ParameterizedTest
    @ValueSource(strings = {"stopped", "killed"})
    void aRunWithItsFilesIsSentTheRest(String end) throws Exception {
        Plan plan = begin(end);

        RunReport report = plan.start().await();

        assertThat(report.acknowledged()).isEqualTo(EVENTS);
        assertThat(plan.verify("lake", report.ledger(), UnaryOperator.identity())
                        .clean())
                .isTrue();
    }
}
