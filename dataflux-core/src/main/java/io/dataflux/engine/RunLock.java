package io.dataflux.engine;

import io.dataflux.ConfigurationException;
import io.dataflux.ConfigurationException.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a second process from resuming a run, or a part of it, that is still running. The system releases the lock when the
 * process dies, however it does; the file stays. It is empty until the run begins to send, so that it also shows that a run has begun that
 * left nothing else.
 */
final class RunLock implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RunLock.class);

    private static final String SUFFIX = ".lock";

    private final Path checkpoint;
    private final FileChannel channel;

    private RunLock(Path checkpoint, FileChannel channel) {
        this.checkpoint = checkpoint;
        this.channel = channel;
    }

    /** The name of the file that locks a checkpoint. */
    static String of(String checkpoint) {
        return checkpoint + SUFFIX;
    }

    /**
     * @throws ConfigurationException if another run has it, or its folder cannot be created
     * @throws io.dataflux.DeliveryException if the folder cannot be written
     */
    static RunLock take(Path checkpoint, String tag) {
        Path file = checkpoint.resolveSibling(of(checkpoint.getFileName().toString()));
        Path folder = checkpoint.toAbsolutePath().getParent();
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new ConfigurationException(
                    "run " + tag,
                    List.of(new Problem(
                            "output.dir",
                            "the run's folder " + checkpoint.getParent() + " cannot be created: " + Checkpoints.words(e)
                                    + "; name a folder that can be written, here or with --output")));
        }
        FileChannel channel;
        try {
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
            return new RunLock(checkpoint, channel);
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
        return new RunLock(checkpoint, channel);
    }

    /**
     * Marks that the run has begun: from now on it may send.
     *
     * @throws io.dataflux.DeliveryException if the file cannot be written
     */
    void mark() {
        try {
            channel.write(ByteBuffer.wrap(new byte[] {'b', 'e', 'g', 'u', 'n', '\n'}), 0);
            channel.force(true);
        } catch (IOException e) {
            throw Checkpoints.cannotBeWritten(checkpoint, e);
        }
    }

    /** Takes the mark back from a run that never sent anything. */
    void forget(Throwable why) {
        try {
            channel.truncate(0);
        } catch (IOException e) {
            why.addSuppressed(e);
        }
    }

    @Override
    public void close() {
        close(channel);
    }

    private static void close(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.warn("a lock was not released: {}", e.toString());
        }
    }
}
