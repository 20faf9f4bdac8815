package io.dataflux.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dataflux.spi.DeliveryUnit;
import io.dataflux.testkit.HttpAnswer;
import io.dataflux.testkit.HttpReceiver;
import io.dataflux.testkit.RecordedOutcome;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What requests carry and how many there are at a time, while nothing fails. */
class HttpRequestsTest {

    private final HttpReceiver receiver = HttpReceiver.start();

    @AfterEach
    void close() {
        receiver.close();
    }

    @ParameterizedTest
    @CsvSource({
        "ndjson, none, POST, application/x-ndjson, 4",
        "ndjson, gzip, PUT, application/x-ndjson, 4",
        "json_array, none, POST, application/json, 4",
        "json_array, gzip, POST, application/json, 4",
        "single, none, PUT, application/json, 1",
        "single, gzip, POST, application/json, 1"
    })
    void eventsAreSentInBodiesOfEachKind(String body, String compression, String method, String type, long events)
            throws Exception {
        try (Feed feed = new Feed(Feed.connector(
                receiver.url(),
                "body",
                body,
                "compression",
                compression,
                "method",
                method,
                "batch_events",
                events,
                "ordered",
                true))) {
            assertThat(feed.send(10).acknowledged()).isEqualTo(10);
        }
        assertThat(receiver.events()).containsExactly(Feed.firstEvents(10));
        assertThat(receiver.requests()).hasSize(events == 1 ? 10 : 3).allSatisfy(request -> {
            assertThat(request.method()).isEqualTo(method);
            assertThat(request.path()).isEqualTo("/events");
            assertThat(request.headers().get("content-type")).isEqualTo(type);
            assertThat(request.headers().get("content-encoding")).isEqualTo(compression.equals("gzip") ? "gzip" : null);
            assertThat(request.headers().get("transfer-encoding"))
                    .as("a length, not chunks")
                    .isNull();
        });
    }

    @Test
    void aKeyNamesRunSinkStreamLaneAndRange() throws Exception {
        try (Feed feed = new Feed(
                Feed.connector(receiver.url(), "body", "ndjson", "batch_events", 4L, "ordered", true),
                Feed.lane(1, 2))) {
            feed.send(6);
        }
        assertThat(receiver.requests())
                .extracting(HttpReceiver.Request::key)
                .containsExactly("cafe0001-api-clicks-1of2-1.0-1.3", "cafe0001-api-clicks-1of2-1.4-1.5");
    }

    @Test
    void theKeyCanHaveAnotherNameOrBeLeftOut() throws Exception {
        try (Feed feed = new Feed(Feed.connector(receiver.url(), "idempotency_header", "X-Request-Id"))) {
            feed.send(1);
        }
        try (Feed feed = new Feed(Feed.connector(receiver.url(), "idempotency_key", false))) {
            feed.send(1);
        }
        assertThat(receiver.requests()).extracting(HttpReceiver.Request::key).containsExactly(null, null);
        assertThat(receiver.requests())
                .extracting(request -> request.headers().get("x-request-id"))
                .containsExactly("cafe0001-api-clicks-0of1-0.0-0.0", null);
    }

    @Test
    void headersAndAuthGoWithEveryRequest() throws Exception {
        try (Feed feed = new Feed(Feed.connector(
                receiver.url() + "?tenant=7",
                "headers",
                Map.of("X-Team", "blue", "Content-Type", "application/vnd.acme+json"),
                "auth",
                Map.of("basic", Map.of("username", "ann", "password", "pa:ss"))))) {
            feed.send(1);
        }
        HttpReceiver.Request request = receiver.requests().get(0);
        assertThat(request.path()).isEqualTo("/events?tenant=7");
        assertThat(request.headers())
                .containsEntry("x-team", "blue")
                .containsEntry("content-type", "application/vnd.acme+json")
                .containsEntry("authorization", "Basic YW5uOnBhOnNz")
                .containsEntry("user-agent", "DataFlux");
    }

