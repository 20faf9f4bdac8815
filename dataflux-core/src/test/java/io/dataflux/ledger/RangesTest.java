package io.dataflux.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RangesTest {

    private static final int ROUNDS = Boolean.getBoolean("dataflux.thorough") ? 20_000 : 500;
    private static final int NUMBERS = 300;

    @Test
    void rangesAddedInAnyOrderAreTheSetOfTheirNumbers() {
        SplittableRandom random = new SplittableRandom(9);
        for (int round = 0; round < ROUNDS; round++) {
            BitSet expected = new BitSet();
            Ranges ranges = new Ranges();
            for (int i = random.nextInt(60); i > 0; i--) {
                int from = random.nextInt(NUMBERS);
                int to = Math.min(NUMBERS, from + random.nextInt(8));
                expected.set(from, to);
                ranges.add(from, to);
            }
            assertSame(ranges, expected);
            Ranges before = ranges.copy();
            Ranges without = new Ranges();
            BitSet removed = new BitSet();
            for (int i = random.nextInt(20); i > 0; i--) {
                int from = random.nextInt(NUMBERS);
                int to = Math.min(NUMBERS, from + random.nextInt(30));
                removed.set(from, to);
                without.add(from, to);
            }
            ranges.removeAll(without);
            assertThat(ranges.overlaps(without)).isFalse();
            assertSame(before, expected);
            expected.andNot(removed);
            assertSame(ranges, expected);
        }
    }

    private static void assertSame(Ranges ranges, BitSet expected) {
        int at = 0;
        for (int i = 0; i < ranges.size(); i++) {
            int from = expected.nextSetBit(at);
            at = expected.nextClearBit(from);
            assertThat(ranges.from(i)).isEqualTo(from);
            assertThat(ranges.to(i)).isEqualTo(at);
        }
        assertThat(expected.nextSetBit(at)).isNegative();
        assertThat(ranges.count()).isEqualTo(expected.cardinality());
        for (int number = 0; number < NUMBERS; number++) {
            assertThat(ranges.contains(number)).isEqualTo(expected.get(number));
            assertThat(ranges.nextOutside(number)).isEqualTo(expected.nextClearBit(number));
            long inside = expected.nextSetBit(number) < 0 ? Long.MAX_VALUE : expected.nextSetBit(number);
            assertThat(ranges.nextInside(number)).isEqualTo(inside);
        }
    }

    @Test
    void setsOverlapWhenTheyShareANumber() {
        assertThat(Ranges.of(0, 5, 10, 15).overlaps(Ranges.of(5, 10, 15, 20))).isFalse();
        assertThat(Ranges.of(0, 5, 10, 15).overlaps(Ranges.of(14, 20))).isTrue();
        assertThat(Ranges.of(0, 5).overlaps(new Ranges())).isFalse();
    }

    @Test
    void rangesAreEqualByTheirNumbersAndReadAsText() {
        Ranges ranges = Ranges.of(0, 5, 7, 9, 5, 7, 20, 21);
        assertThat(ranges).isEqualTo(Ranges.of(0, 9, 20, 21)).hasToString("[0, 9) [20, 21)");
        assertThat(new Ranges()).hasToString("none");
    }

    @Test
    void setsWithOtherNumbersAreNotEqual() {
        Ranges ranges = Ranges.of(0, 9, 20, 21);
        for (Ranges other : new Ranges[] {
            new Ranges(), Ranges.of(0, 9), Ranges.of(0, 9, 20, 22), Ranges.of(1, 9, 20, 21), Ranges.of(0, 21)
        }) {
            assertThat(ranges).isNotEqualTo(other);
            assertThat(other).isNotEqualTo(ranges);
            assertThat(ranges.hashCode()).isNotEqualTo(other.hashCode());
        }
        assertThat(ranges).isNotEqualTo("[0, 9) [20, 21)").hasSameHashCodeAs(Ranges.of(20, 21, 0, 5, 5, 9));
    }

    @Test
    void aSetAndItsCopyGoTheirOwnWays() {
        Ranges ranges = Ranges.of(0, 9, 20, 21);
        Ranges copy = ranges.copy();
        ranges.add(21, 30);
        copy.add(9, 12);
        copy.add(40, 41);

        assertThat(ranges).isEqualTo(Ranges.of(0, 9, 20, 30));
        assertThat(copy).isEqualTo(Ranges.of(0, 12, 20, 21, 40, 41));
        Ranges empty = new Ranges().copy();
        assertThat(empty.isEmpty()).isTrue();
        empty.add(3, 3);
        empty.add(4, 3);
        assertThat(empty.isEmpty()).isTrue();
        empty.add(3, 4);
        assertThat(empty.isEmpty()).isFalse();
        assertThat(empty).isEqualTo(Ranges.of(3, 4));
    }

    @Test
    void allNumbersOfAnotherSetAreAdded() {
        Ranges ranges = Ranges.of(5, 7);
        ranges.addAll(Ranges.of(0, 1, 6, 9, 20, 21));
        ranges.addAll(new Ranges());

        assertThat(ranges).isEqualTo(Ranges.of(0, 1, 5, 9, 20, 21));
    }

    @Test
    void whatIsRemovedOutsideTheSetChangesNothing() {
        Ranges ranges = Ranges.of(10, 20);
        ranges.remove(0, 10);
        ranges.remove(20, 30);
        ranges.remove(15, 15);
        ranges.remove(16, 15);
        assertThat(ranges).isEqualTo(Ranges.of(10, 20));
        ranges.remove(10, 20);
        assertThat(ranges.isEmpty()).isTrue();
        ranges.remove(0, 100);
        assertThat(ranges.isEmpty()).isTrue();
    }
}
