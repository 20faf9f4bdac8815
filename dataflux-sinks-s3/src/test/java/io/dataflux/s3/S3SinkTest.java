package io.dataflux.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.DeliveryException;
import io.dataflux.spi.LaneContext;
import io.dataflux.spi.Sink;
import io.dataflux.spi.SinkConnector;
import io.dataflux.testkit.EmbeddedS3;
import io.dataflux.testkit.RecordedOutcome;
import io.dataflux.testkit.TestEvent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

class S3SinkTest {

    private static EmbeddedS3 s3;
    private static int buckets;
    private String bucket;

    @BeforeAll
    static void startStore() {
        s3 = EmbeddedS3.start();
    }

    @AfterAll
    static void stopStore() {
        s3.close();
    }

    @BeforeEach
    void createBucket() {
        bucket = "sink-" + ++buckets;
        s3.createBucket(bucket);
    }

    private SinkConnector connector(Object... more) {
        return Feed.connector(Feed.settings(s3.endpoint().toString(), s3, bucket, more));
    }

    private static String name(long first, long last) {
        return "clicks/cafe0001-0-" + ObjectName.place(first) + "-" + ObjectName.place(last) + ".jsonl";
    }

    @Test
    void anObjectEndsWithItsLastEventAndIsNamedByItsPlaces() throws Exception {
        RecordedOutcome outcome = Feed.send(connector("object_events", 40L), 0, 0, 100);

        assertThat(outcome.acknowledged()).isEqualTo(100);
        assertThat(s3.keys(bucket, "")).containsExactly(name(0, 39), name(40, 79), name(80, 99));
        assertThat(Feed.text(s3, bucket, name(40, 79))).isEqualTo(Feed.lines(40, 80));
        assertThat(s3.metadata(bucket, name(0, 39))).containsEntry(Body.EVENTS, "40");
    }

    @Test
    void anObjectEndsWithItsLastByte() throws Exception {
        Feed.send(connector("object_bytes", "100B"), 0, 0, 30);

        assertThat(s3.keys(bucket, ""))
                .hasSize(3)
                .allSatisfy(key -> assertThat(s3.content(bucket, key).length).isBetween(1, 100));
    }

    @Test
    void anObjectHoldsEventsOfOneHour() throws Exception {
        SinkConnector connector = connector("key", KeyTemplate.DEFAULT);
        Feed.send(connector, 0, 3500, 7300);

        String dt = "raw-data/clicks/dt=2025-01-01/";
        assertThat(s3.keys(bucket, ""))
                .containsExactly(
                        dt + "hour=00/cafe0001-0-000000003500-000000003599.jsonl.gz",
                        dt + "hour=01/cafe0001-0-000000003600-000000007199.jsonl.gz",
                        dt + "hour=02/cafe0001-0-000000007200-000000007299.jsonl.gz");
        assertThat(Feed.text(s3, bucket, dt + "hour=02/cafe0001-0-000000007200-000000007299.jsonl.gz"))
                .isEqualTo(Feed.lines(7200, 7300));
        assertThat(Feed.read(connector))
                .as("the hours of a shard are one source")
                .hasSize(3800)
                .startsWith("clicks-0 0 {\"n\":3500}")
                .endsWith("clicks-0 3799 {\"n\":7299}");
    }

    @Test
    void lateEventsGoToTheObjectOfTheirHour() throws Exception {
        SinkConnector connector = connector("key", "{date}/{hour}/{tag}-{shard}-{first}-{last}.jsonl");
        LaneContext lane = Feed.lane(0);
        connector.prepare(lane);
        try (Sink sink = connector.open(lane)) {
            List<TestEvent> events = new ArrayList<>();
            for (long n = 0; n < 8; n++) {
                boolean early = n < 3 || n == 5;
                events.add(Feed.event(n, Feed.START_MILLIS + (early ? 3_599_000 : 3_600_000), 0));
            }
            RecordedOutcome outcome = new Feed(lane, sink).write(events);
            sink.flush();
            assertThat(outcome.acknowledged()).isEqualTo(8);
        }

        assertThat(s3.keys(bucket, ""))
                .containsExactly(
                        "2025-01-01/00/cafe0001-0-000000000000-000000000005.jsonl",
                        "2025-01-01/01/cafe0001-0-000000000003-000000000007.jsonl");
        assertThat(Feed.read(connector))
                .as("what takes turns is no one source")
                .contains("clicks-0 3 {\"n\":5}", "clicks-0 2025-01-01T01:00 0 {\"n\":3}")
                .hasSize(8);
    }

