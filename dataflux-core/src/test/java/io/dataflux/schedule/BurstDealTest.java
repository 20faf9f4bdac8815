package io.dataflux.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sessions by counting: what the deal says of a visit is compared with what was seen before it. */
final class BurstDealTest {
    private static final boolean THOROUGH = Boolean.getBoolean("dataflux.thorough");
    private static final long KEY = Mix.mix(20261120);

    /** What was seen of a member. */
    private static final class Seen {
        long visits;
        long session = -1;
        int step;
        int length;
    }

    private record Shape(int members, int seatBits, int seat, boolean fresh, int[][] lengths) {
        static Shape random(Random random) {
            int members = 1 + random.nextInt(random.nextBoolean() ? 40 : 700);
            int most = 31 - Integer.numberOfLeadingZeros(members);
            int[][] lengths = new int[1 << random.nextInt(4)][1 << random.nextInt(5)];
            for (int[] table : lengths) {
                Arrays.setAll(table, i -> 1 + random.nextInt(random.nextInt(4) == 0 ? 40 : 8));
            }
            return new Shape(
                    members, random.nextInt(most + 1), random.nextInt(256) - 128, random.nextInt(4) == 0, lengths);
        }

        BurstDeal deal() {
            return new BurstDeal(RunFamily.of(lengths), fresh);
        }
    }

    /** Reduced 60 shapes of 20,000 visits, thorough 300 of 200,000. */
    @Test
    void whatIsSaidOfAVisitIsWhatCountingFinds() {
        Random random = new Random(300);
        for (int i = 0; i < (THOROUGH ? 300 : 60); i++) {
            Shape shape = Shape.random(random);
            count(shape, Mix.sub(KEY, i), THOROUGH ? 200_000 : 20_000);
        }
    }

    private static void count(Shape shape, long key, int visits) {
        BurstDeal deal = shape.deal();
        int number = shape.seat;
        Seen[] seen = new Seen[shape.members];
        Arrays.setAll(seen, m -> new Seen());
        Schedule.Slot slot = new Schedule.Slot();
        for (int v = 0; v < visits; v++) {
            deal.locate(key, shape.members, shape.seatBits, number, v, slot);
            int m = (int) slot.entity;
            Seen before = seen[m];
            boolean occurrence = slot.occurrence == before.visits;
            boolean begins = slot.step == 0
                    && slot.session == before.session + 1
                    && (before.session < 0 || before.step == before.length - 1)
                    && (slot.missed == 0 || slot.session == 0 && !shape.fresh);
            boolean goesOn = slot.step == before.step + 1
                    && slot.session == before.session
                    && slot.length == before.length
                    && slot.step < slot.length;
            boolean back = v % 7 != 0
                    || deal.visit(key, shape.members, shape.seatBits, number, m, slot.occurrence) == v
                            && deal.count(key, shape.members, shape.seatBits, number, m, v) == slot.occurrence
                            && deal.count(key, shape.members, shape.seatBits, number, m, v + 1) == slot.occurrence + 1;
            if (!occurrence || !(begins || goesOn) || !back) {
                assertThat(slot).as("%s, visit %d, member %d", shape, v, m).isNull();
            }
            before.visits++;
            before.session = slot.session;
            before.step = slot.step;
            before.length = slot.length;
        }
        for (int m = 0; m < seen.length; m++) {
            assertThat(deal.count(key, shape.members, shape.seatBits, number, m, visits))
                    .isEqualTo(seen[m].visits);
        }
    }

    /** 5,000 visits of all sizes (thorough 100,000), and each with its neighbour in the session. */
    @ParameterizedTest
    @CsvSource({
        "1, 0",
        "281474976710656, 0",
        "1000, 3",
        "999, 9",
        "281474976710656, 20",
        "281474976710655, 47",
        "15625, 6"
    })
    void farVisitsAreTakenBack(long members, int seatBits) {
        BurstDeal deal = new BurstDeal(
                RunFamily.of(new int[] {1, 2, 2, 3, 4, 6, 9, 17}, new int[] {1, 1, 1, 1, 1, 1, 2, 256}), false);
        Schedule.Slot slot = new Schedule.Slot();
        Schedule.Slot next = new Schedule.Slot();
        for (int i = 0; i < (THOROUGH ? 100_000 : 5_000); i++) {
            long v = (Mix.sub(1, i) >>> 2 >>> i % 62) - (i == 0 ? 0 : 1);
            deal.locate(KEY, members, seatBits, 3, Math.max(0, v), slot);
            assertThat(slot.entity).isBetween(0L, members - 1);
            assertThat(deal.visit(KEY, members, seatBits, 3, slot.entity, slot.occurrence))
                    .isEqualTo(Math.max(0, v));
            assertThat(deal.count(KEY, members, seatBits, 3, slot.entity, Math.max(0, v)))
                    .isEqualTo(slot.occurrence);
            if (slot.step + 1 < slot.length && v < 1L << 60) {
                long later = deal.visit(KEY, members, seatBits, 3, slot.entity, slot.occurrence + 1);
                deal.locate(KEY, members, seatBits, 3, later, next);
                assertThat(next.session).isEqualTo(slot.session);
                assertThat(next.step).isEqualTo(slot.step + 1);
                assertThat(next.length).isEqualTo(slot.length);
            }
        }
    }

