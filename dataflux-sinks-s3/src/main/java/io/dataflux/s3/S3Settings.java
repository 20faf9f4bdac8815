package io.dataflux.s3;

import io.dataflux.spi.Settings;
import io.dataflux.spi.Settings.Secret;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one S3 sink, checked; see {@link S3SinkProvider} for what they mean.
 *
 * @param endpoint {@code null} for the one that belongs to the region
 * @param accessKey {@code null} for what the SDK finds
 * @param sessionToken {@code null} for keys that last
 * @param partBytes larger objects are uploaded in parts of this size
 * @param bufferBytes how much a lane gathers
 */
record S3Settings(
        String bucket,
        @Nullable URI endpoint,
        String region,
        @Nullable Secret accessKey,
        @Nullable Secret secretKey,
        @Nullable Secret sessionToken,
        KeyTemplate key,
        boolean gzip,
        int objectBytes,
        int objectEvents,
        Duration batchInterval,
        int partBytes,
        long bufferBytes,
        int uploads,
        Checksum checksum,
        boolean conditional,
        boolean createBucket,
        int retries,
        Duration connectTimeout,
        Duration requestTimeout,
        Duration deliveryTimeout) {

    /** What the store checks an upload by, besides its length. */
    enum Checksum {
        CRC32,
        SHA256,
        NONE
    }

    /** How many events a lane may leave unsettled; half of them may be gathered. */
    static final int OPEN_EVENTS = 1 << 21;

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration DAY = Duration.ofDays(1);
    private static final long MIB = 1 << 20;
    private static final int LEAST_PART = 5 << 20;
    private static final int LARGEST = 1 << 30;
    private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");

    /** Defaults for everything else. */
    static S3Settings of(@Nullable URI endpoint, String bucket) {
        KeyTemplate key = KeyTemplate.parse(KeyTemplate.DEFAULT);
        return new S3Settings(
                bucket,
                endpoint,
                "us-east-1",
                null,
                null,
                null,
                key,
                key.endsWithGz(),
                (int) (64 * MIB),
                LARGEST,
                MINUTE,
                (int) (16 * MIB),
                256 * MIB,
                2,
                Checksum.CRC32,
                true,
                false,
                8,
                Duration.ofSeconds(10),
                MINUTE,
                MINUTE.multipliedBy(2));
    }

    static S3Settings read(Settings settings) {
        S3Settings d = of(null, "");
        String bucket = settings.text("bucket");
        if (!bucket.isEmpty() && !BUCKET.matcher(bucket).matches()) {
            settings.problem(
                    "bucket",
                    "'" + bucket + "' is not a bucket name; use 3 to 63 lower-case letters, digits, dots and"
                            + " hyphens");
        }
        Optional<Secret> accessKey = settings.secret("access_key");
        Optional<Secret> secretKey = settings.secret("secret_key");
        if (accessKey.isPresent() != secretKey.isPresent()) {
            settings.problem(
                    accessKey.isPresent() ? "secret_key" : "access_key",
                    "is missing: set access_key and secret_key, or neither to use the credentials of the environment");
        }
        Optional<Secret> sessionToken = settings.secret("session_token");
        if (sessionToken.isPresent() && secretKey.isEmpty()) {
            settings.problem("session_token", "has no effect without access_key and secret_key");
        }
        KeyTemplate key = key(settings, d.key);
        Duration delivery = settings.duration("delivery_timeout", d.deliveryTimeout, Duration.ofMillis(100), DAY);
        Duration most = delivery.compareTo(d.requestTimeout) < 0 ? delivery : d.requestTimeout;
        long buffer = settings.bytes("buffer_bytes", d.bufferBytes, 1, 64L * LARGEST);
        return new S3Settings(
                bucket,
                endpoint(settings),
                settings.text("aws_region", d.region),
                accessKey.orElse(null),
                secretKey.orElse(null),
                sessionToken.orElse(null),
                key,
                gzip(settings, key),
                (int) settings.bytes("object_bytes", d.objectBytes, 1, LARGEST),
                (int) settings.integer("object_events", d.objectEvents, 1, LARGEST),
                interval(settings, d.batchInterval),
                (int) settings.bytes("part_bytes", d.partBytes, LEAST_PART, LARGEST),
                buffer,
                (int) settings.integer("uploads", d.uploads, 1, 64),
                Checksum.valueOf(settings.oneOf("checksum", "crc32", "crc32", "sha256", "none")
                        .toUpperCase(java.util.Locale.ROOT)),
                settings.bool("conditional_writes", d.conditional),
                settings.bool("create_bucket", d.createBucket),
                (int) settings.integer("retries", d.retries, 0, 1_000),
                settings.duration("connect_timeout", d.connectTimeout, Duration.ofMillis(50), Duration.ofHours(1)),
                settings.duration("request_timeout", most, Duration.ofMillis(50), Duration.ofHours(1)),
                delivery);
    }

    private static KeyTemplate key(Settings settings, KeyTemplate otherwise) {
        String text = settings.text("key", KeyTemplate.DEFAULT);
        try {
            return KeyTemplate.parse(text);
        } catch (IllegalArgumentException e) {
            settings.problem("key", "'" + text + "' " + e.getMessage());
            return otherwise;
        }
    }

    private static boolean gzip(Settings settings, KeyTemplate key) {
        boolean gz = key.endsWithGz();
        boolean gzip = settings.oneOf("compression", gz ? "gzip" : "none", "gzip", "none")
                .equals("gzip");
        if (gz && !gzip) {
            settings.problem("compression", "is none, but the key ends with .gz; remove .gz from the key");
        }
        return gzip;
    }

    private static Duration interval(Settings settings, Duration otherwise) {
        String name = settings.has("every") ? "every" : "batch_interval";
        if (settings.has("every") && settings.has("batch_interval")) {
            settings.problem("every", "means the same as batch_interval; leave one of them out");
            settings.duration("batch_interval", otherwise, Duration.ofMillis(1), DAY);
        }
        return settings.duration(name, otherwise, Duration.ofMillis(1), DAY);
    }

    private static @Nullable URI endpoint(Settings settings) {
        String text = settings.optionalText("endpoint").orElse(null);
        if (text == null) {
            return null;
        }
        try {
            return checked(new URI(text));
        } catch (URISyntaxException | IllegalArgumentException e) {
            settings.problem(
                    "endpoint", "is not an address; write http://host:port or https://host, without user and path");
            return null;
        }
    }

    /** @throws IllegalArgumentException if it is not the address of a store */
    static URI checked(URI endpoint) {
        String scheme = endpoint.getScheme();
        String path = endpoint.getPath();
        if (!("http".equals(scheme) || "https".equals(scheme))
                || endpoint.getHost() == null
                || endpoint.getUserInfo() != null
                || endpoint.getQuery() != null
                || !(path.isEmpty() || path.equals("/"))) {
            throw new IllegalArgumentException("not an address: write http://host:port or https://host");
        }
        return endpoint;
    }

    /** The store and bucket for messages. */
    String target() {
        String host = endpoint == null
                ? "s3." + region
                : endpoint.getHost() + (endpoint.getPort() < 0 ? "" : ":" + endpoint.getPort());
        return host + "/" + bucket;
    }

    /** Hides the keys in what another program said. */
    String masked(String text) {
        String masked = text;
        for (Secret secret : new Secret[] {secretKey, sessionToken, accessKey}) {
            if (secret != null && !secret.reveal().isEmpty()) {
                masked = masked.replace(secret.reveal(), "****");
            }
        }
        return masked;
    }
}
