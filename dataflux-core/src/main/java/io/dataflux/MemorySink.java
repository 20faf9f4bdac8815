package io.dataflux;

import io.dataflux.spi.EventBatch;
import io.dataflux.spi.LaneContext;
import io.dataflux.spi.Outcome;
import io.dataflux.spi.ReadBack;
import io.dataflux.spi.Sink;
import io.dataflux.spi.SinkConnector;
import io.dataflux.spi.SinkReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes events within this process: keeps them, or hands each to a consumer, such as the code that is tested. Needs no server and no
 * configuration.
 *
 * <pre>{@code
 * MemorySink memory = MemorySink.keeping();
 * clicks.sendTo(memory);
 * memory.entries().forEach(entry -> consumer.handle(entry.keyText(), entry.text()));
 *
 * orders.sendTo(MemorySink.into(entry -> consumer.handle(entry.keyText(), entry.text())));
 * }</pre>
 *
 * <p>Thread-safe. The events of a lane come in their order, those of different lanes at the same time; a sink that is made in code has one
 * lane. A sink that keeps its events has them in one log, in which the order per key is that of sending; it can be read back and judged, and
 * used for several runs. It keeps about the bytes of each event and 150 more until it is dropped or {@link #clear cleared}.
 */
public final class MemorySink implements SinkConnector {

    private static final String SOURCE = "memory";

    private final Consumer<? super Entry> consumer;
    /** What was kept, and how many were before that; null if nothing is kept. */
    private final @Nullable Log log;

    /**
     * One event as it was sent. The arrays are the entry's own.
     *
     * @param stream the stream's name
     * @param sequence the event's number
     * @param region the region that it was routed to; {@code default} if there are none
     * @param key null if it was sent without one
     * @param value its bytes without a line end; null for a deletion
     * @param header what identifies the event, see {@link EventBatch#header}
     */
    public record Entry(
            String stream,
            long sequence,
            String region,
            byte @Nullable [] key,
            byte @Nullable [] value,
            byte[] header) {

        /** The value as text; null for a deletion. */
        public @Nullable String text() {
            return value == null ? null : new String(value, StandardCharsets.UTF_8);
        }

        /** The key as text; null if there is none. */
        public @Nullable String keyText() {
            return key == null ? null : new String(key, StandardCharsets.UTF_8);
        }

        /** The stream, the number and the value. */
        @Override
        public String toString() {
            return stream + " " + sequence + " " + text();
        }
    }

    private MemorySink(Consumer<? super Entry> consumer, @Nullable Log log) {
        this.consumer = consumer;
        this.log = log;
    }

    /** A sink that keeps all events. */
    public static MemorySink keeping() {
        Log log = new Log();
        return new MemorySink(log::add, log);
    }

    /**
     * A sink that hands each event to a consumer, on the lane's thread, and keeps none. When the consumer returns, the event counts as
     * acknowledged; when it throws, as failed, so it must not have kept the event then. It may block: that is the sink's lag.
     */
    public static MemorySink into(Consumer<? super Entry> consumer) {
        return new MemorySink(Objects.requireNonNull(consumer), null);
    }

    /**
     * What is kept now, in the order of arrival, in a list of its own.
     *
     * @throws IllegalStateException if this sink keeps nothing
     */
    public List<Entry> entries() {
        return log().from(0);
    }

    /** Forgets what is kept. What was forgotten counts as missing if the run is judged afterwards. */
    public void clear() {
        log().clear();
    }

    private Log log() {
        if (log == null) {
            throw new IllegalStateException(
                    "this sink hands its events to a consumer and keeps none: use MemorySink.keeping()");
        }
        return log;
    }

    @Override
    public Sink open(LaneContext lane) {
        return new Lane();
    }

    /** Empty for a sink that keeps nothing. */
    @Override
    public Optional<ReadBack> readBack() {
        return Optional.ofNullable(log);
    }

    private final class Lane implements Sink {
        @Override
        public void write(EventBatch batch, Outcome outcome) {
            int size = batch.size();
            int accepted = 0; // the first that is not settled yet
            for (int i = 0; i < size; i++) {
                try {
                    consumer.accept(entry(batch, i));
                } catch (RuntimeException e) {
                    if (accepted < i) {
                        outcome.acknowledged(accepted, i);
                    }
                    outcome.failed(i, i + 1, e);
                    accepted = i + 1;
                }
            }
            if (accepted < size) {
                outcome.acknowledged(accepted, size);
            }
        }

        private static Entry entry(EventBatch batch, int i) {
            byte[] header = new byte[EventBatch.HEADER_BYTES];
            batch.header(i, header, 0);
            int start = batch.start(i);
            int end = batch.end(i);
            return new Entry(
                    batch.streamName(i),
                    batch.sequence(i),
                    batch.region(i),
                    batch.key(i),
                    start == end ? null : Arrays.copyOfRange(batch.bytes(), start, end),
                    header);
        }

        @Override
        public void close() {}
    }

    /** What was kept, in the order of arrival. An offset stays the same when earlier entries are forgotten. Thread-safe. */
    private static final class Log implements ReadBack {

        private final List<Entry> entries = new ArrayList<>();
        private long forgotten;

        synchronized void add(Entry entry) {
            entries.add(entry);
        }

        synchronized void clear() {
            forgotten += entries.size();
            entries.clear();
        }

        synchronized long end() {
            return forgotten + entries.size();
        }

        synchronized List<Entry> from(long offset) {
            return List.copyOf(entries.subList((int) Math.max(0, offset - forgotten), entries.size()));
        }

        @Override
        public String position(LaneContext run) {
            return Long.toString(end());
        }

        @Override
        public String earliest(List<String> positions) {
            return positions.stream()
                    .min(Comparator.comparingLong(Long::parseLong))
                    .orElse("");
        }

        @Override
        public SinkReader reader(LaneContext run, String position) {
            return new Reader(this, position.isEmpty() ? 0 : Long.parseLong(position));
        }
    }

    private static final class Reader implements SinkReader {

        private final Log log;
        private long next;

        Reader(Log log, long from) {
            this.log = log;
            next = from;
        }

        @Override
        public long read(Visitor visitor) {
            List<Entry> news;
            synchronized (log) {
                news = log.from(next);
                next = log.end() - news.size();
            }
            for (Entry entry : news) {
                visitor.record(SOURCE, next++, copy(entry.key), copy(entry.value), entry.header.clone());
            }
            return news.size();
        }

        private static byte @Nullable [] copy(byte @Nullable [] bytes) {
            return bytes == null ? null : bytes.clone();
        }

        @Override
        public void close() {}
    }
}
