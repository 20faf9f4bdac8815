package io.dataflux.spi;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.List;

/** A batch with units and windows, as a lane would hand it over. */
final class CutBatch implements EventBatch {

    record Item(int stream, long sequence, int shard, long place, long unit, long window, String text) {}

    private final List<Item> items;
    private final byte[] bytes;
    private final int[] ends;

    CutBatch(List<Item> items) {
        this.items = List.copyOf(items);
        ends = new int[items.size()];
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        for (int i = 0; i < ends.length; i++) {
            lines.writeBytes(items.get(i).text.getBytes(UTF_8));
            ends[i] = lines.size();
            lines.write('\n');
        }
        bytes = lines.toByteArray();
    }

    @Override
    public int size() {
        return items.size();
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
        return items.get(i).stream;
    }

    @Override
    public String streamName(int i) {
        return "stream" + stream(i);
    }

    @Override
    public long sequence(int i) {
        return items.get(i).sequence;
    }

    @Override
    public int shard(int i) {
        return items.get(i).shard;
    }

    @Override
    public long place(int i) {
        return items.get(i).place;
    }

    @Override
    public byte[] key(int i) {
        return new byte[0];
    }

    @Override
    public long timeMillis(int i) {
        return 1_000 + sequence(i);
    }

    @Override
    public long unit(int i) {
        return items.get(i).unit;
    }

    @Override
    public long window(int i) {
        return items.get(i).window;
    }

    @Override
    public String region(int i) {
        return "default";
    }

    @Override
    public void header(int i, byte[] target, int at) {
        throw new UnsupportedOperationException();
    }
}
