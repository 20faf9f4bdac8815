package io.dataflux.http;

import io.dataflux.spi.DeliveryUnit;
import io.dataflux.spi.Settings.Secret;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
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
        Target target = new Target(new Address(url), "POST", List.of(), CONNECT);
        return new HttpSettings(target, CONNECTIONS, null, BATCHING, KEY_HEADER, null, RULES, MAX_RESPONSE_BYTES, null);
    }

    /** Where requests go. */
    record Target(Address address, String method, List<Header> headers, Duration connectTimeout) {

        URI url() {
            return address.url;
        }

        /** For messages: without what may be a secret. */
        @Override
        public String toString() {
            return method + " " + address;
        }
    }

    /**
     * A URL whose query may be a secret, and parts of its path as well.
     *
     * @param hidden what of it came from the environment, the longest first
     */
    record Address(URI url, List<Secret> hidden) {

        Address(URI url) {
            this(url, List.of());
        }

        /** The path with stars in place of what may be a secret. */
        String path() {
            String path = url.getRawPath();
            for (Secret secret : hidden) {
                path = secret.maskedIn(path);
            }
            for (String end : pathsOfHidden()) {
                path = path.equals(end) || path.startsWith(end) ? "/****" + path.substring(end.length()) : path;
            }
            return path;
        }

        /** The paths of what came from the environment as a whole URL, or as its beginning. */
        private List<String> pathsOfHidden() {
            List<String> paths = new ArrayList<>();
            for (Secret secret : hidden) {
                int host = secret.reveal().indexOf("://");
                int path = host < 0 ? -1 : secret.reveal().indexOf('/', host + 3);
                int end = path < 0 ? -1 : (secret.reveal() + "?").indexOf('?', path);
                if (path >= 0 && end > path + 1) {
                    paths.add(secret.reveal().substring(path, end));
                }
            }
            return paths;
        }

        /** What a target might repeat to us of it. */
        void addSecrets(List<String> secrets) {
            for (Secret secret : hidden) {
                secrets.add(secret.reveal());
            }
            secrets.addAll(pathsOfHidden());
            if (url.getRawQuery() != null) {
                secrets.addAll(List.of(url.getRawQuery().split("[&=]", -1)));
                secrets.addAll(List.of(url.getQuery().split("[&=]", -1)));
            }
        }

        /** Path and query as they are written down: with a hash if they may not be shown. Servers move, so the host is left out. */
        String recorded() {
            String query = url.getRawQuery();
            String shown = path();
            return query == null && shown.equals(url.getRawPath())
                    ? shown
                    : shown + (query == null ? "" : "?****") + " (" + hash(url.getRawPath() + "?" + query) + ")";
        }

        private static String hash(String text) {
            try {
                byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
                return HexFormat.of().formatHex(digest, 0, 8);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java has SHA-256", e);
            }
        }

        @Override
        public String toString() {
            return url.getScheme() + "://" + url.getRawAuthority() + path();
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
        target.address.addSecrets(secrets);
        if (read != null) {
            read.address.addSecrets(secrets);
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
    record Reading(Address address, int page, String items, Duration timeout) {

        URI url() {
            return address.url;
        }

        @Override
        public String toString() {
            return "GET " + address;
        }
    }
}
