package io.dataflux.verify;

import static io.dataflux.verify.SentEvents.findings;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.Event;
import io.dataflux.EventStream;
import io.dataflux.PlannedFault;
import io.dataflux.encode.CompiledStream;
import io.dataflux.ledger.Ledger;
import io.dataflux.model.FaultKind;
import io.dataflux.model.Faults;
import io.dataflux.verify.Arrivals.JsonDecode;
import io.dataflux.verify.Arrivals.Stored;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Outputs that are events, byte for byte: right where an event should come unchanged, and nowhere else. */
class PassedOnOutputTest {

    private static final int EVENTS = 300;
    private static final CompiledStream ORDERS = SentEvents.orders().withTag(SentEvents.TAG);
    private static final Ledger ALL = SentEvents.ledger(0, EVENTS, ORDERS);

    private final List<String> out = new ArrayList<>();
    private final OwnClock clock = new OwnClock();

    private Verification<Event, String> verification(CompiledStream stream, Ledger ledger) {
        return Verification.<Event, String>of(stream, () -> ledger, event -> event, Arrivals.log(out))
                .deadline(Duration.ofSeconds(3))
                .clock(clock);
    }

    private void passOn(CompiledStream stream, long from, long to) {
        for (long n = from; n < to; n++) {
            out.add(stream.event(n).toString());
        }
    }

    @Test
    void anEventIsNotItsOutputWhereAnotherIsExpected() {
        Verification<Event, String> verification = verification(ORDERS, ALL)
                .expecting(
                        event -> Stream.of(Map.of("order_id", event.identity().get(0), "n", 1)));
        passOn(ORDERS, 0, EVENTS);

        assertThat(findings(verification.await())).containsExactly(Map.entry(Finding.CORRUPTED, (long) EVENTS));
    }

    @Test
    void anEventIsNotTheOutputOfTheOneThatTheTestNames() {
        Verification<Event, String> verification = verification(ORDERS, ALL)
                .tracedBy(text -> text.equals(ORDERS.event(7).toString())
                        ? ORDERS.event(8).identity().get(0)
                        : NamedValues.ofText(text) == null
                                ? null
                                : NamedValues.ofText(text).value("order_id"));
        passOn(ORDERS, 0, EVENTS);

        assertThat(findings(verification.await()).keySet())
                .contains(Finding.LOST)
                .doesNotContain(Finding.FOREIGN);
    }

    /** The first arrival completes the event, the second must not complete another one. */
    @Test
    void aDuplicateDoesNotStandInForWhatIsLost() {
        Verification<Event, String> verification = verification(ORDERS, ALL);
        passOn(ORDERS, 0, EVENTS - 2);
        passOn(ORDERS, 5, 7);

        Verdict verdict = verification.await();

        assertThat(findings(verdict)).containsExactly(Map.entry(Finding.LOST, 2L), Map.entry(Finding.DUPLICATE, 2L));
        assertThat(verdict.toString()).contains("ended     : at the deadline of 3 s");
    }

    /** A system that knows what a broken event would have been, or makes up one that was never sent. */
    @Test
    void whatWasSentBrokenOrNotAtAllShouldNotComeOutWhole() {
        CompiledStream faulty = ORDERS.with(
                        definition -> definition.faults(Faults.of("drop 5%, corrupt 5% as truncated or wrong_type")))
                .withTag(SentEvents.TAG);
        Ledger ledger = new FaultySending(faulty, EVENTS).ledger();
        List<PlannedFault> faults = faulty.faults(0, EVENTS);
        long dropped =
                faults.stream().filter(each -> each.kind() == FaultKind.DROP).count();
        assertThat(dropped).isBetween(5L, (long) faults.size() - 5);
        for (boolean deadLetters : new boolean[] {false, true}) {
            out.clear();
            List<byte[]> letters = new ArrayList<>();
            Verification<Event, String> verification = verification(faulty, ledger);
            if (deadLetters) {
                verification.deadLetters(Arrivals.log(letters));
            }
            passOn(faulty, 0, EVENTS);

            Verdict verdict = verification.await();

            assertThat(verdict.count(Finding.PHANTOM)).as("%s", verdict).isEqualTo(faults.size());
            assertThat(verdict.count(Finding.LOST)).isEqualTo(deadLetters ? faults.size() - dropped : 0);
            assertThat(findings(verdict).keySet())
                    .isEqualTo(deadLetters ? Set.of(Finding.LOST, Finding.PHANTOM) : Set.of(Finding.PHANTOM));
            assertThat(verdict.examples(Finding.LOST))
                    .allMatch(example -> example.text().contains(" is not among the dead letters; planned: corrupt "));
            assertThat(verdict.examples(Finding.PHANTOM))
                    .allMatch(example -> example.text().endsWith("planned: dropped")
                            ? example.text().contains(" was not expected ")
                            : example.text().contains(" should have had no output "));
        }
    }

