package io.dataflux.testkit;

import static io.dataflux.testkit.DataFluxAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.DataFlux;
import io.dataflux.Event;
import io.dataflux.EventStream;
import io.dataflux.Run;
import io.dataflux.RunReport;
import io.dataflux.Validity;
import io.dataflux.verify.Arrivals;
import io.dataflux.verify.Finding;
import io.dataflux.verify.Verdict;
import io.dataflux.verify.Verification;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The shortest way to use the testkit, without the extension. */
class TestStreamTest {

    record Click(String eventId, Instant timestamp, String userId, String eventType) {}

    /** What the consumer makes of a click. */
    record View(String id, String user) {}

    private static final EventStream CLICKS = DataFlux.stream("clickstream", 42);
    private static final JsonDecoder<Click> JSON = JsonDecoder.of(Click.class);
    private static final Duration SHORT = Duration.ofMillis(200);
    private final Queue<View> views = new ConcurrentLinkedQueue<>();

    private static TestStream<Click> clicks(long from, long to) {
        return TestStream.of(CLICKS, from, to, Decoder.json(Click.class));
    }

    /** A consumer that keeps the page views. */
    private void consume(byte[] json) {
        Click click = JSON.apply(json);
        if (click.eventType.equals("page_view")) {
            views.add(new View(click.eventId, click.userId));
        }
    }

    private static Stream<View> expected(Click click) {
        return click.eventType.equals("page_view") ? Stream.of(new View(click.eventId, click.userId)) : Stream.empty();
    }

    @Test
    void aConsumerThatDoesItsWorkDeliversExactlyOnceAndInOrder() throws Exception {
        try (TestStream<Click> clicks = clicks(0, 5_000)) {
            Arrivals<View> out = Arrivals.log(views);
            RunReport report = clicks.sendTo(Pipeline.into(this::consume));

            assertThat(report).delivered();
            assertThat(report.acknowledged()).isEqualTo(5_000);
            Verdict verdict = clicks.verify(out)
                    .tracedBy(View::id)
                    .expecting(TestStreamTest::expected)
                    .settle(SHORT)
                    .await();
            assertThat(verdict).deliveredExactlyOnce().deliveredAtLeastOnce().inOrderPerKey();
            assertThat(verdict.expected()).isBetween(1L, 4_999L).isEqualTo(views.size());
        }
    }

    @Test
    void aLogIsForOneVerificationWhichMayBeAskedAgain() throws Exception {
        try (TestStream<Click> clicks = clicks(0, 100)) {
            Arrivals<View> out = Arrivals.log(views);
            clicks.sendTo(Pipeline.into(this::consume));
            Verification<Click, View> verification = clicks.verify(out)
                    .tracedBy(View::id)
                    .expecting(TestStreamTest::expected)
                    .settle(SHORT);

            assertThat(verification.await()).deliveredExactlyOnce();
            assertThat(verification.await()).deliveredExactlyOnce();
            assertThatThrownBy(() -> clicks.verify(out)).hasMessageContaining("a log is read once");
        }
    }

    @SuppressWarnings("StringConcatToTextBlock") // lines that begin a message
    @Test
    void aFailureTellsSeedAndItsSourceTagReplayLineAndWhereTheFilesAre() throws Exception {
        try (TestStream<Click> clicks = clicks(1_000, 2_000).tag("5f3a90c1")) {
            Arrivals<View> out = Arrivals.log(views);
            clicks.sendTo(Pipeline.into(this::consume));
            View lost = views.remove();
            long sequence = clicks.stream().sequenceOf(lost.id).orElseThrow();
            List<View> rest = new ArrayList<>(views);

            // the log is read at its end only, so what was taken away was never in it
            Verdict verdict = clicks.verify(Arrivals.snapshot(() -> rest))
                    .tracedBy(View::id)
                    .expecting(TestStreamTest::expected)
                    .deadline(SHORT)
                    .await();

            assertThatThrownBy(() -> assertThat(verdict).deliveredExactlyOnce())
                    .isInstanceOf(AssertionError.class)
                    .hasMessageStartingWith("not delivered exactly once\n"
                            + "Delivery differs from stream 'clickstream' (seed 42 from TestStream.of, run 5f3a90c1)\n"
                            + "  expected  : 1,000 acknowledged, ")
                    .hasMessageContaining("\n  lost      : 1    " + sequence + " (key " + lost.user + ")\n")
                    .hasMessageContaining("\n  replay    : TestStream.of(DataFlux.stream(\"clickstream\", 42), "
                            + sequence + ", " + (sequence + 1) + ", Decoder.events()).tag(\"5f3a90c1\")\n")
                    .hasMessageEndingWith("\n  files     : target/dataflux/io.dataflux.testkit.TestStreamTest"
                            + ".aFailureTellsSeedAndItsSourceTagReplayLineAndWhereTheFilesAre");
            assertThat(Files.readString(verdict.report().orElseThrow())).contains("\"lost\"");
            assertThat(clicks(sequence, sequence + 1).tag("5f3a90c1").events())
                    .extracting(Click::eventId)
                    .containsExactly(lost.id);
            assertThat(out).isNotNull();
        }
    }

