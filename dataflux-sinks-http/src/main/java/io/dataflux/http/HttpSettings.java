package io.dataflux.http;

import io.dataflux.spi.DeliveryUnit;
import io.dataflux.spi.Settings.Secret;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one HTTP sink, checked. Immutable; what may be a secret hides itself in {@link #toString}.
 *
 * @param connections requests in flight at a time, over all lanes
 * @param tls {@code null} for the JVM's own trust
 * @param keyHeader the name of the idempotency header, empty for none
 * @param rejected where an answer lists the indices of rejected events; {@code null} if it does not
 * @param maxResponseBytes the longest answer that is read
 * @param read where stored events can be asked for; {@code null} if they cannot
 */
record HttpSettings(
        Target target,
        int connections,
        @Nullable Tls tls,
        Batching batching,
        String keyHeader,
        @Nullable RejectedPath rejected,
        RetryRules rules,
        int maxResponseBytes,
        @Nullable Reading read) {

    static final RetryRules RULES = new RetryRules(
            5,
            Duration.ofMillis(100),
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofSeconds(30),
            Duration.ofMinutes(2));
    static final Batching BATCHING = new Batching(Body.SINGLE, false, 1, 1 << 20, Duration.ofSeconds(1), false);
    static final int BATCH_EVENTS = 500;
    static final int CONNECTIONS = 16;
    static final int MAX_RESPONSE_BYTES = 1 << 20;
    static final String KEY_HEADER = "Idempotency-Key";
    static final Duration CONNECT = Duration.ofSeconds(10);

    /** What is shorter is in every text. */
    private static final int SHORTEST_HIDDEN = 4;

    /** Of a unit that was not acknowledged as a whole, at most this many full requests of a stream are sent again. */
    private static final int REQUESTS_PER_UNIT = 20;

    /** POST to a URL with defaults for everything else. */
    static HttpSettings post(URI url) {
        Target target = new Target(url, "POST", List.of(), CONNECT);
        return new HttpSettings(target, CONNECTIONS, null, BATCHING, KEY_HEADER, null, RULES, MAX_RESPONSE_BYTES, null);
    }

    /** Where requests go. */
    record Target(URI url, String method, List<Header> headers, Duration connectTimeout) {

        /** For messages: without the query, which may hold a secret. */
        @Override
        public String toString() {
            return method + " " + shown(url);
        }
    }

    /** A text of the target's, short and without our own secrets. */
    String excerpt(String text) {
        String shown = text;
        for (String secret : secrets()) {
            shown = shown.replace(secret, "****");
        }
        shown = shown.replaceAll("\\s+", " ").strip();
        return shown.length() > 200 ? shown.substring(0, 200) + "..." : shown;
    }

    /** What the target might repeat to us, the longest first: one can be a part of another. */
    private List<String> secrets() {
        List<String> secrets = new ArrayList<>();
        for (Header header : target.headers) {
            String value = header.value.reveal();
            secrets.add(value);
            secrets.addAll(List.of(value.split("[ ;,]+", -1)));
            addPassword(value, secrets);
        }
        addQuery(target.url, secrets);
        if (read != null) {
            addQuery(read.url, secrets);
        }
        secrets.removeIf(secret -> secret.length() < SHORTEST_HIDDEN);
        secrets.sort(Comparator.comparingInt(String::length).reversed());
        return secrets;
    }

    private static void addPassword(String authorization, List<String> secrets) {
        if (authorization.startsWith("Basic ")) {
            try {
                byte[] who = Base64.getDecoder().decode(authorization.substring(6));
                String text = new String(who, StandardCharsets.UTF_8);
                secrets.add(text.substring(text.indexOf(':') + 1));
            } catch (IllegalArgumentException e) {
                return; // not what the word promises: nobody can decode it
            }
        }
    }

    private static void addQuery(URI url, List<String> secrets) {
        if (url.getRawQuery() != null) {
            secrets.addAll(List.of(url.getRawQuery().split("[&=]", -1)));
            secrets.addAll(List.of(url.getQuery().split("[&=]", -1)));
        }
    }

    static String shown(URI url) {
        return url.getScheme() + "://" + url.getRawAuthority() + url.getRawPath();
    }

    /** A header of every request. */
    record Header(String name, Secret value) {}

    /**
     * What a request holds.
     *
     * @param bytes at most, unless a single event is larger
     * @param interval of scheduled time
     * @param ordered whether a lane has one request in flight at a time
     */
    record Batching(Body body, boolean gzip, int events, long bytes, Duration interval, boolean ordered) {

        DeliveryUnit unit() {
            return body == Body.SINGLE
                    ? new DeliveryUnit(1, Duration.ZERO)
                    : new DeliveryUnit((long) REQUESTS_PER_UNIT * events, interval);
        }
    }

    /**
     * How to ask for stored events.
     *
     * @param page how many at a time, 0 for all at once
     * @param items the field of the answer that holds them, empty if the answer is the list
     */
    record Reading(URI url, int page, String items, Duration timeout) {

        @Override
        public String toString() {
            return "GET " + shown(url);
        }
    }
}
