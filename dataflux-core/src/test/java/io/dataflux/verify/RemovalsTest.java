package io.dataflux.verify;

import static io.dataflux.verify.SentEvents.findings;
import static io.dataflux.verify.SentEvents.ledger;
import static io.dataflux.verify.SentEvents.orders;
import static io.dataflux.verify.SentEvents.reader;
import static io.dataflux.verify.SentEvents.stored;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.encode.CompiledStream;
import io.dataflux.ledger.Ledger;
import io.dataflux.ledger.Routing;
import io.dataflux.model.Faults;
import io.dataflux.model.Fields;
import io.dataflux.model.StreamDefinition;
import io.dataflux.spi.Removal;
import io.dataflux.verify.SentEvents.Stored;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Targets that remove records by their own rules: compaction and retention. Long, because each rule is tried where it applies and where it
 * does not.
 */
class RemovalsTest {

    private static final long EVENTS = 3000;
    private final CompiledStream orders = orders();
    private final Ledger all = ledger(0, EVENTS, orders);

    /** A log without the given share of the records that a later one of their key replaces. */
    private static List<Stored> compacted(List<Stored> log, double share, long seed) {
        Random random = new Random(seed);
        Set<String> later = new HashSet<>();
        List<Stored> kept = new ArrayList<>();
        for (int i = log.size() - 1; i >= 0; i--) {
            Stored record = log.get(i);
            if (later.add(record.source() + new String(record.key(), UTF_8)) || random.nextDouble() >= share) {
                kept.add(0, record);
            }
        }
        return kept;
    }

