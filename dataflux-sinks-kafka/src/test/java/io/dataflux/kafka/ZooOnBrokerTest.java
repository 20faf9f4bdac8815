package io.dataflux.kafka;

import static io.dataflux.testkit.DataFluxAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.DataFlux;
import io.dataflux.Event;
import io.dataflux.model.Fields;
import io.dataflux.model.StreamDefinition;
import io.dataflux.testkit.Decoder;
import io.dataflux.testkit.Kafka;
import io.dataflux.testkit.KafkaCluster;
import io.dataflux.testkit.TestStream;
import io.dataflux.verify.Arrivals;
import io.dataflux.verify.Finding;
import io.dataflux.verify.Verdict;
import io.dataflux.verify.Verdict.Example;
import io.dataflux.verify.Verification;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Systems between two topics of a real broker that are broken in known ways, each beside its correct twin: the verdict must name exactly
 * what the system itself knows that it did wrong, and one strange record besides.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the verdict shows what was not stored
class ZooOnBrokerTest {

    private static final long EVENTS = Boolean.getBoolean("dataflux.thorough") ? 5_000 : 900;
    /** Only those that lose something wait for it; many times what reading back takes. */
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    private static final StreamDefinition ORDERS = StreamDefinition.named("orders")
            .key("cust_{}", 60)
            .identity("order_id")
            .field("order_id", Fields.id("ord_{}"))
            .field("customer", Fields.key())
            .field("cents", Fields.integer(99, 19_999))
            .field("note", Fields.text("[a-z]{20,400}"))
            .build();

    private static final ExecutorService THREADS = Executors.newFixedThreadPool(6);

    private static Kafka kafka;

    @BeforeAll
    static void start(@KafkaCluster Kafka cluster) {
        kafka = cluster;
    }

    @AfterAll
    static void stop() {
        THREADS.shutdownNow();
    }

    @Test
    void thePageHasTheKindsOfTheCatalogue() throws IOException {
        Path page = Path.of("..", "docs", "zoo.md");
        StringBuilder section = new StringBuilder("""

                ## Over a broker

                Systems between two topics, with consumers, producers and transactions of Kafka.

                | what it does wrong | finding |
                |---|---|
                """);
        for (BrokenPipelines kind : BrokenPipelines.values()) {
            section.append("| ")
                    .append(kind.wrong)
                    .append(" | ")
                    .append(
                            kind.finding == null
                                    ? "none, but order is not judged, and it is said for how many keys"
                                    : "`" + kind.finding.name().toLowerCase(Locale.ROOT) + "`")
                    .append(" |\n");
        }
        String text = Files.readString(page);
        if ("write".equals(System.getProperty("dataflux.zoo"))) {
            text = text.substring(0, text.indexOf("\n## Over a broker\n")) + section;
            Files.writeString(page, text);
        }
        assertThat(text).endsWith(section);
    }

    @TestFactory
    Stream<DynamicTest> eachKindIsFoundAndItsTwinIsClean() {
        Map<BrokenPipelines, Future<?>> twins = new EnumMap<>(BrokenPipelines.class);
        Map<BrokenPipelines, Future<?>> broken = new EnumMap<>(BrokenPipelines.class);
        for (BrokenPipelines kind : BrokenPipelines.values()) {
            twins.put(kind, THREADS.submit(() -> twin(kind)));
            broken.put(kind, THREADS.submit(() -> broken(kind)));
        }
        return Stream.of(BrokenPipelines.values())
                .map(kind -> DynamicTest.dynamicTest(kind.wrong, () -> {
                    twins.get(kind).get();
                    broken.get(kind).get();
                }));
    }

    private static Void twin(BrokenPipelines kind) throws Exception {
        Map<Finding, Set<Long>> did = new EnumMap<>(Finding.class);
        Verdict verdict = verdict(kind, false, did, new AtomicLong());

        assertThat(did).as("what the correct twin did wrong").isEmpty();
        assertThat(verdict).deliveredExactlyOnce().inOrderPerKey();
        return null;
    }

    private static Void broken(BrokenPipelines kind) throws Exception {
        Map<Finding, Set<Long>> did = new EnumMap<>(Finding.class);
        AtomicLong scattered = new AtomicLong();
        Verdict verdict = verdict(kind, true, did, scattered);

        Finding expected = kind.finding;
        if (expected == null) {
            assertThat(scattered).as("keys in several partitions").hasPositiveValue();
            assertThat(verdict.orderNotJudged().orElseThrow()).startsWith(scattered + " of ");
            assertThat(verdict.toString()).contains(scattered + " of ");
            assertThatThrownBy(() -> assertThat(verdict).inOrderPerKey()).hasMessageContaining("was not judged");
        } else {
            assertThat(did).as("what it did wrong: the fault must fire").containsOnlyKeys(expected);
        }
        for (Finding finding : Finding.values()) {
            Set<Long> events = did.getOrDefault(finding, Set.of());
            int count = finding == Finding.FOREIGN ? 1 : events.size();
            assertThat(verdict.count(finding)).as("%s in %s", finding, verdict).isEqualTo(count);
            if (finding != Finding.FOREIGN) {
                assertThat(verdict.findings(finding).map(Example::sequence))
                        .as("%s in %s", finding, verdict)
                        .containsExactlyInAnyOrderElementsOf(events);
            }
        }
        assertThat(verdict.clean()).isFalse();
        return null;
    }

    private static Verdict verdict(
            BrokenPipelines kind, boolean broken, Map<Finding, Set<Long>> did, AtomicLong scattered) throws Exception {
        String topic = kind.name().toLowerCase(Locale.ROOT) + (broken ? "-broken" : "-twin");
        try (TestStream<Event> events = TestStream.of(DataFlux.stream(ORDERS, 42), 0, EVENTS, Decoder.events());
                BrokenPipeline pipeline = new BrokenPipeline(kafka.bootstrapServers(), topic, broken)) {
            boolean faults = kind == BrokenPipelines.LOSES_DEAD_LETTERS;
            if (faults) {
                events.faults("corrupt 2% as truncated");
            }
            kafka.sink(pipeline.in);
            Arrivals<byte[]> out = Arrivals.stored(kafka.sink(pipeline.out), value -> value);
            Arrivals<byte[]> dead = Arrivals.stored(kafka.sink(pipeline.deadLetters), value -> value);
            assertThat(events.sendTo(kafka.sink(pipeline.in))).delivered();

            kind.run(pipeline);
            if (broken) {
                byte[] strange = "{\"said\":\"by nobody\"}".getBytes(StandardCharsets.UTF_8);
                pipeline.producer.send(new ProducerRecord<>(pipeline.out, strange));
            }
            pipeline.producer.flush();
            did.putAll(pipeline.book());
            scattered.set(pipeline.scattered());

            Verification<Event, byte[]> verification = events.verify(out);
            if (faults) {
                verification.deadLetters(dead);
            }
            return verification
                    .settle(Duration.ofMillis(300))
                    .deadline(DEADLINE)
                    .await();
        }
    }
}
