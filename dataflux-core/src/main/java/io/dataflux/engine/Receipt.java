package io.dataflux.engine;

import io.dataflux.spi.Outcome;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A sink's receipt for one batch: which events were in it, and what became of each. Any thread settles, without locks and, on
 * success, without allocation: an event is claimed by setting its bit, and only the thread that set it writes its outcome, so that
 * each event is settled once whatever the sink does. The thread that settles the last event returns the receipt to its lane, which
 * is the only one to read it.
 */
final class Receipt implements Outcome {

    private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle OPEN;
    private static final VarHandle LONGEST;
    private static final long NONE = -1;

    static {
        try {
            OPEN = MethodHandles.lookup().findVarHandle(Receipt.class, "open", int.class);
            LONGEST = MethodHandles.lookup().findVarHandle(Receipt.class, "longest", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final OpenBatches openBatches;
    private int size;
    private int step;
    private int[] end = {};
    private int[] book = {};
    /** What the lane's meter counts an event as; empty without a meter. */
    private int[] flow = {};

    private long[] firstPlace = {};
    private long[] place = {};
    /** When the event is due; once it is settled, how long after that. */
    private long[] nanos = {};
    /** A bit per event. */
    private long[] settled = {};

    private long[] failed = {};
    private long[] unknown = {};
    /**
     * When what gathered an event was complete, 0 for one that was not gathered; null if the sink has gathered none so far. Each is written
     * by the lane's thread before the sink begins to deliver it.
     */
    private long @Nullable [] gathered;

    private volatile boolean clean;
    private long handedOver;
    /** When events that were not gathered were settled last; may be a moment off if several threads settle. */
    private volatile long lastSettled;
    /** The longest delivery of what was gathered. */
    @SuppressWarnings("unused") // by LONGEST
    private volatile long longest;

    private volatile boolean abandoned;

    /** How many events are not settled yet. */
    @SuppressWarnings("unused") // by OPEN
    private volatile int open;

    /** Where {@link OpenBatches} keeps it. */
    int slot;

    /** The next receipt on the stack of those that are settled. */
    @Nullable
    Receipt next;

    Receipt(OpenBatches openBatches) {
        this.openBatches = openBatches;
    }

    /** Records the events of a batch; {@code now} counts as due in a run without a pace. */
    void issue(BatchBuffer batch, Books books, boolean paced, long now) {
        size = batch.size();
        step = books.step();
        if (size > end.length) {
            grow(size);
        }
        System.arraycopy(batch.end, 0, end, 0, size);
        System.arraycopy(batch.place, 0, place, 0, size);
        System.arraycopy(batch.firstPlace, 0, firstPlace, 0, size);
        for (int i = 0; i < size; i++) {
            book[i] = books.index(batch.stream(i), batch.shard(i));
        }
        LaneMeter meter = books.meter();
        if (meter != null) {
            flow = flow.length < size ? new int[end.length] : flow;
            meter.issue(batch, flow);
        }
        if (paced) {
            System.arraycopy(batch.due, 0, nanos, 0, size);
        } else {
            Arrays.fill(nanos, 0, size, now);
        }
        int words = (size + 63) >>> 6;
        Arrays.fill(settled, 0, words, 0);
        Arrays.fill(failed, 0, words, 0);
        Arrays.fill(unknown, 0, words, 0);
        if (gathered != null) {
            Arrays.fill(gathered, 0, size, 0);
        }
        handedOver = now;
        lastSettled = now;
        longest = NONE;
        clean = true;
        open = size;
    }

    /** Has the events due when they are in a run that somebody touched. */
    void dueBy(RunClock clock) {
        for (int i = 0; i < size; i++) {
            nanos[i] = clock.due(nanos[i]);
        }
    }

    private void grow(int events) {
        int room = Math.max(8, Integer.highestOneBit(Math.max(1, events - 1)) << 1);
        int words = (room + 63) >>> 6;
        end = new int[room];
        book = new int[room];
        firstPlace = new long[room];
        place = new long[room];
        nanos = new long[room];
        settled = new long[words];
        failed = new long[words];
        unknown = new long[words];
        gathered = gathered == null ? null : new long[room];
    }

    @Override
    public void gathered(int from, int to) {
        Objects.checkFromToIndex(from, to, size);
        long[] marks = gathered;
        if (marks == null) {
            marks = new long[end.length];
            gathered = marks;
        }
        Arrays.fill(marks, from, to, Math.max(1, openBatches.now()));
    }

    @Override
    public void acknowledged(int from, int to) {
        settle(from, to, null);
    }

    @Override
    public void failed(int from, int to, Throwable cause) {
        openBatches.failures().failed(settle(from, to, failed), cause);
    }

    @Override
    public void unknown(int from, int to, Throwable cause) {
        openBatches.failures().unknown(settle(from, to, unknown), cause);
    }

    /** Settles what is open as unknown; whatever the sink reports for this batch later is ignored. Returns how many that were. */
    int abandon() {
        abandoned = true;
        return settle(0, size, unknown);
    }

    /** Whether this receipt must not be used again, because the sink may still settle its batch. */
    boolean wasAbandoned() {
        return abandoned;
    }

    private int settle(int from, int to, long @Nullable [] outcome) {
        Objects.checkFromToIndex(from, to, size);
        long now = openBatches.now();
        long[] marks = gathered;
        boolean direct = false;
        long delivery = NONE;
        int fresh = 0;
        for (int word = from >>> 6; word << 6 < to; word++) {
            long bits = bits(word, from, to);
            long mine = bits & ~(long) WORD.getAndBitwiseOr(settled, word, bits);
            if (outcome != null && mine != 0) {
                clean = false;
                WORD.getAndBitwiseOr(outcome, word, mine);
            }
            fresh += Long.bitCount(mine);
            for (long rest = mine; rest != 0; rest &= rest - 1) {
                int i = (word << 6) + Long.numberOfTrailingZeros(rest);
                nanos[i] = now - nanos[i];
                if (marks == null || marks[i] == 0) {
                    direct = true;
                } else {
                    delivery = Math.max(delivery, now - marks[i]);
                }
            }
        }
        if (fresh < to - from && !abandoned) {
            openBatches.failures().settledAgain(to - from - fresh);
        }
        if (direct) {
            lastSettled = now;
        }
        for (long known = longest; delivery > known; known = longest) {
            LONGEST.compareAndSet(this, known, delivery);
        }
        if (fresh > 0 && (int) OPEN.getAndAdd(this, -fresh) == fresh) {
            openBatches.settled(this);
        }
        return fresh;
    }

    /** The bits of a word that stand for events of a range. */
    private static long bits(int word, int from, int to) {
        int first = word << 6;
        long upward = from <= first ? -1L : -1L << (from - first);
        return to - first >= 64 ? upward : upward & ~(-1L << (to - first));
    }

    int size() {
        return size;
    }

    /** How many events fit without new arrays. */
    int room() {
        return end.length;
    }

    /** Writes what became of the batch into books and counters; only when all is settled. */
    void fold(Books books) {
        int failures = 0;
        int unknowns = 0;
        long bytes = 0;
        for (int i = 0; i < size; i++) {
            Book itsBook = books.book(book[i]);
            if (clean || (failed[i >>> 6] | unknown[i >>> 6]) >>> i << 63 == 0) {
                itsBook.acknowledged(firstPlace[i], place[i]);
                bytes += end[i] - (i == 0 ? 0 : end[i - 1] + 1);
            } else if (failed[i >>> 6] >>> i << 63 != 0) {
                itsBook.failed(firstPlace[i], place[i]);
                failures++;
            } else {
                itsBook.unknown(firstPlace[i], place[i]);
                unknowns++;
            }
        }
        StepBook its = books.stepBook(step);
        foldLatency(its.latency);
        LaneMeter meter = books.meter();
        if (meter != null) {
            foldFlows(meter);
        }
        its.acknowledged += size - failures - unknowns;
        its.failed += failures;
        its.unknown += unknowns;
        its.settled(handedOver, Math.max(lastSettled, handedOver + longest));
        books.acknowledged.addAndGet(size - failures - unknowns);
        books.failed.addAndGet(failures);
        books.unknown.addAndGet(unknowns);
        books.bytes.addAndGet(bytes);
    }

    /** What each event counts as, by its index; only if somebody watches the run. */
    int[] flow() {
        return flow;
    }

    /** Neighbours are often of the same flow: where all went well they are counted together. */
    private void foldFlows(LaneMeter meter) {
        foldLatency(meter.latencies());
        for (int i = 0; i < size; ) {
            int first = i;
            int its = flow[first];
            do {
                i++;
            } while (clean && i < size && flow[i] == its);
            if (!clean && failed[first >>> 6] >>> first << 63 != 0) {
                meter.failed(its);
            } else if (!clean && unknown[first >>> 6] >>> first << 63 != 0) {
                meter.unknown(its);
            } else {
                int separators = i - first - 1;
                meter.acknowledged(its, i - first, end[i - 1] - (first == 0 ? 0 : end[first - 1] + 1) - separators);
            }
        }
    }

    /** Neighbours often have the same latency: they are counted together. */
    private void foldLatency(Histogram latency) {
        for (int i = 0; i < size; ) {
            int first = i;
            while (i < size && nanos[i] == nanos[first]) {
                i++;
            }
            latency.record(nanos[first], i - first);
        }
    }
}
