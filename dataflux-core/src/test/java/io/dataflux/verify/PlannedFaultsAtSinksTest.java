package io.dataflux.verify;

import static io.dataflux.verify.SentEvents.findings;
import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.encode.CompiledStream;
import io.dataflux.ledger.Ledger;
import io.dataflux.ledger.Routing;
import io.dataflux.model.Corruption;
import io.dataflux.model.Faults;
import io.dataflux.schedule.Schedule;
import io.dataflux.verify.FaultySending.Delivery;
import io.dataflux.verify.SentEvents.Stored;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a sink's target is to hold of a stream with planned faults. */
class PlannedFaultsAtSinksTest {

    private static final long EVENTS = 6_000;
    private static final String ALL = "late 2% by 8s..30s, duplicate 1% within 50, drop 1%, reorder 5% within 30,"
            + " corrupt 1% as truncated or invalid_utf8 or wrong_type or missing_field or oversize or null_key";

    private static CompiledStream orders(String faults) {
        return SentEvents.orders().with(definition -> definition.faults(Faults.of(faults)));
    }

    private final FaultySending sending = new FaultySending(orders(ALL), EVENTS);
    private final List<Stored> stored = new ArrayList<>(sending.stored(3));

    private Verdict verdict() throws Exception {
        return SentEvents.verdict(sending.ledger(), stored, sending.stream);
    }

