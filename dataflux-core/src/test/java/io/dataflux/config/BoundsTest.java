package io.dataflux.config;

import static io.dataflux.config.Configurations.complaint;
import static io.dataflux.config.Configurations.read;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.dataflux.encode.CompiledStream;
import io.dataflux.model.Faults;
import io.dataflux.model.Key;
import io.dataflux.model.Kind;
import io.dataflux.model.Sessions;
import io.dataflux.model.Table;
import io.dataflux.plan.RunConfig;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each bound is kept once: the model has it, files and code are refused by it, messages name it, and the JSON Schema repeats it. */
class BoundsTest {

    private static final String SINK = "sinks: {keep: {type: mock}}\n";
    private static final NumberRange SHARE = range(0, 1);

    /** By the names that lead to it in the schema. */
    private static final Map<String, NumberRange> BOUNDS = Map.ofEntries(
            entry("events_per_second", NumberRange.RATE),
            entry("speed", NumberRange.SPEED),
            entry("weight", NumberRange.WEIGHT),
            entry("factor", NumberRange.FACTOR),
            entry("rate.warp", NumberRange.WARP),
            entry("arrivals.bursts.speed", NumberRange.BURST),
            entry("part", SHARE),
            entry("faults.late", SHARE),
            entry("faults.duplicate", SHARE),
            entry("faults.drop", SHARE),
            entry("faults.reorder", SHARE),
            entry("faults.corrupt", SHARE),
            entry("faults.duplicate.within", range(1, Faults.LARGEST_WITHIN)),
            entry("faults.reorder.within", range(1, Faults.LARGEST_WITHIN)),
            entry("faults.block", range(Faults.SMALLEST_BLOCK, Faults.LARGEST_BLOCK)),
            entry("key.count", range(1, Key.MOST_ENTITIES)),
            entry("key.skew", NumberRange.SKEW),
            entry("key.shards", range(1, Key.MOST_SHARDS)),
            entry("key.spread", range(1, Key.MOST_SPREAD)),
            entry("length", range(0, Kind.ListOf.MOST_ELEMENTS)),
            entry("length.items", range(0, Kind.ListOf.MOST_ELEMENTS)),
            entry("length.min", range(0, Kind.ListOf.MOST_ELEMENTS)),
            entry("length.max", range(0, Kind.ListOf.MOST_ELEMENTS)),
            entry("length.geometric", NumberRange.GEOMETRIC),
            entry("sessions.length", range(1, Sessions.LONGEST)),
            entry("sessions.length.items", range(1, Sessions.LONGEST)),
            entry("sessions.length.min", range(1, Sessions.LONGEST)),
            entry("sessions.length.max", range(1, Sessions.LONGEST)),
            entry("table.lives", range(Table.LEAST_CHANGES, Table.MOST_CHANGES)),
            entry("table.lives.items", range(Table.LEAST_CHANGES, Table.MOST_CHANGES)),
            entry("table.lives.min", range(Table.LEAST_CHANGES, Table.MOST_CHANGES)),
            entry("table.lives.max", range(Table.LEAST_CHANGES, Table.MOST_CHANGES)),
            entry("transitions.additionalProperties", NumberRange.WEIGHT_OR_0),
            entry("column.changes_every", range(1, Table.Column.MOST_EVERY)),
            entry("spread.zipf.skew", NumberRange.ZIPF),
            entry("kind.scale", range(0, Kind.MOST_SCALE)),
            entry("kind.skew", NumberRange.SKEW),
            entry("kind.pool", range(1, Kind.Faker.MOST_POOL)));

    private static NumberRange range(long min, long max) {
        return new NumberRange(BigDecimal.valueOf(min), false, BigDecimal.valueOf(max), 0, "");
    }

    @Test
    void theSchemaHasTheBoundsOfTheModel() {
        Map<String, Set<String>> found = new TreeMap<>();
        collect(Schema.json(), "", found);

        Map<String, Set<String>> wanted = new TreeMap<>();
        BOUNDS.forEach((name, range) -> wanted.put(name, Set.of(text(range))));
        found.entrySet()
                .removeIf(bound ->
                        bound.getKey().contains("Sink.") && !bound.getKey().endsWith(".lanes"));
        found.entrySet()
                .removeIf(bound -> bound.getKey().endsWith("Sink.lanes")
                        && bound.getValue().equals(Set.of(text(range(1, Key.MOST_SHARDS)))));
        assertThat(found).isEqualTo(wanted);
        assertThat(Schema.json().at("/properties/streams/maxProperties").asInt())
                .isEqualTo(RunConfig.MOST_STREAMS);
    }

