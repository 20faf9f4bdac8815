package io.dataflux.spi;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Gathers a lane's events into {@link Chunk}s, for sinks that deliver more than one event at a time. A chunk holds events of one
 * stream, on request of one shard, and of one {@link DeliveryUnit}; within its unit it ends at so many events or bytes. As every
 * attempt of a run sends a unit from its beginning, chunks are functions of the sequence: an object's name or a request's
 * idempotency key made from a chunk's first and last place stands for the same bytes in every attempt.
 *
 * <p>A chunk is handed on when it is full, with its stream's first event of the next unit, or with the lane's first event of the next
 * window, whichever comes first; so a stream with few events does not wait for its own next one.
 *
 * <p>Used by the lane's thread. Copies each event once; holds what is gathered, at most {@code events} or {@code bytes} per open
 * chunk, and one chunk is open per stream, or per stream and shard.
 */
public final class Chunks {

    /** Takes chunks in the order in which they are whole; called by the lane's thread. */
    @FunctionalInterface
    public interface Taker {
        /**
         * @throws Exception after settling the chunk; what the lane hands over behind it is then settled as failed, and
         *     {@link Chunks#add} throws the same
         */
        void take(Chunk chunk) throws Exception;
    }

    private static final int FIRST_CAPACITY = 1 << 12;

    private final boolean perShard;
    private final int events;
    private final long bytes;
    private final long patience;
    private final Taker taker;
    /** By stream and shard; those that are open longest come first. */
    private final Map<Long, Chunk> open = new LinkedHashMap<>();
    /** Per stream the unit that was seen last. */
    private final long[] units;

    private long window = Long.MIN_VALUE;
    private long added;
    private long early;

    /**
     * @param perShard whether a chunk holds events of one shard only
     * @param events a chunk ends with this many
     * @param bytes or with this many, counting line ends; an event above it is a chunk of its own
     */
    public Chunks(LaneContext lane, boolean perShard, int events, long bytes, Taker taker) {
        this(lane, perShard, events, bytes, Integer.MAX_VALUE, taker);
    }

    /**
     * @param openEvents how many events the lane may leave unsettled, see {@link SinkConnector#openEvents}. A chunk that has been
     *     open for half as many is handed on as it is, since the lane would wait for it otherwise and it for the lane. Where it
     *     ends then is no function of the sequence, see {@link #early}
     */
    public Chunks(LaneContext lane, boolean perShard, int events, long bytes, int openEvents, Taker taker) {
        if (events < 1 || bytes < 1 || openEvents < 2) {
            throw new IllegalArgumentException(events + " events, " + bytes + " bytes, " + openEvents + " open");
        }
        this.perShard = perShard;
        this.events = events;
        this.bytes = bytes;
        this.patience = openEvents / 2;
        this.taker = taker;
        units = new long[lane.streams().size()];
    }

    /** Takes a batch apart; hands on every chunk that is whole by it. */
    public void add(EventBatch batch, Outcome outcome) throws Exception {
        int size = batch.size();
        int i = 0;
        try {
            releaseOld();
            while (i < size) {
                Chunk into = chunkFor(batch, i);
                into.add(batch, i, outcome);
                added++;
                i++;
                if (into.size() >= events || into.length() >= bytes) {
                    open.remove(key(into.stream(), into.firstShard()));
                    taker.take(into);
                }
            }
        } catch (Exception e) {
            if (i < size) {
                outcome.failed(i, size, e);
            }
            throw e;
        }
    }

    /** The open chunk that an event belongs to; what it puts an end to is handed on before. */
    private Chunk chunkFor(EventBatch batch, int i) throws Exception {
        int stream = batch.stream(i);
        if (batch.window(i) > window) {
            release(-1);
            window = batch.window(i);
        }
        if (batch.unit(i) != units[stream]) {
            release(stream);
            units[stream] = batch.unit(i);
        }
        long key = key(stream, batch.shard(i));
        int length = batch.end(i) + 1 - batch.start(i);
        Chunk into = open.get(key);
        if (into != null && into.length() + (long) length > bytes) {
            open.remove(key);
            taker.take(into);
            into = null;
        }
        if (into == null) {
            into = new Chunk(batch, i, Math.max(FIRST_CAPACITY, length), added);
            open.put(key, into);
        }
        return into;
    }

    private long key(int stream, int shard) {
        return (long) stream << 32 | (perShard ? shard : 0);
    }

    /** Hands on what is gathered, whole or not; for {@link Sink#flush}. */
    public void flush() throws Exception {
        release(-1);
    }

    /** Takes back what is gathered without delivering it; for a sink that gives up. */
    public void refuse(Throwable cause) {
        open.values().forEach(each -> each.failed(cause));
        open.clear();
    }

    /** How many chunks were handed on before they were whole, for want of room. */
    public long early() {
        return early;
    }

    private void releaseOld() throws Exception {
        while (!open.isEmpty()) {
            Map.Entry<Long, Chunk> eldest = open.entrySet().iterator().next();
            if (added - eldest.getValue().openedAt() < patience) {
                return;
            }
            open.remove(eldest.getKey());
            early++;
            taker.take(eldest.getValue());
        }
    }

    /** Hands on the open chunks of one stream, or of all, in the order of stream and shard. */
    private void release(int stream) throws Exception {
        if (open.isEmpty()) {
            return;
        }
        List<Long> keys = new ArrayList<>();
        for (long key : open.keySet()) {
            if (stream < 0 || key >>> 32 == stream) {
                keys.add(key);
            }
        }
        keys.sort(null);
        for (long key : keys) {
            taker.take(open.remove(key));
        }
    }
}
