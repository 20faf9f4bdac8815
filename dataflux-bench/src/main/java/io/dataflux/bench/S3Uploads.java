package io.dataflux.bench;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.CRC32;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/**
 * Uploads objects that were prepared in advance, each in its own memory, with their checksums: the least that the SDK needs. Used by one thread.
 */
final class S3Uploads {

    static final int PART_BYTES = 16 << 20;
    static final String ACCESS_KEY = "dataflux-test";
    static final String SECRET_KEY = "dataflux-test-secret";
    private static final int AT_A_TIME = 2;

    private record Part(byte[] bytes, String crc) {
        static Part of(byte[] bytes) {
            CRC32 crc = new CRC32();
            crc.update(bytes);
            int value = (int) crc.getValue();
            byte[] four = {(byte) (value >> 24), (byte) (value >> 16), (byte) (value >> 8), (byte) value};
            return new Part(bytes, Base64.getEncoder().encodeToString(four));
        }

        RequestBody body() {
            return RequestBody.fromContentProvider(
                    () -> new java.io.ByteArrayInputStream(bytes), bytes.length, "application/x-ndjson");
        }
    }

    private final URI endpoint;
    private final List<List<Part>> objects = new ArrayList<>();
    private final int length;

    /** @param copies how many objects with these bytes to upload */
    S3Uploads(URI endpoint, byte[] object, int copies) {
        this.endpoint = endpoint;
        length = object.length;
        for (int i = 0; i < copies; i++) {
            List<Part> parts = new ArrayList<>();
            for (int from = 0; from < object.length; from += PART_BYTES) {
                parts.add(Part.of(Arrays.copyOfRange(object, from, Math.min(object.length, from + PART_BYTES))));
            }
            objects.add(parts);
        }
    }

    int objectLength() {
        return length;
    }

    /** Uploads all objects and returns their bytes. */
    long take(String prefix) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(AT_A_TIME);
        try (S3Client client = client()) {
            List<Future<?>> all = new ArrayList<>();
            for (List<Part> parts : objects) {
                String key = prefix + "/" + all.size();
                all.add(threads.submit(() -> {
                    if (parts.size() == 1) {
                        whole(client, key, parts.get(0));
                    } else {
                        inParts(client, key, parts);
                    }
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }
        return (long) objects.size() * length;
    }

    /** The same settings as the sink's, as far as they affect speed. */
    private S3Client client() {
        return S3Client.builder()
                .region(Region.US_EAST_1)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(ACCESS_KEY, SECRET_KEY)))
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .serviceConfiguration(S3Configuration.builder()
                        .chunkedEncodingEnabled(false)
                        .expectContinueEnabled(false)
                        .build())
                .httpClientBuilder(UrlConnectionHttpClient.builder().socketTimeout(Duration.ofMinutes(1)))
                .endpointOverride(endpoint)
                .forcePathStyle(true)
                .build();
    }

    private void whole(S3Client client, String key, Part part) {
        client.putObject(
                put -> put.bucket(ServerProgram.BUCKET)
                        .key(key)
                        .contentType("application/x-ndjson")
                        .ifNoneMatch("*")
                        .checksumCRC32(part.crc),
                part.body());
    }

    private void inParts(S3Client client, String key, List<Part> parts) {
        String id = client.createMultipartUpload(create -> create.bucket(ServerProgram.BUCKET)
                        .key(key)
                        .contentType("application/x-ndjson")
                        .checksumAlgorithm(ChecksumAlgorithm.CRC32))
                .uploadId();
        List<CompletedPart> done = new ArrayList<>();
        for (Part part : parts) {
            int number = done.size() + 1;
            String tag = client.uploadPart(
                            upload -> upload.bucket(ServerProgram.BUCKET)
                                    .key(key)
                                    .uploadId(id)
                                    .partNumber(number)
                                    .checksumCRC32(part.crc),
                            part.body())
                    .eTag();
            done.add(CompletedPart.builder()
                    .partNumber(number)
                    .eTag(tag)
                    .checksumCRC32(part.crc)
                    .build());
        }
        client.completeMultipartUpload(complete -> complete.bucket(ServerProgram.BUCKET)
                .key(key)
                .uploadId(id)
                .ifNoneMatch("*")
                .multipartUpload(all -> all.parts(done)));
    }
}
