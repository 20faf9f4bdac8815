package io.dataflux.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ScheduleTest {
    private static final boolean THOROUGH = Boolean.getBoolean("dataflux.thorough");
    private static final long KEY = Mix.mix(20261120);

    /** Reduced 10^6 events a row, thorough 10^7. */
    @ParameterizedTest
    @CsvSource({
        "0, 1000000, 64, 1",
        "0.5, 1000000, 7, 1",
        "0.8, 1000000, 2, 1",
        "1, 1000000, 64, 1",
        "1.2, 1000000, 64, 1",
        "1.5, 1000000, 1, 1"
    })
    void occurrenceIsTheNumberOfEarlierEventsOfTheEntity(double skew, int entities, int shards, int spread) {
        countEveryEvent(Schedule.of(KEY, entities, skew, shards, spread), THOROUGH ? 10_000_000 : 1_000_000, 7);
    }

    /** Reduced 10^5 events a row, thorough 10^6. */
    @ParameterizedTest
    @CsvSource({
        "0, 1, 64, 1",
        "0, 2, 64, 1",
        "0, 10, 7, 1",
        "0, 97, 64, 1",
        "0, 1009, 2, 3",
        "0, 1000, 1, 64",
        "0.1, 1000000, 1, 1",
        "0.1, 1009, 64, 2",
        "0.5, 10, 64, 1",
        "0.5, 97, 1, 5",
        "0.8, 1009, 7, 1",
        "1, 1, 1, 1",
        "1, 2, 64, 1",
        "1, 97, 64, 16",
        "1, 1000000, 2, 4",
        "1, 65, 64, 1",
        "1, 4099, 255, 1",
        "1.2, 1009, 1, 1",
        "1.5, 97, 64, 1",
        "2, 1000000, 64, 1",
        "2.5, 1009, 64, 1",
        "3, 1000, 7, 2",
        "5, 1000000, 64, 1",
        "16, 1000, 64, 1"
    })
    void occurrenceIsExactForSmallAndOddSchedules(double skew, int entities, int shards, int spread) {
        countEveryEvent(Schedule.of(KEY, entities, skew, shards, spread), THOROUGH ? 1_000_000 : 100_000, 1);
    }

    private static void countEveryEvent(Schedule schedule, int events, int inverseEvery) {
        long[] seen = new long[(int) schedule.entities()];
        long[] local = new long[schedule.shards()];
        Schedule.Slot slot = new Schedule.Slot();
        Schedule.Slot again = new Schedule.Slot();
        for (int n = 0; n < events; n++) {
            schedule.locate(n, slot);
            int entity = (int) slot.entity;
            boolean exact = slot.occurrence == seen[entity] && slot.local == local[slot.shard];
            boolean home = slot.shard == entity % schedule.shards();
            boolean back = true;
            if (n % inverseEvery == 0) {
                schedule.locateLocal(slot.shard, slot.local, again);
                back = schedule.sequenceOfOccurrence(entity, slot.occurrence) == n
                        && schedule.sequenceOf(slot.shard, slot.local) == n
                        && schedule.shardOf(n) == slot.shard
                        && schedule.localOf(n) == slot.local
                        && schedule.count(entity, n) == slot.occurrence
                        && schedule.count(entity, n + 1) == slot.occurrence + 1
                        && schedule.localCount(slot.shard, n) == slot.local
                        && schedule.localCount(slot.shard, n + 1) == slot.local + 1
                        && again.entity == entity
                        && again.occurrence == slot.occurrence;
            }
            if (!exact || !home || !back) {
                assertThat(slot).as("event %d, seen %d", n, seen[entity]).isNull();
            }
            seen[entity]++;
            local[slot.shard]++;
        }
        for (int e = 0; e < seen.length; e += 1 + seen.length / 1000) {
            assertThat(schedule.count(e, events)).isEqualTo(seen[e]);
        }
    }

    @Test
    void valuesOutOfRangeAreRefused() {
        assertThatThrownBy(() -> Schedule.of(KEY, 0, 0, 64, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Schedule.of(KEY, 10, Double.NaN, 64, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Schedule.of(KEY, 10, -0.1, 64, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Schedule.of(KEY, 10, 0, 0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Schedule.of(KEY, 10, 0, 64, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
