package io.dataflux.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.dataflux.ConfigurationException;
import io.dataflux.DataFlux;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The words of other programs lead to those of this one, in every place where they are written; and mistakes come all at once. */
class ForeignWordsTest {

    private static final String SINK = "sinks: {all: {type: mock}}\n";

    @TempDir
    Path folder;

    private String refused(String config) throws IOException {
        Path file = Files.writeString(folder.resolve("run.yaml"), config);
        ConfigurationException refused =
                catchThrowableOfType(ConfigurationException.class, () -> DataFlux.plan(file, Map.of(), Map.of()));
        assertThat(refused).as(config).isNotNull();
        return refused.getMessage();
    }

    @Test
    void eachLeadsToTheRightKey() throws IOException {
        Map<String, String> meant = new LinkedHashMap<>();
        meant.put("rate: 500\n" + SINK, "'events_per_second'");
        meant.put("throughput: 500\n" + SINK, "'events_per_second'");
        meant.put("duration: 10s\n" + SINK, "'limits: {time: 30s}'");
        meant.put("duration: 10s\nlimits: {events: 5}\n" + SINK, "'limits: {time: 30s}'");
        meant.put("count: 10\n" + SINK, "'limits: {events: 1000000}'");
        meant.put("limit: 10\n" + SINK, "'limits: {events: 1000000}'");
        meant.put("stdout: true\n" + SINK, "'sinks: {out: {type: console}}'");
        meant.put("topics: {}\n" + SINK, "'streams'");
        meant.put("limits: {duration: 10s}\n" + SINK, "'time'");
        meant.put("limits: {count: 10}\n" + SINK, "'events'");
        meant.put("sinks: {all: {type: stdout}}\n", "'console'");
        meant.put("sinks: {all: {type: noop}}\n", "'null'");
        meant.put("sinks: {all: {type: file, path: x}}\n", "'dir'");
        meant.put("streams: {a: {from: clickstream, throughput: 5}}\n" + SINK, "'rate'");
        Map<String, String> kinds = Map.ofEntries(
                Map.entry("range", "int: [1, 5]"),
                Map.entry("integer", "int: [1, 5]"),
                Map.entry("float", "decimal: [\"0.99\", \"199.99\"]"),
                Map.entry("uuid", "id: uuid"),
                Map.entry("regex", "text: \"[A-Z]{4}\""),
                Map.entry("string", "text: \"[A-Z]{4}\""),
                Map.entry("enum", "pick: [red, blue]"),
                Map.entry("choice", "pick: [red, blue]"),
                Map.entry("timestamp", "time: event"),
                Map.entry("datetime", "time: event"),
                Map.entry("boolean", "bool: 25%"),
                Map.entry("array", "list"),
                Map.entry("struct", "object"));
        kinds.forEach(
                (word, kind) -> meant.put("streams: {a: {fields: {x: {" + word + ": 1}}}}\n" + SINK, "'" + kind + "'"));
        for (Map.Entry<String, String> each : meant.entrySet()) {
            assertThat(refused(each.getKey()))
                    .contains("1 problem\n")
                    .contains("did you mean " + each.getValue() + "?");
        }
        for (String kind : kinds.values()) {
            if (kind.contains(":")) { // what is suggested can be pasted
                DataFlux.plan(
                        Files.writeString(
                                folder.resolve("good.yaml"), "streams: {a: {fields: {x: {" + kind + "}}}}\n" + SINK),
                        Map.of(),
                        Map.of());
            }
        }
    }

    @Test
    void noMistakeCausesAnotherMessage() throws IOException {
        assertThat(refused("regions: [eu, us]\nregion_sinks: {eu: [all], us: [all]}\n" + SINK))
                .contains(": 1 problem\n  regions (line 1): is a list; write a map of regions");
        assertThat(refused("regions: {}\nregion_sinks: {eu: [all]}\n" + SINK)).contains(": 1 problem\n  regions ");
        assertThat(refused("region_sinks: {default: [al]}\n" + SINK))
                .contains(": 1 problem\n")
                .contains("did you mean 'all'?");
    }

    @Test
    void mistakesOfAllKindsComeAtOnce() throws IOException {
        String all = refused("""
                speed: max
                backfill: true
                duration: 5s
                streams:
                  a: {weight: -1, fields: {t: {template: "{nothing}"}}}
                  b: {rate: fast, fields: {t: {copy: nowhere}}}
                  c: {from: clickstraem}
                regions: {eu: {weight: heavy}}
                region_sinks: {us: [al]}
                sinks: {all: {type: mock, colour: red}}
                """);
        for (String path : new String[] {
            "speed (line 1)",
            "duration (line 3)",
            "streams.a.weight",
            "streams.a.fields.t",
            "streams.b.rate",
            "streams.b.fields.t",
            "streams.c.from",
            "regions.eu.weight",
            "region_sinks.us",
            "sinks.all.colour"
        }) {
            assertThat(all).contains("\n  " + path);
        }
    }

    @Test
    void aPlanSaysFirstThatItIsValidAndItsWarningsLast() throws IOException {
        Path file = folder.resolve("run.yaml");
        String good =
                DataFlux.plan(Files.writeString(file, SINK), Map.of(), Map.of()).describe();
        assertThat(good).startsWith(file + ": valid\n").doesNotContain("WARNING");

        String warned = DataFlux.plan(
                        Files.writeString(
                                file,
                                "streams: {a: {key: {entity: \"{}\", count: 2}, identity: [k, t], fields: {k: {key: text},"
                                        + " t: {time: event, format: iso_seconds}}}}\nlimits: {events: 100}\n" + SINK),
                        Map.of(),
                        Map.of())
                .describe();
        assertThat(warned).startsWith(file + ": valid, with 1 warning (at the end)\n");
        assertThat(warned.lines().reduce((a, b) -> b).orElseThrow()).startsWith("  WARNING streams.a.identity: ");
    }
}
