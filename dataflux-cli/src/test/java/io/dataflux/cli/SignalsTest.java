package io.dataflux.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dataflux.DataFlux;
import io.dataflux.Plan;
import io.dataflux.RunReport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The program in a process of its own that gets signals: how it ends, and what it says of a run that is not whole. */
@DisabledOnOs(OS.WINDOWS)
class SignalsTest {

    private static final Map<String, Integer> SIGNALS = new LinkedHashMap<>(Map.of("INT", 2, "TERM", 15, "HUP", 1));
    private static final Duration LONG = Duration.ofMinutes(2);

    @TempDir
    Path folder;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void end() {
        started.forEach(Process::destroyForcibly);
    }

    /** 5,000 events a second; a file is complete after the first few. */
    private Path config(String name, String limits) throws IOException {
        return Files.writeString(folder.resolve(name + ".yaml"), """
                seed: 3
                tag: "00000007"
                lag_budget: 1h
                streams: {clicks: {from: clickstream}}
                %s
                sinks: {lake: {type: file, roll_bytes: 1KiB}}
                output: {dir: "%s"}
                """.formatted(limits, folder.resolve(name)));
    }

    private Process run(String name) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "run",
                        folder.resolve(name + ".yaml").toString())
                .redirectErrorStream(true)
                .redirectOutput(output(name).toFile())
                .start();
        started.add(process);
        return process;
    }

    private Path output(String name) {
        return folder.resolve(name + ".txt");
    }

    private String said(String name) throws IOException {
        return Files.readString(output(name));
    }

    private static void signal(String name, Process process) throws Exception {
        assertThat(new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid())
                        .start()
                        .waitFor())
                .isZero();
    }

    /** Whether children of this process ignore a signal, because it was started by {@code nohup} or in the background. */
    private static boolean isIgnored(int signal) throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return false;
        }
        String ignored = Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .findFirst()
                .orElse("SigIgn: 0");
        return (Long.parseUnsignedLong(ignored.substring(7).strip(), 16) >> (signal - 1) & 1) == 1;
    }

    private void awaitFile(String name) {
        Path lake = folder.resolve(name).resolve("00000007/lake");
        await().atMost(LONG).pollInterval(Duration.ofMillis(20)).until(() -> {
            if (!Files.isDirectory(lake)) {
                return false;
            }
            try (Stream<Path> files = Files.list(lake)) {
                return files.anyMatch(file -> file.toString().endsWith(".jsonl"));
            }
        });
    }

    private static int code(Process process) throws InterruptedException {
        assertThat(process.waitFor(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    @Test
    void aRunThatASignalStopsBeforeItsLimitIsNotWholeAndSaysSo() throws Exception {
        Map<String, Process> runs = new LinkedHashMap<>();
        for (String signal : SIGNALS.keySet()) {
            config(signal, "limits: {events: 3000000}");
            runs.put(signal, run(signal));
        }
        config("TERM-open", "");
        runs.put("TERM-open", run("TERM-open"));
        for (Map.Entry<String, Process> each : runs.entrySet()) {
            String name = each.getKey();
            String signal = name.replace("-open", "");
            int number = SIGNALS.get(signal);
            awaitFile(name);

            signal(signal, each.getValue());

            if (isIgnored(number)) {
                assertThat(each.getValue().waitFor(200, TimeUnit.MILLISECONDS)).isFalse();
                continue;
            }
            boolean limited = name.equals(signal);
            assertThat(code(each.getValue())).as(said(name)).isEqualTo(limited ? 128 + number : 0);
            assertThat(said(name))
                    .contains("stopping: flushing")
                    .contains(limited ? "run 00000007 stopped before its limit: " : "run 00000007 delivered: ")
                    .doesNotContain(limited ? "delivered: " : "stopped before its limit");
            Plan plan = DataFlux.plan(folder.resolve(name + ".yaml"), Map.of(), Map.of());
            String verdict = plan.verify("lake", plan.ledger(plan.reports()), UnaryOperator.identity())
                    .toString();
            if (limited) {
                assertThat(said(name))
                        .contains(" of 3,000,000 planned events")
                        .contains("run again with --tag 00000007 to send them");
                assertThat(Files.readString(folder.resolve(name + "/00000007/report.json")))
                        .contains("\"complete\" : false");
                assertThat(verdict).contains(" acknowledged of 3,000,000 planned: the run ended before its limit");
            } else {
                assertThat(verdict).contains(" acknowledged").doesNotContain("planned");
            }
        }
    }

    @Test
    void aSecondSignalEndsTheProgramAtOnceWithItsOwnNumber() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Files.writeString(
                    folder.resolve("silent.yaml"), """
                    streams: {clicks: {from: clickstream}}
                    limits: {events: 3000000}
                    sinks: {api: {type: http, url: "http://127.0.0.1:%d/x", delivery_timeout: 10m, request_timeout: 10m}}
                    output: {dir: "%s"}
                    """.formatted(silent.getLocalPort(), folder.resolve("silent")));
            Process run = run("silent");
            silent.accept().close(); // the look before the run
            silent.accept();
            String first = isIgnored(2) ? "TERM" : "INT";
            signal(first, run);
            await().atMost(LONG)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> said("silent").contains("stopping: flushing"));
            assertThat(run.isAlive()).isTrue();

            signal("TERM", run);

            assertThat(code(run)).isEqualTo(143);
        }
    }

    @Test
    void ifSeveralApplyTheSignalComesLast() throws Exception {
        Plan plan = DataFlux.plan(config("failing", "limits: {events: 1000}\nspeed: max"), Map.of(), Map.of());
        RunReport whole = plan.start().await();

        assertThat(new Watch.Ended(whole, folder, List.of(), 0).exitCode()).isZero();
        assertThat(new Watch.Ended(whole, folder, List.of(), 15).exitCode())
                .as("it came too late")
                .isZero();
        assertThat(new Watch.Ended(with(whole, "late"), folder, List.of(), 15).exitCode())
                .isEqualTo(3);
        assertThat(new Watch.Ended(with(whole, "failed"), folder, List.of(), 15).exitCode())
                .isEqualTo(1);
        assertThat(new Watch.Ended(with(whole, "failed late"), folder, List.of(), 15).exitCode())
                .isEqualTo(1);
    }

    private static RunReport with(RunReport r, String what) {
        return new RunReport(
                r.tag(),
                what.contains("late") ? io.dataflux.Validity.INVALID : r.validity(),
                r.ledger(),
                r.steps(),
                r.ownLag(),
                r.sinkLag(),
                r.bytes(),
                r.elapsed(),
                r.start(),
                r.speed(),
                r.backfill(),
                r.faults(),
                what.contains("failed") ? List.of("no") : r.problems());
    }
}
