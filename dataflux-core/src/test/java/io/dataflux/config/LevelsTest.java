package io.dataflux.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.ConfigurationException;
import io.dataflux.DataFlux;
import io.dataflux.EventStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How deep an event can be is counted in its own levels, whatever its definition needs for them. */
class LevelsTest {

    /** Ways to write one level of an event in YAML; # stands for the fields within it. */
    private static final Map<String, String> WAYS = Map.of(
            "object", "{a: {object: #}}",
            "when", "{a: {when: {field: b, is: {x: {object: #}}}}}",
            "whens", "{a: {when: {field: b, is: {x: {when: {field: b, is: {x: {object: #}}}}}}}}",
            "list", "{a: {list: {length: 1}, of: #}}",
            "list_object", "{a: {list: {length: 1}, of: {object: #}}}",
            "list_when", "{a: {list: {length: 1}, of: {when: {field: b, is: {x: {object: #}}}}}}");

    private static final int MOST_LISTS = 5;

    @TempDir
    Path folder;

    private EventStream stream(String way, int levels) throws IOException {
        String fields = "{end: {constant: 1}}";
        for (int level = levels - 1; level > 0; level--) {
            String fits = way.startsWith("list") && level > MOST_LISTS ? "object" : way;
            fields = WAYS.get(fits).replace("#", fields);
        }
        fields = "{b: {constant: x}, " + fields.substring(1);
        Path file = folder.resolve("deep.yaml");
        Files.writeString(file, "{streams: {s: {fields: " + fields + "}}, sinks: {keep: {type: mock}}}");
        return DataFlux.streams(file, Map.of(), Map.of()).get(0);
    }

    @ParameterizedTest
    @CsvSource({"object", "when", "whens", "list", "list_object", "list_when"})
    void anEventHasTwentyLevels(String way) throws IOException {
        String event = new String(stream(way, 20).event(0).bytes(), StandardCharsets.UTF_8);
        assertThat(event.split("\"a\":", -1)).hasSize(20);
        assertThat(event).contains("\"end\":1");

        assertThatThrownBy(() -> stream(way, 21))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("is level 21 of the event, which has at most 20; move these fields further out");
    }

    @Test
    void shallowerEventsAreAllowedInEveryWay() {
        assertThat(WAYS.keySet())
                .allSatisfy(way -> IntStream.rangeClosed(2, 19).forEach(levels -> {
                    try {
                        assertThat(stream(way, levels).event(0).bytes()).isNotEmpty();
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                }));
    }
}
