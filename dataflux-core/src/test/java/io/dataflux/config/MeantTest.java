package io.dataflux.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Numbers, times, sizes, shares, rates and fields as people and other programs write them lead to what to type, wherever they stand. */
class MeantTest {

    private static final String STREAM =
            "streams: {a: {key: {entity: \"u_{}\", count: 50}, fields: {id: {id: uuid}}}}\n";
    private static final String SINK = "sinks: {all: {type: mock}}\n";

    private static List<String> problems(String config) {
        Document document = Document.parse("run.yaml", config.getBytes(StandardCharsets.UTF_8));
        ConfigReader.read(document, Path.of(""), Overrides.NONE, Map.of(), Configurations.NOW, Configurations.TYPES);
        return document.problems().none()
                ? List.of()
                : document.problems().exception("run.yaml").problems().stream()
                        .map(problem -> problem.path() + ": " + problem.what())
                        .toList();
    }

    /** Each position has a # for the value; each value leads to another, which is right in its place. */
    private static void assertLead(List<String> positions, Map<String, String> meant) {
        for (String position : positions) {
            meant.forEach((typed, right) -> {
                assertThat(problems(position.replace("#", typed)))
                        .as(position.replace("#", typed))
                        .singleElement()
                        .satisfies(problem -> assertThat(problem)
                                .contains(typed.replace("\"", ""))
                                .contains("did you mean " + right + "?"));
                assertThat(problems(position.replace("#", right))).isEmpty();
            });
        }
    }

    private static String field(String field) {
        return "streams: {a: {fields: {id: {id: uuid}, x: " + field + "}}}\n" + SINK;
    }

    private static String stream(String setting) {
        return "streams: {a: {from: clickstream, " + setting + "}}\n" + SINK;
    }

    @Test
    void wholeNumbers() {
        assertLead(
                List.of(
                        "limits: {events: #}\n" + STREAM + SINK,
                        "streams: {a: {key: {entity: \"u_{}\", count: #}, fields: {id: {id: uuid}}}}\n" + SINK,
                        "seed: #\n" + STREAM + SINK),
                Map.of(
                        "5k",
                        "5000",
                        "10K",
                        "10000",
                        "2m",
                        "2000000",
                        "5x",
                        "5",
                        "1.5k",
                        "1500",
                        "3 million",
                        "3000000"));
        assertLead(
                List.of(field("{int: [1, #]}"), field("{decimal: [0, #]}"), field("{sequence: #}")),
                Map.of("5k", "5000", "50x", "50"));
        assertLead(
                List.of(
                        field("{list: {length: [1, #]}, of: {int: [1, 5]}}"),
                        field("{int: [1, 5], spread: {zipf: {skew: #}}}")),
                Map.of("4x", "4"));
        assertThat(problems("limits: {events: 50%}\n" + STREAM + SINK))
                .singleElement()
                .asString()
                .contains("did you mean 50?");
        assertThat(problems("limits: {events: \"1,000\"}\n" + STREAM + SINK))
                .singleElement()
                .asString()
                .contains("did you mean 1000?");
    }

    @Test
    void decimals() {
        assertLead(
                List.of(
                        "speed: #\n" + STREAM + SINK,
                        stream("weight: #"),
                        "regions: {eu: {weight: #}}\n" + STREAM + SINK),
                Map.of("2x", "2", "2 times", "2", "50%", "0.5", "1.5x", "1.5"));
        assertLead(List.of("events_per_second: #\n" + STREAM + SINK), Map.of("5k", "5000", "2x", "2"));
    }

