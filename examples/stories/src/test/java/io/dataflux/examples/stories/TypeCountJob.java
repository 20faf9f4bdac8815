package io.dataflux.examples.stories;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dataflux.examples.stories.WindowsTest.TypeCount;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A job that counts clicks by type and second, and puts out a window once its watermark has passed the window's end. */
final class TypeCountJob {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long SIZE = 1000;

    private final Queue<TypeCount> output = new ConcurrentLinkedQueue<>();
    private final TreeMap<Long, Map<String, Long>> open = new TreeMap<>();
    private final long delay;
    private long watermark = Long.MIN_VALUE;

    TypeCountJob(Duration delay) {
        this.delay = delay.toMillis();
    }

    Queue<TypeCount> output() {
        return output;
    }

    synchronized void consume(byte[] message) {
        try {
            JsonNode click = JSON.readTree(message);
            long time = click.get("timestamp").longValue();
            long start = time / SIZE * SIZE;
            if (start + SIZE > watermark) {
                open.computeIfAbsent(start, its -> new TreeMap<>())
                        .merge(click.get("event_type").textValue(), 1L, Long::sum);
            }
            watermark = Math.max(watermark, time - delay);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        putOut(watermark);
    }

    /** Puts out all windows that are still open. */
    synchronized void close() {
        putOut(Long.MAX_VALUE);
    }

    private void putOut(long until) {
        while (!open.isEmpty() && open.firstKey() + SIZE <= until) {
            long start = open.firstKey();
            open.remove(start)
                    .forEach((type, count) -> output.add(new TypeCount(type, Instant.ofEpochMilli(start), count)));
        }
    }
}
