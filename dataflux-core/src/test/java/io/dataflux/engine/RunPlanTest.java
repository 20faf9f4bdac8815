package io.dataflux.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.ConfigurationException;
import io.dataflux.DataFlux;
import io.dataflux.EventStream;
import io.dataflux.RunReport;
import io.dataflux.plan.RunConfig;
import io.dataflux.plan.RunConfig.OnFailure;
import io.dataflux.spi.EventBatch;
import io.dataflux.spi.LaneContext;
import io.dataflux.spi.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunPlanTest {

    @TempDir
    Path output;

    @Test
    void thePlanSaysInWordsWhatWillHappen() {
        RunPlan plan = new Sketch(output)
                .stream("orders", 1000).stream("clicks", 3000)
                        .regions(event -> 0, "eu", "us")
                        .regionSinks("eu", "broker")
                        .regionSinks("default", "broker", "keep")
                        .sink("broker", 2, new Collecting())
                        .sink("keep", 1, OnFailure.ISOLATE, new Collecting())
                        .events(4000)
                        .speed(2.5)
                        .plan();

        assertThat(plan.describe())
                .contains("run: at speed 2.5, scheduled from 2025-01-01T00:00:00Z")
                .contains("stream orders: 1000/s, seed 42, fingerprint ")
                .contains("1,000 events, [0, 1000), the last at 2025-01-01T00:00:00.999Z")
                .contains("3,000 events, [0, 3000), the last at ")
                .contains("50 entities in 8 shards; the hottest shard has ")
                .contains("sink broker: test, 2 lanes, on failure stop\n  regions eu, us")
                .contains("sink keep: test, 1 lane, on failure isolate\n  regions us");
        assertThat(plan.streams()).extracting(EventStream::name).containsExactly("orders", "clicks");
        assertThat(plan.sinks()).containsExactly("broker", "keep");
    }

    @Test
    void thePlanSaysHowManyKeysAreInASessionAndHowLargeATableBecomes() throws IOException {
        Path file = output.resolve("config.yaml");
        Files.writeString(file, """
                events_per_second: 200
                streams:
                  visits:
                    key: {entity: "user_{}", count: 10000}
                    sessions: {think: 20s, length: [2, 4]}
                    fields: {id: {id: uuid}}
                  rows:
                    key: {entity: "{}", count: 1000}
                    table: {lives: 4, columns: {id: {key: text}, version: {change: version, changes_every: 1}}}
                    fields: {id: {id: uuid}, after: {change: after}}
                sinks: {keep: {type: mock}}
                """);

        // 100 events a second, 20 s apart: 2000 seats; 33.3 sessions a second of 10000 keys: one every 300 s, 60 of
        // them inside
        assertThat(DataFlux.plan(file).describe())
                .containsPattern(
                        "sessions of 3\\.0 events on average, (19\\.\\d|20(\\.\\d)?) s from one event to the next;"
                                + " (1,9|2,0)\\d\\d of 10,000 keys are in a session at a time, and the average key pauses for"
                                + " 4 min before its next one")
                .contains(
                        "changes a table of up to 1,000 rows, of which about 750 exist at a time once every key has appeared;"
                                + " a row has 4.0 changes on average, its insertion and deletion included");
    }

    @Test
    void thePlanWarnsOfAThinkThatIsNotKeptAndSaysHowToKeepIt() throws IOException {
        String yaml = """
                events_per_second: 2
                streams:
                  talks:
                    key: {entity: "line-{}", count: 200}
                    sessions: {think: 2s, states: {ring: hang_up, hang_up: leave}}
                    fields: {id: {id: uuid}, state: {session: state}}
                sinks: {keep: {type: mock}}
                """;
        Path file = Files.writeString(output.resolve("config.yaml"), yaml);

        assertThat(DataFlux.plan(file).describe())
                .contains("64 of 200 keys are in a session at a time")
                .contains(
                        "  WARNING streams.talks.sessions.think: 2s will be 32s on average: at this rate 4 sessions at a time"
                                + " would keep it, but each of 64 shards has at least one; raise the rate, or write shards: 4 in the key\n");
        Files.writeString(file, yaml.replace("count: 200", "count: 200, shards: 4"));
        assertThat(DataFlux.plan(file).describe()).doesNotContain("WARNING");
        Files.writeString(file, yaml.replace("second: 2", "second: 0.1"));
        assertThat(DataFlux.plan(file).describe())
                .contains("but there is always one; raise the rate, or write think: 10s and, in the key, shards: 1\n");
    }

    @Test
    void everythingThatCannotWorkIsNamedAtOnce() {
        RunConfig config = new Sketch(output)
                .stream("orders", 1000)
                        .sink("broker", 0, new Collecting())
                        .sink("broker", 1, new Collecting())
                        .regionSinks("eu", "brocker")
                        .regions(event -> 0)
                        .speed(-1)
                        .config();

        assertThatThrownBy(() -> RunPlan.of(config, -5))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("sinks.broker.lanes: 0: at least 1 is needed")
                .hasMessageContaining("sinks.broker: there are two sinks of this name")
                .hasMessageContaining("region_sinks.eu: there is no sink 'brocker'; the sinks are [broker, broker]")
                .hasMessageContaining("regions: none")
                .hasMessageContaining("speed: -1.0: 0.001 to 1000000 is allowed, or max")
                .hasMessageContaining("streams.orders: it cannot start at event -5");
        assertThatThrownBy(() -> RunPlan.of(new Sketch(output).config()))
                .hasMessageContaining("streams: 0 streams")
                .hasMessageContaining("sinks: none");
    }

    @Test
    void aRunLeavesItsReportInTheFolderOfItsTag() throws Exception {
        RunReport report = new Sketch(output)
                .stream("orders", 1000)
                        .events(100)
                        .tag(0x5f3a90c1)
                        .sink("all", 1, new Collecting())
                        .plan()
                        .start()
                        .await();

        assertThat(report.tag()).isEqualTo("5f3a90c1");
        assertThat(ReportFile.readLedger(output.resolve("5f3a90c1/report.json")))
                .isEqualTo(report.ledger());
    }

    @Test
    void aReportThatCannotBeWrittenIsAProblemAndNotTheEnd() throws Exception {
        Path file = output.resolve("00000007/report.json");
        Collecting sink = new Collecting() {
            @Override
            synchronized void settle(LaneContext lane, EventBatch batch, Outcome outcome) throws Exception {
                Files.createDirectories(file);
                Files.writeString(file.resolve("in-the-way"), "");
                outcome.acknowledged(0, batch.size());
            }
        };
        RunReport report = new Sketch(output)
                .stream("orders", 1000)
                        .events(100)
                        .tag(7)
                        .sink("all", 1, sink)
                        .plan()
                        .start()
                        .await();

        assertThat(report.acknowledged()).isEqualTo(100);
        assertThat(report.problems())
                .singleElement()
                .asString()
                .startsWith("the report could not be written to " + file.getParent());
    }

    @Test
    void theLagBudgetCanBeSet() throws Exception {
        RunReport report = new Sketch(output)
                .stream("orders", 1000)
                        .time(Duration.ofMillis(20))
                        .speed(1)
                        .lagBudget(Duration.ofNanos(-1))
                        .sink("all", 1, new Collecting())
                        .plan()
                        .start()
                        .await();

        assertThat(report.validity()).isEqualTo(io.dataflux.Validity.INVALID);
    }
}
