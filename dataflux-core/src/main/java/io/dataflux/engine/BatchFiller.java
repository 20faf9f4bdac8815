package io.dataflux.engine;

import io.dataflux.encode.EventState;
import io.dataflux.plan.Regions;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Fills a lane's buffer with its sink's events: those of the lane's sources, merged by scheduled time, ties by stream; located, routed,
 * and encoded if their region belongs to the sink. Used by the lane's thread; allocates nothing per event.
 */
final class BatchFiller {

    /** After how many events, none of them for its sink, the lane checks for a stop. */
    private static final int LOOK = 4096;

    private List<StreamCursor> sources;
    private Regions regions;
    /** Per region whether its events are for the sink. */
    private final boolean[] mine;

    private final boolean allMine;
    private final BatchBuffer batch;
    private final Books books;
    private final @Nullable LaneMeter meter;
    private final CatchUp catchUp;
    private final EventState event = new EventState();
    /** Held while events are encoded, and while others look at how far the lane has got. */
    private final ReentrantLock encoding = new ReentrantLock();

    BatchFiller(
            List<StreamCursor> sources, Regions regions, String sink, BatchBuffer batch, Books books, CatchUp catchUp) {
        this.sources = List.copyOf(sources);
        this.regions = regions;
        mine = regions.regionsOf(sink);
        allMine = regions.allGoTo(sink);
        this.batch = batch;
        this.books = books;
        meter = books.meter();
        this.catchUp = catchUp;
    }

    /** Begins an epoch of the run; nothing of the one before is left, here or in the buffer. */
    void begin(List<StreamCursor> itsSources, Regions itsRegions) {
        sources = List.copyOf(itsSources);
        regions = itsRegions;
    }

    /** What it takes events from, in this epoch. */
    List<StreamCursor> sources() {
        return sources;
    }

    /** Keeps events from being encoded until {@link #release}. Called by any thread. */
    void hold() {
        encoding.lock();
    }

    void release() {
        encoding.unlock();
    }

    /** Fills the buffer with the next batch, which may be empty. False if nothing of the epoch follows it. */
    boolean fill() {
        encoding.lock();
        try {
            return fillNext();
        } finally {
            encoding.unlock();
        }
    }

    private boolean fillNext() {
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

    /** When the first event that the lane has not looked at is due; the end of time if nothing is left. */
    long nextDue() {
        StreamCursor next = earliest();
        return next == null ? Long.MAX_VALUE : next.due();
    }

    /** The scheduled time of the first event that the lane has not looked at, in microseconds since 1970, rounded down; there must be one. */
    long nextMicros() {
        StreamCursor next = earliest();
        if (next == null) {
            throw new IllegalStateException("nothing is left");
        }
        return next.epochSecond() * 1_000_000 + next.nano() / 1000;
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
        int region = allMine ? forMeter(source) : regions.regionOf(source.index, event);
        boolean isMine = allMine || mine[region];
        if (isMine) {
            batch.add(source, event, region);
        }
        if (meter != null) {
            meter.sees(isMine);
        }
        source.advance();
    }

    /** The region of an event that goes to the sink in any case: only a run that is watched wants to know it. */
    private int forMeter(StreamCursor source) {
        if (meter == null) {
            return BatchBuffer.UNROUTED;
        }
        try {
            return regions.regionOf(source.index, event);
        } catch (RuntimeException e) { // of a router that has a defect, which must not show because somebody watches
            return BatchBuffer.UNROUTED;
        }
    }

    /** Fills the buffer with more of what a source sends at the time of a sequence. False if there is no more. */
    boolean fillAt(StreamCursor source, long time) {
        encoding.lock();
        try {
            batch.clear();
            boolean any = false;
            while (!source.exhausted() && source.sentAt() == time && !batch.isFull()) {
                take(source);
                any = true;
            }
            return any;
        } finally {
            encoding.unlock();
        }
    }

    /** Notes that all of the epoch is sent. */
    void complete() {
        sources.forEach(books::complete);
    }
}
