package io.dataflux.engine;

import io.dataflux.DeliveryException;
import io.dataflux.engine.Checkpoint.SinkMark;
import io.dataflux.ledger.Ledger;
import io.dataflux.ledger.Ledger.SinkLedger;
import io.dataflux.plan.RunConfig;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a run's checkpoint file: before the first event, once a second, whenever a lane has reached its horizon, and at the end. One
 * thread writes it; lanes continue meanwhile. It raises the epoch, gives the lanes a moment to copy their books between two batches, and
 * writes what they copied last with horizons that lie a few seconds ahead of each lane. Only when that is on disk may the lanes go there.
 *
 * <p>If the file cannot be written, the run continues as far as the last horizons reach, and then ends.
 */
final class Checkpoints implements LaneSnapshot.Writer {

    private static final long MILLI = 1_000_000;
    private static final long EVERY = 1000 * MILLI;
    private static final long PATIENCE = 20 * MILLI;
    private static final long LANES_PARK = 100 * MILLI;

    private final Attempt attempt;
    private final Path file;
    private final List<RunningSink> sinks;
    private final Touches touches;
    private final Drills drills;
    private final List<Lease> leases = new ArrayList<>();
    private final Runnable onStuck;
    private final Consumer<List<String>> onEnd;
    private final AtomicLong epoch = new AtomicLong();
    private final Ticker ticker = Ticker.SYSTEM;
    private final Thread thread = new Thread(this::keep, "dataflux-checkpoints");
    private volatile boolean asked;
    private volatile boolean ending;
    private volatile @Nullable IOException failure;

    /**
     * @param onStuck is to end the run, because a lane waits for a checkpoint that cannot be written; called by the thread
     * @param onEnd is told what is wrong with the last checkpoint, after it was written or could not be; called by the thread
     */
    Checkpoints(
            Attempt attempt,
            Path file,
            List<RunningSink> sinks,
            Touches touches,
            Drills drills,
            Runnable onStuck,
            Consumer<List<String>> onEnd) {
        this.attempt = attempt;
        this.file = file;
        this.sinks = sinks;
        this.touches = touches;
        this.drills = drills;
        this.onStuck = onStuck;
        this.onEnd = onEnd;
    }

