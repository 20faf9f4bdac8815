package io.dataflux.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dataflux.spi.EventBatch;
import io.dataflux.spi.LaneContext;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A batch of given events, as a lane would hand it over, for testing a sink without a run. Used by one thread. */
public final class TestBatch implements EventBatch {

    // a lane's buffer does not begin with its first event, and is longer than its last one needs
    private static final int SLACK = 16;

    private final LaneContext lane;
    private final List<TestEvent> events;
    private final byte[] bytes;
    private final int[] starts;
    private final int[] ends;

    private TestBatch(LaneContext lane, List<TestEvent> events) {
        if (events.isEmpty()) {
            throw new IllegalArgumentException("a batch holds at least one event");
        }
        this.lane = lane;
        this.events = List.copyOf(events);
        this.starts = new int[events.size()];
        this.ends = new int[events.size()];
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        lines.writeBytes(new byte[SLACK]);
        for (int i = 0; i < events.size(); i++) {
            starts[i] = lines.size();
            lines.writeBytes(events.get(i).json().getBytes(UTF_8));
            ends[i] = lines.size();
            lines.write('\n');
        }
        lines.writeBytes(new byte[SLACK]);
        this.bytes = lines.toByteArray();
    }

    /** A batch of at least one event for a lane. */
    public static TestBatch of(LaneContext lane, List<TestEvent> events) {
        return new TestBatch(lane, events);
    }

    /** The events in their order. */
    public List<TestEvent> events() {
        return events;
    }

    /** Does what a lane does after {@code write} has returned: reuses the array. */
    public void scribble() {
        Arrays.fill(bytes, (byte) '#');
    }

    @Override
    public int size() {
        return events.size();
    }

    @Override
    public byte[] bytes() {
        return bytes;
    }

    @Override
    public int start(int i) {
        return starts[i];
    }

    @Override
    public int end(int i) {
        return ends[i];
    }

    @Override
    public int stream(int i) {
        return events.get(i).stream();
    }

    @Override
    public String streamName(int i) {
        return lane.streams().get(stream(i)).name();
    }

    @Override
    public long sequence(int i) {
        return events.get(i).sequence();
    }

    @Override
    public int shard(int i) {
        return events.get(i).shard();
    }

    @Override
    public long place(int i) {
        return events.get(i).place();
    }

    @Override
    public byte @Nullable [] key(int i) {
        String key = events.get(i).key();
        return key == null ? null : key.getBytes(UTF_8);
    }

    @Override
    public long timeMillis(int i) {
        return events.get(i).timeMillis();
    }

    @Override
    public long unit(int i) {
        return 0;
    }

    @Override
    public long window(int i) {
        return 0;
    }

    @Override
    public String region(int i) {
        return events.get(i).region();
    }

    @Override
    public void header(int i, byte[] target, int at) {
        ByteBuffer.wrap(target, at, HEADER_BYTES)
                .putLong(lane.streams().get(stream(i)).fingerprint())
                .putInt(lane.tag())
                .putShort((short) stream(i))
                .putLong(place(i))
                .putLong(sequence(i))
                .putShort((short) lane.attempt());
    }
}
