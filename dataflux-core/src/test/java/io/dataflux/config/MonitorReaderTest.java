package io.dataflux.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.dataflux.ConfigurationException;
import io.dataflux.RunMonitor;
import io.dataflux.plan.RunCompiler;
import io.dataflux.plan.RunConfig;
import io.dataflux.spi.Settings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MonitorReaderTest {

    private static final String RUN = "streams: {iot: {}}\nsinks: {keep: {type: mock}}\n";
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    /** A monitor that has read its settings. */
    private record Read(long port, String token) implements RunMonitor {
        @Override
        public Watch watch(io.dataflux.WatchedRun run) {
            return report -> {};
        }
    }

    private record Page(String type) implements RunMonitor.Provider {
        @Override
        public RunMonitor configure(Settings settings) {
            return new Read(
                    settings.integer("port", 8000, 0, 65_535),
                    settings.secret("token").map(Settings.Secret::reveal).orElse(""));
        }

        @Override
        public Map<String, String> environment() {
            return Map.of("token", "DATAFLUX_TOKEN");
        }
    }

    private static RunConfig read(String yaml, Map<String, String> environment, String port, String... types) {
        Types known = new Types(
                Configurations.TYPES.sinks(),
                Configurations.TYPES.routers(),
                Configurations.TYPES.generators(),
                java.util.stream.Stream.of(types)
                        .map(type -> (RunMonitor.Provider) new Page(type))
                        .toList());
        Overrides flags = port == null ? Overrides.NONE : new Overrides(Map.of("monitor", port));
        return RunCompiler.compile(ConfigReader.read(
                Document.parse("config.yaml", (RUN + yaml).getBytes(StandardCharsets.UTF_8)),
                Path.of(""),
                flags,
                environment,
                NOW,
                known));
    }

    private static String complaint(String yaml, Map<String, String> environment, String port, String... types) {
        return catchThrowableOfType(ConfigurationException.class, () -> read(yaml, environment, port, types))
                .getMessage();
    }

    @Test
    void withoutASettingNothingWatches() {
        assertThat(read("", Map.of(), null, "page").monitors()).isEmpty();
    }

    @Test
    void thePageIsTheTypeThatNeedsNotBeWritten() {
        assertThat(read("monitor: {port: 9000}", Map.of(), null, "page", "own").monitors())
                .isEqualTo(List.of(new Read(9000, "")));
        assertThat(read("monitor: {}", Map.of(), null, "page").monitors()).isEqualTo(List.of(new Read(8000, "")));
        assertThat(read("monitor: {type: own, port: 1}", Map.of(), null, "page", "own")
                        .monitors())
                .isEqualTo(List.of(new Read(1, "")));
    }

    @Test
    void theFlagSetsThePortAndTheEnvironmentTheSecret() {
        assertThat(read("", Map.of(), "8123", "page").monitors()).isEqualTo(List.of(new Read(8123, "")));
        RunConfig config = read("monitor: {port: 1, token: a}", Map.of("DATAFLUX_TOKEN", "geheim"), "8123", "page");

        assertThat(config.monitors()).isEqualTo(List.of(new Read(8123, "geheim")));
        assertThat(config.origins())
                .contains("monitor.port = 8123 (--monitor)")
                .noneMatch(line -> line.contains("geheim"));
    }

    @Test
    void withoutTheJarTheMessageNamesIt() {
        assertThat(complaint("monitor: {port: 8000}", Map.of(), null))
                .isEqualTo(
                        "config.yaml: 1 problem\n  monitor.type (line 3): a run is watched by io.dataflux:dataflux-monitor,"
                                + " which is not on the class path; add its dependency (none is available)");
        assertThat(complaint("", Map.of(), "8000")).contains("io.dataflux:dataflux-monitor");
    }

    @Test
    void mistakesAreToldAsElsewhere() {
        assertThat(complaint("monitor: 8000", Map.of(), null, "page"))
                .isEqualTo("config.yaml: 1 problem\n  monitor (line 3): 8000 is not a map; write {port: 8000}");
        assertThat(complaint("monitor: {prot: 8000, port: x}", Map.of(), null, "page"))
                .contains("monitor.prot (line 3): unknown key; known here: type, port, token")
                .contains("monitor.port (line 3): 'x' is not a whole number");
        assertThat(complaint("monitor: {type: pgae}", Map.of(), null, "page"))
                .contains("monitor.type (line 3): 'pgae' is not a monitor type; did you mean 'page'?");
        assertThat(complaint("", Map.of(), "http", "page")).contains("--monitor: 'http' is not a whole number");
    }
}
