package io.dataflux.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dataflux.Event;
import io.dataflux.EventStream;
import io.dataflux.spi.EventBatch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A batch of events that were computed in advance, as a lane would hand it over. */
final class ReadyBatch implements EventBatch {

    private final byte[] bytes;
    private final int[] ends;
    private final byte[][] keys;
    private final long[] times;
    private long first;

    private ReadyBatch(List<Event> events) {
        keys = new byte[events.size()][];
        times = new long[events.size()];
        ends = new int[events.size()];
        first = events.get(0).sequence();
        ByteBuffer lines = ByteBuffer.allocate(
                events.stream().mapToInt(event -> event.bytes().length + 1).sum());
        for (int i = 0; i < ends.length; i++) {
            Event event = events.get(i);
            String key = event.key();
            keys[i] = (key == null ? "" : key).getBytes(UTF_8);
            times[i] = event.time().toEpochMilli();
            lines.put(event.bytes());
            ends[i] = lines.position();
            lines.put((byte) '\n');
        }
        bytes = lines.array();
    }

    /** Renumbers the events, from this number on. */
    void renumber(long itsFirst) {
        first = itsFirst;
    }

    /** The same events in batches of {@code size}. */
    static List<ReadyBatch> of(EventStream stream, int events, int size) {
        List<ReadyBatch> batches = new ArrayList<>();
        for (long from = 0; from < events; from += size) {
            List<Event> some = new ArrayList<>();
            stream.events(from, from + size).forEach(some::add);
            batches.add(new ReadyBatch(some));
        }
        return batches;
    }

    @Override
    public int size() {
        return ends.length;
    }

    @Override
    public byte[] bytes() {
        return bytes;
    }

    @Override
    public int start(int i) {
        return i == 0 ? 0 : ends[i - 1] + 1;
    }

    @Override
    public int end(int i) {
        return ends[i];
    }

    @Override
    public int stream(int i) {
        return 0;
    }

    @Override
    public String streamName(int i) {
        return "telemetry";
    }

    @Override
    public long sequence(int i) {
        return first + i;
    }

    @Override
    public int shard(int i) {
        return 0;
    }

    @Override
    public long place(int i) {
        return first + i;
    }

    @Override
    public byte[] key(int i) {
        return keys[i].clone();
    }

    @Override
    public long timeMillis(int i) {
        return times[i];
    }

    @Override
    public long unit(int i) {
        return 0;
    }

    @Override
    public String region(int i) {
        return "default";
    }

    @Override
    public long window(int i) {
        return 0;
    }

    @Override
    public void header(int i, byte[] target, int at) {
        ByteBuffer.wrap(target, at, HEADER_BYTES)
                .putLong(7)
                .putInt(7)
                .putShort((short) 0)
                .putLong(place(i))
                .putLong(sequence(i))
                .putShort((short) 0);
    }
}
