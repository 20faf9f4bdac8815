package io.dataflux.verify;

import static io.dataflux.verify.SentEvents.TAG;
import static io.dataflux.verify.SentEvents.header;
import static io.dataflux.verify.SentEvents.ledger;
import static io.dataflux.verify.SentEvents.orders;
import static io.dataflux.verify.SentEvents.reader;
import static io.dataflux.verify.SentEvents.readings;
import static io.dataflux.verify.SentEvents.stored;
import static io.dataflux.verify.SentEvents.verdict;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.encode.CompiledStream;
import io.dataflux.model.Fields;
import io.dataflux.model.StreamDefinition;
import io.dataflux.verify.SentEvents.Stored;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SinkVerificationTest {

    private static final long EVENTS = 3000;
    private static final CompiledStream orders = orders();
    private static final Ledger all = ledger(0, EVENTS, orders);
    private static final List<Stored> ALL = List.copyOf(stored(orders, 0, 0, EVENTS, 4));
    private final List<Stored> log = new ArrayList<>(ALL);

    @Test
    void aLogThatHoldsEverythingOnceIsClean() throws Exception {
        Verdict verdict = verdict(all, log, orders);

        assertThat(verdict.clean()).isTrue();
        assertThat(verdict.expected()).isEqualTo(EVENTS);
        assertThat(verdict.records()).isEqualTo(EVENTS);
        assertThat(findings(verdict)).isEmpty();
        assertThat(verdict).hasToString("""
                        Sink 'broker' holds stream 'orders' exactly (seed 42, run 5f3a90c1)
                          expected  : 3000 acknowledged
                          arrived   : 3000 records in 4 sources, each once and unchanged, in order per key
                          ended     : at the end of the log; reading on brought nothing new""");
    }

    @Test
    void anEventThatIsNotThereIsLost() throws Exception {
        log.remove(117);

        Verdict verdict = verdict(all, log, orders);

        assertThat(findings(verdict)).containsExactly(Map.entry(Finding.LOST, 1L));
        assertThat(verdict.clean()).isFalse();
        assertThat(verdict).hasToString("""
                        Sink 'broker' differs from stream 'orders' (seed 42, run 5f3a90c1)
                          expected  : 3000 acknowledged
                          arrived   : 2999 records in 4 sources
                          lost      : 1    117 (key user_158, whose other events are in events-2)
                          ended     : at the end of the log; reading on brought nothing new
                          replay    : ./dataflux sample orders --seed 42 --from 117 --count 1""");
        assertThat(verdict.examples(Finding.LOST).get(0).expected())
                .isEqualTo(orders.withTag(TAG).event(117).toString());
    }

    @Test
    void whatLostEventsHaveInCommonIsSaid() throws Exception {
        log.removeIf(record -> record.source().equals("events-2") && record.offset() >= 40 && record.offset() < 77);

        Verdict verdict = verdict(all, log, orders);

        assertThat(verdict.count(Finding.LOST)).isEqualTo(37);
        assertThat(verdict.facts())
                .anyMatch(fact -> fact.matches("lost      : 37   all in events-2, \\[\\d+, \\d+\\)"));
    }

    @Test
    void aBlockWithoutGapsIsNamedByItsRange() throws Exception {
        log.subList(1000, 1010).clear();

        Verdict verdict = verdict(all, log, orders);

        assertThat(verdict.facts()).contains("lost      : 10   [1000, 1010)");
        assertThat(verdict.facts()).contains("replay    : ./dataflux sample orders --seed 42 --from 1000 --count 10");
    }

    @Test
    void whatWasSentAgainMayComeAgainWhereNoMoreIsPromised() throws Exception {
        int shard = orders.schedule().shardOf(400);
        long place = orders.schedule().localOf(400);
        all.sink("broker").streams().get(0).shards().get(shard).resent().add(place, place + 1);
        log.add(log.get(400));
        log.add(log.get(400));

        Verdict least = SinkVerification.of(all, "broker", List.of(orders), (stream, n) -> true)
                .mayRepeatWhatWasSentAgain()
                .verify(SentEvents.reader(log));
        Verdict once = verdict(all, log, orders);
        log.add(log.get(401));
        Verdict outside = SinkVerification.of(all, "broker", List.of(orders), (stream, n) -> true)
                .mayRepeatWhatWasSentAgain()
                .verify(SentEvents.reader(log));

        assertThat(least.clean()).isTrue();
        assertThat(least.repeated()).isEqualTo(2);
        assertThat(least.facts())
                .contains("repeated  : 2 copies of events that were sent again when the run was resumed");
        assertThat(findings(once)).containsExactly(Map.entry(Finding.DUPLICATE, 1L));
        assertThat(once.repeated()).isZero();
        assertThat(findings(outside)).containsExactly(Map.entry(Finding.DUPLICATE, 1L));
        assertThat(outside.facts()).contains("duplicate : 1    401 (2 times)");
    }

    @Test
    void whatFailedAtLastMayBeThereFromAnEarlierAttempt() throws Exception {
        Ledger ledger = ledger(0, EVENTS, n -> true, n -> n == 400, n -> false, orders);
        assertThat(findings(verdict(ledger, log, orders))).containsExactly(Map.entry(Finding.RESURRECTED, 1L));
        int shard = orders.schedule().shardOf(400);
        long place = orders.schedule().localOf(400);
        ledger.sink("broker").streams().get(0).shards().get(shard).resent().add(place, place + 1);

        assertThat(verdict(ledger, log, orders).clean()).isTrue();
    }

    @Test
    void anEventThatComesAgainIsADuplicateWithItsNumberOfTimes() throws Exception {
        log.add(log.get(400));

        Verdict once = verdict(all, log, orders);
        log.add(log.get(400));
        log.add(log.get(401));
        Verdict more = verdict(all, log, orders);

        assertThat(findings(once)).containsExactly(Map.entry(Finding.DUPLICATE, 1L));
        assertThat(once.facts()).contains("duplicate : 1    400 (2 times)");
        assertThat(findings(more)).containsExactly(Map.entry(Finding.DUPLICATE, 2L));
        assertThat(more.facts()).anyMatch(fact -> fact.startsWith("duplicate : 2    "));
        assertThat(more.facts()).anyMatch(fact -> fact.endsWith("[400, 402), 3 copies too many"));
        assertThat(more.examples(Finding.DUPLICATE))
                .extracting(Verdict.Example::text)
                .containsExactlyInAnyOrder("400 (3 times)", "401 (2 times)");
    }

    @Test
    void aChangedValueIsNamedWithWhatItShouldBe() throws Exception {
        String event = text(512);
        log.set(
                512,
                log.get(512)
                        .withValue(event.replaceFirst("\"total\":[0-9.]+", "\"total\":1999")
                                .getBytes(UTF_8)));

        Verdict verdict = verdict(all, log, orders);

        assertThat(findings(verdict)).containsExactly(Map.entry(Finding.CORRUPTED, 1L));
        assertThat(verdict.facts())
                .contains("corrupted : 1    512: total expected "
                        + orders.event(512).field("total") + " but was 1999");
        Verdict.Example example = verdict.examples(Finding.CORRUPTED).get(0);
        assertThat(example.expected()).isEqualTo(event);
        assertThat(example.actual()).isEqualTo(event.replaceFirst("\"total\":[0-9.]+", "\"total\":1999"));
    }

    @Test
    void sameValuesInOtherBytesAreCorruptedAndSaidToBeSo() throws Exception {
        log.set(
                512,
                log.get(512)
                        .withValue(text(512)
                                .replaceFirst("\"total\":([0-9.]+)", "\"total\": $1")
                                .getBytes(UTF_8)));

        Verdict verdict = verdict(all, log, orders);

        assertThat(findings(verdict)).containsExactly(Map.entry(Finding.CORRUPTED, 1L));
        assertThat(verdict.examples(Finding.CORRUPTED).get(0).text())
                .startsWith("512: same values, other bytes from byte ");
    }

    @Test
    void anotherKeyIsCorruption() throws Exception {
        log.set(512, log.get(512).withKey("user_x".getBytes(UTF_8)));

        Verdict verdict = verdict(all, log, orders);

        assertThat(verdict.facts())
                .contains("corrupted : 1    512: key expected "
                        + orders.event(512).key() + " but was user_x");
    }

    @Test
    void anEventWhoseIdIsDestroyedIsKnownByItsHeader() throws Exception {
        log.set(512, log.get(512).withValue(text(512).replace("ord_", "0rd_").getBytes(UTF_8)));
        log.set(600, log.get(600).withValue(null));
        log.set(700, log.get(700).withValue("garbage".getBytes(UTF_8)));

        Verdict verdict = verdict(all, log, orders);

        assertThat(findings(verdict)).containsExactly(Map.entry(Finding.CORRUPTED, 3L));
        assertThat(verdict.examples(Finding.CORRUPTED))
                .extracting(Verdict.Example::sequence)
                .containsExactlyInAnyOrder(512L, 600L, 700L);
    }

    @Test
    void anEventWhoseIdIsDestroyedIsForeignAndLostWithoutAHeader() throws Exception {
        log.set(
                512,
                log.get(512)
                        .withValue(text(512).replace("ord_", "0rd_").getBytes(UTF_8))
                        .withHeader(null));

        Verdict verdict = verdict(all, log, orders);

        assertThat(findings(verdict)).containsExactly(Map.entry(Finding.LOST, 1L), Map.entry(Finding.FOREIGN, 1L));
        assertThat(verdict.examples(Finding.LOST).get(0).sequence()).isEqualTo(512);
    }

    @Test
    void withoutHeadersEventsAreKnownByTheirIds() throws Exception {
        log.replaceAll(record -> record.withHeader(null));
        assertThat(verdict(all, log, orders).clean()).isTrue();

        log.remove(2000);
        log.set(
                512,
                log.get(512)
                        .withValue(text(512)
                                .replaceFirst("\"total\":[0-9.]+", "\"total\":1999")
                                .getBytes(UTF_8)));

        assertThat(findings(verdict(all, log, orders)))
                .containsExactly(Map.entry(Finding.LOST, 1L), Map.entry(Finding.CORRUPTED, 1L));
    }

    @Test
    void withoutHeadersEventsAreKnownByFieldsThatAreUniqueTogether() throws Exception {
        CompiledStream readings = readings();
        Ledger ledger = ledger(0, EVENTS, readings);
        List<Stored> stored = new ArrayList<>(stored(readings, 0, 0, EVENTS, 3));
        stored.replaceAll(record -> record.withHeader(null));
        assertThat(verdict(ledger, stored, readings).clean()).isTrue();

        stored.remove(44);

        assertThat(findings(verdict(ledger, stored, readings))).containsExactly(Map.entry(Finding.LOST, 1L));
    }

    @Test
    void eventsOfOneKeyInTheSameSecondAreToldApartByTheirBytes() throws Exception {
        CompiledStream coarse = SentEvents.stream(readings().definition().toBuilder()
                .replace("at", Fields.time(io.dataflux.model.Kind.TimeFormat.ISO_SECONDS))
                .build());
        assertThat(coarse.event(0).time().plusSeconds(1))
                .isAfter(coarse.event(EVENTS).time());
        Ledger ledger = ledger(0, EVENTS, coarse);
        List<Stored> stored = new ArrayList<>(stored(coarse, 0, 0, EVENTS, 3));
        stored.replaceAll(record -> record.withHeader(null));

        assertThat(verdict(ledger, stored, coarse).clean()).isTrue();

        stored.remove(44);
        assertThat(verdict(ledger, stored, coarse).count(Finding.LOST)).isEqualTo(1);
    }

    @Test
    void anEventThatComesAfterALaterOneOfItsKeyIsReordered() throws Exception {
        long later = orders.sequenceOfOccurrence(
                orders.event(117).entity(), orders.event(117).occurrence() + 1);
        Stored moved = log.remove(117);
        log.add((int) later, moved);

        Verdict verdict = verdict(all, log, orders);

        assertThat(findings(verdict)).containsExactly(Map.entry(Finding.REORDERED, 1L));
        assertThat(verdict.facts()).contains("reordered : 1    117 came after 644 of the same key (user_158)");

        Verdict unordered = SinkVerification.of(all, "broker", List.of(orders), Routing.EVERYTHING)
                .acceptAnyOrder()
                .verify(reader(log));
        assertThat(unordered.clean()).isTrue();
        assertThat(unordered.toString()).contains("order per key was not judged");
    }

    @Test
    void eventsOfDifferentKeysMayComeInAnyOrder() throws Exception {
        List<Stored> byKey = new ArrayList<>(log);
        byKey.sort(java.util.Comparator.comparing(
                record -> orders.event(sequence(record)).entity()));

        assertThat(verdict(all, byKey, orders).clean()).isTrue();
    }

    @Test
    void orderIsJudgedWithinASourceOnly() throws Exception {
        List<Stored> spread = new ArrayList<>();
        for (Stored record : log) { // the latest events come in the source that is read first
            spread.add(record.in(sequence(record) % 2 == 0 ? "b" : "a"));
        }

        assertThat(verdict(all, spread, orders).clean()).isTrue();
    }

    @Test
    void aSourceThatIsReadBackwardsIsReorderedButForEachKeysLastEvent() throws Exception {
        java.util.Collections.reverse(log);
        long keys = log.stream()
                .map(record -> orders.event(sequence(record)).entity())
                .distinct()
                .count();

        assertThat(findings(verdict(all, log, orders))).containsExactly(Map.entry(Finding.REORDERED, EVENTS - keys));
    }

    @Test
    void anEventThatComesVeryLateIsReorderedToo() throws Exception {
        CompiledStream few = SentEvents.stream(StreamDefinition.named("few")
                .key(new io.dataflux.model.Key("k{}", 3, java.math.BigDecimal.ZERO, 1, 1))
                .identity("id")
                .field("id", Fields.uuid())
                .build());
        int events = 3 * Trail.LONGEST;
        List<Stored> stored = new ArrayList<>(stored(few, 0, 0, events, 2));
        Ledger ledger = ledger(0, events, few);
        assertThat(verdict(ledger, stored, few).clean()).isTrue();

        stored.add(stored.remove(5));

        assertThat(findings(verdict(ledger, stored, few))).containsExactly(Map.entry(Finding.REORDERED, 1L));
    }

    @Test
    void aStreamWithoutKeysHasNoOrder() throws Exception {
        CompiledStream keyless = SentEvents.stream(StreamDefinition.named("ticks")
                .identity("id")
                .field("id", Fields.uuid())
                .field("value", Fields.integer(0, 99))
                .build());
        List<Stored> stored = new ArrayList<>(stored(keyless, 0, 0, EVENTS, 1));
        java.util.Collections.reverse(stored);

        Verdict verdict = verdict(ledger(0, EVENTS, keyless), stored, keyless);

        assertThat(verdict.clean()).isTrue();
        assertThat(verdict.facts()).contains("arrived   : 3000 records in events-0, each once and unchanged");
    }

    @Test
    void eventsOfAnotherRunAreForeignAndStandInForNothing() throws Exception {
        CompiledStream other = orders.withTag(0x0badcafe);
        log.set(117, log.get(117).withValue(other.event(117).bytes()).withHeader(header(orders, 0x0badcafe, 0, 117)));
        log.set(118, log.get(118).withValue(other.event(118).bytes()).withHeader(null));

        Verdict verdict = verdict(all, log, orders);

        assertThat(findings(verdict)).containsExactly(Map.entry(Finding.LOST, 2L), Map.entry(Finding.FOREIGN, 2L));
        assertThat(verdict.examples(Finding.FOREIGN))
                .extracting(Verdict.Example::text)
                .anyMatch(text -> text.endsWith(": its header names run 0badcafe"))
                .anyMatch(text ->
                        text.matches("events-\\d offset \\d+: order_id=ord_[0-9a-f-]{36} is of another run or stream"));
    }

    @Test
    void whatNamesNoEventAtAllIsForeign() throws Exception {
        log.add(new Stored("events-0", 99_999, null, "{\"hello\":1}".getBytes(UTF_8), null));

        Verdict verdict = verdict(all, log, orders);

        assertThat(verdict.facts()).contains("foreign   : 1    events-0 offset 99999: nothing in it names an event");
    }

    @Test
    void eventsThatWereNeverIssuedArePhantoms() throws Exception {
        log.addAll(stored(orders, 0, EVENTS + 7, EVENTS + 8, 4));

        Verdict verdict = verdict(all, log, orders);

        assertThat(findings(verdict)).containsExactly(Map.entry(Finding.PHANTOM, 1L));
        assertThat(verdict.facts())
                .anyMatch(fact -> fact.startsWith("phantom   : 1    3007 was never issued (events-"));
    }

    @Test
    void eventsOfOtherSinksAreNotExpectedAndMisroutedIfTheyCome() throws Exception {
        Routing third = (stream, sequence) -> sequence % 3 == 0;
        Ledger ledger = ledger(0, EVENTS, n -> n % 3 == 0, n -> false, n -> false, orders);
        log.removeIf(record -> sequence(record) % 3 != 0);
        Verdict clean = verdict(ledger, log, third, orders);
        log.addAll(stored(orders, 0, 100, 101, 4));

        Verdict verdict = verdict(ledger, log, third, orders);

        assertThat(clean.clean()).isTrue();
        assertThat(clean.expected()).isEqualTo(EVENTS / 3);
        assertThat(findings(verdict)).containsExactly(Map.entry(Finding.MISROUTED, 1L));
        assertThat(verdict.facts())
                .anyMatch(fact -> fact.startsWith("misrouted : 1    100 was meant for other sinks ("));
    }

    @Test
    void unknownEventsMayComeOnceOrNot() throws Exception {
        Ledger ledger = ledger(0, EVENTS, n -> true, n -> false, n -> n >= 100 && n < 110, orders);
        log.subList(105, 110).clear();
        Verdict half = verdict(ledger, log, orders);
        log.add(log.get(100));

        Verdict twice = verdict(ledger, log, orders);

        assertThat(half.clean()).isTrue();
        assertThat(half.facts()).contains("expected  : 2990 acknowledged, 10 unknown of which 5 arrived");
        assertThat(findings(twice)).containsExactly(Map.entry(Finding.DUPLICATE, 1L));
    }

    @Test
    void anEventThatWasReportedAsFailedMustNotBeThere() throws Exception {
        Ledger ledger = ledger(0, EVENTS, n -> true, n -> n == 77 || n == 78, n -> false, orders);
        log.remove(77);
        Verdict one = verdict(ledger, log, orders);
        log.remove(77);
        Verdict none = verdict(ledger, log, orders);

        assertThat(findings(one)).containsExactly(Map.entry(Finding.RESURRECTED, 1L));
        assertThat(one.facts())
                .anyMatch(fact -> fact.startsWith("resurrected : 1    78 was reported as failed (events-"));
        assertThat(none.clean()).isTrue();
    }

    @Test
    void whenNothingWasExpectedTheVerdictIsNotClean() throws Exception {
        Verdict verdict = verdict(ledger(0, 0, orders), List.of(), orders);

        assertThat(verdict.clean()).isFalse();
        assertThat(verdict.headline())
                .isEqualTo("Nothing to judge: the run acknowledged no event of stream 'orders' at sink 'broker'"
                        + " (seed 42, run 5f3a90c1)");
    }

    @Test
    void anEmptyTargetHasLostEverything() throws Exception {
        Verdict verdict = verdict(all, List.of(), orders);

        assertThat(verdict.count(Finding.LOST)).isEqualTo(EVENTS);
        assertThat(verdict.facts()).contains("arrived   : nothing", "lost      : 3000 [0, 3000)");
    }

    @Test
    void streamsThatShareATargetAreToldApart() throws Exception {
        CompiledStream readings = readings();
        Ledger both = ledger(0, EVENTS, orders, readings);
        log.addAll(stored(readings, 1, 0, EVENTS, 4));
        Verdict clean = verdict(both, log, orders, readings);
        log.replaceAll(record -> record.withHeader(null));
        Verdict cleanWithoutHeaders = verdict(both, log, orders, readings);
        log.remove((int) EVENTS + 30);
        log.remove((int) EVENTS + 30);

        Verdict verdict = verdict(both, log, orders, readings);

        assertThat(clean.headline())
                .isEqualTo("Sink 'broker' holds streams 'orders' and 'readings' exactly (seed 42, run 5f3a90c1)");
        assertThat(cleanWithoutHeaders.clean()).isTrue();
        assertThat(verdict.facts())
                .contains("lost      : 2    all of stream 'readings', in events-2, of key sensor-6, [30, 32)")
                .contains("replay    : ./dataflux sample readings --seed 42 --from 30 --count 2");
    }

    @Test
    void aLedgerOfOtherStreamsIsRefused() {
        CompiledStream other =
                SentEvents.stream(orders.definition().toBuilder().rate(1, 1).build());

        assertThatThrownBy(() -> SinkVerification.of(all, "broker", List.of(other), Routing.EVERYTHING))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("definition, seed, start and rate must be those of the run");
        assertThatThrownBy(() -> SinkVerification.of(all, "keep", List.of(orders), Routing.EVERYTHING))
                .hasMessage("the run has no sink 'keep'; its sinks are [broker]");
        assertThatThrownBy(() -> SinkVerification.of(all, "broker", List.of(), Routing.EVERYTHING))
                .hasMessageStartingWith("the run had 1 streams [orders], but 0 are given");
    }

    @Test
    void aLedgerThatContradictsTheRoutingIsNotClean() throws Exception {
        log.removeIf(record -> sequence(record) % 3 != 0);

        Verdict verdict = verdict(all, log, (stream, sequence) -> sequence % 3 == 0, orders);

        assertThat(verdict.clean()).isFalse();
        assertThat(verdict.facts())
                .contains(
                        "ledger    : counts 3000 acknowledged, its ranges and the routing give 1000: it was written by"
                                + " another plan");
    }

    private String text(int sequence) {
        return new String(log.get(sequence).value(), UTF_8);
    }

    private static long sequence(Stored record) {
        return java.nio.ByteBuffer.wrap(record.header()).getLong(22);
    }

    static Map<Finding, Long> findings(Verdict verdict) {
        Map<Finding, Long> counts = new EnumMap<>(Finding.class);
        for (Finding finding : Finding.values()) {
            if (verdict.count(finding) > 0) {
                counts.put(finding, verdict.count(finding));
            }
        }
        return counts;
    }
}
