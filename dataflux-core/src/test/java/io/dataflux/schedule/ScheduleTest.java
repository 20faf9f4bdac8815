package io.dataflux.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
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
        countEveryEvent(Schedule.of(KEY, entities, skew, shards, spread), THOROUGH ? 10_000_000 : 1_000_000, 13);
    }

    /** Reduced 40,000 events a row, thorough 10^6. */
    @ParameterizedTest
    @CsvSource({
        "0, 1, 64, 1",
        "0, 2, 64, 1",
        "0, 10, 7, 1",
        "0, 97, 64, 1",
        "0, 1009, 2, 3",
        "0, 1000, 1, 16",
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
        countEveryEvent(Schedule.of(KEY, entities, skew, shards, spread), THOROUGH ? 1_000_000 : 40_000, 3);
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

    /** Every event of [2^40, 2^40 + 20,000) (thorough 2,000,000), and the same below 2^62. */
    @ParameterizedTest
    @CsvSource({"0, 1000, 64, 1", "0, 97, 7, 2", "1, 1000, 64, 1", "1.2, 1009, 7, 3", "0.5, 100, 1, 1"})
    void occurrenceIsExactFarAway(double skew, int entities, int shards, int spread) {
        Schedule schedule = Schedule.of(KEY, entities, skew, shards, spread);
        int events = THOROUGH ? 2_000_000 : 20_000;
        for (long from : new long[] {(1L << 40) - 777, (1L << 62) - events}) {
            long[] seen = new long[entities];
            for (int e = 0; e < entities; e++) {
                seen[e] = schedule.count(e, from);
            }
            assertThat(Arrays.stream(seen).sum()).isEqualTo(from);
            Schedule.Slot slot = new Schedule.Slot();
            for (long n = from; n < from + events; n++) {
                schedule.locate(n, slot);
                int entity = (int) slot.entity;
                if (slot.occurrence != seen[entity] || schedule.sequenceOfOccurrence(entity, slot.occurrence) != n) {
                    assertThat(slot.occurrence)
                            .as("event %d of entity %d", n, entity)
                            .isEqualTo(seen[entity]);
                    assertThat(schedule.sequenceOfOccurrence(entity, slot.occurrence))
                            .isEqualTo(n);
                }
                seen[entity]++;
            }
        }
    }

    /** 5,000 sequences of all sizes up to 2^62 a row (thorough 100,000), entities up to the largest number. */
    @ParameterizedTest
    @CsvSource({
        "0, 1000000, 64, 1",
        "0, 281474976710656, 64, 1",
        "0, 281474976710655, 255, 2",
        "1, 10000000, 64, 1",
        "1, 281474976710656, 1, 1",
        "0.3, 1000000000000, 7, 4",
        "3, 281474976710656, 64, 1"
    })
    void anySequenceIsTakenBack(double skew, long entities, int shards, int spread) {
        Schedule schedule = Schedule.of(KEY, entities, skew, shards, spread);
        Schedule.Slot slot = new Schedule.Slot();
        for (int i = 0; i < (THOROUGH ? 100_000 : 5_000); i++) {
            long n = i == 0 ? 1L << 62 : Mix.sub(1, i) >>> 2 >>> i % 62;
            schedule.locate(n, slot);
            assertThat(slot.entity).isBetween(0L, entities - 1);
            assertThat(slot.shard).isEqualTo((int) (slot.entity % schedule.shards()));
            assertThat(schedule.sequenceOfOccurrence(slot.entity, slot.occurrence))
                    .isEqualTo(n);
            assertThat(schedule.count(slot.entity, n)).isEqualTo(slot.occurrence);
            assertThat(schedule.count(slot.entity, n + 1)).isEqualTo(slot.occurrence + 1);
            assertThat(schedule.sequenceOf(slot.shard, slot.local)).isEqualTo(n);
        }
    }

    /**
     * Of 10^7 events, by the counts that the other tests prove; 1.2 percent for one entity, 0.5 for more. A skew that is 5 percent off
     * gives other shares.
     */
    @ParameterizedTest
    @CsvSource({"0.5, 0.012", "0.8, 0.005", "1, 0.005", "1.2, 0.005", "1.5, 0.005"})
    void hotEntitiesGetTheirShare(double skew, double tolerance) {
        for (int entities : THOROUGH ? new int[] {1_000_000, 10_000_000} : new int[] {1_000_000}) {
            double[] ideal = shares(entities, skew);
            double[] steeper = shares(entities, skew * 1.05);
            double[] flatter = shares(entities, skew * 0.95);
            for (int shards : new int[] {1, 2, 7, 64}) {
                Schedule schedule = Schedule.of(KEY, entities, skew, shards, 1);
                assertThat(farthest(schedule, ideal))
                        .as("%d entities, %d shards", entities, shards)
                        .isLessThan(tolerance);
                assertThat(farthest(schedule, steeper)).isGreaterThan(4 * tolerance);
                assertThat(farthest(schedule, flatter)).isGreaterThan(4 * tolerance);
                double hottest = (double) schedule.count(0, 10_000_000) / 10_000_000;
                assertThat(schedule.hottestEntityShare()).isBetween(hottest * 0.995, hottest * 1.005);
            }
        }
    }

    /** The shares of the top 1, 10, 100 and 1000 of a Zipf distribution. */
    private static double[] shares(int entities, double skew) {
        double[] shares = new double[4];
        double total = 0;
        for (int r = 1; r <= entities; r++) {
            total += Math.pow(r, -skew);
            if (r == 1 || r == 10 || r == 100 || r == 1000) {
                shares[(int) Math.round(Math.log10(r))] = total;
            }
        }
        for (int i = 0; i < shares.length; i++) {
            shares[i] /= total;
        }
        return shares;
    }

    /** How far the counts of the top 1, 10, 100 and 1000 are from these shares, at most. */
    private static double farthest(Schedule schedule, double[] shares) {
        long events = 0;
        double farthest = 0;
        for (int r = 1; r <= 1000; r++) {
            events += schedule.count(r - 1, 10_000_000);
            if (r == 1 || r == 10 || r == 100 || r == 1000) {
                double share = shares[(int) Math.round(Math.log10(r))];
                farthest = Math.max(farthest, Math.abs(events / share / 10_000_000 - 1));
            }
        }
        return farthest;
    }

    @Test
    void uniformEntitiesGetTheSame() {
        for (int entities : new int[] {1, 2, 10, 64, 640, 6400}) {
            Schedule schedule = Schedule.of(KEY, entities, 0, 64, 1);
            for (int e = 0; e < entities; e++) {
                assertThat(schedule.count(e, 64L * entities * 5)).isEqualTo(64 * 5);
            }
        }
    }

    @Test
    void hottestShardIsReported() {
        Schedule schedule = Schedule.of(KEY, 100_000, 1, 64, 1);
        double hottest = 0;
        for (int s = 0; s < 64; s++) {
            hottest = Math.max(hottest, schedule.localCount(s, 65_536L * 100) / 6_553_600.0);
        }
        assertThat(schedule.hottestShardShare()).isEqualTo(hottest);
        assertThat(Schedule.of(KEY, 640, 0, 64, 1).hottestShardShare()).isEqualTo(1 / 64.0);
        assertThat(Schedule.of(KEY, 640, 0, 64, 1).hottestEntityShare()).isEqualTo(1 / 640.0);
    }

    @Test
    void shardsAreNeverMoreThanEntitiesAndFewerWhereTheColdestWouldStarve() {
        assertThat(Schedule.of(KEY, 1_000_000, 0, 64, 1).shards()).isEqualTo(64);
        assertThat(Schedule.of(KEY, 1_000_000, 1.5, 64, 1).shards()).isEqualTo(64);
        assertThat(Schedule.of(KEY, 10, 0, 64, 1).shards()).isEqualTo(10);
        assertThat(Schedule.of(KEY, 1, 1, 64, 1).shards()).isEqualTo(1);
        assertThat(Schedule.of(KEY, 1_000_000, 5, 64, 1).shards()).isEqualTo(4);
        assertThat(Schedule.of(KEY, 1_000_000, 16, 64, 1).shards()).isEqualTo(1);
    }

    /**
     * How often an event has the hot key of the event d before, against independent draws: 10^6 events, 5 standard
     * deviations of one frame, since a frame's order comes back. The hot keys are those that have a cell of their own;
     * members of a cell take turns.
     */
    @ParameterizedTest
    @CsvSource({"1, 64", "1, 7", "1.2, 64", "0.8, 1"})
    void hotKeysMeetAsOftenAsIndependentDrawsWould(double skew, int shards) {
        int events = 1_000_000;
        int hot = 16 * shards;
        Schedule schedule = Schedule.of(KEY, 10_000, skew, shards, 1);
        long[] entities = new long[events];
        long[] counts = new long[hot];
        Schedule.Slot slot = new Schedule.Slot();
        for (int n = 0; n < events; n++) {
            schedule.locate(n, slot);
            entities[n] = slot.entity < hot ? slot.entity : -1L - n;
            if (slot.entity < hot) {
                counts[(int) slot.entity]++;
            }
        }
        double independent = 0;
        for (long count : counts) {
            independent += (double) count * count / events;
        }
        double tolerance = 5 * independent / Math.sqrt(65_536 * independent / events);
        for (int d : new int[] {1, 2, 3, 7, 63, 64, 65, 1000}) {
            assertThat(meetings(entities, d))
                    .as("distance %d", d)
                    .isBetween(independent - tolerance, independent + tolerance);
        }
        // the control: with a shard for each n mod P neighbours have no key in common
        Arrays.setAll(entities, n -> entities[n] < 0 ? entities[n] : entities[n] / 64 * 64 + n % 64);
        assertThat(meetings(entities, 1)).isLessThan(independent - tolerance);
    }

    private static double meetings(long[] entities, int distance) {
        int met = 0;
        for (int n = distance; n < entities.length; n++) {
            met += entities[n] == entities[n - distance] ? 1 : 0;
        }
        return met;
    }

    @Test
    void hotCallsAllocateNothing() {
        Schedule schedule = Schedule.of(KEY, 100_000, 1, 64, 1);
        Schedule irregular = Schedule.of(KEY, 100_000, 0, 7, 4);
        ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long warm = hotCalls(schedule) + hotCalls(irregular);
        long before = thread.getCurrentThreadAllocatedBytes();
        long hot = hotCalls(schedule) + hotCalls(irregular);
        long allocated = thread.getCurrentThreadAllocatedBytes() - before;
        assertThat(hot).isEqualTo(warm);
        assertThat(allocated).as("bytes for 40,000 events").isLessThan(400);
    }

    private static long hotCalls(Schedule schedule) {
        Schedule.Slot slot = new Schedule.Slot();
        long sum = 0;
        for (int n = 0; n < 20_000; n++) {
            schedule.locate(n, slot);
            sum += slot.entity + slot.occurrence + schedule.shardOf(n) + schedule.localOf(n);
            sum += schedule.count(slot.entity, n) + schedule.localCount(slot.shard, n);
            sum += schedule.sequenceOf(slot.shard, slot.local);
        }
        return sum;
    }

    @Test
    void entitiesThatDoNotExistAreRefused() {
        Schedule schedule = Schedule.of(KEY, 10, 0, 64, 1);
        assertThatIllegalArgumentException().isThrownBy(() -> schedule.sequenceOfOccurrence(10, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> schedule.sequenceOfOccurrence(-1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> schedule.sequenceOfOccurrence(0, -1));
        assertThatIllegalArgumentException().isThrownBy(() -> schedule.count(10, 0));
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> schedule.sequenceOfOccurrence(3, Long.MAX_VALUE));
    }

    @Test
    void valuesOutOfRangeAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Schedule.of(KEY, 0, 0, 64, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> Schedule.of(KEY, 10, Double.NaN, 64, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> Schedule.of(KEY, 10, -0.1, 64, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> Schedule.of(KEY, 10, 17, 64, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> Schedule.of(KEY, 10, 0, 0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> Schedule.of(KEY, 10, 0, 256, 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Schedule.of(KEY, 10, 0, 64, 65))
                .withMessage("spread 65: 1 to 64 is possible");
    }
}
