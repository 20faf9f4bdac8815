package io.dataflux.kafka;

import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.dataflux.DeliveryException;
import io.dataflux.kafka.Feed.Read;
import io.dataflux.spi.Sink;
import io.dataflux.spi.SinkConnector;
import io.dataflux.spi.SinkReader;
import io.dataflux.testkit.EmbeddedKafka;
import io.dataflux.testkit.Fault;
import io.dataflux.testkit.RecordedOutcome;
import io.dataflux.testkit.TestEvent;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class KafkaFaultTest {

    /** Much longer than the deadlines here, much shorter than those that hold by default. */
    private static final Duration IN_TIME = Duration.ofSeconds(30);

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
    void aBrokerThatIsNotThereIsSaidInTime() throws Exception {
        SinkConnector connector = Feed.connector(
                "127.0.0.1:" + closedPort() + ", no-such-host.invalid:9092", "x", "connect_timeout", "1s");
        long start = System.nanoTime();

        assertThatThrownBy(() -> connector.prepare(Feed.LANE))
                .isInstanceOf(DeliveryException.class)
                .hasMessageMatching(
                        "no Kafka broker for topic 'x' at 127\\.0\\.0\\.1:\\d+ \\(Connection refused\\),"
                                + " no-such-host\\.invalid:9092 \\(unknown host\\) within 1 s \\(connect_timeout\\); check that the"
                                + " broker is running and that bootstrap_servers is the address by which this machine reaches it");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(IN_TIME);
    }

    @Test
    void aServerThatIsNoBrokerIsSaidInTime() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            SinkConnector connector =
                    Feed.connector("127.0.0.1:" + silent.getLocalPort(), "x", "connect_timeout", "1s");

            assertThatThrownBy(() -> connector.prepare(Feed.LANE))
                    .isInstanceOf(DeliveryException.class)
                    .hasMessageStartingWith("something is listening at 127.0.0.1:" + silent.getLocalPort())
                    .hasMessageContaining("for topic 'x' it does not answer like a Kafka broker");
        }
    }

    @Test
    void aMissingTopicIsRefusedWithTheWayToCreateIt() {
        kafka.createTopic("orders", 1);

        assertThatThrownBy(() -> connector("odrers").prepare(Feed.LANE))
                .isInstanceOf(DeliveryException.class)
                .hasMessageStartingWith("topic 'odrers' at " + kafka.bootstrapServers() + " does not exist (there are ")
                .hasMessageContaining("orders")
                .hasMessageEndingWith(
                        "create it, correct topic, or set partitions: 3 (and replication: 1) to have it created");
        assertThatThrownBy(() -> connector("odrers").open(Feed.LANE)).isInstanceOf(DeliveryException.class);
    }

    @Test
    void aMissingTopicIsCreatedIfPartitionsAreSetAndFoundAgain() throws Exception {
        SinkConnector connector = connector("created", "partitions", 3L, "replication", 1L);
        connector.prepare(Feed.LANE);
        connector.prepare(Feed.LANE);

        assertThat(connector.readBack().orElseThrow().position(Feed.LANE))
                .isEqualTo("created-0:0,created-1:0,created-2:0");
        assertThatThrownBy(() -> connector("created", "partitions", 4L).prepare(Feed.LANE))
                .isInstanceOf(DeliveryException.class)
                .hasMessageContaining("has 3 partitions, but the settings say 4; set partitions: 3, leave it out");
        assertThatThrownBy(() -> connector("toomuch", "partitions", 1L, "replication", 2L)
                        .prepare(Feed.LANE))
                .isInstanceOf(DeliveryException.class)
                .hasMessageStartingWith("cannot create topic 'toomuch' at " + kafka.bootstrapServers()
                        + " with [partitions: 1, replication: 2]: ")
                .hasMessageEndingWith("; set replication: 1 or less, there is 1 broker");
    }

    @Test
    void aPartitionThatIsNoLongerThereEndsWithinTheDeadlineWithItsRange() throws Exception {
        kafka.createTopic("shrunk", 3);
        SinkConnector connector = connector("shrunk", "delivery_timeout", "1500ms", "linger", "0ms");
        Sink sink = connector.open(Feed.LANE);
        Feed feed = new Feed(sink, 10);
        feed.write(100);
        sink.flush();
        assertThat(feed.acknowledged()).isEqualTo(100);

        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.deleteTopics(List.of("shrunk")).all().get(60, TimeUnit.SECONDS);
            await().forever()
                    .untilAsserted(() -> assertThat(admin.listTopics().names().get(60, TimeUnit.SECONDS))
                            .doesNotContain("shrunk"));
        }
        kafka.createTopic("shrunk", 1);
        long start = System.nanoTime();
        feed.write(100);
        assertThatThrownBy(sink::flush)
                .isInstanceOf(DeliveryException.class)
                .hasMessageStartingWith("Kafka topic 'shrunk' at " + kafka.bootstrapServers() + ", lane 0: ")
                .hasMessageContaining("clicks within [10")
                .hasMessageContaining("first: ");
        sink.close();

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(IN_TIME);
        assertThat(feed.failed() + feed.unknown()).isPositive();
        assertThat(feed.acknowledged() + feed.failed() + feed.unknown()).isEqualTo(200);
    }

    @Test
    void whatTheClientRefusesFailedAndTheRestIsStored() throws Exception {
        SinkConnector connector = connector("large", "partitions", 1L, "max_request_size", "4KiB");
        Sink sink = connector.open(Feed.LANE);
        Feed feed = new Feed(sink, 1);
        feed.write(10, n -> n == 4 ? "\"" + "x".repeat(5_000) + "\"" : "{\"n\":" + n + "}");

        assertThatThrownBy(sink::flush)
                .isInstanceOf(DeliveryException.class)
                .hasMessageStartingWith(
                        "Kafka topic 'large' at " + kafka.bootstrapServers() + ", lane 0: 1 event failed,"
                                + " 0 are unknown (may be in the topic), clicks within [4, 5); first: RecordTooLargeException: ");
        assertThatThrownBy(sink::flush).as("as often as it is asked").isInstanceOf(DeliveryException.class);
        sink.close(); // has nothing to add
        assertThat(feed.acknowledged()).isEqualTo(9);
        assertThat(feed.failed()).isEqualTo(1);
        assertThat(readAll(connector)).hasSize(9);
    }

    @Test
    void whatTheBrokerRefusesForItselfFailed() throws Exception {
        kafka.createTopic("limited", 1, Map.of("max.message.bytes", "2000"));
        SinkConnector connector = connector("limited");
        Sink sink = connector.open(Feed.LANE);
        Feed feed = new Feed(sink, 1);
        feed.write(1, n -> "\"" + "x".repeat(5_000) + "\"");

        assertThatThrownBy(sink::close).isInstanceOf(DeliveryException.class).hasMessageContaining("1 event failed");
        assertThat(feed.failed()).isEqualTo(1);
        assertThat(readAll(connector)).isEmpty();
    }

    @Test
    void whenRepliesAreLostWithWorkInFlightTheEventsAreUnknownAndMayBeThere() throws Exception {
        try (EmbeddedKafka own = EmbeddedKafka.startBehindProxies(1, Map.of())) {
            SinkConnector connector = Feed.connector(
                    own.bootstrapServers(), "replies", "partitions", 2L, "linger", "0ms", "delivery_timeout", "1s");
            Sink sink = connector.open(Feed.LANE);
            Feed feed = new Feed(sink, 10);
            while (feed.acknowledged() < 1_000) {
                writeWithin(feed, 500);
            }
            sink.flush();

            Fault swallowed = Fault.swallowResponses();
            own.proxy(0).on(swallowed);
            RecordedOutcome lost = feed.write(500);
            own.proxy(0).awaitInFlight(swallowed, IN_TIME);
            assertThat(lost.unsettled())
                    .as("work in flight when the fault fired")
                    .isEqualTo(500);

            assertThatThrownBy(sink::flush)
                    .isInstanceOf(DeliveryException.class)
                    .hasMessageContaining("0 events failed, 500 are unknown (may be in the topic), clicks within ["
                            + (feed.events.size() - 500) + ", " + feed.events.size() + ")")
                    .hasMessageContaining("first: TimeoutException");
            assertThat(lost.unknown()).isEqualTo(500);
            assertThat(feed.acknowledged()).isEqualTo(feed.events.size() - 500);
            sink.close();

            own.proxy(0).heal();
            List<Read> stored = readAll(connector);
            assertAcknowledgedAreStoredOnceInOrder(feed, stored);
            assertThat(stored).as("some unknown events are there").hasSizeGreaterThan((int) feed.acknowledged());
        }
    }

    @Test
    void anOutageShorterThanTheDeliveryTimeoutLosesAndRepeatsNothing() throws Exception {
        try (EmbeddedKafka own = EmbeddedKafka.start()) {
            SinkConnector connector =
                    Feed.connector(own.bootstrapServers(), "outage", "partitions", 2L, "linger", "0ms");
            try (Sink sink = connector.open(Feed.LANE)) {
                Feed feed = new Feed(sink, 10);
                while (feed.acknowledged() < 1_000) {
                    writeWithin(feed, 500);
                }
                CompletableFuture<Void> restart = CompletableFuture.runAsync(() -> {
                    own.stopBroker(0);
                    own.startBroker(0);
                });
                long most = 0;
                while (!restart.isDone()) {
                    feed.write(50); // waits while the broker is away
                    most = Math.max(most, feed.events.size() - feed.acknowledged());
                    await().forever().until(() -> restart.isDone() || feed.events.size() - feed.acknowledged() < 500);
                }
                restart.get(60, TimeUnit.SECONDS);
                assertThat(most).as("work in flight during the outage").isPositive();
                sink.flush();

                assertThat(feed.acknowledged()).isEqualTo(feed.events.size());
                List<Read> stored = readAll(connector);
                assertThat(stored).hasSize(feed.events.size());
                assertAcknowledgedAreStoredOnceInOrder(feed, stored);
            }
        }
    }

    @Test
    void anInterruptedLaneStopsWaitingAndEverythingIsSettled() throws Exception {
        try (EmbeddedKafka own = EmbeddedKafka.start()) {
            SinkConnector connector = Feed.connector(own.bootstrapServers(), "stuck", "partitions", 1L, "linger", "1m");
            Sink sink = connector.open(Feed.LANE);
            Feed feed = new Feed(sink, 10);
            feed.write(5);
            own.stopBroker(0);
            AtomicReference<Throwable> ended = new AtomicReference<>();
            Thread lane = new Thread(() -> {
                try {
                    while (true) {
                        feed.write(100, n -> "\"" + "x".repeat(100_000) + "\"");
                    }
                } catch (Throwable e) {
                    ended.set(e);
                }
            });
            lane.start();
            // for room in the buffer, or to hear who leads the partition now
            await().forever()
                    .until(() -> lane.getState() == Thread.State.TIMED_WAITING
                            && List.of(lane.getStackTrace()).toString().contains("KafkaProducer.doSend"));
            lane.interrupt();
            lane.join();

            assertThat(ended.get()).isInstanceOf(InterruptedException.class);
            Thread.currentThread().interrupt();
            assertThatThrownBy(sink::close).isInstanceOf(DeliveryException.class);
            assertThat(Thread.interrupted()).as("the interrupt is passed on").isTrue();
            assertThat(feed.failed()).as("never accepted").isPositive();
            assertThat(feed.acknowledged() + feed.unknown()).as("accepted").isGreaterThanOrEqualTo(5);
            assertThat(feed.acknowledged() + feed.failed() + feed.unknown()).isEqualTo(feed.events.size());
            assertThat(feed.outcomes)
                    .allSatisfy(outcome -> assertThat(outcome.misuse()).isNull());
        }
    }

    /**
     * A broker forgets, by record timestamps, which record of a producer was its last, and then takes a record that is tried again for a
     * new one. By default that needs timestamps older than a day, and a lost reply every ten minutes.
     */
    @Test
    void aBrokerThatForgotTheProducerTakesNothingTwiceIfTimestampsAreThoseOfSendingOrWithTransactions()
            throws Exception {
        try (RequestProxy proxy = new RequestProxy();
                EmbeddedKafka own = EmbeddedKafka.start(
                        1,
                        Map.of(
                                "advertised.listeners",
                                "BROKER://" + proxy.address(),
                                "producer.id.expiration.check.interval.ms",
                                "50"))) {
            proxy.leadTo(Integer.parseInt(own.directServers().substring("127.0.0.1:".length())));
            assertThat(sentAgain(proxy, "old"))
                    .as("the control: old timestamps")
                    .isEqualTo(10 + 5 + 5);
            assertThat(sentAgain(proxy, "new", "timestamp", "send")).isEqualTo(10 + 5);
            assertThat(sentAgain(proxy, "transactions", "transactional", true)).isEqualTo(10 + 5);
        }
    }

    /** Loses the reply to a batch of 5 after one of 10, so that it is tried again; returns how many records there are. */
    private static int sentAgain(RequestProxy proxy, String topic, Object... more) throws Exception {
        List<Object> settings = new ArrayList<>(List.of("partitions", 1L, "request_timeout", "1s", "linger", "0ms"));
        settings.addAll(List.of(more));
        SinkConnector connector = Feed.connector(proxy.address(), topic, settings.toArray());
        try (Sink sink = connector.open(Feed.LANE)) {
            Feed feed = new Feed(sink, 1);
            feed.write(10);
            sink.flush();
            long fired = proxy.fired();
            proxy.arm(new RequestProxy.Fault(RequestProxy.PRODUCE, true, false));
            feed.write(5);
            sink.flush();
            assertThat(proxy.fired()).as("the fault fired").isEqualTo(fired + 1);
            assertThat(feed.acknowledged()).isEqualTo(15);
        }
        return readAll(connector).size();
    }

    @Test
    void eventsOlderThanTheTopicKeepsThemAreWarnedOf() {
        long hour = 3_600_000;
        assertThat(Routes.expiryWarning(77 * hour, 100 * hour)).isNull();
        assertThat(Routes.expiryWarning(75 * hour, 100 * hour)).contains("1970-01-04T03:00:00Z", "timestamp: send");
        assertThat(Routes.retentionWarning(-1, 0, 100 * hour)).isNull();
        assertThat(Routes.retentionWarning(24 * hour, 76 * hour, 100 * hour)).isNull();
        assertThat(Routes.retentionWarning(24 * hour, 75 * hour, 100 * hour))
                .contains(
                        "keeps records for 24 h",
                        "events begin at 1970-01-04T03:00:00Z",
                        "timestamp: send",
                        "retention.ms=-1",
                        "start: now");
    }

    private static void writeWithin(Feed feed, int bound) throws Exception {
        feed.write(250);
        await().forever().until(() -> feed.events.size() - feed.acknowledged() - feed.unknown() < bound);
    }

    private static void assertAcknowledgedAreStoredOnceInOrder(Feed feed, List<Read> stored) {
        Set<String> acknowledged = new HashSet<>();
        int event = 0;
        for (RecordedOutcome outcome : feed.outcomes) {
            int size = outcome.acknowledged() + outcome.failed() + outcome.unknown();
            for (int i = 0; i < size; i++, event++) {
                if (outcome.isAcknowledged(i)) {
                    acknowledged.add(feed.events.get(event).json());
                }
            }
        }
        List<String> values = stored.stream().map(Read::value).toList();
        assertThat(values).doesNotHaveDuplicates().containsAll(acknowledged);
        Map<String, List<String>> sent = feed.events.stream()
                .collect(groupingBy(TestEvent::key, Collectors.mapping(TestEvent::json, Collectors.toList())));
        stored.stream()
                .collect(groupingBy(Read::key, Collectors.mapping(Read::value, Collectors.toList())))
                .forEach((key, found) -> assertThat(sent.get(key)).as(key).containsSubsequence(found));
    }

    private static SinkConnector connector(String topic, Object... more) {
        return Feed.connector(kafka.bootstrapServers(), topic, more);
    }

    private static List<Read> readAll(SinkConnector connector) throws Exception {
        try (SinkReader reader = connector.readBack().orElseThrow().reader(Feed.LANE, "")) {
            return Feed.read(reader);
        }
    }

    private static int closedPort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
