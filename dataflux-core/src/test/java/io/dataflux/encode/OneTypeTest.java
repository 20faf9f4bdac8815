package io.dataflux.encode;

import static io.dataflux.model.Fields.anyOf;
import static io.dataflux.model.Fields.bool;
import static io.dataflux.model.Fields.change;
import static io.dataflux.model.Fields.constant;
import static io.dataflux.model.Fields.copy;
import static io.dataflux.model.Fields.counter;
import static io.dataflux.model.Fields.decimal;
import static io.dataflux.model.Fields.faker;
import static io.dataflux.model.Fields.integer;
import static io.dataflux.model.Fields.key;
import static io.dataflux.model.Fields.keyNumber;
import static io.dataflux.model.Fields.linear;
import static io.dataflux.model.Fields.list;
import static io.dataflux.model.Fields.longId;
import static io.dataflux.model.Fields.object;
import static io.dataflux.model.Fields.occurrence;
import static io.dataflux.model.Fields.perKey;
import static io.dataflux.model.Fields.perSession;
import static io.dataflux.model.Fields.pick;
import static io.dataflux.model.Fields.sequence;
import static io.dataflux.model.Fields.session;
import static io.dataflux.model.Fields.smooth;
import static io.dataflux.model.Fields.template;
import static io.dataflux.model.Fields.text;
import static io.dataflux.model.Fields.time;
import static io.dataflux.model.Fields.total;
import static io.dataflux.model.Fields.uuid;
import static io.dataflux.model.Fields.visits;
import static io.dataflux.model.Fields.when;
import static io.dataflux.model.Fields.words;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import io.dataflux.Event;
import io.dataflux.model.Field;
import io.dataflux.model.Kind;
import io.dataflux.model.Kind.ChangePart;
import io.dataflux.model.Kind.SessionPart;
import io.dataflux.model.Kind.TimeFormat;
import io.dataflux.model.Sessions;
import io.dataflux.model.Spread;
import io.dataflux.model.StreamDefinition;
import io.dataflux.model.Table;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * A field has one JSON type in all its events, whatever its kind: numbers are numbers with all their digits, on both sides of the largest
 * that a double holds exactly, and with {@code asText()} they are text.
 */
class OneTypeTest {

    private static final long EXACT_IN_DOUBLES = 1L << 53;
    private static final int EVENTS = 300;

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    /** Fields by name, and those among them that are numbers. */
    private final Map<String, Field> fields = new LinkedHashMap<>();

    private final Set<String> numbers = new LinkedHashSet<>();

    private void number(String name, Field field) {
        fields.put(name, field);
        numbers.add(name);
        fields.put(name + "Text", field.asText());
        fields.put(name + "Seldom", field.nullable("20%").absent("20%").asText());
    }

    private void aroundTheLargestExactNumber() {
        for (long middle : List.of(EXACT_IN_DOUBLES, -EXACT_IN_DOUBLES)) {
            String at = middle > 0 ? "High" : "Low";
            for (int off = -2; off <= 2; off++) {
                number("constant" + at + (off + 2), constant(middle + off));
                number("decimalConstant" + at + (off + 2), constant(BigDecimal.valueOf(middle + off, 3)));
            }
            number("sequence" + at, sequence(middle - EVENTS / 2));
            number("occurrence" + at, occurrence(middle - 3));
            number("integer" + at, integer(middle - 2, middle + 2));
            number("beyond" + at, integer(middle + 1, middle + 1));
            number("spread" + at, integer(middle - 9, middle + 9, new Spread.Normal(null, null)));
            number("bounds" + at, integer("sequence" + at, middle + (1L << 41)));
            for (int scale : new int[] {0, 1, 9, 15}) {
                Kind.Bound low = Kind.Bound.of(BigDecimal.valueOf(middle - 2, scale));
                Kind.Bound high = Kind.Bound.of(BigDecimal.valueOf(middle + 2, scale));
                number("decimal" + at + scale, decimal(low, high, scale));
            }
            number("pick" + at, anyOf(middle - 1, middle, middle + 1, 0));
            number("decimalPick" + at, pick(middle + 1, 1, new BigDecimal("0.5"), 1));
            number("smooth" + at, smooth("" + (middle - 2), "" + (middle + 2), Duration.ofSeconds(1)));
            number("linear" + at, linear("sequence" + at, "1", "0", "0", "" + (middle - 99), "" + (middle + 99)));
            number("copy" + at, copy("sequence" + at));
            fields.put("copyOfText" + at, copy("sequence" + at + "Seldom").asText());
            number("perKey" + at, perKey(integer(middle - 2, middle + 2)));
            number("when" + at, when("side", "left", sequence(middle), "right", constant(middle + 1)));
            fields.put("list" + at, list(1, 3, integer(middle - 2, middle + 2)));
            fields.put("object" + at, object("in", integer(middle - 2, middle + 2)));
            fields.put("template" + at, template("{sequence" + at + "}"));
        }
        number("counter", counter("1000000/s"));
        number("keyNumber", keyNumber());
        number("longId", new Field(new Kind.LongId(true)));
        number("millis", time(TimeFormat.EPOCH_MILLIS));
        fields.put("side", anyOf("left", "right"));
        fields.put("uuid", uuid());
        fields.put("longText", longId());
        fields.put("iso", time());
        fields.put("bool", bool("50%").nullable("10%"));
        fields.put("words", words("w", List.of("1", "two"), "1"));
        fields.put("key", key());
        fields.put("text", text("[0-9]{1,3}"));
        fields.put("faker", faker("#{number.digits '3'}", 5));
    }

