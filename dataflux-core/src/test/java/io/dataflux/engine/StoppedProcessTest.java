package io.dataflux.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dataflux.DataFlux;
import io.dataflux.MemorySink;
import io.dataflux.Plan;
import io.dataflux.RunReport;
import io.dataflux.Validity;
import io.dataflux.model.StreamDefinition;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A real process that is stopped by a signal, and goes on, while a lane waits for its sink. */
@EnabledOnOs(OS.LINUX) // whose /proc says that a process is stopped
class StoppedProcessTest {

    private static final Duration STOPPED = Duration.ofMillis(1500);
    private static final int EVENTS = 1000;
    private static final int WAITS_AT = 400;

    @TempDir
    Path folder;

    /** The program: a run whose sink waits once, until its input has a line. */
    static final class Program {
        public static void main(String[] arguments) throws Exception {
            StreamDefinition clicks = DataFlux.definition("clickstream").toBuilder()
                    .rate("1000/s")
                    .build();
            Plan plan = DataFlux.plan(DataFlux.stream(clicks, 1))
                    .events(0, EVENTS)
                    .sink("slow", MemorySink.into(entry -> {
                        if (entry.sequence() == WAITS_AT) {
                            waitForALine();
                        }
                    }))
                    .output(Path.of(arguments[0]))
                    .build();
            RunReport report = plan.start().await();
            System.out.println(report.validity() + " " + report.ownLag().maxNanos() + " "
                    + report.sinkLag().maxNanos());
        }

        private static void waitForALine() {
            System.out.println("waiting");
            try {
                if (System.in.read() < 0) {
                    throw new IllegalStateException("no line");
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** What the run booked, in milliseconds. */
    private record Booked(Validity validity, long own, long sink) {}

    @Test
    void theTimeOfAStopIsNotTheSinks() throws Exception {
        Booked booked = run(true);

        assertThat(booked.own).as("%s", booked).isGreaterThan(STOPPED.toMillis() - 200);
        assertThat(booked.validity).isEqualTo(Validity.INVALID);
    }

    @Test
    void theTimeOfASinkIs() throws Exception {
        Booked booked = run(false);

        assertThat(booked.sink).as("%s", booked).isGreaterThan(STOPPED.toMillis() - 200);
        assertThat(booked.own).as("%s", booked).isLessThan(STOPPED.toMillis() - 200);
    }

    private Booked run(boolean stopped) throws Exception {
        Process program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Program.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader output = program.inputReader(StandardCharsets.UTF_8)) {
            assertThat(output.readLine()).isEqualTo("waiting");
            if (stopped) {
                signal("STOP", program);
                await().until(() -> isStopped(program));
            }
            assertThat(program.waitFor(STOPPED.toMillis(), TimeUnit.MILLISECONDS))
                    .isFalse();
            if (stopped) {
                assertThat(isStopped(program)).isTrue();
                signal("CONT", program);
                await().until(() -> !isStopped(program));
            }
            program.outputWriter(StandardCharsets.UTF_8).append('\n').close();
            String[] words = output.readLine().split(" ", 3);
            return new Booked(
                    Validity.valueOf(words[0]),
                    Long.parseLong(words[1]) / 1_000_000,
                    Long.parseLong(words[2]) / 1_000_000);
        } finally {
            program.destroyForcibly().waitFor();
        }
    }

    private static void signal(String name, Process process) throws Exception {
        assertThat(new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid())
                        .start()
                        .waitFor())
                .isZero();
    }

    private static boolean isStopped(Process process) throws IOException {
        String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
        return stat.charAt(stat.lastIndexOf(')') + 2) == 'T';
    }
}