    private static Verdict verdict(Ledger ledger, List<Stored> log, CompiledStream... streams) throws Exception {
        return SinkVerification.of(ledger, "broker", List.of(streams), Routing.EVERYTHING)
                .keepsLastPerKey()
                .verify(reader(log));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.1, 0.5, 0.9, 1})
    void whatALaterRecordReplacesIsNotLost(double share) throws Exception {
        for (long seed = 0; seed < 4; seed++) {
            List<Stored> log = compacted(stored(orders, 0, 0, EVENTS, 4), share, seed);
            long gone = EVENTS - log.size();

            Verdict verdict = verdict(all, log, orders);

            assertThat(verdict.clean()).as(verdict.toString()).isTrue();
            assertThat(verdict.expected()).isEqualTo(EVENTS);
            assertThat(verdict.notJudged()).isNotEmpty();
            assertThat(verdict.toString())
                    .startsWith(
                            gone == 0
                                    ? "Sink 'broker' holds stream 'orders' exactly ("
                                    : "Sink 'broker' holds exactly what it keeps of stream 'orders' (")
                    .contains(
                            "kept      : the last record of each key (compaction); "
                                    + (gone == 0
                                            ? "it has removed no event yet"
                                            : Wording.count(gone)
                                                    + " events that a later one of the key replaces are not there and not judged"));
            assertThat(SentEvents.verdict(all, log, orders).count(Finding.LOST))
                    .as("without the promise")
                    .isEqualTo(gone);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.5, 1})
    void theLastRecordOfAKeyMustBeThere(double share) throws Exception {
        List<Stored> log = compacted(stored(orders, 0, 0, EVENTS, 4), share, 7);
        Map<String, Long> last = new HashMap<>();
        log.forEach(record -> last.put(new String(record.key(), UTF_8), record.sequence()));
        List<Long> lost = last.values().stream().sorted().limit(20).toList();
        log.removeIf(record -> lost.contains(record.sequence()));

        Verdict verdict = verdict(all, log, orders);

        assertThat(findings(verdict)).containsExactly(Map.entry(Finding.LOST, 20L));
        assertThat(verdict.findings(Finding.LOST).map(Verdict.Example::sequence))
                .containsExactlyElementsOf(lost);
    }

    @Test
    void aKeyOfWhichNothingIsLeftLostItsLastEvent() throws Exception {
        List<Stored> log = stored(orders, 0, 0, EVENTS, 4);
        String key = new String(log.get(100).key(), UTF_8);
        long last = log.stream()
                .filter(record -> new String(record.key(), UTF_8).equals(key))
                .mapToLong(Stored::sequence)
                .max()
                .orElseThrow();
        log.removeIf(record -> new String(record.key(), UTF_8).equals(key));

        Verdict verdict = verdict(all, log, orders);

        assertThat(findings(verdict)).containsExactly(Map.entry(Finding.LOST, 1L));
        assertThat(verdict.examples(Finding.LOST).get(0).sequence()).isEqualTo(last);
    }

    @Test
    void otherFindingsAreMadeAsEver() throws Exception {
        List<Stored> log = compacted(stored(orders, 0, 0, EVENTS, 4), 0.5, 3);
        log.set(500, log.get(500).withKey("user_x".getBytes(UTF_8)));
        log.add(log.get(700));
        Stored early = log.remove(10);
        log.add(early);

        Verdict verdict = verdict(all, log, orders);

        assertThat(findings(verdict).keySet()).contains(Finding.CORRUPTED, Finding.DUPLICATE);
        assertThat(verdict.count(Finding.LOST)).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "duplicate 10%",
                "late 20% by 1s..9s",
                "drop 10%",
                "reorder 30% within 20",
                "duplicate 10%, drop 5%, reorder 30% within 20, corrupt 5% as truncated"
            })
    void theLastIsTheLastThatWasSent(String faults) throws Exception {
        CompiledStream faulty = orders.with(definition -> definition.faults(Faults.of(faults)));
        FaultySending sending = new FaultySending(faulty, EVENTS);
        for (double share : new double[] {0.3, 1}) {
            List<Stored> log = compacted(sending.stored(4), share, 5);

            List<Stored> rest = new ArrayList<>(sending.stored(4));
            rest.removeIf(record -> log.stream()
                    .anyMatch(kept -> kept.source().equals(record.source()) && kept.offset() == record.offset()));
            long gone = rest.stream().map(Stored::sequence).distinct().count();
            Verdict verdict = verdict(sending.ledger(), log, sending.stream);
            assertThat(verdict.clean()).as(verdict.toString()).isTrue();
            assertThat(verdict.toString())
                    .contains(Wording.count(gone) + " events that a later one of the key replaces are not there");

            Map<String, Long> last = new HashMap<>();
            log.forEach(record -> last.put(new String(record.key(), UTF_8), record.sequence()));
            Set<Long> lost = last.values().stream().sorted().limit(9).collect(Collectors.toSet());
            log.removeIf(record -> lost.contains(record.sequence()));
            Verdict without = verdict(sending.ledger(), log, sending.stream);
            assertThat(without.findings(Finding.LOST).map(Verdict.Example::sequence))
                    .containsExactlyInAnyOrderElementsOf(lost);
            assertThat(findings(without)).containsOnlyKeys(Finding.LOST);
        }
    }

    @Test
    void aLaterEventWithoutAnswerReplacesAnotherOnlyIfItIsThere() throws Exception {
        List<Stored> log = compacted(stored(orders, 0, 0, EVENTS, 4), 1, 0);
        Set<Long> last = log.stream().map(Stored::sequence).collect(Collectors.toSet());
        Ledger unknown = ledger(0, EVENTS, n -> true, n -> false, last::contains, orders);
        assertThat(verdict(unknown, log, orders).clean()).isTrue();

        Stored gone = log.remove(0);

        Verdict verdict = verdict(unknown, log, orders);
        assertThat(findings(verdict)).containsExactly(Map.entry(Finding.LOST, 1L));
        assertThat(verdict.examples(Finding.LOST).get(0).sequence()).isLessThan(gone.sequence());
    }

    @Test
    void streamsThatShareKeysInOneTopicReplaceEachOther() throws Exception {
        CompiledStream views = SentEvents.stream(StreamDefinition.named("views")
                .key("user_{}", 200)
                .identity("id")
                .field("id", Fields.uuid())
                .build());
        Ledger both = ledger(0, EVENTS, orders, views);
        List<Stored> log = new ArrayList<>();
        List<Stored> one = stored(orders, 0, 0, EVENTS, 4);
        List<Stored> other = stored(views, 1, 0, EVENTS, 4);
        for (int i = 0; i < EVENTS; i++) {
            log.add(one.get(i));
            log.add(other.get(i));
        }

        Verdict shared = verdict(both, compacted(log, 1, 0), orders, views);
        assertThat(shared.clean()).as(shared.toString()).isTrue();

        List<Stored> apart = compacted(one, 1, 0);
        long lost = apart.remove(3).sequence();
        compacted(other, 1, 0).forEach(record -> apart.add(record.in("other-" + record.source())));
        Verdict verdict = verdict(both, apart, orders, views);
        assertThat(findings(verdict)).containsExactly(Map.entry(Finding.LOST, 1L));
        assertThat(verdict.examples(Finding.LOST).get(0).sequence()).isEqualTo(lost);
    }

    @Test
    void whatARetentionRemovedIsNotJudgedAndItsNumberIsSaid() throws Exception {
        List<Stored> log = stored(orders, 0, 0, EVENTS, 4);
        Map<String, Long> gone = Map.of("events-1", 300L, "events-3", 50L);
        log.removeIf(isBefore(gone));

        Verdict verdict = retained(log, gone);

        assertThat(verdict.clean()).as(verdict.toString()).isTrue();
        assertThat(verdict.facts())
                .contains(
                        "kept      : not the first 350 records of 2 sources (retention); 350 events from there are not"
                                + " judged");
        assertThat(SentEvents.verdict(all, log, orders).count(Finding.LOST)).isEqualTo(350);
    }

    @Test
    void whatIsMissingBehindTheRemovedIsLost() throws Exception {
        List<Stored> log = stored(orders, 0, 0, EVENTS, 4);
        Map<String, Long> gone = Map.of("events-1", 300L);
        log.removeIf(isBefore(gone));
        Set<Long> lost = log.stream()
                .filter(record -> record.source().equals("events-2") && record.offset() == 3
                        || record.source().equals("events-1") && record.offset() == 500)
                .map(Stored::sequence)
                .collect(Collectors.toSet());
        log.removeIf(record -> lost.contains(record.sequence()));

        Verdict verdict = retained(log, gone);

        assertThat(lost).hasSize(2);
        assertThat(findings(verdict)).containsExactly(Map.entry(Finding.LOST, 2L));
        assertThat(verdict.findings(Finding.LOST).map(Verdict.Example::sequence))
                .containsExactlyInAnyOrderElementsOf(lost);
    }

    @Test
    void noMoreIsExcusedThanIsGone() throws Exception {
        List<Stored> log = stored(orders, 0, 0, EVENTS, 4);
        log.removeIf(isBefore(Map.of("events-1", 300L)));

        Verdict verdict = retained(log, Map.of("events-1", 290L));

        assertThat(findings(verdict)).containsExactly(Map.entry(Finding.LOST, 10L));
    }

    @Test
    void aSourceThatIsGoneAsAWholeIsNotJudged() throws Exception {
        List<Stored> log = stored(orders, 0, 0, EVENTS, 4);
        long gone = log.stream()
                .filter(record -> record.source().equals("events-1"))
                .count();
        log.removeIf(record -> record.source().equals("events-1"));

        assertThat(retained(log, Map.of("events-1", gone)).clean()).isTrue();
    }

    @Test
    void aTopicThatIsNotCompactedLosesAsEver() throws Exception {
        List<Stored> full = stored(orders, 0, 0, EVENTS, 4);
        List<Stored> log = compacted(full, 0.5, 1);
        Set<Long> there = log.stream().map(Stored::sequence).collect(Collectors.toSet());
        List<Long> lost = full.stream()
                .filter(record -> !there.contains(record.sequence()))
                .filter(record ->
                        record.source().equals("events-2") || record.source().equals("events-3"))
                .map(Stored::sequence)
                .toList();

        Verdict verdict = SinkVerification.of(all, "broker", List.of(orders), Routing.EVERYTHING)
                .mayLack(new Removal(Set.of("events-0", "events-1"), Map.of()))
                .verify(reader(log));

        assertThat(lost).hasSizeGreaterThan(100);
        assertThat(verdict.findings(Finding.LOST).map(Verdict.Example::sequence))
                .containsExactlyInAnyOrderElementsOf(lost);
    }

    @Test
    void aTopicCanDoBoth() throws Exception {
        List<Stored> log = compacted(stored(orders, 0, 0, EVENTS, 4), 0.6, 1);
        Map<String, Long> gone = Map.of("events-1", 300L);
        log.removeIf(isBefore(gone));

        Verdict verdict = SinkVerification.of(all, "broker", List.of(orders), Routing.EVERYTHING)
                .keepsLastPerKey()
                .mayLack(new Removal(Set.of(), gone))
                .verify(reader(log));

        assertThat(verdict.clean()).as(verdict.toString()).isTrue();
        assertThat(verdict.notJudged()).hasSizeGreaterThanOrEqualTo(2);
    }

    /** There is room for ten more of what is gone, but only where something is gone, and before what is left. */
    @Test
    void whatIsMissingWhereNothingIsGoneIsLost() throws Exception {
        List<Stored> log = stored(orders, 0, 0, EVENTS, 4);
        Set<Integer> shards = log.stream()
                .filter(record -> record.source().equals("events-1"))
                .map(record -> orders.schedule().shardOf(record.sequence()))
                .collect(Collectors.toSet());
        String late = new String(
                log.stream()
                        .filter(record -> shards.contains(orders.schedule().shardOf(record.sequence())))
                        .filter(record -> orders.event(record.sequence()).occurrence() == 0)
                        .reduce((one, next) -> next)
                        .orElseThrow()
                        .key(),
                UTF_8);
        Predicate<Stored> isLost =
                record -> record.offset() == 0 && !record.source().equals("events-1")
                        || new String(record.key(), UTF_8).equals(late);
        List<Long> lost = log.stream().filter(isLost).map(Stored::sequence).toList();
        log.removeIf(isLost.or(isBefore(Map.of("events-1", 300L))));

        Verdict verdict = retained(log, Map.of("events-1", 310L, "events-2", 0L));

        assertThat(lost).hasSizeGreaterThan(3);
        assertThat(verdict.findings(Finding.LOST).map(Verdict.Example::sequence))
                .containsExactlyInAnyOrderElementsOf(lost);
        assertThat(verdict.facts())
                .contains("kept      : not the first 310 records of events-1 (retention); 300 events from there are not"
                        + " judged");
    }

    @Test
    void withoutKeysWhatIsGoneIsJudgedByWhatIsLeftOfASource() throws Exception {
        CompiledStream ticks = SentEvents.stream(StreamDefinition.named("ticks")
                .identity("id")
                .field("id", Fields.uuid())
                .build());
        List<Stored> log = new ArrayList<>();
        stored(ticks, 0, 0, 1000, 1).forEach(record -> log.add(record.in("part-" + record.sequence() % 2)));
        Ledger ledger = ledger(0, 1000, ticks);
        log.removeIf(record -> record.sequence() < 200 && record.sequence() % 2 == 0);
        Removal removal = new Removal(Set.of(), Map.of("part-0", 100L));

        assertThat(SinkVerification.of(ledger, "broker", List.of(ticks), Routing.EVERYTHING)
                        .mayLack(removal)
                        .verify(reader(log))
                        .clean())
                .isTrue();
        log.removeIf(record -> record.sequence() == 500);
        log.addAll(stored(ticks, 0, 0, 1, 1)); // now one of those that are gone is left
        Verdict verdict = SinkVerification.of(ledger, "broker", List.of(ticks), Routing.EVERYTHING)
                .mayLack(removal)
                .verify(reader(log));
        assertThat(verdict.findings(Finding.LOST).map(Verdict.Example::sequence))
                .contains(500L);
        assertThat(verdict(ledger, log, ticks).findings(Finding.LOST).map(Verdict.Example::sequence))
                .as("what has no key is not replaced")
                .hasSize(100)
                .contains(500L);
    }

    @Test
    void onlyWhatTheTargetGetsUnderTheKeyReplaces() throws Exception {
        Ledger half = ledger(0, EVENTS, n -> n % 2 == 0, n -> false, n -> false, orders);
        List<Stored> log = stored(orders, 0, 0, EVENTS, 4);
        log.removeIf(record -> record.sequence() % 2 != 0);
        Map<String, Long> last = new HashMap<>();
        log.forEach(record -> last.put(new String(record.key(), UTF_8), record.sequence()));
        long lost = last.values().stream()
                .filter(n -> {
                    long next = orders.sequenceOfOccurrence(
                            orders.event(n).entity(), orders.event(n).occurrence() + 1);
                    return next < EVENTS && next % 2 != 0;
                })
                .findFirst()
                .orElseThrow();
        List<Stored> compacted = compacted(log, 1, 0);
        compacted.removeIf(record -> record.sequence() == lost);

        Verdict routed = SinkVerification.of(half, "broker", List.of(orders), (stream, n) -> n % 2 == 0)
                .keepsLastPerKey()
                .verify(reader(compacted));
        assertThat(routed.findings(Finding.LOST).map(Verdict.Example::sequence)).containsExactly(lost);

        CompiledStream keyless = orders.with(definition -> definition.faults(Faults.of("corrupt 30% as null_key")));
        FaultySending sending = new FaultySending(keyless, EVENTS);
        Map<Long, FaultySending.Delivery> before = new HashMap<>();
        Set<Long> gone = new HashSet<>();
        for (FaultySending.Delivery each : sending.deliveries) {
            FaultySending.Delivery previous =
                    before.put(sending.stream.event(each.sequence()).entity(), each);
            if (each.corruption() != null && each.sequence() < 100) {
                gone.add(each.sequence()); // has no key, so nothing replaces it
            } else if (previous != null
                    && previous.corruption() == null
                    && each.corruption() != null
                    && lastOfKey(sending, each)) {
                gone.add(previous.sequence()); // what comes after it has no key
            }
        }
        List<Stored> rest = sending.stored(4);
        rest.removeIf(record -> gone.contains(record.sequence()));
        assertThat(gone).hasSizeGreaterThan(30);
        assertThat(verdict(sending.ledger(), rest, sending.stream)
                        .findings(Finding.LOST)
                        .map(Verdict.Example::sequence))
                .containsExactlyInAnyOrderElementsOf(gone);
    }

    private static boolean lastOfKey(FaultySending sending, FaultySending.Delivery of) {
        var event = sending.stream.event(of.sequence());
        return sending.stream.sequenceOfOccurrence(event.entity(), event.occurrence() + 1) >= EVENTS;
    }

    /** Short runs, in which the last that was sent of a key is often its first. */
    @Test
    void whatWasMovedBehindAllOthersOfItsKeyReplacesThem() throws Exception {
        int moved = 0;
        for (int run = 0; run < 60; run++) {
            FaultySending sending = new FaultySending(few(run), 12);
            List<Stored> all = sending.stored(1);
            List<Stored> log = compacted(all, 1, 0);
            moved += (int) log.stream()
                    .filter(record -> sending.stream.event(record.sequence()).occurrence() == 0)
                    .count();

            Verdict verdict = verdict(sending.ledger(), log, sending.stream);

            assertThat(verdict.clean()).as("%s", verdict).isTrue();
        }
        assertThat(moved).isGreaterThan(5);
    }

    /** An event that was sent again when the run was resumed may have come after the one that was planned last. */
    @Test
    void whatWasSentAgainMayReplaceWhatWasPlannedAfterIt() throws Exception {
        int tried = 0;
        for (int run = 0; run < 20; run++) {
            FaultySending sending = new FaultySending(few(run), 12);
            List<Stored> all = sending.stored(1);
            Stored last = compacted(all, 1, 0).get(0);
            List<Stored> others = all.stream()
                    .filter(record -> Arrays.equals(record.key(), last.key()) && !record.equals(last))
                    .toList();
            for (Stored other : others) {
                FaultySending.Delivery delivery = sending.first(each -> each.sequence() == other.sequence());
                List<Stored> log = new ArrayList<>(all);
                log.remove(last);
                Ledger ledger = sending.ledger();
                assertThat(findings(verdict(ledger, log, sending.stream))).containsExactly(Map.entry(Finding.LOST, 1L));
                ledger.sink("broker")
                        .streams()
                        .get(0)
                        .shards()
                        .get(delivery.shard())
                        .resent()
                        .add(delivery.place(), delivery.place() + 1);
                assertThat(verdict(ledger, log, sending.stream).clean()).isTrue();
                log.remove(other);
                assertThat(verdict(ledger, log, sending.stream).clean())
                        .as("if it is there")
                        .isFalse();
                tried++;
            }
        }
        assertThat(tried).isGreaterThan(20);
    }

    private static CompiledStream few(int run) {
        return SentEvents.stream(StreamDefinition.named("few" + run)
                        .key("k{}", 3)
                        .identity("id")
                        .field("id", Fields.uuid())
                        .build())
                .with(definition -> definition.faults(Faults.of("reorder 60% within 64")));
    }

    /** What a stream's sources are is asked anew for each verdict. */
    @Test
    void aSecondVerdictKnowsTheSourcesThatCameSince() {
        SinkVerification verification = SinkVerification.of(all, "broker", List.of(orders), Routing.EVERYTHING)
                .mayLack(new Removal(Set.of("events-0"), Map.of()));
        List<Stored> log = compacted(stored(orders, 0, 0, EVENTS, 2), 1, 0);
        byte[] gone = log.get(7).key();
        log.removeIf(record -> Arrays.equals(record.key(), gone)); // so where they were is not known
        for (String source : List.of("events-0", "events-1")) {
            log.stream()
                    .filter(record -> record.source().equals(source))
                    .forEach(record -> verification.record(
                            record.source(), record.offset(), record.key(), record.value(), record.header()));
            Set<String> there = source.equals("events-0") ? Set.of("events-0") : Set.of("events-0", "events-1");
            Verdict verdict = verification.verdict();
            Verdict fresh = verdictOf(log.stream()
                    .filter(record -> there.contains(record.source()))
                    .toList());
            assertThat(verdict.count(Finding.LOST)).as(source).isPositive().isEqualTo(fresh.count(Finding.LOST));
        }
    }

    private Verdict verdictOf(List<Stored> log) {
        SinkVerification verification = SinkVerification.of(all, "broker", List.of(orders), Routing.EVERYTHING)
                .mayLack(new Removal(Set.of("events-0"), Map.of()));
        log.forEach(record ->
                verification.record(record.source(), record.offset(), record.key(), record.value(), record.header()));
        return verification.verdict();
    }

    private Verdict retained(List<Stored> log, Map<String, Long> gone) throws Exception {
        return SinkVerification.of(all, "broker", List.of(orders), Routing.EVERYTHING)
                .mayLack(new Removal(Set.of(), gone))
                .verify(reader(log));
    }

    private static Predicate<Stored> isBefore(Map<String, Long> gone) {
        return record -> record.offset() < gone.getOrDefault(record.source(), 0L);
    }
}
