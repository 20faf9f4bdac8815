package io.dataflux.sinks;

import io.dataflux.ConfigurationException;
import io.dataflux.ConfigurationException.Problem;
import io.dataflux.DeliveryException;
import io.dataflux.spi.Delivered;
import io.dataflux.spi.LaneContext;
import io.dataflux.spi.ReadBack;
import io.dataflux.spi.Resume;
import io.dataflux.spi.Settings.Secret;
import io.dataflux.spi.Sink;
import io.dataflux.spi.SinkConnector;
import io.dataflux.spi.SinkReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A configured file sink; {@link FileSink} explains the design. */
final class FileConnector implements SinkConnector {

    private final @Nullable DurableFolder dir;
    private final long rollBytes;
    private final Duration rollInterval;

    /** @param dir the folder of all runs, or {@code null} for the run's output folder */
    FileConnector(@Nullable Path dir, long rollBytes, Duration rollInterval) {
        this(dir, List.of(), rollBytes, rollInterval);
    }

    /** @param hidden what of the folder's name came from the environment */
    FileConnector(@Nullable Path dir, List<Secret> hidden, long rollBytes, Duration rollInterval) {
        this.dir = dir == null ? null : new DurableFolder(dir, hidden);
        this.rollBytes = rollBytes;
        this.rollInterval = rollInterval;
    }

    @Override
    public void prepare(LaneContext run) {
        DurableFolder folder = folder(run);
        List<FileName> files;
        try {
            folder.create();
            files = FileName.parseAll(folder.names()).stream()
                    .filter(file -> file.lanes() != run.lanes()
                            || (file.lane() >= run.firstLane() && file.lane() < run.firstLane() + run.ownLanes()))
                    .toList();
        } catch (IOException e) {
            throw folder.unwritable(run, e);
        }
        if (run.attempt() == 0 && !files.isEmpty()) {
            throw new DeliveryException(
                    folder + " holds " + counted(files.size(), "file")
                            + " of an earlier run with the tag " + run.tagText()
                            + "; start with another tag, or move the files away",
                    null);
        }
        for (FileName file : files) {
            if (file.lanes() != run.lanes()) {
                throw new DeliveryException(
                        "the run began with " + counted(file.lanes(), "lane")
                                + " and cannot be resumed with " + run.lanes()
                                + ", because each file holds the events of one lane; set 'lanes: " + file.lanes() + "'",
                        null);
            }
        }
    }

    private static String counted(int count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }

    @Override
    public Sink open(LaneContext lane) throws IOException {
        return new FileSink(folder(lane), lane, rollBytes, rollInterval, System::nanoTime);
    }

    @Override
    public Optional<ReadBack> readBack() {
        return Optional.of((run, position) -> new Reader(folder(run)));
    }

    @Override
    public Resume resume() {
        return new WholeFiles();
    }

    /** A file is acknowledged as a whole or not at all: if its first event is not acknowledged, the file is deleted and written again. */
    private final class WholeFiles implements Resume {
        @Override
        public String destination() {
            return "the folder " + (dir == null ? "of the run" : dir.recorded());
        }

        @Override
        public Map<String, String> facts(LaneContext run) {
            Path path = folder(run).path();
            return Collections.singletonMap(
                    "folder " + run.tagText() + "/" + run.sink(), Files.isDirectory(path) ? "there" : "missing");
        }

        @Override
        public void recover(LaneContext lane, Delivered delivered) throws IOException {
            DurableFolder folder = folder(lane);
            List<FileName> files = FileName.parseAll(folder.names());
            if (delivered.hasAny() && files.stream().noneMatch(file -> file.lane() == lane.lane())) {
                throw new ConfigurationException(
                        "run " + lane.tagText(),
                        List.of(new Problem(
                                "sinks." + lane.sink(),
                                folder + " holds no file of lane " + lane.lane()
                                        + ", although it had completed some: move them back, or use another tag for a new"
                                        + " run")));
            }
            for (FileName file : files) {
                FileName.Start start = file.start();
                if (file.lane() == lane.lane() && !delivered.has(start.stream(), start.shard(), start.place())) {
                    Files.delete(folder.path().resolve(file.toString()));
                }
            }
            folder.sync();
        }

        @Override
        public boolean exactlyOnce() {
            return true;
        }
    }

    private DurableFolder folder(LaneContext run) {
        DurableFolder runFolder = dir == null ? new DurableFolder(run.output()) : dir.resolve(run.tagText());
        return runFolder.resolve(run.sink());
    }

    /**
     * Reads the complete files lane by lane, those of each lane in order. What one lane wrote is one source, whose lines are counted across
     * its files: a key belongs to one lane, so its order is judged across files. A complete file never changes, so each is read once.
     */
    private static final class Reader implements SinkReader {
        private final DurableFolder folder;
        private final Set<String> read = new TreeSet<>();
        private final Map<String, Long> lines = new TreeMap<>();

        Reader(DurableFolder folder) {
            this.folder = folder;
        }

        @Override
        public long read(Visitor visitor) throws IOException {
            long records = 0;
            for (FileName file : FileName.parseAll(folder.names())) {
                if (read.add(file.toString())) {
                    long first = lines.getOrDefault(file.lanesFiles(), 0L);
                    try (InputStream in = Files.newInputStream(folder.path().resolve(file.toString()))) {
                        long end = SinkReader.lines(in, file.lanesFiles(), first, visitor);
                        lines.put(file.lanesFiles(), end);
                        records += end - first;
                    }
                }
            }
            return records;
        }

        @Override
        public void close() {}
    }
}
