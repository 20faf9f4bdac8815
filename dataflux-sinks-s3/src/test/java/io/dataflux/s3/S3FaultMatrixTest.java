package io.dataflux.s3;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dataflux.testkit.EmbeddedS3;
import io.dataflux.testkit.Fault;
import io.dataflux.testkit.FaultMatrix;
import io.dataflux.testkit.FaultMatrix.Delivery;
import io.dataflux.testkit.FaultMatrix.Ending;
import io.dataflux.testkit.FaultProxy;
import io.dataflux.testkit.FaultTrial;
import io.dataflux.testkit.FaultTrial.Breach;
import io.dataflux.testkit.TestSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What the S3 sink promises, under faults of the network and of the store; each guarantee with a control. */
class S3FaultMatrixTest {

    private static final int AT_A_TIME = 4;
    /** As long as a few attempts to connect. */
    private static final Duration OUTAGE = Duration.ofMillis(300);

    private static final String KEY = "raw/{tag}-{shard}-{first}-{last}.jsonl";

    /** The fault passes: an object has many tries, a try has not much time. */
    private static final Map<String, Object> PATIENT = Map.of(
            "key", KEY, "object_events", 100L, "request_timeout", "1s", "delivery_timeout", "60s", "retries", 50L);

    private static final Map<String, Object> PUT = Map.of();
    /** Objects of more than one part; it takes five mebibytes to make one. */
    private static final Map<String, Object> PARTS = Map.of("part_bytes", "5MiB", "request_timeout", "10s");

    private static final int PART_EVENTS = 100;
    private static final int PART_EVENT_BYTES = 80_000;

    private static EmbeddedS3 s3;

    @BeforeAll
    static void startStore() {
        s3 = EmbeddedS3.start();
    }

    @AfterAll
    static void stopStore() {
        s3.close();
    }

    private interface Weather {
        void begin(FaultTrial trial, FaultProxy proxy) throws Exception;
    }

    private record Change(String words, Weather weather) {}

    private static final Change UNANSWERED = new Change(
            "responses swallowed, 2 connections", under(Fault.swallowResponses().times(2)));
    private static final Change RESET = new Change(
            "reset in a request, 3 times",
            under(Fault.reset().afterRequestBytes(100, 9_000).times(3)));

    private static final List<Change> PASSING = List.of(
            UNANSWERED,
            RESET,
            new Change("latency", under(Fault.latency(Duration.ofMillis(20)).jitter(Duration.ofMillis(10)))),
            new Change("slices", under(Fault.slice(256))),
            new Change("bandwidth", under(Fault.bandwidth(400_000))),
            new Change(
                    "requests swallowed, 2 connections",
                    under(Fault.swallowRequests().times(2))),
            new Change(
                    "cut in a request, 3 times",
                    under(Fault.cut().afterRequestBytes(100, 9_000).times(3))),
            new Change(
                    "reset in an answer, 3 times",
                    under(Fault.reset().afterResponseBytes(5, 50).times(3))),
            new Change(
                    "half-close in a request",
                    under(Fault.halfClose().afterRequestBytes(100, 9_000).times(2))),
            new Change("reset, refused, healed", (trial, proxy) -> trial.outage(proxy, OUTAGE)));

    @TestFactory
    List<DynamicTest> cells() throws Exception {
        FaultMatrix matrix = new FaultMatrix("s3");
        for (Change change : PASSING) {
            matrix.cell("put", change.words, through(PUT, change.weather));
        }
        // in the middle of the large object, beyond what was sent to open connections
        matrix.cell(
                "multipart",
                "reset in a part",
                through(
                        PARTS,
                        under(Fault.reset()
                                .afterRequestBytes(1_000_000, 4_000_000)
                                .times(2))));
        matrix.cell(
                "multipart",
                "answer cut, 3 times",
                through(PARTS, under(Fault.cut().afterResponseBytes(5, 50).times(3))));
        answers(matrix);
        ends(matrix);
        return matrix.run(AT_A_TIME);
    }

    /** Faults of whole requests, by a proxy that reads them. */
    private static void answers(FaultMatrix matrix) {
        matrix.cell("put", "503 SlowDown, 3 times", rewritten(PUT, 3, S3FaultProxy.refuse(503, "SlowDown")));
        matrix.cell("put", "500 of what is stored", rewritten(PUT, 1, S3FaultProxy.passAndSay(500, "InternalError")));
        matrix.cell("put", "answer lost, store has it", rewritten(PUT, 2, S3FaultProxy.loseReply()));
        matrix.control(
                        "no retries",
                        "503 SlowDown, 3 times",
                        Breach.ENDING,
                        rewritten(Map.of("retries", 0L), 3, S3FaultProxy.refuse(503, "SlowDown")))
                .ending(Ending.ALL_ACKNOWLEDGED);
    }

