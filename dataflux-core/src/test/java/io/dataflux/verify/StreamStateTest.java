package io.dataflux.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.encode.CompiledStream;
import io.dataflux.ledger.Ledger.ShardLedger;
import io.dataflux.ledger.Ranges;
import io.dataflux.model.Corruption;
import io.dataflux.model.Faults;
import io.dataflux.model.Fields;
import io.dataflux.model.Key;
import io.dataflux.model.StreamDefinition;
import io.dataflux.schedule.Schedule;
import io.dataflux.verify.ExpectedDeliveries.Standing;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is known of a stream, asked directly. Long, because what far back events overtook is walked by itself. */
class StreamStateTest {

    private static final long PLACES = 5L * ArrivedSet.PAGE;
    private final CompiledStream oneShard = SentEvents.stream(StreamDefinition.named("one")
            .key(new Key("k{}", 3, BigDecimal.ZERO, 1, 1))
            .identity("id")
            .field("id", Fields.uuid())
            .build());
    private final List<ShardLedger> acknowledged =
            List.of(new ShardLedger(Ranges.of(0, PLACES), new Ranges(), new Ranges()));
    private final Schedule.Slot slot = new Schedule.Slot();

    @ParameterizedTest
    @ValueSource(longs = {0, 2L * ArrivedSet.PAGE + 10})
    void pagesBecomeFullAlthoughEveryOtherEventIsMeantForOthers(long from) {
        List<ShardLedger> ledger = List.of(new ShardLedger(Ranges.of(from, from + PLACES), new Ranges(), new Ranges()));
        StreamState state = new StreamState(new ExpectedDeliveries(oneShard, ledger), sequence -> sequence % 2 == 0);
        int most = 0;
        for (long n = from; n < from + PLACES; n += 2) {
            oneShard.schedule().locate(n, slot);
            assertThat(state.arrived(slot)).isTrue();
            most = Math.max(most, state.openPages());
        }

        assertThat(most).isLessThanOrEqualTo(from == 0 ? 2 : 3); // the first one stays open
        assertThat(missing(state)).isEmpty();
    }

    @Test
    void pagesBecomeFullAlthoughMostEventsHaveNoCopy() {
        long events = 4L * ArrivedSet.PAGE;
        CompiledStream twice = SentEvents.stream(oneShard.definition())
                .with(definition -> definition.faults(Faults.of("duplicate 5% within 4")));
        List<ShardLedger> ledger = List.of(new ShardLedger(Ranges.of(0, 2 * events), new Ranges(), new Ranges()));
        StreamState state = new StreamState(new ExpectedDeliveries(twice, ledger, 0, events), sequence -> true);
        state.awaitCopies();
        int most = 0;
        for (long n = 0; n < events; n++) {
            twice.schedule().locate(n, slot);
            state.arrived(slot);
            state.copyArrived(slot);
            most = Math.max(most, state.openPages());
        }

        assertThat(most).isBetween(3, 4);
        assertThat(missing(state)).isEmpty();
        assertThat(state.missingCopies(sequence -> false)).isTrue();
    }

