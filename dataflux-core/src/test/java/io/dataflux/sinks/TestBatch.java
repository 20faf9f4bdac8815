package io.dataflux.sinks;

import io.dataflux.spi.EventBatch;
import io.dataflux.spi.LaneContext;
import io.dataflux.spi.Sink;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * A batch made by hand: events of four shards whose text tells stream and sequence. Its bytes begin with another batch's, as they
 * may in a lane, and {@link #sendTo} overwrites them after the call, as a lane does.
 */
final class TestBatch implements EventBatch {

    static final int SHARDS = 4;

    private record Entry(int stream, long sequence, int start, int end) {}

    private final List<Entry> entries = new ArrayList<>();
    private final byte[] bytes;

    private TestBatch(List<String> texts, int[] streams, long[] sequences) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes("an earlier batch\n".getBytes(StandardCharsets.UTF_8));
        for (int i = 0; i < texts.size(); i++) {
            int start = all.size();
            all.writeBytes(texts.get(i).getBytes(StandardCharsets.UTF_8));
            entries.add(new Entry(streams[i], sequences[i], start, all.size()));
            all.write('\n');
        }
        all.writeBytes("slack behind the batch".getBytes(StandardCharsets.UTF_8));
        bytes = all.toByteArray();
    }

    /** Events of one stream. */
    static TestBatch of(int stream, long... sequences) {
        int[] streams = new int[sequences.length];
        Arrays.fill(streams, stream);
        List<String> texts = Arrays.stream(sequences)
                .mapToObj(sequence -> text(stream, sequence))
                .toList();
        return new TestBatch(texts, streams, sequences);
    }

    static TestBatch range(long from, long to) {
        return of(0, LongStream.range(from, to).toArray());
    }

    static String text(int stream, long sequence) {
        return "{\"stream\":" + stream + ",\"sequence\":" + sequence + ",\"text\":\"" + "ø".repeat(20) + "\"}";
    }

    static List<String> texts(long from, long to) {
        return LongStream.range(from, to)
                .mapToObj(sequence -> text(0, sequence))
                .toList();
    }

    static LaneContext lane(int lane, int lanes, Path output) {
        return lane(lane, lanes, 0, output);
    }

    static LaneContext lane(int lane, int lanes, int attempt, Path output) {
        return new LaneContext(
                "keep", lane, lanes, 0x5f3a90c1, attempt, List.of(new LaneContext.Stream("orders", 1, SHARDS)), output);
    }

    /** Sends it and then does with the bytes what a lane may do. */
    TestOutcome sendTo(Sink sink) throws Exception {
        TestOutcome outcome = new TestOutcome(size());
        sink.write(this, outcome);
        Arrays.fill(bytes, (byte) '?');
        return outcome;
    }

    @Override
    public int size() {
        return entries.size();
    }

    @Override
    public byte[] bytes() {
        return bytes;
    }

    @Override
    public int start(int i) {
        return entries.get(i).start;
    }

    @Override
    public int end(int i) {
        return entries.get(i).end;
    }

    @Override
    public int stream(int i) {
        return entries.get(i).stream;
    }

    @Override
    public String streamName(int i) {
        return "stream" + stream(i);
    }

    @Override
    public long sequence(int i) {
        return entries.get(i).sequence;
    }

    @Override
    public int shard(int i) {
        return (int) (sequence(i) % SHARDS);
    }

    @Override
    public long place(int i) {
        return sequence(i) / SHARDS;
    }

    @Override
    public byte[] key(int i) {
        return ("key" + shard(i)).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public long timeMillis(int i) {
        return sequence(i);
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
        return "default";
    }

    @Override
    public void header(int i, byte[] target, int at) {
        Arrays.fill(target, at, at + HEADER_BYTES, (byte) i);
    }
}
