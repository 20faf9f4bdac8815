package io.dataflux.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.DeliveryException;
import io.dataflux.spi.SinkConnector;
import io.dataflux.spi.SinkReader;
import io.dataflux.testkit.HttpReceiver;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpReaderTest {

    private final HttpReceiver receiver = HttpReceiver.start();

    @AfterEach
    void close() {
        receiver.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 7, 20, 21, 1_000})
    void everyPageSizeReadsAllInOrderAndGoesOnLater(long page) throws Exception {
        SinkConnector connector = connector(receiver.url(), "page", page);
        assertThat(connector.readBack().orElseThrow().position(Feed.LANE)).isEqualTo("0");
        try (Feed feed = new Feed(connector);
                SinkReader reader = connector.readBack().orElseThrow().reader(Feed.LANE, "")) {
            assertThat(read(reader)).isEmpty();
            feed.send(20);
            assertThat(connector.readBack().orElseThrow().position(Feed.LANE)).isEqualTo("20");
            assertThat(read(reader)).containsExactly(numbered(0, 20));
            assertThat(read(reader)).isEmpty();
            feed.send(3);
            assertThat(read(reader)).containsExactly(numbered(20, 23));
        }
        assertThat(read(connector.readBack().orElseThrow().reader(Feed.LANE, "21")))
                .containsExactly(numbered(21, 23));
    }

    @Test
    void linesAreReadAsWell() throws Exception {
        SinkConnector connector = connector(receiver.url() + "?format=ndjson", "page", 6L);
        try (Feed feed = new Feed(connector)) {
            feed.send(20);
        }
        assertThat(read(connector.readBack().orElseThrow().reader(Feed.LANE, "")))
                .containsExactly(numbered(0, 20));
    }

    @Test
    void aSinkThatCannotBeAskedHasNoReader() {
        SinkConnector connector = Feed.connector(receiver.url());
        assertThat(connector.readBack()).isEmpty();
        assertThat(connector(receiver.url()).readBack()).isPresent();
    }

    @Test
    void recordsKeepTheBytesThatTheTargetGives() throws Exception {
        String[] values = {"{ \"a\" : [1, {\"b\":\"]},\\\"\"}] }", "1.50", "\"ä,€\"", "null", "{}"};
        assertThat(readBody(
                        "{\"total\":[9],\"data\": [ " + String.join(" ,\n", values) + " ], \"more\":1}",
                        "items",
                        "data"))
                .containsExactly(values);
        assertThat(readBody("[]")).isEmpty();
        assertThat(readBody("")).isEmpty();
    }

    @Test
    void answersThatAreNoListAreErrorsThatNameTheFix() {
        assertThatThrownBy(() -> readBody("{\"data\":[1]}"))
                .isInstanceOf(DeliveryException.class)
                .hasMessageStartingWith("GET http://127.0.0.1:")
                .hasMessageContaining("set read.items to that field");
        assertThatThrownBy(() -> readBody("{\"items\":[1]}", "items", "data"))
                .hasMessageContaining("did not answer with a list named data");
        assertThatThrownBy(() -> readBody("[{\"a\":1},")).hasMessageContaining("did not answer with JSON: ");
        assertThatThrownBy(() -> readBody("[1,2,3]", "page", 2L))
                .hasMessageContaining("it must support limit and offset");
    }

    @Test
    void aTargetThatRefusesOrKeepsSilentIsAnErrorInTime() throws Exception {
        try (RawServer server = new RawServer((connection, socket, its) -> {
            its.read(socket);
            RawServer.say(socket, "HTTP/1.1 403 Forbidden\r\nContent-Length: 9\r\n\r\nt0psecret");
        })) {
            assertThatThrownBy(() -> read(Feed.connector(
                                    receiver.url(),
                                    "auth",
                                    Map.of("bearer", "t0psecret"),
                                    "read",
                                    Map.of("url", server.url()))
                            .readBack()
                            .orElseThrow()
                            .reader(Feed.LANE, "")))
                    .isInstanceOf(DeliveryException.class)
                    .hasMessage("GET " + server.url() + ": answered 403: ****");
        }
        try (RawServer server = new RawServer((connection, socket, its) -> {
            its.read(socket);
            RawServer.say(socket, "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n[");
            its.trickle(socket, Duration.ofMillis(10));
        })) {
            assertThatThrownBy(() -> read(connector(server.url(), "timeout", "200ms")
                            .readBack()
                            .orElseThrow()
                            .reader(Feed.LANE, "")))
                    .isInstanceOf(DeliveryException.class)
                    .hasMessage("GET " + server.url() + ": no complete answer within 200 ms (read.timeout)");
        }
    }

    private static List<String> readBody(String body, Object... more) throws Exception {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        try (RawServer server = new RawServer((connection, socket, its) -> {
            its.read(socket);
            RawServer.say(
                    socket,
                    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + bytes.length
                            + "\r\n\r\n");
            socket.getOutputStream().write(bytes);
        })) {
            return read(connector(server.url(), more).readBack().orElseThrow().reader(Feed.LANE, "")).stream()
                    .map(record -> record.substring(record.indexOf(' ') + 1))
                    .toList();
        }
    }

    private static SinkConnector connector(String url, Object... more) {
        Map<String, Object> read = new HashMap<>(Map.of("url", url));
        for (int i = 0; i < more.length; i += 2) {
            read.put((String) more[i], more[i + 1]);
        }
        return Feed.connector(url, "ordered", true, "read", read);
    }

    /** Each record as its offset and its bytes. */
    private static List<String> read(SinkReader reader) throws Exception {
        List<String> records = new ArrayList<>();
        long count = reader.read((source, offset, key, value, header) ->
                records.add(offset + " " + new String(value, StandardCharsets.UTF_8)));
        assertThat(count).isEqualTo(records.size());
        return records;
    }

    private static String[] numbered(int from, int to) {
        String[] all = new String[to - from];
        for (int n = from; n < to; n++) {
            all[n - from] = n + " {\"n\":" + n + "}";
        }
        return all;
    }
}
