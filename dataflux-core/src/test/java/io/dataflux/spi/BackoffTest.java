package io.dataflux.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class BackoffTest {

    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(10));

    @Test
    void pausesDoubleUpToTheLongestAndAreScatteredByHalf() {
        for (int retry = 1; retry <= 100; retry++) {
            long full = Math.min(10_000, 100L << Math.min(20, retry - 1));
            int number = retry;
            assertThat(LongStream.range(0, 200)
                            .map(seed -> BACKOFF.pause(number, seed).toMillis()))
                    .allSatisfy(millis -> assertThat(millis).isBetween(full / 2, full));
        }
        assertThat(LongStream.range(0, 200)
                        .map(seed -> BACKOFF.pause(1, seed).toNanos())
                        .distinct()
                        .count())
                .isGreaterThan(190);
    }

    @Test
    void theSameDeliveryWaitsTheSame() {
        assertThat(BACKOFF.pause(3, 42)).isEqualTo(BACKOFF.pause(3, 42)).isNotEqualTo(BACKOFF.pause(3, 43));
    }

    @Test
    void nothingAndTheLongestTimesStayWhatTheyAre() {
        assertThat(new Backoff(Duration.ZERO, Duration.ZERO).pause(5, 1)).isZero();
        Duration ages = Duration.ofNanos(Long.MAX_VALUE);
        assertThat(new Backoff(ages, ages).pause(30, 1)).isBetween(ages.dividedBy(2), ages);
    }
}
