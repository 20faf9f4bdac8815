package io.dataflux.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dataflux.ConfigurationException;
import io.dataflux.ConfigurationException.Problem;
import io.dataflux.StoredRun;
import io.dataflux.StoredRun.State;
import io.dataflux.StoredRun.StoredVerdict;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The runs in an output folder: what their files say, and how to remove them. */
public final class StoredRuns {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern TAG = Pattern.compile("[0-9a-f]{8}");
    private static final Pattern LOCK = Pattern.compile("checkpoint(-\\d+of\\d+)?\\.json\\.lock");
    private static final Pattern CHECKPOINT = Pattern.compile("checkpoint(-\\d+of\\d+)?\\.json");
    private static final String VERDICT = "verdict-";

    private StoredRuns() {}

    /** The runs in a folder, the one that began last first. @throws ConfigurationException if it cannot be read */
    public static List<StoredRun> in(Path output) {
        if (!Files.isDirectory(output)) {
            return List.of();
        }
        List<StoredRun> runs = new ArrayList<>();
        try {
            for (Path folder : list(output)) {
                if (isRun(folder)) {
                    runs.add(read(folder));
                }
            }
        } catch (IOException e) {
            throw new ConfigurationException(output.toString(), List.of(new Problem("", "it cannot be read: " + e)));
        }
        runs.sort(Comparator.comparing(StoredRun::begun).reversed().thenComparing(StoredRun::tag));
        return runs;
    }

    /** Whether a folder is named by a tag and holds what a run with that tag leaves. */
    private static boolean isRun(Path folder) throws IOException {
        if (!TAG.matcher(name(folder)).matches() || !Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        return !locks(folder).isEmpty() || Files.isRegularFile(folder.resolve(Checkpoint.FILE));
    }

    private static StoredRun read(Path folder) throws IOException {
        List<String> streams = new ArrayList<>();
        List<Path> reports = ReportFile.in(folder);
        long acknowledged = 0;
        long parts = 1;
        boolean readable = !reports.isEmpty();
        boolean complete = true;
        boolean failed = false;
        List<Path> checkpoints = list(folder).stream()
                .filter(file -> CHECKPOINT.matcher(name(file)).matches())
                .toList();
        boolean ended = readable;
        for (Path file : ended ? reports : checkpoints) { // which say what there was, but not how it ended
            Optional<JsonNode> report = ended ? report(file) : parsed(file);
            readable &= report.isPresent();
            if (report.isPresent()) {
                JsonNode root = report.get();
                parts = Math.max(parts, root.path("run").path("parts").asLong(1));
                complete &= root.path("complete").asBoolean();
                acknowledged += sum(root, "acknowledged");
                failed |= sum(root, "failed") > 0
                        || sum(root, "unknown") > root.path("unsent").asLong()
                        || !root.path("problems").isEmpty();
                if (streams.isEmpty()) {
                    root.path("run")
                            .path("streams")
                            .forEach(stream -> streams.add(stream.path("name").asText()));
                }
            }
        }
        boolean reported = readable && reports.size() == parts;
        State state = isLocked(folder)
                ? State.RUNNING
                : !reported ? State.UNREPORTED : failed ? State.FAILED : complete ? State.COMPLETE : State.STOPPED;
        return new StoredRun(
                name(folder),
                folder,
                begun(folder),
                changed(folder),
                streams,
                state,
                acknowledged,
                verdicts(folder, reports));
    }

    private static long sum(JsonNode report, String outcome) {
        long sum = 0;
        for (JsonNode sink : report.path("sinks")) {
            for (JsonNode stream : sink.path("streams")) {
                sum += stream.path(outcome).asLong();
            }
        }
        return sum;
    }

    /** A verdict on an earlier attempt says nothing of the run as it is. */
    private static List<StoredVerdict> verdicts(Path folder, List<Path> reports) throws IOException {
        FileTime ended = FileTime.fromMillis(0);
        for (Path report : reports) {
            FileTime time = Files.getLastModifiedTime(report);
            ended = time.compareTo(ended) > 0 ? time : ended;
        }
        List<StoredVerdict> verdicts = new ArrayList<>();
        for (Path each : list(folder)) {
            Path file = each.resolve("verdict.json");
            if (name(each).startsWith(VERDICT)
                    && !reports.isEmpty()
                    && Files.isRegularFile(file)
                    && Files.getLastModifiedTime(file).compareTo(ended) >= 0) {
                parsed(file)
                        .ifPresent(verdict -> verdicts.add(new StoredVerdict(
                                verdict.path("sink").asText(),
                                verdict.path("clean").asBoolean(),
                                verdict.path("headline").asText())));
            }
        }
        return verdicts;
    }

    private static Optional<JsonNode> report(Path file) {
        try {
            return Optional.of(ReportReader.report(file));
        } catch (ConfigurationException e) {
            return Optional.empty(); // whoever asks for this run is told why
        }
    }

    private static Optional<JsonNode> parsed(Path file) throws IOException {
        try {
            JsonNode root = JSON.readTree(file.toFile());
            return root.isObject() ? Optional.of(root) : Optional.empty();
        } catch (com.fasterxml.jackson.core.JacksonException e) {
            return Optional.empty();
        }
    }

    /** The lock is written when an attempt begins to send. */
    private static Instant begun(Path folder) throws IOException {
        Instant begun = Instant.EPOCH;
        for (Path lock : locks(folder)) {
            Instant time = Files.getLastModifiedTime(lock).toInstant();
            begun = time.isAfter(begun) ? time : begun;
        }
        return begun.equals(Instant.EPOCH) ? changed(folder) : begun;
    }

    private static Instant changed(Path folder) throws IOException {
        FileTime last = Files.getLastModifiedTime(folder);
        for (Path file : list(folder)) {
            FileTime time = Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS);
            last = time.compareTo(last) > 0 ? time : last;
        }
        return last.toInstant();
    }

