package io.dataflux.verify;

import static io.dataflux.verify.SentEvents.findings;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.dataflux.Event;
import io.dataflux.encode.CompiledStream;
import io.dataflux.ledger.Ledger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The keys that outputs are stored under, and deletions, which are nothing but a key. */
class OutputKeysTest {

    private static final long EVENTS = 2000;
    private static final CompiledStream ORDERS = SentEvents.orders().withTag(SentEvents.TAG);
    private static final Ledger ALL = SentEvents.ledger(0, EVENTS, ORDERS);
    private static final int WRONG = 517;

    /** A record with its key, of which either may be null. */
    private record Entry(@Nullable Object getKey, @Nullable Object getValue) implements Map.Entry<Object, Object> {
        @Override
        public Object getKey() {
            return getKey;
        }

        @Override
        public Object getValue() {
            return getValue;
        }

        @Override
        public Object setValue(Object value) {
            throw new UnsupportedOperationException();
        }
    }

    private final List<Entry> out = new ArrayList<>();

    private Verification<Event, Object> verification() {
        return Verification.<Event, Object>of(ORDERS, () -> ALL, event -> event, Arrivals.keyedLog(out))
                .deadline(Duration.ofMillis(50))
                .clock(new OwnClock());
    }

    private static String key(long sequence) {
        return Objects.requireNonNull(ORDERS.event(sequence).key());
    }

    private static String id(long sequence) {
        return ORDERS.event(sequence).identity().get(0).toString();
    }

    @Test
    void withoutAnExpectationTheKeyIsThatOfTheEvent() {
        for (Object wrong : new Object[] {"user_1000", "USER", null, new byte[] {0, 1}, ""}) {
            Verification<Event, Object> verification = verification();
            for (long n = 0; n < EVENTS; n++) {
                out.add(new Entry(
                        n == WRONG ? wrong : n % 2 == 0 ? key(n) : key(n).getBytes(UTF_8),
                        ORDERS.event(n).toString()));
            }

            Verdict verdict = verification.await();

            assertThat(findings(verdict)).containsExactly(Map.entry(Finding.CORRUPTED, 1L));
            assertThat(verdict.examples(Finding.CORRUPTED).get(0).text())
                    .startsWith(WRONG + ": key expected ")
                    .contains(
                            wrong == null
                                    ? "\"" + key(WRONG) + "\" but was none"
                                    : key(WRONG).substring(0, 1));
            assertThat(verdict.judgesKeys()).isTrue();
        }
    }

    @Test
    void withAnExpectationTheTestSaysWhichKey() {
        Verification<Event, Object> right = verification().expecting(Stream::of).keyedBy(OutputKeysTest::channel);
        Verification<Event, Object> none = verification().expecting(Stream::of).keyedBy(event -> null);
        Verification<Event, Object> bytes = verification()
                .expecting(Stream::of)
                .keyedBy(event -> channel(event).getBytes(UTF_8));
        Verification<Event, Object> held =
                verification().expecting(Stream::of).keyedBy(event -> Optional.of(channel(event)));
        Verification<Event, Object> json = verification()
                .expecting(Stream::of)
                .keyedBy(event -> JsonNodeFactory.instance.textNode(channel(event)));
        Verification<Event, Object> unsaid = verification().expecting(Stream::of);
        ORDERS.events(0, EVENTS)
                .forEach(event ->
                        out.add(new Entry(event.sequence() == WRONG ? "x" : channel(event), event.toString())));

        for (Verification<Event, Object> each : List.of(right, bytes, held, json)) {
            Verdict verdict = each.await();
            assertThat(findings(verdict)).containsExactly(Map.entry(Finding.CORRUPTED, 1L));
            assertThat(verdict.examples(Finding.CORRUPTED).get(0).text())
                    .isEqualTo(WRONG + ": key expected \"" + channel(ORDERS.event(WRONG)) + "\" but was \"x\"");
        }
        assertThat(findings(none.await())).containsExactly(Map.entry(Finding.CORRUPTED, EVENTS));
        Verdict notJudged = unsaid.await();
        assertThat(notJudged.clean()).isTrue();
        assertThat(notJudged.judgesKeys()).isFalse();
        assertThat(notJudged.explained())
                .containsPattern("not judged +record keys +keyedBy\\(\\.\\.\\.\\) would say what they should be");
        assertThat(right.await().explained())
                .containsPattern("(?m)^ +judged +record keys +those that keyedBy\\(\\.\\.\\.\\) gives");
    }

    private static String channel(Event event) {
        return String.valueOf(event.field("channel"));
    }

