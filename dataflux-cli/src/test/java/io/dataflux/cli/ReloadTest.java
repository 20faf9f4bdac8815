package io.dataflux.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code run --reload}: what is saved in the file is taken over, or said why not; also around a kill. */
class ReloadTest {

    private static final Duration LONG = Duration.ofMinutes(2);
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private Path config;
    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void end() {
        started.forEach(Process::destroyForcibly);
    }

    private void save(String total) throws IOException {
        config = folder.resolve("run.yaml");
        Path written = Files.writeString(
                folder.resolve("run.yaml~"), """
                seed: 3
                start: now
                tag: "00000007"
                lag_budget: 1h
                events_per_second: 4000
                limits: {events: 80000}
                streams:
                  orders:
                    key: {entity: "cust_{}", count: 500}
                    identity: id
                    fields:
                      id: {id: "ord_{}"}
                      total: %s
                    faults: duplicate 3%% within 50, drop 2%%, reorder 3%% within 20
                sinks: {lake: {type: file, dir: "%s", lanes: 2}}
                output: {dir: "%s"}
                """.formatted(total, folder.resolve("lake"), folder.resolve("out")));
        Files.move(written, config, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private Process program(String name, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(name).toFile())
                .start();
        started.add(process);
        return process;
    }

    private String said(String name) throws IOException {
        return Files.readString(folder.resolve(name));
    }

    private void awaitSaid(String name, String text) {
        await().atMost(LONG).until(() -> said(name).contains(text));
    }

    private JsonNode checkpoint() throws IOException {
        return JSON.readTree(folder.resolve("out/00000007/checkpoint.json").toFile());
    }

    @Test
    void whatIsSavedIsTakenOverAndAKilledRunIsResumedWithIt() throws Exception {
        save("{int: [1, 9]}");
        Process run = program("first", "run", config.toString(), "--reload");
        awaitSaid("first", "files and report");

        save("{itn: [1, 9]}");
        awaitSaid("first", "not reloaded, the run goes on as it was: " + config + ": 1 problem");
        awaitSaid("first", "'itn' is not a field kind; did you mean 'int'?");
        save("{int: [1, 9]}");
        awaitSaid("first", "the streams are as they were");
        save("{int: [100, 900]}");
        awaitSaid("first", "'orders' has another definition from event ");
        await().atMost(LONG).until(() -> !checkpoint().at("/run/epochs").isMissingNode());
        long from = checkpoint().at("/run/epochs/0/streams/0/from").asLong();
        assertThat(from).isBetween(1L, 79_999L);
        assertThat(said("first"))
                .contains("'orders' has another definition from event " + from + " on (definitions-1.yaml)");
        assertThat(run.isAlive()).as("killed on its way").isTrue();
        run.destroyForcibly().waitFor();

        assertThat(program("second", "run", config.toString(), "--speed", "max").waitFor(2, TimeUnit.MINUTES))
                .isTrue();
        assertThat(said("second")).contains("resuming run 00000007, attempt 1");
        Process verify = program("verify", "verify", config.toString());
        assertThat(verify.waitFor()).as(said("verify")).isZero();
        assertThat(said("verify")).contains("'orders' has another definition from event " + from + " on");
        int old = 0;
        int changed = 0;
        try (Stream<Path> files = Files.walk(folder.resolve("lake"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                for (String line : Files.readAllLines(file)) {
                    long total = JSON.readTree(line).get("total").asLong();
                    old += total < 10 ? 1 : 0;
                    changed += total >= 100 ? 1 : 0;
                }
            }
        }
        // 1 % more are sent twice than are dropped; which of them are on a side is not looked at here
        assertThat(old).isBetween((int) (from * 0.97), (int) (from * 1.05) + 20);
        assertThat(old + changed).isBetween(79_000, 82_500);
        assertThat(changed).isPositive();

        save("{int: [1, 9]}");
        Process other = program("other", "verify", config.toString());
        assertThat(other.waitFor()).isEqualTo(2);
        assertThat(said("other")).contains("streams: they are not those that the run had last");
    }
}
