package io.dataflux.encode;

import static io.dataflux.encode.RefusedDefinitionsTest.refused;
import static io.dataflux.model.Fields.anyOf;
import static io.dataflux.model.Fields.bool;
import static io.dataflux.model.Fields.change;
import static io.dataflux.model.Fields.constant;
import static io.dataflux.model.Fields.copy;
import static io.dataflux.model.Fields.integer;
import static io.dataflux.model.Fields.key;
import static io.dataflux.model.Fields.keyNumber;
import static io.dataflux.model.Fields.linear;
import static io.dataflux.model.Fields.list;
import static io.dataflux.model.Fields.object;
import static io.dataflux.model.Fields.occurrence;
import static io.dataflux.model.Fields.sessionId;
import static io.dataflux.model.Fields.template;
import static io.dataflux.model.Fields.text;
import static io.dataflux.model.Fields.time;
import static io.dataflux.model.Fields.total;
import static io.dataflux.model.Fields.uuid;
import static io.dataflux.model.Fields.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.Event;
import io.dataflux.model.Field;
import io.dataflux.model.Fields;
import io.dataflux.model.Kind.ChangePart;
import io.dataflux.model.Kind.TimeFormat;
import io.dataflux.model.Sessions;
import io.dataflux.model.StreamDefinition;
import io.dataflux.model.Table;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Where a path leads: to names with dots, columns of rows, and not to a field that is hidden. */
class FieldPathsTest {

    /** All that can name another field. */
    private static Map<String, Field> naming(String path, String number) {
        Map<String, Field> fields = new LinkedHashMap<>();
        fields.put("copy", copy(path));
        fields.put("template", template("<{" + path + "}>"));
        fields.put("when", when(path, "x", constant(1), "y", constant(2)));
        fields.put("low", integer(number, 100));
        fields.put("high", integer(-100, number));
        fields.put("linear", linear(number, "2", "0", "0", "-1000", "1000"));
        fields.put("total", total(number));
        return fields;
    }

    private static StreamDefinition.Builder talks() {
        return StreamDefinition.named("s")
                .key("k{}", 5)
                .sessions(Sessions.thinkingAtMost(Duration.ofSeconds(1)).length(1, 5));
    }

    @Test
    void everythingThatNamesAFieldFindsNamesWithDots() {
        for (String way : List.of("a.b", "o.a.b", "o.p.q.a.b", "..", "o..")) {
            String inner = way.startsWith("o.p.q.") ? "a.b" : way.startsWith("o.") ? way.substring(2) : way;
            Field both = object(inner, anyOf("x", "y"), inner + ".n", integer(1, 9));
            StreamDefinition.Builder d = talks();
            if (way.equals(inner)) {
                d.field(inner, anyOf("x", "y")).field(inner + ".n", integer(1, 9));
            } else {
                d.field("o", way.startsWith("o.p.q.") ? object("p.q", both) : both);
            }
            naming(way, way + ".n").forEach(d::field);
            CompiledStream stream = Checked.compiled(d.build(), 3);
            for (Event event : stream.events(0, 50)) {
                Object chosen = event.field(way);
                assertThat(event.field("copy")).as(way).isEqualTo(chosen).isIn("x", "y");
                assertThat(event.field("template")).isEqualTo("<" + chosen + ">");
                assertThat(event.field("when")).isEqualTo("x".equals(chosen) ? 1L : 2L);
                assertThat((Long) event.field("low")).isGreaterThanOrEqualTo((Long) event.field(way + ".n"));
                assertThat(event.field("linear")).isEqualTo(2 * (Long) event.field(way + ".n"));
            }
        }
    }

    @Test
    void identitiesFindNamesWithDots() {
        for (StreamDefinition.Builder d : List.of(
                StreamDefinition.named("s").identity("e.id").field("e.id", uuid()),
                StreamDefinition.named("s").identity("o.e.id").field("o", object("e.id", uuid())),
                StreamDefinition.named("s")
                        .key("k{}", 5)
                        .identity("e.key", "o.e.n")
                        .field("e.key", key())
                        .field("o", object("e.n", occurrence(0))))) {
            CompiledStream stream = Checked.compiled(d.build(), 3);
            for (Event event : stream.events(0, 50)) {
                assertThat(stream.sequenceOf(event.identity().toArray())).hasValue(event.sequence());
            }
        }
        assertThat(refused(StreamDefinition.named("s")
                        .identity("o.e.id")
                        .field("o", object("e.id", uuid()).absent("1%"))))
                .startsWith("s.identity: 'o.e.id' can be null or absent");
    }

    @Test
    void aPathThatWouldLeadToTwoFieldsIsRefused() {
        assertThat(refused("a", object("b", constant(1)), "a.b", constant(2)))
                .isEqualTo(
                        "s.fields.\"a.b\": the path 'a.b' would lead to this field and to one of 'a'; give one of the two"
                                + " another name");
        assertThat(refused("x", list(1, 1, object("a.b", object("c", constant(1)), "a", object("b.c", constant(2))))))
                .isEqualTo(
                        "s.fields.x.of.a: the path 'a.b.c' would lead to this field and to one of 'a.b'; give one of the"
                                + " two another name");
    }

