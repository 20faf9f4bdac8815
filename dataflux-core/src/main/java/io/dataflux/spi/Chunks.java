package io.dataflux.spi;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * Gathers a lane's events into {@link Chunk}s, for sinks that deliver more than one event at a time. A chunk holds events of one stream (on
 * request, of one shard) and of one {@link DeliveryUnit}; within its unit it ends after a number of events or bytes. As every attempt of a
 * run sends a unit from its beginning, chunks are functions of the sequence: an object's name or a request's idempotency key made from a
 * chunk's first and last position stands for the same bytes in every attempt.
 *
 * <p>A chunk is handed on when it is full, at its stream's first event of the next unit, or at the lane's first event of the next window,
 * whichever comes first. So a stream with few events does not have to wait for its own next event.
 *
 * <p>Used by the lane's thread only. Copies each event once. Holds at most {@code events} or {@code bytes} per open chunk; one chunk is
 * open per stream, or per stream and shard, multiplied by the open {@link #partition}s.
 */
public final class Chunks {

    /** Takes chunks in the order in which they are completed; called by the lane's thread. */
    @FunctionalInterface
    public interface Taker {
        /**
         * @throws Exception after settling the chunk; events that the lane hands over after it are then settled as failed, and
         *     {@link Chunks#add} throws the same exception
         */
        void take(Chunk chunk) throws Exception;
    }

    /** Decides which of several open chunks of a stream or shard an event belongs to, for instance by the hour of its event time. */
    @FunctionalInterface
    public interface Partition {
        long of(EventBatch batch, int i);
    }

    /** Decides whether an open chunk must end before an event although there is still room for it. */
    @FunctionalInterface
    public interface Border {
        boolean endsBefore(Chunk open, EventBatch batch, int i);
    }

    private record Key(int stream, int shard, long partition) {}

    private static final Comparator<Map.Entry<Key, Chunk>> ORDER = Comparator.comparingInt(
                    (Map.Entry<Key, Chunk> each) -> each.getKey().stream)
            .thenComparingInt(each -> each.getKey().shard)
            .thenComparingLong(each -> each.getValue().first());

    private static final Border NONE = (open, batch, i) -> false;
    private static final int LEAST_ROOM = 1 << 12;
    private static final int MOST_ENDS = 1 << 16;
    /** The memory that open chunks may reserve in advance, unless {@link #heldBytes} says otherwise. */
    private static final long ROOM = 1 << 26;

    private final boolean perShard;
    private final int events;
    private final long bytes;
    private final long patience;
    private final Taker taker;
    private Partition partition = (batch, i) -> 0;
    private Border border = NONE;
    private long mostHeld = Long.MAX_VALUE;
    /** In the order in which they were opened. */
    private final Map<Key, Chunk> open = new LinkedHashMap<>();
    /** Per stream the unit that was seen last. */
    private final long[] units;

    private long window = Long.MIN_VALUE;
    private long added;
    /** How many bytes are gathered. */
    private long held;

    private long early;
    /** Of all open chunks. */
    private long room;
    /** Per stream the size of the last chunk: the next one is expected to be as large. */
    private final int[] usualBytes;

    private final int[] usualEvents;
    private IntFunction<byte[]> arrays = byte[]::new;

    /**
     * @param perShard whether a chunk holds events of one shard only
     * @param events a chunk ends after this many events
     * @param bytes or after this many bytes, counting line ends; a larger event is a chunk of its own
     */
    public Chunks(LaneContext lane, boolean perShard, int events, long bytes, Taker taker) {
        this(lane, perShard, events, bytes, Integer.MAX_VALUE, taker);
    }

    /**
     * @param openEvents how many events the lane may leave unsettled, see {@link SinkConnector#openEvents}. A chunk that has been open for
     *     half that many events is handed on as it is; otherwise the lane would wait for the chunk and the chunk for the lane. Where it
     *     then ends is not a function of the sequence, see {@link #early}
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
        usualBytes = new int[units.length];
        usualEvents = new int[units.length];
    }

    /** Divides chunks further: one chunk is open for each partition, and the positions of events in different partitions may interleave. */
    public Chunks partition(Partition by) {
        partition = by;
        return this;
    }

    /** Ends chunks at additional events, such as those where an earlier attempt ended them. */
    public Chunks border(Border at) {
        border = at;
        return this;
    }

    /** Limits the gathered bytes: above this limit, the chunk that has been open longest is handed on {@link #early}. */
    public Chunks heldBytes(long most) {
        mostHeld = most;
        return this;
    }

    /**
     * Makes the arrays of chunks: given a number of bytes, an array of at least that length with any content. By default new ones; for
     * large chunks it is cheaper to reuse an array that an earlier chunk no longer needs.
     */
    public Chunks arrays(IntFunction<byte[]> from) {
        arrays = from;
        return this;
    }

    /** Adds the events of a batch to chunks, and hands on every chunk that is thereby completed. */
    public void add(EventBatch batch, Outcome outcome) throws Exception {
        int size = batch.size();
        int i = 0;
        try {
            releaseOld();
            while (i < size) {
                Key key = key(batch, i);
                Chunk into = chunkFor(key, batch, i);
                int to = neighbours(key, into, batch, i);
                room -= into.room();
                into.add(batch, i, to, growth(into), outcome);
                room += into.room();
                held += batch.end(to - 1) + 1 - batch.start(i);
                added += to - i;
                i = to;
                if (into.size() >= events || into.length() >= bytes) {
                    take(key, into);
                }
            }
        } catch (Exception e) {
            if (i < size) {
                outcome.failed(i, size, e);
            }
            throw e;
        }
    }

    /** The open chunk that an event belongs to; chunks that the event ends are handed on before. */
    private Chunk chunkFor(Key key, EventBatch batch, int i) throws Exception {
        int stream = batch.stream(i);
        if (batch.window(i) > window) {
            release(-1);
            window = batch.window(i);
        }
        if (batch.unit(i) != units[stream]) {
            release(stream);
            units[stream] = batch.unit(i);
        }
        int length = batch.end(i) + 1 - batch.start(i);
        Chunk into = open.get(key);
        if (into != null && (into.length() + (long) length > bytes || border.endsBefore(into, batch, i))) {
            take(key, into);
            into = null;
        }
        if (into == null) {
            into = new Chunk(
                    batch, i, arrays.apply(Math.max(length, usualRoom(stream))), 16 + usualEvents[stream], added);
            room += into.room();
            open.put(key, into);
        }
        return into;
    }

    /** Room for a chunk like the stream's last one, with some to spare, if all open ones may take up that much. */
    private int usualRoom(int stream) {
        long usual = Math.min(bytes, usualBytes[stream] * 9L / 8);
        return (int) Math.max(Math.min(bytes, LEAST_ROOM), Math.min(usual, roomLeft()));
    }

    /**
     * The size that a chunk grows to when it is too small: twice its size, or at once the maximum if it is becoming large, to avoid
     * repeated copying.
     */
    private int growth(Chunk into) {
        long all = Math.min(bytes, Integer.MAX_VALUE - 8);
        boolean becomesLarge = into.length() > all / 16 && all - into.room() <= roomLeft();
        return (int) (becomesLarge ? all : Math.min(all, 2L * into.room()));
    }

    private long roomLeft() {
        return (mostHeld == Long.MAX_VALUE ? ROOM : mostHeld) - room;
    }

    /** The end of the events from {@code i} on that go into the same chunk, and leave it open or full. */
    private int neighbours(Key key, Chunk into, EventBatch batch, int i) {
        int most = border == NONE ? (int) Math.min(batch.size(), i + (long) events - into.size()) : i + 1;
        long room = bytes - into.length() + batch.start(i);
        int to = i + 1;
        while (to < most
                && batch.end(to) + 1 <= room
                && batch.stream(to) == key.stream
                && (!perShard || batch.shard(to) == key.shard)
                && batch.unit(to) == units[key.stream]
                && batch.window(to) <= window
                && partition.of(batch, to) == key.partition) {
            to++;
        }
        return to;
    }

    private Key key(EventBatch batch, int i) {
        return new Key(batch.stream(i), perShard ? batch.shard(i) : 0, partition.of(batch, i));
    }

    private void take(Key key, Chunk chunk) throws Exception {
        open.remove(key);
        held -= chunk.length();
        room -= chunk.room();
        usualBytes[chunk.stream()] = chunk.length();
        usualEvents[chunk.stream()] = Math.min(MOST_ENDS, chunk.size());
        chunk.complete();
        taker.take(chunk);
    }

    /** Hands on all chunks, completed or not; for {@link Sink#flush}. */
    public void flush() throws Exception {
        release(-1);
    }

    /** Settles all gathered events as failed, without delivering them; for a sink that gives up. */
    public void refuse(Throwable cause) {
        open.values().forEach(each -> each.failed(cause));
        open.clear();
        held = 0;
        room = 0;
    }

    /** How many chunks were handed on before they were complete, for lack of room. */
    public long early() {
        return early;
    }

    private void releaseOld() throws Exception {
        while (!open.isEmpty()) {
            Map.Entry<Key, Chunk> eldest = open.entrySet().iterator().next();
            if (added - eldest.getValue().openedAt() < patience && held <= mostHeld) {
                return;
            }
            early++;
            take(eldest.getKey(), eldest.getValue());
        }
    }

    /** Hands on the open chunks of one stream, or of all, in the order of stream, shard and first position. */
    private void release(int stream) throws Exception {
        if (open.isEmpty()) {
            return;
        }
        List<Map.Entry<Key, Chunk>> chunks = new ArrayList<>();
        for (Map.Entry<Key, Chunk> each : open.entrySet()) {
            if (stream < 0 || each.getKey().stream == stream) {
                chunks.add(Map.entry(each.getKey(), each.getValue()));
            }
        }
        chunks.sort(ORDER);
        for (Map.Entry<Key, Chunk> each : chunks) {
            take(each.getKey(), each.getValue());
        }
    }
}
