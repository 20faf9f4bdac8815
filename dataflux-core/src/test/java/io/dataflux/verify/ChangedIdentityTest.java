package io.dataflux.verify;

import static io.dataflux.verify.SentEvents.findings;
import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.Event;
import io.dataflux.encode.CompiledStream;
import io.dataflux.ledger.Ledger;
import io.dataflux.model.Fields;
import io.dataflux.model.StreamDefinition;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Ids that a system has changed stay findings, which say which event it would be, and what was changed. */
class ChangedIdentityTest {

    private static final CompiledStream ORDERS = SentEvents.orders().withTag(SentEvents.TAG);
    private static final CompiledStream TICKETS = stream("tickets", Fields.longId());
    private static final CompiledStream COUNTED = stream("counted", Fields.sequence(0));
    private static final CompiledStream PARCELS = stream("parcels", Fields.id("p_{}_eu"));
    private static final CompiledStream SENSORS = SentEvents.readings().withTag(SentEvents.TAG);
    private static final int CHANGED = 517;

    private static CompiledStream stream(String name, io.dataflux.model.Field id) {
        return SentEvents.stream(StreamDefinition.named(name)
                        .key("user_{}", 200)
                        .identity("id")
                        .field("id", id)
                        .field("total", Fields.decimal("1.00", "199.99"))
                        .build())
                .withTag(SentEvents.TAG);
    }

    /** An output, of which only the ids matter. */
    private record Out(List<String> ids) {}

    private record Case(CompiledStream stream, int field, UnaryOperator<String> change, String words) {
        @Override
        public String toString() {
            return stream.name() + " " + words;
        }
    }

    static Stream<Case> changes() {
        return Stream.of(
                new Case(ORDERS, 0, id -> "v2_" + id, "without `v2_`"),
                new Case(
                        ORDERS,
                        0,
                        id -> "a-very-long-prefix-of-more-than-16-characters/" + id,
                        "without `a-very-long-prefix-of-more-than-16-characters/`"),
                new Case(ORDERS, 0, id -> id + ".json", "without `.json`"),
                new Case(ORDERS, 0, id -> "<" + id + ">", "without `<` and `>`"),
                new Case(ORDERS, 0, id -> id + " ", "without ` `"),
                new Case(ORDERS, 0, id -> "\t" + id, "without `\\t`"),
                new Case(ORDERS, 0, id -> id.toUpperCase(Locale.ROOT), "in its own case"),
                new Case(ORDERS, 0, id -> "V2_" + id.toUpperCase(Locale.ROOT), "in its own case and without `V2_`"),
                new Case(ORDERS, 0, id -> id.substring(4), "with `ord_`"),
                new Case(ORDERS, 0, id -> id.replace("-", ""), "if it were \"ord_"),
                new Case(TICKETS, 0, id -> "T" + id, "without `T`"),
                new Case(TICKETS, 0, id -> id + "/x", "without `/x`"),
                new Case(COUNTED, 0, id -> "no. " + id, "without `no. `"),
                new Case(COUNTED, 0, id -> "000" + id, "without `000`"),
                new Case(SENSORS, 0, id -> "eu/" + id, "without `eu/`"),
                new Case(SENSORS, 0, id -> id.toUpperCase(Locale.ROOT), "in its own case"),
                new Case(SENSORS, 0, id -> id.substring(7), "with `sensor-`"),
                new Case(SENSORS, 1, id -> id + " ", "without ` `"),
                new Case(SENSORS, 1, id -> "0123456789abcdef" + id, "without `0123456789abcdef`"),
                new Case(TICKETS, 0, id -> "11 22 33 44 55 66 77 " + id, "without `11 22 33 44 55 66 77 `"),
                new Case(PARCELS, 0, id -> id.substring(0, id.length() - 3), "with `_eu`"),
                new Case(PARCELS, 0, id -> id.toUpperCase(Locale.ROOT) + "/x", "in its own case and without `/x`"));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void theFindingSaysWhichEventItWouldBe(Case changed) {
        List<String> ids = ids(changed.stream, CHANGED);
        ids.set(changed.field, changed.change.apply(ids.get(changed.field)));

        Verdict verdict = verdict(changed.stream, ids);

        assertThat(findings(verdict)).containsExactly(Map.entry(Finding.LOST, 1L), Map.entry(Finding.FOREIGN, 1L));
        assertThat(verdict.examples(Finding.FOREIGN).get(0).text())
                .contains(ids.get(changed.field))
                .contains(" would be event " + CHANGED + " " + changed.words);
    }

    static Stream<Case> others() {
        return Stream.of(
                new Case(ORDERS, 0, id -> "v2_" + ids(ORDERS.withTag(7), 3).get(0), ""),
                new Case(ORDERS, 0, id -> "nothing of ours", ""),
                new Case(ORDERS, 0, id -> "", ""),
                new Case(TICKETS, 0, id -> "T" + ids(TICKETS.withTag(7), 3).get(0), ""),
                new Case(SENSORS, 0, id -> "sensor-51", ""),
                new Case(SENSORS, 1, id -> "0123456789abcdef+" + id, "more in front than is looked at"),
                new Case(TICKETS, 0, id -> "11 22 33 44 55 66 77 88 " + id, "more numbers than are looked at"),
                new Case(COUNTED, 0, id -> "-", ""));
    }

    /** The control: what is not of this run is not said to be. */
    @ParameterizedTest
    @MethodSource("others")
    void whatIsNotOfThisRunIsNot(Case other) {
        List<String> ids = ids(other.stream, CHANGED);
        ids.set(other.field, other.change.apply(ids.get(other.field)));

        assertThat(verdict(other.stream, ids).examples(Finding.FOREIGN))
                .extracting(Verdict.Example::text)
                .allMatch(text -> text.endsWith(" belongs to another run or stream"));
    }

    @Test
    void anIdIsNoNumberMoreThanItsDigits() {
        List<Object> records = new ArrayList<>();
        Ledger ledger = SentEvents.ledger(0, 3, COUNTED);
        Verification<Event, Object> verification = Verification.<Event, Object>of(
                        COUNTED, () -> ledger, e -> e, Arrivals.log(records))
                .tracedBy(r -> r)
                .expecting(e -> Stream.of(e.field("id")))
                .clock(new OwnClock());
        records.addAll(List.of(new BigDecimal("0.0"), 1.0, 2));

        assertThat(verification.await().clean()).isTrue();
    }

    private static Verdict verdict(CompiledStream stream, List<String> changed) {
        Ledger ledger = SentEvents.ledger(500, 600, stream);
        List<Out> records = new ArrayList<>();
        Verification<Event, Out> verification = Verification.<Event, Out>of(
                        stream, () -> ledger, e -> e, Arrivals.log(records))
                .tracedBy(Out::ids)
                .expecting(e -> Stream.of(Map.of()))
                .deadline(Duration.ofMillis(50))
                .clock(new OwnClock());
        for (int n = 500; n < 600; n++) {
            records.add(new Out(n == CHANGED ? changed : ids(stream, n)));
        }
        return verification.await();
    }

    private static List<String> ids(CompiledStream stream, long sequence) {
        return new ArrayList<>(
                stream.event(sequence).identity().stream().map(Object::toString).toList());
    }
}
