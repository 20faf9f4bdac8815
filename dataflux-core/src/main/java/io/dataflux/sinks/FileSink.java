package io.dataflux.sinks;

import io.dataflux.DeliveryException;
import io.dataflux.problem.Problems;
import io.dataflux.sinks.FileName.Start;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes events as JSON lines to files of {@code <dir>/<tag>/<sink>}, one open file per lane. Settings: {@code dir}, by default the
 * run's output folder; {@code roll_bytes} and {@code roll_interval}, the size and the age at which a file is closed and the next begun.
 *
 * <p><b>A file is the unit of delivery.</b> It is written as {@code .part}, synced, renamed and its folder synced; only then are its events
 * acknowledged. So a name without {@code .part} never holds half a file, what is acknowledged survives a crash of the machine, and what is
 * not acknowledged is in no file: a failure deletes the {@code .part} and its events are failed, not unknown. The price is that
 * acknowledgement waits for the file's end. A lane does not hand out unlimited batches before earlier ones are settled, so files are small:
 * a file also ends at {@link #flush} and before the lane would have to wait. And a run at a low rate should not look idle for long, hence
 * the age limit: a batch that finds its file that old ends it, and so does a wait in which it would get that old. Acknowledging what is synced in a {@code .part} would allow large files, but
 * a resumed run would have to find out how much of it counts.
 *
 * <p><b>One series of files per lane</b>, not per stream or shard: one write per batch with no copy, one sync per file, and the events of
 * each stream are in the order in which the lane sent them. For a single series, use one lane.
 *
 * <p><b>Resume.</b> Only complete files are acknowledged. So a file of an earlier attempt either is acknowledged, or was renamed after the
 * last checkpoint was written; its first event, which is in its name, tells which. Files of the second kind are deleted before the lane
 * opens and their events are written again, so every event is there once. The number of lanes must stay the same.
 */
public final class FileSink implements Sink {

    /** A file ends with this many batches or events: half of what a lane leaves unsettled, see {@link Outcome}. */
    static final int MOST_BATCHES = 2048;

    static final int MOST_EVENTS = 131_072;

    /** Sinks of the type {@code file}. */
    private static final int ROLL_BYTES = 4 << 20;

    private static final Duration ROLL_INTERVAL = Duration.ofSeconds(10);

    /** Connects to a folder, with the default settings. */
    public static SinkConnector into(Path folder) {
        return new FileConnector(folder, ROLL_BYTES, ROLL_INTERVAL);
    }

    public static final class Provider implements SinkProvider {
        @Override
        public String type() {
            return "file";
        }

        @Override
        public SinkConnector configure(Settings settings) {
            long rollBytes = settings.bytes("roll_bytes", ROLL_BYTES, 1 << 10, 1 << 30);
            Duration rollInterval =
                    settings.duration("roll_interval", ROLL_INTERVAL, Duration.ofMillis(100), Duration.ofDays(1));
            String dir = settings.optionalText("dir").orElse(null);
            try {
                return new FileConnector(
                        dir == null ? null : Path.of(dir), settings.fromEnvironment("dir"), rollBytes, rollInterval);
            } catch (InvalidPathException e) {
                settings.problem("dir", Problems.noPath(String.valueOf(dir)));
                return new FileConnector(null, rollBytes, rollInterval);
            }
        }
    }

    private record Held(Outcome outcome, int size) {}

    private final DurableFolder folder;
    private final LaneContext lane;
    private final long rollBytes;
    private final long rollNanos;
    private final LongSupplier nanoTime;
    private final Path part;
    private final List<Held> held = new ArrayList<>();

    private long nextNumber = -1; // not known before the first event
    private @Nullable FileChannel out;
    private @Nullable FileName name;
    private long begunAt;
    private long bytes;
    private int events;
    private String firstEvent = "";
    private String lastStream = "";
    private long lastSequence;

    /** @param nanoTime as {@link System#nanoTime} */
    FileSink(DurableFolder folder, LaneContext lane, long rollBytes, Duration rollInterval, LongSupplier nanoTime)
            throws IOException {
        this.folder = folder;
        this.lane = lane;
        this.rollBytes = rollBytes;
        this.rollNanos = rollInterval.toNanos();
        this.nanoTime = nanoTime;
        this.part =
                folder.path().resolve(what() + "-" + lane.lane() + "of" + lane.lanes() + ".jsonl" + DurableFolder.PART);
        Files.deleteIfExists(part); // of an attempt that was killed: none of it is acknowledged
    }

    @Override
    public void write(EventBatch batch, Outcome outcome) {
        held.add(new Held(outcome, batch.size()));
        int last = batch.size() - 1;
        lastStream = batch.streamName(last);
        lastSequence = batch.sequence(last);
        try {
            if (out == null) {
                out = begin(batch);
            }
            int from = batch.start(0);
            int length = batch.end(last) + 1 - from;
            for (ByteBuffer left = ByteBuffer.wrap(batch.bytes(), from, length); left.hasRemaining(); ) {
                out.write(left);
            }
            bytes += length;
            events += batch.size();
        } catch (IOException e) {
            abandon(e);
            return;
        }
        if (bytes >= rollBytes
                || events >= MOST_EVENTS
                || held.size() >= MOST_BATCHES
                || nanoTime.getAsLong() - begunAt >= rollNanos) {
            roll();
        }
    }

    /** Ends a file that would be too old when the lane goes on. */
    @Override
    public void idle(long nanos) {
        if (nanos >= rollNanos - (nanoTime.getAsLong() - begunAt)) {
            roll();
        }
    }

    @Override
    public void flush() {
        roll();
    }

    /** After a {@link #flush} nothing is open; otherwise the incomplete file is abandoned. */
    @Override
    public void close() {
        if (!held.isEmpty()) {
            abandon(new IOException("closed before it was flushed"));
        }
    }

    private FileChannel begin(EventBatch batch) throws IOException {
        Start start = new Start(batch.stream(0), batch.shard(0), batch.place(0));
        firstEvent = batch.streamName(0) + " " + batch.sequence(0);
        if (nextNumber < 0) {
            nextNumber = numberToGoOnWith();
        }
        name = new FileName(what(), lane.lane(), lane.lanes(), nextNumber, start);
        begunAt = nanoTime.getAsLong();
        bytes = 0;
        events = 0;
        return DurableFolder.create(part);
    }

    /** Completes the open file, gives it its name and acknowledges its events. */
    private void roll() {
        if (out == null || name == null) {
            return;
        }
        held.forEach(batch -> batch.outcome.gathered(0, batch.size));
        try {
            out.force(true);
            out.close();
            Path whole = folder.path().resolve(name.toString());
            if (Files.exists(whole, LinkOption.NOFOLLOW_LINKS)) { // a rename would replace it
                throw new FileAlreadyExistsException(
                        whole.toString(), null, folder.shown(whole) + " already exists, and this run did not write it");
            }
            folder.rename(part, whole);
        } catch (IOException e) {
            abandon(e);
            return;
        }
        out = null;
        nextNumber++;
        try {
            folder.sync();
        } catch (IOException e) {
            DeliveryException cause = new DeliveryException(
                    folder.resolve(name.toString())
                            + " may not survive a crash of this machine, because its folder cannot be synced: "
                            + DurableFolder.reason(e),
                    e);
            held.forEach(batch -> batch.outcome.unknown(0, batch.size, cause));
            held.clear();
            return;
        }
        held.forEach(batch -> batch.outcome.acknowledged(0, batch.size));
        held.clear();
    }

    /** Abandons the open file: none of its events is stored. */
    private void abandon(IOException reason) {
        DeliveryException cause = new DeliveryException(
                "cannot write " + folder.shown(part) + ": " + DurableFolder.reason(reason) + "; the events from "
                        + firstEvent
                        + " to "
                        + lastStream + " " + lastSequence + " of lane " + lane.lane()
                        + " are in no file; free some space there, or set 'dir' to another folder",
                reason);
        try {
            if (out != null) {
                out.close();
            }
            Files.deleteIfExists(part);
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
        out = null;
        held.forEach(batch -> batch.outcome.failed(0, batch.size, cause));
        held.clear();
    }

    private long numberToGoOnWith() throws IOException {
        long number = 0;
        for (FileName file : FileName.parseAll(folder.names())) {
            number = file.lane() == lane.lane() ? file.number() + 1 : number;
        }
        return number;
    }

    private String what() {
        return FileName.what(
                lane.streams().stream().map(LaneContext.Stream::name).toList());
    }
}
