package io.dataflux.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.dataflux.ConfigurationException;
import io.dataflux.DataFlux;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A number of 80,000 digits is refused at once wherever a number can be written, and no message repeats it. */
class LongNumbersTest {

    private static final String DIGITS = "7".repeat(80_000);
    private static final String SINK = "\nsinks: {all: {type: mock}}\n";

    @TempDir
    Path folder;

    private String refused(String config, Map<String, String> flags, Map<String, String> environment)
            throws IOException {
        Path file = Files.writeString(folder.resolve(config.startsWith("{\"") ? "run.json" : "run.yaml"), config);
        ConfigurationException refused =
                catchThrowableOfType(ConfigurationException.class, () -> DataFlux.plan(file, flags, environment));
        String start = config.substring(0, Math.min(60, config.length()));
        assertThat(refused).as(start).isNotNull();
        assertThat(refused.getMessage()).as(start).hasSizeLessThan(2_000);
        return refused.getMessage();
    }

    @Test
    void inEverySettingOfAFile() throws IOException {
        List<String> settings = new ArrayList<>();
        for (String key : List.of("seed", "speed", "events_per_second")) {
            settings.add(key + ": %s");
        }
        settings.add("limits: {events: %s}");
        settings.add("limits: {bytes: %s}");
        settings.add("streams: {a: {from: clickstream, weight: %s}}");
        settings.add("streams: {a: {key: {entity: \"{}\", count: %s}, fields: {k: {key: text}}}}");
        settings.add("streams: {a: {key: {entity: \"{}\", count: 5, skew: %s}, fields: {k: {key: text}}}}");
        settings.add("streams: {a: {fields: {x: {constant: %s}}}}");
        settings.add("streams: {a: {fields: {x: {int: [0, %s]}}}}");
        settings.add("streams: {a: {fields: {x: {sequence: %s}}}}");
        settings.add("streams: {a: {fields: {x: {pick: {red: %s}}}}}");
        settings.add("regions: {eu: {weight: %s}}");
        for (String setting : settings) {
            for (String digits : List.of(DIGITS, "-" + DIGITS, DIGITS + ".5", "0." + DIGITS)) {
                assertThat(refused(setting.formatted(digits) + SINK, Map.of(), Map.of()))
                        .as(setting)
                        .contains("has more than 38 digits");
            }
            if (!setting.contains("constant")) { // which can be text
                refused(setting.formatted('"' + DIGITS + '"') + SINK, Map.of(), Map.of());
                refused(setting.formatted("\"${env:NUMBER}\"") + SINK, Map.of(), Map.of("NUMBER", DIGITS));
            }
        }
        for (String text : List.of(
                "limits: {time: %ss}",
                "limits: {bytes: %skB}",
                "events_per_second: \"%s/s\"",
                "start: now-%ss",
                "tag: \"%s\"",
                "streams: {a: {from: clickstream, faults: \"late %s%% by 8s\"}}",
                "streams: {a: {fields: {x: {constant: 1, nullable: %s%%}}}}",
                "streams: {a: {fields: {x: {decimal: [\"0\", \"%s\"]}}}}")) {
            refused(text.replace("%s", DIGITS).replace("%%", "%") + SINK, Map.of(), Map.of());
        }
        assertThat(refused(
                        "{\"seed\": " + DIGITS + ", \"sinks\": {\"all\": {\"type\": \"mock\"}}}", Map.of(), Map.of()))
                .contains("has more than 38 digits");
    }

    @Test
    void inEveryFlag() throws IOException {
        for (String flag : List.of("seed", "speed", "events", "for", "tag", "part", "start-at")) {
            assertThat(refused("seed: 1" + SINK, Map.of(flag, DIGITS), Map.of()))
                    .contains("--" + flag);
        }
    }

    @Test
    void thirtyEightDigitsAreANumber() {
        String most = "9".repeat(38);
        for (String number : List.of(most, "-" + most, "0." + most.substring(1), "-" + most.substring(1) + ".5")) {
            assertThat(PlainText.flaw(number)).isNull();
            assertThat(PlainText.type(number)).isNotEqualTo(PlainText.Type.TEXT);
        }
        assertThat(PlainText.isTooLong("9".repeat(41))).isTrue();
        assertThat(PlainText.type("9".repeat(41))).isEqualTo(PlainText.Type.TEXT);
        assertThat(PlainText.flaw("9".repeat(41))).contains("more than 38 digits");
    }
}
