package io.dataflux.spi;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Gathers a lane's events into {@link Chunk}s, for sinks that deliver more than one event at a time. A chunk holds events of one
 * stream, on request of one shard, and of one {@link DeliveryUnit}; within its unit it ends at so many events or bytes. As every
 * attempt of a run sends a unit from its beginning, chunks are functions of the sequence: an object's name or a request's
 * idempotency key made from a chunk's first and last place stands for the same bytes in every attempt.
 *
 * <p>Used by the lane's thread. Copies each event once; holds what is gathered, at most {@code events} or {@code bytes} per open
 * chunk, and one chunk is open per stream, or per stream and shard.
 */
public final class Chunks {

    /** Takes chunks in the order in which they are whole; called by the lane's thread. */
    @FunctionalInterface
    public interface Taker {
        void take(Chunk chunk) throws Exception;
    }

    private static final int FIRST_CAPACITY = 1 << 12;

    private final boolean perShard;
    private final int events;
    private final long bytes;
    private final Taker taker;
    private final Map<Long, Chunk> open = new HashMap<>(); // order never seen: whole ones are sorted
    /** Per stream the unit that was seen last. */
    private final long[] units;

    /**
     * @param perShard whether a chunk holds events of one shard only
     * @param events a chunk ends with this many
     * @param bytes or with this many, counting line ends; an event above it is a chunk of its own
     */
    public Chunks(LaneContext lane, boolean perShard, int events, long bytes, Taker taker) {
        if (events < 1 || bytes < 1) {
            throw new IllegalArgumentException(events + " events, " + bytes + " bytes");
        }
        this.perShard = perShard;
        this.events = events;
        this.bytes = bytes;
        this.taker = taker;
        units = new long[lane.streams().size()];
    }

    /** Takes a batch apart; hands on every chunk that is whole by it. */
    public void add(EventBatch batch, Outcome outcome) throws Exception {
        int size = batch.size();
        for (int i = 0; i < size; i++) {
            int stream = batch.stream(i);
            if (batch.unit(i) != units[stream]) {
                release(stream);
                units[stream] = batch.unit(i);
            }
            long key = (long) stream << 32 | (perShard ? batch.shard(i) : 0);
            Chunk into = open.get(key);
            int length = batch.end(i) + 1 - batch.start(i);
            if (into != null && into.length() + (long) length > bytes) {
                open.remove(key);
                taker.take(into);
                into = null;
            }
            if (into == null) {
                into = new Chunk(batch, i, Math.max(FIRST_CAPACITY, length));
                open.put(key, into);
            }
            into.add(batch, i, outcome);
            if (into.size() >= events || into.length() >= bytes) {
                open.remove(key);
                taker.take(into);
            }
        }
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

    /** Hands on the open chunks of one stream, or of all, in the order of stream and shard. */
    private void release(int stream) throws Exception {
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