    @Test
    void times() {
        Map<String, String> meant = new LinkedHashMap<>();
        meant.put("5 minutes", "5m");
        meant.put("5min", "5m");
        meant.put("5 m", "5m");
        meant.put("90 sec", "90s");
        meant.put("1h30m", "90m");
        meant.put("1.5h", "90m");
        meant.put("2 hours and 5 minutes", "125m");
        meant.put("PT5M", "5m");
        meant.put("1 hour", "1h");
        assertLead(
                List.of(
                        "limits: {time: #}\n" + STREAM + SINK,
                        stream("rate: {ramp: [1/s, 5/s], over: #}"),
                        stream("arrivals: {bursts: {every: 10h, length: #, speed: 3}}"),
                        stream("lateness: {share: 2%, by: [1s, #]}"),
                        "streams: {a: {key: {entity: \"u_{}\", count: 50}, sessions: {think: #, length: 3}, fields: {id: {id: uuid}}}}\n"
                                + SINK),
                meant);
        assertLead(List.of("lag_budget: #\n" + STREAM + SINK), Map.of("100 millis", "100ms", "1 second", "1s"));
    }

    @Test
    void sizes() {
        assertLead(
                List.of(
                        "limits: {bytes: #}\n" + STREAM + SINK,
                        "streams: {a: {max_event_bytes: #, fields: {id: {id: uuid}}}}\n" + SINK,
                        STREAM + "sinks: {all: {type: s3, bucket: b, part_size: #}}\n"),
                Map.of("10mb", "10MB", "10 megabytes", "10MB", "8M", "8MB", "6mib", "6MiB", "6000k", "6000kB"));
    }

    @Test
    void shares() {
        assertLead(
                List.of(
                        field("{int: [1, 5], nullable: #}"),
                        field("{bool: #}"),
                        stream("lateness: {share: #, by: [1s, 2s]}"),
                        stream("faults: {drop: #}"),
                        stream("faults: {drop: {share: #}}")),
                Map.of("5", "5%", "5 percent", "5%", "5pct", "5%"));
        assertLead(List.of(field("{int: [1, 5], absent: #}")), Map.of("0.1", "10%"));
    }

    @Test
    void rates() {
        assertLead(
                List.of(stream("rate: #"), stream("rate: {constant: #}")),
                Map.of(
                        "5", "5/s",
                        "5k/s", "5000/s",
                        "5 per second", "5/s",
                        "5/sec", "5/s",
                        "5 events/s", "5/s",
                        "100rps", "100/s",
                        "2x", "2/s",
                        "5/minute", "5/m",
                        "5 per hour", "5/h"));
        assertLead(List.of(stream("rate: {ramp: [#, 10/s], over: 5m}")), Map.of("5", "5/s", "1k/s", "1000/s"));
    }

    @Test
    void fields() {
        Map<String, String> meant = new LinkedHashMap<>();
        meant.put("uuid", "{id: uuid}");
        meant.put("string", "{text: \"[A-Z]{4}\"}");
        meant.put("integer", "{int: [1, 5]}");
        meant.put("timestamp", "{time: event}");
        meant.put("boolean", "{bool: 25%}");
        meant.put("number", "{int: [1, 5]}");
        for (String word : List.of("object", "array", "int", "decimal", "list", "bool")) {
            meant.put(word, "{");
        }
        meant.put("{type: string}", "{text: \"[A-Z]{4}\"}");
        meant.put("{type: string, format: uuid}", "{id: uuid}");
        meant.put("{type: string, format: date-time}", "{time: event}");
        meant.put("{type: string, enum: [a, b]}", "{pick: [...]}");
        meant.put("{type: integer, minimum: 1, maximum: 5}", "{int: [1, 5]}");
        meant.put("{type: boolean}", "{bool: 25%}");
        meant.put("{type: array, items: {type: string}}", "{list: {length: [1, 8]}, of: {int: [1, 5]}}");
        meant.put("{type: object, properties: {a: {type: string}}}", "{object: ");
        for (String place : List.of("#", "{object: {inner: #}}", "{list: {length: 2}, of: #}", "{per_key: #}")) {
            meant.forEach((typed, right) -> {
                String config = field(place.replace("#", typed));
                assertThat(problems(config))
                        .as(config)
                        .singleElement()
                        .satisfies(problem -> assertThat(problem).contains("write the field as " + right));
                if (right.endsWith("}") && !right.contains("...")) {
                    assertThat(problems(field(place.replace("#", right)))).isEmpty();
                }
            });
        }
    }
}
