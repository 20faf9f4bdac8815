package io.dataflux.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dataflux.spi.LaneContext;
import io.dataflux.spi.Sink;
import io.dataflux.spi.SinkConnector;
import io.dataflux.spi.SinkReader;
import io.dataflux.testkit.RecordedOutcome;
import io.dataflux.testkit.TestBatch;
import io.dataflux.testkit.TestEvent;
import io.dataflux.testkit.TestSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

/** Hands events to a Kafka sink as a lane does, and remembers the answers. Event n's key is {@code key_<n mod keys>}. */
final class Feed {

    static final long START_MILLIS = 1_735_689_600_000L; // 2025-01-01T00:00:00Z
    static final LaneContext LANE = new LaneContext(
            "broker",
            0,
            1,
            0xCAFE0001,
            3,
            List.of(new LaneContext.Stream("clicks", 0x0102030405060708L, 1)),
            Path.of(""));

    private final Sink sink;
    private final int keys;
    private final LaneContext lane;
    private int stream;
    private String region = "default";
    private long next;

    final List<TestEvent> events = new ArrayList<>();
    final List<RecordedOutcome> outcomes = new ArrayList<>();

    /** @param keys 0 for events without keys */
    Feed(Sink sink, int keys) {
        this(sink, keys, LANE);
    }

    Feed(Sink sink, int keys, LaneContext lane) {
        this.sink = sink;
        this.keys = keys;
        this.lane = lane;
    }

    /** Goes on with another stream, from one of its sequences. */
    Feed at(int stream, long sequence) {
        this.stream = stream;
        this.next = sequence;
        return this;
    }

    /** Goes on in another region. */
    Feed in(String region) {
        this.region = region;
        return this;
    }

    /** Of a sink that has patience with a broker on a busy machine. */
    static SinkConnector connector(String servers, String topic, Object... more) {
        Map<String, Object> settings = settings(servers, topic, more);
        settings.putIfAbsent("connect_timeout", "1m");
        return TestSettings.configure(new KafkaSinkProvider(), settings);
    }

    static Map<String, Object> settings(String servers, String topic, Object... more) {
        Map<String, Object> settings = new HashMap<>(Map.of("bootstrap_servers", servers, "topic", topic));
        for (int i = 0; i < more.length; i += 2) {
            settings.put((String) more[i], more[i + 1]);
        }
        return settings;
    }

    /** Writes a batch of the next events. */
    RecordedOutcome write(int count) throws Exception {
        return write(count, n -> "{\"n\":" + n + "}");
    }

    RecordedOutcome write(int count, LongFunction<String> json) throws Exception {
        List<TestEvent> batch = new ArrayList<>();
        for (int i = 0; i < count; i++, next++) {
            String key = keys == 0 ? null : "key_" + next % keys;
            batch.add(new TestEvent(stream, next, 0, next, key, START_MILLIS + next, region, json.apply(next)));
        }
        RecordedOutcome outcome = new RecordedOutcome(count);
        events.addAll(batch);
        outcomes.add(outcome);
        sink.write(TestBatch.of(lane, batch), outcome);
        return outcome;
    }

    long acknowledged() {
        return outcomes.stream().mapToLong(RecordedOutcome::acknowledged).sum();
    }

    long failed() {
        return outcomes.stream().mapToLong(RecordedOutcome::failed).sum();
    }

    long unknown() {
        return outcomes.stream().mapToLong(RecordedOutcome::unknown).sum();
    }

    /** A record that was read back. */
    record Read(String source, long offset, String key, String value) {}

    static List<Read> read(SinkReader reader) throws Exception {
        List<Read> records = new ArrayList<>();
        reader.read((source, offset, key, value, header) -> records.add(new Read(
                source,
                offset,
                key == null ? null : new String(key, UTF_8),
                value == null ? "null" : new String(value, UTF_8))));
        return records;
    }
}