    /**
     * Makes the lanes' snapshots and writes the attempt's first checkpoint.
     *
     * @param origin the scheduled time before which nothing is left to send
     * @throws DeliveryException if it cannot be written
     */
    void begin(Instant origin) {
        long micros = Checkpoint.micros(origin);
        for (RunningSink sink : sinks) {
            sink.beginAt(this, micros);
            sink.snapshots().forEach(snapshot -> leases.add(new Lease(attempt, micros, ticker.nanos())));
        }
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            write();
        } catch (IOException e) {
            throw cannotBeWritten(file, e);
        }
    }

    static DeliveryException cannotBeWritten(Path file, IOException e) {
        return new DeliveryException(
                "the run cannot be started, because its checkpoint cannot be written to " + file + ": " + words(e)
                        + "; set 'output: {dir: ...}' to a folder that can be written",
                e);
    }

    /** Removes the first checkpoint of a run that never sent anything. */
    void forget(Throwable why) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            why.addSuppressed(e);
        }
    }

    void start() {
        thread.start();
    }

    /** Has the last checkpoint written, and the thread end. Called when all lanes have ended. */
    void end() {
        ending = true;
        LockSupport.unpark(thread);
    }

    private void keep() {
        try {
            long last = ticker.nanos();
            while (!ending) {
                long left = last + EVERY - ticker.nanos();
                if (left > 0 && !asked) {
                    ticker.park(left);
                    continue;
                }
                asked = false;
                askLanes();
                tryToWrite();
                last = ticker.nanos();
            }
            tryToWrite();
        } finally {
            IOException last = failure;
            onEnd.accept(
                    last == null
                            ? List.of()
                            : List.of("the checkpoint could not be written to " + file + ": " + words(last)));
        }
    }

    private void tryToWrite() {
        try {
            write();
            failure = null;
        } catch (IOException e) {
            failure = e;
            if (!ending
                    && sinks.stream().flatMap(sink -> sink.snapshots().stream()).anyMatch(LaneSnapshot::asking)) {
                onStuck.run();
            }
        }
    }

    /** Asks the lanes to copy their books, and waits a moment for those that can. */
    private void askLanes() {
        long at = epoch.incrementAndGet();
        long deadline = ticker.nanos() + PATIENCE;
        sinks.forEach(sink -> sink.lanes().forEach(Lane::wake));
        for (long left = PATIENCE; left > 0 && anyBehind(at); left = deadline - ticker.nanos()) {
            ticker.park(left);
        }
    }

    private boolean anyBehind(long at) {
        for (RunningSink sink : sinks) {
            for (int i = 0; i < sink.lanes().size(); i++) {
                if (!sink.snapshots().get(i).isAt(at)
                        && !sink.lanes().get(i).lateness().waiting()) {
                    return true;
                }
            }
        }
        return false;
    }

    private void write() throws IOException {
        List<Ledger.Epoch> epochs = attempt.epochs().later();
        List<Ledger.Drill> begun = drills.all();
        List<List<LaneSnapshot.@Nullable Copy>> copies = new ArrayList<>();
        List<long[]> horizons = new ArrayList<>();
        List<SinkLedger> ledgers = new ArrayList<>();
        List<SinkMark> marks = new ArrayList<>();
        int lease = 0;
        for (RunningSink sink : sinks) {
            List<LaneSnapshot.@Nullable Copy> its = new ArrayList<>();
            long[] ahead = new long[sink.snapshots().size()];
            for (int i = 0; i < ahead.length; i++) {
                LaneSnapshot snapshot = sink.snapshots().get(i);
                ahead[i] = leases.get(lease++).horizon(snapshot, ticker.nanos());
                its.add(snapshot.lastCopy());
            }
            copies.add(its);
            horizons.add(ahead);
            ledgers.add(sink.lastKnown(its));
            marks.add(sink.mark(its, ahead));
        }
        RunConfig.Part part = attempt.config().part();
        Ledger ledger = new Ledger(
                attempt.tag(),
                part.number(),
                part.of(),
                attempt.extent().ledgerStreams(),
                epochs,
                ledgers,
                begun,
                touches.all());
        Instant start = attempt.streams().get(0).definition().start();
        CheckpointFile.write(new Checkpoint(ledger, attempt.number(), start, marks), file);
        attempt.epochs().written(epochs.size());
        drills.written(begun);
        for (int s = 0; s < sinks.size(); s++) {
            RunningSink sink = sinks.get(s);
            for (int i = 0; i < sink.snapshots().size(); i++) {
                sink.snapshots().get(i).onDisk(horizons.get(s)[i], copies.get(s).get(i));
            }
            sink.lanes().forEach(Lane::wake);
        }
    }

    // for the lanes

    @Override
    public long epoch() {
        return epoch.get();
    }

    @Override
    public void ask() {
        asked = true;
        LockSupport.unpark(thread);
    }

    @Override
    public void copied() {
        LockSupport.unpark(thread);
    }

    @Override
    public void park() throws InterruptedException {
        ticker.park(LANES_PARK);
        if (Thread.interrupted()) {
            throw new InterruptedException("the run is being stopped");
        }
    }

    @Override
    public boolean working() {
        return failure == null;
    }

    static String words(IOException e) {
        if (e instanceof FileSystemException system && system.getReason() != null) {
            return system.getFile() + ": " + system.getReason();
        }
        if (e instanceof FileAlreadyExistsException exists) {
            return exists.getFile() + " is a file";
        }
        if (e instanceof NoSuchFileException missing) {
            return "there is no " + missing.getFile();
        }
        if (e instanceof AccessDeniedException denied) {
            return denied.getFile() + ": permission denied";
        }
        return e.getMessage() == null ? e.toString() : e.getClass().getSimpleName() + ": " + e.getMessage();
    }
}
