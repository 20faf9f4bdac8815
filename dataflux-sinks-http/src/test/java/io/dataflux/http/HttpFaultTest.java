package io.dataflux.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.dataflux.DeliveryException;
import io.dataflux.testkit.HttpAnswer;
import io.dataflux.testkit.HttpReceiver;
import io.dataflux.testkit.RecordedOutcome;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Connections and answers that break or never end: all is settled in time, with an error that says what and where. */
class HttpFaultTest {

    /** Much longer than what is waited for here, much shorter than what never ends. */
    private static final Duration IN_TIME = Duration.ofSeconds(20);

    private static final String IMPATIENT = "500ms";
    private static final String PATIENT = "10s";

    @Test
    void headersThatComeByteByByteEndWithTheDeadline() throws Exception {
        try (RawServer server = new RawServer(HttpFaultTest::trickleHeaders)) {
            RecordedOutcome outcome = sendInTime(server.url(), IMPATIENT);
            assertThat(outcome.unknown()).isEqualTo(5);
            assertThat(Feed.cause(outcome))
                    .startsWith("POST " + server.url()
                            + ": clicks 0 to 4 (5 events): no answer within 500 ms"
                            + " (request_timeout); the events may have arrived (2 tries in ");
            assertThat(server.requests).as("the fault met work in flight").hasValue(2);
            await().forever()
                    .untilAsserted(() -> assertThat(server.broken)
                            .as("each try's connection is closed")
                            .hasValue(2));
            assertThat(server.keys).containsOnly("cafe0001-api-clicks-0of1-0.0-0.4");
        }
    }

    @Test
    void aTimeoutOfTheFutureAloneWouldLeaveTheConnectionOpen() throws Exception {
        try (RawServer server = new RawServer(HttpFaultTest::trickleHeaders)) {
            HttpClient client =
                    HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
            HttpRequest request = HttpRequest.newBuilder(URI.create(server.url()))
                    .POST(HttpRequest.BodyPublishers.ofString("{}"))
                    .build();
            var future = client.sendAsync(request, HttpResponse.BodyHandlers.discarding());
            var limited = future.copy().orTimeout(100, TimeUnit.MILLISECONDS);
            await().forever().until(limited::isCompletedExceptionally);
            int said = server.said.get();
            await().forever().until(() -> server.said.get() > said + 3);
            assertThat(server.broken).as("control: somebody has to cancel").hasValue(0);
            future.cancel(true);
            await().forever().untilAsserted(() -> assertThat(server.broken).hasValue(1));
        }
    }

    private static void trickleHeaders(int connection, Socket socket, RawServer server) throws Exception {
        server.read(socket);
        RawServer.say(socket, "HTTP/1.1 200 OK\r\nX-Slow: ");
        server.trickle(socket, Duration.ofMillis(20));
    }

    @Test
    void aBodyThatComesByteByByteEndsWithTheDeadline() throws Exception {
        try (HttpReceiver receiver = HttpReceiver.start()) {
            receiver.answering(n -> HttpAnswer.ok().trickling(Duration.ofMillis(20)));
            RecordedOutcome outcome = sendInTime(receiver.url(), IMPATIENT);
            assertThat(outcome.unknown()).isEqualTo(5);
            assertThat(Feed.cause(outcome))
                    .contains("answered 200, but the answer did not end within 500 ms (request_timeout)");
            assertThat(receiver.requests()).hasSize(2);
            await().forever()
                    .untilAsserted(() -> assertThat(receiver.connections()).isEqualTo(2));
        }
    }

    @Test
    void anEndlessBodyIsCutAtItsBound() throws Exception {
        try (HttpReceiver receiver = HttpReceiver.start()) {
            receiver.answering(n -> HttpAnswer.ok().endless());
            RecordedOutcome outcome = sendInTime(receiver.url(), PATIENT);
            assertThat(outcome.unknown()).isEqualTo(5);
            assertThat(Feed.cause(outcome))
                    .contains("answered 200, but its answer is longer than 1048576 bytes (max_response_bytes)");
            assertThat(receiver.requests()).hasSize(1);
        }
    }

