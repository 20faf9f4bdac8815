package io.dataflux.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.dataflux.Plan;
import io.dataflux.RunReport;
import io.dataflux.ledger.Ledger;
import io.dataflux.testkit.KilledRun.Kill;
import io.dataflux.verify.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file sink holds every event once, wherever its process is killed. */
class FileSinkKilledTest {

    private static final boolean THOROUGH = Boolean.getBoolean("dataflux.thorough");
    private static final long SEED = Long.getLong("dataflux.kills.seed", 20_261_120);
    /** 10 kills in thorough, 2 in verify. */
    private static final int KILLS = THOROUGH ? 10 : 2;

    private static final long EVENTS = 40_000;

    @TempDir
    Path folder;

    private Path config() throws IOException {
        return Files.writeString(folder.resolve("run.yaml"), """
                seed: 3
                events_per_second: 20000
                limits: {events: %d}
                streams:
                  clicks: {from: clickstream, weight: 3}
                  searches: {from: clickstream, weight: 1}
                sinks: {lake: {type: file, lanes: 2, roll_bytes: 250KB}}
                output: {dir: '%s'}
                """.formatted(EVENTS, folder.resolve("out")));
    }

    @Test
    void everyEventIsThereOnceAfterEachKill() throws Exception {
        SplittableRandom random = new SplittableRandom(SEED);
        Path config = config();
        List<String> placed = new ArrayList<>();
        int inCommit = 0;
        int withUnknown = 0;
        for (int i = 0; i < KILLS; i++) {
            String tag = String.format("%08x", 0x5f3a90c0 + i);
            KilledRun run = KilledRun.of(config, tag);
            long from = EVENTS * (5 + random.nextInt(50)) / 100;
            Kill kill = run.killWhen(
                    now -> now.acknowledged() >= from && now.inFlight() > 0 && stored(tag) > acknowledged(tag),
                    "between a file and its checkpoint, from " + from + " on");
            inCommit += stored(tag) > acknowledged(tag) ? 1 : 0;
            withUnknown += kill.inFlight() > 0 ? 1 : 0;
            placed.add(100 * kill.acknowledged() / EVENTS + " %: " + kill);

            RunReport report = run.flag("speed", "max").resume();

            assertThat(report.delivered()).as("%s", report.problems()).isTrue();
            assertThat(report.acknowledged()).isEqualTo(EVENTS);
            Verdict verdict = run.verify("lake", report);
            assertThat(verdict.clean())
                    .as("seed %d, %s%n%s", SEED, kill, verdict)
                    .isTrue();
            assertThat(verdict.expected()).isEqualTo(EVENTS);
            assertThat(kill.acknowledged()).isBetween(EVENTS / 20, EVENTS * 19 / 20);
        }
        System.out.println("kills of the file sink, seed " + SEED + ": " + String.join("; ", placed));
        assertThat(inCommit)
                .as("kills with files that no checkpoint knows")
                .isGreaterThanOrEqualTo(Math.max(1, KILLS / 5));
        assertThat(withUnknown).as("kills with events in flight").isGreaterThanOrEqualTo(Math.max(1, 3 * KILLS / 10));
    }

    /** How many events the run's checkpoint counts as acknowledged. */
    private long acknowledged(String tag) {
        try {
            long sum = 0;
            for (JsonNode sink : new JsonMapper()
                    .readTree(Files.readString(folder.resolve("out/" + tag + "/checkpoint.json")))
                    .path("sinks")) {
                for (JsonNode stream : sink.path("streams")) {
                    sum += stream.path("acknowledged").longValue();
                }
            }
            return sum;
        } catch (IOException e) {
            return 0; // not yet
        }
    }

    /** How many events are in whole files. */
    private long stored(String tag) {
        try (Stream<Path> files = Files.walk(folder.resolve("out/" + tag))) {
            long lines = 0;
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".jsonl")).toList()) {
                lines += Files.readAllLines(file).size();
            }
            return lines;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aRunMayBeKilledSeveralTimes() throws Exception {
        KilledRun run = KilledRun.of(config(), "5f3a90c1");
        Kill first = run.killAt(EVENTS / 5);
        Kill second = run.killAt(EVENTS / 2);

        RunReport report = run.resume();

        assertThat(second.acknowledged()).isGreaterThan(first.acknowledged());
        Verdict verdict = run.verify("lake", report);
        assertThat(verdict.clean()).as("%s, %s%n%s", first, second, verdict).isTrue();
        assertThat(verdict.expected()).isEqualTo(EVENTS);
    }

    @Test
    void fourProcessesShareARunAndOneOfThemIsKilled() throws Exception {
        Path config = config();
        List<Path> reports = new ArrayList<>();
        ExecutorService others = Executors.newFixedThreadPool(3);
        try {
            List<Future<?>> ended = new ArrayList<>();
            for (int part : List.of(1, 2, 4)) {
                KilledRun run = part(config, part);
                ended.add(others.submit(() -> {
                    run.runInProcess();
                    return null;
                }));
            }
            KilledRun third = part(config, 3);
            Kill kill = third.killWhen(now -> now.acknowledged() > 0 && now.inFlight() > 0, "with some in flight");
            for (Future<?> each : ended) {
                each.get();
            }
            assertThat(third.resume().delivered()).isTrue();
            for (int part = 1; part <= 4; part++) {
                reports.add(folder.resolve("out/5f3a90c1/report-" + part + "of4.json"));
            }
            Plan plan = KilledRun.of(config, "5f3a90c1").plan();
            Ledger ledger = plan.ledger(reports);

            Verdict verdict = plan.verify("lake", ledger, UnaryOperator.identity());

            assertThat(verdict.clean()).as("%s%n%s", kill, verdict).isTrue();
            assertThat(verdict.expected()).isEqualTo(EVENTS);
        } finally {
            others.shutdownNow();
        }
    }

    private static KilledRun part(Path config, int part) {
        return KilledRun.of(config, "5f3a90c1").flag("part", part + "/4");
    }

    @Test
    void aProcessThatEndsBeforeItIsKilledIsAMistakeOfTheTest() throws Exception {
        KilledRun run =
                KilledRun.of(config(), "5f3a90c1").flag("events", "1000").flag("speed", "max");

        assertThatThrownBy(() -> run.killAt(EVENTS))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("should have been killed with 40000 acknowledged, but it ended first")
                .hasMessageContaining("exit code 0");
    }
}
