package io.dataflux.config;

import static io.dataflux.config.Configurations.complaint;
import static io.dataflux.config.Configurations.read;
import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.Thresholds;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ThresholdsReaderTest {

    private static final String SINK = "sinks: {keep: {type: mock}}\n";

    @Test
    void allThatCanBeAsked() {
        assertThat(read(SINK + "thresholds: {p50: 20ms, p99: 200ms, max: 1s, achieved: 97.5%, lost: 0, duplicate: 10}")
                        .thresholds())
                .isEqualTo(new Thresholds(
                        Duration.ofMillis(20),
                        Duration.ofMillis(200),
                        Duration.ofSeconds(1),
                        0.975,
                        Map.of("lost", 0L, "duplicate", 10L)));
        assertThat(read(SINK).thresholds()).isEqualTo(Thresholds.NONE);
    }

    @ParameterizedTest
    @MethodSource("findings")
    void everyFindingHasItsWord(String finding) {
        assertThat(read(SINK + "thresholds: {" + finding + ": 3}").thresholds().findings())
                .isEqualTo(Map.of(finding, 3L));
    }

    static List<String> findings() {
        return Thresholds.FINDINGS;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "p99: 200 | thresholds.p99 (line 2): 200 has no unit",
                "p99: 0ms | thresholds.p99 (line 2): '0ms' is out of range",
                "achieved: 120% | thresholds.achieved (line 2): '120%' is not a share; write a share of the offered rate, such as 95%",
                "achieved: [1] | thresholds.achieved (line 2): ",
                "lost: -1 | thresholds.lost (line 2): ",
                "lost: few | thresholds.lost (line 2): ",
                "duplicates: 1 | thresholds.duplicates (line 2): unknown key; did you mean 'duplicate'?",
                "p95: 1s | thresholds.p95 (line 2): unknown key",
            })
    void mistakesAreToldWithTheirPlace(String text, String message) {
        assertThat(complaint(SINK + "thresholds: {" + text + "}"))
                .contains("1 problem")
                .contains(message);
    }

    @Test
    void withoutAPaceThereIsNoRateToAchieve() {
        assertThat(complaint(SINK + "speed: max\nthresholds: {p99: 1s, achieved: 95%}"))
                .contains("1 problem")
                .contains("thresholds.achieved (line 3): a run as fast as possible has no rate to achieve");
    }
}
