package io.dataflux.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Locale;

/** A {@link ServerProgram} that this process starts and ends. Used by one thread. */
final class Server implements AutoCloseable {

    /**
     * What the server has done since it started.
     *
     * @param cpuNanos of its whole process
     */
    record Tally(long cpuNanos, long requests, long bodyBytes) {
        Tally since(Tally before) {
            return new Tally(cpuNanos - before.cpuNanos, requests - before.requests, bodyBytes - before.bodyBytes);
        }
    }

    private final Process process;
    private final PrintStream questions;
    private final BufferedReader answers;
    private final String address;

    private Server(Process process) throws IOException {
        this.process = process;
        questions = new PrintStream(process.getOutputStream(), true, UTF_8);
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
        address = answer();
    }

    /** @param kind {@code http}, {@code s3} or {@code kafka} */
    static Server start(String kind) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process = new ProcessBuilder(
                        java,
                        "-Xmx4g",
                        "-XX:+UseParallelGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ServerProgram.class.getName(),
                        kind)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            return new Server(process);
        } catch (IOException | RuntimeException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    String address() {
        return address;
    }

    Tally tally() throws IOException {
        return ask("tally");
    }

    /** Makes the server delete what it has stored. */
    void forget() throws IOException {
        ask("forget");
    }

    /** For a broker: creates a topic, and returns when it can be used. */
    void createTopic(String name, int partitions) throws IOException {
        ask("topic " + name + " " + partitions);
    }

    private Tally ask(String question) throws IOException {
        questions.println(question);
        String[] words = answer().split(" ", -1);
        return new Tally(Long.parseLong(words[0]), Long.parseLong(words[1]), Long.parseLong(words[2]));
    }

    private String answer() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new IOException("the server has ended");
        }
        return line;
    }

    /** What a turn cost: bytes per second, and the CPU time of both processes. */
    static String remark(long bytes, long nanos, long ownCpuNanos, long serverCpuNanos) {
        return String.format(
                Locale.ROOT,
                "%7.1f MB/s   CPU: sender %.2f s, server %.2f s, of %.2f s",
                bytes * 1e3 / nanos,
                ownCpuNanos / 1e9,
                serverCpuNanos / 1e9,
                nanos / 1e9);
    }

    @Override
    public void close() {
        process.destroy();
    }
}
