package io.dataflux.verify;

import static io.dataflux.verify.SentEvents.TAG;
import static io.dataflux.verify.SentEvents.findings;
import static io.dataflux.verify.SentEvents.ledger;
import static io.dataflux.verify.SentEvents.orders;
import static io.dataflux.verify.SentEvents.stored;
import static io.dataflux.verify.SentEvents.verdict;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.encode.CompiledStream;
import io.dataflux.ledger.Ledger;
import io.dataflux.ledger.Routing;
import io.dataflux.spi.SinkReader;
import io.dataflux.verify.SentEvents.Stored;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
                          expected  : 3,000 acknowledged
                          arrived   : 3,000 records in 4 sources, each once and unchanged, in order per key
                          ended     : at the end of the log; reading on brought nothing new""");
    }

    /** A target that is still written to is read until it brings nothing new, but not for ever. */
    @ParameterizedTest
    @CsvSource({"1, 1", "2, 2", "99, 99", "100, 100", "500, 100"})
    void aTargetIsReadUntilAReadingBringsNothing(int readings, int taken) throws Exception {
        List<Integer> calls = new ArrayList<>();
        SinkReader growing = new SinkReader() {
            @Override
            public long read(Visitor visitor) {
                int call = calls.size();
                calls.add(call);
                Stored next = ALL.get(call);
                visitor.record(next.source(), next.offset(), next.key(), next.value(), next.header());
                return call < readings - 1 ? 1 : 0;
            }

            @Override
            public void close() {}
        };

        Verdict verdict = SinkVerification.of(all, "broker", List.of(orders), Routing.EVERYTHING)
                .verify(growing);

        assertThat(calls).hasSize(taken);
        assertThat(verdict.records()).isEqualTo(taken);
        assertThat(verdict.facts())
                .contains(
                        readings <= 100
                                ? "ended     : at the end of the log; reading on brought nothing new"
                                : "ended     : after 100 readings, each of which brought more");
    }

    @Test
    void whetherKeysAndHeadersWereJudgedIsSaid() throws Exception {
        String explained = verdict(all, log, orders).explained();
        assertThat(explained)
                .containsPattern("(?m)^ +judged +values +every byte of every record")
                .containsPattern("(?m)^ +judged +record keys +3,000 records have one")
                .containsPattern("(?m)^ +judged +identifying headers +3,000 records have one");

        log.replaceAll(record -> record.withHeader(null).withKey(null));
        explained = verdict(all, log, orders).explained();
        assertThat(explained)
                .containsPattern("not judged +record keys +the target keeps none")
                .containsPattern("not judged +identifying headers +the target keeps none");

        log.set(0, ALL.get(0));
        explained = verdict(all, log, orders).explained();
        assertThat(explained)
                .containsPattern("(?m)^ +judged +record keys +1 records have one")
                .containsPattern("(?m)^ +judged +identifying headers +1 records have one");
    }

    @Test
    void aWholeEventUnderTheHeaderOfAnotherIsItselfWithAWrongHeader() throws Exception {
        log.set(512, log.get(512).withValue(log.get(700).value()));
        log.remove(700);

        Verdict verdict = verdict(all, log, orders);

        assertThat(verdict.examples(Finding.LOST))
                .extracting(Verdict.Example::sequence)
                .containsExactly(512L);
        assertThat(verdict.examples(Finding.CORRUPTED))
                .extracting(Verdict.Example::text)
                .containsExactly("700: the header names another event or run");

        log.clear();
        log.addAll(ALL);
        log.set(
                512,
                log.get(512)
                        .withValue(text(700).replaceFirst("\"total\":", "$0-").getBytes(UTF_8)));
        verdict = verdict(all, log, orders);
        assertThat(verdict.examples(Finding.CORRUPTED))
                .as("neither is whole: the header tells")
                .extracting(Verdict.Example::sequence)
                .containsExactly(512L);
    }

    @Test
    void anEventThatIsNotThereIsLost() throws Exception {
        log.remove(117);

        Verdict verdict = verdict(all, log, orders);

        assertThat(findings(verdict)).containsExactly(Map.entry(Finding.LOST, 1L));
        assertThat(verdict.clean()).isFalse();
        assertThat(verdict).hasToString("""
                        Sink 'broker' differs from stream 'orders' (seed 42, run 5f3a90c1)
                          expected  : 3,000 acknowledged
                          arrived   : 2,999 records in 4 sources
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
        assertThat(more.facts()).anyMatch(fact -> fact.endsWith("[400, 402), 3 extra copies"));
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
        log.removeIf(record -> record.sequence() % 3 != 0);
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
        assertThat(half.facts()).contains("expected  : 2,990 acknowledged, 10 unknown, of which 5 arrived");
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
        assertThat(verdict.facts()).contains("arrived   : nothing", "lost      : 3,000 [0, 3000)");
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
                .hasMessageStartingWith("the run had 1 stream [orders], but 0 were given");
    }

    @Test
    void aLedgerThatContradictsTheRoutingIsNotClean() throws Exception {
        log.removeIf(record -> record.sequence() % 3 != 0);

        Verdict verdict = verdict(all, log, (stream, sequence) -> sequence % 3 == 0, orders);

        assertThat(verdict.clean()).isFalse();
        assertThat(verdict.facts())
                .contains(
                        "ledger    : counts 3,000 acknowledged, but its ranges and the routing give 1,000: it was written by"
                                + " another plan");
    }

    private String text(int sequence) {
        return new String(log.get(sequence).value(), UTF_8);
    }
}
