package io.dataflux.verify;

import static io.dataflux.verify.SentEvents.TAG;
import static io.dataflux.verify.SentEvents.ledger;
import static io.dataflux.verify.SentEvents.orders;
import static io.dataflux.verify.SentEvents.readings;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.encode.CompiledStream;
import io.dataflux.ledger.Ledger;
import io.dataflux.ledger.Routing;
import io.dataflux.model.Fields;
import io.dataflux.model.StreamDefinition;
import io.dataflux.verify.RunComparison.Example;
import io.dataflux.verify.RunComparison.Kind;
import io.dataflux.verify.RunComparison.Opened;
import io.dataflux.verify.RunComparison.Target;
import io.dataflux.verify.SentEvents.Stored;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Two runs of one stream under two tags, of which a test spoils one or both. */
class RunComparisonTest {

    private static final int OTHER = 0x1a2b3c4d;
    private static final int EVENTS = 2000;
    private static final CompiledStream orders = orders();

    private final List<Stored> a = sent(orders, TAG, EVENTS);
    private final List<Stored> b = sent(orders, OTHER, EVENTS);
    private final Ledger ledgerA = ledger(0, EVENTS, orders);
    private Ledger ledgerB = tagged(ledgerA);
    private int readings;

    /** What a run leaves, in the order of the sequence. */
    private static List<Stored> sent(CompiledStream stream, int tag, int events) {
        CompiledStream tagged = stream.withTag(tag);
        List<Stored> stored = new ArrayList<>();
        for (int n = 0; n < events; n++) {
            byte[] key = tagged.key(tagged.event(n).entity());
            byte[] header = SentEvents.header(tagged, tag, 0, n);
            stored.add(new Stored("events", n, key, tagged.event(n).bytes(), header));
        }
        return stored;
    }

    private static Ledger tagged(Ledger ledger) {
        return new Ledger(OTHER, ledger.streams(), ledger.sinks());
    }

    private Target target(Ledger ledger, List<Stored> stored, CompiledStream stream) {
        return () -> {
            readings++;
            return new Opened(
                    SentEvents.reader(stored),
                    SinkVerification.of(ledger, "broker", List.of(stream), Routing.EVERYTHING));
        };
    }

    private RunComparison compare() throws Exception {
        return RunComparison.of(target(ledgerA, a, orders), target(ledgerB, b, orders), 3);
    }

    private static Map<Kind, Long> counts(RunComparison comparison) {
        Map<Kind, Long> counts = new EnumMap<>(Kind.class);
        comparison.counts().forEach((kind, count) -> {
            if (count > 0) {
                counts.put(kind, count);
            }
        });
        return counts;
    }

    private static UnaryOperator<Stored> replacing(String pattern, String by) {
        return record -> {
            String text = new String(record.value(), UTF_8);
            String other = text.replaceFirst(pattern, by);
            assertThat(other).isNotEqualTo(text);
            return record.withValue(other.getBytes(UTF_8));
        };
    }

    private static void alter(List<Stored> in, int event, UnaryOperator<Stored> change) {
        in.set(event, change.apply(in.get(event)));
    }

    @Test
    void runsThatDifferOnlyInTheirTagAreTheSameAfterOneReading() throws Exception {
        assertThat(a.get(0).value()).isNotEqualTo(b.get(0).value());

        RunComparison same = compare();

        assertThat(same.same()).isTrue();
        assertThat(same.compared()).isEqualTo(EVENTS);
        assertThat(readings).isEqualTo(2);
        assertThat(same.notes()).isEmpty();
        assertThat(same).hasToString("""
                Sink 'broker' holds the same events of run 1a2b3c4d (B) as of run 5f3a90c1 (A)
                  records   : 2,000 in A, 2,000 in B
                  compared  : 2,000 events that are in both""");
    }

    @Test
    void aDroppedEventIsInTheOtherRunOnly() throws Exception {
        b.remove(117);
        a.remove(1500);

        RunComparison comparison = compare();

        assertThat(counts(comparison)).containsExactly(Map.entry(Kind.ONLY_A, 1L), Map.entry(Kind.ONLY_B, 1L));
        assertThat(comparison.compared()).isEqualTo(EVENTS - 2);
        assertThat(comparison.examples())
                .containsExactly(
                        new Example(
                                Kind.ONLY_A,
                                "orders",
                                117,
                                "at events offset 117; B acknowledged it",
                                "./dataflux sample orders --seed 42 --from 117 --count 1"),
                        new Example(
                                Kind.ONLY_B,
                                "orders",
                                1500,
                                "at events offset 1500; A acknowledged it",
                                "./dataflux sample orders --seed 42 --from 1500 --count 1"));
    }

