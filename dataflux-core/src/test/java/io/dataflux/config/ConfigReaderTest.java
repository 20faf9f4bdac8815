package io.dataflux.config;

import static io.dataflux.config.Configurations.NOW;
import static io.dataflux.config.Configurations.map;
import static io.dataflux.config.Configurations.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.ConfigurationException;
import io.dataflux.encode.CompiledStream;
import io.dataflux.model.StreamDefinition;
import io.dataflux.model.StreamDefinition.Rate;
import io.dataflux.plan.RunCompiler;
import io.dataflux.plan.RunConfig;
import io.dataflux.plan.RunConfig.OnFailure;
import io.dataflux.plan.RunConfig.SinkConfig;
import io.dataflux.spi.RegionRouter.Region;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigReaderTest {

    /** Word for word what users of the original program have. */
    static final String ORIGINAL = """
            sinks:
              kafka:
                type: kafka
                kafka:
                  bootstrap_servers: "kafka:29092"
                  topic: "dataflux-events"
                  acks: "all"
                  max_retries: 3
                  retry_backoff_ms: 100
              mock:
                type: mock
            region_sinks:
              default: [kafka, mock]
            """;

    @Test
    void theOriginalConfigurationLoadsAsItStands() {
        RunConfig config = read(ORIGINAL);

        assertThat(config.streams())
                .extracting(CompiledStream::name)
                .containsExactly(
                        "video_logs",
                        "user_interactions",
                        "device_telemetry",
                        "recommendation_feedback",
                        "training_data",
                        "model_telemetry");
        assertThat(config.streams())
                .allSatisfy(stream -> assertThat(stream.definition().rate()).isEqualTo(new Rate(2500, 3)));
        assertThat(config.regions()).containsExactly(new Region("default", 1));
        assertThat(config.sinks()).extracting(SinkConfig::name).containsExactly("kafka", "mock");
        assertThat(config.sinks()).extracting(SinkConfig::lanes).containsExactly(1, 1);
        assertThat(config.regionSinks()).containsExactly(Map.entry("default", List.of("kafka", "mock")));
        assertThat(config.limits()).isEqualTo(RunConfig.Limits.NONE);
        assertThat(config.speed()).isEqualTo(1);
        assertThat(config.output()).isEqualTo(Path.of("dataflux-out"));
        assertThat(config.tag()).isNull();
    }

    @Test
    void theWholeSkeletonLoads() {
        RunConfig config = read("""
                seed: 42
                start: 2025-06-01T00:00:00Z
                events_per_second: 4000
                speed: max
                limits: {events: 1000000, time: 30s, bytes: 10GB}
                streams:
                  clicks: {from: clickstream, weight: 3}
                  device_telemetry: {}
                regions: {eu: {weight: 2}, us: {weight: 1}}
                routing: {type: sticky}
                sinks:
                  broker: {type: kafka, bootstrap_servers: "${env:SERVERS}", topic: "dataflux-events", lanes: 2, on_failure: isolate}
                  keep:   {type: mock}
                region_sinks: {eu: [broker, keep], default: [broker]}
                output: {dir: out}
                """, Overrides.NONE, Map.of("SERVERS", "localhost:9092"));

        assertThat(config.streams()).extracting(CompiledStream::name).containsExactly("clicks", "device_telemetry");
        assertThat(config.streams()).allSatisfy(stream -> {
            assertThat(stream.seed()).isEqualTo(42);
            assertThat(stream.definition().start()).isEqualTo(Instant.parse("2025-06-01T00:00:00Z"));
        });
        assertThat(config.streams())
                .extracting(stream -> stream.definition().rate())
                .containsExactly(new Rate(3000, 1), new Rate(1000, 1));
        assertThat(config.speed()).isInfinite();
        assertThat(config.limits().events()).hasValue(1_000_000);
        assertThat(config.limits().time()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.limits().bytes()).hasValue(10_000_000_000L);
        assertThat(config.regions()).containsExactly(new Region("eu", 2), new Region("us", 1));
        assertThat(config.regionSinks())
                .containsExactly(Map.entry("eu", List.of("broker", "keep")), Map.entry("us", List.of("broker")));
        assertThat(config.sinks().get(0).lanes()).isEqualTo(2);
        assertThat(config.sinks().get(0).onFailure()).isEqualTo(OnFailure.ISOLATE);
        assertThat(config.output()).isEqualTo(Path.of("out"));
    }

    @Test
    void jsonIsReadToo() {
        RunConfig config = read("""
                {"seed": 42, "streams": {"clicks": {"from": "clickstream"}},
                 "sinks": {"keep": {"type": "mock", "keep": 5}}}
                """);

        assertThat(config.streams()).extracting(CompiledStream::name).containsExactly("clicks");
    }

    @Test
    void aFlagBeatsTheEnvironmentBeatsTheFileBeatsADefault() {
        Overrides flags = new Overrides(Map.of(
                "seed", "7", "speed", "max", "events", "10", "for", "5m", "tag", "5F3A90C1", "output", "elsewhere"));

        RunConfig config = read(
                "seed: 42\nspeed: 2\nlimits: {events: 99, bytes: 1MB}\n" + ORIGINAL,
                flags,
                map("KAFKA_BOOTSTRAP_SERVERS", "other:9092"));

        assertThat(config.streams().get(0).seed()).isEqualTo(7);
        assertThat(config.speed()).isInfinite();
        assertThat(config.limits().events()).hasValue(10);
        assertThat(config.limits().time()).isEqualTo(Duration.ofMinutes(5));
        assertThat(config.limits().bytes()).hasValue(1_000_000);
        assertThat(config.tag()).isEqualTo(0x5F3A90C1);
        assertThat(config.output()).isEqualTo(Path.of("elsewhere"));
        assertThat(config.origins())
                .contains(
                        "seed = 7 (--seed)",
                        "speed = max (--speed)",
                        "limits.events = 10 (--events)",
                        "limits.bytes = 1MB (line 3)",
                        "limits.time = 5m (--for)",
                        "events_per_second = 5000 (default)",
                        "output.dir = elsewhere (--output)",
                        "sinks.kafka.bootstrap_servers = **** (environment KAFKA_BOOTSTRAP_SERVERS)",
                        "sinks.kafka.kafka.max_retries = 3 (line 11)",
                        "sinks.kafka.lanes = 1 (default)");
    }

    @Test
    void nowIsResolvedOnce() {
        RunConfig config = read("start: now\n" + ORIGINAL);

        assertThat(config.streams())
                .allSatisfy(stream ->
                        assertThat(stream.definition().start()).isEqualTo(Instant.parse("2026-11-20T10:15:30.123Z")));
        assertThat(config.origins()).contains("start = 2026-11-20T10:15:30.123Z, now (line 1)");
    }

    @Test
    void sharesOfTheRateAreExactFractions() {
        RunConfig config = read("""
                events_per_second: 0.5
                streams:
                  a: {from: iot, weight: 1}
                  b: {from: iot, weight: 0.25}
                  c: {from: iot, weight: 2}
                sinks: {keep: {type: mock}}
                """);

        assertThat(config.streams())
                .extracting(stream -> stream.definition().rate())
                .containsExactly(new Rate(2, 13), new Rate(1, 26), new Rate(4, 13));
    }

    @Test
    void withoutRegionsThoseOfRegionSinksAreMeant() {
        RunConfig config = read("""
                sinks: {a: {type: mock}, b: {type: mock}}
                region_sinks: {eu: [a, b], default: [b]}
                """);

        assertThat(config.regions()).containsExactly(new Region("eu", 1), new Region("default", 1));
        assertThat(config.regionSinks())
                .containsExactly(Map.entry("eu", List.of("a", "b")), Map.entry("default", List.of("b")));
    }

    @Test
    void withoutRegionSinksEverySinkGetsEveryRegion() {
        RunConfig config = read("""
                regions: {eu: {}, us: {weight: 0.5}}
                sinks: {a: {type: mock}, b: {type: mock}}
                """);

        assertThat(config.regionSinks())
                .containsExactly(Map.entry("eu", List.of("a", "b")), Map.entry("us", List.of("a", "b")));
    }

    @Test
    void aGeneratorGetsItsSettingsAndBecomesPartOfTheDefinition() {
        RunConfig config = read("""
                streams: {steps: {generator: {type: steps, step: 10}, identity: id}}
                sinks: {keep: {type: mock}}
                """);

        CompiledStream stream = config.streams().get(0);
        assertThat(stream.event(3).toString()).endsWith("\"n\":30}");
        assertThat(stream.definition().code()).isEqualTo(new StreamDefinition.Code("steps", Map.of("step", 10L)));
    }

    @Test
    void aFileIsReadWithTheWordListsBesideIt(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("skus.txt"), "A-1\n\n B-2 \r\nC-3\n");
        Path file = folder.resolve("config.yaml");
        Files.writeString(file, """
                streams: {orders: {fields: {id: {id: uuid}, sku: {words: skus.txt, skew: 1.1}}}}
                """);

        List<CompiledStream> streams =
                RunCompiler.compile(ConfigReader.readStreams(file, Overrides.NONE, Map.of(), NOW));

        assertThat(streams).extracting(CompiledStream::name).containsExactly("orders");
        assertThat(streams.get(0).event(0).field("sku")).isIn("A-1", "B-2", "C-3");
    }

    @Test
    void aFileThatIsNotThereIsNamed(@TempDir Path folder) {
        Path file = folder.resolve("none.yaml");

        assertThatThrownBy(() -> ConfigReader.read(file, Overrides.NONE, Map.of(), NOW))
                .isExactlyInstanceOf(ConfigurationException.class)
                .hasMessage(file + ": 1 problem\n  there is no such file; check the path");
    }

    @Test
    void theSketchOfAStreamOfOnesOwnLoads() {
        RunConfig config = read("""
                seed: 42
                start: now
                streams:
                  orders:
                    key: { entity: "cust_{}", count: 200000, skew: 1.0 }
                    identity: order_id
                    fields:
                      order_id:  { id: "ord_{}" }
                      customer:  { copy: key }
                      placed_at: { time: event, format: iso_millis }
                      channel:   { pick: { web: 6, app: 3, shop: 1 } }
                      status:    { pick: { PAID: 93, OPEN: 5, TEST: 2 } }
                      email:     { faker: "#{internet.emailAddress}", pool: 50 }
                      address:
                        object:
                          street:  { faker: "#{address.streetAddress}", pool: 20 }
                          zip:     { text: "[0-9]{5}" }
                          country: { pick: ["NO", "SE", "DK"] }
                      items:
                        list: { length: { geometric: 0.5, min: 1, max: 8 } }
                        of:
                          sku:   { words: [a, b], skew: 1.1 }
                          qty:   { int: [1, 5] }
                          price: { decimal: ["0.99", "199.99"], scale: 2 }
                      coupon:    { text: "C[A-Z]{4}", absent: 90% }
                sinks:
                  broker: { type: kafka, bootstrap_servers: "${env:KAFKA_BOOTSTRAP_SERVERS}", topic: orders }
                  lake:   { type: s3, bucket: orders, key: "raw/dt={date}/{shard}-{first}-{last}.jsonl.gz", every: 60s }
                region_sinks: { eu: [broker, lake], default: [broker] }
                """, Overrides.NONE, Map.of("KAFKA_BOOTSTRAP_SERVERS", "localhost:9092"));

        assertThat(config.streams()
                        .get(0)
                        .sequenceOf(config.streams().get(0).event(7).identity().get(0)))
                .hasValue(7);
        assertThat(config.regionSinks())
                .containsExactly(Map.entry("eu", List.of("broker", "lake")), Map.entry("default", List.of("broker")));
    }

    @Test
    void aStartOutsideOfTheYearsThatCanBeWrittenIsRefusedOnce() {
        assertThat(Configurations.complaint("start: +12025-01-01T00:00:00Z\n" + ORIGINAL))
                .isEqualTo(
                        "config.yaml: 1 problem\n  start (line 1): '+12025-01-01T00:00:00Z' is out of range; write an instant in the years 1 to 9999");
    }

    @Test
    void aTypeThatIsThereTwiceIsRefusedWithItsMakers() {
        Types twice = new Types(
                List.of(new Twin("mock"), new Twin("mock")),
                Configurations.TYPES.routers(),
                Configurations.TYPES.generators(),
                Configurations.TYPES.monitors());
        Document document = Document.parse(
                "config.yaml",
                "streams: {iot: {}}\nsinks: {keep: {type: mock}}".getBytes(java.nio.charset.StandardCharsets.UTF_8));

        assertThatThrownBy(() -> RunCompiler.compile(
                        ConfigReader.read(document, Path.of(""), Overrides.NONE, Map.of(), NOW, twice)))
                .hasMessage("config.yaml: 1 problem\n  sinks.keep.type (line 2): 'mock' is registered 2 times, by"
                        + " io.dataflux.config.ConfigReaderTest$Twin; keep one of them on the class path");
    }

    private record Twin(String type) implements io.dataflux.spi.SinkProvider {
        @Override
        public io.dataflux.spi.SinkConnector configure(io.dataflux.spi.Settings settings) {
            throw new IllegalStateException("nobody knows which");
        }
    }
}
