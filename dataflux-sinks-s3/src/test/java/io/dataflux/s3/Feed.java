package io.dataflux.s3;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dataflux.spi.LaneContext;
import io.dataflux.spi.Sink;
import io.dataflux.spi.SinkConnector;
import io.dataflux.spi.SinkReader;
import io.dataflux.testkit.EmbeddedS3;
import io.dataflux.testkit.RecordedOutcome;
import io.dataflux.testkit.TestBatch;
import io.dataflux.testkit.TestEvent;
import io.dataflux.testkit.TestSettings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/** Hands events of the one stream {@code clicks} to a sink as a lane does, and remembers the answers. Event n is due at second n. */
final class Feed {

    static final long START_MILLIS = 1_735_689_600_000L; // 2025-01-01T00:00:00Z
    static final String PLAIN = "{stream}/{tag}-{shard}-{first}-{last}.jsonl";

    private final LaneContext lane;
    private final Sink sink;

    final List<RecordedOutcome> outcomes = new ArrayList<>();

    Feed(LaneContext lane, Sink sink) {
        this.lane = lane;
        this.sink = sink;
    }

    static LaneContext lane(int attempt) {
        return new LaneContext(
                "lake",
                0,
                1,
                0xCAFE0001,
                attempt,
                List.of(new LaneContext.Stream("clicks", 0x0102030405060708L, 2)),
                Path.of(""));
    }

    static Map<String, Object> settings(String endpoint, EmbeddedS3 s3, String bucket, Object... more) {
        Map<String, Object> settings = new HashMap<>(Map.of(
                "endpoint", endpoint,
                "access_key", s3.accessKey(),
                "secret_key", s3.secretKey(),
                "bucket", bucket,
                "key", PLAIN));
        for (int i = 0; i < more.length; i += 2) {
            settings.put((String) more[i], more[i + 1]);
        }
        return settings;
    }

    static SinkConnector connector(Map<String, Object> settings) {
        return TestSettings.configure(new S3SinkProvider(), settings);
    }

    /** Writes the events of shard 0 with the places {@code [from, to)}. */
    RecordedOutcome write(long from, long to) throws Exception {
        return write(from, to, 0);
    }

    /** Writes events that are some bytes longer than need be. */
    RecordedOutcome write(long from, long to, int padding) throws Exception {
        List<TestEvent> batch = new ArrayList<>();
        for (long n = from; n < to; n++) {
            batch.add(event(n, START_MILLIS + 1000 * n, padding));
        }
        return write(batch);
    }

    static TestEvent event(long n, long timeMillis, int padding) {
        return new TestEvent(0, n, 0, n, "key_" + n % 3, timeMillis, "default", json(n, padding));
    }

    static String json(long n, int padding) {
        return "{\"n\":" + n + (padding == 0 ? "" : ",\"pad\":\"" + "x".repeat(padding) + "\"") + "}";
    }

    RecordedOutcome write(List<TestEvent> batch) throws Exception {
        RecordedOutcome outcome = new RecordedOutcome(batch.size());
        outcomes.add(outcome);
        sink.write(TestBatch.of(lane, batch), outcome);
        return outcome;
    }

    /** All of it through a new sink, flushed and closed. */
    static RecordedOutcome send(SinkConnector connector, int attempt, long from, long to) throws Exception {
        LaneContext lane = lane(attempt);
        connector.prepare(lane);
        try (Sink sink = connector.open(lane)) {
            RecordedOutcome outcome = new Feed(lane, sink).write(from, to);
            sink.flush();
            return outcome;
        }
    }

    static String lines(long from, long to) {
        StringBuilder lines = new StringBuilder();
        for (long n = from; n < to; n++) {
            lines.append(json(n, 0)).append('\n');
        }
        return lines.toString();
    }

    static String text(EmbeddedS3 s3, String bucket, String key) throws IOException {
        byte[] content = s3.content(bucket, key);
        try (InputStream in = key.endsWith(".gz")
                ? new GZIPInputStream(new ByteArrayInputStream(content))
                : new ByteArrayInputStream(content)) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    /** What the reader hands over: source, offset and value. */
    static List<String> read(SinkConnector connector) throws Exception {
        List<String> records = new ArrayList<>();
        try (SinkReader reader = connector.readBack().orElseThrow().reader(lane(0), "")) {
            reader.read((source, offset, key, value, header) ->
                    records.add(source + " " + offset + " " + new String(value, UTF_8)));
        }
        return records;
    }
}
