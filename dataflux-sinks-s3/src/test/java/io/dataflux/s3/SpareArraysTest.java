package io.dataflux.s3;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SpareArraysTest {

    @Test
    void anArrayThatWasGivenIsTakenOnce() {
        SpareArrays arrays = new SpareArrays(1);
        byte[] kept = arrays.take(1_000);
        byte[] oneTooMany = arrays.take(1_000);
        arrays.give(kept);
        arrays.give(oneTooMany);
        assertThat(arrays.take(900)).isSameAs(kept);
        assertThat(arrays.take(900)).isNotSameAs(kept).isNotSameAs(oneTooMany).hasSize(900);
    }

    @Test
    void anArrayThatIsTooSmallOrMuchTooLargeIsNotTaken() {
        SpareArrays arrays = new SpareArrays(1);
        byte[] some = new byte[1_000];
        arrays.give(some);
        assertThat(arrays.take(1_001)).isNotSameAs(some).hasSize(1_001);
        arrays.give(some);
        assertThat(arrays.take(499)).isNotSameAs(some).hasSize(499);
        arrays.give(some);
        assertThat(arrays.take(500)).isSameAs(some);
    }
}