    /** Inside a session 0 to 2 rounds of the seats pass; between sessions about as many as a seat has other visits. */
    @Test
    void pausesInsideASessionAreShortAndBetweenSessionsLong() {
        int seatBits = 6;
        int members = 64 * 50;
        RunFamily runs = RunFamily.of(new int[] {2, 3, 4, 5, 6, 8, 10, 12}, new int[] {1, 3, 4, 5, 6, 8, 10, 13});
        BurstDeal deal = new BurstDeal(runs, false);
        long[] last = new long[members];
        Schedule.Slot slot = new Schedule.Slot();
        double inside = 0;
        double between = 0;
        int insides = 0;
        int betweens = 0;
        for (int v = 0; v < 64 * 50 * 60; v++) {
            deal.locate(KEY, members, seatBits, 0, v, slot);
            int m = (int) slot.entity;
            double rounds = (v - last[m]) / 64.0;
            if (slot.step > 0) {
                assertThat(rounds).isBetween(0.0, 2.0);
                inside += rounds;
                insides++;
            } else if (slot.session > 0) {
                between += rounds;
                betweens++;
            }
            last[m] = v;
        }
        assertThat(inside / insides).isBetween(0.99, 1.01);
        assertThat(between / betweens).isBetween(49 * runs.mean() * 0.97, 49 * runs.mean() * 1.03);
    }

    /** Over a window of rounds every member has every length once; over whole windows lengths come as often as wanted. */
    @Test
    void everyMemberHasEveryLengthEquallyOften() {
        int members = 96;
        RunFamily runs = RunFamily.of(new int[] {1, 2, 4, 7}, new int[] {7, 4, 4, 2});
        BurstDeal deal = new BurstDeal(runs, false);
        int[][] sessions = new int[members][8];
        Schedule.Slot slot = new Schedule.Slot();
        int periods = 20;
        for (int v = 0; v < members * runs.sum() * periods; v++) {
            deal.locate(KEY, members, 3, 0, v, slot);
            if (slot.step == slot.length - 1 && slot.session > 0) {
                sessions[(int) slot.entity][slot.length]++;
            }
        }
        for (int[] of : sessions) {
            for (int[] often : new int[][] {{1, 1}, {2, 2}, {4, 3}, {7, 2}}) {
                int times = often[1] * periods;
                assertThat(of[often[0]]).isBetween(times - 2 * often[1], times + often[1]);
            }
        }
    }

    /** 40,000 events a row (thorough 1,000,000): the whole chain with sessions, as the sessions of one cell. */
    @ParameterizedTest
    @CsvSource({
        "0, 1000, 64, 90",
        "0, 97, 7, 3",
        "0.5, 10000, 64, 700",
        "1, 3000, 16, 100",
        "1, 1, 1, 5",
        "0, 64, 64, 0.1"
    })
    void aScheduleWithSessionsIsExact(double skew, int entities, int shards, double active) {
        RunFamily runs = RunFamily.of(new int[] {1, 1, 2, 3, 3, 4, 6, 9}, new int[] {1, 1, 1, 1, 1, 1, 1, 2});
        Schedule schedule = Schedule.withSessions(KEY, entities, skew, shards, runs, false, active);
        Seen[] seen = new Seen[entities];
        Arrays.setAll(seen, e -> new Seen());
        Schedule.Slot slot = new Schedule.Slot();
        for (int n = 0; n < (THOROUGH ? 1_000_000 : 40_000); n++) {
            schedule.locate(n, slot);
            Seen before = seen[(int) slot.entity];
            boolean step = slot.step == 0
                    ? before.session < 0 || before.step == before.length - 1
                    : slot.step == before.step + 1 && slot.length == before.length;
            boolean session = slot.session == before.session + (slot.step == 0 ? 1 : 0);
            boolean back = n % 5 > 0
                    || schedule.sequenceOfOccurrence(slot.entity, slot.occurrence) == n
                            && schedule.count(slot.entity, n) == slot.occurrence
                            && schedule.count(slot.entity, n + 1) == slot.occurrence + 1;
            if (slot.occurrence != before.visits || !step || !session || !back) {
                assertThat(slot).as("event %d of entity %d", n, slot.entity).isNull();
            }
            before.visits++;
            before.session = slot.session;
            before.step = slot.step;
            before.length = slot.length;
        }
    }

