package io.dataflux.verify;

import static io.dataflux.verify.SentEvents.findings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.Event;
import io.dataflux.encode.CompiledStream;
import io.dataflux.ledger.Ledger;
import io.dataflux.model.Fields;
import io.dataflux.model.StreamDefinition;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class VerificationTest {

    private static final long EVENTS = 1000;
    private static final CompiledStream ORDERS = SentEvents.orders().withTag(SentEvents.TAG);
    private static final Ledger ALL = SentEvents.ledger(0, EVENTS, ORDERS);

    /** An event as the test sees it. */
    record Order(String orderId, String channel, BigDecimal total) {
        static Order of(Event event) {
            return new Order((String) event.field("order_id"), (String) event.field("channel"), (BigDecimal)
                    event.field("total"));
        }
    }

    /** What the system makes of it: nothing of orders of the shop. */
    record Invoice(String order, long cents) {
        static Stream<Invoice> of(Order order) {
            return order.channel.equals("shop")
                    ? Stream.empty()
                    : Stream.of(new Invoice(
                            order.orderId, order.total.movePointRight(2).longValueExact()));
        }
    }

    private final List<Object> out = new ArrayList<>();
    private final OwnClock clock = new OwnClock();

    @Test
    void aSystemThatFiltersAndRenamesIsCleanWhenItDoesAsExpected() {
        Verification<Order, Object> verification = invoices();
        sendInvoices();

        Verdict verdict = verification.await();

        long kept = out.size();
        assertThat(kept).isBetween(800L, 950L);
        assertThat(verdict.clean()).isTrue();
        assertThat(verdict.expected()).isEqualTo(kept);
        assertThat(verdict).hasToString("""
                        Delivery agrees with stream 'orders' (seed 42 from the test, run 5f3a90c1)
                          expected  : 1,000 acknowledged, %d of them with an output
                          arrived   : %d records in log, each once and unchanged, in order per key
                          ended     : everything expected arrived, then nothing new for 500 ms""".formatted(kept, kept));
    }

    @Test
    void everyFaultIsNamedWithItsEvent() {
        Verification<Order, Object> verification = invoices().deadline(Duration.ofSeconds(30));
        sendInvoices();
        Invoice altered = (Invoice) out.get(300);
        out.set(300, new Invoice(altered.order, altered.cents - 9));
        Invoice lost = (Invoice) out.remove(100);
        Invoice again = (Invoice) out.get(200);
        out.add(again);
        out.add(new Invoice(ORDERS.withTag(7).event(1).field("order_id").toString(), 1));
        Event filtered = ORDERS.event(firstOfTheShop());
        out.add(new Invoice((String) filtered.field("order_id"), 1));
        out.add(new Invoice((String) ORDERS.event(EVENTS + 5).field("order_id"), 1));

        Verdict verdict = verification.await();

        assertThat(findings(verdict))
                .containsExactly(
                        Map.entry(Finding.LOST, 1L),
                        Map.entry(Finding.DUPLICATE, 1L),
                        Map.entry(Finding.CORRUPTED, 1L),
                        Map.entry(Finding.FOREIGN, 1L),
                        Map.entry(Finding.PHANTOM, 2L));
        assertThat(verdict.headline())
                .isEqualTo("Delivery differs from stream 'orders' (seed 42 from the test, run 5f3a90c1)");
        assertThat(verdict.facts())
                .contains("corrupted : 1    " + sequence(altered) + ": cents expected " + altered.cents + " but was "
                        + (altered.cents - 9))
                .contains("duplicate : 1    " + sequence(again) + " (2 times)")
                .anyMatch(fact -> fact.startsWith("lost      : 1    " + sequence(lost) + " (key "))
                .anyMatch(fact -> fact.matches("phantom   : 2    .*"))
                .anyMatch(fact -> fact.contains(firstOfTheShop() + " should have had no output (log offset "))
                .anyMatch(fact -> fact.contains("1005 was never issued (log offset "))
                .anyMatch(fact -> fact.matches(
                        "foreign   : 1    log offset \\d+: order_id=ord_[-0-9a-f]{36} belongs to another run"
                                + " or stream"))
                .contains("ended     : at the deadline of 30 s; nothing new arrived in that time")
                .contains("replay    : orders from " + sequence(lost) + " count 1");
        Verdict.Example example = verdict.examples(Finding.CORRUPTED).get(0);
        assertThat(example.expected()).isEqualTo(altered.toString());
        assertThat(example.actual()).isEqualTo(new Invoice(altered.order, altered.cents - 9).toString());
    }

    @Test
    void anOutputThatComesAfterALaterOneOfItsKeyIsReordered() {
        Verification<Order, Object> verification = invoices();
        sendInvoices();
        Collections.swap(out, 0, out.size() - 1);
        boolean sameKey = ORDERS.event(sequence((Invoice) out.get(0))).entity()
                == ORDERS.event(sequence((Invoice) out.get(out.size() - 1))).entity();

        Verdict verdict = verification.await();

        assertThat(sameKey).isFalse();
        assertThat(findings(verdict)).containsOnlyKeys(Finding.REORDERED);
        assertThat(verdict.cleanBut(Finding.REORDERED)).isTrue();
        assertThat(verdict.cleanBut(Finding.DUPLICATE)).isFalse();
    }

    @Test
    void whatIsMissingWhileRecordsStillComeIsPending() {
        Verification<Order, Object> verification = invoices().deadline(Duration.ofSeconds(9));
        sendInvoices();
        Object last = out.remove(out.size() - 1);
        Object before = out.remove(out.size() - 1);
        clock.at(6_500, () -> out.add(before));

        Verdict verdict = verification.await();

        assertThat(findings(verdict)).containsExactly(Map.entry(Finding.PENDING, 1L));
        assertThat(verdict.facts())
                .anyMatch(fact -> fact.startsWith("pending   : 1    " + sequence((Invoice) last)))
                .contains("ended     : at the deadline of 9 s; the last new arrival was 2.5 s earlier");
    }

    @Test
    void anEventWhoseOutputsStillComeIsPendingToo() {
        Verification<Event, Object> verification =
                plain().expecting(VerificationTest::parts).deadline(Duration.ofSeconds(9));
        ORDERS.events(0, EVENTS).forEach(event -> parts(event).forEach(out::add));
        List<Object> last = List.copyOf(out.subList(out.size() - 3, out.size()));
        out.removeAll(last);
        clock.at(1_000, () -> out.add(last.get(2))).at(6_500, () -> out.add(last.get(0)));

        Verdict verdict = verification.await();

        assertThat(findings(verdict)).containsExactly(Map.entry(Finding.PENDING, 1L));
        assertThat(verdict.examples(Finding.PENDING).get(0).text()).endsWith(" came without some of its outputs");
        assertThat(verdict.facts())
                .contains("ended     : at the deadline of 9 s; the last new arrival was 2.5 s earlier");
    }

    private static Stream<Object> parts(Event event) {
        return Stream.of(0, 1, 2).map(n -> Map.of("order_id", event.identity().get(0), "part", n));
    }

    @Test
    void whatComesWithinTheDeadlineIsWaitedForAndWhatComesTooOftenIsSeenWithinSettle() {
        Verification<Order, Object> verification = invoices();
        sendInvoices();
        Object last = out.remove(out.size() - 1);
        clock.at(20_000, () -> out.add(last)).at(20_450, () -> out.add(last)).at(21_500, () -> out.add(last));

        Verdict verdict = verification.await();

        assertThat(verdict.examples(Finding.DUPLICATE))
                .extracting(Verdict.Example::text)
                .containsExactly(sequence((Invoice) last) + " (2 times)");
    }

    @Test
    void onlyWhatComesAfterTheArrivalsWereOpenedCounts() {
        sendInvoices();
        int before = out.size();
        Verification<Order, Object> verification = invoices();
        sendInvoices();

        assertThat(out).hasSize(2 * before);
        assertThat(verification.await().clean()).isTrue();
    }

    @Test
    void aSnapshotIsJudgedByItsLastReading() {
        List<Object> table = new ArrayList<>();
        Verification<Order, Object> verification = invoices(Arrivals.snapshot(() -> List.copyOf(table)));
        sendInvoices();
        clock.at(1000, () -> table.add(new Invoice(((Invoice) out.get(0)).order, -1)));
        clock.at(2000, () -> {
            table.clear();
            table.addAll(out);
            Collections.reverse(table);
        });

        Verdict verdict = verification.await();

        assertThat(verdict.clean()).isTrue();
        assertThat(verdict.judgesOrder()).isFalse();
        assertThat(verdict.facts())
                .contains("arrived   : " + out.size() + " records in snapshot, each once and unchanged");
    }

    @Test
    void withoutAnExpectationEachEventIsToComeUnchanged() {
        Verification<Event, Object> asText = plain();
        Verification<Event, Object> asMap = plain();
        Verification<Event, Object> asRecord =
                plain().tracedBy(o -> ((Order) o).orderId).comparing("total");
        List<Object> texts = new ArrayList<>();
        for (long n = 0; n < EVENTS; n++) {
            texts.add(ORDERS.event(n).toString());
        }
        out.addAll(texts);

        assertThat(asText.await().clean()).isTrue();
        out.replaceAll(text -> Difference.json(((String) text).getBytes(StandardCharsets.UTF_8)));
        assertThat(asMap.await().clean()).isTrue();
        out.clear();
        for (long n = 0; n < EVENTS; n++) {
            Order order = Order.of(ORDERS.event(n));
            out.add(new Order(order.orderId, "?", n == 7 ? order.total.negate() : order.total.setScale(9)));
        }
        assertThat(sequences(asRecord.await(), Finding.CORRUPTED)).containsExactly(7L);
    }

    @Test
    void nothingExpectedIsNeverClean() {
        Verdict none = Verification.of(ORDERS, () -> SentEvents.ledger(0, 0, ORDERS), Order::of, Arrivals.log(out))
                .clock(clock)
                .await();
        Verdict filtered = Verification.of(ORDERS, () -> ALL, Order::of, Arrivals.log(out))
                .expecting(order -> Stream.empty())
                .clock(clock)
                .await();

        assertThat(none.clean()).isFalse();
        assertThat(none.headline())
                .isEqualTo(
                        "Nothing to judge: the run acknowledged no event of stream 'orders' (seed 42, run 5f3a90c1)");
        assertThat(filtered.clean()).isFalse();
        assertThat(filtered.headline())
                .startsWith(
                        "Nothing to judge: none of the 1,000 acknowledged events of stream 'orders' should have an output");
    }

    @Test
    void onlyWhatWasAcknowledgedIsExpectedAndWhatFailedMustNotCome() {
        Ledger ledger = SentEvents.ledger(0, EVENTS, n -> true, n -> n < 10, n -> n >= 10 && n < 20, ORDERS);
        Verification<Event, Object> verification = Verification.<Event, Object>of(
                        ORDERS, () -> ledger, event -> event, Arrivals.log(out))
                .clock(clock);
        for (long n = 9; n < EVENTS; n += n == 9 ? 6 : 1) {
            out.add(ORDERS.event(n).toString());
        }

        Verdict verdict = verification.await();

        assertThat(findings(verdict)).containsExactly(Map.entry(Finding.RESURRECTED, 1L));
        assertThat(verdict.facts())
                .contains("expected    : 980 acknowledged, 10 failed, 10 unknown, of which 5 arrived");
    }

    @Test
    void aFieldThatOnlySomeEventsHaveCanBeCompared() {
        CompiledStream stream = SentEvents.stream(StreamDefinition.named("baskets")
                .identity("id")
                .field("id", Fields.sequence(0))
                .field("coupon", Fields.integer(1, 9).absent("90%"))
                .build());
        for (boolean wrong : new boolean[] {false, true}) {
            List<String> put = new ArrayList<>();
            Verification<String, String> verification = Verification.of(
                            stream, () -> SentEvents.ledger(0, EVENTS, stream), Event::toString, Arrivals.log(put))
                    .comparing("coupon")
                    .settle(Duration.ofMillis(1));
            for (long n = 0; n < EVENTS; n++) {
                String text = stream.event(n).toString();
                put.add(wrong && n == 7 ? text.replaceAll("(,\"coupon\":.)?}", ",\"coupon\":10}") : text);
            }

            Verdict verdict = verification.await();

            assertThat(verdict.clean()).as("%s", verdict).isEqualTo(!wrong);
            assertThat(verdict.count(Finding.CORRUPTED)).isEqualTo(wrong ? 1 : 0);
        }
    }

    @Test
    void aMistakeInTheTestIsSaidInWords() {
        CompiledStream nameless = SentEvents.stream(
                StreamDefinition.named("ticks").field("n", Fields.integer(1, 9)).build());

        assertThatThrownBy(() -> Verification.of(nameless, () -> ALL, Order::of, Arrivals.log(out)))
                .hasMessageStartingWith("stream 'ticks' declares no identity");
        out.add(ORDERS.event(1));
        assertThatThrownBy(() -> plain(0).comparing("totall")
                        .tracedBy(o -> ORDERS.event(1).identity().get(0))
                        .expecting(o -> Stream.of(o))
                        .await())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("comparing(\"totall\"): what is expected has no such field; it has [order_id,");
        assertThatThrownBy(() -> plain(0).tracedBy(o -> List.of(1, 2)).await())
                .hasMessage(
                        "tracedBy(...) gave 2 values, but an event of stream 'orders' is identified by [order_id]: return"
                                + " its value");
        CompiledStream readings = SentEvents.readings().withTag(SentEvents.TAG);
        List<Object> read = new ArrayList<>();
        Verification<Event, Object> half = Verification.<Event, Object>of(
                        readings, () -> SentEvents.ledger(0, 3, readings), event -> event, Arrivals.log(read))
                .tracedBy(o -> "sensor-1")
                .clock(clock);
        read.add("x");
        assertThatThrownBy(half::await)
                .hasMessage(
                        "tracedBy(...) gave 1 values, but an event of stream 'readings' is identified by [sensor, at]:"
                                + " return List.of(...) of their values");
        assertThatThrownBy(() -> plain(0).expecting(o -> {
                            throw new IllegalStateException("oh");
                        })
                        .await())
                .hasMessageStartingWith("expecting(...) failed for event 0, {\"order_id\":")
                .hasMessageEndingWith("oh");
        assertThatThrownBy(() -> plain(0).expecting(o -> Stream.of("x").map(Long::parseLong))
                        .await())
                .hasMessageStartingWith("expecting(...) failed for event 0, {\"order_id\":")
                .hasMessageEndingWith("For input string: \"x\"");
        Stream<Object> once = Stream.of(1);
        assertThatThrownBy(() -> plain(0).expecting(o -> once).await())
                .hasMessageStartingWith("expecting(...) failed for event ")
                .hasMessageContaining("operated upon");
        assertThatThrownBy(() -> plain(0).expecting(o -> null).await())
                .hasMessageEndingWith("return Stream.empty() for no output");
        Verification<Event, Object> shrunk = plain();
        out.clear();
        assertThatThrownBy(shrunk::await)
                .hasMessage(
                        "the log had 1 records and now has 0: a log only grows; use Arrivals.snapshot for data that changes");
    }

    private Verification<Event, Object> plain() {
        return Verification.<Event, Object>of(ORDERS, () -> ALL, event -> event, Arrivals.log(out))
                .clock(clock);
    }

    /** With arrivals that were opened when that many had arrived. */
    private Verification<Event, Object> plain(int opened) {
        List<Object> later = new ArrayList<>(out.subList(0, opened));
        Verification<Event, Object> verification = Verification.<Event, Object>of(
                        ORDERS, () -> ALL, event -> event, Arrivals.log(later))
                .clock(clock);
        later.addAll(out.subList(opened, out.size()));
        return verification;
    }

    private Verification<Order, Object> invoices() {
        return invoices(Arrivals.log(out));
    }

    private Verification<Order, Object> invoices(Arrivals<Object> arrivals) {
        return Verification.<Order, Object>of(ORDERS, () -> ALL, Order::of, arrivals)
                .tracedBy(invoice -> ((Invoice) invoice).order)
                .expecting(Invoice::of)
                .seedFrom("the test")
                .replayWith((from, count) -> "orders from " + from + " count " + count)
                .clock(clock);
    }

    private void sendInvoices() {
        ORDERS.events(0, EVENTS).forEach(event -> Invoice.of(Order.of(event)).forEach(out::add));
    }

    private static long sequence(Invoice invoice) {
        return ORDERS.sequenceOf(invoice.order).orElseThrow();
    }

    private static long firstOfTheShop() {
        return Stream.iterate(0L, n -> n + 1)
                .filter(n -> "shop".equals(ORDERS.event(n).field("channel")))
                .findFirst()
                .orElseThrow();
    }

    private static List<Long> sequences(Verdict verdict, Finding finding) {
        return verdict.examples(finding).stream()
                .map(Verdict.Example::sequence)
                .sorted()
                .toList();
    }
}
