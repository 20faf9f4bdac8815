package io.dataflux.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TempoTest {

    private static final long END = 2000;

    private final Tempo tempo = new Tempo();

    static LongStream seeds() {
        return LongStream.range(0, 50);
    }

    /** A clock that is moved by hand, one tick after the other, with pauses and other speeds at any time. */
    @ParameterizedTest
    @MethodSource("seeds")
    void theSameAsCountingTicks(long seed) {
        Random random = new Random(seed);
        double[] position = new double[(int) END + 1];
        long[] paused = new long[(int) END + 1];
        double factor = 1;
        boolean stands = false;
        for (int now = 0; now <= END; now++) {
            if (random.nextInt(100) == 0) {
                assertThat(stands ? tempo.resume(now) : tempo.pause(now)).isTrue();
                stands = !stands;
            }
            if (random.nextInt(100) == 0) {
                double other = 1 << random.nextInt(4);
                assertThat(tempo.change(now, other)).isEqualTo(other != factor);
                factor = other;
            }
            if (now < END) {
                position[now + 1] = position[now] + (stands ? 0 : factor);
                paused[now + 1] = paused[now] + (stands ? 1 : 0);
            }
            assertThat(tempo.position(now)).isEqualTo((long) position[now]);
        }
        for (int now = 0; now <= END; now++) {
            assertThat(tempo.position(now)).as("position at %d", now).isEqualTo((long) position[now]);
            assertThat(tempo.pausedBefore(now)).as("paused before %d", now).isEqualTo(paused[now]);
            boolean moves = now < END && position[now + 1] > position[now];
            if (moves) {
                assertThat(tempo.runningAt((long) position[now]))
                        .as("without pauses, until it is at %.0f", position[now])
                        .isEqualTo(now - paused[now]);
                assertThat(tempo.due((long) position[now], END))
                        .as("as if all pauses had come before")
                        .isEqualTo(now - paused[now] + paused[(int) END]);
            }
        }
    }

    @Test
    void whatNobodyTouchesGoesAsPlanned() {
        for (long at : new long[] {Long.MIN_VALUE, -5, 0, 7, Long.MAX_VALUE}) {
            assertThat(tempo.position(at)).isEqualTo(at);
            assertThat(tempo.due(at, 0)).isEqualTo(at);
            assertThat(tempo.running(at)).isEqualTo(at);
            assertThat(tempo.runningAt(at)).isEqualTo(at);
        }
        assertThat(tempo.touched()).isFalse();
        assertThat(tempo.pausedBefore(100)).isZero();
    }

    @Test
    void whatIsDoneAlreadyIsNotDoneAgain() {
        assertThat(tempo.resume(1)).isFalse();
        assertThat(tempo.change(1, 1)).isFalse();
        assertThat(tempo.touched()).isFalse();
        assertThat(tempo.pause(1)).isTrue();
        assertThat(tempo.pause(2)).isFalse();
        assertThat(tempo.resume(5)).isTrue();
        assertThat(tempo.resume(6)).isFalse();
        assertThat(tempo.pausedBefore(100)).isEqualTo(4);
    }

    @Test
    void whatIsNeverDueStaysSo() {
        tempo.change(10, 0.001);
        tempo.pause(20);
        tempo.resume(30);
        assertThat(tempo.due(Long.MAX_VALUE, 40)).isGreaterThan(Long.MAX_VALUE / 2);
        assertThat(tempo.runningAt(Long.MAX_VALUE)).isGreaterThan(Long.MAX_VALUE / 2);
        assertThat(tempo.runningAt(Long.MIN_VALUE)).isLessThan(Long.MIN_VALUE / 2);
    }

    @Test
    void aHundredthOfTheSpeedIsAHundredTimesLater() {
        tempo.change(1000, 0.01);
        assertThat(tempo.due(1000, 0)).isEqualTo(1000);
        assertThat((double) tempo.due(2000, 0)).isCloseTo(101_000, within(1.0));
        assertThat((double) tempo.position(101_000)).isCloseTo(2000, within(1.0));
    }
}
