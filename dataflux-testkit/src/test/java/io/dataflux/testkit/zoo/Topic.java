package io.dataflux.testkit.zoo;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dataflux.MemorySink.Entry;
import io.dataflux.verify.Arrivals;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** A topic in memory, into which a system has written and whose partitions are read one after the other. Not thread-safe. */
final class Topic<R> implements Arrivals<R> {

    /** A record in one of the partitions. */
    record Kept(
            int partition, @Nullable String key, @Nullable String value) {}

    private final List<Kept> unread;
    private final Function<byte[], ? extends R> decode;

    Topic(List<Kept> records, Function<byte[], ? extends R> decode) {
        unread = new ArrayList<>(records);
        this.decode = decode;
    }

    /** What a system writes that hands everything on, each record into the partition that it chooses. */
    static List<Kept> copy(List<Entry> sent, ToIntFunction<Entry> partition) {
        return new ArrayList<>(sent.stream()
                .map(entry -> new Kept(partition.applyAsInt(entry), entry.keyText(), entry.text()))
                .toList());
    }

    @Override
    public boolean isLog() {
        return true;
    }

    @Override
    public long read(Visitor<? super R> visitor) {
        Map<Integer, Long> offsets = new HashMap<>();
        List<Kept> now = new ArrayList<>(unread);
        unread.clear();
        now.sort(Comparator.comparing(Kept::partition));
        for (Kept record : now) {
            visitor.stored(
                    "out-" + record.partition,
                    offsets.merge(record.partition, 1L, Long::sum) - 1,
                    new Arrivals.Stored(true, bytes(record.key), bytes(record.value), null),
                    decode);
        }
        return now.size();
    }

    private static byte @Nullable [] bytes(@Nullable String text) {
        return text == null ? null : text.getBytes(UTF_8);
    }
}