    @Test
    void seatsFollowWhatIsWantedWithinAFactorOfOneAndAHalf() {
        RunFamily runs = RunFamily.of(new int[][] {{2, 3, 4, 5}});
        for (double active : new double[] {100, 1_000, 15_000, 100_000}) {
            double seats = Schedule.withSessions(KEY, 1_000_000, 0, 64, runs, false, active)
                    .activeEntities();
            assertThat(seats / active).as("%s active", active).isBetween(1 / 1.5, 1.5);
            seats = Schedule.withSessions(KEY, 1_000_000, 0.5, 64, runs, false, active)
                    .activeEntities();
            assertThat(seats / active).as("%s active, skewed", active).isBetween(1 / 1.5, 1.5);
        }
    }

    /** Each table has a length of each sixteenth, and any 32 tables in a row have those of its lower and upper half about equally. */
    @Test
    void lengthsAreDealtEvenlyToTables() {
        int[] numbers =
                IntStream.rangeClosed(1, RunFamily.LENGTHS).map(i -> 1 + i / 20).toArray();
        RunFamily family = RunFamily.deal(numbers);
        List<Integer> all = new ArrayList<>();
        int[][] upper = new int[256][16];
        for (int t = 0; t < 256; t++) {
            int[] lengths = new int[16];
            for (int c = 0; c < 16; c++) {
                lengths[c] = family.length(t, 0, c);
                all.add(lengths[c]);
            }
            Arrays.sort(lengths);
            for (int part = 0; part < 16; part++) {
                assertThat(lengths[part]).isBetween(numbers[256 * part], numbers[256 * part + 255]);
                upper[t][part] = lengths[part] > numbers[256 * part + 127] ? 1 : 0;
            }
        }
        assertThat(all)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.of(numbers).boxed().toList());
        for (int from = 0; from < 256; from++) {
            for (int part = 0; part < 16; part++) {
                int high = 0;
                for (int t = from; t < from + 32; t++) {
                    high += upper[t % 256][part];
                }
                assertThat(high).as("of tables from %d on, part %d", from, part).isBetween(12, 20);
            }
        }
    }

    @Test
    void lengthsThatAreNoneAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RunFamily.deal(1, 2))
                .withMessage("2 lengths: 4096 are needed");
        assertThatIllegalArgumentException().isThrownBy(() -> RunFamily.of(new int[] {3, 0}));
        assertThatIllegalArgumentException().isThrownBy(() -> RunFamily.of(new int[] {1 << 20, 1}));
        assertThatIllegalArgumentException().isThrownBy(() -> RunTable.of());
        assertThatIllegalArgumentException().isThrownBy(() -> RunTable.of(new int[17]));
        assertThatIllegalArgumentException().isThrownBy(() -> RunTable.of(3, 16_382));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RunTable.of(3, 0))
                .withMessage(
                        "lengths [3, 0]: 1 to 16 lengths are possible, each at least 1, all together at most 16384");
    }

    /** Reduced 60 tables, thorough 300: the lives of 20 entities, each followed from its first event on. */
    @Test
    void livesGoFromBirthToDeathAndBegin() {
        Random random = new Random(8);
        Lives.Place place = new Lives.Place();
        for (int i = 0; i < (THOROUGH ? 300 : 60); i++) {
            int[] lengths = new int[1 + random.nextInt(16)];
            Arrays.setAll(lengths, c -> 2 + random.nextInt(9));
            Lives lives = new Lives(Mix.sub(KEY, i), RunTable.of(lengths));
            int steps = 0;
            for (int e = 0; e < 20; e++) {
                long life = -1;
                int step = 0;
                int length = 1;
                for (int o = 0; o < 500; o++) {
                    lives.locate(e, o, place);
                    boolean born = place.step == 0 && place.life == life + 1 && step == length - 1;
                    boolean livesOn = place.step == step + 1 && place.life == life && place.length == length;
                    if (!(o == 0 ? born : born || livesOn) || place.length < 2) {
                        assertThat(place).as("occurrence %d of entity %d", o, e).isNull();
                    }
                    life = place.life;
                    step = place.step;
                    length = place.length;
                }
                steps += step;
            }
            assertThat(steps).as("not all entities are in step").isPositive();
        }
        assertThatIllegalArgumentException().isThrownBy(() -> new Lives(KEY, RunTable.of(2, 1)));
    }
}
