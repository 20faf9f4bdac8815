package io.dataflux.engine;

import io.dataflux.encode.CompiledStream;
import io.dataflux.encode.EventState;
import io.dataflux.plan.Regions;
import io.dataflux.spi.EventBatch;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The one buffer of a lane: encodes events one after the other and is lent to the sink as its batch. Its size is fixed when an
 * epoch begins; nothing else here allocates except {@link #key}. Used by the lane's thread.
 */
final class BatchBuffer implements EventBatch {

    /** The region of an event that nobody had to route. */
    static final int UNROUTED = -1;

    /** The entity of an event that is sent without its key. */
    private static final long NO_KEY = -1;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);

    private List<CompiledStream> streams = List.of();
    private Regions regions;
    private final int tag;
    private final int attempt;
    private final int fullBytes;
    private byte[] bytes = {};
    private final int[] start;
    private final int[] stream;
    private final int[] region;
    private final long[] sequence;
    /** When an event is sent; null if every stream sends by sequence. */
    private long @Nullable [] sentAt;

    private boolean @Nullable [] more;
    private final long[] entity;
    private final long[] timeMillis;
    private final long[] unit;
    private final long[] window;
    /** These are copied to the batch's receipt. */
    final int[] end;

    final int[] shard;
    final long[] place;
    final long[] firstPlace;
    final long[] due;
    private int size;
    private long lastSecond;
    private int lastNano;
    private boolean overdue;

    BatchBuffer(List<CompiledStream> streams, Regions regions, int tag, int attempt, Tuning tuning) {
        this.regions = regions;
        this.tag = tag;
        this.attempt = attempt;
        fullBytes = tuning.batchBytes();
        int events = tuning.batchEvents();
        start = new int[events];
        end = new int[events];
        stream = new int[events];
        shard = new int[events];
        region = new int[events];
        sequence = new long[events];
        place = new long[events];
        firstPlace = new long[events];
        entity = new long[events];
        timeMillis = new long[events];
        unit = new long[events];
        window = new long[events];
        due = new long[events];
        begin(streams, regions);
    }

    /** Begins an epoch, in which streams have these definitions. The buffer is empty. */
    void begin(List<CompiledStream> itsStreams, Regions itsRegions) {
        streams = itsStreams;
        regions = itsRegions;
        int largest = 0;
        boolean moves = false;
        for (CompiledStream each : streams) {
            largest = Math.max(largest, each.maxEventBytes());
            moves |= each.plannedFaults().moves();
        }
        int needed = Math.addExact(fullBytes, Math.addExact(largest, CompiledStream.SLACK + 1));
        bytes = bytes.length < needed ? new byte[needed] : bytes;
        sentAt = moves ? new long[start.length] : null;
        more = moves ? new boolean[start.length] : null;
    }

    void clear() {
        size = 0;
    }

    boolean isEmpty() {
        return size == 0;
    }

    boolean isFull() {
        return size == start.length || (size > 0 && end[size - 1] >= fullBytes);
    }

    /** Encodes the current event of a source after the others. There must be room. */
    void add(StreamCursor from, EventState event, int itsRegion) {
        int i = size;
        int at = i == 0 ? 0 : end[i - 1] + 1;
        int to = from.encode(event, bytes, at);
        bytes[to] = '\n';
        start[i] = at;
        end[i] = to;
        stream[i] = from.index;
        shard[i] = from.shard();
        region[i] = itsRegion;
        sequence[i] = from.sequence();
        place[i] = from.place();
        entity[i] = from.keyless() ? NO_KEY : event.slot.entity;
        timeMillis[i] = event.epochSecond * 1000 + event.nano / 1_000_000;
        unit[i] = from.unit();
        window[i] = from.window();
        due[i] = from.due();
        if (sentAt != null && more != null) {
            sentAt[i] = from.sentAt();
            more[i] = from.more();
        }
        lastSecond = from.epochSecond();
        lastNano = from.nano();
        firstPlace[i] = from.take();
        size = i + 1;
    }

    long firstDue() {
        return due[0];
    }

    /** The scheduled time of the last event, in microseconds since 1970, rounded down. */
    long lastMicros() {
        return lastSecond * 1_000_000 + lastNano / 1000;
    }

    /** Makes what was due before a time due at that time. */
    void dueFrom(long time) {
        overdue = size > 0 && due[size - 1] < time;
        for (int i = 0; i < size && due[i] < time; i++) {
            due[i] = time;
        }
    }

    /** Whether all of the batch was due before the time that {@link #dueFrom} was told. */
    boolean isOverdue() {
        return overdue;
    }

    /** The index of the first event of a stream from index {@code i} on; -1 if there is none. */
    int first(int itsStream, int i) {
        for (; i < size; i++) {
            if (stream[i] == itsStream) {
                return i;
            }
        }
        return -1;
    }

    /** Takes what follows the first events out of the batch or, with a larger size, back into it. Returns the previous size. */
    int resize(int events) {
        int before = size;
        size = events;
        return before;
    }

    long lastDue() {
        return due[size - 1];
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public byte[] bytes() {
        return bytes;
    }

    @Override
    public int start(int i) {
        return start[i];
    }

    @Override
    public int end(int i) {
        return end[i];
    }

    @Override
    public int stream(int i) {
        return stream[i];
    }

    @Override
    public String streamName(int i) {
        return streams.get(stream[i]).name();
    }

    @Override
    public long sequence(int i) {
        return sequence[i];
    }

    @Override
    public long sentAt(int i) {
        return sentAt == null ? sequence[i] : sentAt[i];
    }

    @Override
    public boolean more(int i) {
        return more != null && more[i];
    }

    @Override
    public int shard(int i) {
        return shard[i];
    }

    @Override
    public long place(int i) {
        return place[i];
    }

    @Override
    public byte @Nullable [] key(int i) {
        return entity[i] == NO_KEY ? null : streams.get(stream[i]).key(entity[i]);
    }

    @Override
    public long timeMillis(int i) {
        return timeMillis[i];
    }

    @Override
    public long unit(int i) {
        return unit[i];
    }

    @Override
    public long window(int i) {
        return window[i];
    }

    /** The number of an event's region as far as it is known: {@link #UNROUTED} if nobody had to know it. */
    int regionIfKnown(int i) {
        return region[i];
    }

    @Override
    public String region(int i) {
        if (region[i] == UNROUTED) {
            region[i] = regions.regionOf(stream[i], sequence[i]);
        }
        return regions.name(region[i]);
    }

    @Override
    public void header(int i, byte[] target, int at) {
        LONG.set(target, at, streams.get(stream[i]).fingerprint());
        INT.set(target, at + 8, tag);
        SHORT.set(target, at + 12, (short) stream[i]);
        LONG.set(target, at + 14, place[i]);
        LONG.set(target, at + 22, sequence[i]);
        SHORT.set(target, at + 30, (short) attempt);
    }
}
