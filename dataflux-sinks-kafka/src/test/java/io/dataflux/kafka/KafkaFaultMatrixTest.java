package io.dataflux.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dataflux.spi.Delivered;
import io.dataflux.spi.LaneContext;
import io.dataflux.spi.Settings;
import io.dataflux.spi.SinkConnector;
import io.dataflux.spi.SinkProvider;
import io.dataflux.testkit.EmbeddedKafka;
import io.dataflux.testkit.Fault;
import io.dataflux.testkit.FaultMatrix;
import io.dataflux.testkit.FaultMatrix.Delivery;
import io.dataflux.testkit.FaultMatrix.Ending;
import io.dataflux.testkit.FaultProxy;
import io.dataflux.testkit.FaultTrial;
import io.dataflux.testkit.FaultTrial.Breach;
import io.dataflux.testkit.TestSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What the Kafka sink promises, under faults of the network and of brokers; each guarantee with a control. */
class KafkaFaultMatrixTest {

    private static final int PARTITIONS = 3;
    private static final int AT_A_TIME = 4;
    private static final int SINGLE_BROKERS = 3;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** The fault passes: a record has all the time, a request has not. */
    private static final Map<String, Object> PATIENT =
            Map.of("delivery_timeout", "60s", "request_timeout", "1s", "linger", "0ms", "retry_backoff_ms", 20L);

    /** The fault lasts longer than a record is tried. */
    private static final Map<String, Object> IMPATIENT =
            Map.of("delivery_timeout", "2s", "request_timeout", "500ms", "linger", "0ms", "retry_backoff_ms", 20L);

    private static final List<EmbeddedKafka> STARTED = new ArrayList<>();
    private static final BlockingQueue<EmbeddedKafka> SINGLE = new ArrayBlockingQueue<>(SINGLE_BROKERS);
    private static final BlockingQueue<EmbeddedKafka> CLUSTER = new ArrayBlockingQueue<>(1);

    @BeforeAll
    static void startBrokers() {
        for (int i = 0; i < SINGLE_BROKERS; i++) {
            SINGLE.add(started(1, Map.of("broker.session.timeout.ms", "2000")));
        }
        CLUSTER.add(started(3, Map.of("broker.session.timeout.ms", "2000", "min.insync.replicas", "2")));
    }

    private static EmbeddedKafka started(int brokers, Map<String, String> properties) {
        EmbeddedKafka kafka = EmbeddedKafka.startBehindProxies(brokers, properties);
        STARTED.add(kafka);
        return kafka;
    }

    @AfterAll
    static void stopBrokers() {
        STARTED.forEach(EmbeddedKafka::close);
    }

    /** What happens to a broker and the way to it while events are sent. */
    private interface Weather {
        void begin(FaultTrial trial, EmbeddedKafka kafka) throws Exception;
    }

    private record Change(String words, Weather weather) {}

    /** The broker that is hurt: the leader of the partition that the first key goes to, or the only one. */
    private static final int HURT = 0;

    private static final List<Change> PASSING = List.of(
            new Change("latency", lasting(Fault.latency(Duration.ofMillis(20)).jitter(Duration.ofMillis(10)))),
            new Change("slices", lasting(Fault.slice(64))),
            new Change("bandwidth", lasting(Fault.bandwidth(200_000))),
            new Change("responses swallowed until a timeout", passing(Fault.swallowResponses())),
            new Change("requests swallowed until a timeout", passing(Fault.swallowRequests())),
            new Change(
                    "cut in a request, 3 times",
                    lasting(Fault.cut().afterRequestBytes(1_000, 9_000).times(3))),
            new Change(
                    "reset in a request, 3 times",
                    lasting(Fault.reset().afterRequestBytes(1_000, 9_000).times(3))),
            new Change(
                    "reset in a response, 2 times",
                    lasting(Fault.reset().afterResponseBytes(5, 50).times(2))),
            new Change(
                    "half-close in a request",
                    lasting(Fault.halfClose().afterRequestBytes(2_000).times(1))),
            new Change("reset, refused, healed", KafkaFaultMatrixTest::refuse));

    private static final List<Change> LASTING = List.of(
            new Change("responses swallowed for good", lasting(Fault.swallowResponses())),
            new Change("requests swallowed for good", lasting(Fault.swallowRequests())));

    @TestFactory
    List<DynamicTest> cells() throws Exception {
        FaultMatrix matrix = new FaultMatrix("kafka");
        matrix.cell("default", "1 of 3 brokers killed", died(Map.of()));
        matrix.cell("transactional", "1 of 3 brokers killed", died(transactional()));
        for (Change change : PASSING) {
            matrix.cell("default", change.words, single(PATIENT, Map.of(), change.weather));
            matrix.cell("transactional", change.words, single(PATIENT, transactional(), change.weather));
        }
        for (Change change : LASTING) {
            matrix.cell("default", change.words, single(IMPATIENT, Map.of(), change.weather))
                    .ending(Ending.SOME_UNKNOWN);
            matrix.cell("transactional", change.words, single(IMPATIENT, transactional(), change.weather))
                    .ending(Ending.SOME_FAILED);
        }
        controls(matrix);
        restarts(matrix);
        return matrix.run(AT_A_TIME);
    }