    @Test
    void aRunUnderTheSameTagFindsItsObjectsAndStoresNothing() throws Exception {
        SinkConnector connector = connector("object_events", 40L, "key", "{stream}/{tag}-{shard}-{first}-{last}.gz");
        Feed.send(connector, 0, 0, 100);
        List<String> keys = s3.keys(bucket, "");
        List<byte[]> contents =
                keys.stream().map(key -> s3.content(bucket, key)).toList();

        try (S3FaultProxy counter = new S3FaultProxy(s3.endpoint())) {
            SinkConnector again = Feed.connector(Feed.settings(
                    counter.endpoint(),
                    s3,
                    bucket,
                    "object_events",
                    40L,
                    "key",
                    "{stream}/{tag}-{shard}-{first}-{last}.gz"));
            assertThat(Feed.send(again, 0, 0, 100).acknowledged()).isEqualTo(100);
            assertThat(counter.seen("PUT", ".gz")).as("refused by the store").isEqualTo(3);
            assertThat(Feed.send(again, 1, 0, 100).acknowledged()).isEqualTo(100);
            assertThat(counter.seen("PUT", ".gz"))
                    .as("a resumed run asks first")
                    .isEqualTo(3);
        }
        assertThat(s3.keys(bucket, "")).isEqualTo(keys);
        assertThat(keys.stream().map(key -> s3.content(bucket, key)).toList()).containsExactlyElementsOf(contents);
    }

    @Test
    void anObjectWithOtherBytesIsNotOverwritten() throws Exception {
        s3.put(bucket, name(0, 39), "{\"n\":\"mine\"}\n".getBytes(UTF_8));
        s3.put(bucket, name(40, 79), Feed.lines(40, 80).getBytes(UTF_8));
        RecordedOutcome outcome = Feed.send(connector("object_events", 40L), 0, 0, 100);

        assertThat(outcome.failed()).isEqualTo(40);
        assertThat(outcome.acknowledged()).as("equal, though not by us").isEqualTo(60);
        assertThat(outcome.isAcknowledged(40)).isTrue();
        assertThat(outcome.firstCause())
                .hasMessageContaining(s3.endpoint().getAuthority() + "/" + bucket)
                .hasMessageContaining("object " + name(0, 39) + " (clicks 0 to 39): the bucket holds other bytes")
                .hasMessageContaining("start with another tag");
        assertThat(s3.content(bucket, name(0, 39))).isEqualTo("{\"n\":\"mine\"}\n".getBytes(UTF_8));

        // the control: without the guarantee the other bytes are gone
        RecordedOutcome control = Feed.send(connector("object_events", 40L, "conditional_writes", false), 0, 0, 100);
        assertThat(control.acknowledged()).isEqualTo(100);
        assertThat(Feed.text(s3, bucket, name(0, 39))).isEqualTo(Feed.lines(0, 40));
    }

    @ParameterizedTest
    @ValueSource(strings = {"jsonl", "gz"})
    void anObjectThatDiffersInOneDigitIsToldByItsChecksum(String ending) throws Exception {
        SinkConnector connector = connector("key", "{tag}-{shard}-{first}-{last}." + ending);
        Feed.send(connector, 0, 0, 40);
        String key = s3.keys(bucket, "").get(0);
        byte[] stored = s3.content(bucket, key);
        List<TestEvent> others = new ArrayList<>();
        for (long n = 0; n < 40; n++) {
            others.add(new TestEvent(0, n, 0, n, "key", Feed.START_MILLIS, "default", Feed.json(n == 17 ? 18 : n, 0)));
        }
        LaneContext lane = Feed.lane(0);
        connector.prepare(lane);
        try (Sink sink = connector.open(lane)) {
            RecordedOutcome outcome = new Feed(lane, sink).write(others);
            sink.flush();
            assertThat(outcome.failed()).isEqualTo(40);
        }
        assertThat(s3.metadata(bucket, key)).containsKey(Body.CHECKSUM);
        assertThat(s3.content(bucket, key)).isEqualTo(stored);
    }

