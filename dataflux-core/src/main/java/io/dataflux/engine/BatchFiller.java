package io.dataflux.engine;

import io.dataflux.encode.EventState;
import io.dataflux.plan.Regions;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Fills a lane's buffer with its sink's events: those of the lane's sources, merged by scheduled time, ties by stream; located, routed,
 * and encoded if their region belongs to the sink. Used by the lane's thread; allocates nothing per event.
 */
final class BatchFiller {

    /** After how many events, none of them for its sink, the lane checks for a stop. */
    private static final int LOOK = 4096;

    private final List<StreamCursor> sources;
    private final Regions regions;
    private final boolean[] mine;
    private final boolean allMine;
    private final BatchBuffer batch;
    private final Books books;
    private final CatchUp catchUp;
    private final EventState event = new EventState();

    /** @param mine per region whether its events are for the sink */
    BatchFiller(
            List<StreamCursor> sources,
            Regions regions,
            boolean[] mine,
            BatchBuffer batch,
            Books books,
            CatchUp catchUp) {
        this.sources = List.copyOf(sources);
        this.regions = regions;
        this.mine = mine;
        this.batch = batch;
        this.books = books;
        allMine = EarlierAttempts.allOf(mine);
        this.catchUp = catchUp;
    }

    /** Fills the buffer with the next batch, which may be empty. False if nothing follows it. */
    boolean fill() {
        batch.clear();
        for (int looked = 0; looked < LOOK; looked++) {
            StreamCursor next = earliest();
            if (next == null) {
                return false;
            }
            if (looked == 0) {
                catchUp.reached(next.due());
            }
            if (!batch.isEmpty() && (batch.isFull() || isForAnother(next.due()))) {
                return true;
            }
            take(next);
        }
        return true;
    }

    /** Whether what is due then must not be in this batch: it would wait too long, or belongs to another step. */
    private boolean isForAnother(long due) {
        return due - batch.firstDue() > catchUp.spanNanos(batch) || books.isOfLaterStep(due);
    }

    private @Nullable StreamCursor earliest() {
        StreamCursor earliest = null;
        for (int i = 0; i < sources.size(); i++) {
            StreamCursor source = sources.get(i);
            if (!source.exhausted() && (earliest == null || !earliest.notAfter(source))) {
                earliest = source;
            }
        }
        return earliest;
    }

    /** Takes the current event of a source, if it is for this sink, and goes to the next one. */
    private void take(StreamCursor source) {
        books.sees(source.due());
        source.locate(event);
        int region = allMine ? BatchBuffer.UNROUTED : regions.regionOf(source.index, event);
        if (allMine || mine[region]) {
            batch.add(source, event, region);
        }
        source.advance();
    }

    // for the end of a run that is stopped: units of delivery end between times

    /** The source that has sent only part of what it sends at one time; {@code null} if there is none. */
    @Nullable
    StreamCursor begun() {
        for (StreamCursor source : sources) {
            int i = batch.first(source.index, 0);
            if (i == 0 && source.isBegun(batch.shard[0], batch.firstPlace[0], batch.sentAt(0))) {
                return source;
            }
            if (i < 0 && !source.exhausted() && source.isBegun(source.shard(), source.taken(), source.sentAt())) {
                return source;
            }
        }
        return null;
    }

    /** The sequence at whose time the first event of a source that is not sent is sent. */
    long unsent(StreamCursor source, int from) {
        int i = batch.first(source.index, from);
        return i >= 0 ? batch.sentAt(i) : source.sentAt();
    }

    /** How many events at the front of the batch are a source's and sent at the time of a sequence. */
    int atFront(StreamCursor source, long time) {
        int front = 0;
        while (front < batch.size() && batch.stream(front) == source.index && batch.sentAt(front) == time) {
            front++;
        }
        return front;
    }

    /** Fills the buffer with more of what a source sends at the time of a sequence. False if there is no more. */
    boolean fillAt(StreamCursor source, long time) {
        batch.clear();
        boolean any = false;
        while (!source.exhausted() && source.sentAt() == time && !batch.isFull()) {
            take(source);
            any = true;
        }
        return any;
    }

    /** Per stream of the run the sequence at whose time its first unsent event is sent; -1 for those of other lanes. */
    long[] unsent(int streams, int from) {
        long[] next = new long[streams];
        Arrays.fill(next, -1);
        for (StreamCursor source : sources) {
            next[source.index] = unsent(source, from);
        }
        return next;
    }

    /** Notes that all is sent. */
    void complete() {
        sources.forEach(books::complete);
    }
}
