package io.dataflux.verify;

import static io.dataflux.verify.SentEvents.findings;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.dataflux.DataFlux;
import io.dataflux.Event;
import io.dataflux.encode.CompiledStream;
import io.dataflux.ledger.Ledger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How outputs are traced to the events that they come from, one or several of each. */
class OutputTracingTest {

    private static final long EVENTS = 1000;
    private static final CompiledStream ORDERS = SentEvents.orders().withTag(SentEvents.TAG);
    private static final Ledger ALL = SentEvents.ledger(0, EVENTS, ORDERS);

    private final List<Object> out = new ArrayList<>();
    private final OwnClock clock = new OwnClock();

    @Test
    void anEventMayHaveSeveralOutputs() {
        Verification<Event, Object> verification = lines();
        for (long n = 0; n < EVENTS; n++) {
            lines(ORDERS.event(n)).forEach(out::add);
        }
        Verdict clean = verification.await();
        Verification<Event, Object> broken = lines();
        for (long n = 0; n < EVENTS; n++) {
            List<Line> lines = new ArrayList<>(lines(ORDERS.event(n)).toList());
            if (n == 10) {
                lines.remove(1);
            } else if (n == 20) {
                lines.add(lines.get(0));
            } else if (n == 30) {
                lines.set(1, new Line(lines.get(1).order, 1, "?"));
                Collections.reverse(lines);
            } else if (n == 40) {
                lines.set(1, lines.get(0));
            }
            out.addAll(lines);
        }

        Verdict verdict = broken.await();

        assertThat(clean.facts())
                .contains("expected  : 1,000 acknowledged, 1,000 of them with 3,000 outputs")
                .contains("arrived   : 3,000 records in log, each once and unchanged, in order per key");
        assertThat(findings(verdict))
                .containsExactly(
                        Map.entry(Finding.LOST, 2L),
                        Map.entry(Finding.DUPLICATE, 2L),
                        Map.entry(Finding.CORRUPTED, 1L));
        assertThat(sequences(verdict, Finding.LOST)).containsExactly(10L, 40L);
        assertThat(sequences(verdict, Finding.DUPLICATE)).containsExactly(20L, 40L);
        assertThat(sequences(verdict, Finding.CORRUPTED)).containsExactly(30L);
        assertThat(verdict.examples(Finding.LOST).get(0).text()).endsWith(") came without some of its outputs");
        assertThat(verdict.examples(Finding.CORRUPTED).get(0).text()).startsWith("30: channel expected ");
    }

    @Test
    void everyBuiltInStreamIsTracedByItsOwnFieldsAlsoNestedOnes() {
        for (String name : DataFlux.streamNames()) {
            CompiledStream stream = (CompiledStream) DataFlux.stream(name, 1).withTag(SentEvents.TAG);
            Ledger ledger = SentEvents.ledger(0, 300, stream);
            List<Function<Event, Object>> forms =
                    List.of(Event::bytes, Event::toString, event -> Difference.json(event.bytes()));
            for (Function<Event, Object> form : forms) {
                List<Object> log = new ArrayList<>();
                Verification<Event, Object> verification =
                        Verification.<Event, Object>of(stream, () -> ledger, event -> event, Arrivals.log(log));
                stream.events(0, 300).forEach(event -> log.add(form.apply(event)));

                Verdict verdict = verification.clock(new OwnClock()).await();

                assertThat(verdict.clean()).as("%s\n%s", name, verdict).isTrue();
            }
        }
    }

    @Test
    void anIdentityMayBeHeldInAnOptionalOrInJson() {
        List<Function<Object, Object>> holders = List.of(
                Optional::of,
                id -> JsonNodeFactory.instance.textNode(id.toString()),
                id -> List.of(Optional.of(id)),
                id -> new Object[] {JsonNodeFactory.instance.textNode(id.toString())});
        for (Function<Object, Object> holder : holders) {
            Verification<Event, Object> verification =
                    plain().tracedBy(o -> holder.apply(((Event) o).identity().get(0)));
            ORDERS.events(0, EVENTS).forEach(out::add);

            assertThat(verification.await().clean()).isTrue();
            out.clear();
        }
        Verification<Event, Object> none =
                plain().tracedBy(o -> Optional.empty()).deadline(Duration.ofMillis(100));
        out.add(1);
        assertThat(none.await().examples(Finding.FOREIGN))
                .extracting(Verdict.Example::text)
                .containsExactly("log offset 0: its order_id, which identifies an event, is null");
    }

    @Test
    void whatCannotBeTracedIsForeignAndSaysWhy() {
        Verification<Event, Object> verification = plain().deadline(Duration.ofMillis(100));
        Verification<Event, Object> traced =
                plain().tracedBy(o -> ((Map<?, ?>) o).get("id")).deadline(Duration.ofMillis(100));
        out.add("garbage");
        out.add(Map.of("id", 1));

        assertThat(verification.await().examples(Finding.FOREIGN))
                .extracting(Verdict.Example::text)
                .containsOnly(
                        "log offset 0: it has no order_id, which identifies an event; use tracedBy(...)",
                        "log offset 1: it has no order_id, which identifies an event; use tracedBy(...)");
        assertThat(traced.await().examples(Finding.FOREIGN))
                .extracting(Verdict.Example::text)
                .anyMatch(text -> text.startsWith("log offset 0: tracedBy(...) failed: java.lang.ClassCastException"))
                .contains("log offset 1: order_id=1 belongs to another run or stream");
    }

    @Test
    void fieldsThatAreUniqueTogetherLeadBackToTheEventInAnyFormOfTime() {
        CompiledStream readings = SentEvents.readings().withTag(SentEvents.TAG);
        Ledger ledger = SentEvents.ledger(0, EVENTS, readings);
        List<Event> stored = new ArrayList<>();
        Verification<Event, Event> verification = Verification.of(readings, () -> ledger, e -> e, Arrivals.log(stored))
                .tracedBy(e -> List.of(String.valueOf(e.key()), java.time.Instant.parse((String) e.field("at"))))
                .clock(clock);
        readings.events(0, EVENTS).forEach(stored::add);

        assertThat(verification.await().clean()).isTrue();
    }

    private record Line(String order, int number, String channel) {}

    private static Stream<Line> lines(Event order) {
        return Stream.of(0, 1, 2)
                .map(i -> new Line((String) order.field("order_id"), i, (String) order.field("channel")));
    }

    private Verification<Event, Object> lines() {
        return plain().tracedBy(line -> ((Line) line).order).expecting(OutputTracingTest::lines);
    }

    private Verification<Event, Object> plain() {
        return Verification.<Event, Object>of(ORDERS, () -> ALL, event -> event, Arrivals.log(out))
                .clock(clock);
    }

    private static List<Long> sequences(Verdict verdict, Finding finding) {
        return verdict.examples(finding).stream()
                .map(Verdict.Example::sequence)
                .sorted()
                .toList();
    }
}