    private static void controls(FaultMatrix matrix) {
        Map<String, Object> notIdempotent = Map.of("enable.idempotence", false);
        Weather unanswered = passing(Fault.swallowResponses());
        matrix.control(
                "enable.idempotence=false",
                "responses swallowed until a timeout",
                Breach.DUPLICATE,
                weakened(notIdempotent, unanswered));
        matrix.control(
                "acks=1",
                "responses swallowed until a timeout",
                Breach.DUPLICATE,
                weakened(Map.of("enable.idempotence", false, "acks", "1"), unanswered));
        matrix.control(
                "acks=0",
                "requests swallowed until a timeout",
                Breach.LOST,
                weakened(Map.of("enable.idempotence", false, "acks", "0"), passing(Fault.swallowRequests())));
        matrix.control(
                        "retries=0",
                        "reset in a request, 3 times",
                        Breach.ENDING,
                        weakened(
                                Map.of("enable.idempotence", false, "retries", 0),
                                lasting(Fault.reset()
                                        .afterRequestBytes(1_000, 9_000)
                                        .times(3))))
                .ending(Ending.ALL_ACKNOWLEDGED);
        matrix.control("read_uncommitted", "responses swallowed for good", Breach.RESURRECTED, trial -> {
            EmbeddedKafka kafka = SINGLE.take();
            try {
                String topic = topic(trial, kafka);
                send(
                        trial,
                        kafka,
                        connector(kafka, topic, IMPATIENT, transactional()),
                        lasting(Fault.swallowResponses()));
                trial.stored(uncommitted(kafka, topic));
            } finally {
                SINGLE.add(kafka);
            }
        });
    }

    /**
     * A broker that starts again knows of each producer its last batch, and none whose last record is older than
     * producer.id.expiration.ms. In a transaction that costs the transaction; else it costs duplicates.
     */
    private static void restarts(FaultMatrix matrix) {
        String fault = "answers lost, only replica restarted";
        Map<String, Object> oneInFlight = Map.of("properties", Map.of("max.in.flight.requests.per.connection", "1"));
        Map<String, Object> now = new HashMap<>(oneInFlight);
        now.put("timestamp", "send");
        Weather one = (trial, kafka) -> restart(trial, kafka, 1);
        Weather three = (trial, kafka) -> restart(trial, kafka, 3);
        matrix.cell("transactional", fault, single(PATIENT, transactional(), three))
                .ending(Ending.ANY);
        matrix.cell("1 in flight", fault, single(PATIENT, oneInFlight, one));
        matrix.cell("1 in flight, events of 2025 sent now", fault, old(single(PATIENT, now, one)));
        matrix.control("5 in flight", fault, Breach.DUPLICATE, single(PATIENT, Map.of(), three));
        matrix.control("1 in flight, events of 2025", fault, Breach.DUPLICATE, old(single(PATIENT, oneInFlight, one)));
    }

    private static Delivery old(Delivery delivery) {
        return trial -> {
            trial.eventsFrom(Instant.parse("2025-01-01T00:00:00Z"));
            delivery.run(trial);
        };
    }

    private static Map<String, Object> transactional() {
        return Map.of("transactional", true, "transaction_events", 200L);
    }

    private static Weather lasting(Fault fault) {
        return (trial, kafka) -> trial.under(kafka.proxy(HURT), fault);
    }

    /** Happens to the connections of now: the client waits for an answer until request_timeout, and connects again. */
    private static Weather passing(Fault fault) {
        return (trial, kafka) -> {
            FaultProxy proxy = kafka.proxy(HURT);
            trial.under(proxy, fault.onConnections(0, proxy.connections()));
        };
    }

    /** An outage of the way, as long as a few attempts to connect. */
    private static void refuse(FaultTrial trial, EmbeddedKafka kafka) {
        FaultProxy proxy = kafka.proxy(HURT);
        CompletableFuture<Void> healed = new CompletableFuture<>();
        // one of the resets may meet the connection that only asks who leads the partitions
        trial.during(proxy, Fault.reset().afterRequestBytes(1_000).times(3), () -> {
            proxy.refuse();
            CompletableFuture.delayedExecutor(300, TimeUnit.MILLISECONDS).execute(() -> {
                proxy.heal();
                healed.complete(null);
            });
        });
        trial.meanwhile(() -> healed.get(60, TimeUnit.SECONDS));
    }

    /** Some requests are stored and not answered; then the only broker that has them is restarted in good order. */
    private static void restart(FaultTrial trial, EmbeddedKafka kafka, int unansweredRequests) throws Exception {
        FaultProxy proxy = kafka.proxy(HURT);
        Fault unanswered = Fault.swallowResponses();
        trial.under(proxy, unanswered);
        for (int requests = 0; requests < unansweredRequests; requests++) {
            long before = proxy.hits(unanswered).bytes();
            trial.write(50);
            proxy.await(unanswered, hits -> hits.bytes() > before, PATIENCE);
        }
        kafka.stopBroker(HURT);
        proxy.heal();
        kafka.startBroker(HURT);
    }

