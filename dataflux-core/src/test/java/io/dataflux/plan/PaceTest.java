package io.dataflux.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PaceTest {

    private static final Instant ORIGIN = Instant.parse("2025-01-01T00:00:00.900000001Z");
    private static final BigInteger SECOND = BigInteger.valueOf(1_000_000_000);

    @ParameterizedTest
    @ValueSource(strings = {"0.001", "0.3", "1", "1.5", "10", "12.345", "86400", "999999.999", "1000000"})
    void dueTimesAreExactQuotientsRoundedDown(String speed) {
        Pace pace = new Pace(ORIGIN, Double.parseDouble(speed));
        SplittableRandom random = new SplittableRandom(1);
        BigInteger origin = nanos(ORIGIN.getEpochSecond(), ORIGIN.getNano());
        for (int i = 0; i < 20_000; i++) {
            long second = ORIGIN.getEpochSecond() + (random.nextLong() >>> 24 + random.nextInt(40)) % 1_000_000;
            int nano = random.nextInt(1_000_000_000);
            BigInteger exact = new BigDecimal(nanos(second, nano).subtract(origin))
                    .divide(new BigDecimal(speed), 0, RoundingMode.FLOOR)
                    .toBigInteger();
            assertThat(pace.due(second, nano)).isEqualTo(exact.longValueExact());
        }
    }

    @Test
    void whatIsDueBeyondALongIsDueAtItsEnd() {
        Pace pace = new Pace(ORIGIN, 0.001);
        long last = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();
        assertThat(pace.due(last, 0)).isPositive().isGreaterThan(291L * 365 * 86400 * 1_000_000_000);
    }

    @Test
    void withoutAPaceEverythingIsDueAtOnce() {
        Pace pace = new Pace(ORIGIN, Double.POSITIVE_INFINITY);
        assertThat(pace.paced()).isFalse();
        assertThat(pace.due(ORIGIN.getEpochSecond() + 5, 7)).isZero();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, 0.0001, 1e7, Double.NaN, Double.NEGATIVE_INFINITY})
    void otherSpeedsAreRefused(double speed) {
        assertThatThrownBy(() -> new Pace(ORIGIN, speed)).isInstanceOf(IllegalArgumentException.class);
    }

    private static BigInteger nanos(long second, long nano) {
        return BigInteger.valueOf(second).multiply(SECOND).add(BigInteger.valueOf(nano));
    }
}
