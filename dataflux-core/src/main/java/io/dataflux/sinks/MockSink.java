package io.dataflux.sinks;

import io.dataflux.problem.Problems;
import io.dataflux.spi.EventBatch;
import io.dataflux.spi.LaneContext;
import io.dataflux.spi.Outcome;
import io.dataflux.spi.Settings;
import io.dataflux.spi.Sink;
import io.dataflux.spi.SinkConnector;
import io.dataflux.spi.SinkProvider;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Acknowledges every event and keeps the first 100 to look at: those with the lowest sequences over all lanes, whatever the
 * number of lanes and their pace. When the last lane closes they are written as JSON lines to
 * {@code mock_data/events_TIMESTAMP.jsonl}, where TIMESTAMP is the time of that moment in UTC.
 */
public final class MockSink implements Sink {

    static final int KEPT = 100;

    /** Sinks of the type {@code mock}; setting {@code dir}, the folder of the files, by default {@code mock_data}. */
    /** Connects to a folder. */
    public static SinkConnector into(Path folder) {
        return new Connector(folder, Clock.systemUTC());
    }

    public static final class Provider implements SinkProvider {
        @Override
        public String type() {
            return "mock";
        }

        @Override
        public SinkConnector configure(Settings settings) {
            String dir = settings.text("dir", "mock_data");
            try {
                DurableFolder folder = new DurableFolder(Path.of(dir), settings.fromEnvironment("dir"));
                return new Connector(folder, Clock.systemUTC());
            } catch (InvalidPathException e) {
                settings.problem("dir", Problems.noPath(dir));
                return into(Path.of("mock_data"));
            }
        }
    }

    private final Connector connector;
    private final Lowest lowest = new Lowest();

    private MockSink(Connector connector) {
        this.connector = connector;
    }

    @Override
    public void write(EventBatch batch, Outcome outcome) {
        int size = batch.size();
        for (int i = 0; i < size; i++) {
            lowest.offer(batch, i);
        }
        outcome.acknowledged(0, size);
    }

    @Override
    public void close() throws IOException {
        connector.closed(lowest);
    }

    /** Gathers what the lanes kept. Thread-safe, because lanes end on their own threads. */
    static final class Connector implements SinkConnector {
        private static final DateTimeFormatter TIMESTAMP = DateTimeFormatter.ofPattern(
                        "yyyyMMdd'T'HHmmss.SSS'Z'", Locale.ROOT)
                .withZone(ZoneOffset.UTC);

        private final DurableFolder folder;
        private final Clock clock;
        private Lowest lowest = new Lowest();
        private int open;

        Connector(Path dir, Clock clock) {
            this(new DurableFolder(dir), clock);
        }

        private Connector(DurableFolder folder, Clock clock) {
            this.folder = folder;
            this.clock = clock;
        }

        @Override
        public void prepare(LaneContext run) {
            try {
                folder.create();
            } catch (IOException e) {
                throw folder.unwritable(run, e);
            }
        }

        @Override
        public synchronized Sink open(LaneContext lane) {
            open++;
            return new MockSink(this);
        }

        private synchronized void closed(Lowest lane) throws IOException {
            lowest.addAll(lane);
            if (--open > 0) {
                return;
            }
            List<Line> lines = lowest.sorted();
            lowest = new Lowest();
            if (!lines.isEmpty()) {
                save(lines);
            }
        }

        private void save(List<Line> lines) throws IOException {
            folder.create();
            Path mine = null;
            try {
                Instant time = clock.instant();
                Path part = part(time);
                FileChannel out = reserve(part);
                while (out == null) {
                    time = time.plusMillis(1);
                    part = part(time);
                    out = reserve(part);
                }
                mine = part;
                try (FileChannel channel = out) {
                    for (Line line : lines) {
                        for (ByteBuffer left = ByteBuffer.wrap(line.text); left.hasRemaining(); ) {
                            channel.write(left);
                        }
                    }
                    channel.force(true);
                }
                folder.rename(part, whole(part));
                folder.sync();
            } catch (IOException e) {
                if (mine != null) {
                    Files.deleteIfExists(mine);
                }
                throw new IOException(
                        "the first " + lines.size() + " events could not be written to " + folder + ": "
                                + DurableFolder.reason(e),
                        e);
            }
        }

        private Path part(Instant time) {
            return folder.path().resolve("events_" + TIMESTAMP.format(time) + ".jsonl" + DurableFolder.PART);
        }

        private static Path whole(Path part) {
            String name = String.valueOf(part.getFileName());
            return part.resolveSibling(name.substring(0, name.length() - DurableFolder.PART.length()));
        }

        /** A new, empty temporary file, or null if another sink already has the name. */
        private @Nullable FileChannel reserve(Path part) throws IOException {
            FileChannel out;
            try {
                out = DurableFolder.create(part);
            } catch (FileAlreadyExistsException e) {
                return null;
            }
            Path whole = whole(part);
            if (Files.exists(
                    whole,
                    LinkOption
                            .NOFOLLOW_LINKS)) { // checked last: only the owner of the temporary file may take the name
                out.close();
                Files.delete(part);
                return null;
            }
            return out;
        }
    }

    /** An event with its position in the order of what is kept. */
    private static final class Line implements Comparable<Line> {
        private static final Comparator<Line> ORDER = Comparator.<Line>comparingLong(line -> line.sequence)
                .thenComparingInt(line -> line.stream)
                .thenComparingInt(line -> line.shard)
                .thenComparingLong(line -> line.place);

        final long sequence;
        final int stream;
        final int shard;
        final long place;
        final byte[] text;

        Line(EventBatch batch, int i) {
            sequence = batch.sequence(i);
            stream = batch.stream(i);
            shard = batch.shard(i);
            place = batch.place(i);
            text = Arrays.copyOfRange(batch.bytes(), batch.start(i), batch.end(i) + 1);
        }

        @Override
        public int compareTo(Line other) {
            return ORDER.compare(this, other);
        }
    }

    /** The lowest lines offered so far. Costs one comparison for an event that is not among them. Not thread-safe. */
    private static final class Lowest {
        private final PriorityQueue<Line> highestFirst = new PriorityQueue<>(KEPT + 1, Collections.reverseOrder());

        void offer(EventBatch batch, int i) {
            Line highest = highestFirst.peek();
            if (highest != null && highestFirst.size() == KEPT && batch.sequence(i) > highest.sequence) {
                return;
            }
            add(new Line(batch, i));
        }

        void addAll(Lowest other) {
            other.highestFirst.forEach(this::add);
        }

        List<Line> sorted() {
            return highestFirst.stream().sorted().toList();
        }

        private void add(Line line) {
            highestFirst.add(line);
            if (highestFirst.size() > KEPT) {
                highestFirst.remove();
            }
        }
    }
}
