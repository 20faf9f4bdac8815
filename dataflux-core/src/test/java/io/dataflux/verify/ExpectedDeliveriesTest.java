package io.dataflux.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.encode.CompiledStream;
import io.dataflux.encode.EventState;
import io.dataflux.ledger.Ledger.ShardLedger;
import io.dataflux.ledger.Ranges;
import io.dataflux.model.Faults;
import io.dataflux.verify.ExpectedDeliveries.Standing;
import io.dataflux.verify.FaultySending.Delivery;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Plan and ledger together, compared with a walk over all deliveries. */
class ExpectedDeliveriesTest {

    private static final long EVENTS = 2_000;

    @Test
    void withoutPlannedFaultsThePlaceOfAnEventIsItsIndex() {
        ShardLedger shard = new ShardLedger(
                Ranges.of(10, 20), Ranges.of(5, 7, 22, 24), Ranges.of(30, 31), Ranges.of(6, 7, 12, 13), new Ranges());
        CompiledStream orders = SentEvents.orders();
        List<ShardLedger> ledger = new ArrayList<>();
        for (int i = 0; i < orders.shards(); i++) {
            ledger.add(i == 1 ? shard : new ShardLedger(new Ranges(), new Ranges(), new Ranges()));
        }
        ExpectedDeliveries sent = new ExpectedDeliveries(orders, ledger);

        assertThat(sent.shards()).isEqualTo(orders.shards());
        assertThat(sent.stream()).isSameAs(orders);
        assertThat(sent.moves()).isFalse();
        assertThat(sent.block()).isEqualTo(1);
        assertThat(sent.place(1, 12, false)).isEqualTo(12);
        assertThat(sent.place(1, 12, true)).isEqualTo(-1);
        assertThat(sent.firstAt(1, 12)).isEqualTo(12);
        assertThat(sent.standing(1, 12)).isEqualTo(Standing.ACKNOWLEDGED);
        assertThat(sent.standing(1, 5)).isEqualTo(Standing.FAILED);
        assertThat(sent.standing(1, 6)).as("failed, but sent before").isEqualTo(Standing.UNKNOWN);
        assertThat(sent.standing(1, 30)).isEqualTo(Standing.UNKNOWN);
        assertThat(sent.standing(1, 31)).isEqualTo(Standing.NOT_ISSUED);
        assertThat(sent.standing(0, 12)).isEqualTo(Standing.NOT_ISSUED);
        assertThat(sent.sentAgain(1, 12)).isTrue();
        assertThat(sent.sentAgain(1, 13)).isFalse();
        assertThat(sent.lastPlace(1, 12)).isEqualTo(12);
        assertThat(sent.lastPlace(1, 5)).isEqualTo(-1);
        assertThat(sent.reach(1)).isEqualTo(Ranges.of(10, 20));
        assertThat(sent.begin(1)).isEqualTo(5);
        assertThat(sent.endOfSent(1)).isEqualTo(31);
        assertThat(sent.begin(0)).isZero();
        assertThat(sent.endOfSent(0)).isZero();
        assertThat(sent.anyPlace(1, 12, place -> place == 12)).isTrue();
        assertThat(sent.anyPlace(1, 12, place -> place != 12)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "drop 2%, duplicate 3% within 200",
                "drop 2%, duplicate 3% within 4096",
                "late 2% by 1ms, duplicate 1% within 50, drop 1%, reorder 5% within 30, corrupt 1% as truncated",
                "reorder 60% within 64, duplicate 40% within 64"
            })
    void whereEventsAreMovedEveryAnswerIsThatOfAWalkOverTheDeliveries(String faults) {
        FaultySending sending =
                new FaultySending(SentEvents.orders().with(definition -> definition.faults(Faults.of(faults))), EVENTS);
        SplittableRandom random = new SplittableRandom(7);
        List<ShardLedger> ledger = new ArrayList<>();
        for (int shard = 0; shard < sending.stream.shards(); shard++) {
            ledger.add(new ShardLedger(new Ranges(), new Ranges(), new Ranges()));
        }
        Map<List<Long>, Map<Boolean, Delivery>> byEvent = new HashMap<>();
        Map<Delivery, Standing> standings = new HashMap<>();
        for (Delivery each : sending.deliveries) {
            ShardLedger in = ledger.get(each.shard());
            int outcome = Math.max(0, random.nextInt(10) - 5);
            Ranges ranges = outcome == 0
                    ? in.acknowledged()
                    : outcome == 1 ? in.unknown() : outcome < 4 ? in.failed() : new Ranges();
            ranges.add(each.place(), each.place() + 1);
            boolean again = random.nextInt(5) == 0;
            if (again) {
                in.resent().add(each.place(), each.place() + 1);
            }
            standings.put(
                    each,
                    outcome == 0
                            ? Standing.ACKNOWLEDGED
                            : outcome == 1 || outcome < 4 && again
                                    ? Standing.UNKNOWN
                                    : outcome < 4 ? Standing.FAILED : Standing.NOT_ISSUED);
            byEvent.computeIfAbsent(List.of((long) each.shard(), each.local()), event -> new HashMap<>())
                    .put(each.copy(), each);
        }
        ExpectedDeliveries sent = new ExpectedDeliveries(sending.stream, ledger, 0, EVENTS);
        assertThat(sent.moves()).isTrue();
        int[] seen = new int[3];
        EventState event = new EventState();
        byte[] bytes = new byte[sending.stream.maxEventBytes() + CompiledStream.SLACK];
        for (int shard = 0; shard < sent.shards(); shard++) {
            long events = sending.stream.schedule().localCount(shard, EVENTS);
            Ranges reach = sent.reach(shard);
            for (long local = 0; local < events; local++) {
                Map<Boolean, Delivery> of = byEvent.getOrDefault(List.of((long) shard, local), Map.of());
                Delivery first = of.get(false);
                Delivery copy = of.get(true);
                seen[of.size()]++;
                assertThat(sent.copies(shard, local)).isEqualTo(of.size());
                assertThat(sent.place(shard, local, false)).isEqualTo(first == null ? -1 : first.place());
                assertThat(sent.corruption(shard, local)).isEqualTo(first == null ? null : first.corruption());
                if (first != null && first.corruption() != null) {
                    sending.stream.locate(first.sequence(), event);
                    assertThat(Arrays.copyOf(bytes, sent.encode(event, bytes))).isEqualTo(sending.bytes(first));
                }
                assertThat(sent.place(shard, local, true)).isEqualTo(copy == null ? -1 : copy.place());
                Standing of1 = first == null ? Standing.NOT_ISSUED : standings.get(first);
                Standing of2 = copy == null ? Standing.NOT_ISSUED : standings.get(copy);
                assertThat(sent.standing(shard, local)).isEqualTo(of1.compareTo(of2) < 0 ? of1 : of2);
                assertThat(sent.standingOfCopy(shard, local)).isEqualTo(of1.compareTo(of2) > 0 ? of1 : of2);
                long last =
                        of2 == Standing.ACKNOWLEDGED ? copy.place() : of1 == Standing.ACKNOWLEDGED ? first.place() : -1;
                assertThat(sent.lastPlace(shard, local)).isEqualTo(last);
                Ranges resent = ledger.get(shard).resent();
                assertThat(sent.sentAgain(shard, local))
                        .isEqualTo(of.values().stream().anyMatch(each -> resent.contains(each.place())));
                if (last >= 0) {
                    assertThat(reach.contains(local)).isTrue();
                    assertThat(sent.begin(shard)).isLessThanOrEqualTo(local);
                    assertThat(sent.endOfSent(shard)).isGreaterThan(local);
                }
                if (copy != null) {
                    assertThat(sent.firstAt(shard, copy.place())).as("a copy").isEqualTo(-1);
                }
                if (first != null) {
                    assertThat(sent.firstAt(shard, first.place())).isEqualTo(local);
                }
            }
            assertThat(sent.place(shard, events, false)).as("behind the run").isEqualTo(-1);
            assertThat(sent.endOfSent(shard)).isLessThanOrEqualTo(events);
        }
        assertThat(seen[2]).isPositive();
    }

