package io.dataflux.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dataflux.s3.S3FaultProxy.Fault;
import io.dataflux.s3.S3FaultProxy.Request;
import io.dataflux.spi.LaneContext;
import io.dataflux.spi.Sink;
import io.dataflux.spi.SinkConnector;
import io.dataflux.testkit.EmbeddedS3;
import io.dataflux.testkit.RecordedOutcome;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of objects when the way to a real store, or what it says, is at fault. */
class S3FaultTest {

    /** Much longer than the deadlines here, much shorter than all retries. */
    private static final Duration IN_TIME = Duration.ofSeconds(15);

    private static final int EVENTS = 100;
    private static final int LARGE = 6_000; // events of a kilobyte: two parts
    private static EmbeddedS3 s3;
    private static int buckets;
    private String bucket;
    private S3FaultProxy proxy;

    @BeforeAll
    static void startStore() {
        s3 = EmbeddedS3.start();
    }

    @AfterAll
    static void stopStore() {
        s3.close();
    }

    @BeforeEach
    void startProxy() throws IOException {
        bucket = "fault-" + ++buckets;
        s3.createBucket(bucket);
        proxy = new S3FaultProxy(s3.endpoint());
    }

    @AfterEach
    void stopProxy() throws IOException {
        proxy.close();
    }

    private Map<String, Object> settings(Object... more) {
        Map<String, Object> settings = Feed.settings(
                proxy.endpoint(), s3, bucket, "request_timeout", "30s", "connect_timeout", "5s", "part_bytes", "5MiB");
        settings.put("delivery_timeout", "90s");
        for (int i = 0; i < more.length; i += 2) {
            settings.put((String) more[i], more[i + 1]);
        }
        return settings;
    }

    /** Those of the last sink that was sent to. */
    private long retries;

    private RecordedOutcome send(int events, int padding, Object... more) throws Exception {
        SinkConnector connector = Feed.connector(settings(more));
        LaneContext lane = Feed.lane(0);
        connector.prepare(lane);
        try (Sink sink = connector.open(lane)) {
            RecordedOutcome outcome = new Feed(lane, sink).write(0, events, padding);
            sink.flush();
            assertThat(outcome.misuse()).isNull();
            assertThat(outcome.unsettled()).as("settled when flushed").isZero();
            retries = sink.retries();
            return outcome;
        }
    }

    private RecordedOutcome sendLarge(Object... more) throws Exception {
        return send(LARGE, 1000, more);
    }

    private static String name(int events) {
        return "clicks/cafe0001-0-" + ObjectName.place(0) + "-" + ObjectName.place(events - 1) + ".jsonl";
    }

    private void assertStored(int events, int padding) throws IOException {
        assertThat(s3.keys(bucket, "")).containsExactly(name(events));
        assertThat(Feed.text(s3, bucket, name(events)).lines())
                .hasSize(events)
                .last()
                .isEqualTo(Feed.json(events - 1, padding));
        assertThat(s3.openUploads(bucket)).as("uploads left open").isEmpty();
    }

    private void assertNothingStored() {
        assertThat(s3.keys(bucket, "")).isEmpty();
        assertThat(s3.openUploads(bucket)).as("uploads left open").isEmpty();
    }

    private AtomicInteger on(Predicate<Request> which, int times, Fault fault) {
        return proxy.on(which, times, fault);
    }

    @Test
    void anAnswerThatIsLostIsAskedFor() throws Exception {
        AtomicInteger hits = on(Request::isPut, 1, S3FaultProxy.loseReply());
        assertThat(send(EVENTS, 0).acknowledged()).isEqualTo(EVENTS);

        assertThat(hits).hasValue(1);
        assertThat(proxy.seen("PUT", "clicks"))
                .as("tried again and told that it is there")
                .isEqualTo(2);
        assertStored(EVENTS, 0);
    }

    @Test
    void anAnswerThatIsLostIsAskedForWithoutRetriesToo() throws Exception {
        AtomicInteger hits = on(Request::isPut, 1, S3FaultProxy.loseReply());
        assertThat(send(EVENTS, 0, "retries", 0L).acknowledged()).isEqualTo(EVENTS);

        assertThat(hits).hasValue(1);
        assertThat(proxy.seen("HEAD", "clicks")).isEqualTo(1);
        assertStored(EVENTS, 0);
    }

