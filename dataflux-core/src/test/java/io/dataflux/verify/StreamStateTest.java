package io.dataflux.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.encode.CompiledStream;
import io.dataflux.ledger.Ledger.ShardLedger;
import io.dataflux.ledger.Ranges;
import io.dataflux.model.Fields;
import io.dataflux.model.Key;
import io.dataflux.model.StreamDefinition;
import io.dataflux.schedule.Schedule;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

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

    @Test
    void pagesBecomeFullAlthoughEveryOtherEventIsMeantForOthers() {
        StreamState state =
                new StreamState(new ExpectedDeliveries(oneShard, acknowledged), sequence -> sequence % 2 == 0);
        int most = 0;
        for (long n = 0; n < PLACES; n += 2) {
            oneShard.schedule().locate(n, slot);
            assertThat(state.arrived(slot)).isTrue();
            most = Math.max(most, state.openPages());
        }

        assertThat(most).isLessThanOrEqualTo(2);
        assertThat(missing(state)).isEmpty();
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

    private static List<Long> missing(StreamState state) {
        List<Long> missing = new ArrayList<>();
        state.missing(missing::add);
        return missing;
    }
}
