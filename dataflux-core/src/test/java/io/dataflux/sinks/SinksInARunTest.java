package io.dataflux.sinks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.ConfigurationException;
import io.dataflux.DataFlux;
import io.dataflux.Plan;
import io.dataflux.RunReport;
import io.dataflux.config.ConfigReader;
import io.dataflux.config.Overrides;
import io.dataflux.engine.RunPlan;
import io.dataflux.plan.RunCompiler;
import io.dataflux.plan.RunConfig;
import io.dataflux.plan.RunConfig.SinkConfig;
import io.dataflux.spi.LaneContext;
import io.dataflux.spi.Sink;
import io.dataflux.spi.SinkConnector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sinks by their names in a configuration, driven by the engine. An event tells its sequence by its time. */
class SinksInARunTest {

    // 1,000,000 with the thorough profile; more than a lane leaves unsettled
    private static final int EVENTS = Boolean.getBoolean("dataflux.thorough") ? 1_000_000 : 50_000;

    @TempDir
    private Path temp;

    @Test
    void deliversEveryEventOnceToFilesWhoseLanesAreInOrder() throws Exception {
        RunReport report = run("{type: file, lanes: 2, roll_bytes: 100KB}");

        assertThat(report.problems()).isEmpty();
        assertThat(report.acknowledged()).isEqualTo(EVENTS);
        List<Long> all = new ArrayList<>();
        for (int lane = 0; lane < 2; lane++) {
            List<Long> sequences = sequences(report, "ticks-" + lane + "of2-");
            assertThat(sequences).isSorted();
            all.addAll(sequences);
        }
        assertThat(all.stream().sorted().toList())
                .isEqualTo(LongStream.range(0, EVENTS).boxed().toList());
        assertThat(new DurableFolder(folder(report)).names())
                .allMatch(name -> name.endsWith(".jsonl"))
                .hasSizeGreaterThan(4);
    }

    @Test
    void doesNotWaitForAFileThatIsNotFullYet() throws Exception {
        RunReport report = run("{type: file, roll_bytes: 1GB}");

        assertThat(report.delivered()).isTrue();
        assertThat(sequences(report, "ticks-0of1-")).hasSize(EVENTS);
    }

    @Test
    void keepsTheFirstHundredInTheMockWithAnyNumberOfLanes() throws Exception {
        Path mock = temp.resolve("mock");
        RunReport report = run("{type: mock, lanes: 3, dir: '" + mock + "'}");

        assertThat(report.acknowledged()).isEqualTo(EVENTS);
        List<String> names = new DurableFolder(mock).names();
        assertThat(names).hasSize(1);
        assertThat(sequences(mock.resolve(names.get(0))))
                .isEqualTo(LongStream.range(0, MockSink.KEPT).boxed().toList());
    }

    @Test
    void acknowledgesEverythingInTheNullSink() throws Exception {
        RunReport report = run("{type: \"null\", lanes: 2}");

        assertThat(report.delivered()).isTrue();
        assertThat(report.acknowledged()).isEqualTo(EVENTS);
    }

    @Test
    void reportsWhatCouldNotBeWrittenAsFailedWithFileAndRange() throws Exception {
        RunConfig config =
                RunCompiler.compile(ConfigReader.read(config("{type: file}"), Overrides.NONE, Map.of(), Instant.EPOCH));
        SinkConnector files = config.sinks().get(0).connector();
        SinkConnector withALinkInTheWay = new SinkConnector() {
            @Override
            public void prepare(LaneContext run) throws Exception {
                files.prepare(run);
            }

            @Override
            public Sink open(LaneContext lane) throws Exception {
                Sink sink = files.open(lane);
                Path part = lane.output().resolve("keep").resolve("ticks-0of1.jsonl.part");
                Files.createSymbolicLink(part, Path.of("/dev/null"));
                return sink;
            }
        };
        RunReport report = RunPlan.of(with(config, withALinkInTheWay)).start().await();

        assertThat(report.acknowledged()).isZero();
        assertThat(report.failed()).isPositive().isEqualTo(report.issued());
        assertThat(report.problems())
                .anySatisfy(problem -> assertThat(problem)
                        .contains(
                                "cannot write " + folder(report).resolve("ticks-0of1.jsonl.part"),
                                "a file or link of that name is in the way; the events from ticks 0 to ticks ",
                                "are in no file"));
        assertThat(folder(report)).isEmptyDirectory();
    }

    @Test
    void doesNotStartIfAFolderCannotBeWritten() throws Exception {
        Path taken = Files.writeString(temp.resolve("taken"), "a file");

        assertThatThrownBy(() -> run("{type: file, dir: '" + taken + "'}"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("sinks.keep.dir: cannot write the folder " + taken)
                .hasMessageEndingWith(taken + " is not a folder; name a folder that can be written");
    }

    private RunReport run(String sink) throws Exception {
        Plan plan = DataFlux.plan(config(sink));
        return plan.start().await();
    }

    private Path config(String sink) throws IOException {
        String config = """
                seed: 42
                start: 1970-01-01T00:00:00Z
                events_per_second: 1000
                speed: max
                limits: {events: %d}
                streams:
                  ticks:
                    key: {entity: "k_{}", count: 100}
                    fields:
                      k: {copy: key}
                      at: {time: event, format: epoch_millis}
                sinks: {keep: %s}
                output: {dir: '%s'}
                """.formatted(EVENTS, sink, temp.resolve("out"));
        return Files.writeString(temp.resolve("config.yaml"), config);
    }

    private static RunConfig with(RunConfig config, SinkConnector connector) {
        SinkConfig sink = config.sinks().get(0);
        return new RunConfig(
                config.source(),
                config.streams(),
                config.regions(),
                config.router(),
                List.of(new SinkConfig(sink.name(), sink.type(), connector, sink.lanes(), sink.onFailure())),
                config.regionSinks(),
                config.limits(),
                config.speed(),
                config.output(),
                config.tag(),
                config.part(),
                config.backfill(),
                config.startAt(),
                config.lagBudget(),
                config.monitors(),
                config.thresholds(),
                config.drills(),
                config.origins(),
                null);
    }

    private Path folder(RunReport report) {
        return temp.resolve("out").resolve(report.tag()).resolve("keep");
    }

    /** The sequences in the files whose names begin so, in the order of the files. */
    private List<Long> sequences(RunReport report, String start) throws IOException {
        List<Long> sequences = new ArrayList<>();
        for (String name :
                new DurableFolder(folder(report)).names().stream().sorted().toList()) {
            if (name.startsWith(start)) {
                sequences.addAll(sequences(folder(report).resolve(name)));
            }
        }
        return sequences;
    }

    private static List<Long> sequences(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .map(line -> Long.parseLong(line.replaceAll(".*\"at\":(\\d+).*", "$1")))
                .toList();
    }
}
