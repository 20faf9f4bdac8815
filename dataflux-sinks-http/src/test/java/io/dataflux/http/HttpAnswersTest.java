package io.dataflux.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.testkit.HttpAnswer;
import io.dataflux.testkit.HttpReceiver;
import io.dataflux.testkit.RecordedOutcome;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of events by what the target answers. */
class HttpAnswersTest {

    private final HttpReceiver receiver = HttpReceiver.start();

    @AfterEach
    void close() {
        receiver.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 202, 204})
    void anyGoodStatusAcknowledges(int status) throws Exception {
        receiver.answering(n -> HttpAnswer.status(status));
        assertThat(send(5, "body", "ndjson").acknowledged()).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 429, 502, 503, 504})
    void whatMayPassIsTriedAgainUnderTheSameKey(int status) throws Exception {
        receiver.answering(n -> n < 2 ? HttpAnswer.status(status) : HttpAnswer.ok());
        assertThat(send(5, "body", "ndjson", "retry_backoff", "1ms").acknowledged())
                .isEqualTo(5);
        assertThat(receiver.requests())
                .hasSize(3)
                .extracting(HttpReceiver.Request::key)
                .containsOnly("cafe0001-api-clicks-0of1-0.0-0.4");
        assertThat(receiver.repeats()).isEqualTo(2);
        assertThat(receiver.violations()).isZero();
        assertThat(receiver.events()).containsExactly(Feed.firstEvents(5));
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 404, 409, 422, 501})
    void whatWillNotPassFailedAtOnce(int status) throws Exception {
        receiver.answering(n -> HttpAnswer.status(status).body("{\"error\":\"no\n  such thing\"}"));
        RecordedOutcome outcome = send(5, "body", "ndjson");
        assertThat(outcome.failed()).isEqualTo(5);
        assertThat(receiver.requests()).hasSize(1);
        assertThat(Feed.cause(outcome))
                .startsWith("POST " + receiver.url() + ": clicks 0 to 4 (5 events): answered " + status)
                .endsWith(": {\"error\":\"no such thing\"}");
    }

    @Test
    void aServerErrorIsNotRetriedAndTheEventsAreUnknown() throws Exception {
        receiver.answering(n -> HttpAnswer.status(500).storing());
        RecordedOutcome outcome = send(1);
        assertThat(outcome.unknown()).isEqualTo(1);
        assertThat(receiver.requests()).hasSize(1);
        assertThat(Feed.cause(outcome)).endsWith("answered 500; the events may have arrived");
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 503})
    void withoutRetriesBeingTurnedAwayIsFailed(int status) throws Exception {
        receiver.answering(n -> HttpAnswer.status(status).header("Retry-After", "1"));
        RecordedOutcome outcome = send(5, "body", "ndjson", "retries", 0L);
        assertThat(outcome.failed()).isEqualTo(5);
        assertThat(receiver.requests()).hasSize(1);
    }

    @Test
    void retriesAreCounted() throws Exception {
        receiver.answering(n -> n < 2 ? HttpAnswer.status(503) : HttpAnswer.ok());
        try (Feed feed = new Feed(Feed.connector(receiver.url(), "retry_backoff", "1ms"))) {
            assertThat(feed.send(5).acknowledged()).isEqualTo(5);
            assertThat(feed.retries()).isEqualTo(2);
            feed.send(5);
            assertThat(feed.retries()).isEqualTo(2);
        }
    }

    @Test
    void retriesEnd() throws Exception {
        receiver.answering(n -> HttpAnswer.status(503));
        RecordedOutcome outcome = send(1, "retries", 3L, "retry_backoff", "1ms");
        assertThat(outcome.failed()).isEqualTo(1);
        assertThat(receiver.requests()).hasSize(4);
        assertThat(Feed.cause(outcome)).contains("answered 503 (4 tries in ");
    }

    @Test
    void whatATryMayHaveLeftIsUnknownWhateverTheNextOneSays() throws Exception {
        receiver.answering(n -> n == 0 ? HttpAnswer.close() : HttpAnswer.status(400));
        RecordedOutcome outcome = send(1, "retry_backoff", "1ms");
        assertThat(outcome.unknown()).isEqualTo(1);
        assertThat(receiver.events()).as("it is there indeed").hasSize(1);
        assertThat(Feed.cause(outcome)).contains("answered 400; the events may have arrived (2 tries in ");
    }

    @Test
    void retryAfterIsWaitedFor() throws Exception {
        receiver.answering(n -> n == 0 ? HttpAnswer.status(429).header("Retry-After", "1") : HttpAnswer.ok());
        long start = System.nanoTime();
        assertThat(send(1, "retry_backoff", "1ms").acknowledged()).isEqualTo(1);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void anAbsurdRetryAfterEndsWithTheDeadline() throws Exception {
        receiver.answering(n -> HttpAnswer.status(429).header("Retry-After", "999999999"));
        long start = System.nanoTime();
        RecordedOutcome outcome = send(5, "body", "ndjson", "delivery_timeout", "1s");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
        assertThat(outcome.failed()).isEqualTo(5);
        assertThat(Feed.cause(outcome))
                .endsWith("clicks 0 to 4 (5 events): answered 429 with Retry-After 999999999;"
                        + " the next try would come after delivery_timeout (1 s)");
    }

    @Test
    void anAbsurdRetryAfterCanBeCutShort() throws Exception {
        receiver.answering(n -> n < 2 ? HttpAnswer.status(429).header("Retry-After", "999999999") : HttpAnswer.ok());
        assertThat(send(1, "max_retry_after", "50ms").acknowledged()).isEqualTo(1);
    }

    @Test
    void tooLargeARequestNamesItsSizeAndTheFix() throws Exception {
        receiver.answering(n -> HttpAnswer.status(413));
        RecordedOutcome outcome = send(5, "body", "ndjson");
        assertThat(outcome.failed()).isEqualTo(5);
        assertThat(Feed.cause(outcome))
                .endsWith(
                        "answered 413; the request of 40 bytes is too large for it: lower batch_bytes or batch_events");
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void redirectsAreNotFollowedAndNamedWithoutTheirSecrets(int status) throws Exception {
        try (HttpReceiver elsewhere = HttpReceiver.start()) {
            String location = "http://bob:hunter2@127.0.0.1:" + elsewhere.port() + "/there?token=s3cret";
            receiver.answering(n -> HttpAnswer.status(status).header("Location", location));
            RecordedOutcome outcome = send(1, "auth", Map.of("bearer", "t0psecret"));
            assertThat(outcome.failed()).isEqualTo(1);
            assertThat(Feed.cause(outcome))
                    .endsWith("answered " + status + " to http://127.0.0.1:" + elsewhere.port()
                            + "/there; redirects are not followed, set url to where it leads")
                    .doesNotContain("hunter2", "s3cret", "t0psecret");
            assertThat(elsewhere.requests()).isEmpty();
        }
    }

    @Test
    void secretsThatTheTargetRepeatsAreHidden() throws Exception {
        receiver.answering(
                n -> HttpAnswer.status(401).body("no access with Bearer t0psecret and 4pik3y for tenantkey"));
        RecordedOutcome outcome = sendOne(
                receiver.url() + "?key=tenantkey",
                "auth",
                Map.of("bearer", "t0psecret"),
                "headers",
                Map.of("X-Api-Key", "4pik3y"));
        assertThat(Feed.cause(outcome))
                .startsWith("POST " + receiver.url() + ": clicks")
                .contains("check auth and headers")
                .doesNotContain("t0psecret", "4pik3y", "tenantkey");
    }

    @Test
    void partialSuccessSettlesEventByEvent() throws Exception {
        receiver.answering(n -> HttpAnswer.rejecting(0, 3, 4));
        try (Feed feed = new Feed(Feed.connector(receiver.url(), "body", "ndjson", "rejected", "errors[].index"))) {
            RecordedOutcome outcome = feed.send(6);
            assertThat(outcome.acknowledged()).isEqualTo(3);
            assertThat(outcome.failed()).isEqualTo(3);
            assertThat(outcome.isAcknowledged(1)).isTrue();
            assertThat(outcome.isAcknowledged(4)).isFalse();
            assertThat(Feed.cause(outcome)).contains("answered 207 and rejected the event");
        }
        assertThat(receiver.events()).containsExactly(Feed.events(1, 2, 5));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "{\"errors\":[]}", "{\"errors\":null}"})
    void anAnswerThatListsNoneAcknowledgesAll(String body) throws Exception {
        receiver.answering(n -> HttpAnswer.ok().body(body));
        assertThat(send(6, "body", "ndjson", "rejected", "errors[].index").acknowledged())
                .isEqualTo(6);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"errors\":[{\"index\":6}]}",
                "{\"errors\":[{\"index\":-1}]}",
                "{\"errors\":[{\"index\":\"1\"}]}",
                "{\"errors\":[{\"index\":1.5}]}",
                "{\"errors\":[{\"position\":1}]}",
                "{\"errors\":{\"index\":1}}",
                "{\"errors\":[],\"errors\":[{\"index\":1}]}",
                "{\"errors\":[]} x",
                "fine"
            })
    void anAnswerThatCannotBeUnderstoodLeavesAllUnknown(String body) throws Exception {
        receiver.answering(n -> HttpAnswer.ok().body(body));
        RecordedOutcome outcome = send(6, "body", "ndjson", "rejected", "errors[].index");
        assertThat(outcome.unknown()).isEqualTo(6);
        assertThat(Feed.cause(outcome)).contains("answered 200, but ", "; the events may have arrived");
        assertThat(receiver.requests()).as("another try would tell nothing").hasSize(1);
    }

    @Test
    void partialSuccessThatNobodyExplainedIsUnknown() throws Exception {
        receiver.answering(n -> HttpAnswer.rejecting(1));
        RecordedOutcome outcome = send(3, "body", "ndjson");
        assertThat(outcome.unknown()).isEqualTo(3);
        assertThat(Feed.cause(outcome)).contains("set rejected to the path at which the answer lists their indices");
    }

    private RecordedOutcome send(int count, Object... more) throws Exception {
        try (Feed feed = new Feed(Feed.connector(receiver.url(), more))) {
            RecordedOutcome outcome = feed.send(count);
            assertThat(outcome.unsettled()).isZero();
            assertThat(outcome.misuse()).isNull();
            return outcome;
        }
    }

    private static RecordedOutcome sendOne(String url, Object... more) throws Exception {
        try (Feed feed = new Feed(Feed.connector(url, more))) {
            return feed.send(1);
        }
    }
}