    @Test
    void onlyWhatTheSinkAcknowledgedIsExpected() throws Exception {
        try (TestStream<Event> clicks = TestStream.of(CLICKS, 0, 1_000, Decoder.events())) {
            List<String> stored = new ArrayList<>();
            Arrivals<String> out = Arrivals.log(stored);
            RunReport report = clicks.sendTo(new Pipeline(
                    json -> stored.add(new String(json, StandardCharsets.UTF_8)), sequence -> sequence % 10 != 0));

            assertThatThrownBy(() -> assertThat(report).delivered())
                    .hasMessageStartingWith("not delivered\nRun " + clicks.tag()
                            + ", valid: 1,000 issued = 900 acknowledged + 100 failed + 0 unknown");
            Verdict verdict = clicks.verify(out).settle(SHORT).await();
            assertThat(verdict).deliveredExactlyOnce().inOrderPerKey();
            assertThat(verdict.expected()).isEqualTo(900);
        }
    }

    @Test
    void somethingHappensOnTheWayAndTheVerificationWaitsForTheEnd() throws Exception {
        CountDownLatch restarted = new CountDownLatch(1);
        try (TestStream<Click> clicks = clicks(0, 2_000).rate("20000/s")) {
            Arrivals<View> out = Arrivals.log(views);
            Run run = clicks.startSendingTo(Pipeline.into(this::consume)).after(500, restarted::countDown);

            Verdict verdict = clicks.verify(out)
                    .tracedBy(View::id)
                    .expecting(TestStreamTest::expected)
                    .settle(SHORT)
                    .await();

            assertThat(verdict).deliveredExactlyOnce();
            assertThat(restarted.await(1, TimeUnit.MINUTES)).isTrue();
            assertThat(run.await().validity()).isNotNull();
        }
    }

    @Test
    void theRateIsThatOfTheEventsTimes() throws Exception {
        try (TestStream<Click> clicks = clicks(0, 200).rate("1000/s")) {
            RunReport report = clicks.sendTo(Pipeline.into(json -> {}));

            assertThat(Duration.between(
                            clicks.events().get(0).timestamp, clicks.events().get(199).timestamp))
                    .isEqualTo(Duration.ofMillis(199));
            assertThat(report.elapsed()).isGreaterThan(Duration.ofMillis(190));
            assertThat(report.steps().get(0).offeredPerSecond()).isEqualTo(1000);
            assertThatThrownBy(() -> assertThat(report(report, report.steps().get(0)))
                            .sustains(4_000)) // however late the run was
                    .hasMessageStartingWith("no step offers 4,000 events/s\nRun ");
        }
        assertThatThrownBy(() -> clicks(0, 1).rate("fast"))
                .hasMessageStartingWith("'fast' is not a rate; write a rate such as 500/s");
    }

