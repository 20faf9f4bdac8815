package io.dataflux.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HttpReceiverTest {

    private final HttpReceiver receiver = HttpReceiver.start();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @AfterEach
    void close() {
        receiver.close();
    }

    @Test
    void linesArraysAndSingleEventsAreTakenApart() throws Exception {
        post("{\"a\":1}\n{\"a\":2}\n", null);
        post("[{\"a\":[3,\"]\"]},{\"b\":\"x\\\",y\"} , 5]", null);
        post("{\"a\":\"[,]\"}", null);
        post("[]", null);
        post("", null);
        assertThat(receiver.events())
                .containsExactly(
                        "{\"a\":1}", "{\"a\":2}", "{\"a\":[3,\"]\"]}", "{\"b\":\"x\\\",y\"} ", " 5", "{\"a\":\"[,]\"}");
        assertThat(receiver.requests()).extracting(HttpReceiver.Request::events).containsExactly(2, 3, 1, 0, 0);
    }

    @Test
    void compressedBodiesAreTheSameBodies() throws Exception {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
            out.write("1\n2\n".getBytes(UTF_8));
        }
        HttpRequest request = HttpRequest.newBuilder(URI.create(receiver.url()))
                .PUT(HttpRequest.BodyPublishers.ofByteArray(zipped.toByteArray()))
                .header("Content-Encoding", "gzip")
                .header("Idempotency-Key", "k")
                .build();
        assertThat(send(request).statusCode()).isEqualTo(200);
        post("1\n2\n", "k");
        assertThat(receiver.events()).containsExactly("1", "2", "1", "2");
        assertThat(receiver.repeats()).isEqualTo(1);
        assertThat(receiver.violations()).isZero();
    }

    @Test
    void aRepeatedKeyIsStoredOnceIfAskedForAndMustCarryTheSameBytes() throws Exception {
        receiver.deduplicating();
        assertThat(post("1\n", "k").statusCode()).isEqualTo(200);
        assertThat(post("1\n", "k").statusCode()).isEqualTo(200);
        assertThat(post("2\n", "k").statusCode()).isEqualTo(422);
        assertThat(post("2\n", "m").statusCode()).isEqualTo(200);
        assertThat(receiver.events()).containsExactly("1", "2");
        assertThat(receiver.repeats()).isEqualTo(2);
        assertThat(receiver.violations()).isEqualTo(1);
    }

    @Test
    void aKeyThatWasTurnedAwayIsNotStoredYet() throws Exception {
        receiver.deduplicating()
                .answering(n -> n == 0 ? HttpAnswer.status(503).header("Retry-After", "2") : HttpAnswer.ok());
        HttpResponse<String> first = post("1\n", "k");
        assertThat(first.statusCode()).isEqualTo(503);
        assertThat(first.headers().firstValue("Retry-After")).contains("2");
        post("1\n", "k");
        post("1\n", "k");
        assertThat(receiver.events()).containsExactly("1");
    }

    @Test
    void someEventsCanBeRejected() throws Exception {
        receiver.answering(n -> HttpAnswer.rejecting(0, 2));
        HttpResponse<String> response = post("1\n2\n3\n", null);
        assertThat(response.statusCode()).isEqualTo(207);
        assertThat(response.body())
                .isEqualTo("{\"errors\":[{\"index\":0,\"reason\":\"refused\"},{\"index\":2,\"reason\":\"refused\"}]}");
        assertThat(receiver.events()).containsExactly("2");
    }

    @Test
    void answersBreakOrNeverEndAsToldAndEventsAreStoredAllTheSame() throws Exception {
        receiver.answering(n -> n == 0
                ? HttpAnswer.close()
                : n == 1 ? HttpAnswer.close().dropping() : HttpAnswer.ok().after(Duration.ofSeconds(20)));
        assertThatThrownBy(() -> post("1\n", null)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> post("2\n", null)).isInstanceOf(IOException.class);
        var unanswered = client.sendAsync(request("3\n", null).build(), HttpResponse.BodyHandlers.ofString());
        while (receiver.size() < 2) {
            Thread.onSpinWait();
        }
        assertThat(unanswered).isNotDone();
        assertThat(receiver.events()).containsExactly("1", "3");
        assertThat(receiver.inFlight()).isEqualTo(1);
    }

    @Test
    void whatIsStoredIsGivenBackInPages() throws Exception {
        post("1\n2\n3\n4\n5\n", null);
        assertThat(get("")).isEqualTo("[1,2,3,4,5]");
        assertThat(get("?limit=2&offset=1")).isEqualTo("[2,3]");
        assertThat(get("?limit=2&offset=4")).isEqualTo("[5]");
        assertThat(get("?limit=2&offset=5")).isEqualTo("[]");
        assertThat(get("?format=ndjson&offset=3")).isEqualTo("4\n5\n");
        assertThat(receiver.requests()).as("GETs do not count").hasSize(1);
    }

    private HttpResponse<String> post(String body, String key) throws Exception {
        return send(request(body, key).build());
    }

    private HttpRequest.Builder request(String body, String key) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(receiver.url())).POST(HttpRequest.BodyPublishers.ofString(body));
        return key == null ? request : request.header("Idempotency-Key", key);
    }

    private String get(String query) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(receiver.url() + query)).build())
                .body();
    }

    private HttpResponse<String> send(HttpRequest request) throws Exception {
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }
}