    @Test
    void anEndlessRefusalIsARefusal() throws Exception {
        try (HttpReceiver receiver = HttpReceiver.start()) {
            receiver.answering(n -> HttpAnswer.status(400).endless());
            RecordedOutcome outcome = sendInTime(receiver.url(), PATIENT);
            assertThat(outcome.failed()).isEqualTo(5);
            assertThat(Feed.cause(outcome)).contains("answered 400");
        }
        try (HttpReceiver receiver = HttpReceiver.start()) {
            receiver.answering(n -> HttpAnswer.status(413).trickling(Duration.ofMillis(20)));
            RecordedOutcome outcome = sendInTime(receiver.url(), IMPATIENT);
            assertThat(outcome.failed()).isEqualTo(5);
            assertThat(Feed.cause(outcome)).contains("answered 413; the request of 40 bytes is too large");
        }
    }

    @Test
    void aConnectionThatIsClosedWithoutAnAnswerIsTriedAgainAndDeduplicated() throws Exception {
        try (HttpReceiver receiver = HttpReceiver.start().deduplicating()) {
            receiver.answering(n -> n == 0 ? HttpAnswer.close() : HttpAnswer.ok());
            assertThat(sendInTime(receiver.url(), PATIENT).acknowledged()).isEqualTo(5);
            assertThat(receiver.repeats()).isEqualTo(1);
            assertThat(receiver.violations()).isZero();
            assertThat(receiver.events()).containsExactly(Feed.firstEvents(5));
        }
    }

    @Test
    void withoutAKeyTheSameFaultStoresTwice() throws Exception {
        try (HttpReceiver receiver = HttpReceiver.start().deduplicating()) {
            receiver.answering(n -> n == 0 ? HttpAnswer.close() : HttpAnswer.ok());
            try (Feed feed = new Feed(Feed.connector(
                    receiver.url(), "body", "ndjson", "idempotency_key", false, "retry_backoff", "1ms"))) {
                assertThat(feed.send(5).acknowledged()).isEqualTo(5);
            }
            assertThat(receiver.size())
                    .as("control: the key is what prevents it")
                    .isEqualTo(10);
        }
    }

    @Test
    void withoutRetriesAConnectionThatBrokeLeavesTheEventsUnknown() throws Exception {
        try (HttpReceiver receiver = HttpReceiver.start()) {
            receiver.answering(n -> HttpAnswer.close());
            try (Feed feed = new Feed(Feed.connector(receiver.url(), "retries", 0L))) {
                RecordedOutcome outcome = feed.send(1);
                assertThat(outcome.unknown()).isEqualTo(1);
                assertThat(Feed.cause(outcome)).contains("the connection broke before there was an answer: ");
            }
            assertThat(receiver.requests()).hasSize(1);
        }
    }