    private static void ends(FaultMatrix matrix) {
        Map<String, Object> impatient = Map.of("request_timeout", "500ms", "delivery_timeout", "2s");
        matrix.cell("put", "responses swallowed for good", through(impatient, under(Fault.swallowResponses())))
                .ending(Ending.SOME_UNKNOWN);
        matrix.cell("put", "another object of that name", taken(Map.of())).ending(Ending.SOME_FAILED);
        matrix.control(
                "conditional_writes: false",
                "another object of that name",
                Breach.FOREIGN,
                taken(Map.of("conditional_writes", false)));
    }

    private static Weather under(Fault fault) {
        return (trial, proxy) -> trial.under(proxy, fault);
    }

    private static Delivery through(Map<String, Object> mode, Weather weather) {
        return trial -> {
            try (FaultProxy proxy =
                    FaultProxy.to("127.0.0.1", s3.port(), trial.lane().tag())) {
                Map<String, Object> settings = settings(trial, mode, "http://" + proxy.address());
                trial.open(TestSettings.configure(new S3SinkProvider(), settings));
                trial.write(200);
                trial.flush(); // connections are up
                weather.begin(trial, proxy);
                if (mode == PARTS) {
                    trial.eventBytes(PART_EVENT_BYTES);
                    trial.write(2 * PART_EVENTS);
                } else {
                    trial.write(800);
                }
                trial.close();
                read(trial);
            }
        };
    }

    private static Delivery rewritten(Map<String, Object> mode, int times, S3FaultProxy.Fault fault) {
        return trial -> {
            try (S3FaultProxy proxy = new S3FaultProxy(s3.endpoint())) {
                Map<String, Object> settings = settings(trial, mode, proxy.endpoint());
                trial.open(TestSettings.configure(new S3SinkProvider(), settings));
                trial.write(200);
                trial.flush();
                AtomicInteger hits = proxy.on(S3FaultProxy.Request::isPut, times, fault);
                trial.write(400);
                trial.close();
                trial.hit(hits.get());
                read(trial);
            }
        };
    }

    /** Somebody else's object has a name that the sink is about to write. */
    private static Delivery taken(Map<String, Object> mode) {
        return trial -> {
            Map<String, Object> settings = settings(trial, mode, s3.endpoint().toString());
            String bucket = bucket(trial);
            s3.createBucket(bucket);
            trial.open(TestSettings.configure(new S3SinkProvider(), settings));
            trial.write(150);
            String key = "raw/" + trial.lane().tagText() + "-0-000000000100-000000000199.jsonl";
            byte[] others = "{\"of\":\"another program\"}\n".getBytes(UTF_8);
            s3.put(bucket, key, others);
            trial.hit(trial.unsettled());
            trial.write(50);
            trial.close();
            for (String each : s3.keys(bucket, "raw/")) {
                String content = new String(s3.content(bucket, each), UTF_8);
                if (!each.equals(key)) {
                    trial.stored(content.lines().toList());
                } else if (!content.equals(new String(others, UTF_8))) {
                    trial.stored(List.of("the other program's object was overwritten"));
                }
            }
        };
    }

    private static Map<String, Object> settings(FaultTrial trial, Map<String, Object> mode, String endpoint) {
        Map<String, Object> settings = new HashMap<>(PATIENT);
        settings.putAll(mode);
        settings.put("bucket", bucket(trial));
        settings.put("create_bucket", true);
        settings.put("endpoint", endpoint);
        settings.put("access_key", s3.accessKey());
        settings.put("secret_key", s3.secretKey());
        return settings;
    }

    private static String bucket(FaultTrial trial) {
        return "cell-" + trial.lane().tagText();
    }

    /** Past the proxy; what is left open would cost the bucket's owner money. */
    private static void read(FaultTrial trial) throws Exception {
        Map<String, Object> settings =
                settings(trial, Map.of("request_timeout", "10s"), s3.endpoint().toString());
        trial.stored(TestSettings.configure(new S3SinkProvider(), settings)
                .readBack()
                .orElseThrow()
                .reader(trial.lane(), ""));
        List<String> open = s3.openUploads(bucket(trial));
        if (!open.isEmpty()) {
            throw new AssertionError("uploads are left open: " + open);
        }
    }
}