    @Test
    void inArrivalsWithoutKeysNoneIsJudged() {
        List<String> texts = new ArrayList<>();
        Verification<Event, Object> verification = Verification.<Event, Object>of(
                        ORDERS, () -> ALL, event -> event, Arrivals.log(texts))
                .keyedBy(event -> "x")
                .clock(new OwnClock());
        ORDERS.events(0, EVENTS).forEach(event -> texts.add(event.toString()));

        Verdict verdict = verification.await();

        assertThat(verdict.clean()).isTrue();
        assertThat(verdict.judgesKeys()).isFalse();
    }

    /** A table of the last order of each customer: an order in a shop deletes it. */
    private Verification<Event, Object> table() {
        return verification()
                .expecting(event -> deletes(event) ? Stream.of(Deletion.of(event.key())) : Stream.of(event))
                .keyedBy(Event::key);
    }

    private static boolean deletes(Event event) {
        return channel(event).equals("shop");
    }

    private static Entry entry(long sequence) {
        Event event = ORDERS.event(sequence);
        return new Entry(event.key(), deletes(event) ? null : event.toString());
    }

    private void fill() {
        for (long n = 0; n < EVENTS; n++) {
            out.add(entry(n));
        }
    }

    /** A deletion in the middle of what a key has, with other events of the key around it. */
    private static int deletion() {
        for (int n = (int) EVENTS / 3; true; n++) {
            Event event = ORDERS.event(n);
            if (deletes(event)
                    && event.occurrence() > 3
                    && !deletes(next(event, -1))
                    && !deletes(next(event, -2))
                    && !deletes(next(event, 1))
                    && next(event, 1).sequence() < EVENTS) {
                return n;
            }
        }
    }

    private static Event next(Event event, int by) {
        return ORDERS.event(ORDERS.sequenceOfOccurrence(event.entity(), event.occurrence() + by));
    }

    @Test
    void aDeletionThatAnEventAsksForIsItsOutput() {
        Verification<Event, Object> verification = table();
        fill();
        Verification<Event, Object> identified = verification()
                .expecting(event ->
                        deletes(event) ? Stream.of(Deletion.of(event.identity().get(0))) : Stream.of(event));

        Verdict verdict = verification.await();
        out.replaceAll(entry -> entry);
        assertThat(verdict.facts()).anyMatch(fact -> fact.contains("each once and unchanged, in order per key"));
        assertThat(verdict.clean()).isTrue();
        assertThat(verdict.judgesKeys()).isTrue();

        for (long n = 0; n < EVENTS; n++) {
            out.add(deletes(ORDERS.event(n)) ? new Entry(id(n), null) : entry(n));
        }
        assertThat(identified.await().clean()).isTrue();
    }

    @Test
    void aDeletionMayComeInsideAnInMemoryLogAsAnObject() {
        List<Object> records = new ArrayList<>();
        Verification<Event, Object> verification = Verification.<Event, Object>of(
                        ORDERS, () -> ALL, event -> event, Arrivals.log(records))
                .expecting(event -> deletes(event) ? Stream.of(Deletion.of(event.key())) : Stream.of(event))
                .clock(new OwnClock());
        ORDERS.events(0, EVENTS)
                .forEach(event -> records.add(deletes(event) ? Deletion.of(event.key()) : event.toString()));

        assertThat(verification.await().clean()).isTrue();
    }

    @Test
    void anEventMayHaveAValueAndADeletion() {
        Verification<Event, Object> verification = verification()
                .expecting(event -> deletes(event) ? Stream.of(event, Deletion.of(event.key())) : Stream.of(event));
        for (long n = 0; n < EVENTS; n++) {
            Event event = ORDERS.event(n);
            out.add(new Entry(event.key(), event.toString()));
            if (deletes(event) && n != deletion()) {
                out.add(new Entry(event.key(), null));
            }
        }

        Verdict verdict = verification.await();

        assertThat(findings(verdict)).containsExactly(Map.entry(Finding.LOST, 1L));
        assertThat(verdict.examples(Finding.LOST).get(0).sequence()).isEqualTo(deletion());
    }

    @Test
    void aLostDeletionIsThatOfItsEvent() {
        Verification<Event, Object> verification = table();
        fill();
        out.remove(deletion());

        assertOnly(verification.await(), Finding.LOST, deletion());
    }