    @Test
    void anAnswerThatBreaksOffIsNoAnswer() throws Exception {
        try (RawServer server = new RawServer((connection, socket, its) -> {
            its.read(socket);
            RawServer.say(socket, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
        })) {
            RecordedOutcome outcome = sendInTime(server.url(), PATIENT);
            assertThat(outcome.unknown()).isEqualTo(5);
            assertThat(Feed.cause(outcome)).contains("answered 200, but the connection broke during the answer: ");
            assertThat(server.requests).hasValue(2);
        }
    }

    @Test
    void whatIsNoHttpIsNoAnswer() throws Exception {
        try (RawServer server = new RawServer((connection, socket, its) -> {
            its.read(socket);
            RawServer.say(socket, "220 mail.example ESMTP\r\n\r\n");
        })) {
            RecordedOutcome outcome = sendInTime(server.url(), PATIENT);
            assertThat(outcome.unknown()).isEqualTo(5);
            assertThat(Feed.cause(outcome)).contains(server.url());
        }
    }

    @Test
    void aConnectionThatTheServerGaveUpWhileItWasIdleLosesNothing() throws Exception {
        try (RawServer server = new RawServer((connection, socket, its) -> {
            its.read(socket);
            RawServer.say(socket, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            if (connection == 0) {
                its.read(socket); // reads the second request whole, then is gone
                return;
            }
            while (its.read(socket)) {
                RawServer.say(socket, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            }
        })) {
            try (Feed feed = new Feed(Feed.connector(server.url(), "retry_backoff", "1ms"))) {
                assertThat(feed.send(1).acknowledged()).isEqualTo(1);
                assertThat(feed.send(1).acknowledged()).isEqualTo(1);
            }
            assertThat(server.connections()).isEqualTo(2);
            assertThat(server.keys)
                    .as("the second came twice, under one key")
                    .containsExactly(
                            "cafe0001-api-clicks-0of1-0.0-0.0",
                            "cafe0001-api-clicks-0of1-0.1-0.1",
                            "cafe0001-api-clicks-0of1-0.1-0.1");
        }
    }

    @Test
    void aServerThatIsNotThereIsSaidBeforeTheStart() throws Exception {
        String url = "http://127.0.0.1:" + closedPort() + "/events";
        assertThatThrownBy(() -> Feed.connector(url).prepare(Feed.LANE))
                .isInstanceOf(DeliveryException.class)
                .hasMessage("POST " + url
                        + " cannot be reached: Connection refused; check that the server is running and that url"
                        + " is the address by which this machine reaches it");
        assertThatThrownBy(() -> Feed.connector("http://no-such-host.invalid/x").prepare(Feed.LANE))
                .isInstanceOf(DeliveryException.class)
                .hasMessageContaining("POST http://no-such-host.invalid/x cannot be reached: unknown host");
    }

    @Test
    void aServerThatGoesAwayIsTriedAgainAndItsEventsFailed() throws Exception {
        String url = "http://127.0.0.1:" + closedPort() + "/events";
        RecordedOutcome outcome = sendInTime(url, PATIENT);
        assertThat(outcome.failed()).as("never had a connection").isEqualTo(5);
        assertThat(Feed.cause(outcome))
                .contains(url + ": clicks 0 to 4")
                .contains("no connection: ")
                .contains("(2 tries in ");
    }

    @Test
    void aServerThatComesBackInTimeLosesNothing() throws Exception {
        int port = closedPort();
        try (Feed feed = new Feed(Feed.connector(
                "http://127.0.0.1:" + port + "/events",
                "retries",
                1_000L,
                "retry_backoff",
                "20ms",
                "max_retry_backoff",
                "20ms"))) {
            RecordedOutcome outcome = feed.write(1);
            try (HttpReceiver receiver = HttpReceiver.startAt(port)) {
                feed.flush();
                assertThat(outcome.acknowledged()).isEqualTo(1);
                assertThat(receiver.size()).isEqualTo(1);
            }
        }
    }

    @Test
    void nobodyWhoAcceptsIsAnErrorInTime() throws Exception {
        try (RawServer server = new RawServer((connection, socket, its) -> {
            its.read(socket);
            its.read(socket); // never answers
        })) {
            RecordedOutcome outcome = sendInTime(server.url(), IMPATIENT);
            assertThat(outcome.unknown()).isEqualTo(5);
        }
    }

    private static RecordedOutcome sendInTime(String url, String requestTimeout) throws Exception {
        long start = System.nanoTime();
        try (Feed feed = new Feed(Feed.connector(
                url,
                "body",
                "ndjson",
                "retries",
                1L,
                "retry_backoff",
                "1ms",
                "request_timeout",
                requestTimeout,
                "delivery_timeout",
                PATIENT))) {
            RecordedOutcome outcome = feed.send(5);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(IN_TIME);
            assertThat(outcome.unsettled()).isZero();
            assertThat(outcome.misuse()).isNull();
            return outcome;
        }
    }

    private static int closedPort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