    private static Delivery single(Map<String, Object> patience, Map<String, Object> mode, Weather weather) {
        return trial -> {
            EmbeddedKafka kafka = SINGLE.take();
            try {
                String topic = topic(trial, kafka);
                SinkConnector connector = connector(kafka, topic, patience, mode);
                send(trial, kafka, connector, weather);
                LaneContext lane = trial.lane();
                // as a resumed run does: ends what the broken one has left open
                connector
                        .resume()
                        .recover(
                                new LaneContext(lane.sink(), 0, 1, lane.tag(), 1, lane.streams(), lane.output()),
                                NOBODY);
                trial.stored(connector.readBack().orElseThrow().reader(lane, ""));
            } finally {
                SINGLE.add(kafka);
            }
        };
    }

    private static final Delivered NOBODY = new Delivered() {
        @Override
        public void places(int stream, int shard, long from, long to) {}

        @Override
        public void below(int stream, long sequence) {}
    };

    private static Delivery died(Map<String, Object> mode) {
        return trial -> {
            EmbeddedKafka kafka = CLUSTER.take();
            try {
                String topic = topic(trial, kafka);
                SinkConnector connector = connector(kafka, topic, PATIENT, mode);
                send(
                        trial,
                        kafka,
                        connector,
                        (cell, cluster) -> cell.during(cluster.proxy(HURT), Fault.swallowResponses(), () -> {
                            cluster.kill(HURT);
                            cluster.proxy(HURT).heal();
                        }));
                kafka.restart(HURT);
                trial.stored(connector.readBack().orElseThrow().reader(trial.lane(), ""));
            } finally {
                CLUSTER.add(kafka);
            }
        };
    }

    /** With a producer that no configuration can ask for. */
    private static Delivery weakened(Map<String, Object> producer, Weather weather) {
        return trial -> {
            EmbeddedKafka kafka = SINGLE.take();
            try {
                String topic = topic(trial, kafka);
                SinkProvider provider = new SinkProvider() {
                    @Override
                    public String type() {
                        return "weakened";
                    }

                    @Override
                    public SinkConnector configure(Settings settings) {
                        KafkaSettings read = KafkaSettings.read(settings);
                        Map<String, Object> weaker = new HashMap<>(read.producer());
                        weaker.putAll(producer);
                        return new KafkaConnector(new KafkaSettings(
                                read.servers(),
                                read.topics(),
                                read.sendTime(),
                                read.transactions(),
                                read.connectTimeout(),
                                read.readTimeout(),
                                read.deliveryTimeout(),
                                read.security(),
                                weaker));
                    }
                };
                SinkConnector connector = TestSettings.configure(provider, settings(kafka, topic, PATIENT, Map.of()));
                send(trial, kafka, connector, weather);
                trial.stored(connector.readBack().orElseThrow().reader(trial.lane(), ""));
            } finally {
                SINGLE.add(kafka);
            }
        };
    }

    private static String topic(FaultTrial trial, EmbeddedKafka kafka) {
        String topic = "cell-" + trial.lane().tagText();
        kafka.createTopic(topic, PARTITIONS);
        return topic;
    }

    private static SinkConnector connector(
            EmbeddedKafka kafka, String topic, Map<String, Object> patience, Map<String, Object> mode) {
        return TestSettings.configure(new KafkaSinkProvider(), settings(kafka, topic, patience, mode));
    }

    private static Map<String, Object> settings(
            EmbeddedKafka kafka, String topic, Map<String, Object> patience, Map<String, Object> mode) {
        Map<String, Object> settings = new HashMap<>(patience);
        settings.putAll(mode);
        settings.put("bootstrap_servers", kafka.bootstrapServers());
        settings.put("topic", topic);
        return settings;
    }

    private static void send(FaultTrial trial, EmbeddedKafka kafka, SinkConnector connector, Weather weather)
            throws Exception {
        try {
            trial.open(connector);
            trial.write(300);
            trial.flush(); // connections are up
            weather.begin(trial, kafka);
            trial.write(500);
            trial.close();
        } finally {
            for (int broker = 0; broker < kafka.brokers(); broker++) {
                kafka.proxy(broker).heal().reset();
            }
        }
    }

    private static List<String> uncommitted(EmbeddedKafka kafka, String topic) {
        Map<String, Object> config =
                Map.of("bootstrap.servers", kafka.directServers(), "auto.offset.reset", "earliest");
        List<TopicPartition> partitions = IntStream.range(0, PARTITIONS)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
        List<String> values = new ArrayList<>();
        try (var consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.get(each))) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(new String(record.value(), UTF_8)));
            }
        }
        return values;
    }
}