    @Test
    void aRequestThatIsLostIsSentAgain() throws Exception {
        AtomicInteger hits = on(Request::isPut, 2, S3FaultProxy.loseRequest());
        assertThat(send(EVENTS, 0).acknowledged()).isEqualTo(EVENTS);
        assertThat(hits).hasValue(2);
        assertStored(EVENTS, 0);

        // the control: without retries it is not there, and that it will not come nobody can know
        s3.delete(bucket, name(EVENTS));
        AtomicInteger again = on(Request::isPut, 1, S3FaultProxy.loseRequest());
        assertThat(send(EVENTS, 0, "retries", 0L).unknown()).isEqualTo(EVENTS);
        assertThat(again).hasValue(1);
        assertNothingStored();
    }

    @Test
    void aStoreThatAsksToSlowDownGetsItLater() throws Exception {
        AtomicInteger hits = on(Request::isPut, 3, S3FaultProxy.refuse(503, "SlowDown"));
        assertThat(send(EVENTS, 0).acknowledged()).isEqualTo(EVENTS);
        assertThat(hits).hasValue(3);
        assertThat(retries).isEqualTo(3);
        assertStored(EVENTS, 0);

        // the control: without retries, and known not to be there
        s3.delete(bucket, name(EVENTS));
        AtomicInteger again = on(Request::isPut, 1, S3FaultProxy.refuse(503, "SlowDown"));
        RecordedOutcome refused = send(EVENTS, 0, "retries", 0L);
        assertThat(again).hasValue(1);
        assertThat(refused.failed()).isEqualTo(EVENTS);
        assertThat(retries).isZero();
        assertThat(refused.firstCause())
                .hasMessageContaining(proxy.endpoint().substring(7) + "/" + bucket)
                .hasMessageContaining(name(EVENTS) + " (clicks 0 to 99)")
                .hasMessageContaining("status 503 SlowDown");
        assertNothingStored();
    }

    @Test
    void anErrorOfAStoreThatStoredItAllTheSameIsSeenThrough() throws Exception {
        AtomicInteger hits = on(Request::isPut, 1, S3FaultProxy.passAndSay(500, "InternalError"));
        assertThat(send(EVENTS, 0, "retries", 0L).acknowledged()).isEqualTo(EVENTS);
        assertThat(hits).hasValue(1);
        assertStored(EVENTS, 0);
    }

    @Test
    void aStoreThatIsBusyWhenTheRunBeginsIsAskedAgain() throws Exception {
        AtomicInteger hits = on(Request::isHead, 2, S3FaultProxy.refuse(503, "SlowDown"));
        assertThat(send(EVENTS, 0).acknowledged()).isEqualTo(EVENTS);
        assertThat(hits).hasValue(2);
    }

    @Test
    void lostCredentialsFailAtOnce() throws Exception {
        AtomicInteger hits = on(Request::isPut, 99, S3FaultProxy.refuse(403, "AccessDenied"));
        RecordedOutcome outcome = send(EVENTS, 0);
        assertThat(outcome.failed()).isEqualTo(EVENTS);
        assertThat(hits).as("not tried again").hasValue(1);
        assertThat(outcome.firstCause())
                .hasMessageContaining("status 403 AccessDenied")
                .hasMessageContaining("may list, read and write the bucket")
                .satisfies(e -> assertThat(e.toString()).doesNotContain(s3.secretKey()));
    }

    @Test
    void aStoreThatDoesNotAnswerEndsInUnknownWithinTheDeadline() throws Exception {
        AtomicInteger hits = on(
                request ->
                        request.isPut() || request.isHead() && request.target().contains("clicks"),
                99,
                S3FaultProxy.stall());
        long began = System.nanoTime();
        RecordedOutcome outcome = send(EVENTS, 0, "delivery_timeout", "1s", "request_timeout", "300ms");

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(IN_TIME);
        assertThat(hits.get()).isPositive();
        assertThat(outcome.unknown()).isEqualTo(EVENTS);
        assertThat(outcome.firstCause())
                .hasMessageContaining("may or may not be there")
                .hasMessageContaining("no answer in time");
        assertNothingStored();
    }

    @Test
    void anAnswerThatNeverEndsEndsWithinTheDeadline() throws Exception {
        AtomicInteger hits = on(Request::isPut, 99, S3FaultProxy.trickle());
        long began = System.nanoTime();
        RecordedOutcome outcome = send(EVENTS, 0, "delivery_timeout", "1s", "request_timeout", "300ms");

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(IN_TIME);
        assertThat(hits.get()).isPositive();
        assertThat(outcome.acknowledged()).isZero();
    }

    @Test
    void aStoreThatIsGoneFails() throws Exception {
        SinkConnector connector = Feed.connector(settings("retries", 1L));
        LaneContext lane = Feed.lane(0);
        connector.prepare(lane);
        try (Sink sink = connector.open(lane)) {
            proxy.close();
            RecordedOutcome outcome = new Feed(lane, sink).write(0, EVENTS);
            sink.flush();
            assertThat(outcome.failed()).as("never sent, so not in doubt").isEqualTo(EVENTS);
            assertThat(outcome.firstCause()).hasMessageContaining("check endpoint, and that the store is running");
        }
    }