    @ParameterizedTest
    @ValueSource(strings = {"crc32", "sha256", "none"})
    void aLargeObjectGoesInPartsAndIsWhole(String checksum) throws Exception {
        SinkConnector connector = connector("part_bytes", "5MiB", "object_bytes", "16MB", "checksum", checksum);
        LaneContext lane = Feed.lane(0);
        connector.prepare(lane);
        RecordedOutcome outcome;
        try (Sink sink = connector.open(lane)) {
            outcome = new Feed(lane, sink).write(0, 12_000, 1000);
            sink.flush();
        }

        assertThat(outcome.acknowledged()).isEqualTo(12_000);
        assertThat(s3.keys(bucket, "")).hasSize(1);
        String text = Feed.text(s3, bucket, name(0, 11_999));
        assertThat(text.length()).isGreaterThan(2 * 5 << 20);
        assertThat(text.lines()).hasSize(12_000).last().isEqualTo(Feed.json(11_999, 1000));
        assertThat(s3.openUploads(bucket)).isEmpty();

        // once more: compared, in parts as well
        try (Sink sink = connector.open(lane)) {
            RecordedOutcome again = new Feed(lane, sink).write(0, 12_000, 1000);
            sink.flush();
            assertThat(again.acknowledged()).isEqualTo(12_000);
        }
        assertThat(s3.openUploads(bucket)).as("no upload is left open").isEmpty();
        // and with other bytes under its name
        s3.put(bucket, name(0, 11_999), new byte[] {'x'});
        try (Sink sink = connector.open(lane)) {
            RecordedOutcome third = new Feed(lane, sink).write(0, 12_000, 1000);
            sink.flush();
            assertThat(third.failed()).isEqualTo(12_000);
        }
        assertThat(s3.content(bucket, name(0, 11_999))).containsExactly('x');
        assertThat(s3.openUploads(bucket)).isEmpty();
    }

    @Test
    void aMissingBucketIsAnErrorUnlessItIsToBeCreated() throws Exception {
        Map<String, Object> settings = Feed.settings(s3.endpoint().toString(), s3, "not-there-yet");
        assertThatThrownBy(() -> Feed.connector(settings).prepare(Feed.lane(0)))
                .isInstanceOf(DeliveryException.class)
                .hasMessageContaining(s3.endpoint().getAuthority() + "/not-there-yet")
                .hasMessageContaining("there is no bucket 'not-there-yet'; create it, or set create_bucket: true");

        settings.put("create_bucket", true);
        assertThat(Feed.send(Feed.connector(settings), 0, 0, 10).acknowledged()).isEqualTo(10);
        assertThat(Feed.send(Feed.connector(settings), 0, 0, 10).acknowledged())
                .as("it is there now")
                .isEqualTo(10);
    }

    @Test
    void wrongKeysAndAStoreThatIsNotThereAreSaid() {
        Map<String, Object> settings = Feed.settings(s3.endpoint().toString(), s3, bucket);
        settings.put("secret_key", "planted-secret");
        assertThatThrownBy(() -> Feed.connector(settings).prepare(Feed.lane(0)))
                .isInstanceOf(DeliveryException.class)
                .hasMessageContaining("status 403")
                .hasMessageContaining("check access_key and secret_key")
                .satisfies(e -> assertThat(e.toString() + e.getCause()).doesNotContain("planted-secret"));

        settings.put("endpoint", "http://127.0.0.1:1");
        assertThatThrownBy(() -> Feed.connector(settings).prepare(Feed.lane(0)))
                .isInstanceOf(DeliveryException.class)
                .hasMessageContaining("S3 127.0.0.1:1/" + bucket)
                .hasMessageContaining("check endpoint, and that the store is running");
    }