    /** Also where what came last of the source lies far ahead: what was meant for others, or not sent at all, overtook nothing. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "drop 30%",
                "reorder 60% within 64",
                "drop 20%, reorder 50% within 64, corrupt 20% as null_key"
            })
    void whatOvertookAnEventThatIsFarTooLateCameAndWasSentLater(String faults) {
        long events = 4L * ArrivedSet.PAGE;
        CompiledStream keys = SentEvents.stream(StreamDefinition.named("keys")
                .key(new Key("k{}", 50_000, BigDecimal.ZERO, 1, 1))
                .identity("id")
                .field("id", Fields.uuid())
                .build());
        CompiledStream stream = faults.isEmpty() ? keys : keys.with(definition -> definition.faults(Faults.of(faults)));
        List<ShardLedger> ledger = List.of(new ShardLedger(Ranges.of(0, 2 * events), new Ranges(), new Ranges()));
        ExpectedDeliveries sent = new ExpectedDeliveries(stream, ledger, 0, events);
        StreamState state = new StreamState(sent, sequence -> sequence % 2 == 0);
        RecentArrivals trail = new RecentArrivals();
        Set<Long> late = new LinkedHashSet<>();
        for (long n = 0; n < events; n++) {
            stream.schedule().locate(n, slot);
            long place = sent.place(0, slot.local, false);
            boolean isLate = n < 150_000 && slot.entity % 100 == 0 && slot.occurrence != 2;
            if (isLate && n % 2 == 0 && place >= 0) {
                late.add(n);
            } else if (!isLate && n % 2 == 0 && place >= 0) {
                state.arrived(slot);
                trail.add(slot.local, place);
            }
        }
        int overtaken = 0;
        Schedule.Slot at = new Schedule.Slot();
        for (long n : late) {
            stream.schedule().locate(n, slot);
            long place = sent.place(0, slot.local, false);
            List<Long> later = new ArrayList<>();
            for (long occurrence = 0; stream.sequenceOfOccurrence(slot.entity, occurrence) < events; occurrence++) {
                long other = stream.sequenceOfOccurrence(slot.entity, occurrence);
                stream.schedule().locate(other, at);
                if (other % 2 == 0
                        && !late.contains(other)
                        && sent.place(0, at.local, false) > place
                        && state.corruption(at) != Corruption.NULL_KEY) {
                    later.add(other);
                }
            }
            long found = state.overtakenBy(slot, place, trail, true);
            if (later.isEmpty()) {
                assertThat(found).isEqualTo(-1);
            } else {
                assertThat(later).contains(found);
                overtaken++;
            }
        }
        assertThat(overtaken).isBetween(late.size() / 10, late.size() - late.size() / 10);
    }

    /** Within a block of moved events, too, where the source's own memory no longer reaches. */
    @Test
    void whatWasMovedBehindAnEventThatIsFarTooLateOvertookIt() {
        CompiledStream few = SentEvents.stream(StreamDefinition.named("few")
                .key(new Key("k{}", 3, BigDecimal.ZERO, 1, 1))
                .identity("id")
                .field("id", Fields.uuid())
                .faults(Faults.of("reorder 60% within 64"))
                .build());
        List<ShardLedger> ledger = List.of(new ShardLedger(Ranges.of(0, PLACES), new Ranges(), new Ranges()));
        ExpectedDeliveries sent = new ExpectedDeliveries(few, ledger, 0, PLACES / 2);
        long late = 10;
        Schedule.Slot at = new Schedule.Slot();
        few.schedule().locate(late, at);
        long place = sent.place(0, at.local, false);
        long before = -1;
        long after = -1;
        for (long n = 0; n < sent.block(); n++) {
            few.schedule().locate(n, slot);
            if (n != late && slot.entity == at.entity) {
                before = sent.place(0, slot.local, false) < place ? n : before;
                after = sent.place(0, slot.local, false) > place ? n : after;
            }
        }
        for (boolean overtaken : new boolean[] {true, false}) {
            StreamState state = new StreamState(sent, sequence -> true);
            RecentArrivals trail = new RecentArrivals();
            for (long n = 0; n < RecentArrivals.LONGEST + 1000L; n++) {
                few.schedule().locate(n, slot);
                if (slot.entity != at.entity || n == (overtaken ? after : before)) { // of the key nothing else came
                    state.arrived(slot);
                    trail.add(slot.local, sent.place(0, slot.local, false));
                }
            }
            assertThat(trail.covers(sent.block())).isFalse();
            assertThat(state.overtakenBy(at, place, trail, true)).isEqualTo(overtaken ? after : -1);
            assertThat(state.overtakenBy(at, place, trail, false)).isEqualTo(-1);
        }
    }