    @Test
    void stepsOfARateAreJudgedUpToTheOneThatIsToBeSustained() throws Exception {
        RunReport sent;
        try (TestStream<Click> clicks = clicks(0, 10)) {
            sent = clicks.sendTo(Pipeline.into(json -> {}));
        }
        RunReport report = report(
                sent, step(500, 500, 0, 20), step(1000, 990, 0, 40), step(1500, 1490, 3, 60), step(2000, 1700, 0, 900));

        assertThat(report).sustains(1000).p99Below(Duration.ofMillis(50));
        assertThatThrownBy(() -> assertThat(report).sustains(1500))
                .hasMessageStartingWith("does not sustain 1,500 events/s\n");
        assertThatThrownBy(() -> assertThat(report).sustains(1000).p99Below(Duration.ofMillis(30)))
                .hasMessageStartingWith("p99 is not below 30 ms\n")
                .hasMessageContaining("\n  offered 1,000/s, achieved 990/s, 0 failed, 0 unknown, p99 40 ms\n");
        assertThatThrownBy(() -> assertThat(report).p99Below(Duration.ofMillis(100)))
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void eventsAreComputedWhenTheyAreAskedForAndAreThoseThatAreSent() throws Exception {
        List<String> sent = new ArrayList<>();
        try (TestStream<Event> clicks = TestStream.of(CLICKS, 100, 1_000_000_100, Decoder.events())) {
            assertThat(clicks.events()).hasSize(1_000_000_000);
            assertThat(clicks.events().get(999_999_999).sequence()).isEqualTo(1_000_000_099);
        }
        try (TestStream<Event> clicks = TestStream.of(CLICKS, 100, 150, Decoder.events())) {
            clicks.sendTo(Pipeline.into(json -> sent.add(new String(json, StandardCharsets.UTF_8))));
            assertThat(clicks.events()).extracting(Event::toString).containsExactlyInAnyOrderElementsOf(sent);
            assertThatThrownBy(() -> clicks.sendTo(Pipeline.into(json -> {})))
                    .hasMessageStartingWith("stream 'clickstream' was already sent, as run " + clicks.tag());
            assertThatThrownBy(() -> clicks.rate("1/s"))
                    .hasMessageStartingWith("rate(...) changes the events: call it before");
        }
    }

    @Test
    void whatWasNotSentCannotBeJudged() {
        assertThatThrownBy(() -> clicks(0, 10).verify(Arrivals.log(views)))
                .hasMessage("stream 'clickstream' has not been sent yet: send it with sendTo(...)");
        assertThatThrownBy(() -> clicks(10, 5)).hasMessageContaining("[10, 5) are not within [0, ");
        assertThatThrownBy(() -> clicks(0, 5).tag("xyz")).hasMessageStartingWith("'xyz' is not a tag");
    }

    @Test
    void thatNothingArrivedIsAnAssertionOfItsOwn() throws Exception {
        try (TestStream<Click> clicks = clicks(0, 100)) {
            Arrivals<View> out = Arrivals.log(views);
            Arrivals<View> again = Arrivals.log(views);
            clicks.sendTo(Pipeline.into(json -> {}));
            Verdict nothing = clicks.verify(out)
                    .tracedBy(View::id)
                    .expecting(click -> Stream.empty())
                    .settle(SHORT)
                    .await();
            views.add(new View("x", "y"));
            Verdict something = clicks.verify(again)
                    .tracedBy(View::id)
                    .expecting(click -> Stream.empty())
                    .settle(SHORT)
                    .await();

            assertThat(nothing).nothingArrived();
            assertThatThrownBy(() -> assertThat(nothing).deliveredExactlyOnce())
                    .hasMessageContaining("Nothing to judge: none of the 100 acknowledged events");
            assertThatThrownBy(() -> assertThat(something).nothingArrived())
                    .hasMessageStartingWith("1 record arrived, but none should have\n");
            assertThat(something.count(Finding.FOREIGN)).isEqualTo(1);
        }
    }

    @Test
    void aLogThatWasOpenedTooLateIsHintedAt() throws Exception {
        try (TestStream<Click> clicks = clicks(0, 100)) {
            clicks.sendTo(Pipeline.into(json -> views.add(new View("x", "y"))));

            Verdict verdict = clicks.verify(Arrivals.log(views))
                    .tracedBy(View::id)
                    .settle(SHORT)
                    .deadline(SHORT)
                    .await();

            assertThat(verdict.count(Finding.LOST)).isEqualTo(100);
            assertThat(verdict.toString())
                    .contains("arrived   : nothing\n")
                    .contains(
                            " (a log is read from where it ended when the arrivals were created: create them before sending)\n");
        }
    }

    @Test
    void aSnapshotHasNoOrder() throws Exception {
        try (TestStream<Map<String, Object>> clicks = TestStream.of(CLICKS, 0, 100, Decoder.maps())) {
            List<Map<String, Object>> table = new ArrayList<>();
            clicks.sendTo(Pipeline.into(json -> {}));
            table.addAll(clicks.events());
            Verdict verdict =
                    clicks.verify(Arrivals.snapshot(() -> table)).settle(SHORT).await();

            assertThat(verdict).deliveredExactlyOnce();
            assertThatThrownBy(() -> assertThat(verdict).inOrderPerKey())
                    .hasMessageStartingWith("order per key was not judged: a snapshot has no order\n");
        }
    }

    private static RunReport report(RunReport like, RunReport.Step... steps) {
        return new RunReport(
                like.tag(),
                Validity.VALID,
                like.ledger(),
                List.of(steps),
                like.ownLag(),
                like.sinkLag(),
                like.bytes(),
                like.elapsed(),
                like.start(),
                like.speed(),
                like.backfill(),
                like.faults(),
                like.problems());
    }

    private static RunReport.Step step(double offered, double achieved, long failed, long p99Millis) {
        return new RunReport.Step(
                "sink",
                Instant.EPOCH,
                null,
                offered,
                achieved,
                1000,
                failed,
                0,
                new RunReport.Lag(0, 0, 0),
                new RunReport.Lag(0, p99Millis * 1_000_000, 0));
    }
}
