package io.dataflux.testkit;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * A real S3-compatible object store in this JVM, on a free port of 127.0.0.1: it checks signatures, checksums, conditions
 * and the sizes of parts. Buckets are not created automatically. Objects live in memory, or in a folder of the caller.
 * Starting takes about a second, and next to nothing in a JVM that has used the store before. Thread-safe except for closing.
 *
 * <p>The methods that look into a bucket go to the store directly, not through its port, so that a proxy in front of it or wrong
 * keys do not matter. Needs {@code org.gaul:s3proxy} on the class path.
 *
 * <pre>{@code
 * try (EmbeddedS3 s3 = EmbeddedS3.start()) {
 *     s3.createBucket("clickstream");
 *     send(s3.endpoint(), s3.accessKey(), s3.secretKey(), "clickstream");
 *     assertThat(s3.keys("clickstream", "raw-data/")).hasSize(12);
 * }
 * }</pre>
 */
public final class EmbeddedS3 implements AutoCloseable {

    private static final String HOST = "127.0.0.1";
    private static final String ACCESS_KEY = "dataflux-test";
    private static final String SECRET_KEY = "dataflux-test-secret";
    /** What the store itself keeps of an open upload; its port does not show it either. */
    private static final String UPLOAD = ".s3proxy-mpu-stub-";

    private final BlobStore store;
    private final S3Proxy server;
    private boolean closed;

    private EmbeddedS3(BlobStore store, S3Proxy server) {
        this.store = store;
        this.server = server;
    }

    /** Starts a store that keeps its objects in memory. */
    public static EmbeddedS3 start() {
        return start("transient-nio2", null);
    }

    /** Starts a store that keeps its objects in a folder, which must exist; what it already holds is served. */
    public static EmbeddedS3 start(Path folder) {
        return start("filesystem-nio2", folder);
    }

    private static EmbeddedS3 start(String kind, @Nullable Path folder) {
        Properties properties = new Properties();
        if (folder != null) {
            properties.setProperty(
                    "jclouds.filesystem.basedir", folder.toAbsolutePath().toString());
        }
        BlobStore store = new WholeObjects(BlobStores.create(kind, properties));
        S3Proxy server = S3Proxy.builder()
                .blobStore(store)
                .endpoint(URI.create("http://" + HOST + ":0"))
                .awsAuthentication(AuthenticationType.AWS_V4, ACCESS_KEY, SECRET_KEY)
                .stopTimeout(0)
                .build();
        EmbeddedS3 started = new EmbeddedS3(store, server);
        try {
            server.start();
            return started;
        } catch (Exception e) {
            started.close();
            throw new IllegalStateException("the embedded object store did not start: " + e, e);
        }
    }

    /** Where the store listens; clients must use path style. */
    public URI endpoint() {
        return URI.create("http://" + HOST + ":" + server.getPort());
    }

    public int port() {
        return server.getPort();
    }

    public String accessKey() {
        return ACCESS_KEY;
    }

    public String secretKey() {
        return SECRET_KEY;
    }

    /** Creates a bucket, unless it is there already. */
    public void createBucket(String bucket) {
        if (!store.containerExists(bucket)) {
            store.createContainer(bucket);
        }
    }

    /** The keys of the objects that begin with a prefix, sorted. */
    public List<String> keys(String bucket, String prefix) {
        List<String> keys = new ArrayList<>();
        String next = null;
        do {
            ListObjectsV2Response page = store.list(ListObjectsV2Request.builder()
                    .bucket(bucket)
                    .prefix(prefix)
                    .maxKeys(1000)
                    .continuationToken(next)
                    .build());
            page.contents().stream()
                    .map(S3Object::key)
                    .filter(key -> !key.startsWith(UPLOAD))
                    .forEach(keys::add);
            next = page.nextContinuationToken();
        } while (next != null);
        keys.sort(null);
        return keys;
    }

    /** The content of an object, as it is stored. */
    public byte[] content(String bucket, String key) {
        try (InputStream object = store.getBlob(bucket, key)) {
            return object.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The metadata that was given with an object. */
    public Map<String, String> metadata(String bucket, String key) {
        return Map.copyOf(store.blobMetadata(bucket, key).metadata());
    }

    /** Stores an object, as another program would. */
    public void put(String bucket, String key, byte[] content) {
        store.putBlob(
                PutObjectRequest.builder()
                        .bucket(bucket)
                        .key(key)
                        .contentLength((long) content.length)
                        .build(),
                new ByteArrayInputStream(content));
    }

    /** Deletes an object, as another program would. */
    public void delete(String bucket, String key) {
        store.removeBlob(bucket, key);
    }

    /** The keys of the multipart uploads that are neither completed nor aborted, sorted. */
    public List<String> openUploads(String bucket) {
        return store.listMultipartUploads(bucket).stream()
                .map(MultipartUpload::key)
                .sorted()
                .toList();
    }

    /** Stops the store; what is in memory is gone. Closing again does nothing. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the embedded object store did not stop: " + e, e);
        } finally {
            store.close();
        }
    }
}