    @Test
    void everyKindHasOneTypeOnBothSidesOfTheLargestExactNumber() {
        aroundTheLargestExactNumber();
        StreamDefinition.Builder plain = StreamDefinition.named("plain").key("k{}", 20);
        fields.forEach(plain::field);
        check(plain);
        Set<Class<?>> seen = kinds();

        fields.clear();
        numbers.clear();
        number("total", total("amount"));
        number("amount", integer(1L << 40, 1L << 41));
        number("visits", visits("open"));
        number("number", session(SessionPart.NUMBER));
        number("step", session(SessionPart.STEP));
        number("pause", session(SessionPart.PAUSE));
        number("shared", perSession(integer(EXACT_IN_DOUBLES - 2, EXACT_IN_DOUBLES + 2)));
        fields.put("state", session(SessionPart.STATE));
        fields.put("id", session(SessionPart.ID));
        StreamDefinition.Builder talks = StreamDefinition.named("talks")
                .key("k{}", 20)
                .sessions(Sessions.thinkingAtMost(Duration.ofSeconds(1)).state("open", "open", 5, "leave", 1));
        fields.forEach(talks::field);
        check(talks);
        seen.addAll(kinds());

        fields.clear();
        numbers.clear();
        number("version", change(ChangePart.VERSION));
        for (ChangePart part : EnumSet.complementOf(EnumSet.of(ChangePart.VERSION))) {
            fields.put(part.name(), change(part));
        }
        StreamDefinition.Builder rows = StreamDefinition.named("rows")
                .key("k{}", 20)
                .table(Table.of()
                        .column("big", integer(EXACT_IN_DOUBLES - 2, EXACT_IN_DOUBLES + 2), 1)
                        .column(
                                "bigText",
                                integer(EXACT_IN_DOUBLES - 2, EXACT_IN_DOUBLES + 2)
                                        .asText(),
                                1)
                        .column("millisText", time(TimeFormat.EPOCH_MILLIS).asText(), 1));
        fields.forEach(rows::field);
        check(rows);
        seen.addAll(kinds());

        assertThat(seen).as("kinds that were walked").containsExactlyInAnyOrderElementsOf(records(Kind.class));
    }

    private Set<Class<?>> kinds() {
        Set<Class<?>> kinds = new LinkedHashSet<>();
        fields.values().forEach(field -> kinds.add(field.kind().getClass()));
        return kinds;
    }

    private static List<Class<?>> records(Class<?> type) {
        List<Class<?>> records = new ArrayList<>();
        for (Class<?> each : type.getPermittedSubclasses()) {
            records.addAll(each.isRecord() ? List.of(each) : records(each));
        }
        return records;
    }

    private void check(StreamDefinition.Builder definition) {
        CompiledStream stream = Checked.compiled(definition.build(), 7);
        Map<String, Set<JsonNodeType>> types = new LinkedHashMap<>();
        for (Event event : stream.events(0, EVENTS)) {
            JsonNode json = parsed(event.bytes());
            collect("", json, types);
            for (String name : numbers) {
                if (event.field(name) != null) {
                    assertThat(json.get(name).decimalValue()).as(name).isEqualByComparingTo(digits(event.field(name)));
                    assertThat(json.get(name + "Text").textValue())
                            .as(name)
                            .isEqualTo(digits(event.field(name + "Text")));
                }
            }
        }
        assertThat(types)
                .allSatisfy((path, ofPath) -> assertThat(ofPath).as(path).hasSize(1));
        for (String name : numbers) {
            assertThat(types.get(name)).as(name).containsExactly(JsonNodeType.NUMBER);
            assertThat(types.get(name + "Text")).as(name + "Text").containsExactly(JsonNodeType.STRING);
            assertThat(types.get(name + "Seldom")).as(name + "Seldom").containsExactly(JsonNodeType.STRING);
        }
    }

    private static String digits(Object number) {
        return number instanceof BigDecimal decimal ? decimal.toPlainString() : number.toString();
    }

    private static JsonNode parsed(byte[] bytes) {
        try {
            return JSON.readTree(bytes);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void collect(String path, JsonNode json, Map<String, Set<JsonNodeType>> types) {
        json.properties().forEach(member -> {
            JsonNode value = member.getValue();
            String at = path + member.getKey();
            if (!value.isNull()) {
                types.computeIfAbsent(at, p -> new LinkedHashSet<>()).add(value.getNodeType());
            }
            collect(at + ".", value, types);
            value.elements().forEachRemaining(element -> {
                if (value.isArray()) {
                    types.computeIfAbsent(at + "[]", p -> new LinkedHashSet<>()).add(element.getNodeType());
                }
            });
        });
    }

    @Test
    void onlyNumbersCanBeText() {
        for (Field field : List.of(
                constant("x"),
                uuid(),
                time(),
                bool("50%"),
                anyOf("a"),
                text("a"),
                object("c", constant(1)),
                list(1, 1, constant(1)),
                template("x"),
                when("b", "true", constant(1), "false", constant("x")))) {
            assertThat(RefusedDefinitionsTest.refused("a", field.asText(), "b", bool("50%")))
                    .isEqualTo("s.fields.a: as: text writes a number as text, and this field is not always a number;"
                            + " remove 'as'");
        }
    }

    @Test
    void aPickHasOneType() {
        assertThat(RefusedDefinitionsTest.refused("a", pick(200, 9, "error", 1)))
                .isEqualTo(
                        "s.fields.a: pick has the number 200 and the text 'error', but a field has one JSON type in all"
                                + " its events; put all values in quotes to make them text");
        assertThat(RefusedDefinitionsTest.refused("a", anyOf(true, "maybe")))
                .startsWith("s.fields.a: pick has the boolean true and the text 'maybe'");
        assertThat(RefusedDefinitionsTest.refused("a", pick(1, 1, false, 0)))
                .startsWith("s.fields.a: pick has the number 1 and the boolean false");
    }
}
