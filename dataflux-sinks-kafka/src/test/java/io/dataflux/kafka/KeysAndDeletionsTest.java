package io.dataflux.kafka;

import static io.dataflux.testkit.DataFluxAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.DataFlux;
import io.dataflux.Event;
import io.dataflux.EventStream;
import io.dataflux.model.Fields;
import io.dataflux.model.StreamDefinition;
import io.dataflux.spi.SinkConnector;
import io.dataflux.testkit.Decoder;
import io.dataflux.testkit.Kafka;
import io.dataflux.testkit.KafkaCluster;
import io.dataflux.testkit.TestStream;
import io.dataflux.verify.Arrivals;
import io.dataflux.verify.Deletion;
import io.dataflux.verify.Finding;
import io.dataflux.verify.Verdict;
import io.dataflux.verify.Verification;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a system writes to a topic of a real broker besides values: keys, deletions, and what is no value at all. */
class KeysAndDeletionsTest {

    record Order(long orderId, String status, int cents) {}

    private static final int EVENTS = 500;
    private static final Duration SHORT = Duration.ofSeconds(1);
    private static final EventStream ORDERS = DataFlux.stream(
            StreamDefinition.named("orders")
                    .key("user_{}", 40)
                    .identity("order_id")
                    .field("order_id", Fields.longId())
                    .field("status", Fields.pick("OPEN", 4, "CLOSED", 1))
                    .field("cents", Fields.integer(100, 99_999))
                    .build(),
            42);

    /** The event with which the system does something odd, which is no reason to delete. */
    private static final long ODD = LongStream.range(100, EVENTS)
            .filter(n -> "OPEN".equals(ORDERS.event(n).field("status")))
            .findFirst()
            .orElseThrow();

    private static Kafka kafka;

    @BeforeAll
    static void start(@KafkaCluster Kafka cluster) {
        kafka = cluster;
    }

    /** What the system writes for an event. */
    private record Written(byte @Nullable [] key, byte @Nullable [] value) {
        static Written of(@Nullable String key, @Nullable String value) {
            return new Written(key == null ? null : key.getBytes(UTF_8), value == null ? null : value.getBytes(UTF_8));
        }

        static Written of(Event event) {
            return of(event.key(), event.toString());
        }
    }

    private static Verdict unchanged(String topic, Function<Event, List<Written>> system) throws Exception {
        return judge(topic, system, verification -> verification);
    }

    private static Verdict judge(
            String topic,
            Function<Event, List<Written>> system,
            Function<Verification<Order, Order>, Verification<Order, Order>> expecting)
            throws Exception {
        Arrivals<Order> arrivals = kafka.arrivals(topic, Order.class);
        try (TestStream<Order> orders = TestStream.of(ORDERS, 0, EVENTS, Decoder.json(Order.class));
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", kafka.bootstrapServers(), "linger.ms", 5),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            SinkConnector sink = kafka.sink("orders");
            orders.sendTo(sink);
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (Event event : orders.stream().events(0, EVENTS)) {
                for (Written written : system.apply(event)) {
                    sent.add(producer.send(new ProducerRecord<>(
                            topic, Math.floorMod(Objects.hashCode(event.key()), 3), written.key, written.value)));
                }
            }
            for (Future<RecordMetadata> each : sent) {
                each.get();
            }
            return expecting
                    .apply(orders.verify(arrivals).deadline(SHORT).settle(Duration.ofMillis(100)))
                    .await();
        }
    }

    private static boolean odd(Event event) {
        return event.sequence() == ODD;
    }

    @Test
    void whatIsHandedOnWithItsKeyIsRightAlthoughIdsAreTextThatIsReadAsNumbers() throws Exception {
        Verdict verdict = unchanged("right", event -> List.of(Written.of(event)));

        assertThat(verdict).deliveredExactlyOnce().inOrderPerKey();
        assertThat(verdict.judgesKeys()).isTrue();
        assertThat(ORDERS.event(0).toString()).startsWith("{\"order_id\":\"");
    }

    @Test
    void aWrongKeyAndNoKeyAreFound() throws Exception {
        assertOnly(
                unchanged(
                        "wrong", event -> List.of(Written.of(odd(event) ? "user_99" : event.key(), event.toString()))),
                Finding.CORRUPTED,
                ODD + ": key expected \"" + ORDERS.event(ODD).key() + "\" but was \"user_99\"");
        assertOnly(
                unchanged("none", event -> List.of(Written.of(odd(event) ? null : event.key(), event.toString()))),
                Finding.CORRUPTED,
                ODD + ": key expected \"" + ORDERS.event(ODD).key() + "\" but was none");
    }

    @Test
    void deletionsAreJudged() throws Exception {
        Function<Event, Written> system =
                event -> "CLOSED".equals(event.field("status")) ? Written.of(event.key(), null) : Written.of(event);
        Verdict right = table("table", event -> List.of(system.apply(event)));
        Verdict unasked = table(
                "unasked",
                event -> odd(event)
                        ? List.of(system.apply(event), Written.of(event.key(), null))
                        : List.of(system.apply(event)));

        assertThat(right).deliveredExactlyOnce().inOrderPerKey();
        assertOnly(unasked, Finding.PHANTOM, "deletes \"" + ORDERS.event(ODD).key() + "\", which no event asks for");
        assertOnly(
                unchanged(
                        "deleted",
                        event -> odd(event)
                                ? List.of(Written.of(event), Written.of(event.key(), null))
                                : List.of(Written.of(event))),
                Finding.PHANTOM,
                "deletes \"" + ORDERS.event(ODD).key() + "\", which no event asks for");
    }

    private static Verdict table(String topic, Function<Event, List<Written>> system) throws Exception {
        Map<Long, String> keys = new TreeMap<>(); // the key of a row is no part of it
        return judge(
                topic,
                event -> {
                    keys.put(Long.parseLong(String.valueOf(event.field("order_id"))), event.key());
                    return system.apply(event);
                },
                verification -> verification
                        .expecting(order -> order.status.equals("CLOSED")
                                ? Stream.of(Deletion.of(keys.get(order.orderId)))
                                : Stream.of(order))
                        .keyedBy(order -> keys.get(order.orderId)));
    }

    @Test
    void whatCannotBeReadIsAFindingOfItsEvent() throws Exception {
        assertOnly(
                unchanged(
                        "cut",
                        event -> List.of(Written.of(
                                event.key(), odd(event) ? event.toString().substring(0, 40) : event.toString()))),
                Finding.CORRUPTED,
                ODD + ": cut off after 40 of ");
        assertOnly(
                judge(
                        "coerced",
                        event -> List.of(Written.of(
                                event.key(),
                                odd(event)
                                        ? event.toString().replaceAll("\"cents\":([0-9]+)", "\"cents\":\"$1\"")
                                        : event.toString())),
                        verification -> verification.expecting(Stream::of)),
                Finding.CORRUPTED,
                ODD + ": cannot be decoded: this cannot be read as Order: at cents: Cannot coerce String value");
    }

    private static void assertOnly(Verdict verdict, Finding finding, String text) {
        assertThat(verdict.count(finding)).as(verdict.toString()).isEqualTo(1);
        assertThat(verdict.cleanBut(finding)).as(verdict.toString()).isTrue();
        assertThat(verdict.examples(finding).get(0).text()).contains(text);
    }
}
