package io.dataflux.engine;

import io.dataflux.engine.Checkpoint.Stage;
import io.dataflux.ledger.Ranges;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where one lane is: what it and the run's {@link Checkpoints} exchange without a lock.
 *
 * <p>The lane copies its books when the epoch has been raised, between two calls of its sink. Two copies take turns: the epoch is raised
 * only when the last copies have been read, so the one being read is never written. A lane that is stuck keeps its last copy.
 *
 * <p>The horizon is a scheduled time, in microseconds, that the lane must not reach before a later one is on disk. So what was handed
 * over and is not acknowledged lies below the horizon of the file, whenever the process dies.
 */
final class LaneSnapshot {

    /** Who writes the checkpoints, as the lanes see it. Thread-safe. */
    interface Writer {

        /** Is raised when the lanes are to copy their books. */
        long epoch();

        /** A lane has copied its books. */
        void copied();

        /** Asks for a checkpoint soon. */
        void ask();

        /** Waits for the next checkpoint, or a moment. This does not advance the run's own clock. */
        void park() throws InterruptedException;

        /** Whether the last checkpoint could be written. */
        boolean working();
    }

    /** A lane's books at one moment: per shard the index of its book, three counts, and three lists of ranges. */
    static final class Copy {
        private long epoch;
        private long[] words = new long[64];
        private int length;
        private Stage stage = Stage.RUNNING;
        private List<List<Long>> cuts = List.of();

        private void add(long word) {
            if (length == words.length) {
                words = Arrays.copyOf(words, 2 * length);
            }
            words[length++] = word;
        }

        private void add(Ranges ranges) {
            add(ranges.size());
            for (int i = 0; i < ranges.size(); i++) {
                add(ranges.from(i));
                add(ranges.to(i));
            }
        }

        /** The books again, made anew. */
        List<Book> books() {
            List<Book> books = new ArrayList<>();
            for (int at = 0; at < length; ) {
                int index = (int) words[at++];
                long[] counts = {words[at++], words[at++], words[at++]};
                Ranges[] ranges = {new Ranges(), new Ranges(), new Ranges()};
                for (Ranges each : ranges) {
                    int size = (int) words[at++];
                    for (int i = 0; i < size; i++) {
                        each.add(words[at++], words[at++]);
                    }
                }
                books.add(new Book(index, ranges, counts));
            }
            return books;
        }

        Stage stage() {
            return stage;
        }

        List<List<Long>> cuts() {
            return cuts;
        }
    }

    private final Writer writer;
    private Copy spare = new Copy();
    private Copy other = new Copy();
    private long copiedEpoch;
    private final List<List<Long>> firstCuts;
    private List<List<Long>> cuts;

    private volatile @Nullable Copy copy;
    private volatile long reached;
    private volatile boolean asking;
    private volatile long horizon;
    /** The epoch of the newest copy that is on disk. */
    private volatile long durable;

    /**
     * @param reached the scheduled time before which the lane has nothing to send
     * @param cuts per stream those of earlier attempts
     */
    LaneSnapshot(Writer writer, long reached, List<List<Long>> cuts) {
        this.writer = writer;
        this.reached = reached;
        this.horizon = reached;
        this.firstCuts = cuts;
        this.cuts = cuts;
    }

    // the lane's side

    /** Copies the books if a copy was asked for since the last one. */
    void copyIfAsked(Books books) {
        if (writer.epoch() != copiedEpoch) {
            copy(books, Stage.RUNNING);
            writer.copied();
        }
    }

    /** Copies the books for the last time: nothing of the lane is open. */
    void end(Books books, Stage stage) {
        spare = new Copy(); // a reader may still be using the one before
        copy(books, stage);
    }

    private void copy(Books books, Stage stage) {
        Copy target = spare;
        spare = other;
        other = target;
        copiedEpoch = writer.epoch();
        target.epoch = copiedEpoch;
        target.length = 0;
        target.stage = stage;
        target.cuts = cuts;
        for (int i = 0; i < books.count(); i++) {
            Book book = books.bookOrNull(i);
            if (book != null) {
                target.add(i);
                target.add(book.acknowledgedEvents());
                target.add(book.failedEvents());
                target.add(book.unknownEvents());
                target.add(book.acknowledged());
                target.add(book.failed());
                target.add(book.unknown());
            }
        }
        copy = target;
    }

    /** Notes the time of the last event that the lane is about to hand over, and returns whether it may. */
    boolean mayReach(long micros) {
        reached = micros;
        return micros < horizon;
    }

    /** Notes that nothing is left to hand over of what is scheduled before a time. */
    void hasNothingBefore(long micros) {
        reached = Math.max(reached, micros);
    }

    /** Asks for a later horizon; with {@code now} for one before the next checkpoint would be due. */
    void askForHorizon(Books books, boolean now) {
        asking = true;
        copyIfAsked(books);
        if (now) {
            writer.ask();
        }
    }

    /** The horizon is late enough. */
    void askNoMore() {
        asking = false;
    }

    /** Waits for the next checkpoint, or a moment. */
    void awaitCheckpoint() throws InterruptedException {
        writer.park();
    }

    /** Ends a unit of delivery in each stream. Returns the epoch from which on a copy says so. */
    long cut(long[] next) {
        List<List<Long>> all = new ArrayList<>();
        for (int stream = 0; stream < next.length; stream++) {
            List<Long> its = new ArrayList<>(cuts.get(stream));
            if (next[stream] >= 0 && !its.contains(next[stream])) {
                its.add(next[stream]);
                its.sort(null);
            }
            all.add(List.copyOf(its));
        }
        cuts = List.copyOf(all);
        return copiedEpoch + 1;
    }

    /** Waits a moment for a copy of an epoch to be on disk. False if it is, or cannot be. */
    boolean awaitDurable(long atEpoch) throws InterruptedException {
        if (durable >= atEpoch || !writer.working()) {
            return false;
        }
        writer.ask();
        writer.park();
        return true;
    }

    // the side of the checkpoints

    /** The lane's last copy; {@code null} if it has not made one. */
    @Nullable
    Copy lastCopy() {
        return copy;
    }

    /** Whether the lane has copied its books in this epoch or for ever. */
    boolean isAt(long itsEpoch) {
        Copy last = copy;
        return last != null && (last.epoch == itsEpoch || last.stage != Stage.RUNNING);
    }

    long reached() {
        return reached;
    }

    boolean asking() {
        return asking;
    }

    long horizon() {
        return horizon;
    }

    /** Notes what is on disk: a horizon, and perhaps a copy. */
    void onDisk(long newHorizon, @Nullable Copy written) {
        if (written != null) {
            durable = Math.max(durable, written.epoch);
        }
        horizon = newHorizon;
    }

    /** Per stream the cuts of earlier attempts; the lane's own are in its copies. */
    List<List<Long>> firstCuts() {
        return firstCuts;
    }
}
