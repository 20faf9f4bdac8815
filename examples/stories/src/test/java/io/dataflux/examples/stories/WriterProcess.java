package io.dataflux.examples.stories;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dataflux.testkit.EmbeddedS3;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The process of an {@link ObjectWriter}, to be killed. Its stderr goes to that of the test. Thread-safe. */
final class WriterProcess implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 120;

    private final ProcessBuilder builder;
    private final AtomicLong stored = new AtomicLong();
    private final AtomicLong position = new AtomicLong();
    private final CountDownLatch working = new CountDownLatch(1);
    private final Set<String> wronged = ConcurrentHashMap.newKeySet();
    private Process process;
    private Thread listener;
    private long storedBeforeKill = -1;
    private boolean closed;

    WriterProcess(String servers, String topic, EmbeddedS3 s3, String bucket, ObjectFault fault) {
        builder = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ObjectWriter.class.getName(),
                        servers,
                        topic,
                        s3.endpoint().toString(),
                        bucket,
                        fault.name()))
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("AWS_ACCESS_KEY_ID", s3.accessKey());
        builder.environment().put("AWS_SECRET_ACCESS_KEY", s3.secretKey());
        process = start();
    }

    /** Tells the test something, from within the process. */
    static void say(String what, String detail) {
        System.out.println(what + " " + detail);
        System.out.flush();
    }

    /** Kills it as {@code kill -9} does, in the middle of its work, and starts another one. */
    synchronized void killAndRestart() {
        try {
            if (!working.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the writer has stored nothing in " + PATIENCE_SECONDS + " s");
            }
            if (closed) {
                return;
            }
            process.toHandle().destroyForcibly(); // what it has printed can still be read
            process.waitFor();
            listener.join();
            storedBeforeKill = stored.get();
            process = start();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** How many records of the topic were processed when there was nothing more to read. */
    long position() {
        return position.get();
    }

    /** How many records were in objects when the writer was killed, as far as it could still report; -1 if it was not killed. */
    synchronized long storedBeforeKill() {
        return storedBeforeKill;
    }

    /** The ids of the events that something was done wrong with. */
    Set<String> wronged() {
        return wronged;
    }

    private Process start() {
        try {
            Process started = builder.start();
            listener = new Thread(() -> listen(started), "listener of " + started.pid());
            listener.setDaemon(true);
            listener.start();
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void listen(Process speaking) {
        try (var lines = new BufferedReader(new InputStreamReader(speaking.getInputStream(), UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] words = line.split(" ", 2);
                switch (words[0]) {
                    case "wronged" -> wronged.add(words[1]);
                    case "at" -> position.set(Long.parseLong(words[1]));
                    default -> {
                        stored.addAndGet(Long.parseLong(words[1]));
                        working.countDown();
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        process.toHandle().destroyForcibly();
    }
}