    @Test
    void anAlteredValueIsNamedWithBothAndTheIdIsNot() throws Exception {
        alter(b, 117, replacing("\"channel\":\"[a-z]+\"", "\"channel\":\"fax\""));

        RunComparison comparison = compare();

        assertThat(counts(comparison)).containsExactly(Map.entry(Kind.VALUES, 1L));
        assertThat(comparison.examples().get(0).text()).matches("channel expected \"(web|app|shop)\" but was \"fax\"");
        assertThat(comparison.examples().get(0).sequence()).isEqualTo(117);
        assertThat(comparison.toString()).contains("  values    : 1    orders 117: channel expected ");
    }

    /** More of them than are compared at a time; half of them in the same way. */
    @Test
    void whatBothRunsAlteredIsComparedInParts() throws Exception {
        for (int n = 0; n < 40; n++) {
            alter(a, n, replacing("\"channel\":\"[a-z]+\"", "\"channel\":\"fax\""));
            alter(
                    b,
                    n,
                    replacing("\"channel\":\"[a-z]+\"", n % 2 == 0 ? "\"channel\":\"fax\"" : "\"channel\":\"post\""));
        }

        RunComparison comparison =
                new ComparedRuns(target(ledgerA, a, orders), target(ledgerB, b, orders), 2, 7).compare();

        assertThat(counts(comparison)).containsExactly(Map.entry(Kind.VALUES, 20L));
        assertThat(readings).isEqualTo(2 + 2 * 6 + 2);
        assertThat(comparison.examples()).extracting(Example::sequence).containsExactly(1L, 3L);
        assertThat(comparison.examples().get(0).text()).isEqualTo("channel expected \"fax\" but was \"post\"");
        assertThat(comparison.notes()).containsExactly("no difference: 20 events the same in both but not as sent");
    }

    @Test
    void whatIsNoJsonAnyMoreAndAnotherKeyAreOtherValues() throws Exception {
        alter(a, 3, record -> record.withValue("gone".getBytes(UTF_8)));
        alter(b, 3, record -> record.withValue("gone".getBytes(UTF_8)));
        alter(b, 4, record -> record.withValue("lost".getBytes(UTF_8)));
        alter(a, 5, record -> record.withValue(null));
        alter(b, 6, record -> record.withKey("nobody".getBytes(UTF_8)));

        RunComparison comparison = compare();

        assertThat(counts(comparison)).containsExactly(Map.entry(Kind.VALUES, 3L));
        assertThat(comparison.examples()).extracting(Example::sequence).containsExactly(4L, 5L, 6L);
        assertThat(comparison.examples().get(0).text()).contains("not readable as JSON");
        assertThat(comparison.examples().get(1).text()).isEqualTo("the record in A has no value");
        assertThat(comparison.examples().get(2).text()).matches("key expected \"user_\\d+\" but was \"nobody\"");
    }

    @Test
    void aRepeatedEventIsThereMoreOftenInOneAndEquallyOftenInBothIsNoDifference() throws Exception {
        b.add(b.get(117));
        b.add(b.get(117));
        a.add(a.get(5));
        b.add(b.get(5));
        a.add(a.get(9));

        RunComparison comparison = compare();

        assertThat(counts(comparison)).containsExactly(Map.entry(Kind.COPIES, 2L));
        assertThat(comparison.examples())
                .extracting(Example::text)
                .containsExactly("twice in A, once in B", "once in A, 3 times in B");
    }

    /** The next event of the same key as event 117. */
    private static int next() {
        long entity = orders.event(117).entity();
        int next = 118;
        while (orders.event(next).entity() != entity) {
            next++;
        }
        return next;
    }

    @Test
    void eventsSwappedWithinAKeyAreInAnotherOrder() throws Exception {
        int next = next();
        Collections.swap(b, 117, next);

        RunComparison comparison = compare();

        assertThat(counts(comparison)).containsExactly(Map.entry(Kind.ORDER, 1L));
        assertThat(comparison.examples().get(0).text())
                .startsWith("in B it came after " + next + " of the same key (user_")
                .endsWith(", in A it did not");

        Collections.swap(a, 117, next);
        assertThat(compare().same()).as("the same order in both").isTrue();
    }