    @Test
    void whatIsReachedAreWholeBlocks() {
        CompiledStream moved =
                SentEvents.orders().with(definition -> definition.faults(Faults.of("reorder 60% within 64")));
        List<ShardLedger> ledger = new ArrayList<>();
        for (int shard = 0; shard < moved.shards(); shard++) {
            ledger.add(new ShardLedger(new Ranges(), new Ranges(), new Ranges()));
        }
        ExpectedDeliveries sent = new ExpectedDeliveries(moved, ledger);
        long block = sent.block();
        assertThat(block).isGreaterThan(1);
        ledger.get(0).acknowledged().add(2 * block, 4 * block);
        ledger.get(1).acknowledged().add(2 * block + 5, 2 * block + 6);
        ledger.get(2).acknowledged().add(4 * block - 1, 4 * block + 1);

        assertThat(sent.reach(0)).isEqualTo(Ranges.of(block, 2 * block));
        assertThat(sent.reach(1)).isEqualTo(Ranges.of(block, 2 * block));
        assertThat(sent.reach(2)).isEqualTo(Ranges.of(block, 3 * block));
        assertThat(sent.reach(3).isEmpty()).isTrue();
    }

    @Test
    void aRunThatBeginsInTheMiddleHasNothingBeforeIt() {
        FaultySending sending = new FaultySending(
                SentEvents.orders().with(definition -> definition.faults(Faults.of("reorder 60% within 64"))), EVENTS);
        List<ShardLedger> ledger =
                sending.ledger().sinks().get(0).streams().get(0).shards();
        ExpectedDeliveries sent = new ExpectedDeliveries(sending.stream, ledger, 1_000, 1_500);
        int shards = 0;

        for (int shard = 0; shard < sent.shards(); shard++) {
            long begin = sending.stream.schedule().localCount(shard, 1_000);
            long end = sending.stream.schedule().localCount(shard, 1_500);
            assertThat(sent.place(shard, begin - 1, false)).isEqualTo(-1);
            if (begin == end) {
                continue;
            }
            shards++;
            assertThat(sent.place(shard, begin, false)).isNotNegative();
            assertThat(sent.place(shard, end - 1, false)).isNotNegative();
            assertThat(sent.place(shard, end, false)).isEqualTo(-1);
            assertThat(sent.reach(shard)).isEqualTo(Ranges.of(begin, end));
            assertThat(sent.endOfSent(shard)).isEqualTo(end);
        }
        assertThat(shards).isPositive();
    }