    @Test
    void bearerTokensAndOwnHeadersAuthenticate() throws Exception {
        try (Feed feed = new Feed(Feed.connector(receiver.url(), "auth", Map.of("bearer", "t0ken")))) {
            feed.send(1);
        }
        try (Feed feed =
                new Feed(Feed.connector(receiver.url(), "auth", Map.of("header", "X-Api-Key", "value", "k3y")))) {
            feed.send(1);
        }
        assertThat(receiver.requests().get(0).headers()).containsEntry("authorization", "Bearer t0ken");
        assertThat(receiver.requests().get(1).headers())
                .containsEntry("x-api-key", "k3y")
                .doesNotContainKey("authorization");
    }

    @Test
    void moreRequestsThanConnectionsAreNeverUnderWayAndTheLaneWaits() throws Exception {
        receiver.answering(n -> HttpAnswer.ok().after(Duration.ofMillis(20)));
        var connector = Feed.connector(receiver.url(), "connections", 3L);
        try (Feed one = new Feed(connector, Feed.lane(0, 2));
                Feed other = new Feed(connector, Feed.lane(1, 2))) {
            CompletableFuture<Void> beside = CompletableFuture.runAsync(() -> {
                try {
                    other.send(30);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            RecordedOutcome outcome = one.write(30);
            assertThat(outcome.unsettled())
                    .as("write returned when few were left")
                    .isLessThanOrEqualTo(3);
            one.flush();
            beside.join();
        }
        assertThat(receiver.size()).isEqualTo(60);
        assertThat(receiver.mostInFlight()).as("over both lanes").isEqualTo(3);
        assertThat(receiver.connections()).isLessThanOrEqualTo(3);
    }

    @Test
    void anOrderedLaneHasOneRequestUnderWay() throws Exception {
        receiver.answering(n -> HttpAnswer.ok().after(Duration.ofMillis(n % 3 == 0 ? 15 : 0)));
        try (Feed feed = new Feed(Feed.connector(receiver.url(), "ordered", true))) {
            feed.send(30);
        }
        assertThat(receiver.mostInFlight()).isEqualTo(1);
        assertThat(receiver.events()).containsExactly(Feed.firstEvents(30));
    }

    @Test
    void aRetriedRequestOfAnOrderedLaneIsNotOvertaken() throws Exception {
        receiver.answering(n -> n == 2 ? HttpAnswer.status(503) : HttpAnswer.ok());
        try (Feed feed = new Feed(Feed.connector(receiver.url(), "ordered", true, "retry_backoff", "20ms"))) {
            assertThat(feed.send(10).acknowledged()).isEqualTo(10);
        }
        assertThat(receiver.events()).containsExactly(Feed.firstEvents(10));
    }

    @Test
    void unorderedRequestsOvertake() throws Exception {
        receiver.answering(n -> n == 0 ? HttpAnswer.status(503) : HttpAnswer.ok());
        try (Feed feed = new Feed(Feed.connector(receiver.url(), "retry_backoff", "500ms"))) {
            assertThat(feed.send(10).acknowledged()).isEqualTo(10);
        }
        assertThat(receiver.events())
                .containsExactlyInAnyOrder(Feed.firstEvents(10))
                .doesNotContainSequence(Feed.firstEvents(10));
    }

    @Test
    void requestsGoOverConnectionsThatAreOpenAlready() throws Exception {
        try (Feed feed = new Feed(Feed.connector(receiver.url(), "ordered", true))) {
            feed.send(50);
        }
        assertThat(receiver.connections()).isEqualTo(1);
    }

    @Test
    void whatIsGatheredIsSentByFlushAndFailedByCloseWithout() throws Exception {
        Feed feed = new Feed(Feed.connector(receiver.url(), "body", "ndjson"));
        RecordedOutcome flushed = feed.send(5);
        RecordedOutcome left = feed.write(5);
        assertThat(left.unsettled()).isEqualTo(5);
        feed.close();
        assertThat(flushed.acknowledged()).isEqualTo(5);
        assertThat(left.failed()).isEqualTo(5);
        assertThat(Feed.cause(left)).isEqualTo("POST " + receiver.url() + ": not sent, the sink was closed first");
        assertThat(receiver.events()).containsExactly(Feed.firstEvents(5));
    }

    @Test
    void closingEndsWhatIsUnderWayAsUnknown() throws Exception {
        receiver.answering(n -> HttpAnswer.ok().after(Duration.ofSeconds(20)));
        Feed feed = new Feed(Feed.connector(receiver.url()));
        RecordedOutcome outcome = feed.write(1);
        await().forever().until(() -> receiver.inFlight() == 1);
        feed.close();
        assertThat(outcome.unknown()).isEqualTo(1);
        assertThat(outcome.misuse()).isNull();
        assertThat(Feed.cause(outcome)).contains("clicks 0 ", "the sink was closed; the events may have arrived");
    }

    @Test
    void anInterruptedLaneStopsWaitingAndNothingIsLeftOpen() throws Exception {
        receiver.answering(n -> HttpAnswer.ok().after(Duration.ofSeconds(20)));
        Feed feed = new Feed(Feed.connector(receiver.url(), "connections", 2L));
        RecordedOutcome[] outcome = new RecordedOutcome[1];
        CompletableFuture<Throwable> ended = new CompletableFuture<>();
        Thread lane = new Thread(() -> {
            try {
                outcome[0] = feed.write(10);
                ended.complete(null);
            } catch (Throwable e) {
                ended.complete(e);
            }
        });
        lane.start();
        await().forever().until(() -> receiver.inFlight() == 2 && lane.getState() == Thread.State.WAITING);
        lane.interrupt();
        assertThat(ended.join()).isInstanceOf(InterruptedException.class);
        feed.close();
        RecordedOutcome settled = feed.outcomes.get(0);
        assertThat(settled.unsettled()).isZero();
        assertThat(settled.unknown()).as("in flight").isEqualTo(2);
        assertThat(settled.failed()).as("never sent").isEqualTo(8);
        assertThat(settled.misuse()).isNull();
    }

    @Test
    void theFaceInCodeSendsSingleEvents() throws Exception {
        try (Feed feed = new Feed(HttpSink.post(URI.create(receiver.url()))
                .connections(2)
                .retries(0)
                .header("X-Team", "blue")
                .timeouts(Duration.ofSeconds(20), Duration.ofSeconds(40))
                .sink())) {
            feed.send(4);
        }
        assertThat(receiver.requests()).hasSize(4).allSatisfy(request -> {
            assertThat(request.events()).isEqualTo(1);
            assertThat(request.headers()).containsEntry("x-team", "blue");
        });
    }

    @Test
    void unitsAreWholeRequestsAndSingleEventsNeedNone() {
        assertThat(Feed.connector(receiver.url()).resume().unit()).isEqualTo(new DeliveryUnit(1, Duration.ZERO));
        assertThat(Feed.connector(receiver.url(), "body", "ndjson", "batch_interval", "5s")
                        .resume()
                        .unit())
                .isEqualTo(new DeliveryUnit(10_000, Duration.ofSeconds(5)));
    }

    @Test
    void thatEachEventIsStoredOnceTakesATargetThatKnowsKeys() {
        assertThat(Feed.connector(receiver.url()).resume().exactlyOnce()).isTrue();
        assertThat(Feed.connector(receiver.url()).resume().provided())
                .isEqualTo("if the target drops requests whose Idempotency-Key it has seen");
        assertThat(Feed.connector(receiver.url(), "idempotency_key", false)
                        .resume()
                        .exactlyOnce())
                .isFalse();
    }

    @Test
    void eachEventIsInOneRequestWhateverTheBatches() throws Exception {
        try (Feed feed = new Feed(Feed.connector(receiver.url(), "body", "ndjson", "batch_events", 30L))) {
            for (int size : List.of(1, 29, 31, 100, 7, 2)) {
                feed.write(size);
            }
            feed.flush();
        }
        Set<String> keys = new HashSet<>();
        receiver.requests().forEach(request -> keys.add(request.key()));
        assertThat(keys).hasSize(6);
        assertThat(receiver.events()).containsExactlyInAnyOrder(Feed.firstEvents(170));
    }
}