    /** However many pieces of a shard were acknowledged, they are gone through to the last one. */
    @Test
    void whatIsMissingOfSeveralPiecesIsThatOfEach() {
        StreamState plain = new StreamState(
                new ExpectedDeliveries(
                        oneShard,
                        List.of(new ShardLedger(Ranges.of(0, 2, 4, 5, 8, 9, 12, 13), new Ranges(), new Ranges()))),
                sequence -> true);
        assertThat(missing(plain)).containsExactly(0L, 1L, 4L, 8L, 12L);

        CompiledStream twice = SentEvents.stream(oneShard.definition())
                .with(definition -> definition.faults(Faults.of("duplicate 100% within 4")));
        long block = twice.plannedFaults().block();
        Ranges pieces = new Ranges();
        for (long piece = 0; piece < 4; piece++) {
            pieces.add(4 * piece * block, (4 * piece + 2) * block);
        }
        StreamState state = new StreamState(
                new ExpectedDeliveries(
                        twice, List.of(new ShardLedger(pieces, new Ranges(), new Ranges())), 0, 8 * block),
                sequence -> true);
        state.awaitCopies();
        List<Long> copies = new ArrayList<>();
        assertThat(state.missingCopies(copies::add)).isTrue();
        assertThat(copies).hasSize((int) (4 * block)).allMatch(n -> n / block % 2 == 0);
    }

    @Test
    void whatWasNotAcknowledgedIsNotMissed() {
        CompiledStream mixed = SentEvents.stream(oneShard.definition())
                .with(definition -> definition.faults(Faults.of("drop 5%, duplicate 20% within 32")));
        FaultySending sending = new FaultySending(mixed, 500);
        Ranges[] some = {new Ranges(), new Ranges()};
        List<Long> events = new ArrayList<>();
        List<Long> copies = new ArrayList<>();
        for (FaultySending.Delivery each : sending.deliveries) { // four pieces are acknowledged
            boolean acknowledged = each.sequence() / 50 % 2 == 0 && each.sequence() < 400;
            some[acknowledged ? 0 : 1].add(each.place(), each.place() + 1);
            if (acknowledged) {
                (each.copy() ? copies : events).add(each.sequence());
            }
        }
        List<ShardLedger> ledger = List.of(new ShardLedger(some[0], new Ranges(), some[1]));
        StreamState state = new StreamState(new ExpectedDeliveries(sending.stream, ledger, 0, 500), sequence -> true);
        state.awaitCopies();

        List<Long> missed = new ArrayList<>();
        assertThat(state.missingCopies(missed::add)).isTrue();
        assertThat(missed).containsExactlyInAnyOrderElementsOf(copies);
        assertThat(missing(state)).containsExactlyInAnyOrderElementsOf(events);
    }

    @Test
    void whatIsMeantForTheTargetStaysMissingAmongTheOthers() {
        StreamState state =
                new StreamState(new ExpectedDeliveries(oneShard, acknowledged), sequence -> sequence % 2 == 0);
        for (long n = 0; n < PLACES; n += 2) {
            if (n != 70_000) {
                oneShard.schedule().locate(n, slot);
                state.arrived(slot);
            }
        }

        assertThat(missing(state)).containsExactly(70_000L);
    }

