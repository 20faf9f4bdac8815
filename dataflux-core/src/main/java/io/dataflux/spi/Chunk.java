package io.dataflux.spi;

import java.util.Arrays;

/**
 * Several events of one stream, copied out of a lane's batches to be delivered together: as one request, or one object. Made by
 * {@link Chunks}. The events are in sending order. Each is settled once, through the chunk; settling can happen on any thread, by one
 * thread at a time.
 */
public final class Chunk {

    private final int stream;
    private final String streamName;
    private final int firstShard;
    private final long first;
    private final long firstTimeMillis;
    private int lastShard;
    private long last;
    private final long firstSequence;
    private long lastSequence;
    private int size;
    private byte[] bytes;
    private int[] end;
    /** How many runs of events that were neighbours in one batch: what follows is per run. */
    private int runs;

    private Outcome[] outcome = new Outcome[4];
    /** The index in the batch of the run's first event. */
    private int[] index = new int[4];
    /** The end of the run in this chunk. */
    private int[] runEnd = new int[4];

    private final long openedAt;

    /**
     * @param bytes the initial array for the events
     * @param events the initial room for their ends
     */
    Chunk(EventBatch batch, int i, byte[] bytes, int events, long openedAt) {
        this.openedAt = openedAt;
        stream = batch.stream(i);
        streamName = batch.streamName(i);
        firstShard = batch.shard(i);
        first = batch.place(i);
        firstTimeMillis = batch.timeMillis(i);
        firstSequence = batch.sequence(i);
        this.bytes = bytes;
        end = new int[events];
    }

    /**
     * Copies the events {@code [from, to)} of a batch.
     *
     * @param growth the size to grow to if there is too little room, unless these events need more
     */
    void add(EventBatch batch, int from, int to, int growth, Outcome itsOutcome) {
        int begin = batch.start(from);
        int length = batch.end(to - 1) - begin + 1; // with the last line end
        int at = length();
        if (length > bytes.length - at) {
            bytes = Arrays.copyOf(bytes, Math.max(at + length, growth));
        }
        if (size + to - from > end.length) {
            end = Arrays.copyOf(end, Math.max(size + to - from, 2 * size));
        }
        System.arraycopy(batch.bytes(), begin, bytes, at, length);
        for (int i = from; i < to; i++) {
            end[size++] = at + batch.end(i) - begin;
        }
        lastShard = batch.shard(to - 1);
        last = batch.place(to - 1);
        lastSequence = batch.sequence(to - 1);
        note(itsOutcome, from);
    }

    private void note(Outcome itsOutcome, int from) {
        int run = runs - 1;
        boolean goesOn = run >= 0
                && outcome[run] == itsOutcome
                && index[run] + runEnd[run] - (run == 0 ? 0 : runEnd[run - 1]) == from;
        if (!goesOn) {
            run = runs++;
            if (run == index.length) {
                outcome = Arrays.copyOf(outcome, 2 * run);
                index = Arrays.copyOf(index, 2 * run);
                runEnd = Arrays.copyOf(runEnd, 2 * run);
            }
            outcome[run] = itsOutcome;
            index[run] = from;
        }
        runEnd[run] = size;
    }

    /** The size of the array that holds the events. */
    int room() {
        return bytes.length;
    }

    /** How many events the lane had handed over when the first one came. */
    long openedAt() {
        return openedAt;
    }

    /** The stream's index in the run. */
    public int stream() {
        return stream;
    }

    public String streamName() {
        return streamName;
    }

    /** The shard of the first event, and of all events if chunks are gathered per shard. */
    public int firstShard() {
        return firstShard;
    }

    /** The position of the first event in the sending order of its shard, see {@link EventBatch#place}. */
    public long first() {
        return first;
    }

    public int lastShard() {
        return lastShard;
    }

    /** The position of the last event in the sending order of its shard, inclusive. */
    public long last() {
        return last;
    }

    public long firstSequence() {
        return firstSequence;
    }

    /** Inclusive. */
    public long lastSequence() {
        return lastSequence;
    }

    /** The event time of the first event, in milliseconds since 1970-01-01T00:00:00Z. */
    public long firstTimeMillis() {
        return firstTimeMillis;
    }

    /** The number of events, at least 1. */
    public int size() {
        return size;
    }

    /** The events, each followed by one {@code \n}: {@code [0, length())} is the chunk as JSON lines. */
    public byte[] bytes() {
        return bytes;
    }

    /** The number of bytes of all events with their line ends. */
    public int length() {
        return size == 0 ? 0 : end[size - 1] + 1;
    }

    /** Where event {@code i} begins in {@link #bytes}. */
    public int start(int i) {
        return i == 0 ? 0 : end[i - 1] + 1;
    }

    /** Where event {@code i} ends in {@link #bytes}, exclusive, without the line end. */
    public int end(int i) {
        return end[i];
    }

    /** Nothing is added any more; delivery begins. */
    void complete() {
        settle(0, size, Outcome::gathered);
    }

    public void acknowledged() {
        acknowledged(0, size);
    }

    /** The events {@code [from, to)} of the chunk are safe with the target. */
    public void acknowledged(int from, int to) {
        settle(from, to, Outcome::acknowledged);
    }

    public void failed(Throwable cause) {
        failed(0, size, cause);
    }

    /** The events {@code [from, to)} of the chunk are certainly not in the target. */
    public void failed(int from, int to, Throwable cause) {
        settle(from, to, (its, first, end) -> its.failed(first, end, cause));
    }

    public void unknown(Throwable cause) {
        unknown(0, size, cause);
    }

    /** Nobody can tell whether the events {@code [from, to)} of the chunk are in the target. */
    public void unknown(int from, int to, Throwable cause) {
        settle(from, to, (its, first, end) -> its.unknown(first, end, cause));
    }

    private interface Settlement {
        void of(Outcome its, int from, int to);
    }

    private void settle(int from, int to, Settlement how) {
        for (int run = 0, start = 0; run < runs && start < to; start = runEnd[run++]) {
            int first = Math.max(from, start);
            int last = Math.min(to, runEnd[run]);
            if (first < last) {
                how.of(outcome[run], index[run] + first - start, index[run] + last - start);
            }
        }
    }

    /** For messages: the stream and its sequences. */
    @Override
    public String toString() {
        return streamName + " "
                + (firstSequence == lastSequence ? firstSequence : firstSequence + " to " + lastSequence);
    }
}
