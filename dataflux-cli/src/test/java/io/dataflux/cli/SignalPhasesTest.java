package io.dataflux.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dataflux.DataFlux;
import io.dataflux.testkit.HttpReceiver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Signals in each phase of each command that lasts: while the demo starts its servers, sends, reads back and holds; while a verification
 * reads; while data is printed. Each ends the program with its number + 128, without a complaint, and nothing is left in the temporary
 * folder. {@link SignalsTest} has what a run says of it.
 */
@DisabledOnOs(OS.WINDOWS)
class SignalPhasesTest {

    private static final Duration LONG = Duration.ofMinutes(2);

    @TempDir
    Path folder;

    private final List<Process> started = new ArrayList<>();
    /** A build that was started by {@code nohup} or in the background ignores signals, and so would its children. */
    private static final List<String> AS_IN_A_TERMINAL = asInATerminal();

    private Path temporary;
    private Path said;

    @AfterEach
    void end() {
        started.forEach(Process::destroyForcibly);
    }

    private static List<String> asInATerminal() {
        List<String> command = List.of("env", "--default-signal=INT,TERM,HUP");
        try {
            List<String> tried = new ArrayList<>(command);
            tried.add("true");
            return new ProcessBuilder(tried).start().waitFor() == 0 ? command : List.of();
        } catch (IOException e) {
            return List.of(); // no such program
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Process start(String name, String prefix, String... words) throws IOException {
        Process process = program(name, prefix, words).start();
        started.add(process);
        return process;
    }

    private ProcessBuilder program(String name, String prefix, String... words) throws IOException {
        temporary = Files.createDirectories(folder.resolve(name + "-tmp"));
        said = folder.resolve(name + ".txt");
        List<String> command = new ArrayList<>(AS_IN_A_TERMINAL);
        command.addAll(prefix.isEmpty() ? List.of() : List.of(prefix));
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(words));
        return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile());
    }

    private String said() throws IOException {
        return new String(Files.readAllBytes(said), StandardCharsets.UTF_8);
    }

