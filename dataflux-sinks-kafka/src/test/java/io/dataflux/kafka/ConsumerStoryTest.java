package io.dataflux.kafka;

import static io.dataflux.testkit.DataFluxAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.dataflux.RunReport;
import io.dataflux.kafka.OrderConsumer.Invoice;
import io.dataflux.testkit.DataFluxStream;
import io.dataflux.testkit.Kafka;
import io.dataflux.testkit.KafkaCluster;
import io.dataflux.testkit.TestStream;
import io.dataflux.verify.Arrivals;
import io.dataflux.verify.Finding;
import io.dataflux.verify.Verdict;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A consumer between two topics of a real broker: green when it does its work, and red with the right finding when it does not. */
class ConsumerStoryTest {

    record Order(String orderId, String status, BigDecimal total) {}

    /** What stands in the other topic. */
    record Bill(String order, long cents) {}

    private static final long EVENTS = 3_000;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static Kafka kafka;

    @BeforeAll
    static void start(@KafkaCluster Kafka cluster) {
        kafka = cluster;
    }

    private static Stream<Bill> bill(Order order) {
        return order.status.equals("TEST")
                ? Stream.empty()
                : Stream.of(
                        new Bill(order.orderId, order.total.movePointRight(2).longValueExact()));
    }

    @Test
    void aConsumerThatDoesItsWorkBillsEachOrderOnceAndInOrder(
            @DataFluxStream(file = "orders.yaml", events = EVENTS) TestStream<Order> orders) throws Exception {
        Verdict verdict = judge(orders, "works", PATIENCE, List::of);

        assertThat(verdict).deliveredExactlyOnce().inOrderPerKey();
        assertThat(verdict.expected()).isBetween(EVENTS * 8 / 10, EVENTS - 1);
    }

    @Test
    void oneThatLosesABillIsFound(@DataFluxStream(file = "orders.yaml", events = EVENTS) TestStream<Order> orders)
            throws Exception {
        List<Invoice> lost = new ArrayList<>();
        Verdict verdict = judge(orders, "loses", Duration.ofSeconds(6), invoice -> {
            if (invoice.number() % 1000 != 117) {
                return List.of(invoice);
            }
            lost.add(invoice);
            return List.of();
        });

        assertThat(lost).hasSize(3);
        assertThat(findings(verdict)).containsExactly(Map.entry(Finding.LOST, 3L));
        assertThat(sequences(verdict, Finding.LOST)).containsExactlyElementsOf(sequences(orders, lost));
        assertThatThrownBy(() -> assertThat(verdict).deliveredAtLeastOnce())
                .hasMessageContaining(
                        "(seed " + orders.stream().seed() + " from the test's id, run " + orders.tag() + ")")
                .hasMessageContaining("\n  replay    : @DataFluxStream(file = \"orders.yaml\", seed = "
                        + orders.stream().seed());
    }

    @Test
    void oneThatRepeatsABlockIsFound(@DataFluxStream(file = "orders.yaml", events = EVENTS) TestStream<Order> orders)
            throws Exception {
        List<Invoice> block = new ArrayList<>();
        Verdict verdict = judge(orders, "repeats", PATIENCE, invoice -> {
            List<Invoice> written = new ArrayList<>(List.of(invoice));
            if (invoice.number() >= 500 && invoice.number() < 520) {
                block.add(invoice);
            }
            if (invoice.number() == 520) {
                written.addAll(block); // as after a rebalance without a commit
            }
            return written;
        });

        assertThat(findings(verdict)).containsExactly(Map.entry(Finding.DUPLICATE, 20L));
        assertThat(sequences(verdict, Finding.DUPLICATE)).containsExactlyElementsOf(sequences(orders, block));
        assertThat(verdict).deliveredAtLeastOnce();
        assertThatThrownBy(() -> assertThat(verdict).deliveredExactlyOnce())
                .hasMessageStartingWith("not delivered exactly once\n");
    }

    @Test
    void oneThatSwapsBillsOfACustomerIsFound(
            @DataFluxStream(file = "orders.yaml", events = EVENTS) TestStream<Order> orders) throws Exception {
        Map<String, Invoice> held = new TreeMap<>();
        List<Invoice> overtaken = new ArrayList<>();
        Verdict verdict = judge(orders, "swaps", PATIENCE, invoice -> {
            String customer = orders.stream()
                    .event(orders.stream().sequenceOf(invoice.orderId()).orElseThrow())
                    .key();
            Invoice earlier = held.remove(customer);
            if (earlier != null) {
                overtaken.add(earlier);
                return List.of(invoice, earlier);
            }
            if (overtaken.isEmpty() && held.isEmpty() && "cust_0".equals(customer)) {
                held.put(customer, invoice);
                return List.of();
            }
            return List.of(invoice);
        });

        assertThat(findings(verdict)).containsExactly(Map.entry(Finding.REORDERED, 1L));
        assertThat(sequences(verdict, Finding.REORDERED)).containsExactlyElementsOf(sequences(orders, overtaken));
        assertThat(verdict).deliveredExactlyOnce();
        assertThatThrownBy(() -> assertThat(verdict).inOrderPerKey()).hasMessageStartingWith("not in order per key\n");
    }

