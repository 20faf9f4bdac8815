package io.dataflux.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.encode.CompiledStream;
import io.dataflux.engine.Sketch;
import io.dataflux.spi.DeliveryUnit;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnitCutsTest {

    private final CompiledStream stream = Sketch.compiled(Sketch.definition("orders", 7, 2));

    @Test
    void blocksCountFromTheFirstSequence() {
        UnitCuts units = new UnitCuts(stream, new DeliveryUnit(1000, Duration.ZERO));

        assertThat(units.start(0)).isZero();
        assertThat(units.end(0)).isEqualTo(1000);
        assertThat(units.start(999)).isZero();
        assertThat(units.start(1000)).isEqualTo(1000);
        assertThat(units.end(123_456_789_012L)).isEqualTo(123_456_790_000L);
        assertThat(units.window(5)).isZero();
    }

    @Test
    void withoutUnitsThereIsOneForAll() {
        UnitCuts units = new UnitCuts(stream, DeliveryUnit.NONE);

        assertThat(units.start(123_456_789_012L)).isZero();
        assertThat(units.end(123_456_789_012L)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void cutsEndUnitsAndNothingElse() {
        UnitCuts units = new UnitCuts(stream, new DeliveryUnit(1000, Duration.ZERO), 1700, 1300, 5000);

        assertThat(units.start(1299)).isEqualTo(1000);
        assertThat(units.end(1299)).isEqualTo(1300);
        assertThat(units.start(1300)).isEqualTo(1300);
        assertThat(units.end(1300)).isEqualTo(1700);
        assertThat(units.start(1999)).isEqualTo(1700);
        assertThat(units.end(1999)).isEqualTo(2000);
        assertThat(units.start(2500)).isEqualTo(2000);
        assertThat(units.end(2500)).isEqualTo(3000);
        assertThat(units.start(5000)).isEqualTo(5000);
        assertThat(units.end(4999)).isEqualTo(5000);
    }

    @Test
    void windowsAreOfScheduledTimeAndCountFrom1970() {
        Duration hour = Duration.ofHours(1);
        UnitCuts units = new UnitCuts(stream, new DeliveryUnit(Long.MAX_VALUE, hour));
        long first = stream.sequenceAt(Instant.parse("2025-01-01T05:00:00Z"));

        assertThat(units.start(first)).isEqualTo(first);
        assertThat(units.start(first - 1)).isEqualTo(stream.sequenceAt(Instant.parse("2025-01-01T04:00:00Z")));
        assertThat(units.end(first)).isEqualTo(stream.sequenceAt(Instant.parse("2025-01-01T06:00:00Z")));
        assertThat(units.window(first) - units.window(first - 1)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT1H", "PT0.7S", "PT10M", "PT0.000001S"})
    void unitsFollowOneAnotherWithoutGaps(String window) {
        UnitCuts units =
                new UnitCuts(stream, new DeliveryUnit(100_000, Duration.parse(window)), 17, 123_456, 500_000_001);
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < 2000; i++) {
            long sequence = random.nextLong(1L << (1 + random.nextInt(31)));
            long start = units.start(sequence);
            long end = units.end(sequence);
            assertThat(sequence).isBetween(start, end - 1);
            assertThat(units.start(end - 1)).as("the last of %d", sequence).isEqualTo(start);
            assertThat(units.end(start)).as("the first of %d", sequence).isEqualTo(end);
            assertThat(units.start(end)).as("the next after %d", sequence).isEqualTo(end);
        }
    }
}
