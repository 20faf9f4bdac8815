package io.dataflux.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.ConfigurationException;
import io.dataflux.DataFlux;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Any setting can be given by its path, and is then checked as if it were in the file. */
class SetValuesTest {

    @TempDir
    Path folder;

    private Path config;

    @BeforeEach
    void write() throws IOException {
        config = Files.writeString(folder.resolve("c.yaml"), """
                seed: 42
                limits: {events: 100, bytes: 1MB}
                streams: {clicks: {from: clickstream}, orders.v2: {from: pageviews, weight: 2}}
                regions: {eu: {weight: 1}}
                region_sinks: {eu: [keep]}
                sinks: {keep: {type: mock}}
                """);
    }

    private String described(String... settings) {
        return DataFlux.plan(config, flags(settings), Map.of()).describe();
    }

    private static Map<String, String> flags(String... settings) {
        Map<String, String> flags = new LinkedHashMap<>();
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            flags.put("set." + setting.substring(0, equals), setting.substring(equals + 1));
        }
        return flags;
    }

    private void refused(String message, String... settings) {
        assertThatThrownBy(() -> described(settings))
                .isExactlyInstanceOf(ConfigurationException.class)
                .hasMessageContaining(message)
                .message()
                .doesNotContain("(line ");
    }

    @Test
    void whatIsSetReplacesTheFileOrStandsBesideItAndIsNamedAsItsOrigin() {
        assertThat(described(
                        "limits.events=7",
                        "seed=9",
                        "speed=max",
                        "streams.orders.v2.weight=5",
                        "sinks.more={type: file, dir: \"here\"}",
                        "region_sinks.eu=[keep, more]",
                        "output.dir=there"))
                .contains(
                        "limits.events = 7 (--set)\n  limits.bytes = 1MB (line 2)",
                        "  seed = 9 (--set)",
                        "  speed = max (--set)",
                        "  streams.\"orders.v2\".weight = 5 (--set)",
                        "  sinks.more.dir = here (--set)",
                        "  sinks.more.lanes = 1 (default)",
                        "  region_sinks.eu = [keep, more] (--set)",
                        "  output.dir = there (--set)");
    }

    @Test
    void mistakesAreThoseOfTheFileAndNameTheFlag() {
        refused("--set limits.events: 'many' is not a whole number", "limits.events=many");
        refused(
                "--set streams.clicks.wieght: unknown key; did you mean 'weight'?",
                "streams.clicks.wieght=clickstream");
        refused("--set sinks.keep.type: 'mok' is not a sink type; did you mean 'mock'?", "sinks.keep.type=mok");
        refused("--set sinks.x.type: 'fil' is not a sink type", "sinks.x={type: fil}", "region_sinks.eu=[keep, x]");
        refused("--set region_sinks.eu[1]: there is no sink 'nosuch'", "region_sinks.eu=[keep, nosuch]");
        refused("--set seed.x: seed is a single value; set it as a whole: --set seed=...", "seed.x=3");
        refused("--set region_sinks.eu.a: region_sinks.eu is a list; set it as a whole", "region_sinks.eu.a=keep");
        refused("--set limits..events: is not the path of a setting", "limits..events=3");
        refused("--set sinks.x: 1 problem", "sinks.x={type: mock");
    }

    @Test
    void aSettingThatAFlagOfItsOwnAlsoGivesIsRefused() {
        for (Map.Entry<String, String> twice : Map.of(
                        "seed",
                        "seed",
                        "limits.events",
                        "events",
                        "limits.time",
                        "for",
                        "output.dir",
                        "output",
                        "speed",
                        "speed",
                        "tag",
                        "tag")
                .entrySet()) {
            Map<String, String> flags = flags(twice.getKey() + "=1");
            flags.put(twice.getValue(), "1");
            assertThatThrownBy(() -> DataFlux.plan(config, flags, Map.of()))
                    .hasMessageContaining("--set " + twice.getKey() + ": is also given by --" + twice.getValue()
                            + "; keep one of the two");
        }
    }

    @Test
    void aSecretIsNotShown() {
        assertThatThrownBy(() ->
                        described("sinks.keep.password=opensesame", "sinks.keep={type: mock, password: abracadabra}"))
                .message()
                .doesNotContain("opensesame", "abracadabra");
    }
}