    @Test
    void whatOnlyOneRunSentIsNotCompared() throws Exception {
        ledgerB = tagged(ledger(0, 500, orders));
        b.subList(500, EVENTS).clear();

        RunComparison shorter = compare();

        assertThat(shorter.same()).isTrue();
        assertThat(shorter.compared()).isEqualTo(500);
        assertThat(shorter.notes()).containsExactly("not compared: 1,500 events that only A sent");

        b.add(sent(orders, OTHER, EVENTS).get(700)); // which B never sent, but has
        assertThat(compare().same()).isTrue();
        ledgerB = tagged(ledger(0, 500, orders));
        a.remove(700);
        assertThat(counts(compare())).as("A sent it, and lost it").containsExactly(Map.entry(Kind.ONLY_B, 1L));
    }

    @Test
    void whatAKilledRunMayNotHaveSentIsNotComparedAndWhatWasRefusedIsADifference() throws Exception {
        ledgerB = tagged(ledger(0, EVENTS, n -> true, n -> n == 8, n -> n == 7, orders));
        b.remove(8);
        b.remove(7);

        RunComparison comparison = compare();
        assertThat(comparison.examples())
                .extracting(Example::text)
                .containsExactly("at events offset 8; B reported it as failed");
        assertThat(comparison.notes())
                .containsExactly("not compared: 1 event that B may not have sent, because it was killed");
    }

    @Test
    void bothRunsMayBeInOneTopic() throws Exception {
        List<Stored> both = new ArrayList<>(a);
        both.addAll(b);
        both.add(new Stored("events", 9999, null, "stray".getBytes(UTF_8), null));

        RunComparison comparison = RunComparison.of(target(ledgerA, both, orders), target(ledgerB, both, orders), 3);

        assertThat(comparison.same()).isTrue();
        assertThat(comparison.compared()).isEqualTo(EVENTS);
        assertThat(comparison.notes())
                .containsExactly(
                        "where A is read there are 2,000 records of the other run and 1 of neither; they are not compared",
                        "where B is read there are 2,000 records of the other run and 1 of neither; they are not compared");
    }

    @Test
    void aValueMadeOfTheIdIsNoDifferenceWhereverItStands() throws Exception {
        CompiledStream linked = SentEvents.stream(StreamDefinition.named("links")
                .key("user_{}", 20, "1.0")
                .identity("id")
                .field("id", Fields.longId())
                .field("link", Fields.template("/orders/{id}/of"))
                .field("total", Fields.decimal("1.00", "199.99"))
                .build());
        Ledger of = ledger(0, 50, linked);
        List<Stored> one = sent(linked, TAG, 50);
        List<Stored> other = sent(linked, OTHER, 50);
        for (int n = 0; n < 50; n++) { // a system that adds a field in front
            alter(one, n, replacing("\\{", "{\"seen\":true,"));
            alter(other, n, replacing("\\{", "{\"seen\":true,"));
        }

        RunComparison comparison = RunComparison.of(target(of, one, linked), target(tagged(of), other, linked), 3);

        assertThat(comparison.same()).as(comparison.toString()).isTrue();
        assertThat(comparison.notes()).containsExactly("no difference: 50 events the same in both but not as sent");
    }

    @Test
    void anIdentityWithoutATagIsThatOfBothRuns() throws Exception {
        CompiledStream readings = readings();
        Ledger of = ledger(0, 100, readings);
        List<Stored> one = sent(readings, TAG, 100);
        List<Stored> other = sent(readings, OTHER, 100);
        assertThat(one.get(7).value()).isEqualTo(other.get(7).value());
        alter(other, 7, replacing("\"celsius\":", "\"celsius\":-"));

        RunComparison comparison = RunComparison.of(target(of, one, readings), target(tagged(of), other, readings), 3);

        assertThat(counts(comparison)).containsExactly(Map.entry(Kind.VALUES, 1L));
        assertThat(comparison.examples().get(0).text()).startsWith("payload.celsius expected ");
    }

    @Test
    void runsOfOtherStreamsAreRefused() {
        CompiledStream readings = readings();
        Target other = target(tagged(ledger(0, 10, readings)), List.of(), readings);
        assertThatThrownBy(() -> RunComparison.of(target(ledgerA, a, orders), other, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the runs have other streams");
    }
}
