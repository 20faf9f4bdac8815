package io.dataflux.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.Run;
import io.dataflux.RunReport;
import io.dataflux.ledger.Ledger.SinkLedger;
import io.dataflux.ledger.Ledger.StreamLedger;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunMetricsTest {

    @TempDir
    Path folder;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final RunMetrics metrics = new RunMetrics();

    private double sum(String name, String... tags) {
        Collection<FunctionCounter> counters = registry.find(name).tags(tags).functionCounters();
        return counters.stream().mapToDouble(FunctionCounter::count).sum();
    }

    @Test
    void countersEndEqualToTheReport() throws Exception {
        metrics.bindTo(registry);
        RunReport report = Runs.plan(folder, "limits: {events: 5000}\nspeed: max")
                .monitoredBy(metrics)
                .start()
                .await();

        for (SinkLedger sink : report.ledger().sinks()) {
            for (StreamLedger stream : sink.streams()) {
                String[] tags = {"sink", sink.name(), "stream", stream.name(), "run", report.tag()};
                assertThat(sum("dataflux.events.issued", tags)).isEqualTo((double) stream.issued());
                assertThat(registry.find("dataflux.events")
                                .tags(tags)
                                .tag("outcome", "acknowledged")
                                .functionCounters())
                        .hasSize(sink.name().equals("all") ? 3 : 1)
                        .satisfies(counters -> assertThat(counters.stream()
                                        .mapToDouble(FunctionCounter::count)
                                        .sum())
                                .isEqualTo((double) stream.acknowledged()));
            }
        }
        assertThat(sum("dataflux.acknowledged")).isEqualTo((double) report.bytes());
        assertThat(sum("dataflux.events", "outcome", "failed") + sum("dataflux.events", "outcome", "unknown"))
                .isZero();
        assertThat(sum("dataflux.batches", "sink", "all")).isPositive();
        assertThat(registry.get("dataflux.in.flight").tag("sink", "all").gauge().value())
                .isZero();
        assertThat(registry.get("dataflux.latency")
                        .tag("sink", "some")
                        .functionTimer()
                        .count())
                .isEqualTo((double) report.ledger().sinks().get(1).streams().stream()
                        .mapToLong(StreamLedger::acknowledged)
                        .sum());
        double p50 = percentile("50");
        assertThat(p50).isPositive().isLessThanOrEqualTo(percentile("90"));
        assertThat(percentile("99")).isLessThanOrEqualTo(percentile("99.9"));
        assertThat(percentile("99.9"))
                .isLessThanOrEqualTo(registry.get("dataflux.latency.max")
                        .tag("sink", "all")
                        .timeGauge()
                        .value(TimeUnit.SECONDS));
        assertThat(registry.get("dataflux.running").gauge().value()).isZero();
    }

    private double percentile(String percent) {
        return registry.get("dataflux.latency.percentile")
                .tag("sink", "all")
                .tag("percentile", percent)
                .timeGauge()
                .value(TimeUnit.SECONDS);
    }

    @Test
    void offeredAndAchievedRatesAreThoseOfTheRun() throws Exception {
        metrics.bindTo(registry);
        try (Run run = Runs.plan(folder, "events_per_second: 2000")
                .monitoredBy(metrics)
                .start()) {
            org.awaitility.Awaitility.await()
                    .untilAsserted(() -> assertThat(registry.get("dataflux.rate.achieved")
                                    .tag("sink", "all")
                                    .gauge()
                                    .value())
                            .isPositive());
            assertThat(registry.get("dataflux.rate.offered")
                            .tag("sink", "all")
                            .gauge()
                            .value())
                    .isBetween(1990.0, 2010.0);
            assertThat(registry.get("dataflux.rate.offered")
                            .tag("sink", "some")
                            .gauge()
                            .value())
                    .isBetween(700.0, 1300.0);
            assertThat(registry.get("dataflux.running")
                            .tag("run", run.tag())
                            .gauge()
                            .value())
                    .isEqualTo(1);
            run.stop();
        }
    }

    @Test
    void metersOfOldRunsAreRemoved() throws Exception {
        metrics.bindTo(registry);
        String first = "";
        for (int i = 0; i < 9; i++) {
            String tag = Runs.plan(folder, "limits: {events: 100}\nspeed: max")
                    .monitoredBy(metrics)
                    .start()
                    .await()
                    .tag();
            first = i == 0 ? tag : first;
        }
        assertThat(registry.find("dataflux.running").gauges()).hasSize(8);
        assertThat(registry.find("dataflux.events").tag("run", first).functionCounters())
                .isEmpty();
    }

    @Test
    void aRegistryThatComesLaterGetsAll() throws Exception {
        RunReport report = Runs.plan(folder, "limits: {events: 500}\nspeed: max")
                .monitoredBy(metrics)
                .start()
                .await();
        metrics.bindTo(registry);
        assertThat(sum("dataflux.events", "outcome", "acknowledged")).isEqualTo((double) report.acknowledged());
    }

    /** 400 streams in 3 regions at 2 sinks: each stream, but all regions together. */
    @Test
    void manyCombinationsLeaveRegionsTogether() throws Exception {
        metrics.bindTo(registry);
        StringBuilder streams = new StringBuilder("streams:\n");
        for (int i = 0; i < 400; i++) {
            streams.append("  s").append(i).append(": {from: iot}\n");
        }
        String yaml = Runs.yaml(folder, "limits: {events: 2000}\nspeed: max");
        Path file = java.nio.file.Files.writeString(
                folder.resolve("many.yaml"),
                yaml.replaceAll("(?s)streams:\n.*regions: \\{eu", streams + "regions: {eu"));
        RunReport report =
                io.dataflux.DataFlux.plan(file).monitoredBy(metrics).start().await();

        assertThat(registry.find("dataflux.events").tag("region", "all").functionCounters())
                .hasSizeBetween(1200, 2400)
                .hasSize(registry.find("dataflux.events").functionCounters().size());
        assertThat(sum("dataflux.events", "outcome", "acknowledged")).isEqualTo((double) report.acknowledged());
    }
}
