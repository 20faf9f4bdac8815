package io.dataflux.testkit;

import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How an {@link HttpReceiver} answers one request, so that a test can make it fail in a given way. Immutable.
 *
 * <pre>{@code
 * receiver.answering(n -> n == 3 ? HttpAnswer.status(503).header("Retry-After", "1") : HttpAnswer.ok());
 * }</pre>
 */
public final class HttpAnswer {

    /** What becomes of the answer. */
    enum Ending {
        WHOLE,
        /** The connection is closed before a byte of it. */
        CLOSED,
        /** The body never ends. */
        ENDLESS,
        /** One byte of the body at a time, with a pause. */
        TRICKLE
    }

    final int status;
    final Map<String, String> headers;
    final String body;
    final Ending ending;
    final Duration delay;
    final Duration pause;
    final boolean stores;
    final List<Integer> rejected;

    private HttpAnswer(
            int status,
            Map<String, String> headers,
            String body,
            Ending ending,
            Duration delay,
            Duration pause,
            boolean stores,
            List<Integer> rejected) {
        this.status = status;
        this.headers = headers;
        this.body = body;
        this.ending = ending;
        this.delay = delay;
        this.pause = pause;
        this.stores = stores;
        this.rejected = rejected;
    }

    /** Stores the events and answers 200. */
    public static HttpAnswer ok() {
        return status(200);
    }

    /** Answers with that status; the events are stored if it is 2xx, see {@link #storing} and {@link #dropping}. */
    public static HttpAnswer status(int status) {
        return new HttpAnswer(
                status,
                Map.of(),
                "",
                Ending.WHOLE,
                Duration.ZERO,
                Duration.ZERO,
                status >= 200 && status < 300,
                List.of());
    }

    /** Stores the events and closes the connection without an answer; {@link #dropping} closes it only. */
    public static HttpAnswer close() {
        return ok().with(Ending.CLOSED, Duration.ZERO);
    }

    /** Stores all events but those with the given indices and answers 207 with {@code {"errors":[{"index":3},...]}}. */
    public static HttpAnswer rejecting(Integer... indices) {
        List<Integer> rejected = List.of(indices);
        String errors = Arrays.stream(indices)
                .map(index -> "{\"index\":" + index + ",\"reason\":\"refused\"}")
                .collect(Collectors.joining(","));
        return new HttpAnswer(
                207,
                Map.of("Content-Type", "application/json"),
                "{\"errors\":[" + errors + "]}",
                Ending.WHOLE,
                Duration.ZERO,
                Duration.ZERO,
                true,
                rejected);
    }

    /** The same with a header. */
    public HttpAnswer header(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new HttpAnswer(status, more, body, ending, delay, pause, stores, rejected);
    }

    /** The same with a body. */
    public HttpAnswer body(String text) {
        return new HttpAnswer(status, headers, text, ending, delay, pause, stores, rejected);
    }

    /** The same with a delay: the events are stored at once, the answer waits. */
    public HttpAnswer after(Duration wait) {
        return new HttpAnswer(status, headers, body, ending, wait, pause, stores, rejected);
    }

    /** The same with a body that never ends. */
    public HttpAnswer endless() {
        return with(Ending.ENDLESS, Duration.ZERO);
    }

    /** The same with a body that comes byte by byte. */
    public HttpAnswer trickling(Duration perByte) {
        return with(Ending.TRICKLE, perByte);
    }

    /** The same, and the events are stored. */
    public HttpAnswer storing() {
        return new HttpAnswer(status, headers, body, ending, delay, pause, true, rejected);
    }

    /** The same, and the events are not stored. */
    public HttpAnswer dropping() {
        return new HttpAnswer(status, headers, body, ending, delay, pause, false, rejected);
    }

    private HttpAnswer with(Ending other, Duration perByte) {
        return new HttpAnswer(status, headers, body, other, delay, perByte, stores, rejected);
    }
}
