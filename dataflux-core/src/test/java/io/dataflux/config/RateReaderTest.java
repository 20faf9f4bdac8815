package io.dataflux.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.encode.CompiledStream;
import io.dataflux.model.RateProfile;
import io.dataflux.model.Spread;
import io.dataflux.model.StreamDefinition.Arrivals;
import io.dataflux.model.StreamDefinition.Bursts;
import io.dataflux.model.StreamDefinition.Lateness;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rates and arrivals in YAML are those in Java. */
class RateReaderTest {

    private static List<CompiledStream> streams(String yaml) {
        return Configurations.read("sinks: {keep: {type: mock}}\n" + yaml).streams();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "200/s | 200/s",
                "0.5/s | 1/2s",
                "steps 500/s..1500/s by 500/s each 20s | steps 500/s, 1000/s, 1500/s each 20s",
                "{constant: 90/m} | 3/2s",
                "{ramp: [200/s, 2000/s], over: 20m} | ramp 200/s..2000/s over 20m",
                "{steps: [10/s, 50/s], each: 1m, repeat: true} | steps 10/s, 50/s each 1m repeat",
                "{steps: 10/s..30/s by 10/s, each: 500ms} | steps 10/s, 20/s, 30/s each 500ms",
                "{constant: 5/s, daily: {\"08:30\": 1.50, \"20:00\": 0}} | daily 08:30 1.5, 20:00 0 of (5/s)",
                "{constant: 5/s, weekly: {sat: 0.4, sun: 0.3}} | weekly 1, 1, 1, 1, 1, 0.4, 0.3 of (5/s)",
                "{constant: 5/s, weekly: [7, 1, 1, 1, 1, 1, 1], warp: 24} | warp 24 of (weekly 7, 1, 1, 1, 1, 1, 1 of (5/s))",
                "{sum: [5/s, {ramp: [0/s, 9/s], over: 1h}]} | sum (5/s), (ramp 0/s..9/s over 1h)"
            })
    void aRateInYamlIsTheProfileInJava(String yaml, String profile) {
        CompiledStream own =
                streams("streams: {a: {from: clickstream, rate: " + yaml + "}}").get(0);
        CompiledStream shared = streams("streams: {a: {from: clickstream}}\nevents_per_second: " + yaml)
                .get(0);
        assertThat(own.definition().rate()).hasToString(profile);
        assertThat(shared.definition().rate()).isEqualTo(own.definition().rate());
        assertThat(shared.fingerprint()).isEqualTo(own.fingerprint());
    }

    @Test
    void aFactorForEachHour() {
        CompiledStream stream = streams(
                        "streams: {a: {from: clickstream, rate: {constant: 5/s, daily: [0,1,2,3,4,5,6,7,8,9,10,11,"
                                + "12,13,14,15,16,17,18,19,20,21,22,23]}}}")
                .get(0);
        assertThat(stream.definition().rate().toString())
                .startsWith("daily 00:00 0, 01:00 1, ")
                .endsWith("23:00 23 of (5/s)");
    }

    @Test
    void aProfileIsSharedByWeightAmongThoseWithoutTheirOwn() {
        List<CompiledStream> streams = streams("""
                events_per_second: {sum: [{steps: [30/s, 60/s], each: 1m}, {ramp: [1/s, 2/s], over: 1h}]}
                streams:
                  a: {from: clickstream, weight: 2}
                  b: {from: ingest}
                  c: {from: iot, rate: 7/s}
                """);
        assertThat(streams.stream().map(s -> s.definition().rate()))
                .containsExactly(
                        new RateProfile.Sum(List.of(
                                RateProfile.of("steps 20/s, 40/s each 1m"), RateProfile.of("ramp 2/3s..4/3s over 1h"))),
                        new RateProfile.Sum(List.of(
                                RateProfile.of("steps 10/s, 20/s each 1m"), RateProfile.of("ramp 1/3s..2/3s over 1h"))),
                        RateProfile.of("7/s"));
    }

    @Test
    void theExampleOfTheDocumentationLoads() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "time.md"));
        String yaml = page.substring(page.indexOf("```yaml") + 7, page.indexOf("```", page.indexOf("```yaml") + 7));
        List<CompiledStream> streams = Configurations.read(yaml).streams();
        assertThat(streams).extracting(CompiledStream::name).containsExactly("clicks", "orders", "machines");
        assertThat(streams.get(2).definition().rate()).isEqualTo(RateProfile.of("ramp 10/s..200/s over 20m"));
        assertThat(streams.get(1).sequenceAt(java.time.Instant.parse("2025-01-13T00:00:00Z")))
                .isEqualTo(streams.get(0).sequenceAt(java.time.Instant.parse("2025-01-13T00:00:00Z")) / 3);
    }

    @Test
    void lateness() {
        assertThat(streams("streams: {a: {from: clickstream, lateness: {share: 2%, by: [8s, 5m]}}}")
                        .get(0)
                        .definition()
                        .lateness())
                .isEqualTo(new Lateness(20_000, Duration.ofSeconds(8), Duration.ofMinutes(5), null));
        assertThat(streams(
                                "streams: {a: {from: iot, lateness: {share: 2%, by: [0s, 5m], spread: exponential, mean: 20s}}}")
                        .get(0)
                        .definition()
                        .lateness())
                .isEqualTo(new Lateness(
                        20_000,
                        Duration.ZERO,
                        Duration.ofMinutes(5),
                        new Spread.Exponential(BigDecimal.valueOf(20_000))));
    }

    @Test
    void arrivals() {
        assertThat(streams(
                                "streams: {a: {from: clickstream, arrivals: {jitter: true, bursts: {every: 10m, length: 20s, speed: 8}}}}")
                        .get(0)
                        .definition()
                        .arrivals())
                .isEqualTo(new Arrivals(
                        new Bursts(Duration.ofMinutes(10), Duration.ofSeconds(20), new BigDecimal("8.0")), true));
    }
}
