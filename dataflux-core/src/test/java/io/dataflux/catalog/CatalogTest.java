package io.dataflux.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.dataflux.Event;
import io.dataflux.encode.CompiledStream;
import io.dataflux.model.StreamDefinition;
import io.dataflux.problem.Problems;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogTest {

    /** 100,000 events of each stream, 1,000,000 when thorough. */
    private static final int EVENTS = Boolean.getBoolean("dataflux.thorough") ? 1_000_000 : 100_000;

    private static final JsonFactory STRICT = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    static List<String> streams() {
        return Catalog.names();
    }

    static CompiledStream compile(StreamDefinition definition) {
        Problems problems = new Problems();
        CompiledStream stream = CompiledStream.compile(definition, 42, definition.name(), problems);
        problems.throwIfAny("the catalog");
        return stream;
    }

    @Test
    void listsFifteenStreamsInTheirOrder() {
        assertThat(Catalog.names())
                .containsExactly(
                        "video_logs",
                        "user_interactions",
                        "device_telemetry",
                        "recommendation_feedback",
                        "training_data",
                        "model_telemetry",
                        "ingest",
                        "parking",
                        "data_quality_alerts",
                        "system_metrics",
                        "clickstream",
                        "pageviews",
                        "cdc",
                        "cdc_debezium",
                        "iot");
    }

    @Test
    void knowsNoOtherStream() {
        assertThat(Catalog.definition("clickstreams")).isNull();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Catalog.summary("clickstreams"))
                .withMessageStartingWith(
                        "there is no built-in stream 'clickstreams'; the built-in streams are video_logs, ");
    }

    @ParameterizedTest
    @MethodSource("streams")
    void givesEachStreamItsNameASummaryAKeyAndAnIdentity(String name) {
        StreamDefinition definition = Catalog.definition(name);
        assertThat(definition.name()).isEqualTo(name);
        assertThat(Catalog.summary(name)).hasSizeBetween(20, 80).doesNotEndWith(".");
        assertThat(definition.key()).isNotNull();
        assertThat(definition.identity()).isNotEmpty();
    }

    @Test
    void leavesTheBodiesOfFixedFormatsAlone() {
        assertThat(fieldsOf("ingest")).containsExactly("sourceId", "timestamp", "payload");
        assertThat(fieldsOf("clickstream")).containsExactly("event_id", "timestamp", "user_id", "event_type", "data");
        assertThat(fieldsOf("pageviews")).containsExactly("event_id", "user_id", "url", "referrer", "ua", "ts");
        assertThat(fieldsOf("iot"))
                .containsExactly("device_id", "site", "temp_c", "humidity", "battery", "signal_strength", "ts");
        assertThat(Catalog.definition("ingest").identity()).containsExactly("sourceId", "timestamp");
        assertThat(Catalog.definition("iot").identity()).containsExactly("device_id", "ts");
    }

    @Test
    void givesTheSixStreamsOfTheFirstConfigurationTheirCommonFields() {
        for (String name : Catalog.names().subList(0, 6)) {
            assertThat(fieldsOf(name))
                    .startsWith("event_id", "user_id", "device_id", "timestamp", "stream")
                    .hasSizeGreaterThan(8);
        }
        assertThat(fieldsOf("device_telemetry")).hasSize(16);
    }

    private static List<String> fieldsOf(String name) {
        return List.copyOf(Catalog.definition(name).fields().keySet());
    }

    @ParameterizedTest
    @MethodSource("streams")
    void identifiesEveryEvent(String name) {
        CompiledStream stream = compile(Catalog.definition(name));
        Set<List<Object>> identities = new HashSet<>(EVENTS * 2);
        for (Event event : stream.events(0, EVENTS)) {
            List<Object> identity = event.identity();
            assertThat(identities.add(identity))
                    .as("%s of event %s is new", identity, event.sequence())
                    .isTrue();
            if (event.sequence() % 100 == 0) {
                assertThat(stream.sequenceOf(identity.toArray())).hasValue(event.sequence());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("streams")
    void findsFarEventsByTheirIdentity(String name) {
        CompiledStream stream = compile(Catalog.definition(name));
        for (long sequence = 1; sequence < stream.end() / 3; sequence = 3 * sequence + 1) {
            assertThat(stream.sequenceOf(stream.event(sequence).identity().toArray()))
                    .hasValue(sequence);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ingest", "iot"})
    void tellsReadingsOfASensorApartAlsoAtFiveThousandASecond(String name) {
        CompiledStream stream =
                compile(Catalog.definition(name).toBuilder().rate(5000, 1).build());
        Set<List<Object>> identities = new HashSet<>();
        for (Event event : stream.events(950_000, 1_050_000)) { // where the second readings begin
            assertThat(identities.add(event.identity())).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("streams")
    void writesEachEventAsOneStrictJsonObjectOfSensibleSize(String name) throws Exception {
        CompiledStream stream = compile(Catalog.definition(name));
        long bytes = 0;
        for (Event event : stream.events(0, EVENTS / 10)) {
            byte[] json = event.bytes();
            bytes += json.length;
            assertThat(json.length).isLessThanOrEqualTo(stream.maxEventBytes());
            try (JsonParser parser = STRICT.createParser(json)) {
                assertThat(parser.nextToken()).isEqualTo(JsonToken.START_OBJECT);
                parser.skipChildren();
                assertThat(parser.nextToken()).as("what follows the object").isNull();
            }
        }
        assertThat(bytes / (EVENTS / 10)).as("mean size of an event in bytes").isBetween(80L, 800L);
        assertThat(stream.maxEventBytes()).as("size of the largest event").isLessThan(1200);
    }

    @Test
    void keepsTheEventOfTheBenchmarksAtAbout370Bytes() {
        CompiledStream stream = compile(Catalog.definition("device_telemetry"));
        long bytes = 0;
        for (Event event : stream.events(0, 10_000)) {
            bytes += event.bytes().length;
        }
        assertThat(bytes / 10_000).isBetween(360L, 380L);
    }

    @Test
    void givesTheFieldsOfAnEventTheValuesOfItsBytes() throws Exception {
        var mapper = new com.fasterxml.jackson.databind.ObjectMapper();
        for (String name : Catalog.names()) {
            for (Event event : compile(Catalog.definition(name)).events(0, 200)) {
                Map<?, ?> parsed = mapper.readValue(event.bytes(), Map.class);
                for (String field : fieldsOf(name)) {
                    Object value = event.field(field);
                    if (value instanceof Number number) {
                        assertThat(((Number) parsed.get(field)).doubleValue())
                                .as(name + '.' + field)
                                .isEqualTo(number.doubleValue());
                    } else if (!(value instanceof Map)) {
                        assertThat(parsed.get(field)).as(name + '.' + field).isEqualTo(value);
                    }
                }
            }
        }
    }
}