    @Test
    void whatIsSentFromALaterBlockOnBeginsThere() {
        CompiledStream moved =
                SentEvents.orders().with(definition -> definition.faults(Faults.of("reorder 60% within 64")));
        int block = moved.plannedFaults().block();
        Map<Standing, ExpectedDeliveries> by = new EnumMap<>(Standing.class);
        Ranges places = Ranges.of(2L * block * 3 + 5, 2L * block * 3 + 7);
        by.put(Standing.ACKNOWLEDGED, of(moved, new ShardLedger(places, new Ranges(), new Ranges())));
        by.put(Standing.FAILED, of(moved, new ShardLedger(new Ranges(), places, new Ranges())));
        by.put(Standing.UNKNOWN, of(moved, new ShardLedger(new Ranges(), new Ranges(), places)));

        by.forEach((standing, sent) -> {
            assertThat(sent.block()).isEqualTo(block);
            assertThat(sent.begin(0)).as("%s", standing).isEqualTo(3L * block);
            assertThat(sent.endOfSent(0)).as("%s", standing).isEqualTo(4L * block);
            assertThat(sent.reach(0))
                    .isEqualTo(standing == Standing.ACKNOWLEDGED ? Ranges.of(3L * block, 4L * block) : new Ranges());
        });
    }

    private static ExpectedDeliveries of(CompiledStream stream, ShardLedger first) {
        List<ShardLedger> ledger = new ArrayList<>();
        for (int i = 0; i < stream.shards(); i++) {
            ledger.add(i == 0 ? first : new ShardLedger(new Ranges(), new Ranges(), new Ranges()));
        }
        return new ExpectedDeliveries(stream, ledger);
    }
}
