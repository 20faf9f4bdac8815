package io.dataflux.testkit;

import io.dataflux.DataFlux;
import io.dataflux.Plan;
import io.dataflux.Run;
import io.dataflux.RunReport;
import io.dataflux.verify.Verdict;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * A run whose process is killed without warning, as by {@code kill -9}, and which is then resumed: the basis for tests of what a sink
 * guarantees across restarts. Each {@link #killAt} starts a new JVM, with this one's Java and class path, that begins or resumes the run,
 * and kills it when the given number of events is acknowledged. {@link #resume} sends the rest in this JVM. Used by one thread.
 *
 * <p>A kill comes some milliseconds after the count was reached. Give the run a rate at which it is still far from its end by then.
 *
 * <pre>{@code
 * KilledRun run = KilledRun.of(config, "5f3a90c1").flag("output", folder.toString());
 * KilledRun.Kill kill = run.killAt(40_000);     // kill.acknowledged() is at least 40,000
 * RunReport report = run.resume();
 * Verdict verdict = run.verify("broker", report);
 * }</pre>
 */
public final class KilledRun {

    /**
     * How far a process was when it was killed, by the last line it printed: what it did in its last millisecond or so is missing.
     *
     * @param acknowledged events over all sinks and attempts
     * @param inFlight events that were handed over and not settled: the run did not know what became of them
     */
    public record Kill(long acknowledged, long failed, long inFlight) {
        @Override
        public String toString() {
            return "killed with " + acknowledged + " acknowledged, " + failed + " failed, " + inFlight + " in flight";
        }
    }

    private final Path config;
    private final Map<String, String> flags = new LinkedHashMap<>();
    private final Map<String, String> environment = new LinkedHashMap<>();
    private final List<String> jvmOptions = new ArrayList<>(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    private Duration patience = Duration.ofMinutes(3);

    private KilledRun(Path config, String tag) {
        this.config = config;
        flags.put("tag", tag);
    }

    /** The run of a configuration file under a fixed tag, eight hexadecimal digits. */
    public static KilledRun of(Path config, String tag) {
        return new KilledRun(config, tag);
    }

    /** Sets a flag, which overrides the file, see {@link DataFlux#plan(Path, Map, Map)}. */
    public KilledRun flag(String name, String value) {
        flags.put(name, value);
        return this;
    }

    /** Sets what <code>${env:NAME}</code> and the like stand for, here and in the processes that are killed. */
    public KilledRun environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** Adds an option of the JVMs that are killed, such as {@code -Xmx64m}. */
    public KilledRun jvmOption(String option) {
        jvmOptions.add(option);
        return this;
    }

    /** Sets how long {@link #killAt} waits for its moment; three minutes by default. */
    public KilledRun patience(Duration longest) {
        patience = longest;
        return this;
    }

    /**
     * Starts a process that begins or resumes the run, and kills it as soon as this many events are acknowledged, over all sinks and
     * attempts. Returns when the process has ended.
     *
     * @throws IllegalStateException with what the process printed, if it ended first, or took too long
     */
    public Kill killAt(long acknowledged) throws IOException, InterruptedException {
        return killWhen(kill -> kill.acknowledged() >= acknowledged, "with " + acknowledged + " acknowledged");
    }

    /**
     * The same at a moment of your choice: the condition is checked against each of the process's progress lines, of which there are at
     * most a thousand a second, and about fifty while nothing happens.
     *
     * @param when the moment as text, for messages
     */
    public Kill killWhen(Predicate<Kill> condition, String when) throws IOException, InterruptedException {
        Path errors = Files.createTempFile("dataflux-killed-run", ".txt");
        Process process = start(errors);
        Kill last = new Kill(0, 0, 0);
        boolean reached = false;
        try (BufferedReader lines = lines(process)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Kill now = KilledRunProgram.parse(line);
                last = now == null ? last : now;
                if (now != null && !reached && condition.test(now)) {
                    reached = true;
                    process.toHandle().destroyForcibly(); // what it has printed can still be read
                }
            }
        } finally {
            process.destroyForcibly();
            process.waitFor();
        }
        String words = read(errors);
        if (!reached || process.exitValue() == 0) {
            throw new IllegalStateException("the process should have been killed " + when
                    + ", but it ended first, or took longer than " + patience.toSeconds() + " s: exit code "
                    + process.exitValue() + ", " + last + "\n" + words);
        }
        return last;
    }

    /**
     * Starts a process that begins or resumes the run, and waits for its end.
     *
     * @throws IllegalStateException with what the process printed, if it failed, or took too long
     */
    public void runInProcess() throws IOException, InterruptedException {
        Path errors = Files.createTempFile("dataflux-killed-run", ".txt");
        Process process = start(errors);
        try (BufferedReader lines = lines(process)) {
            while (lines.readLine() != null) {
                // it is not let wait for a reader
            }
            process.waitFor();
        } finally {
            process.destroyForcibly();
        }
        String words = read(errors);
        if (process.exitValue() != 0) {
            throw new IllegalStateException("the process failed, or took longer than " + patience.toSeconds()
                    + " s: exit code " + process.exitValue() + "\n" + words);
        }
    }

    private BufferedReader lines(Process process) {
        Thread clock = new Thread(() -> endInTime(process), "killed-run-patience");
        clock.setDaemon(true);
        clock.start();
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    private static String read(Path errors) throws IOException {
        String words = Files.readString(errors);
        Files.delete(errors);
        return words;
    }

    private Process start(Path errors) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(KilledRunProgram.class.getName());
        command.add(config.toString());
        flags.forEach((name, value) -> command.add(name + "=" + value));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
        builder.environment().putAll(environment);
        return builder.start();
    }

    private void endInTime(Process process) {
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                process.toHandle().destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody does that
        }
    }

    /** Resumes the run in this JVM and sends the rest. */
    public RunReport resume() throws InterruptedException {
        try (Run run = plan().start()) {
            return run.await();
        }
    }

    /** Reads a sink back and judges it. */
    public Verdict verify(String sink, RunReport report) {
        return plan().verify(sink, report.ledger(), UnaryOperator.identity());
    }

    /** The plan of the run, under its tag: starting it resumes the run. */
    public Plan plan() {
        Map<String, String> all = new LinkedHashMap<>(System.getenv());
        all.putAll(environment);
        return DataFlux.plan(config, flags, all);
    }
}
