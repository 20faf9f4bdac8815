package io.dataflux.testkit;

import static io.dataflux.testkit.DataFluxAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.DataFlux;
import io.dataflux.EventStream;
import io.dataflux.PlannedFault;
import io.dataflux.model.FaultKind;
import io.dataflux.model.Fields;
import io.dataflux.model.StreamDefinition;
import io.dataflux.verify.Arrivals;
import io.dataflux.verify.Finding;
import io.dataflux.verify.Verdict;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A consumer that bills orders, drops repeats and puts aside what it cannot read; and what is said of ones that do not. */
class PlannedFaultsStoryTest {

    static final String FAULTS = "late 5% by 8s..30s, duplicate 3% within 50, drop 2%, reorder 5% within 30,"
            + " corrupt 3% as truncated or invalid_utf8 or wrong_type or missing_field";

    record Order(String orderId, String customer, BigDecimal total) {}

    record Bill(String orderId, long cents) {}

    static final class Orders {
        static StreamDefinition orders() {
            return StreamDefinition.named("orders")
                    .key("cust_{}", 100)
                    .identity("order_id")
                    .field("order_id", Fields.id("ord_{}"))
                    .field("customer", Fields.key())
                    .field("total", Fields.decimal("1.00", "199.99"))
                    .build();
        }
    }

    /** A consumer, with the mistakes of its heirs. */
    private static class Billing {
        final Queue<Bill> bills = new ConcurrentLinkedQueue<>();
        final Queue<byte[]> deadLetters = new ConcurrentLinkedQueue<>();
        private final JsonDecoder<Order> json = JsonDecoder.of(Order.class);
        private final Set<String> billed = new HashSet<>();

        void consume(byte[] message) {
            Order order;
            try {
                order = json.apply(message);
                Objects.requireNonNull(order.customer);
                Objects.requireNonNull(order.total);
            } catch (RuntimeException e) {
                unreadable(message);
                return;
            }
            if (isNew(order)) {
                bill(order, message);
            }
        }

        void unreadable(byte[] message) {
            deadLetters.add(message);
        }

        boolean isNew(Order order) {
            return billed.add(order.orderId);
        }

        @SuppressWarnings("UnusedVariable") // an heir puts it aside
        void bill(Order order, byte[] message) {
            bills.add(new Bill(order.orderId, order.total.movePointRight(2).longValueExact()));
        }
    }

    private static Verdict verdict(TestStream<Order> orders, Billing billing) {
        Arrivals<Bill> out = Arrivals.log(billing.bills);
        Arrivals<byte[]> aside = Arrivals.log(billing.deadLetters);
        assertThat(orders.sendTo(Pipeline.into(billing::consume))).delivered();
        return orders.verify(out)
                .tracedBy(Bill::orderId)
                .expecting(order -> Stream.of(
                        new Bill(order.orderId, order.total.movePointRight(2).longValueExact())))
                .deadLetters(aside)
                .settle(Duration.ofMillis(200))
                .deadline(Duration.ofSeconds(5))
                .await();
    }

    private static PlannedFault first(TestStream<Order> orders, FaultKind kind) {
        return orders.plannedFaults().stream()
                .filter(fault -> fault.kind() == kind)
                .findFirst()
                .orElseThrow();
    }

    private static long count(TestStream<Order> orders, FaultKind kind) {
        return orders.plannedFaults().stream()
                .filter(fault -> fault.kind() == kind)
                .count();
    }

    @Test
    void oneThatDoesItsWorkDeliversExactlyOnce(
            @DataFluxStream(source = Orders.class, events = 2_000, faults = FAULTS) TestStream<Order> orders) {
        Billing billing = new Billing();

        Verdict verdict = verdict(orders, billing);

        assertThat(verdict).deliveredExactlyOnce().inOrderPerKey();
        assertThat(billing.deadLetters).hasSize((int) count(orders, FaultKind.CORRUPT));
        assertThat(billing.bills)
                .hasSize((int) (2_000 - count(orders, FaultKind.CORRUPT) - count(orders, FaultKind.DROP)));
        assertThat(count(orders, FaultKind.DUPLICATE)).isPositive();
        assertThat(count(orders, FaultKind.LATE)).isPositive();
        assertThat(orders.events()).hasSize(2_000);
    }

    @Test
    void oneThatBillsRepeatsTwiceDeliversAtLeastOnce(
            @DataFluxStream(source = Orders.class, events = 2_000, faults = FAULTS) TestStream<Order> orders) {
        Verdict verdict = verdict(orders, new Billing() {
            @Override
            boolean isNew(Order order) {
                return true;
            }
        });

        assertThat(verdict).deliveredAtLeastOnce();
        assertThat(verdict.count(Finding.DUPLICATE)).isEqualTo(count(orders, FaultKind.DUPLICATE));
        assertThatThrownBy(() -> assertThat(verdict).deliveredExactlyOnce())
                .hasMessageContaining("\n  planned   : " + FAULTS + "\n")
                .hasMessageContaining(", all planned twice\n")
                .hasMessageContaining(", faults = \"" + FAULTS + "\", tag = \"");
    }

