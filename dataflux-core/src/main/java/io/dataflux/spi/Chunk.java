package io.dataflux.spi;

import java.util.Arrays;

/**
 * Some events of one stream, copied out of a lane's batches to be delivered together: as one request, or one object. Made by
 * {@link Chunks}. The events are in the order of their places and settled through the chunk, each once; settling may happen on any
 * thread, by one thread at a time.
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
    private Outcome[] outcome;
    private int[] index;
    private final long openedAt;
    private final long partition;

    Chunk(EventBatch batch, int i, long partition, int capacity, long openedAt) {
        this.openedAt = openedAt;
        this.partition = partition;
        stream = batch.stream(i);
        streamName = batch.streamName(i);
        firstShard = batch.shard(i);
        first = batch.place(i);
        firstTimeMillis = batch.timeMillis(i);
        firstSequence = batch.sequence(i);
        bytes = new byte[capacity];
        end = new int[16];
        outcome = new Outcome[16];
        index = new int[16];
    }

    void add(EventBatch batch, int i, Outcome itsOutcome) {
        int from = batch.start(i);
        int length = batch.end(i) - from + 1; // with its line end
        int at = length();
        if (length > bytes.length - at) {
            bytes = Arrays.copyOf(bytes, Math.max(at + length, (int)
                    Math.min(Integer.MAX_VALUE - 8, 2L * bytes.length)));
        }
        if (size == end.length) {
            end = Arrays.copyOf(end, 2 * size);
            outcome = Arrays.copyOf(outcome, 2 * size);
            index = Arrays.copyOf(index, 2 * size);
        }
        System.arraycopy(batch.bytes(), from, bytes, at, length);
        end[size] = at + length - 1;
        outcome[size] = itsOutcome;
        index[size] = i;
        lastShard = batch.shard(i);
        last = batch.place(i);
        lastSequence = batch.sequence(i);
        size++;
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

    /** The shard of the first event; of all events if chunks are gathered per shard. */
    public int firstShard() {
        return firstShard;
    }

    /** The place of the first event in its shard. */
    public long first() {
        return first;
    }

    public int lastShard() {
        return lastShard;
    }

    /** The place of the last event in its shard, inclusive. */
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

    /** What the events have in common by {@link Chunks#partition}; else 0. */
    public long partition() {
        return partition;
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

    public void acknowledged() {
        acknowledged(0, size);
    }

    /** The events {@code [from, to)} of the chunk are safe with the target. */
    public void acknowledged(int from, int to) {
        for (int i = from; i < to; ) {
            int same = run(i, to);
            outcome[i].acknowledged(index[i], index[i] + same);
            i += same;
        }
    }

    public void failed(Throwable cause) {
        failed(0, size, cause);
    }

    /** The events {@code [from, to)} of the chunk are certainly not in the target. */
    public void failed(int from, int to, Throwable cause) {
        for (int i = from; i < to; ) {
            int same = run(i, to);
            outcome[i].failed(index[i], index[i] + same, cause);
            i += same;
        }
    }

    public void unknown(Throwable cause) {
        unknown(0, size, cause);
    }

    /** Nobody can tell whether the events {@code [from, to)} of the chunk are in the target. */
    public void unknown(int from, int to, Throwable cause) {
        for (int i = from; i < to; ) {
            int same = run(i, to);
            outcome[i].unknown(index[i], index[i] + same, cause);
            i += same;
        }
    }

    /** How many events from {@code i} on were neighbours in one batch. */
    private int run(int i, int to) {
        int n = 1;
        while (i + n < to && outcome[i + n] == outcome[i] && index[i + n] == index[i] + n) {
            n++;
        }
        return n;
    }

    /** For messages: the stream and its sequences. */
    @Override
    public String toString() {
        return streamName + " "
                + (firstSequence == lastSequence ? firstSequence : firstSequence + " to " + lastSequence);
    }
}
