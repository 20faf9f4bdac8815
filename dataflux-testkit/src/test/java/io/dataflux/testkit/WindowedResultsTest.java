package io.dataflux.testkit;

import static io.dataflux.results.Results.Late.COUNTED;
import static io.dataflux.results.Results.Late.DROPPED;
import static io.dataflux.testkit.DataFluxAssertions.assertThat;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.RunReport;
import io.dataflux.Validity;
import io.dataflux.results.ResultVerdict;
import io.dataflux.verify.Arrivals;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** A count of page views by window, as a test of a streaming job has it. */
class WindowedResultsTest {

    record Click(String eventId, Instant timestamp, String eventType) {}

    record ViewCount(String type, Instant start, long views) {}

    /** A job with windows of a second, which a watermark closes that is a second behind; it stands for one of Flink. */
    private static final class ViewCountJob {

        private final Queue<ViewCount> out = new ConcurrentLinkedQueue<>();
        private final List<Click> seen = new ArrayList<>();
        private final JsonDecoder<Click> json = JsonDecoder.of(Click.class);
        private final boolean dropsLate;
        private long latest = Long.MIN_VALUE / 2;

        ViewCountJob(boolean dropsLate) {
            this.dropsLate = dropsLate;
        }

        synchronized void consume(byte[] message) {
            Click click = json.apply(message);
            long time = click.timestamp.toEpochMilli();
            if (!dropsLate || latest < time / 1000 * 1000 + 2_000) {
                seen.add(click);
            }
            latest = Math.max(latest, time);
        }

        /** Puts out all windows, as at the end of a bounded job. */
        synchronized void finish() {
            seen.stream()
                    .map(click -> new ViewCount(
                            click.eventType,
                            Instant.ofEpochSecond(click.timestamp.getEpochSecond()),
                            seen.stream()
                                    .filter(other -> other.eventType.equals(click.eventType)
                                            && other.timestamp.getEpochSecond() == click.timestamp.getEpochSecond())
                                    .count()))
                    .distinct()
                    .forEach(out::add);
        }
    }

    @Test
    void aWindowedCountOfAPacedRunKnowsWhichLateEventsAreDropped(
            @DataFluxStream(value = "clickstream", events = 2_000, rate = "1000/s", faults = "late 2% by 4s..9s")
                    TestStream<Click> clicks) {
        ViewCountJob job = new ViewCountJob(true);
        Arrivals<ViewCount> counts = Arrivals.log(job.out);
        RunReport report = clicks.sendTo(Pipeline.into(job::consume));
        job.finish();

        ResultVerdict verdict = clicks.results()
                .keyedBy(Click::eventType)
                .tumbling(ofSeconds(1))
                .outOfOrderness(ofSeconds(1))
                .slack(ofMillis(500))
                .late(DROPPED)
                .count()
                .verify(counts)
                .key(ViewCount::type)
                .window(ViewCount::start)
                .value(ViewCount::views)
                .settle(ofMillis(50))
                .await();

        assertThat(verdict).agrees();
        assertThat(verdict.toString())
                .contains(
                        report.validity() == Validity.VALID
                                ? "not judged: where events went that were certainly too late"
                                : "the run did not keep to its schedule (" + report.validity() + ")");
    }

    @Test
    void atFullSpeedThereAreBoundsAndTheVerdictSaysSo(
            @DataFluxStream(value = "clickstream", events = 5_000, faults = "late 5% by 4s..9s")
                    TestStream<Click> clicks) {
        ViewCountJob job = new ViewCountJob(true);
        Arrivals<ViewCount> counts = Arrivals.log(job.out);
        clicks.sendTo(Pipeline.into(job::consume));
        job.finish();

        ResultVerdict verdict = clicks.results()
                .keyedBy(Click::eventType)
                .tumbling(ofSeconds(1))
                .outOfOrderness(ofSeconds(1))
                .count()
                .verify(counts)
                .key(ViewCount::type)
                .window(ViewCount::start)
                .value(ViewCount::views)
                .settle(ofMillis(50))
                .await();

        assertThat(verdict).agrees();
        assertThatThrownBy(() -> assertThat(verdict).isExact())
                .hasMessageStartingWith("the expected results are not exact: ")
                .hasMessageContaining(
                        "the run was as fast as possible, so it is not known how far time had come; give it a rate(...)");
    }

    @Test
    void aJobThatDropsWhatShouldCountFailsWithAnExplanationAndAReplayLine(
            @DataFluxStream(value = "clickstream", events = 5_000, seed = 9, faults = "late 5% by 4s..9s")
                    TestStream<Click> clicks) {
        ViewCountJob job = new ViewCountJob(true);
        Arrivals<ViewCount> counts = Arrivals.log(job.out);
        clicks.sendTo(Pipeline.into(job::consume));
        job.finish();

        ResultVerdict verdict = clicks.results()
                .keyedBy(Click::eventType)
                .tumbling(ofSeconds(1))
                .outOfOrderness(ofSeconds(1))
                .late(COUNTED)
                .count()
                .verify(counts)
                .key(ViewCount::type)
                .window(ViewCount::start)
                .value(ViewCount::views)
                .settle(ofMillis(50))
                .deadline(ofMillis(200))
                .await();

        assertThatThrownBy(() -> assertThat(verdict).agrees())
                .hasMessageStartingWith(
                        "the results do not agree\nResults differ from stream 'clickstream' (seed 9 from"
                                + " @DataFluxStream, run " + clicks.tag() + "): late events were dropped\n")
                .hasMessageContaining("\n  replay    : @DataFluxStream(value = \"clickstream\", seed = 9, from = ");
        assertThat(verdict).isExact();
    }

    @Test
    void resultsAreJudgedAfterSendingAndALogOnce(
            @DataFluxStream(value = "clickstream", events = 100) TestStream<Click> clicks) {
        ViewCountJob job = new ViewCountJob(false);
        Arrivals<ViewCount> counts = Arrivals.log(job.out);

        assertThatThrownBy(() -> clicks.results()
                        .wholeRun()
                        .count()
                        .verify(Arrivals.log(job.out))
                        .value(ViewCount::views)
                        .await())
                .hasMessage("stream 'clickstream' has not been sent yet: send it with sendTo(...)");
        assertThatThrownBy(() -> clicks.rate("5/s")).hasMessageContaining("changes the events");
        clicks.sendTo(Pipeline.into(job::consume));
        job.out.add(new ViewCount("all", Instant.EPOCH, 100));
        assertThat(clicks.results()
                        .wholeRun()
                        .count()
                        .verify(counts)
                        .value(ViewCount::views)
                        .settle(ofMillis(1))
                        .await())
                .agrees()
                .isExact();
        assertThatThrownBy(() -> clicks.results().wholeRun().count().verify(counts))
                .hasMessageContaining("a log is read once");
    }
}