    @Test
    void anAnswerToCompleteThatIsLostIsAskedFor() throws Exception {
        AtomicInteger hits = on(Request::isComplete, 1, S3FaultProxy.loseReply());
        assertThat(sendLarge().acknowledged()).isEqualTo(LARGE);
        assertThat(hits).hasValue(1);
        assertStored(LARGE, 1000);
    }

    @Test
    void anErrorInsideAGoodAnswerToCompleteIsNoSuccess() throws Exception {
        AtomicInteger hits = on(Request::isComplete, 1, S3FaultProxy.refuse(200, "InternalError"));
        assertThat(sendLarge().acknowledged()).isEqualTo(LARGE);
        assertThat(hits).hasValue(1);
        assertThat(proxy.seen("POST", "uploadId")).as("completed again").isEqualTo(2);
        assertStored(LARGE, 1000);

        // the control: without retries it is no success, and nothing is left behind
        s3.delete(bucket, name(LARGE));
        AtomicInteger again = on(Request::isComplete, 1, S3FaultProxy.refuse(200, "InternalError"));
        RecordedOutcome refused = sendLarge("retries", 0L);
        assertThat(again).hasValue(1);
        assertThat(refused.acknowledged()).isZero();
        assertThat(refused.firstCause()).hasMessageContaining("InternalError");
        assertNothingStored();
    }

    @Test
    void anErrorInsideAGoodAnswerOfAStoreThatCompletedIsSeenThrough() throws Exception {
        AtomicInteger hits = on(Request::isComplete, 1, S3FaultProxy.passAndSay(200, "InternalError"));
        assertThat(sendLarge().acknowledged()).isEqualTo(LARGE);
        assertThat(hits).hasValue(1);
        assertStored(LARGE, 1000);
    }

    @Test
    void aPartThatIsLostIsSentAgainAlone() throws Exception {
        AtomicInteger hits = on(request -> request.target().contains("partNumber=2"), 1, S3FaultProxy.loseReply());
        assertThat(sendLarge().acknowledged()).isEqualTo(LARGE);
        assertThat(hits).hasValue(1);
        assertThat(proxy.seen("PUT", "partNumber=1")).isEqualTo(1);
        assertStored(LARGE, 1000);
    }

    @Test
    void anUploadWhoseBeginningWasNotHeardOfIsNotLeftOpen() throws Exception {
        AtomicInteger hits = on(Request::isCreate, 2, S3FaultProxy.loseReply());
        assertThat(sendLarge().acknowledged()).isEqualTo(LARGE);
        assertThat(hits).hasValue(2);
        assertStored(LARGE, 1000);
    }

    @Test
    void anUploadThatCannotGoOnIsAborted() throws Exception {
        AtomicInteger hits =
                on(request -> request.target().contains("partNumber=2"), 99, S3FaultProxy.refuse(403, "AccessDenied"));
        assertThat(sendLarge().failed()).isEqualTo(LARGE);
        assertThat(hits).hasValue(1);
        assertNothingStored();
    }

    @Test
    void writingWaitsWhileObjectsAreUnderWayAndEndsWhenInterrupted() throws Exception {
        AtomicInteger hits = on(Request::isPut, 99, S3FaultProxy.stall());
        SinkConnector connector = Feed.connector(
                settings("uploads", 2L, "object_events", 10L, "request_timeout", "90s", "connect_timeout", "500ms"));
        LaneContext lane = Feed.lane(0);
        connector.prepare(lane);
        Sink sink = connector.open(lane);
        Feed feed = new Feed(lane, sink);
        Thread writer = new Thread(() -> {
            try {
                feed.write(0, EVENTS);
            } catch (Exception e) {
                Thread.currentThread().interrupt();
            }
        });
        writer.start();
        await().forever().until(() -> hits.get() == 2 && writer.getState() == Thread.State.WAITING);
        writer.interrupt();
        writer.join();
        long began = System.nanoTime();
        sink.close();

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(IN_TIME);
        RecordedOutcome outcome = feed.outcomes.get(0);
        assertThat(outcome.misuse()).isNull();
        assertThat(outcome.unsettled()).isZero();
        assertThat(outcome.unknown()).as("the two that were in flight").isEqualTo(20);
        assertThat(outcome.failed()).as("never sent").isEqualTo(80);
        assertThat(hits).as("no more than two at a time").hasValue(2);
    }
}
