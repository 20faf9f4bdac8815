package io.dataflux.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a verdict is given, to the nanosecond, and what is said about it. */
class WaitingTest {

    private static final Duration NANO = Duration.ofNanos(1);

    private final OwnClock clock = new OwnClock();

    @Test
    void itEndsWhenAllIsThereAndNothingCameForTheTimeToSettle() {
        clock.pass(Duration.ofHours(1));
        Waiting waiting = waiting(2, 10);

        clock.pass(Duration.ofSeconds(3));
        assertThat(waiting.goesOn(true, true, true)).isTrue();
        clock.pass(Duration.ofSeconds(2).minus(NANO));
        assertThat(waiting.goesOn(false, false, true)).isTrue();
        clock.pass(NANO);
        assertThat(waiting.goesOn(false, false, false)).as("not all is there").isTrue();
        assertThat(waiting.goesOn(false, false, true)).isFalse();
        assertThat(waiting.ended()).isEqualTo("everything expected arrived, then nothing new for 2 s");
        assertThat(waiting.settledText()).isEqualTo(waiting.ended());
        assertThat(waiting.settleNanos()).isEqualTo(2_000_000_000);
    }

    @Test
    void whatIsNotExpectedKeepsItFromSettlingToo() {
        Waiting waiting = waiting(2, 10);

        clock.pass(Duration.ofSeconds(1));
        waiting.goesOn(true, true, true);
        clock.pass(Duration.ofSeconds(1));
        waiting.goesOn(false, true, true); // a duplicate
        clock.pass(Duration.ofSeconds(1));
        assertThat(waiting.goesOn(false, false, true)).isTrue();
        clock.pass(Duration.ofSeconds(1));
        assertThat(waiting.goesOn(false, false, true)).isFalse();
    }

    @Test
    void nothingCountsFromTheBeginningOfTheWait() {
        Waiting waiting = waiting(2, 10);

        clock.pass(Duration.ofSeconds(2));

        assertThat(waiting.goesOn(false, false, true)).isFalse();
    }

    @Test
    void itEndsAtTheDeadlineWhateverComes() {
        clock.pass(Duration.ofHours(1));
        Waiting waiting = waiting(2, 10);

        clock.pass(Duration.ofSeconds(10).minus(NANO));
        assertThat(waiting.goesOn(true, true, false)).isTrue();
        assertThat(waiting.left()).isEqualTo(1);
        clock.pass(NANO);
        assertThat(waiting.goesOn(false, true, false)).isFalse();
        assertThat(waiting.left()).isZero();
        assertThat(waiting.nanos()).isEqualTo(clock.nanos());
        assertThat(waiting.deadlineText()).isEqualTo("at the deadline of 10 s");
        clock.pass(Duration.ofMillis(400).minus(NANO));
        assertThat(waiting.ended()).isEqualTo("at the deadline of 10 s; the last new arrival was 400 ms earlier");
        assertThat(waiting.left()).isNegative();
    }

    @Test
    void itSaysWhenNothingCameThatWasExpected() {
        Waiting waiting = waiting(2, 10);

        clock.pass(Duration.ofSeconds(10));
        waiting.goesOn(false, true, false);

        assertThat(waiting.ended()).isEqualTo("at the deadline of 10 s; nothing new arrived in that time");
    }

    @Test
    void whatIsMissingIsLostAfterAThirdOfTheTimeWithoutExpectedArrivals() {
        clock.pass(Duration.ofHours(1));
        Waiting waiting = waiting(2, 9);

        assertThat(waiting.missing()).isEqualTo(Finding.PENDING);
        clock.pass(Duration.ofSeconds(3));
        assertThat(waiting.missing()).isEqualTo(Finding.LOST);
        waiting.goesOn(false, true, false);
        assertThat(waiting.missing()).as("other news are no hope").isEqualTo(Finding.LOST);
        waiting.goesOn(true, true, false);
        assertThat(waiting.missing()).isEqualTo(Finding.PENDING);
        clock.pass(Duration.ofSeconds(3).minus(NANO));
        assertThat(waiting.missing()).isEqualTo(Finding.PENDING);
        clock.pass(NANO);
        assertThat(waiting.missing()).isEqualTo(Finding.LOST);
    }

