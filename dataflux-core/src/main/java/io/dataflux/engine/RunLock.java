package io.dataflux.engine;

import io.dataflux.ConfigurationException;
import io.dataflux.ConfigurationException.Problem;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a second process from resuming a run, or a part of it, that is still running. The system releases the lock when the
 * process dies, however it does; the file stays.
 */
final class RunLock implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RunLock.class);

    private final @Nullable FileChannel channel;

    private RunLock(@Nullable FileChannel channel) {
        this.channel = channel;
    }

    /**
     * @throws ConfigurationException if another run has it
     * @throws io.dataflux.DeliveryException if the folder cannot be written
     */
    static RunLock take(Path checkpoint, String tag) {
        Path file = checkpoint.resolveSibling(checkpoint.getFileName() + ".lock");
        FileChannel channel;
        try {
            Files.createDirectories(checkpoint.toAbsolutePath().getParent());
            channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            throw Checkpoints.cannotBeWritten(checkpoint, e);
        }
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        } catch (IOException e) { // such as a network file system without locks
            LOG.warn("{} cannot be locked, so nothing keeps the run from being started twice: {}", file, e.toString());
            close(channel);
            return new RunLock(null);
        }
        if (lock == null) {
            close(channel);
            throw new ConfigurationException(
                    "run " + tag,
                    List.of(new Problem(
                            "--tag",
                            "run " + tag + " is still running and holds " + file
                                    + "; wait for it to end, stop it, or use another tag for a new run")));
        }
        return new RunLock(channel);
    }

    @Override
    public void close() {
        if (channel != null) {
            close(channel);
        }
    }

    private static void close(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.warn("a lock was not released: {}", e.toString());
        }
    }
}