    /** What reads records from where they are stored: with their keys, and without values. */
    private static final class StoredOnce implements Arrivals<Map<String, Object>> {
        private final List<Stored> all = new ArrayList<>();
        private final Function<byte[], Map<String, Object>> decode;

        StoredOnce(Function<byte[], Map<String, Object>> decode) {
            this.decode = decode;
        }

        @Override
        public boolean isLog() {
            return true;
        }

        @Override
        public long read(Visitor<? super Map<String, Object>> visitor) {
            long records = all.size();
            for (int i = 0; i < records; i++) {
                visitor.stored("stored", i, all.get(i), decode);
            }
            all.clear();
            return records;
        }
    }

    /** Sees the channel only, in whatever form. */
    private static final class ByChannel implements JsonDecode<Map<String, Object>> {
        @Override
        public Map<String, Object> decode(byte[] json, EventStream like) {
            return apply(json);
        }

        @Override
        public Map<String, Object> apply(byte[] json) {
            NamedValues values = NamedValues.ofText(json);
            if (values == null) {
                throw new IllegalArgumentException("no JSON");
            }
            return Map.of(
                    "order_id",
                    String.valueOf(values.value("order_id")),
                    "channel",
                    String.valueOf(values.value("channel")));
        }
    }

    private static Map<String, Object> asSeen(Event event) {
        return new ByChannel().apply(event.bytes());
    }

    private static Stored stored(long sequence, @Nullable String value) {
        Event event = ORDERS.event(sequence);
        return new Stored(true, event.key().getBytes(UTF_8), value == null ? null : value.getBytes(UTF_8), null);
    }

    @Test
    void aStoredRecordIsComparedAsJsonIfItIsDecodedAsThat() {
        for (boolean json : new boolean[] {true, false}) {
            ByChannel decode = new ByChannel();
            StoredOnce target = new StoredOnce(json ? decode : bytes -> decode.apply(bytes));
            for (long n = 0; n < EVENTS; n++) {
                String text = ORDERS.event(n).toString();
                target.all.add(
                        stored(n, n == 17 ? text.replaceAll("\"channel\":(\"[a-z]+\")", "\"channel\":[$1]") : text));
            }
            Verdict verdict = Verification.<Map<String, Object>, Map<String, Object>>of(
                            ORDERS, () -> ALL, PassedOnOutputTest::asSeen, target)
                    .deadline(Duration.ofSeconds(3))
                    .clock(clock)
                    .await();

            assertThat(findings(verdict)).as("%s", verdict).containsExactly(Map.entry(Finding.CORRUPTED, 1L));
            assertThat(verdict.examples(Finding.CORRUPTED).get(0).actual())
                    .as("shown as it is stored, if that is what was compared")
                    .startsWith(json ? "{\"order_id\":" : "{");
        }
    }

    @Test
    void aStoredRecordWithoutValueIsADeletionIfItHasAKey() {
        StoredOnce target = new StoredOnce(new ByChannel());
        for (long n = 0; n < EVENTS; n++) {
            target.all.add(
                    n == 17 ? stored(17, null) : stored(n, ORDERS.event(n).toString()));
        }
        target.all.add(new Stored(false, null, null, null));

        Verdict verdict = Verification.<Map<String, Object>, Map<String, Object>>of(
                        ORDERS, () -> ALL, PassedOnOutputTest::asSeen, target)
                .deadline(Duration.ofSeconds(3))
                .clock(clock)
                .await();

        assertThat(findings(verdict))
                .as("%s", verdict)
                .containsExactly(
                        Map.entry(Finding.LOST, 1L), Map.entry(Finding.FOREIGN, 1L), Map.entry(Finding.PHANTOM, 1L));
        assertThat(verdict.toString()).contains("deletes ", "it has no value");
    }
}