    @Test
    void oneThatSwallowsWhatItCannotReadLosesIt(
            @DataFluxStream(source = Orders.class, events = 2_000, faults = FAULTS) TestStream<Order> orders) {
        long swallowed = first(orders, FaultKind.CORRUPT).sequence();
        String identity = (String) orders.stream().event(swallowed).identity().get(0);

        Verdict verdict = verdict(orders, new Billing() {
            @Override
            void unreadable(byte[] message) {
                if (!new String(message, StandardCharsets.UTF_8).contains(identity)) {
                    super.unreadable(message);
                }
            }
        });

        assertThatThrownBy(() -> assertThat(verdict).deliveredAtLeastOnce())
                .hasMessageContaining("\n  lost      : 1    " + swallowed + " (key ")
                .hasMessageContaining(") is not among the dead letters; planned: corrupt (")
                .hasMessageContaining(", from = " + swallowed + ", events = 1, faults = \"");
        assertThat(verdict.count(Finding.LOST)).isEqualTo(1);
        assertThat(verdict.cleanBut(Finding.LOST)).isTrue();
    }

    @Test
    void oneThatSwallowsAllThatItCannotReadIsToldWhatTheyShare(
            @DataFluxStream(source = Orders.class, events = 2_000, faults = FAULTS) TestStream<Order> orders) {
        Verdict verdict = verdict(orders, new Billing() {
            @Override
            void unreadable(byte[] message) {}
        });

        long broken = count(orders, FaultKind.CORRUPT);
        assertThat(verdict.count(Finding.LOST)).isEqualTo(broken);
        assertThat(verdict.facts())
                .anyMatch(fact -> fact.startsWith("lost      : " + broken) && fact.endsWith(", all planned corrupt"));
    }

    @Test
    void oneThatPutsAsideAGoodOrderIsFound(
            @DataFluxStream(source = Orders.class, events = 2_000, faults = FAULTS) TestStream<Order> orders) {
        List<PlannedFault> planned = orders.plannedFaults();
        long good = LongStream.range(500, 2_000)
                .filter(n -> planned.stream().noneMatch(fault -> fault.sequence() == n))
                .findFirst()
                .orElseThrow();
        String identity = (String) orders.stream().event(good).identity().get(0);

        Verdict verdict = verdict(orders, new Billing() {
            @Override
            void bill(Order order, byte[] message) {
                if (order.orderId.equals(identity)) {
                    unreadable(message);
                } else {
                    super.bill(order, message);
                }
            }
        });

        assertThat(verdict.count(Finding.MISROUTED)).isEqualTo(1);
        assertThat(verdict.count(Finding.LOST)).isEqualTo(1);
        assertThatThrownBy(() -> assertThat(verdict).deliveredAtLeastOnce())
                .hasMessageContaining("\n  misrouted : 1    " + good
                        + " is a dead letter, but was sent intact (dead letters log offset ");
    }

    @Test
    void oneThatBillsWhatItCannotQuiteReadIsFound(
            @DataFluxStream(source = Orders.class, events = 2_000, faults = "corrupt 3% as missing_field")
                    TestStream<Order> orders) {
        Verdict verdict = verdict(orders, new Billing() {
            @Override
            void unreadable(byte[] message) {
                String text = new String(message, StandardCharsets.UTF_8);
                bills.add(new Bill(text.substring(text.indexOf("ord_"), text.indexOf("ord_") + 40), 0));
            }
        });

        long broken = count(orders, FaultKind.CORRUPT);
        assertThat(verdict.count(Finding.PHANTOM)).isEqualTo(broken);
        assertThat(verdict.count(Finding.LOST)).as("not among the dead letters").isEqualTo(broken);
        assertThat(verdict.examples(Finding.PHANTOM).get(0).text())
                .matches("\\d+ should have had no output \\(log offset \\d+\\); planned: corrupt \\(missing_field\\)");
    }

    @Test
    void oneThatThrowsAwayWhatIsLateIsToldSo(
            @DataFluxStream(source = Orders.class, events = 2_000, faults = "late 5% by 20s")
                    TestStream<Order> orders) {
        Set<Object> late = new HashSet<>();
        orders.plannedFaults()
                .forEach(fault -> late.add(
                        orders.stream().event(fault.sequence()).identity().get(0)));

        Verdict verdict = verdict(orders, new Billing() {
            @Override
            void bill(Order order, byte[] message) {
                if (!late.contains(order.orderId)) {
                    super.bill(order, message);
                }
            }
        });

        assertThat(late).hasSizeBetween(50, 150);
        assertThat(verdict.count(Finding.LOST)).isEqualTo(late.size());
        assertThat(verdict.facts())
                .anyMatch(fact ->
                        fact.startsWith("lost      : " + late.size() + " ") && fact.endsWith(", all planned late"));
        assertThat(verdict.examples(Finding.LOST).get(0).text()).endsWith("; planned: late by 20 s");
    }

    @Test
    void faultsOfTheBuilderAreThoseOfTheAnnotationAndMistakesAreSaid(
            @DataFluxStream(source = Orders.class, seed = 7, events = 2_000, faults = FAULTS)
                    TestStream<Order> orders) {
        EventStream stream = DataFlux.stream(Orders.orders(), 7);
        TestStream<Order> built =
                TestStream.of(stream, 0, 2_000, Decoder.json(Order.class)).faults(FAULTS);

        assertThat(built.plannedFaults()).isEqualTo(orders.plannedFaults()).isNotEmpty();
        assertThat(built.toString()).contains(", 0, 2000, Decoder.events()).faults(\"" + FAULTS + "\").tag(\"");
        assertThat(orders.toString()).contains(", events = 2000, faults = \"" + FAULTS + "\", tag = \"");
        assertThatThrownBy(() -> built.faults("drop 1%"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("faults(...) changes the events");
        TestStream<Order> other = TestStream.of(stream, 0, 2_000, Decoder.json(Order.class));
        assertThatThrownBy(() -> other.faults("drpo 1%"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(
                        "'drpo', which is not a fault; the faults are late, duplicate, drop, reorder, corrupt");
    }
}
