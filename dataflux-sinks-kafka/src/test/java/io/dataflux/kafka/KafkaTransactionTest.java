package io.dataflux.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.DeliveryException;
import io.dataflux.kafka.Feed.Read;
import io.dataflux.spi.Delivered;
import io.dataflux.spi.LaneContext;
import io.dataflux.spi.Sink;
import io.dataflux.spi.SinkConnector;
import io.dataflux.spi.SinkReader;
import io.dataflux.testkit.EmbeddedKafka;
import io.dataflux.testkit.RecordedOutcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class KafkaTransactionTest {

    private static final String NEVER = "5m";

    private static EmbeddedKafka kafka;

    @BeforeAll
    static void startBroker() {
        kafka = EmbeddedKafka.start();
    }

    @AfterAll
    static void stopBroker() {
        kafka.close();
    }

    @Test
    void eventsAreAcknowledgedWhenTheirTransactionIsCommittedAndNotBefore() throws Exception {
        SinkConnector connector = connector("cut", "transaction_events", 10L);
        try (Sink sink = connector.open(lane("cut", 0))) {
            Feed feed = new Feed(sink, 3, lane("cut", 0));
            RecordedOutcome first = feed.write(4);
            assertThat(first.unsettled()).isEqualTo(4);
            RecordedOutcome second = feed.write(25);
            assertThat(first.acknowledged()).isEqualTo(4);
            assertThat(second.acknowledged()).isEqualTo(16);
            assertThat(second.unsettled()).isEqualTo(9);
            assertThat(second.gathered())
                    .as("the wait for a commit is by settings")
                    .isEqualTo(16);

            sink.flush();
            assertThat(second.gathered()).isEqualTo(25);
            assertThat(feed.acknowledged()).isEqualTo(29);
            assertThat(values(connector)).containsExactlyElementsOf(numbers(0, 29));
        }
    }

    @Test
    void aTransactionIsCommittedBeforeItGetsOldAndBeforeALongWait() throws Exception {
        try (Sink sink = connector("old", "transaction_interval", "1ms", "transaction_events", 1_000_000L)
                .open(lane("old", 0))) {
            Feed feed = new Feed(sink, 3, lane("old", 0));
            feed.write(1);
            for (int i = 0; i < 100_000 && feed.acknowledged() == 0; i++) {
                feed.write(1);
            }
            assertThat(feed.acknowledged()).isPositive();
        }
        try (Sink sink = connector("waits").open(lane("waits", 0))) {
            Feed feed = new Feed(sink, 3, lane("waits", 0));
            feed.write(3);
            sink.idle(Duration.ofSeconds(30).toNanos());
            assertThat(feed.acknowledged()).as("a short wait").isZero();
            sink.idle(Duration.ofMinutes(11).toNanos());
            assertThat(feed.acknowledged()).as("a long one").isEqualTo(3);
        }
    }

    @Test
    void anotherAttemptFencesTheFirstLearnsWhatItCommittedAndGoesOn() throws Exception {
        SinkConnector connector = connector("resumed", "transaction_events", 10L);
        Sink zombie = connector.open(lane("resumed", 0));
        Feed before = new Feed(zombie, 3, lane("resumed", 0));
        before.write(25); // of which 5 are in an open transaction

        SinkConnector again = connector("resumed", "transaction_events", 10L);
        again.prepare(lane("resumed", 1));
        Map<Integer, Long> told = recovered(again, lane("resumed", 1));
        assertThat(told).isEqualTo(Map.of(0, 20L));
        try (Sink sink = again.open(lane("resumed", 1))) {
            before.write(5);
            assertThatThrownBy(zombie::flush)
                    .isInstanceOf(DeliveryException.class)
                    .hasMessageContaining(
                            "10 events failed, 0 are unknown (may be in the topic), clicks within [20, 30)")
                    .hasMessageContaining("another process has resumed the same run and tag");
            Feed after = new Feed(sink, 3, lane("resumed", 1)).at(0, 20);
            after.write(15);
            sink.flush();
            assertThat(after.acknowledged()).isEqualTo(15);
        }
        zombie.close();
        assertThat(before.acknowledged()).isEqualTo(20);
        assertThat(values(connector)).containsExactlyElementsOf(numbers(0, 35));
    }

    @Test
    void whatOtherStreamsCommittedEarlierIsNotForgotten() throws Exception {
        SinkConnector connector = connector("streams");
        try (Sink sink = connector.open(lane("streams", 0))) {
            Feed feed = new Feed(sink, 3, lane("streams", 0));
            feed.write(7);
            feed.at(1, 100).write(5);
        }
        assertThat(recovered(connector, lane("streams", 1))).isEqualTo(Map.of(0, 7L, 1, 105L));
        try (Sink sink = connector.open(lane("streams", 1))) {
            new Feed(sink, 3, lane("streams", 1)).at(1, 105).write(2);
        }
        assertThat(recovered(connector, lane("streams", 2))).isEqualTo(Map.of(0, 7L, 1, 107L));
    }

    @Test
    void lanesHaveTheirOwnProgress() throws Exception {
        SinkConnector connector = connector("lanes");
        for (int lane = 0; lane < 2; lane++) {
            try (Sink sink = connector.open(lane("lanes", 0, lane, 2))) {
                new Feed(sink, 3, lane("lanes", 0, lane, 2)).write(5 + lane);
            }
        }
        assertThat(recovered(connector, lane("lanes", 1, 0, 2))).isEqualTo(Map.of(0, 5L));
        assertThat(recovered(connector, lane("lanes", 1, 1, 2))).isEqualTo(Map.of(0, 6L));
        assertThat(recovered(connector, lane("lanes", 1, 0, 1)))
                .as("another number of lanes")
                .isEmpty();
    }

    @Test
    void aNewRunDoesNotTakeTheTagOfOneWhoseEventsAreThere() throws Exception {
        SinkConnector connector = connector("taken");
        try (Sink sink = connector.open(lane("taken", 0))) {
            new Feed(sink, 3, lane("taken", 0)).write(5);
        }

        assertThatThrownBy(() -> connector.open(lane("taken", 0)))
                .isInstanceOf(DeliveryException.class)
                .hasMessage("topic 'taken' at " + kafka.bootstrapServers() + " already holds events of run "
                        + lane("taken", 0).tagText() + ", but this run does not resume it; use another tag,"
                        + " or resume that run");
    }

    @Test
    void oneRecordThatIsRefusedTakesItsTransactionWithItAndNothingFollows() throws Exception {
        SinkConnector connector = connector("refused", "transaction_events", 10L, "max_request_size", "4KiB");
        Sink sink = connector.open(lane("refused", 0));
        Feed feed = new Feed(sink, 3, lane("refused", 0));
        feed.write(20, n -> n == 14 ? "\"" + "x".repeat(5_000) + "\"" : "{\"n\":" + n + "}");
        feed.write(5);

        assertThatThrownBy(sink::flush)
                .isInstanceOf(DeliveryException.class)
                .hasMessageContaining("15 events failed, 0 are unknown (may be in the topic), clicks within [10, 25);"
                        + " first: RecordTooLargeException");
        sink.close();
        assertThat(feed.acknowledged()).isEqualTo(10);
        assertThat(feed.failed()).isEqualTo(15);
        assertThat(feed.outcomes)
                .allSatisfy(outcome -> assertThat(outcome.misuse()).isNull());
        assertThat(values(connector)).containsExactlyElementsOf(numbers(0, 10));
        assertThat(recovered(connector, lane("refused", 1))).isEqualTo(Map.of(0, 10L));
    }

    @Test
    void eventsOutOfOrderAreRefusedForTheyCannotBeTold() throws Exception {
        Sink sink = connector("order").open(lane("order", 0));
        Feed feed = new Feed(sink, 3, lane("order", 0));
        feed.write(5);
        feed.at(0, 3).write(1);

        assertThatThrownBy(sink::close)
                .hasMessageContaining("event 3 of stream 'clicks' came after 4, but progress is recorded in the order");
        assertThat(feed.failed()).isEqualTo(6);
    }

    @Test
    void whenTheReplyToTheCommitIsLostItsEventsAreUnknownAndTheNextAttemptKnows() throws Exception {
        try (RequestProxy proxy = new RequestProxy();
                EmbeddedKafka own =
                        EmbeddedKafka.start(1, Map.of("advertised.listeners", "BROKER://" + proxy.address()))) {
            for (boolean committed : new boolean[] {true, false}) {
                proxy.leadTo(port(own));
                String topic = committed ? "reply-lost" : "request-lost";
                SinkConnector connector = Feed.connector(
                        proxy.address(),
                        topic,
                        "partitions",
                        1L,
                        "transactional",
                        true,
                        "delivery_timeout",
                        "500ms",
                        "linger",
                        "0ms");
                Sink sink = connector.open(lane(topic, 0));
                Feed feed = new Feed(sink, 3, lane(topic, 0));
                feed.write(10);
                sink.flush();
                feed.write(7);
                long fired = proxy.fired();
                proxy.arm(new RequestProxy.Fault(RequestProxy.END_TRANSACTION, committed, true));
                assertThatThrownBy(sink::flush)
                        .isInstanceOf(DeliveryException.class)
                        .hasMessageContaining(
                                "0 events failed, 7 are unknown (may be in the topic), clicks within [10, 17);"
                                        + " first: TimeoutException");
                assertThat(proxy.fired()).as("the fault fired").isEqualTo(fired + 1);
                assertThat(feed.unknown()).isEqualTo(7);
                feed.write(3);
                assertThat(feed.failed()).as("nothing is sent after it").isEqualTo(3);
                assertThatThrownBy(sink::close).isInstanceOf(DeliveryException.class);
                proxy.heal();

                long below = committed ? 17 : 10;
                assertThat(recovered(connector, lane(topic, 1))).isEqualTo(Map.of(0, below));
                try (Sink resumed = connector.open(lane(topic, 1))) {
                    new Feed(resumed, 3, lane(topic, 1)).at(0, below).write(3);
                }
                assertThat(values(connector)).containsExactlyElementsOf(numbers(0, below + 3));
            }
        }
    }

    @Test
    void withoutABrokerThatCoordinatesTransactionsTheStartSaysSoInTime() {
        try (EmbeddedKafka own = EmbeddedKafka.start(1, Map.of("transaction.state.log.replication.factor", "3"))) {
            SinkConnector connector = Feed.connector(
                    own.bootstrapServers(), "x", "partitions", 1L, "transactional", true, "connect_timeout", "1s");

            assertThatThrownBy(() -> connector.prepare(lane("x", 0)))
                    .isInstanceOf(DeliveryException.class)
                    .hasMessageContaining("no broker coordinates transactions")
                    .hasMessageContaining("transaction.state.log.replication.factor=1");
        }
    }

    @Test
    void aTimeoutBeyondTheBrokersIsRefused() {
        assertThatThrownBy(
                        () -> connector("timeout", "transaction_timeout", "16m").open(lane("timeout", 0)))
                .isInstanceOf(DeliveryException.class)
                .hasMessageContaining("cannot open a producer for topic 'timeout'")
                .hasMessageEndingWith(
                        "(as configured by transaction.max.timeout.ms). Set transaction_timeout to no more"
                                + " than that (15m by default).");
    }

    @Test
    void tooManyStreamsAreRefused() {
        List<LaneContext.Stream> streams = LongStream.range(0, Progress.MOST_STREAMS + 1)
                .mapToObj(n -> new LaneContext.Stream("s" + n, n, 1))
                .collect(Collectors.toList());
        LaneContext run = new LaneContext("broker", 0, 1, 1, 0, streams, Path.of(""));

        assertThatThrownBy(() -> connector("many").prepare(run))
                .hasMessageStartingWith("a transaction can record the progress of 250 streams, but the run has 251");
    }

    @Test
    void progressIsTextOfLessThanFourThousandBytesAndBack() {
        long[] below = new long[Progress.MOST_STREAMS];
        Arrays.fill(below, 1L << 62);
        long[] back = new long[below.length];
        Progress.merge(Progress.text(below), back);
        assertThat(back).isEqualTo(below);
        assertThat(Progress.text(below).length()).isLessThan(4096);

        long[] some = {0, 35, 36};
        assertThat(Progress.text(some)).isEqualTo("dataflux1 1:z,2:10");
        Progress.merge(Progress.text(new long[] {5, 0, 0}), some);
        assertThat(some).containsExactly(5, 35, 36);
        Progress.merge("dataflux1 ", some);
        for (String wrong : List.of("", "x", "dataflux1 1", "dataflux1 3:1", "dataflux1 -1:1", "dataflux1 a:")) {
            assertThatThrownBy(() -> Progress.merge(wrong, some))
                    .isInstanceOf(DeliveryException.class)
                    .hasMessageStartingWith("'" + wrong + "' does not say how far this run's 3 streams got");
        }
    }

    private static SinkConnector connector(String topic, Object... more) {
        List<Object> settings = new ArrayList<>(List.of(
                "partitions", 1L, "transactional", true, "transaction_interval", NEVER, "transaction_timeout", "15m"));
        settings.addAll(List.of(more));
        return Feed.connector(kafka.bootstrapServers(), topic, settings.toArray());
    }

    /** A run of two streams; every topic of this test has a run of its own. */
    private static LaneContext lane(String run, int attempt) {
        return lane(run, attempt, 0, 1);
    }

    private static LaneContext lane(String run, int attempt, int lane, int lanes) {
        return new LaneContext(
                "broker",
                lane,
                lanes,
                run.hashCode(),
                attempt,
                List.of(new LaneContext.Stream("clicks", 1, 1), new LaneContext.Stream("orders", 2, 1)),
                Path.of(""));
    }

    private static Map<Integer, Long> recovered(SinkConnector connector, LaneContext lane) throws Exception {
        Map<Integer, Long> told = new TreeMap<>();
        connector.resume().recover(lane, new Delivered() {
            @Override
            public void places(int stream, int shard, long from, long to) {
                throw new AssertionError("told by sequence");
            }

            @Override
            public void below(int stream, long sequence) {
                told.put(stream, sequence);
            }
        });
        return told;
    }

    private static List<String> values(SinkConnector connector) throws Exception {
        try (SinkReader reader = connector.readBack().orElseThrow().reader(Feed.LANE, "")) {
            return Feed.read(reader).stream().map(Read::value).toList();
        }
    }

    private static List<String> numbers(long from, long to) {
        return LongStream.range(from, to).mapToObj(n -> "{\"n\":" + n + "}").toList();
    }

    private static int port(EmbeddedKafka kafka) {
        return Integer.parseInt(kafka.bootstrapServers().substring("127.0.0.1:".length()));
    }
}
