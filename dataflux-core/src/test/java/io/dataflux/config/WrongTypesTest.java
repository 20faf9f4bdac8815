package io.dataflux.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dataflux.ConfigurationException.Problem;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Every value of small configurations that have between them every key of the schema is replaced by one of each type: whatever the schema
 * refuses is one problem, at its place, that shows the value and says what to do. Configurations are read, not planned.
 */
class WrongTypesTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SINK = "sinks: {all: {type: mock}}\n";
    private static final List<String> VALUES = List.of(
            "\"some words\"", "\"\"", "-7", "1.5", "true", "null", "[]", "[true]", "{}", "{\"some\": \"words\"}");

    private static List<String> documents() {
        List<String> documents = new ArrayList<>();
        documents.add("""
                seed: 4
                start: 2025-01-01T00:00:00Z
                events_per_second: 5
                speed: 2
                limits: {events: 5, time: 5s, bytes: 5kB}
                streams: {a: {from: clickstream, weight: 2}}
                regions: {eu: {weight: 2}, us: {weight: 1}}
                routing: {type: sticky}
                region_sinks: {eu: [all], default: all}
                output: {dir: out}
                tag: "5f3a90c1"
                lag_budget: 1s
                thresholds:
                  {p50: 5ms, p99: 50ms, max: 5s, achieved: 95%, lost: 0, pending: 1, duplicate: 5, reordered: 5, corrupted: 5, foreign: 5,
                   phantom: 5, misrouted: 5, resurrected: 5}
                actions: [{name: kill, after: 5 events, exec: [kill, worker], timeout: 5s}, {name: start, at: 5s, exec: start}]
                sinks: {all: {type: mock, lanes: 1, on_failure: stop}}
                """);
        documents.add("""
                backfill: true
                routing: {field: country, map: {SE: eu}}
                regions: {eu: {weight: 1}}
                streams: {a: {fields: {id: {id: uuid}, country: {constant: SE}}}}
                sinks: {all: {type: mock}}
                """);
        for (String head : List.of(
                "key: {entity: \"u_{}\", count: 50, skew: 1, shards: 4, spread: 2}, identity: id, max_event_bytes: 64KiB, rate: 5/s",
                "identity: [id], rate: {constant: 5/s, daily: {\"08:00\": 1}, weekly: {mon: 1, tue: 1, wed: 1, thu: 1, fri: 1, sat: 0.5, sun: 0}, warp: 24}",
                "rate: {steps: [1/s, 5/s], each: 5s, repeat: true}",
                "rate: {ramp: [1/s, 5/s], over: 5m}",
                "rate: {sum: [5/s, {constant: 5/s}]}",
                "arrivals: {jitter: true, bursts: {every: 10m, length: 20s, speed: 8}}",
                "lateness: {share: 2%, by: [8s, 5m], spread: exponential, mean: 20s}",
                "faults: {late: {share: 2%, by: [8s, 5m], spread: uniform}, duplicate: {share: 1%, within: 200}, drop: 1%,"
                        + " reorder: {share: 1%, within: 50}, corrupt: {share: 1%, kinds: [truncated], oversize: 64KiB}, block: 1024, regions: {eu: {drop: 1%}}}",
                "key: {entity: \"u_{}\", count: 5}, sessions: {think: 20s, length: [1, 12], begin: fresh}",
                "key: {entity: \"u_{}\", count: 5}, sessions: {think: {at_most: 20s}, length: {geometric: 0.5, min: 1, max: 9}}",
                "key: {entity: \"u_{}\", count: 5}, sessions: {think: 20s, start: {b: 1}, states: {b: {c: 1, leave: 1}, c: leave}}",
                "key: {entity: \"u_{}\", count: 5}, table: {lives: 5, columns: {id: {key: text}, name: {constant: x, changes_every: 3}}}")) {
            documents.add("streams: {a: {" + head + ", fields: {id: {id: uuid}}}}\n" + SINK);
        }
        documents.add("streams: {a: {generator: {type: steps, step: 10}}}\n" + SINK);
        Set<String> fields = new LinkedHashSet<>();
        FieldKind.ALL.forEach(kind -> fields.addAll(kind.examples()));
        fields.add("{int: [1, 5], nullable: 5%, absent: 5%, as: text}");
        fields.add("{int: [1, 5], spread: {normal: {mean: 3, deviation: 1}}}");
        fields.add("{int: [1, 5], spread: {lognormal: {median: 3, sigma: 1}}}");
        fields.add("{int: [1, 5], spread: {exponential: {mean: 3}}}");
        fields.add("{int: [1, 5], spread: {zipf: {skew: 1.1}}}");
        fields.add("{int: [1, 5], spread: {histogram: {3: 5, 5: 20}}}");
        fields.add("{int: [1, 5], spread: {weighted: {1: 5, 2: 1}}}");
        fields.add("{decimal: [0, 5], scale: 2}");
        fields.add("{time: event, format: iso_millis}");
        fields.add("{id: long, number: true}");
        fields.add("{faker: \"#{name.fullName}\", pool: 50}");
        fields.forEach(field -> documents.add("streams: {a: {fields: {x: " + field + "}}}\n" + SINK));
        return documents;
    }

    private static List<Problem> problems(String document) {
        Document read = Document.parse("run.yaml", document.getBytes(StandardCharsets.UTF_8));
        ConfigReader.read(read, Path.of(""), Overrides.NONE, Map.of(), Configurations.NOW, Configurations.TYPES);
        return read.problems().none()
                ? List.of()
                : read.problems().exception("run.yaml").problems();
    }

    private static JsonNode tree(String document) {
        return Schema.json(Document.parse("run.yaml", document.getBytes(StandardCharsets.UTF_8))
                .root());
    }

    @Test
    void eachWrongValueIsOneProblemThatNamesIt() throws Exception {
        List<String> failures = new ArrayList<>();
        int wrong = 0;
        for (String document : documents()) {
            assertThat(problems(document)).as(document).isEmpty();
            JsonNode whole = tree(document);
            for (List<String> at : places(whole)) {
                for (String value : VALUES) {
                    if (value.length() > 2
                            && value.startsWith("{")
                            && whole.at("/" + String.join("/", at)).isObject()) {
                        continue; // the right type
                    }
                    String changed = with(whole, at, JSON.readTree(value)).toString();
                    List<Problem> problems = problems(changed);
                    wrong += problems.isEmpty() ? 0 : 1;
                    if (problems.isEmpty()) {
                        if (!Schema.errors(changed.getBytes(StandardCharsets.UTF_8))
                                .isEmpty()) {
                            failures.add(at + " = " + value + " is taken, but not by the schema");
                        }
                    } else if (problems.size() > 1 && !isMap(value, problems)) {
                        failures.add(at + " = " + value + " -> " + problems);
                    } else if (!isGood(at, value, problems.get(0))) {
                        failures.add(at + " = " + value + " -> " + problems.get(0));
                    }
                }
            }
        }
        assertThat(String.join("\n", failures)).isEmpty();
        assertThat(wrong).isGreaterThan(1000);
    }

    /** A map can lack several keys, and have one too many. */
    private static boolean isMap(String value, List<Problem> problems) {
        return value.startsWith("{")
                && problems.stream().allMatch(problem -> problem.what().matches("(?s)(is missing|unknown key).*"));
    }

    private static boolean isGood(List<String> at, String value, Problem problem) {
        String path = String.join(".", at);
        String its = problem.path().replace("[", ".").replace("]", "").replace("\"", "");
        String bare = value.replace("\"", "");
        boolean near = its.startsWith(path) || path.startsWith(its);
        boolean shown = problem.what().contains(bare)
                || bare.equals("null") && problem.what().contains("no value")
                || value.startsWith("[") && problem.what().matches("(?s).*(list|has (\\d|nothing)|is empty|true).*")
                || value.startsWith("{")
                        && problem.what()
                                .matches(
                                        "(?s).*(map|has \\d|has no|is missing|some|words|leads nowhere|is empty|is not a spread).*")
                || problem.path().endsWith(".some")
                || problem.what().startsWith("****"); // it could be a secret
        return near && shown && problem.what().matches("(?s).*[;,(].+");
    }

    /** The ways to all values, from the outside in. */
    private static List<List<String>> places(JsonNode node) {
        List<List<String>> places = new ArrayList<>();
        places(node, List.of(), places);
        return places;
    }

    private static void places(JsonNode node, List<String> to, List<List<String>> places) {
        if (!to.isEmpty()) {
            places.add(to);
        }
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            names.add(String.valueOf(i));
        }
        for (String name : names) {
            List<String> further = new ArrayList<>(to);
            further.add(name);
            places(node.isArray() ? node.get(Integer.parseInt(name)) : node.get(name), further, places);
        }
    }

    private static JsonNode with(JsonNode whole, List<String> at, JsonNode value) {
        JsonNode copy = whole.deepCopy();
        JsonNode parent = copy;
        for (String step : at.subList(0, at.size() - 1)) {
            parent = parent.isArray() ? parent.get(Integer.parseInt(step)) : parent.get(step);
        }
        String last = at.get(at.size() - 1);
        if (parent instanceof ArrayNode list) {
            list.set(Integer.parseInt(last), value);
        } else {
            ((ObjectNode) parent).set(last, value);
        }
        return copy;
    }

    @Test
    void everyKeyOfTheSchemaIsInOneOfTheDocuments() {
        Set<String> known = new TreeSet<>();
        keys(Schema.json().path("$defs"), known);
        Schema.json().path("properties").fieldNames().forEachRemaining(known::add);
        keys(Schema.json().path("properties").path("thresholds"), known);
        known.remove("monitor"); // whose types come from other modules
        Set<String> used = new TreeSet<>();
        documents().forEach(document -> places(tree(document)).forEach(used::addAll));
        known.removeAll(used);
        assertThat(known).isEmpty();
    }

    private static void keys(JsonNode schema, Set<String> keys) {
        schema.path("properties").fieldNames().forEachRemaining(keys::add);
        schema.forEach(each -> keys(each, keys));
    }
}
