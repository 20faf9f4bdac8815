package io.dataflux.s3;

import io.dataflux.spi.LaneContext;
import io.dataflux.spi.ReadBack;
import io.dataflux.spi.Settings.Secret;
import io.dataflux.spi.Sink;
import io.dataflux.spi.SinkConnector;
import io.dataflux.spi.SinkReader;
import io.dataflux.verify.Arrivals;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * The objects that a system under test writes into a bucket, of JSON lines or other lines, as arrivals to be judged. Used by one thread.
 *
 * <pre>{@code
 * Arrivals<Click> objects = S3Objects.under(endpoint, "clickstream", "topics/clickstream_data/")
 *         .credentials("minio", secret)
 *         .lines(line -> json.readValue(line, Click.class));
 * }</pre>
 */
public final class S3Objects {

    private final URI endpoint;
    private final String bucket;
    private final String prefix;
    private @Nullable Secret accessKey;
    private @Nullable Secret secretKey;
    private String region = "us-east-1";
    private UnaryOperator<String> source = key -> key;

    private S3Objects(URI endpoint, String bucket, String prefix) {
        this.endpoint = S3Settings.checked(endpoint);
        this.bucket = bucket;
        this.prefix = prefix;
    }

    /** The objects of a bucket whose keys begin with {@code prefix}, at any S3-compatible store. */
    public static S3Objects under(URI endpoint, String bucket, String prefix) {
        return new S3Objects(endpoint, bucket, prefix);
    }

    /** The keys to use; by default the SDK looks for them. */
    public S3Objects credentials(String access, String secret) {
        accessKey = new Secret(access);
        secretKey = new Secret(secret);
        return this;
    }

    public S3Objects awsRegion(String name) {
        region = name;
        return this;
    }

    /**
     * Groups objects: those whose keys give the same text form one source, in the order of their keys, and the order of events is
     * judged within it. Without this, each object is a source of its own.
     */
    public S3Objects ordered(UnaryOperator<String> sourceOfKey) {
        source = sourceOfKey;
        return this;
    }

    /**
     * The lines of the objects that appear from now on. Keys that end with {@code .gz} are decompressed. An object whose bytes are
     * replaced counts again, as it would for a reader that polls.
     *
     * @param decode turns a line into a record; a line for which it throws is foreign
     * @throws io.dataflux.DeliveryException if the bucket cannot be listed
     */
    public <R> Arrivals<R> lines(Function<byte[], ? extends R> decode) {
        return Arrivals.stored(new Target(), decode);
    }

    /** A target that is only read. */
    private final class Target implements SinkConnector {
        @Override
        public Sink open(LaneContext lane) {
            throw new UnsupportedOperationException("objects of others are read, not written");
        }

        @Override
        public Optional<ReadBack> readBack() {
            return Optional.of((run, position) -> fromNowOn());
        }
    }

    /** What is there now is listed here, as a bucket has no positions. */
    private SinkReader fromNowOn() {
        S3Settings settings = settings();
        Reader reader = new Reader(new S3Store(settings), settings);
        try {
            reader.fresh();
            return reader;
        } catch (RuntimeException e) {
            reader.close();
            throw e;
        }
    }

    private S3Settings settings() {
        S3Target target = new S3Target(endpoint, bucket).awsRegion(region);
        return accessKey == null || secretKey == null
                ? target.settings()
                : target.credentials(accessKey.reveal(), secretKey.reveal()).settings();
    }

    private final class Reader implements SinkReader {
        private final S3Store store;
        private final S3Settings settings;
        /** What is known of each object: the hash of its bytes. */
        private final Map<String, String> known = new HashMap<>();

        private final Map<String, Long> lines = new HashMap<>();

        Reader(S3Store store, S3Settings settings) {
            this.store = store;
            this.settings = settings;
        }

        List<String> fresh() {
            List<S3Object> objects = new ArrayList<>();
            try {
                store.objects(prefix, objects::add);
            } catch (SdkException e) {
                throw Problem.of(settings, "cannot be listed", e);
            }
            return objects.stream()
                    .filter(object -> !object.eTag().equals(known.put(object.key(), object.eTag())))
                    .map(S3Object::key)
                    .sorted(Comparator.naturalOrder())
                    .toList();
        }

        @Override
        public long read(Visitor visitor) {
            long records = 0;
            for (String key : fresh()) {
                String from = source.apply(key);
                long first = lines.getOrDefault(from, 0L);
                long end = S3Reader.read(store, settings, key, key.endsWith(".gz"), from, first, visitor);
                lines.put(from, end);
                records += end - first;
            }
            return records;
        }

        @Override
        public void close() {
            store.close();
        }
    }
}
