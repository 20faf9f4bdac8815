package io.dataflux.s3;

import io.dataflux.spi.Settings.Secret;
import io.dataflux.spi.SinkConnector;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A bucket to send to, in code; made by {@link S3Sink#bucket}. What is not set has the defaults of {@link S3SinkProvider}. Used by one
 * thread.
 *
 * <pre>{@code
 * SinkConnector lake = S3Sink.bucket(URI.create("http://localhost:9000"), "orders")
 *         .credentials("minio", secret)
 *         .key("raw/{stream}/dt={date}/{tag}-{shard}-{first}-{last}.jsonl")
 *         .sink();
 * }</pre>
 */
public final class S3Target {

    private final S3Settings defaults;
    private @Nullable Secret accessKey;
    private @Nullable Secret secretKey;
    private KeyTemplate key;
    private String region;
    private int objectBytes;
    private int objectEvents;
    private Duration batchInterval;
    private int retries;
    private Duration deliveryTimeout;
    private boolean createBucket;

    S3Target(@Nullable URI endpoint, String bucket) {
        defaults = S3Settings.of(endpoint, bucket);
        key = defaults.key();
        region = defaults.region();
        objectBytes = defaults.objectBytes();
        objectEvents = defaults.objectEvents();
        batchInterval = defaults.batchInterval();
        retries = defaults.retries();
        deliveryTimeout = defaults.deliveryTimeout();
    }

    /** The keys to use; by default the SDK looks for them. */
    public S3Target credentials(String access, String secret) {
        accessKey = new Secret(access);
        secretKey = new Secret(secret);
        return this;
    }

    public S3Target awsRegion(String name) {
        region = name;
        return this;
    }

    /** @throws IllegalArgumentException if it is not a template that gives each object its own name */
    public S3Target key(String template) {
        try {
            key = KeyTemplate.parse(template);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("key '" + template + "' " + e.getMessage(), e);
        }
        return this;
    }

    /** How large an object may get, in bytes before compression. */
    public S3Target objectBytes(int most) {
        objectBytes = positive(most);
        return this;
    }

    public S3Target objectEvents(int most) {
        objectEvents = positive(most);
        return this;
    }

    /** How much scheduled time an object may span. */
    public S3Target batchInterval(Duration interval) {
        if (interval.isNegative() || interval.isZero()) {
            throw new IllegalArgumentException("batchInterval " + interval.toMillis() + " ms must be positive");
        }
        batchInterval = interval;
        return this;
    }

    /** How long an upload is attempted. */
    public S3Target deliveryTimeout(Duration time) {
        if (time.toMillis() < 1) {
            throw new IllegalArgumentException("deliveryTimeout " + time.toMillis() + " ms must be positive");
        }
        deliveryTimeout = time;
        return this;
    }

    /** Tries after the first one; 0 for none. */
    public S3Target retries(int most) {
        if (most < 0) {
            throw new IllegalArgumentException("retries " + most + " must not be negative");
        }
        retries = most;
        return this;
    }

    /** Creates the bucket if it does not exist. */
    public S3Target createBucket() {
        createBucket = true;
        return this;
    }

    public SinkConnector sink() {
        return new S3Connector(settings());
    }

    S3Settings settings() {
        Duration request = defaults.requestTimeout();
        return new S3Settings(
                defaults.bucket(),
                defaults.endpoint(),
                region,
                accessKey,
                secretKey,
                null,
                key,
                key.endsWithGz(),
                objectBytes,
                objectEvents,
                batchInterval,
                defaults.partBytes(),
                defaults.bufferBytes(),
                defaults.uploads(),
                defaults.checksum(),
                defaults.conditional(),
                createBucket,
                retries,
                defaults.connectTimeout(),
                request.compareTo(deliveryTimeout) < 0 ? request : deliveryTimeout,
                deliveryTimeout);
    }

    private static int positive(int most) {
        if (most < 1) {
            throw new IllegalArgumentException(most + " must be positive");
        }
        return most;
    }
}
