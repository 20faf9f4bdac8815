package io.dataflux.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

class EmbeddedS3Test {

    private EmbeddedS3 s3 = EmbeddedS3.start();

    @AfterEach
    void stop() {
        s3.close();
    }

    private S3Client client(String secret) {
        return S3Client.builder()
                .endpointOverride(s3.endpoint())
                .forcePathStyle(true)
                .region(Region.US_EAST_1)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(s3.accessKey(), secret)))
                .build();
    }

    private void put(S3Client client, String key, String content) {
        client.putObject(
                put -> put.bucket("orders").key(key).ifNoneMatch("*").metadata(Map.of("digest", "d1")),
                RequestBody.fromString(content));
    }

    @Test
    void storesWhatAClientSends() {
        s3.createBucket("orders");
        s3.createBucket("orders");
        try (S3Client client = client(s3.secretKey())) {
            put(client, "raw/dt=2025-01-01/b.jsonl", "{}\n");
            put(client, "raw/dt=2025-01-01/a.jsonl", "{}\n{}\n");
            put(client, "other", "");
        }

        assertThat(s3.keys("orders", "raw/")).containsExactly("raw/dt=2025-01-01/a.jsonl", "raw/dt=2025-01-01/b.jsonl");
        assertThat(s3.content("orders", "raw/dt=2025-01-01/a.jsonl")).isEqualTo("{}\n{}\n".getBytes(UTF_8));
        assertThat(s3.metadata("orders", "raw/dt=2025-01-01/a.jsonl")).containsEntry("digest", "d1");
    }

    @Test
    void keepsItsObjectsInAFolderIfToldTo(@TempDir Path folder) {
        s3.close();
        s3 = EmbeddedS3.start(folder);
        s3.createBucket("orders");
        try (S3Client client = client(s3.secretKey())) {
            put(client, "raw/a.jsonl", "{}\n");
        }
        s3.close();
        s3 = EmbeddedS3.start(folder);

        assertThat(s3.keys("orders", "")).containsExactly("raw/a.jsonl");
        assertThat(s3.metadata("orders", "raw/a.jsonl")).containsEntry("digest", "d1");
    }

    @Test
    void refusesAWrongKeyAMissingBucketAndAnObjectThatIsThere() {
        try (S3Client wrong = client("wrong");
                S3Client client = client(s3.secretKey())) {
            assertThatThrownBy(() -> put(client, "a", "1")).satisfies(e -> assertStatus(e, 404));
            s3.createBucket("orders");
            assertThatThrownBy(() -> put(wrong, "a", "1")).satisfies(e -> assertStatus(e, 403));
            put(client, "a", "1");
            assertThatThrownBy(() -> put(client, "a", "2")).satisfies(e -> assertStatus(e, 412));
        }
        assertThat(s3.content("orders", "a")).isEqualTo("1".getBytes(UTF_8));
    }

    @Test
    void listsMoreObjectsThanFitOnAPage() {
        s3.createBucket("orders");
        IntStream.range(0, 1001).forEach(i -> s3.put("orders", "k/" + i, new byte[0]));

        assertThat(s3.keys("orders", "k/")).hasSize(1001);
        s3.delete("orders", "k/7");
        assertThat(s3.keys("orders", "k/")).hasSize(1000).doesNotContain("k/7");
    }

    @Test
    void tellsWhichUploadsAreOpen() {
        s3.createBucket("orders");
        try (S3Client client = client(s3.secretKey())) {
            String id = client.createMultipartUpload(
                            create -> create.bucket("orders").key("big"))
                    .uploadId();

            assertThat(s3.openUploads("orders")).containsExactly("big");
            assertThat(s3.keys("orders", "")).isEmpty();
            client.abortMultipartUpload(
                    abort -> abort.bucket("orders").key("big").uploadId(id));
            assertThat(s3.openUploads("orders")).isEmpty();
        }
    }

    private static void assertStatus(Throwable thrown, int status) {
        assertThat(thrown)
                .isInstanceOfSatisfying(
                        S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(status));
    }
}
