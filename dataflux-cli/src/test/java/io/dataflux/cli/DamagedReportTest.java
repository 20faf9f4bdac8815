package io.dataflux.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import io.dataflux.DataFlux;
import io.dataflux.Run;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever one value of a report was made of, everything that reads reports says so in a sentence, or does without it. */
class DamagedReportTest {

    private static final String ONE = "0000000a";
    private static final String TWO = "0000000b";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What can be wrong with a value. */
    enum Damage {
        MISSING,
        NULL,
        OTHER_TYPE,
        NEGATIVE,
        HUGE,
        DEEP,
        TOO_DEEP;

        /** The value instead of another one; empty if there is none. */
        Optional<JsonNode> of(JsonNode value) {
            JsonNodeFactory make = JsonNodeFactory.instance;
            return switch (this) {
                case MISSING -> Optional.of(make.missingNode());
                case NULL -> Optional.of(make.nullNode());
                case OTHER_TYPE -> Optional.of(value.isTextual() ? make.booleanNode(true) : make.textNode("x"));
                case NEGATIVE -> value.isNumber() ? Optional.of(make.numberNode(-1)) : Optional.empty();
                case HUGE ->
                    value.isNumber()
                            ? Optional.of(make.numberNode(BigInteger.TEN.pow(400)))
                            : value.isTextual() ? Optional.of(make.textNode("9".repeat(10_000))) : Optional.empty();
                case DEEP -> Optional.of(make.rawValueNode(nested(900)));
                case TOO_DEEP -> Optional.of(make.rawValueNode(nested(5_000)));
            };
        }

        private static RawValue nested(int levels) {
            return new RawValue("[".repeat(levels) + "]".repeat(levels));
        }
    }

    @TempDir
    Path folder;

    private Path config;
    private Path report;
    private String whole = "";

    /** Two runs, of which one was touched. */
    @BeforeEach
    void runBoth() throws Exception {
        Path out = folder.resolve("out");
        config = Files.writeString(folder.resolve("run.yaml"), """
                seed: 3
                limits: {events: 30}
                events_per_second: {ramp: [20000/s, 40000/s], over: 1s}
                speed: max
                streams:
                  clicks:
                    key: {entity: "user_{}", count: 2, shards: 2}
                    identity: id
                    fields: {id: {id: "click_{}"}, at: {time: event}, page: {words: [home, cart, help]}}
                    faults: {late: {share: 50%%, by: [1ms, 2ms]}}
                sinks: {lake: {type: file}}
                output: {dir: "%s"}
                """.formatted(out));
        for (String tag : List.of(ONE, TWO)) {
            try (Run run = DataFlux.plan(config, Map.of("tag", tag), Map.of()).start()) { // order never seen
                run.pause();
                run.resume();
                run.await();
            }
        }
        report = out.resolve(TWO).resolve("report.json");
        whole = Files.readString(report);
    }

    private List<Called> readers() {
        String out = folder.resolve("out").toString();
        return List.of(
                Called.with("diff", ONE, TWO, "-o", out),
                Called.with("report", "--tag", TWO, "-o", out),
                Called.with("verify", config.toString(), "--tag", TWO),
                Called.with("runs", "-o", out));
    }

    @ParameterizedTest
    @EnumSource(Damage.class)
    void eachValueOfAReport(Damage damage) throws Exception {
        assertThat(readers()).as("undamaged").allMatch(called -> called.code() == 0);
        List<JsonPointer> places = new ArrayList<>();
        places(JSON.readTree(whole), JsonPointer.empty(), places);
        assertThat(places).hasSizeGreaterThan(70);
        int refused = 0;
        for (JsonPointer place : places) {
            if (!damage(place, damage)) {
                continue;
            }
            List<Called> readers = readers();
            for (Called called : readers) {
                String said = damage + " " + place + ": " + called.words();
                assertThat(called.code()).as(said).isBetween(0, 2);
                assertThat(called.words()).as(said).doesNotContain("\tat ", "Exception", "defect");
                if (called.code() == 2) {
                    assertThat(called.words().strip().lines().count()).as(said).isLessThanOrEqualTo(2);
                }
            }
            assertThat(readers.get(3).code()).as("runs, %s %s", damage, place).isZero();
            refused += readers.get(0).code() == 2 ? 1 : 0;
            if (damage == Damage.OTHER_TYPE || damage == Damage.DEEP || damage == Damage.TOO_DEEP) {
                boolean read = !place.toString().matches(".*/shards/\\d+/(from|to)"); // which the ranges say as well
                assertThat(readers.subList(0, 3)).as(damage + " " + place).allMatch(its -> its.code() == 2 || !read);
            }
        }
        assertThat(refused).as("refused of " + places.size()).isPositive();
    }

    private static void places(JsonNode node, JsonPointer place, List<JsonPointer> places) {
        node.properties().forEach(field -> {
            places.add(place.appendProperty(field.getKey()));
            places(field.getValue(), place.appendProperty(field.getKey()), places);
        });
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            places.add(place.appendIndex(i));
            places(node.get(i), place.appendIndex(i), places);
        }
    }

    /** Writes the report with one other value; says whether there is such a value. */
    private boolean damage(JsonPointer place, Damage damage) throws IOException {
        JsonNode root = JSON.readTree(whole);
        Optional<JsonNode> other = damage.of(root.at(place));
        if (other.isEmpty()) {
            return false;
        }
        String name = place.last().getMatchingProperty();
        JsonNode parent = root.at(place.head());
        if (parent instanceof ArrayNode array) {
            int index = place.last().getMatchingIndex();
            if (damage == Damage.MISSING) {
                array.remove(index);
            } else {
                array.set(index, other.get());
            }
        } else if (damage == Damage.MISSING) {
            ((ObjectNode) parent).remove(name);
        } else {
            ((ObjectNode) parent).set(name, other.get());
        }
        Files.writeString(report, JSON.writeValueAsString(root));
        return true;
    }
}