    /** The record of the first delivery of which something holds. */
    private int at(Predicate<Delivery> wanted) {
        return sending.deliveries.indexOf(sending.first(wanted));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ALL,
                "drop 2%",
                "duplicate 3% within 200",
                "reorder 20% within 60",
                "corrupt 10% as truncated or invalid_utf8",
                "late 10% by 1m",
                "reorder 60% within 64, duplicate 40% within 64"
            })
    void whatWasPlannedIsClean(String faults) throws Exception {
        FaultySending planned = new FaultySending(orders(faults), EVENTS);

        Verdict verdict = SentEvents.verdict(planned.ledger(), planned.stored(3), planned.stream);

        assertThat(verdict.clean()).as("%s", verdict).isTrue();
        assertThat(verdict.judgesOrder()).isTrue();
        assertThat(verdict.expected()).isEqualTo(planned.deliveries.size());
        assertThat(verdict.records()).isEqualTo(planned.deliveries.size());
        assertThat(verdict.toString())
                .contains("planned   : " + sendingText(planned) + "\n")
                .contains(" in 3 sources, as planned, in order per key");
    }

    private static String sendingText(FaultySending planned) {
        return String.valueOf(planned.stream.definition().faults());
    }

    @Test
    void identitiesInBrokenBodiesWillDoWhereATargetKeepsNoHeadersAndNoKeys() throws Exception {
        stored.replaceAll(record -> record.withHeader(null).withKey(null));

        assertThat(verdict().clean()).as("%s", verdict()).isTrue();
    }

    @Test
    void anIdentityOfSeveralFieldsIsReadInBrokenBodiesToo() throws Exception {
        FaultySending readings = new FaultySending(
                SentEvents.readings()
                        .with(definition -> definition.faults(
                                Faults.of("corrupt 5% as truncated or invalid_utf8 or wrong_type, duplicate 2%"))),
                EVENTS);
        List<Stored> bare = new ArrayList<>(readings.stored(3));
        bare.replaceAll(record -> record.withHeader(null));

        Verdict verdict = SentEvents.verdict(readings.ledger(), bare, readings.stream);

        assertThat(verdict.clean()).as("%s", verdict).isTrue();
        assertThat(verdict.expected()).isEqualTo(readings.deliveries.size());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRepeatedEventThatComesOnceLostItsCopy(boolean copy) throws Exception {
        Delivery lost = sending.first(Delivery::copy);
        stored.remove(at(each -> each.sequence() == lost.sequence() && each.copy() == copy));

        Verdict verdict = verdict();

        assertThat(findings(verdict)).containsExactly(Map.entry(Finding.LOST, 1L));
        assertThat(verdict.expected()).isEqualTo(sending.deliveries.size());
        assertThat(verdict.examples(Finding.LOST).get(0).text())
                .startsWith(lost.sequence() + " (key ")
                .containsPattern(" came only once; planned: twice, the copy [0-9]+ later");
    }

    @Test
    void aRepeatedEventThatDoesNotComeAtAllIsLostOnce() throws Exception {
        Delivery lost = sending.first(Delivery::copy);
        stored.remove(at(each -> each.equals(lost)));
        stored.remove(at(each -> each.sequence() == lost.sequence()));

        Verdict verdict = verdict();

        assertThat(findings(verdict)).containsExactly(Map.entry(Finding.LOST, 1L));
        assertThat(verdict.expected()).isEqualTo(sending.deliveries.size());
        assertThat(verdict.examples(Finding.LOST).get(0).text())
                .matches(".*\\); planned: twice, the copy [0-9]+ later");
    }

    @Test
    void aRepeatedEventThatComesThreeTimesIsADuplicate() throws Exception {
        int again = at(Delivery::copy);
        stored.add(stored.get(again));

        Verdict verdict = verdict();

        assertThat(findings(verdict)).containsExactly(Map.entry(Finding.DUPLICATE, 1L));
        assertThat(verdict.examples(Finding.DUPLICATE).get(0).text())
                .matches(sending.first(Delivery::copy).sequence()
                        + " \\(3 times\\); planned: twice, the copy [0-9]+ later");
    }

    @Test
    void aCopyThatMayNotHaveArrivedIsNotMissed() throws Exception {
        Delivery unknown = sending.first(Delivery::copy);
        Ledger ledger = sending.ledger(unknown::equals);
        Verdict with = SentEvents.verdict(ledger, stored, sending.stream);
        stored.remove(at(unknown::equals));

        Verdict without = SentEvents.verdict(ledger, stored, sending.stream);

        assertThat(with.clean()).as("%s", with).isTrue();
        assertThat(without.clean()).as("%s", without).isTrue();
        assertThat(without.expected()).isEqualTo(sending.deliveries.size() - 1);
    }

    @Test
    void aDroppedEventThatComesIsAPhantom() throws Exception {
        Delivery dropped = dropped();
        stored.add(sending.stored(dropped, "events-0", 100_000));

        Verdict verdict = verdict();

        assertThat(findings(verdict)).containsExactly(Map.entry(Finding.PHANTOM, 1L));
        assertThat(verdict.examples(Finding.PHANTOM).get(0).text())
                .isEqualTo(dropped.sequence() + " was not expected (events-0 offset 100000); planned: dropped");
    }

    private Delivery dropped() {
        long sequence = sending.stream.faults(0, EVENTS).stream()
                .filter(fault -> fault.copies() == 0)
                .findFirst()
                .orElseThrow()
                .sequence();
        return new Delivery(sequence, 0, 0, 0, false, null);
    }

    @ParameterizedTest
    @EnumSource(value = Corruption.class, names = "UNKNOWN_ENUM", mode = EnumSource.Mode.EXCLUDE)
    void aBrokenEventThatCameWholeIsCorrupted(Corruption corruption) throws Exception {
        int mended = at(each -> each.corruption() == corruption);
        long sequence = sending.deliveries.get(mended).sequence();
        stored.set(
                mended,
                stored.get(mended)
                        .withValue(sending.stream.event(sequence).bytes())
                        .withKey(sending.stream.key(
                                sending.stream.event(sequence).entity())));

        Verdict verdict = verdict();

        assertThat(findings(verdict)).containsExactly(Map.entry(Finding.CORRUPTED, 1L));
        assertThat(verdict.examples(Finding.CORRUPTED).get(0).text())
                .startsWith(sequence + ": ")
                .contains(corruption == Corruption.NULL_KEY ? "key expected none but was user_" : "but is intact")
                .endsWith("; planned: corrupt (" + corruption.word() + ")");
    }

    @Test
    void aFaultyReaderLosesACopyDeliversWhatWasDroppedAndMendsWhatWasBroken() throws Exception {
        long twice = sending.first(Delivery::copy).sequence();
        long broken = sending.first(each -> each.corruption() == Corruption.MISSING_FIELD)
                .sequence();
        long dropped = dropped().sequence();
        long other = sending.first(each -> each.corruption() == null).sequence();

        assertThat(sabotaged("drop:" + twice, "was dropped")).containsExactly(Map.entry(Finding.LOST, 1L));
        assertThat(sabotaged("repeat:" + twice, "was repeated")).containsExactly(Map.entry(Finding.DUPLICATE, 1L));
        assertThat(sabotaged("deliver:" + dropped, "which is planned to be dropped, came after events-"))
                .containsExactly(Map.entry(Finding.PHANTOM, 1L));
        assertThat(sabotaged("mend:" + broken, "was sent broken and came intact"))
                .containsExactly(Map.entry(Finding.CORRUPTED, 1L));
        assertThat(sabotaged("mend:" + other, "did not fire: event " + other + " of stream 'orders' was sent intact"))
                .isEmpty();
        assertThat(sabotaged("deliver:" + other, " is not planned to be dropped"))
                .isEmpty();
        assertThat(sabotaged("drop:" + dropped, " is planned to be dropped; only deliver applies to it"))
                .isEmpty();
    }

    private Map<Finding, Long> sabotaged(String sabotage, String report) throws Exception {
        FaultyReader faulty = new FaultyReader(
                SentEvents.reader(stored), FaultyReader.Sabotage.parse(sabotage), sending.stream, SentEvents.TAG);
        Verdict verdict = SinkVerification.of(sending.ledger(), "broker", List.of(sending.stream), Routing.EVERYTHING)
                .verify(faulty);
        assertThat(faulty.report()).contains(report);
        return findings(verdict);
    }

    @Test
    void aBrokenEventWithOtherBytesIsCorrupted() throws Exception {
        int at = at(each -> each.corruption() == Corruption.INVALID_UTF8);
        byte[] other = stored.get(at).value().clone();
        other[other.length - 1] ^= 1;
        stored.set(at, stored.get(at).withValue(other));

        Verdict verdict = verdict();

        assertThat(findings(verdict)).containsExactly(Map.entry(Finding.CORRUPTED, 1L));
        assertThat(verdict.examples(Finding.CORRUPTED).get(0).text())
                .contains(": was sent broken, but has other bytes from byte " + (other.length - 1) + " on");
    }

    @Test
    void orderIsThatOfSending() throws Exception {
        FaultySending moved = new FaultySending(orders("reorder 20% within 60"), EVENTS);
        List<Stored> inTurn = new ArrayList<>();
        moved.deliveries.stream()
                .sorted(Comparator.comparing(Delivery::sequence))
                .forEach(each -> inTurn.add(moved.stored(each, "events-0", inTurn.size())));

        Verdict verdict = SentEvents.verdict(moved.ledger(), inTurn, moved.stream);

        assertThat(findings(verdict)).containsOnlyKeys(Finding.REORDERED);
        assertThat(verdict.examples(Finding.REORDERED).get(0).text())
                .contains(" came after ")
                .contains(" of the same key (user_");
        assertThat(verdict.toString()).contains("planned   : reorder 20% within 60");
    }

    @Test
    void twoEventsOfAKeyThatAreSwappedAreFoundWhereverTheyLie() throws Exception {
        for (int i = 500; i < 5_500; i += 577) {
            List<Stored> swapped = new ArrayList<>(stored);
            Stored first = stored.get(i);
            int j = i + 1;
            while (!Arrays.equals(first.key(), stored.get(j).key())
                    || sending.deliveries.get(j).copy()) {
                j++;
            }
            if (first.key() == null || sending.deliveries.get(i).copy() || isRepeated(i) || isRepeated(j)) {
                continue;
            }
            Stored second = stored.get(j);
            swapped.set(i, second);
            swapped.set(j, first);

            Verdict verdict = SentEvents.verdict(sending.ledger(), swapped, sending.stream);

            assertThat(findings(verdict)).as("%d and %d", i, j).containsOnlyKeys(Finding.REORDERED);
        }
    }

    private boolean isRepeated(int at) {
        long sequence = sending.deliveries.get(at).sequence();
        return sending.deliveries.stream()
                        .filter(each -> each.sequence() == sequence)
                        .count()
                > 1;
    }

    @Test
    void pagesOfAStreamWithFaultsBecomeFull() {
        CompiledStream narrow = SentEvents.orders()
                .with(definition -> definition.key("user_{}", 1).faults(Faults.of("drop 1%, duplicate 1% within 50")));
        FaultySending many = new FaultySending(narrow, 3 * ArrivedSet.PAGE);
        StreamState state = new StreamState(
                new ExpectedDeliveries(
                        many.stream,
                        many.ledger().sinks().get(0).streams().get(0).shards()),
                sequence -> true);
        state.awaitCopies();
        Schedule.Slot slot = new Schedule.Slot();
        for (Delivery each : many.deliveries) {
            many.stream.schedule().locate(each.sequence(), slot);
            assertThat(state.arrived(slot)).isEqualTo(!each.copy());
            if (each.copy()) {
                assertThat(state.copyArrived(slot)).isTrue();
            }
        }
        List<Long> missing = new ArrayList<>();
        state.missing(missing::add);
        state.missingCopies(missing::add);

        assertThat(missing).isEmpty();
        assertThat(state.openPages()).as("the last page is not complete").isLessThanOrEqualTo(2);
    }
}
