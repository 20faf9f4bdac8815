package io.dataflux.cli;

import io.dataflux.ConfigurationException;
import io.dataflux.DeliveryException;
import io.dataflux.Plan;
import io.dataflux.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the file of a run while it goes on, and has the run go over to what was saved; on a thread of its own. A file that was just written
 * is read once it has not changed for a moment.
 */
final class Reloader implements AutoCloseable {

    private static final long LOOK_MILLIS = 250;

    private final Path file;
    /** What the plan of the run was read from, or a little older. */
    private byte @Nullable [] taken;

    private final Supplier<Plan> read;
    private final Run run;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread thread = new Thread(this::look, "reload");

    private Reloader(Path file, byte @Nullable [] taken, Supplier<Plan> read, Run run) {
        this.file = file;
        this.taken = taken;
        this.read = read;
        this.run = run;
    }

    /**
     * @param taken what was in the file before the plan of the run was read
     * @param read reads the file again, with the flags of the run
     */
    static Reloader begin(Path file, byte @Nullable [] taken, Supplier<Plan> read, Run run) {
        Reloader reloader = new Reloader(file, taken, read, run);
        reloader.thread.setDaemon(true);
        reloader.thread.start();
        return reloader;
    }

    private void look() {
        byte @Nullable [] last = taken;
        try {
            while (!ended.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                byte @Nullable [] now = content(file);
                if (now != null && Arrays.equals(now, last) && !Arrays.equals(now, taken)) {
                    taken = now;
                    reload();
                }
                last = now;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The file; null while it is not there, as between two steps of an editor. */
    static byte @Nullable [] content(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            return null;
        }
    }

    private void reload() {
        try {
            int before = run.changes().size();
            if (run.reload(read.get()).isEmpty()) {
                Watch.say("reloaded " + file + ": the streams are as they were");
                return;
            }
            List<String> changes = run.changes();
            List<String> more = changes.subList(before, changes.size());
            Watch.say("reloaded " + file + ": "
                    + (more.isEmpty() ? "what has changed is switched off" : String.join(", ", more)));
        } catch (ConfigurationException | IllegalStateException | DeliveryException e) {
            Watch.say("not reloaded, the run goes on as it was: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        ended.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
