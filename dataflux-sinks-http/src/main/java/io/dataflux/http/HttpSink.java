package io.dataflux.http;

import io.dataflux.http.HttpSettings.Address;
import io.dataflux.http.HttpSettings.Batching;
import io.dataflux.http.HttpSettings.Header;
import io.dataflux.http.HttpSettings.Reading;
import io.dataflux.http.HttpSettings.Target;
import io.dataflux.spi.Settings.Secret;
import io.dataflux.spi.SinkConnector;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP endpoint as a sink, configured in code; see {@link HttpSinkProvider} for the guarantees and for more settings. Immutable:
 * each method returns a changed copy.
 *
 * <pre>{@code
 * readings.sendTo(HttpSink.post("http://localhost:8080/ingest").connections(256).retries(0).sink());
 * }</pre>
 */
public final class HttpSink {

    private final HttpSettings settings;

    private HttpSink(HttpSettings settings) {
        this.settings = settings;
    }

    /** Requests of one event each to a URL. @throws IllegalArgumentException if it is not http or https, or has no host */
    public static HttpSink post(String url) {
        return post(URI.create(url));
    }

    /** Requests of one event each to a URL. @throws IllegalArgumentException if it is not http or https, or has no host */
    public static HttpSink post(URI url) {
        return new HttpSink(HttpSettings.post(checked(url)));
    }

    /** At most this many requests in flight at a time. */
    public HttpSink connections(int connections) {
        if (connections < 1) {
            throw new IllegalArgumentException("connections: " + connections + "; at least 1");
        }
        HttpSettings s = settings;
        return with(s.target(), connections, s.batching(), s.rules(), s.read());
    }

    /** This many tries after the first. */
    public HttpSink retries(int retries) {
        if (retries < 0) {
            throw new IllegalArgumentException("retries: " + retries + "; at least 0");
        }
        RetryRules r = settings.rules();
        return rules(new RetryRules(
                retries, r.backoff(), r.maxBackoff(), r.maxRetryAfter(), r.requestTimeout(), r.deliveryTimeout()));
    }

    /** How long one try may take, to the last byte of its answer, and how long all tries of a request. */
    public HttpSink timeouts(Duration request, Duration delivery) {
        if (request.isNegative() || request.isZero() || request.compareTo(delivery) > 0) {
            throw new IllegalArgumentException("request " + Words.span(request) + ", delivery " + Words.span(delivery)
                    + "; a request may take no longer than its delivery");
        }
        RetryRules r = settings.rules();
        return rules(new RetryRules(r.retries(), r.backoff(), r.maxBackoff(), r.maxRetryAfter(), request, delivery));
    }

    /** JSON lines, this many events in a request. */
    public HttpSink ndjson(int events) {
        return body(Body.NDJSON, events);
    }

    /** JSON arrays of this many events. */
    public HttpSink jsonArray(int events) {
        return body(Body.JSON_ARRAY, events);
    }

    /** One request of a lane at a time, so that events of a key arrive in order. */
    public HttpSink ordered() {
        Batching b = settings.batching();
        return batching(new Batching(b.body(), b.gzip(), b.events(), b.bytes(), b.interval(), true));
    }

    /** A header of every request; its value is never shown. */
    public HttpSink header(String name, String value) {
        HttpSettings s = settings;
        Target t = s.target();
        List<Header> headers = new ArrayList<>(t.headers());
        headers.add(new Header(name, new Secret(value)));
        Target target = new Target(t.address(), t.method(), List.copyOf(headers), t.connectTimeout());
        return with(target, s.connections(), s.batching(), s.rules(), s.read());
    }

    /** Where to ask for the stored events, see {@code read} of {@link HttpSinkProvider}. */
    public HttpSink readFrom(URI url) {
        HttpSettings s = settings;
        Reading read = new Reading(new Address(checked(url)), 1_000, "", Duration.ofSeconds(30));
        return with(s.target(), s.connections(), s.batching(), s.rules(), read);
    }

    /** The sink to send to. */
    public SinkConnector sink() {
        return new HttpConnector(settings);
    }

    private HttpSink body(Body body, int events) {
        if (events < 1) {
            throw new IllegalArgumentException("events: " + events + "; at least 1");
        }
        Batching b = settings.batching();
        return batching(new Batching(body, b.gzip(), events, b.bytes(), b.interval(), b.ordered()));
    }

    private HttpSink batching(Batching batching) {
        HttpSettings s = settings;
        return with(s.target(), s.connections(), batching, s.rules(), s.read());
    }

    private HttpSink rules(RetryRules rules) {
        HttpSettings s = settings;
        return with(s.target(), s.connections(), s.batching(), rules, s.read());
    }

    /** The rest as it is. */
    private HttpSink with(Target target, int connections, Batching batching, RetryRules rules, @Nullable Reading read) {
        HttpSettings s = settings;
        return new HttpSink(new HttpSettings(
                target,
                connections,
                s.tls(),
                batching,
                s.keyHeader(),
                s.rejected(),
                rules,
                s.maxResponseBytes(),
                read));
    }

    private static URI checked(URI url) {
        String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https") || url.getHost() == null || url.getUserInfo() != null) {
            throw new IllegalArgumentException(
                    "write an http or https URL with a host and without a user; this one is " + scheme + "://...");
        }
        return url;
    }
}
