package io.dataflux.http;

import io.dataflux.spi.LaneContext;
import io.dataflux.spi.Sink;
import io.dataflux.spi.SinkConnector;
import io.dataflux.testkit.RecordedOutcome;
import io.dataflux.testkit.TestBatch;
import io.dataflux.testkit.TestEvent;
import io.dataflux.testkit.TestSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Hands events to a lane of an HTTP sink as a run does, and remembers the answers. Event n is {@code {"n":n}}. */
final class Feed implements AutoCloseable {

    static final LaneContext LANE = lane(0, 1);

    private final LaneContext lane;
    private final Sink sink;
    private long next;

    final List<RecordedOutcome> outcomes = new ArrayList<>();

    Feed(SinkConnector connector) throws Exception {
        this(connector, LANE);
    }

    Feed(SinkConnector connector, LaneContext lane) throws Exception {
        this.lane = lane;
        sink = connector.open(lane);
    }

    static LaneContext lane(int lane, int lanes) {
        List<LaneContext.Stream> streams = List.of(new LaneContext.Stream("clicks", 0x0102030405060708L, lanes));
        return new LaneContext("api", lane, lanes, 0xCAFE0001, 0, streams, Path.of(""));
    }

    static SinkConnector connector(String url, Object... more) {
        return TestSettings.configure(new HttpSinkProvider(), settings(url, more));
    }

    static Map<String, Object> settings(String url, Object... more) {
        Map<String, Object> settings = new HashMap<>(Map.of("url", url));
        for (int i = 0; i < more.length; i += 2) {
            settings.put((String) more[i], more[i + 1]);
        }
        return settings;
    }

    /** Writes a batch of the next events. */
    RecordedOutcome write(int count) throws Exception {
        List<TestEvent> batch = new ArrayList<>();
        for (int i = 0; i < count; i++, next++) {
            String json = "{\"n\":" + next + "}";
            batch.add(new TestEvent(0, next, lane.lane(), next, "k" + next % 7, next, "default", json));
        }
        RecordedOutcome outcome = new RecordedOutcome(count);
        outcomes.add(outcome);
        sink.write(TestBatch.of(lane, batch), outcome);
        return outcome;
    }

    /** Writes a batch and waits until it is settled. */
    RecordedOutcome send(int count) throws Exception {
        RecordedOutcome outcome = write(count);
        sink.flush();
        return outcome;
    }

    /** How often the sink has sent something again. */
    long retries() {
        return sink.retries();
    }

    void flush() throws Exception {
        sink.flush();
    }

    @Override
    public void close() throws Exception {
        sink.close();
    }

    static String[] events(long... numbers) {
        return LongStream.of(numbers).mapToObj(n -> "{\"n\":" + n + "}").toArray(String[]::new);
    }

    static String[] firstEvents(int count) {
        return IntStream.range(0, count).mapToObj(n -> "{\"n\":" + n + "}").toArray(String[]::new);
    }

    static String cause(RecordedOutcome outcome) {
        Throwable cause = outcome.firstCause();
        return cause == null ? "" : String.valueOf(cause.getMessage());
    }
}