    @Test
    void oneThatRoundsIsFound(@DataFluxStream(file = "orders.yaml", events = EVENTS) TestStream<Order> orders)
            throws Exception {
        List<Invoice> rounded = new ArrayList<>();
        Verdict verdict = judge(orders, "rounds", PATIENCE, invoice -> {
            long cents = invoice.number() < 200 ? (invoice.cents() + 5) / 10 * 10 : invoice.cents();
            if (cents != invoice.cents()) {
                rounded.add(invoice);
            }
            return List.of(new Invoice(invoice.orderId(), cents, invoice.number()));
        });

        assertThat(rounded).hasSizeGreaterThan(100);
        assertThat(findings(verdict)).containsExactly(Map.entry(Finding.CORRUPTED, (long) rounded.size()));
        assertThat(sequences(verdict, Finding.CORRUPTED)).containsExactlyElementsOf(sequences(orders, rounded));
        Invoice first = rounded.get(0);
        assertThat(verdict.examples(Finding.CORRUPTED))
                .extracting(Verdict.Example::text)
                .anyMatch(text -> text.contains(": cents expected " + first.cents() + " but was "));
    }

    @Test
    void oneThatWritesWhatNobodyOrderedIsFound(
            @DataFluxStream(file = "orders.yaml", events = EVENTS) TestStream<Order> orders) throws Exception {
        String later = (String) orders.stream().event(EVENTS).identity().get(0);
        Verdict verdict = judge(
                orders,
                "invents",
                PATIENCE,
                invoice -> invoice.number() > 0
                        ? List.of(invoice)
                        : List.of(invoice, new Invoice("ord_x", 1, 0), new Invoice(later, 1, 0)));

        assertThat(findings(verdict)).containsExactly(Map.entry(Finding.FOREIGN, 1L), Map.entry(Finding.PHANTOM, 1L));
    }

    @Test
    void whatAnEarlierRunLeftBehindDoesNotCount(
            @DataFluxStream(file = "orders.yaml", seed = 1, events = 100) TestStream<Order> earlier,
            @DataFluxStream(file = "orders.yaml", seed = 1, events = 100) TestStream<Order> orders)
            throws Exception {
        assertThat(judge(earlier, "again", PATIENCE, List::of)).deliveredExactlyOnce();

        assertThat(judge(orders, "again", PATIENCE, List::of)).deliveredExactlyOnce();
    }

    private static Verdict judge(
            TestStream<Order> orders, String topic, Duration deadline, Function<Invoice, List<Invoice>> writes)
            throws Exception {
        Arrivals<Bill> bills = kafka.arrivals(topic + "_bills", Bill.class);
        kafka.sink(topic);
        try (OrderConsumer consumer = new OrderConsumer(kafka.bootstrapServers(), topic, topic + "_bills", writes)) {
            RunReport report = orders.sendTo(KafkaSink.topic(kafka.bootstrapServers(), topic));
            assertThat(report).delivered();
            await().atMost(PATIENCE).until(() -> consumer.consumed() >= report.acknowledged());
            return orders.verify(bills)
                    .tracedBy(Bill::order)
                    .expecting(ConsumerStoryTest::bill)
                    .deadline(deadline)
                    .await();
        }
    }

    private static Map<Finding, Long> findings(Verdict verdict) {
        Map<Finding, Long> counts = new TreeMap<>();
        for (Finding finding : Finding.values()) {
            if (verdict.count(finding) > 0) {
                counts.put(finding, verdict.count(finding));
            }
        }
        return counts;
    }

    private static List<Long> sequences(Verdict verdict, Finding finding) {
        return verdict.examples(finding).stream()
                .map(Verdict.Example::sequence)
                .sorted()
                .toList();
    }

    private static List<Long> sequences(TestStream<Order> orders, List<Invoice> invoices) {
        List<Long> sequences = new ArrayList<>();
        for (Invoice invoice : invoices) {
            sequences.add(orders.stream().sequenceOf(invoice.orderId()).orElseThrow());
        }
        Collections.sort(sequences);
        return sequences;
    }
}
