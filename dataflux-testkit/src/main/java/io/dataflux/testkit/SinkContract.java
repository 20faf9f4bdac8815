package io.dataflux.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.spi.EventBatch;
import io.dataflux.spi.LaneContext;
import io.dataflux.spi.ReadBack;
import io.dataflux.spi.Sink;
import io.dataflux.spi.SinkConnector;
import io.dataflux.spi.SinkProvider;
import io.dataflux.spi.SinkReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What must hold for every sink as long as nothing fails. The author of a sink extends this class and says how the sink is configured;
 * JUnit runs the tests. A sink that cannot read back what it stored overrides {@link #stored}.
 *
 * <pre>{@code
 * class QueueSinkTest extends SinkContract {
 *     protected SinkProvider provider() {
 *         return new QueueSinkProvider();
 *     }
 *
 *     protected Map<String, ?> settings() {
 *         return Map.of("url", server.url(), "queue", "queue-" + ++queues);
 *     }
 * }
 * }</pre>
 */
public abstract class SinkContract {

    /** Per stream; enough for several requests of any target, with {@code -Ddataflux.thorough=true} for several files or segments. */
    private static final int EVENTS = Boolean.getBoolean("dataflux.thorough") ? 100_000 : 2_000;

    /** How long the threads of a closed sink may take to end. */
    private static final Duration LEAVING = Duration.ofSeconds(10);

    private static final long LONG_NANOS = 3_600_000_000_000L;
    private static final int BATCH = 256;
    private static final int SHARDS = 4;
    private static final int KEYS = 21;
    private static final int KEYED = 0;
    private static final int KEYLESS = 1;
    private static final List<LaneContext.Stream> STREAMS = List.of(
            new LaneContext.Stream("keyed", 0x1122334455667788L, SHARDS),
            new LaneContext.Stream("keyless", 0x99AABBCCDDEEFF00L, SHARDS));

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path output;

    /** The provider of the sink under test. */
    protected abstract SinkProvider provider();

    /** Settings without a mistake for a target that holds nothing yet: a new one at every call. */
    protected abstract Map<String, ?> settings() throws Exception;

    /**
     * What the target holds, in its own order; by default read through the sink's own {@link SinkReader}.
     *
     * @param position the target's position before the first event was sent
     */
    protected List<Stored> stored(SinkConnector connector, LaneContext run, String position) throws Exception {
        List<Stored> records = new ArrayList<>();
        ReadBack target = connector
                .readBack()
                .orElseThrow(() -> new AssertionError("the sink cannot be read back: override stored()"));
        SinkReader opened;
        try {
            opened = target.reader(run, position);
        } catch (Exception e) {
            throw new AssertionError("the sink's reader could not be opened: " + e, e);
        }
        try (SinkReader reader = opened) {
            reader.read((source, offset, key, value, header) -> records.add(new Stored(source, key, value, header)));
        } catch (Exception e) {
            throw new AssertionError("the sink's reader threw " + e, e);
        }
        return records;
    }

    /** How long a call of the sink may take before it counts as never returning; a minute. */
    protected Duration patience() {
        return Duration.ofMinutes(1);
    }

    /** One record that the target holds; {@code header} is {@code null} if the target keeps none. */
    protected record Stored(String source, byte @Nullable [] key, byte @Nullable [] value, byte @Nullable [] header) {}

    @Test
    void theProviderIsFoundByItsType() {
        List<String> types = ServiceLoader.load(SinkProvider.class).stream()
                .map(found -> found.get().type())
                .toList();

        assertThat(types).containsOnlyOnce(theirProvider().type());
    }

    @Test
    void settingsThatAreWrongAreProblemsAndNoExceptions() throws Exception {
        assertThat(TestSettings.problems(theirProvider(), theirSettings())).isEmpty();

        Map<String, Object> misspelt = new HashMap<>(theirSettings());
        misspelt.put("no_such_setting", "x");
        assertThat(TestSettings.problems(theirProvider(), misspelt))
                .singleElement()
                .satisfies(problem -> assertThat(problem.path()).endsWith("no_such_setting"));

        // whatever is required is a problem; a sink that requires nothing has none
        assertThat(TestSettings.problems(theirProvider(), Map.of()))
                .allSatisfy(problem -> assertThat(problem.what()).isNotBlank());
    }

    @Test
    void whatIsAcknowledgedIsStoredOnceInOrderAndUnchanged() throws Exception {
        Delivery delivery = new Delivery(1);
        delivery.send();

        delivery.assertAllAcknowledged();
        delivery.assertStored();
    }

    @Test
    void lanesDoNotDisturbEachOther() throws Exception {
        Delivery delivery = new Delivery(2);
        delivery.send();

        delivery.assertAllAcknowledged();
        delivery.assertStored();
    }

    @Test
    void aBatchIsOnlyLent() throws Exception {
        Delivery delivery = new Delivery(1);
        delivery.afterWrite = batch -> {
            byte[] expected = TestBatch.of(delivery.lane(0), batch.events()).bytes();
            assertThat(batch.bytes()).as("the batch's array after write").isEqualTo(expected);
            batch.scribble();
        };
        delivery.send();

        delivery.assertAllAcknowledged();
        delivery.assertStored();
    }

    @Test
    void whatIsAcknowledgedIsThereAtOnce() throws Exception {
        Delivery delivery = new Delivery(1);
        delivery.looksBeforeFlush = true;
        delivery.beforeFlush = () -> {
            Set<String> acknowledged = delivery.acknowledgedSoFar();
            for (Stored record : theirStored(delivery.connector, delivery.lane(0), delivery.position)) {
                acknowledged.remove(text(record));
            }
            assertThat(acknowledged)
                    .as("events that were acknowledged and are not in the target yet")
                    .isEmpty();
        };
        delivery.send();
    }

    @Test
    void aSinkThatGotNothingFlushesAndClosesAndTheTargetStaysEmpty() throws Exception {
        Delivery delivery = new Delivery(2);
        delivery.sendNothing();

        assertThat(theirStored(delivery.connector, delivery.lane(0), "")).isEmpty();
    }

    @Test
    void aClosedSinkLeavesNothingRunning() throws Exception {
        Delivery delivery = new Delivery(1);
        delivery.send();

        Duration longest = patience().compareTo(LEAVING) < 0 ? patience() : LEAVING;
        assertThat(delivery.calls.left(longest))
                .as("threads of the sink that keep a program from ending after close")
                .isEmpty();
    }

    private SinkProvider theirProvider() {
        return hook("provider()", this::provider);
    }

    private Map<String, ?> theirSettings() {
        return hook("settings()", this::settings);
    }

    private List<Stored> theirStored(SinkConnector connector, LaneContext run, String position) {
        return hook("stored()", () -> stored(connector, run, position));
    }

    /** What the author's own code returns; if it throws, the message says so, because that says nothing about the sink. */
    private <T> T hook(String name, Callable<T> code) {
        T value;
        try {
            value = code.call();
        } catch (Exception e) {
            throw new AssertionError(
                    name + " of " + getClass().getName() + " threw " + e
                            + "; this is the test's own code, not the sink's",
                    e);
        }
        if (value == null) {
            throw new AssertionError(name + " of " + getClass().getName() + " returned null");
        }
        return value;
    }

    private static String text(Stored record) {
        return record.value() == null ? "null" : new String(record.value(), UTF_8);
    }

    private interface Step {
        void go() throws Exception;
    }

    private interface AfterWrite {
        void accept(TestBatch batch) throws Exception;
    }

    /** All events of both streams through some lanes, and what became of them. */
    private final class Delivery {

        final int lanes;
        final SinkConnector connector;
        final List<TestEvent> events = new ArrayList<>();
        final List<RecordedOutcome> outcomes = new ArrayList<>();
        String position = "";
        final LaneThread calls = new LaneThread(patience());
        AfterWrite afterWrite = batch -> {};
        Step beforeFlush = () -> {};
        boolean looksBeforeFlush;

        Delivery(int lanes) {
            this.lanes = lanes;
            this.connector = TestSettings.configure(theirProvider(), theirSettings());
        }

        LaneContext lane(int lane) {
            return new LaneContext("sink", lane, lanes, 0xCAFE0001, 0, STREAMS, output);
        }

        /** Opens all lanes first, then lets them take turns. */
        void send() throws Exception {
            List<List<TestEvent>> perLane = new ArrayList<>();
            for (int lane = 0; lane < lanes; lane++) {
                perLane.add(eventsOf(lane));
            }
            withSinks(sinks -> {
                for (int from = 0; from < perLane.get(0).size(); from += BATCH) {
                    for (int lane = 0; lane < lanes; lane++) {
                        write(sinks.get(lane), lane, perLane.get(lane), from);
                    }
                }
                if (looksBeforeFlush) {
                    for (Sink sink : sinks) { // as before a long wait: what readers still wait for must be finished
                        call("idle", () -> sink.idle(LONG_NANOS));
                    }
                    beforeFlush.go();
                }
                flush(sinks);
                for (RecordedOutcome outcome : outcomes) {
                    assertThat(outcome.unsettled())
                            .as("events without an answer after flush")
                            .isZero();
                }
            });
        }

        void sendNothing() throws Exception {
            withSinks(sinks -> {
                flush(sinks);
                flush(sinks);
            });
        }

        private interface Use {
            void of(List<Sink> sinks) throws Exception;
        }

        private void withSinks(Use use) throws Exception {
            List<Sink> sinks = new ArrayList<>();
            try (calls) {
                call("prepare", () -> connector.prepare(lane(0)));
                if (connector.readBack().isPresent()) {
                    ReadBack target = connector.readBack().get();
                    position = calls.call("position", () -> target.position(lane(0)));
                }
                try {
                    for (int lane = 0; lane < lanes; lane++) {
                        LaneContext context = lane(lane);
                        sinks.add(calls.call("open", () -> connector.open(context)));
                    }
                    use.of(sinks);
                } catch (Exception | AssertionError e) {
                    for (Sink sink : sinks) {
                        closeAfter(e, sink);
                    }
                    throw e;
                }
                for (Sink sink : sinks) {
                    call("close", sink::close);
                }
            }
        }

        private void closeAfter(Throwable failure, Sink sink) throws InterruptedException {
            try {
                call("close", sink::close);
            } catch (AssertionError e) {
                failure.addSuppressed(e);
            }
        }

        private void flush(List<Sink> sinks) throws InterruptedException {
            for (Sink sink : sinks) {
                call("flush", sink::flush);
            }
        }

        private void call(String what, Step step) throws InterruptedException {
            calls.call(what, () -> {
                step.go();
                return true;
            });
        }

        private void write(Sink sink, int lane, List<TestEvent> of, int from) throws Exception {
            List<TestEvent> some = of.subList(Math.min(from, of.size()), Math.min(from + BATCH, of.size()));
            if (!some.isEmpty()) {
                TestBatch batch = TestBatch.of(lane(lane), some);
                RecordedOutcome outcome = new RecordedOutcome(some.size());
                events.addAll(some);
                outcomes.add(outcome);
                call("write", () -> sink.write(batch, outcome));
                afterWrite.accept(batch);
            }
        }

        /** The events that the sink has acknowledged, as text. */
        Set<String> acknowledgedSoFar() {
            Set<String> acknowledged = new HashSet<>();
            int first = 0;
            for (RecordedOutcome outcome : outcomes) {
                for (int i = 0; i < outcome.size(); i++) {
                    if (outcome.isAcknowledged(i)) {
                        acknowledged.add(events.get(first + i).json());
                    }
                }
                first += outcome.size();
            }
            return acknowledged;
        }

        private List<TestEvent> eventsOf(int lane) {
            List<TestEvent> of = new ArrayList<>();
            long[][] places = new long[2][SHARDS];
            for (int sequence = 0; sequence < EVENTS; sequence++) {
                int entity = sequence % KEYS; // a key lives in one shard
                add(of, lane, KEYED, sequence, entity % SHARDS, places, "key_" + entity);
                add(of, lane, KEYLESS, sequence, sequence % SHARDS, places, null);
            }
            return of;
        }

        private void add(
                List<TestEvent> of,
                int lane,
                int stream,
                int sequence,
                int shard,
                long[][] places,
                @Nullable String key) {
            long place = places[stream][shard]++;
            if (shard % lanes == lane) {
                of.add(event(stream, sequence, shard, place, key));
            }
        }

        private TestEvent event(int stream, long sequence, int shard, long place, @Nullable String key) {
            String text = "{\"stream\":" + stream + ",\"n\":" + sequence + ",\"text\":\"äöü €\",\"pad\":\""
                    + "x".repeat((int) (sequence % 97)) + "\"}";
            return new TestEvent(stream, sequence, shard, place, key, 1_735_689_600_000L + sequence, "default", text);
        }

        void assertAllAcknowledged() {
            for (RecordedOutcome outcome : outcomes) {
                assertThat(outcome.misuse()).isNull();
                assertThat(outcome.firstCause()).isNull();
                assertThat(outcome.unsettled()).isZero();
            }
            assertThat(events).hasSize(2 * EVENTS);
        }

        void assertStored() throws Exception {
            Map<String, TestEvent> expected = new HashMap<>();
            events.forEach(event -> expected.put(event.json(), event));
            Set<String> seen = new HashSet<>();
            Map<String, Long> lastPlaces = new HashMap<>();
            for (Stored record : theirStored(connector, lane(0), position)) {
                String json = text(record);
                TestEvent event = expected.get(json);
                if (event == null) {
                    throw new AssertionError("the target holds something that was not sent: " + json);
                }
                assertThat(seen.add(json)).as("stored once: " + json).isTrue();
                assertHeader(record, event);
                String shard = record.source() + " stream " + event.stream() + " shard " + event.shard();
                assertAscending(lastPlaces, shard, event);
                if (event.key() != null) {
                    // over all sources: a reader hands over a key's events in one order
                    assertAscending(lastPlaces, event.key(), event);
                }
            }
            assertThat(seen).as("events stored").hasSize(expected.size());
        }

        private void assertAscending(Map<String, Long> lastPlaces, String of, TestEvent event) {
            Long last = lastPlaces.put(of, event.place());
            assertThat(event.place()).as("position in the order of " + of).isGreaterThan(last == null ? -1 : last);
        }

        private void assertHeader(Stored record, TestEvent event) {
            if (record.header() != null) {
                byte[] header = new byte[EventBatch.HEADER_BYTES];
                TestBatch.of(lane(0), List.of(event)).header(0, header, 0);
                assertThat(record.header()).as("header").isEqualTo(header);
            }
            if (record.key() != null) {
                assertThat(new String(record.key(), UTF_8)).as("key").isEqualTo(event.key());
            }
        }
    }
}