    @Test
    void anEventIsOvertakenByOneThatLiesFurtherBackThanTheTrailReaches() {
        int keys = 2 * RecentArrivals.LONGEST;
        CompiledStream rare = SentEvents.stream(StreamDefinition.named("rare")
                .key(new Key("k{}", keys, BigDecimal.ZERO, 1, 1)) // each key once in so many events
                .identity("id")
                .field("id", Fields.uuid())
                .build());
        StreamState state = new StreamState(new ExpectedDeliveries(rare, acknowledged), sequence -> true);
        Schedule.Slot late = new Schedule.Slot();
        rare.schedule().locate(keys - 1, late);
        long next = rare.sequenceOfOccurrence(late.entity, 1);
        RecentArrivals trail = new RecentArrivals();
        for (long n = 0; n < next + 1 + RecentArrivals.LONGEST; n++) {
            if (n != keys - 1) {
                rare.schedule().locate(n, slot);
                state.arrived(slot);
                trail.add(slot.local, slot.local);
            }
        }
        assertThat(trail.covers(next)).isFalse();
        assertThat(rare.sequenceOfOccurrence(late.entity, 2)).isGreaterThan(trail.highest());

        assertThat(state.overtakenBy(late, late.local, trail, true)).isEqualTo(next);
        assertThat(state.overtakenBy(late, late.local, trail, false)).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "reorder 60% within 64", "drop 5%, duplicate 20% within 32", "corrupt 30% as null_key"})
    void theEventsThatOvertookAnotherAreThoseOfItsKeyThatCameAndWereSentLater(String faults) {
        int events = 2_000;
        CompiledStream keys = SentEvents.stream(StreamDefinition.named("keys")
                .key("k{}", 20, "1.0")
                .identity("id")
                .field("id", Fields.uuid())
                .build());
        CompiledStream stream = faults.isEmpty() ? keys : keys.with(definition -> definition.faults(Faults.of(faults)));
        List<ShardLedger> ledger = new ArrayList<>();
        for (int shard = 0; shard < stream.shards(); shard++) {
            ledger.add(new ShardLedger(Ranges.of(0, 10L * events), new Ranges(), new Ranges()));
        }
        SplittableRandom random = new SplittableRandom(3);
        StreamState state =
                new StreamState(new ExpectedDeliveries(stream, ledger, 0, events), sequence -> sequence % 7 != 0);
        RecentArrivals[] trails = new RecentArrivals[stream.shards()];
        for (int shard = 0; shard < trails.length; shard++) {
            trails[shard] = new RecentArrivals();
        }
        Set<Long> there = new HashSet<>();
        int overtaken = 0;
        for (int i = 0; i < events; i++) {
            long n = Math.min(events - 1, Math.max(0, i + random.nextInt(200) - 150));
            stream.schedule().locate(n, slot);
            long place = state.sent.place(slot.shard, slot.local, false);
            if (n % 7 == 0 || place < 0 || !there.add(n)) {
                continue;
            }
            List<Long> later = new ArrayList<>();
            for (long other : there) {
                Schedule.Slot at = new Schedule.Slot();
                stream.schedule().locate(other, at);
                if (at.entity == slot.entity
                        && state.sent.place(at.shard, at.local, false) > place
                        && state.corruption(at) != Corruption.NULL_KEY) {
                    later.add(other);
                }
            }
            boolean alone = random.nextBoolean();
            long found = state.overtakenBy(slot, place, trails[slot.shard], alone);
            if (later.isEmpty()) {
                assertThat(found).isEqualTo(-1);
            } else {
                assertThat(later).contains(found);
                overtaken++;
            }
            state.arrived(slot);
            trails[slot.shard].add(slot.local, place);
        }
        assertThat(overtaken).isGreaterThan(20);
    }

    @Test
    void whoeverAsksForWhatIsMissingMayStop() {
        StreamState state = new StreamState(new ExpectedDeliveries(oneShard, acknowledged), sequence -> sequence < 10);
        oneShard.schedule().locate(4, slot);
        state.arrived(slot);

        List<Long> some = new ArrayList<>();
        assertThat(state.missing(sequence -> some.add(sequence) && some.size() < 3))
                .isFalse();
        assertThat(some).containsExactly(0L, 1L, 2L);
        List<Long> all = new ArrayList<>();
        assertThat(state.missing(all::add)).isTrue();
        assertThat(all).containsExactly(0L, 1L, 2L, 3L, 5L, 6L, 7L, 8L, 9L);
        assertThat(state.missingCopies(all::add)).as("none is planned").isTrue();
        assertThat(all).hasSize(9);
    }

    @Test
    void anEventWithSeveralOutputsIsMissingUntilAllAreThere() {
        StreamState state = new StreamState(new ExpectedDeliveries(oneShard, acknowledged), sequence -> sequence < 3);
        arrive(state, 0);
        assertThat(state.whole(slot)).as("nothing has several").isTrue();
        state.expectsSeveral();
        arrive(state, 1);
        assertThat(missing(state)).containsExactly(1L, 2L);
        state.expectsSeveral();
        oneShard.schedule().locate(1, slot);
        assertThat(state.whole(slot)).isTrue();
        assertThat(state.whole(slot)).isFalse();
        assertThat(state.hasSeen(slot)).isTrue();
        assertThat(missing(state)).containsExactly(2L);
        oneShard.schedule().locate(2, slot);
        assertThat(state.hasSeen(slot)).isFalse();
    }

    @Test
    void plannedCopiesAreMissedOnlyIfTheyAreAwaited() {
        CompiledStream twice = SentEvents.stream(oneShard.definition())
                .with(definition -> definition.faults(Faults.of("duplicate 20% within 32")));
        FaultySending sending = new FaultySending(twice, 500);
        ExpectedDeliveries sent = new ExpectedDeliveries(
                sending.stream, sending.ledger().sinks().get(0).streams().get(0).shards(), 0, 500);
        List<Long> copied = sending.deliveries.stream()
                .filter(FaultySending.Delivery::copy)
                .map(FaultySending.Delivery::sequence)
                .sorted()
                .toList();
        StreamState once = new StreamState(sent, sequence -> true);
        StreamState both = new StreamState(sent, sequence -> true);
        both.awaitCopies();
        for (long n = 0; n < 500; n++) {
            sending.stream.schedule().locate(n, slot);
            once.arrived(slot);
            both.arrived(slot);
            assertThat(once.times(slot)).isEqualTo(1);
            assertThat(both.times(slot)).isEqualTo(copied.contains(n) ? 2 : 1);
            assertThat(once.copyArrived(slot)).isFalse();
            if (n != copied.get(2) && n != copied.get(4)) {
                assertThat(both.copyArrived(slot)).isEqualTo(copied.contains(n));
                assertThat(both.copyArrived(slot)).as("again").isFalse();
            }
        }

        List<Long> missing = new ArrayList<>();
        assertThat(once.missingCopies(missing::add)).isTrue();
        assertThat(missing).isEmpty();
        assertThat(both.missingCopies(sequence -> !missing.add(sequence))).isFalse();
        assertThat(missing).containsExactly(copied.get(2));
        missing.clear();
        assertThat(both.missingCopies(missing::add)).isTrue();
        assertThat(missing).containsExactly(copied.get(2), copied.get(4));
        assertThat(missing(both)).isEmpty();
    }

    @Test
    void whatHasBeenSeenIsCountedByItsStanding() {
        StreamState state = new StreamState(new ExpectedDeliveries(oneShard, acknowledged), sequence -> true);
        state.count(Standing.UNKNOWN);
        state.count(Standing.UNKNOWN);
        assertThat(state.seen(Standing.UNKNOWN)).isEqualTo(2);
        assertThat(state.seen(Standing.FAILED)).isZero();
        arrive(state, 3);
        assertThat(state.arrived(slot)).isFalse();
        assertThat(state.repeated(slot)).isTrue();
        assertThat(state.repeated(slot)).isFalse();
        assertThat(state.openPages()).isEqualTo(1);
        assertThat(state.standing(slot)).isEqualTo(Standing.ACKNOWLEDGED);
        assertThat(state.copies(slot)).isEqualTo(1);
        assertThat(state.corruption(slot)).isNull();
        assertThat(state.sentAgain(slot)).isFalse();
    }

    private void arrive(StreamState state, long sequence) {
        oneShard.schedule().locate(sequence, slot);
        assertThat(state.arrived(slot)).isTrue();
    }

    private static List<Long> missing(StreamState state) {
        List<Long> missing = new ArrayList<>();
        state.missing(missing::add);
        return missing;
    }
}