    @ParameterizedTest
    @CsvSource({
        "2000, 60000, 0, 100", // a twentieth of the time to settle
        "2000, 60000, 40, 100",
        "2000, 60000, 60, 120", // twice as long as a reading took
        "2000, 60000, 900, 250", // but still several times a second
        "0, 60000, 0, 5",
        "60000, 60000, 0, 250",
        "2000, 30, 0, 30", // never beyond the deadline
    })
    void thePauseBetweenReadingsFollowsTheirLength(long settle, long deadline, long reading, long pause) {
        Waiting waiting = new Waiting(Duration.ofMillis(settle), Duration.ofMillis(deadline), clock);

        waiting.pause(Duration.ofMillis(reading).toNanos());

        assertThat(clock.nanos()).isEqualTo(Duration.ofMillis(pause).toNanos());
    }

    @Test
    void aPauseIsCountedFromTheBeginningAndNeverNothing() {
        clock.pass(Duration.ofHours(1));
        Waiting waiting = waiting(2, 10);
        clock.pass(Duration.ofMillis(9_990));

        waiting.pause(0);
        assertThat(waiting.left()).isZero();
        waiting.pause(0);
        assertThat(waiting.left()).isEqualTo(-1);
    }

    @Test
    void theSystemsClockRunsAndWaits() {
        long before = System.nanoTime();
        long now = Waiting.Clock.SYSTEM.nanos();
        assertThat(now).isBetween(before, System.nanoTime());

        long parked = 0;
        for (int i = 0; i < 100 && parked < 1_000_000; i++) { // a park may end early
            long from = System.nanoTime();
            Waiting.Clock.SYSTEM.park(1_000_000);
            parked += System.nanoTime() - from;
        }
        assertThat(parked).isGreaterThanOrEqualTo(1_000_000);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 ms",
        "999, 999 ms",
        "1000, 1 s",
        "1099, 1 s",
        "1100, 1.1 s",
        "1199, 1.1 s",
        "2500, 2.5 s",
        "61000, 61 s"
    })
    void timesAreShownInMillisecondsOrTenthsOfSeconds(long millis, String text) {
        assertThat(Waiting.text(millis * 1_000_000 + 999_999)).isEqualTo(text);
    }

    @Test
    void aTimeIsAtMostADayAndNeverNegative() {
        assertThat(Waiting.checked("settle", Duration.ZERO)).isEqualTo(Duration.ZERO);
        assertThat(Waiting.checked("settle", Duration.ofDays(1))).isEqualTo(Duration.ofDays(1));
        assertThatThrownBy(() -> Waiting.checked("settle", NANO.negated()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("settle is negative: write 0 to 24 hours");
        assertThatThrownBy(() -> Waiting.checked("deadline", Duration.ofHours(25)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("deadline is 25 h: write 0 to 24 hours");
    }

    private Waiting waiting(long settleSeconds, long deadlineSeconds) {
        return new Waiting(Duration.ofSeconds(settleSeconds), Duration.ofSeconds(deadlineSeconds), clock);
    }

    /** What is then read says that nothing more came, and not a moment later. */
    @Test
    void onceAllIsThereItDoesNotPauseBeyondTheTimeToSettle() {
        Waiting waiting = new Waiting(Duration.ofMillis(90), Duration.ofSeconds(10), clock);
        clock.pass(Duration.ofSeconds(1));
        waiting.goesOn(true, true, true);
        clock.pass(Duration.ofMillis(20));

        waiting.pause(Duration.ofSeconds(1).toNanos());

        assertThat(clock.nanos()).isEqualTo(Duration.ofMillis(1090).toNanos());
        assertThat(waiting.goesOn(false, false, true)).isFalse();
    }
}