    /** Waits until the program has printed something, and sends a signal. */
    private void signal(String name, Process process, String after) throws Exception {
        await().atMost(LONG)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> Files.size(said) > 0 && said().contains(after) || !process.isAlive());
        assertThat(process.isAlive()).as(said()).isTrue();
        signal(name, process);
    }

    private static void signal(String name, Process process) throws Exception {
        assertThat(new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid())
                        .start()
                        .waitFor())
                .isZero();
    }

    private void endsWith(int code, Process process) throws Exception {
        assertThat(process.waitFor(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        String words = said().substring(0, (int) Math.min(20_000, Files.size(said)));
        assertThat(process.exitValue()).as(words).isEqualTo(code);
        assertThat(words).doesNotContain("defect", "\tat ");
        try (Stream<Path> left = Files.list(temporary)) {
            // what the JVM itself keeps there, and native libraries that it still has open, are not ours
            assertThat(left.map(file -> file.getFileName().toString()).filter(file -> file.startsWith("dataflux")))
                    .isEmpty();
        }
    }

    private Process demo(String name, String... more) throws IOException {
        List<String> words =
                new ArrayList<>(List.of("demo", "--output", folder.resolve(name).toString()));
        words.addAll(List.of(more));
        return start(name, "", words.toArray(String[]::new));
    }

    @Test
    void whileTheDemoStarts() throws Exception {
        Process demo = demo("starting");
        signal("TERM", demo, "starting a Kafka broker");
        endsWith(143, demo);
    }

    @Test
    void whileTheDemoSendsAndAgainWhileItReadsBack() throws Exception {
        Process demo = demo("sending", "--events", "1000000");
        signal("TERM", demo, "files and report: ");
        signal("INT", demo, "reading broker back...");
        endsWith(130, demo);
        assertThat(said()).contains("stopping: flushing").contains("stopped before its limit");
    }

    @Test
    void whileTheDemoReadsBack() throws Exception {
        Process demo = demo("reading", "--events", "60000");
        signal("INT", demo, "reading broker back...");
        endsWith(130, demo);
    }

    @Test
    void whileTheDemoHolds() throws Exception {
        Process demo = demo("holding", "--events", "100", "--hold");
        signal("INT", demo, "holding the servers until Ctrl-C");
        endsWith(0, demo);
    }

    @Test
    void whileAVerificationReads() throws Exception {
        for (String signal : List.of("INT", "TERM", "HUP")) {
            try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                    HttpReceiver receiver = HttpReceiver.start()) {
                String text = """
                        tag: "00000007"
                        limits: {events: 10}
                        streams: {clicks: {from: clickstream}}
                        sinks: {api: {type: http, url: "%s", read: {url: "%s"}}}
                        output: {dir: "%s"}
                        """;
                Path config = folder.resolve(signal + ".yaml");
                String read = receiver.url() + "?format=ndjson";
                Files.writeString(config, text.formatted(receiver.url(), read, folder.resolve(signal)));
                assertThat(DataFlux.plan(config).start().await().delivered()).isTrue();
                read = "http://127.0.0.1:" + silent.getLocalPort() + "/x";
                Files.writeString(config, text.formatted(receiver.url(), read, folder.resolve(signal)));
                Path report = folder.resolve(signal).resolve("00000007/report.json");
                Process verify =
                        start("verify" + signal, "", "verify", config.toString(), "--report", report.toString());
                signal(signal, verify, "reading api back...");
                endsWith(128 + Map.of("INT", 2, "TERM", 15, "HUP", 1).get(signal), verify);
            }
        }
    }

    @Test
    void whileASinkIsBeingOpened() throws Exception {
        for (String signal : List.of("INT", "TERM")) {
            try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
                Path config = Files.writeString(
                        folder.resolve(signal + ".yaml"), """
                        streams: {clicks: {from: clickstream}}
                        limits: {events: 10}
                        sinks: {broker: {type: kafka, bootstrap_servers: "127.0.0.1:%d", topic: t, connect_timeout: 2m}}
                        output: {dir: "%s"}
                        """.formatted(silent.getLocalPort(), folder.resolve(signal)));
                Process run = start("opening" + signal, "", "run", config.toString());
                silent.accept(); // the first look at the broker
                signal(signal, run);
                endsWith(signal.equals("INT") ? 130 : 143, run);
            }
        }
    }

    @Test
    void whileDataIsPrinted() throws Exception {
        printing("HUP", 129, "draws");
        printing("INT", 130, "sample", "clickstream", "--count", "100000000000");
    }

    /** The reader does not read on, so that the program is in the middle of its output. */
    private void printing(String signal, int code, String... words) throws Exception {
        ProcessBuilder program = program(words[0], "", words);
        Process process = program.redirectOutput(ProcessBuilder.Redirect.PIPE)
                .redirectErrorStream(false)
                .redirectError(said.toFile())
                .start();
        started.add(process);
        assertThat(process.getInputStream().read()).isNotNegative();
        signal(signal, process);
        endsWith(code, process);
    }

    @Test
    void underNohupAClosedTerminalIsIgnoredInEveryPhase() throws Exception {
        Path config = Files.writeString(folder.resolve("run.yaml"), """
                streams: {clicks: {from: clickstream}}
                limits: {events: 3000000}
                lag_budget: 1h
                sinks: {all: {type: "null"}}
                output: {dir: "%s"}
                """.formatted(folder.resolve("run")));
        Process run = start("nohup", "nohup", "run", config.toString());
        signal("HUP", run, "files and report: ");
        signal("HUP", run, "acknowledged");
        signal("TERM", run, "acknowledged");
        endsWith(143, run);
        assertThat(said()).containsPattern("run [0-9a-f]{8}: 3,000,000 events of clicks to all \\(null\\) within ");
    }
}