    private static boolean isLocked(Path folder) throws IOException {
        for (Path file : locks(folder)) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                    FileLock lock = channel.tryLock(0, Long.MAX_VALUE, true)) {
                if (lock == null) {
                    return true;
                }
            } catch (OverlappingFileLockException | IOException e) { // by this process; or nobody can tell
                return true;
            }
        }
        return false;
    }

    /**
     * Deletes the folder of a run and everything in it; links in it are removed, and what they lead to stays.
     *
     * @throws ConfigurationException if the run is running, is no run (any more), or something cannot be deleted
     */
    public static void delete(StoredRun run) {
        Path folder = run.folder();
        List<FileChannel> held = new ArrayList<>();
        try {
            if (!isRun(folder)) {
                throw problem(run, "is not the folder of a run; nothing was deleted");
            }
            for (Path file : locks(folder)) { // held until the end, so that nobody resumes what is being deleted
                FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
                held.add(channel);
                if (!isFree(channel)) {
                    throw problem(run, "is still running; nothing was deleted");
                }
            }
            deleteAll(folder);
        } catch (IOException e) {
            throw problem(run, "cannot be deleted: " + e);
        } finally {
            held.forEach(StoredRuns::close);
        }
    }

    private static boolean isFree(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    /** The locks go last: as long as one is there, the rest is known to be a run. */
    private static void deleteAll(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (!LOCK.matcher(name(file)).matches()) {
                    Files.delete(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException e) throws IOException {
                if (e != null) {
                    throw e;
                }
                if (visited.equals(folder)) {
                    for (Path lock : locks(folder)) {
                        Files.delete(lock);
                    }
                }
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static List<Path> locks(Path folder) throws IOException {
        return list(folder).stream()
                .filter(file -> LOCK.matcher(name(file)).matches())
                .toList();
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    private static String name(Path path) {
        Path name = path.getFileName();
        return name == null ? "" : name.toString();
    }

    private static void close(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static ConfigurationException problem(StoredRun run, String what) {
        return new ConfigurationException(
                "run " + run.tag(), List.of(new Problem(run.folder().toString(), what)));
    }
}
