package io.dataflux.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.Run.Progress;
import io.dataflux.Run.SinkProgress;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ProgressLineTest {

    private static final long SECOND = 1_000_000_000L;

    private static SinkProgress sink(String name, long issued, long acknowledged, long planned) {
        return new SinkProgress(name, issued, acknowledged, 0, 0, acknowledged * 300, planned, 0, 0, 0, false);
    }

    private static Progress at(long seconds, double wanted, SinkProgress... sinks) {
        return new Progress(seconds * SECOND, wanted, 1, false, null, List.of(sinks));
    }

    @Test
    void whatIsSentIsShownBesideWhatIsAcknowledgedWithPerCentAndTimeLeft() {
        Progress first = at(0, 5000, sink("lake", 0, 0, 100_000));
        Progress before = at(9, 5000, sink("lake", 45_000, 0, 100_000));
        Progress now = at(10, 5000, sink("lake", 50_000, 0, 100_000));

        assertThat(new ProgressLine(first, before, now).lines())
                .containsExactly(" 10.0 s, wanted 5,000/s | lake 50%, 10.0 s left, sent 50,000 at 5,000/s,"
                        + " acknowledged 0 at 0/s, 0.0 MB/s");
        assertThat(new ProgressLine(first, before, now).within(80))
                .isEqualTo(" 10.0 s | lake 50%, 10.0 s left, 50,000 sent 5,000/s, 0 ack. 0/s");
    }

    @Test
    void aRunWithoutALimitOrPaceHasNoPerCentAndNothingWanted() {
        Progress before = at(1, 0, sink("lake", 10, 10, 0));
        Progress now = at(2, 0, sink("lake", 30, 20, 0));

        assertThat(new ProgressLine(before, before, now).lines())
                .containsExactly("  2.0 s | lake, sent 30 at 20/s, acknowledged 20 at 10/s, 0.0 MB/s");
    }

    @Test
    void aResumedRunCountsWhatItSentItself() {
        Progress first = at(0, 0, sink("lake", 90_000, 90_000, 100_000));
        Progress now = at(10, 0, sink("lake", 95_000, 95_000, 100_000));

        assertThat(new ProgressLine(first, first, now).lines().get(0)).contains("lake 95%, 10.0 s left");
    }

    private static Progress paced(long seconds, long end, SinkProgress... sinks) {
        return new Progress(seconds * SECOND, 100, 1, false, Duration.ofSeconds(end), List.of(sinks));
    }

    private static String left(Progress earlier, Progress now) {
        String line = new ProgressLine(earlier, earlier, now).lines().get(0);
        int at = line.indexOf(" left");
        return at < 0 ? "" : line.substring(line.lastIndexOf(", ", at) + 2, at);
    }

    @Test
    void aRunThatIsOnTimeEndsAsScheduledWhateverItsRateIsNow() {
        // a ramp: 10 of 100 s, but 1% of the events
        assertThat(left(paced(0, 100, sink("lake", 0, 0, 100_000)), paced(10, 100, sink("lake", 1_000, 0, 100_000))))
                .isEqualTo("1 min 30 s");
        assertThat(left(paced(0, 100, sink("lake", 0, 0, 100_000)), paced(0, 100, sink("lake", 0, 0, 100_000))))
                .as("nothing is due yet")
                .isEqualTo("1 min 40 s");
        assertThat(left(paced(-5, 20, sink("lake", 0, 0, 9)), paced(-5, 20, sink("lake", 0, 0, 9))))
                .as("it begins in five seconds")
                .isEqualTo("25.0 s");
    }

    @Test
    void aRunThatIsLateTakesAsLongAsItsPaceNeeds() {
        SinkProgress late = new SinkProgress("lake", 50_000, 50_000, 0, 0, 0, 100_000, 0, 30 * SECOND, 0, false);
        assertThat(left(paced(80, 100, sink("lake", 40_000, 0, 100_000)), paced(90, 100, late)))
                .isEqualTo("50.0 s");
        SinkProgress fast = new SinkProgress("lake", 90_000, 90_000, 0, 0, 0, 100_000, 0, 2 * SECOND, 0, false);
        assertThat(left(paced(0, 100, sink("lake", 0, 0, 100_000)), paced(10, 100, fast)))
                .as("never earlier than scheduled")
                .isEqualTo("1 min 30 s");
        SinkProgress past = new SinkProgress("lake", 10_000, 0, 0, 0, 0, 100_000, 0, 0, 3600 * SECOND, false);
        assertThat(left(paced(0, 5, sink("lake", 0, 0, 100_000)), paced(10, 5, past)))
                .as("a backfill")
                .isEqualTo("1 min 30 s");
        assertThat(left(paced(80, 100, late), paced(90, 100, late)))
                .as("stalled")
                .isEmpty();
    }

    @Test
    void aLineThatHasRoomForOneSinkSaysThatThereAreMoreAndWhichItShows() {
        Progress before = at(9, 0, sink("broker", 100, 100, 1000), sink("lake", 50, 50, 1000));
        Progress now = at(10, 0, sink("broker", 200, 200, 1000), sink("lake", 100, 100, 1000));

        assertThat(new ProgressLine(before, before, now).within(60))
                .isEqualTo(" 10.0 s | slowest of 2: lake 10%, 18.0 s left, 50/s");
    }

    @Test
    void theLineFitsIntoEveryTerminal() {
        for (int sinks = 1; sinks <= 4; sinks++) {
            SinkProgress[] all = IntStream.range(0, sinks)
                    .mapToObj(i -> sink("a-rather-long-name-" + i, 123_456_789_012L + i, 123_456_000_000L, 1L << 50))
                    .toArray(SinkProgress[]::new);
            Progress now = new Progress(123_456 * SECOND, 123_456, 1, false, null, List.of(all));
            ProgressLine line = new ProgressLine(at(0, 0, all), at(1, 0, all), now);
            for (int width = 20; width < 500; width++) {
                assertThat(line.within(width))
                        .hasSizeLessThanOrEqualTo(width)
                        .contains("a-rath".substring(0, width > 45 ? 6 : 0));
            }
            assertThat(line.lines())
                    .hasSize(sinks)
                    .allSatisfy(each -> assertThat(each).hasSizeLessThan(200));
        }
    }
}
