package io.dataflux.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.ConfigurationException;
import io.dataflux.DataFlux;
import io.dataflux.Plan;
import io.dataflux.RunReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs can start at any time of the years 1 to 9999, with any limit, and at a time that counts from now. */
class StartsTest {

    @TempDir
    Path folder;

    private Plan plan(String start, String limit) throws IOException {
        return DataFlux.plan(
                Files.writeString(folder.resolve("run.yaml"), """
                start: %s
                limits: {%s}
                speed: max
                streams: {clicks: {from: clickstream}, cdc: {from: cdc, weight: 2}}
                sinks: {lake: {type: file}}
                output: {dir: '%s'}
                """.formatted(start, limit, folder.resolve("out"))));
    }

    @Test
    void everyYearHasEveryLimit() throws Exception {
        for (String start : List.of(
                "0001-01-01T00:00:00Z",
                "1066-10-14T09:00:00.001Z",
                "1969-12-31T23:59:59.999999999Z",
                "1970-01-01T00:00:00Z",
                "9999-12-30T00:00:00Z",
                "now",
                "now-1d")) {
            for (String limit : List.of("events: 600", "time: 200ms", "bytes: 100kB")) {
                Plan plan = plan(start, limit);
                RunReport report = plan.start().await();

                assertThat(report.delivered()).as("%s %s", start, limit).isTrue();
                assertThat(report.issued()).as("%s %s", start, limit).isBetween(100L, 1100L);
                assertThat(plan.verify("lake", report.ledger(), UnaryOperator.identity())
                                .clean())
                        .isTrue();
            }
        }
    }

    @Test
    void aStartCanCountFromNow() throws Exception {
        Map<String, Duration> spans = Map.of(
                "now", Duration.ZERO,
                "now-1d", Duration.ofDays(-1),
                "now+2h", Duration.ofHours(2),
                "now-90s", Duration.ofSeconds(-90),
                "now+15m", Duration.ofMinutes(15),
                "now-500ms", Duration.ofMillis(-500));
        for (Map.Entry<String, Duration> span : spans.entrySet()) {
            Instant before = Instant.now();
            Instant start =
                    plan(span.getKey(), "events: 1").streams().get(0).event(0).time();
            assertThat(start.minus(span.getValue())).as(span.getKey()).isBetween(before.minusMillis(1), Instant.now());
        }
        for (String wrong : List.of("now-", "now+1", "now 1d", "nowadays", "now-1w", "now--1d", "yesterday", "-1d")) {
            assertThatThrownBy(() -> plan("\"" + wrong + "\"", "events: 1"))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageEndingWith("\"" + wrong + "\" is not an instant; write an instant such as"
                            + " 2025-01-01T00:00:00Z, or now, now-1d or now+2h (s, m, h, d)");
        }
        assertThatThrownBy(() -> plan("now-1000000d", "events: 1")).hasMessageContaining("is out of range");
    }
}