    // A deletion that no event asks for, while later ones of its key are still to come.
    @Test
    void anUnaskedDeletionIsNotTakenForALaterOne() {
        int before = (int) ORDERS.sequenceOfOccurrence(
                ORDERS.event(deletion()).entity(), ORDERS.event(deletion()).occurrence() - 2);
        Verification<Event, Object> verification = table();
        fill();
        out.add(before + 1, new Entry(key(before), null));

        Verdict verdict = verification.await();

        assertThat(deletes(ORDERS.event(before))).isFalse();
        assertThat(findings(verdict)).as(verdict.toString()).containsExactly(Map.entry(Finding.PHANTOM, 1L));
    }

    @Test
    void aDeletionIsThatOfItsEventAlthoughTheOnesBeforeItAreLost() {
        Event deletion = ORDERS.event(deletion());
        for (boolean last : List.of(false, true)) {
            Verification<Event, Object> verification = table();
            fill();
            for (int back : List.of(1, 2)) {
                Entry gone = entry(ORDERS.sequenceOfOccurrence(deletion.entity(), deletion.occurrence() - back));
                assertThat(out.removeAll(List.of(gone))).isTrue();
            }
            if (last) { // nothing of the key comes afterwards to tell
                Object key = deletion.key();
                int at = deletion() - 2; // two are gone
                List<Entry> rest = out.subList(at + 1, out.size());
                rest.removeIf(entry -> key.equals(entry.getKey));
            }

            Verdict verdict = verification.await();

            assertThat(verdict.cleanBut(Finding.LOST)).as(verdict.toString()).isTrue();
            assertThat(verdict.examples(Finding.LOST))
                    .extracting(Verdict.Example::sequence)
                    .doesNotContain(deletion.sequence());
            out.clear();
        }
    }

    @Test
    void aRepeatedDeletionIsThatOfItsEvent() {
        Verification<Event, Object> verification = table();
        fill();
        out.add(deletion(), out.get(deletion()));

        assertOnly(verification.await(), Finding.DUPLICATE, deletion());
    }

    @Test
    void aRecordInPlaceOfADeletionIsCorrupted() {
        Verification<Event, Object> verification = table();
        fill();
        out.set(deletion(), new Entry(key(deletion()), ORDERS.event(deletion()).toString()));

        Verdict verdict = verification.await();

        assertOnly(verdict, Finding.CORRUPTED, deletion());
        assertThat(verdict.examples(Finding.CORRUPTED).get(0).text())
                .isEqualTo(deletion() + ": should have been the deletion of key " + key(deletion()));
    }

    @Test
    void aDeletionThatNoEventAsksForIsAPhantomIfItsKeyIsOneOfTheStreams() {
        Verification<Event, Object> unchanged = verification();
        Verification<Event, Object> never = verification().expecting(Stream::of);
        Event undeleted = ORDERS.event(0);
        Verification<Event, Object> others =
                verification().expecting(event -> Stream.of(event)).keyedBy(Event::key);
        ORDERS.events(0, EVENTS).forEach(event -> out.add(new Entry(event.key(), event.toString())));
        out.add(new Entry(undeleted.key(), null));
        out.add(new Entry(id(7), null));
        out.add(new Entry("user_200", null)); // there are 200, from 0
        out.add(new Entry("somebody", null));

        for (Verification<Event, Object> each : List.of(unchanged, never, others)) {
            Verdict verdict = each.await();
            assertThat(findings(verdict))
                    .containsExactly(Map.entry(Finding.FOREIGN, 2L), Map.entry(Finding.PHANTOM, 2L));
            assertThat(verdict.examples(Finding.PHANTOM))
                    .extracting(Verdict.Example::text)
                    .containsExactly(
                            "log offset 2000: deletes \"" + undeleted.key() + "\", which no event asks for",
                            "log offset 2001: deletes \"" + id(7) + "\", which no event asks for");
            assertThat(verdict.examples(Finding.FOREIGN).get(0).text())
                    .isEqualTo("log offset 2002: deletes \"user_200\", which is no key of stream 'orders'");
        }
    }

    @Test
    void aRecordWithNeitherKeyNorValueIsForeign() {
        Verification<Event, Object> verification = verification();
        ORDERS.events(0, EVENTS).forEach(event -> out.add(new Entry(event.key(), event.toString())));
        out.add(new Entry(null, null));

        assertThat(findings(verification.await())).containsExactly(Map.entry(Finding.FOREIGN, 1L));
    }

    private static void assertOnly(Verdict verdict, Finding finding, long sequence) {
        assertThat(findings(verdict)).as(verdict.toString()).containsExactly(Map.entry(finding, 1L));
        assertThat(verdict.examples(finding).get(0).sequence()).isEqualTo(sequence);
    }
}