    @Test
    void severalStreamsNeedNamesThatTellThemApart() {
        List<LaneContext.Stream> streams =
                List.of(new LaneContext.Stream("a", 1, 2), new LaneContext.Stream("b", 2, 2));
        LaneContext run = new LaneContext("lake", 0, 1, 7, 0, streams, Path.of(""));
        assertThatThrownBy(
                        () -> connector("key", "{tag}-{shard}-{first}-{last}").prepare(run))
                .isInstanceOf(DeliveryException.class)
                .hasMessageContaining("no {stream} to tell their objects apart");
    }

    @Test
    void aResumedRunCutsWhereTheFirstAttemptDid() throws Exception {
        SinkConnector connector = connector("object_events", 40L);
        Feed.send(connector, 0, 0, 55); // stopped: the last object has 15 events
        assertThat(s3.keys(bucket, "")).containsExactly(name(0, 39), name(40, 54));
        s3.delete(bucket, name(0, 39)); // and was killed before this one was stored

        assertThat(Feed.send(connector, 1, 0, 100).acknowledged()).isEqualTo(100);
        assertThat(s3.keys(bucket, "")).containsExactly(name(0, 39), name(40, 54), name(55, 94), name(95, 99));
        assertThat(Feed.read(connector)).hasSize(100).doesNotHaveDuplicates();

        // the control: an attempt that does not look stores events twice
        Feed.send(connector, 0, 0, 100);
        assertThat(Feed.read(connector)).hasSizeGreaterThan(100);
    }

    @Test
    void aResumedRunDoesNotStoreEventsASecondTimeUnderAnotherName() throws Exception {
        Feed.send(connector("object_events", 40L), 0, 0, 80);
        RecordedOutcome outcome = Feed.send(connector("object_events", 30L), 1, 0, 80);

        assertThat(outcome.acknowledged()).isEqualTo(0);
        assertThat(outcome.firstCause())
                .hasMessageContaining(name(0, 29))
                .hasMessageContaining(name(0, 39) + " of an earlier attempt holds some of its events")
                .hasMessageContaining("resume with the settings that the run began with");
        assertThat(s3.keys(bucket, "")).containsExactly(name(0, 39), name(40, 79));
    }

    @Test
    void whatIsThereIsToldToTheRun() throws Exception {
        SinkConnector connector = connector("object_events", 40L);
        Feed.send(connector, 0, 0, 55);
        List<String> told = new ArrayList<>();
        SinkConnector resumed = connector("object_events", 40L);
        resumed.prepare(Feed.lane(1));
        resumed.resume().recover(Feed.lane(1), new io.dataflux.spi.Delivered() {
            @Override
            public void places(int stream, int shard, long from, long to) {
                told.add(stream + "/" + shard + " [" + from + ", " + to + ")");
            }

            @Override
            public void below(int stream, long sequence) {
                told.add("below");
            }
        });
        assertThat(told).containsExactly("0/0 [0, 40)", "0/0 [40, 55)");
    }

    @Test
    void aResumedRunAbortsTheUploadsOfItsOwnShards() throws Exception {
        String ofOtherPart = name(0, 9).replace("-0-", "-1-");
        try (S3Client client = client()) {
            for (String key : List.of(name(0, 9), ofOtherPart, "clicks/other.jsonl")) {
                client.createMultipartUpload(create -> create.bucket(bucket).key(key));
            }
        }
        LaneContext part =
                new LaneContext("lake", 0, 2, 2, 0xCAFE0001, 1, Feed.lane(1).streams(), Path.of(""));
        connector().prepare(part);

        assertThat(s3.openUploads(bucket)).containsExactly(ofOtherPart, "clicks/other.jsonl");
    }

    private static S3Client client() {
        return S3Client.builder()
                .endpointOverride(s3.endpoint())
                .forcePathStyle(true)
                .region(Region.US_EAST_1)
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(s3.accessKey(), s3.secretKey())))
                .build();
    }

    @Test
    void aSinkInCodeDeliversToo() throws Exception {
        SinkConnector sink = S3Sink.bucket(s3.endpoint(), bucket)
                .credentials(s3.accessKey(), s3.secretKey())
                .key(Feed.PLAIN)
                .objectEvents(60)
                .sink();
        assertThat(Feed.send(sink, 0, 0, 100).acknowledged()).isEqualTo(100);
        assertThat(s3.keys(bucket, "")).containsExactly(name(0, 59), name(60, 99));
    }
}
