package io.dataflux.sinks;

import io.dataflux.ConfigurationException;
import io.dataflux.ConfigurationException.Problem;
import io.dataflux.DeliveryException;
import io.dataflux.spi.LaneContext;
import io.dataflux.spi.Settings.Secret;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * A folder whose entries survive a crash of the machine: a name in it exists only after the bytes under it are on disk. Renaming
 * is atomic but lives in the folder, so the folder is synced as well.
 */
record DurableFolder(Path path, List<Secret> hidden) {

    /** The suffix of a file that is not complete yet. */
    static final String PART = ".part";

    DurableFolder(Path path) {
        this(path, List.of());
    }

    DurableFolder resolve(String name) {
        return new DurableFolder(path.resolve(name), hidden);
    }

    /** For messages. */
    @Override
    public String toString() {
        return shown(path);
    }

    /** A path in it for messages: without what came from the environment. */
    String shown(Path file) {
        String shown = file.toString();
        for (Secret secret : hidden) {
            shown = secret.maskedIn(shown);
        }
        return shown;
    }

    /** The folder as it is written down: with a hash if it may not be shown. */
    String recorded() {
        String whole = path.toAbsolutePath().normalize().toString();
        String shown = shown(path.toAbsolutePath().normalize());
        return shown.equals(whole) ? whole : shown + " (" + hash(whole) + ")";
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Creates the folder and its parents, and checks that it can be written. */
    void create() throws IOException {
        make(path.toAbsolutePath());
        Files.delete(Files.createTempFile(path, "try", PART));
    }

    /** A sink's folder that cannot be created or written, before anything was sent; or the run was stopped meanwhile. */
    RuntimeException unwritable(LaneContext run, IOException e) {
        if (e instanceof ClosedByInterruptException) {
            return new DeliveryException("sink '" + run.sink() + "': interrupted while it was being opened", e);
        }
        return new ConfigurationException(
                "run " + run.tagText(),
                List.of(new Problem(
                        "sinks." + run.sink() + ".dir",
                        "cannot write the folder " + this + ": " + reason(e) + "; name a folder that can be written")));
    }

    private void make(Path folder) throws IOException {
        Path above = folder.getParent();
        if (above == null || Files.isDirectory(folder)) {
            return;
        }
        if (Files.exists(folder)) {
            throw new FileSystemException(folder.toString(), null, shown(folder) + " is not a folder");
        }
        make(above);
        Files.createDirectories(folder);
        new DurableFolder(above).sync();
    }

    /** Creates a file, which must not exist: nothing is written to where a link leads that somebody put in its place. */
    static FileChannel create(Path part) throws IOException {
        return FileChannel.open(
                part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    }

    /** Gives a synced file its name, replacing a file of that name. If it fails, the name is unchanged. */
    void rename(Path part, Path whole) throws IOException {
        Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Makes names durable. */
    void sync() throws IOException {
        try (FileChannel folder = FileChannel.open(path, StandardOpenOption.READ)) {
            folder.force(true);
        }
    }

    /** The names in it, in no particular order; none if there is no such folder. */
    List<String> names() throws IOException {
        if (!Files.isDirectory(path)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(path)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    /** The reason that the system gave, without the path that these exceptions put before it. */
    static String reason(IOException e) {
        if (e instanceof FileSystemException system && system.getReason() != null) {
            return system.getReason();
        }
        if (e instanceof FileAlreadyExistsException) {
            return "a file or link of that name is in the way";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        String kind = e.getClass().getSimpleName().replace("Exception", "");
        return e.getMessage() == null ? kind : kind.equals("IO") ? e.getMessage() : kind + " " + e.getMessage();
    }
}
