package io.dataflux.engine;

import io.dataflux.encode.CompiledStream;
import io.dataflux.plan.LaneShare;
import io.dataflux.plan.Steps;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * All that a lane records: a {@link Book} per shard that it owns, its latencies, and counters for those who watch. The counters
 * are read by any thread, the rest by the lane, which copies its books for others.
 */
final class Books {

    final Histogram ownLag = new Histogram();
    final Histogram sinkLag = new Histogram();
    final AtomicLong issued = new AtomicLong();
    final AtomicLong acknowledged = new AtomicLong();
    final AtomicLong failed = new AtomicLong();
    final AtomicLong unknown = new AtomicLong();
    /** Bytes of acknowledged events. */
    final AtomicLong bytes = new AtomicLong();

    /** When the lane had received all outcomes, in nanoseconds since the run's start. */
    long elapsedNanos;

    /** When the lane had sent all that it sent. */
    long sentNanos;

    /** When the first event is due that it did not get to; the end of time if it got to all. */
    long nextDue = Long.MAX_VALUE;

    /** Per stream the index of its first book. */
    private final int[] first;

    private final @Nullable Book[] books;

    /** By step; {@code null} for steps that the lane has not reached. */
    private final @Nullable StepBook[] steps;
    /** When each step ends. */
    private final long[] stepEnds;

    private int step = -1;

    private final @Nullable LaneMeter meter;

    /** Books without a meter. */
    Books(List<CompiledStream> streams, List<LaneShare> shares, long... stepEnds) {
        this(streams, shares, null, stepEnds);
    }

    /**
     * @param meter of a run that is watched
     * @param stepEnds when each step of the run ends, see {@link Steps#ends}
     */
    Books(List<CompiledStream> streams, List<LaneShare> shares, @Nullable LaneMeter meter, long... stepEnds) {
        this.meter = meter;
        this.stepEnds = stepEnds;
        steps = new StepBook[stepEnds.length];
        first = firsts(streams);
        books = new Book[first[streams.size()]];
        for (LaneShare share : shares) {
            for (int shard = 0; shard < share.owned().length; shard++) {
                int index = index(share.stream(), shard);
                books[index] = share.owned()[shard] ? new Book(index) : null;
            }
        }
    }

    /** Per stream the index of its first book, and the number of all books. */
    static int[] firsts(List<CompiledStream> streams) {
        int[] first = new int[streams.size() + 1];
        for (int stream = 0; stream < streams.size(); stream++) {
            first[stream + 1] = first[stream] + streams.get(stream).shards();
        }
        return first;
    }

    /** Whether something that is due at a time belongs to a later step than what came last. */
    boolean isOfLaterStep(long due) {
        return step < 0 || due >= stepEnds[step];
    }

    /** Counts an event that the lane looks at; times never decrease. */
    void sees(long due) {
        while (isOfLaterStep(due)) {
            step++;
        }
        stepBook(step).seen++;
    }

    /** The lane has ended its sending, and keeps some events of the step of what was seen last. */
    void ends(long now, long next, int kept) {
        sentNanos = now;
        nextDue = next;
        if (kept > 0) {
            stepBook(step).kept += kept;
        }
    }

    /** The step of what was seen last. */
    int step() {
        return step;
    }

    /** The book of a step that the lane has reached. */
    StepBook stepBook(int which) {
        StepBook book = steps[which];
        if (book == null) {
            book = new StepBook();
            steps[which] = book;
        }
        return book;
    }

    /** The book of a step; {@code null} if the lane was not there. */
    @Nullable
    StepBook stepBookOrNull(int which) {
        return steps[which];
    }

    /** What is counted for those who watch the run; {@code null} if nobody does. */
    @Nullable
    LaneMeter meter() {
        return meter;
    }

    int index(int stream, int shard) {
        return first[stream] + shard;
    }

    /** The book of a shard of this lane. */
    Book book(int index) {
        Book book = books[index];
        if (book == null) {
            throw new IllegalStateException("book " + index + " belongs to another lane");
        }
        return book;
    }

    /** Adds what is left of a source's shards after the sink's last event. */
    void complete(StreamCursor source) {
        for (int shard = 0; shard < source.stream.shards(); shard++) {
            Book book = bookOrNull(index(source.index, shard));
            if (book != null) {
                source.rest(shard, book.acknowledged());
            }
        }
    }

    /** How many books there are, those of other lanes as well. */
    int count() {
        return books.length;
    }

    /** The book of a shard, or {@code null} if another lane has it. */
    @Nullable
    Book bookOrNull(int index) {
        return books[index];
    }
}
