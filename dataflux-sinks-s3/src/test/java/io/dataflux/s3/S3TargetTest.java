package io.dataflux.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.ConfigurationException;
import io.dataflux.DataFlux;
import io.dataflux.Plan;
import io.dataflux.Run;
import io.dataflux.RunReport;
import io.dataflux.testkit.EmbeddedS3;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What became of a run's bucket between a stop or a kill and the next attempt. */
class S3TargetTest {

    private static final long EVENTS = 12_000;

    @TempDir
    Path temp;

    private EmbeddedS3 s3;

    @BeforeEach
    void start() throws Exception {
        s3 = EmbeddedS3.start(Files.createDirectory(temp.resolve("store")));
    }

    @AfterEach
    void stop() {
        s3.close();
    }

    private Plan begin(String end) throws Exception {
        Path config = Files.writeString(temp.resolve("config.yaml"), """
                tag: "00000007"
                speed: 3
                lag_budget: 1h
                limits: {events: %d}
                streams: {clicks: {from: clickstream}}
                sinks:
                  lake: {type: s3, endpoint: "%s", bucket: lake, create_bucket: true, access_key: "%s", secret_key: "%s", object_events: 100, batch_interval: 200ms}
                output: {dir: "%s"}
                """.formatted(
                        EVENTS, s3.endpoint(), s3.accessKey(), s3.secretKey(), temp.resolve("out")));
        Plan plan = DataFlux.plan(config, Map.of(), Map.of());
        CountDownLatch reached = new CountDownLatch(1);
        Run run = plan.start().after(1000, reached::countDown);
        reached.await();
        assertThat(run.stop().complete()).isFalse();
        if (end.equals("killed")) {
            Path file = temp.resolve("out/00000007/checkpoint.json");
            Files.writeString(file, Files.readString(file).replace("\"stopped\"", "\"running\""));
            Files.delete(file.resolveSibling("report.json"));
        }
        return plan;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "stopped | bucket | bucket 'lake' was there when the run began, and is missing",
                "killed | bucket | bucket 'lake' was there when the run began, and is missing",
                "stopped | objects | holds no object of this run",
                "killed | objects | holds no object of this run",
            },
            quoteCharacter = '"')
    void aRunIsNotResumedWithoutItsObjects(String end, String gone, String words) throws Exception {
        Plan plan = begin(end);
        for (String key : s3.keys("lake", "")) {
            s3.delete("lake", key);
        }
        if (gone.equals("bucket")) {
            List<Path> all;
            try (Stream<Path> files = Files.walk(temp.resolve("store").resolve("lake"))) {
                all = files.sorted(Comparator.reverseOrder()).toList();
            }
            for (Path file : all) {
                Files.delete(file);
            }
        }

        assertThatThrownBy(plan::start)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("sinks.lake")
                .hasMessageContaining(words);
        assertThat(Files.exists(temp.resolve("store").resolve("lake")))
                .as("nothing was made in its place")
                .isEqualTo(!gone.equals("bucket"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"stopped", "killed"})
    void aRunWithItsObjectsIsSentTheRest(String end) throws Exception {
        Plan plan = begin(end);

        RunReport report = plan.start().await();

        assertThat(report.acknowledged()).isEqualTo(EVENTS);
        assertThat(plan.verify("lake", report.ledger(), UnaryOperator.identity())
                        .clean())
                .isTrue();
    }
}