    @Test
    void aFieldThatHidesTheOneItNamesIsToldSo() {
        String hides =
                "'n' is this field itself: it hides the field 'n' further out, which cannot be named from here; give"
                        + " one of the two another name";
        naming("n", "n").forEach((kind, field) -> {
            StreamDefinition.Builder d = talks().field("n", integer(1, 2)).field("in", object("n", field));
            assertThat(refused(d)).as(kind).isEqualTo("s.fields.in.n: " + hides);
        });
        assertThat(refused("n", bool("1%"), "in", list(1, 1, object("n", copy("n")))))
                .isEqualTo("s.fields.in.of.n: " + hides);
        assertThat(refused("n", copy("n"))).contains("depends on itself");
        assertThat(refused("n", bool("1%"), "in", object("n", copy("m"), "m", copy("n"))))
                .contains("depends on itself");
    }

    @Test
    void columnsOfARowAreThoseThatItHasAndNullWhereItIs() {
        StreamDefinition.Builder d = StreamDefinition.named("s")
                .key("k{}", 9)
                .table(Table.of()
                        .lives(2, 5)
                        .column("id", keyNumber())
                        .column("at", time(TimeFormat.EPOCH_MILLIS), 1)
                        .column("a.b", text("[a-z]{4}").nullable("30%"), 2)
                        .column("left", integer(0, 9), 1));
        for (ChangePart part : List.of(ChangePart.BEFORE, ChangePart.AFTER, ChangePart.ROW)) {
            String row = part.name();
            d.field(row, change(part));
            for (String column : List.of("id", "at", "a.b", "left")) {
                d.field(row + "_" + column, copy(row + "." + column));
                d.field(row + "_list_" + column, list(2, 2, copy(row + "." + column)));
            }
        }
        d.field("text", template("{ROW.id}:{ROW.left}"))
                .field("text_left", copy("AFTER.left").asText());
        CompiledStream stream = Checked.compiled(d.build(), 3);
        int nulls = 0;
        for (Event event : stream.events(0, 500)) {
            for (String row : List.of("BEFORE", "AFTER", "ROW")) {
                nulls += event.field(row) == null ? 1 : 0;
                for (String column : List.of("id", "at", "a.b", "left")) {
                    Object value = event.field(row + "." + column);
                    assertThat(event.field(row + "_" + column)).isEqualTo(value);
                    assertThat(event.field(row + "_list_" + column)).isEqualTo(Arrays.asList(value, value));
                }
            }
            assertThat(event.field("text")).isEqualTo(event.field("ROW.id") + ":" + event.field("ROW.left"));
            assertThat(event.field("text_left")).isEqualTo(event.field("AFTER.left"));
        }
        assertThat(nulls).isGreaterThan(100);
        assertThat(refused(d.field("x", copy("ROW.sku"))))
                .isEqualTo(
                        "s.fields.x: 'ROW.sku' leads into a row, of which only whole columns can be named: id, at, a.b,"
                                + " left");
    }

    @Test
    void aPatternHasOneGap() {
        assertThat(refused(StreamDefinition.named("s").key("a{}b{}", 5).field("a", constant(1))))
                .isEqualTo("s.key.entity: the pattern 'a{}b{}' needs {} once, for the number of the entity, such as"
                        + " \"user_{}\"");
        Map<String, Field> fields = Map.of("key", key("{}{}"), "id", Fields.id("{}-{}"), "session", sessionId("{}{}"));
        fields.forEach((kind, field) -> assertThat(refused(talks().field("a", field)))
                .as(kind)
                .startsWith("s.fields.a: the pattern '")
                .contains("{}"));
    }

    @Test
    void aConstantCanBeNull() {
        CompiledStream stream = Checked.compiled(
                StreamDefinition.named("s")
                        .field("a", constant(null))
                        .field("b", list(2, 2, constant(null)))
                        .field("c", when("d", "true", constant(null), "false", constant(1)))
                        .field("d", bool("50%"))
                        .field("e", copy("a"))
                        .build(),
                1);
        assertThat(stream.event(0).toString())
                .startsWith("{\"a\":null,\"b\":[null,null],\"c\":")
                .endsWith(",\"e\":null}");
        assertThat(stream.event(0).field("a")).isNull();
        assertThat(stream.cautions()).isEmpty();
        assertThat(stream.fingerprint())
                .isNotEqualTo(stream.with(d -> d.replace("a", constant("null"))).fingerprint());
        assertThat(refused(StreamDefinition.named("s").identity("a").field("a", constant(null))))
                .startsWith("s.identity: 'a' can be null or absent");
        assertThat(refused("a", template("{b}"), "b", constant(null))).contains("never null or absent");
        assertThatThrownBy(() -> anyOf("a", null)).hasMessageContaining("nullable");
    }
}