    /** Numbers with a largest value, by the names that lead there. */
    private static void collect(JsonNode node, String path, Map<String, Set<String>> found) {
        if (node.has("maximum")) {
            boolean above = node.has("exclusiveMinimum");
            String bounds = (above
                            ? "above "
                                    + node.get("exclusiveMinimum")
                                            .decimalValue()
                                            .toPlainString()
                            : "from " + node.get("minimum").decimalValue().toPlainString())
                    + " to " + node.get("maximum").decimalValue().toPlainString();
            found.computeIfAbsent(path.substring(1), name -> new TreeSet<>()).add(bounds);
        }
        node.properties().forEach(property -> {
            boolean word = Set.of("$defs", "properties", "anyOf", "oneOf").contains(property.getKey());
            collect(property.getValue(), word ? path : path + "." + property.getKey(), found);
        });
        if (node.isArray()) {
            node.forEach(each -> collect(each, path, found));
        }
    }

    private static String text(NumberRange range) {
        return (range.above() ? "above " : "from ") + range.min().toPlainString() + " to "
                + range.max().toPlainString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "key: {entity: 'u_{}', count: 281474976710657}         | whole number from 1 to 2^48",
                "key: {entity: 'u_{}', count: 9, skew: 10.5}           | number from 0 to 10,",
                "key: {entity: 'u_{}', count: 9, shards: 256}          | whole number from 1 to 255",
                "key: {entity: 'u_{}', count: 9, shards: 5000}         | whole number from 1 to 255",
                "key: {entity: 'u_{}', count: 9, spread: 17}           | whole number from 1 to 16",
                "sessions: {think: 1s, length: 257}                    | whole number from 1 to 256",
                "sessions: {think: 1s, length: 5000}                   | whole number from 1 to 256",
                "sessions: {think: 1s, length: [0, 5]}                 | whole number from 1 to 256",
                "sessions: {think: 1s, length: {geometric: 0.5, max: 300}} | whole number from 1 to 256",
                "sessions: {think: 31d, length: 5}                     | time from 1ms to 30d",
                "table: {lives: 1, columns: {a: {int: [1, 2]}}}        | whole number from 2 to 1000",
                "table: {lives: [2, 4000], columns: {a: {int: [1, 2]}}} | whole number from 2 to 1000",
                "lateness: {share: 1%, by: [0s, 3661d]}                | time from 0ms to 3660d",
                "arrivals: {bursts: {every: 367d, length: 1s, speed: 2}} | time from 1s to 366d",
                "arrivals: {bursts: {every: 10m, length: 1s, speed: 1}} | number above 1, at most 1000000,",
                "weight: 1000000001                                    | number above 0, at most 1000000000,",
            })
    void aValueBeyondABoundIsToldTheBound(String setting, String bounds) {
        assertThat(complaint(SINK + "streams: {orders: {fields: {id: {id: uuid}}, " + setting.strip() + "}}\n"))
                .contains("is out of range; write a ", bounds);
    }

    @ParameterizedTest
    @CsvSource({"0.0009, number from 0.001 to 1000000", "1000001, number from 0.001 to 1000000"})
    void theSpeedOfARunIsBoundedWhereItIsRead(String speed, String bounds) {
        assertThat(complaint(SINK + "speed: " + speed)).contains("speed (line 2): " + speed, bounds);
    }

    @Test
    void lanesAreAtMostTheShardsThatTheStreamsReallyHave() {
        String streams = "streams: {few: {key: {entity: 'u_{}', count: 1000, skew: 4}, fields: {k: {key: text}}}}\n";
        int shards = read(SINK + streams).streams().get(0).shards();

        assertThat(shards).isBetween(2, Key.DEFAULT_SHARDS - 1);
        assertThat(complaint("sinks: {keep: {type: mock, lanes: " + (shards + 1) + "}}\n" + streams))
                .contains("sinks.keep.lanes (line 1): " + (shards + 1)
                        + " is out of range; write a whole number from 1 to " + shards);
        assertThat(read("sinks: {keep: {type: mock, lanes: " + shards + "}}\n" + streams)
                        .sinks()
                        .get(0)
                        .lanes())
                .isEqualTo(shards);
    }

    @Test
    void aStreamAtItsBoundsCanBeMade() {
        CompiledStream stream = read(SINK + """
                start: 9999-12-31T12:00:00Z
                streams:
                  far: {key: {entity: 'u_{}', count: 281474976710656, shards: 255, spread: 16}, fields: {k: {key: text}}}
                """).streams().get(0);

        assertThat(stream.shards()).isEqualTo(Key.MOST_SHARDS);
        assertThat(stream.event(stream.end() - 1).time().toString()).startsWith("9999-12-31T23:59:59");
        assertThat(read(SINK
                                + "streams: {steep: {key: {entity: 'u_{}', count: 100, skew: 10}, fields: {k: {key: text}}}}\n")
                        .streams())
                .extracting(steep -> steep.definition().key().skew())
                .containsExactly(Key.MOST_SKEW);
    }
}
