package io.dataflux.s3;

import io.dataflux.spi.Settings.Secret;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.AbortMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateBucketRequest;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadBucketRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsRequest;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;

/**
 * A bucket, one request at a time and thread: what is asked for is tried once, within a time. Requests that fail throw the SDK's
 * exceptions. Thread-safe.
 */
final class S3Store implements AutoCloseable {

    private final S3Settings settings;
    private final S3Client client;

    S3Store(S3Settings settings) {
        this.settings = settings;
        client = client(settings);
    }

    private static S3Client client(S3Settings settings) {
        S3ClientBuilder builder = S3Client.builder()
                .region(Region.of(settings.region()))
                .credentialsProvider(credentials(settings))
                // a checksum is set by hand, as a header: trailers and chunks in chunks are more than some stores know
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .serviceConfiguration(S3Configuration.builder()
                        .chunkedEncodingEnabled(false)
                        .expectContinueEnabled(false)
                        .build())
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(settings.connectTimeout())
                        .socketTimeout(settings.requestTimeout()))
                .overrideConfiguration(all -> all.retryStrategy(AwsRetryStrategy.doNotRetry()));
        if (settings.endpoint() != null) {
            builder.endpointOverride(settings.endpoint()).forcePathStyle(true);
        }
        return builder.build();
    }

    private static AwsCredentialsProvider credentials(S3Settings settings) {
        Secret access = settings.accessKey();
        Secret secret = settings.secretKey();
        Secret token = settings.sessionToken();
        if (access == null || secret == null) {
            return DefaultCredentialsProvider.builder().build();
        }
        return StaticCredentialsProvider.create(
                token == null
                        ? AwsBasicCredentials.create(access.reveal(), secret.reveal())
                        : AwsSessionCredentials.create(access.reveal(), secret.reveal(), token.reveal()));
    }

    /** The time that a request may take, of the time that there is. */
    private AwsRequestOverrideConfiguration within(Duration time) {
        Duration most = settings.requestTimeout();
        Duration least = Duration.ofMillis(1);
        return exactly(time.compareTo(most) > 0 ? most : time.compareTo(least) < 0 ? least : time);
    }

    private static AwsRequestOverrideConfiguration exactly(Duration time) {
        return AwsRequestOverrideConfiguration.builder()
                .apiCallTimeout(time)
                .apiCallAttemptTimeout(time)
                .build();
    }

    /** For the first request of a process: before it is sent the SDK loads a thousand classes. */
    private AwsRequestOverrideConfiguration patiently() {
        return exactly(settings.requestTimeout().plus(settings.connectTimeout()).plusSeconds(2));
    }

    void headBucket() {
        client.headBucket(HeadBucketRequest.builder()
                .bucket(settings.bucket())
                .overrideConfiguration(patiently())
                .build());
    }

    void createBucket() {
        client.createBucket(CreateBucketRequest.builder()
                .bucket(settings.bucket())
                .overrideConfiguration(within(settings.requestTimeout()))
                .build());
    }

    void put(String key, Body body, Duration time) {
        int length = body.length();
        PutObjectRequest.Builder put = PutObjectRequest.builder()
                .bucket(settings.bucket())
                .key(key)
                .contentType(body.contentType())
                .metadata(metadata(body))
                .ifNoneMatch(condition())
                .overrideConfiguration(within(time));
        switch (settings.checksum()) {
            case CRC32 -> put.checksumCRC32(body.crc32(0));
            case SHA256 -> put.checksumSHA256(body.sha256(0, length));
            case NONE -> {}
        }
        client.putObject(put.build(), body.part(0, length));
    }

    private @Nullable String condition() {
        return settings.conditional() ? "*" : null;
    }

    private static Map<String, String> metadata(Body body) {
        return Map.of(Body.CHECKSUM, body.checksum(), Body.EVENTS, Integer.toString(body.events()));
    }

    /** Begins an upload in parts and returns its id. */
    String createUpload(String key, Body body, Duration time) {
        CreateMultipartUploadRequest.Builder create = CreateMultipartUploadRequest.builder()
                .bucket(settings.bucket())
                .key(key)
                .contentType(body.contentType())
                .metadata(metadata(body))
                .overrideConfiguration(within(time));
        switch (settings.checksum()) {
            case CRC32 -> create.checksumAlgorithm(ChecksumAlgorithm.CRC32);
            case SHA256 -> create.checksumAlgorithm(ChecksumAlgorithm.SHA256);
            case NONE -> {}
        }
        return client.createMultipartUpload(create.build()).uploadId();
    }

    /** @param number from 1 */
    CompletedPart uploadPart(String key, String id, int number, Body body, int from, int to, Duration time) {
        UploadPartRequest.Builder part = UploadPartRequest.builder()
                .bucket(settings.bucket())
                .key(key)
                .uploadId(id)
                .partNumber(number)
                .overrideConfiguration(within(time));
        CompletedPart.Builder completed = CompletedPart.builder().partNumber(number);
        switch (settings.checksum()) {
            case CRC32 -> {
                String crc = body.crc32(from);
                part.checksumCRC32(crc);
                completed.checksumCRC32(crc);
            }
            case SHA256 -> {
                String sha = body.sha256(from, to);
                part.checksumSHA256(sha);
                completed.checksumSHA256(sha);
            }
            case NONE -> {}
        }
        return completed
                .eTag(client.uploadPart(part.build(), body.part(from, to)).eTag())
                .build();
    }

    void complete(String key, String id, List<CompletedPart> parts, Duration time) {
        client.completeMultipartUpload(CompleteMultipartUploadRequest.builder()
                .bucket(settings.bucket())
                .key(key)
                .uploadId(id)
                .multipartUpload(all -> all.parts(parts))
                .ifNoneMatch(condition())
                .overrideConfiguration(within(time))
                .build());
    }

    void abort(String key, String id, Duration time) {
        client.abortMultipartUpload(AbortMultipartUploadRequest.builder()
                .bucket(settings.bucket())
                .key(key)
                .uploadId(id)
                .overrideConfiguration(within(time))
                .build());
    }

    HeadObjectResponse head(String key, Duration time) {
        return client.headObject(HeadObjectRequest.builder()
                .bucket(settings.bucket())
                .key(key)
                .overrideConfiguration(within(time))
                .build());
    }

    /** The time covers what comes before the content; see {@link Deadline#check} for the rest. */
    ResponseInputStream<GetObjectResponse> get(String key, Duration time) {
        return client.getObject(GetObjectRequest.builder()
                .bucket(settings.bucket())
                .key(key)
                .overrideConfiguration(within(time))
                .build());
    }

    /** Tells the objects whose keys begin with a prefix, page by page. */
    void objects(String prefix, Consumer<S3Object> to) {
        String next = null;
        do {
            ListObjectsV2Response page = client.listObjectsV2(ListObjectsV2Request.builder()
                    .bucket(settings.bucket())
                    .prefix(prefix)
                    .continuationToken(next)
                    .overrideConfiguration(within(settings.requestTimeout()))
                    .build());
            page.contents().forEach(to);
            next = Boolean.TRUE.equals(page.isTruncated()) ? page.nextContinuationToken() : null;
        } while (next != null);
    }

    /** The uploads that are neither complete nor aborted, of keys with a prefix. */
    List<MultipartUpload> openUploads(String prefix, Duration time) {
        List<MultipartUpload> uploads = new ArrayList<>();
        String key = null;
        String id = null;
        do {
            ListMultipartUploadsResponse page = client.listMultipartUploads(ListMultipartUploadsRequest.builder()
                    .bucket(settings.bucket())
                    .prefix(prefix)
                    .keyMarker(key)
                    .uploadIdMarker(id)
                    .overrideConfiguration(within(time))
                    .build());
            page.uploads().stream()
                    .filter(upload -> upload.key().startsWith(prefix))
                    .forEach(uploads::add);
            boolean more = Boolean.TRUE.equals(page.isTruncated());
            key = more ? page.nextKeyMarker() : null;
            id = more ? page.nextUploadIdMarker() : null;
        } while (key != null);
        return uploads;
    }

    @Override
    public void close() {
        client.close();
    }
}
