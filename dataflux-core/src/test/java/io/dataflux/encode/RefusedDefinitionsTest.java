package io.dataflux.encode;

import static io.dataflux.model.Fields.anyOf;
import static io.dataflux.model.Fields.bool;
import static io.dataflux.model.Fields.constant;
import static io.dataflux.model.Fields.copy;
import static io.dataflux.model.Fields.decimal;
import static io.dataflux.model.Fields.id;
import static io.dataflux.model.Fields.integer;
import static io.dataflux.model.Fields.key;
import static io.dataflux.model.Fields.keyNumber;
import static io.dataflux.model.Fields.list;
import static io.dataflux.model.Fields.object;
import static io.dataflux.model.Fields.occurrence;
import static io.dataflux.model.Fields.perKey;
import static io.dataflux.model.Fields.pick;
import static io.dataflux.model.Fields.sequence;
import static io.dataflux.model.Fields.template;
import static io.dataflux.model.Fields.text;
import static io.dataflux.model.Fields.time;
import static io.dataflux.model.Fields.when;
import static io.dataflux.model.Fields.whenElse;
import static io.dataflux.model.Fields.words;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.ConfigurationException;
import io.dataflux.model.Field;
import io.dataflux.model.Kind;
import io.dataflux.model.Kind.Bound;
import io.dataflux.model.Kind.Length;
import io.dataflux.model.StreamDefinition;
import io.dataflux.problem.Problems;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each mistake in the fields of a definition, with the words that the user reads. */
class RefusedDefinitionsTest {

    @Test
    void anObjectWithoutFields() {
        assertThat(refused(StreamDefinition.named("s")))
                .isEqualTo("s.fields: has no fields; an object needs at least one");
        assertThat(refused("a", object())).isEqualTo("s.fields.a: has no fields; an object needs at least one");
    }

    @Test
    void fieldsInACircle() {
        String circle = ": depends on itself: fields that refer to each other must not form a cycle";
        assertThat(refused("a", copy("a"))).isEqualTo("s.fields.a" + circle);
        assertThat(refused("a", copy("b"), "b", template("{c}"), "c", when("a", "x", constant(1))))
                .isEqualTo("s.fields.a" + circle);
        assertThat(refused("a", object("b", copy("a.b")))).isEqualTo("s.fields.a.b" + circle);
        assertThat(refused("a", list(1, 2, copy("a")))).isEqualTo("s.fields.a" + circle);
    }

    @Test
    void pathsThatLeadNowhere() {
        assertThat(refused("a", copy("x"), "b", constant(1)))
                .isEqualTo("s.fields.a: there is no field 'x'; the fields here are a, b");
        assertThat(refused("a", object("b", constant(1)), "c", template("{a.x}")))
                .isEqualTo("s.fields.c: there is no field 'a.x'; 'a' has b");
        assertThat(refused("a", constant(1), "c", integer(0, "a.x")))
                .isEqualTo("s.fields.c: 'a.x' leads through 'a', which is not an object; only fields of objects can be"
                        + " named, not those of lists or variants");
        assertThat(refused("a", list(1, 1, object("b", constant(1))), "c", when("a.b", "1", constant(1))))
                .isEqualTo("s.fields.c: 'a.b' leads through 'a', which is not an object; only fields of objects can be"
                        + " named, not those of lists or variants");
        assertThat(refused("a", list(1, 1, copy("x")), "b", constant(1)))
                .isEqualTo("s.fields.a.of: there is no field 'x'; the fields here are a, b");
    }

    @Test
    void everyMistakeIsNamedAtOnce() {
        assertThat(refused("a", copy("x"), "b", text("*"), "c", object("d", words("w", List.of(), "0")))
                        .lines())
                .hasSize(3);
    }

    @Test
    void aKeyThatTheStreamDoesNotHave() {
        String none = ": refers to the key, but the stream has none; add key: {entity: \"user_{}\", count: 1000}";
        assertThat(refused("a", key())).isEqualTo("s.fields.a" + none);
        assertThat(refused("a", keyNumber())).isEqualTo("s.fields.a" + none);
        assertThat(refused("a", copy("key"))).isEqualTo("s.fields.a" + none);
        assertThat(refused("a", template("to {key}"))).isEqualTo("s.fields.a" + none);
        assertThat(refused("a", perKey(bool("1%")))).isEqualTo("s.fields.a" + none);
    }

    @Test
    void patternsOfIdsAndKeysWithoutAGap() {
        assertThat(refused("a", id("ord")))
                .isEqualTo("s.fields.a: the pattern 'ord' needs exactly one {} where the id goes, such as \"ord_{}\"");
        assertThat(refused("a", id("{}{}")))
                .isEqualTo("s.fields.a: the pattern '{}{}' needs exactly one {} where the id goes, such as \"ord_{}\"");
        assertThat(refused(keyed().field("a", key("user"))))
                .isEqualTo("s.fields.a: the pattern 'user' needs {} once, for the number of the entity, such as"
                        + " \"user_{}\"");
    }

    @Test
    void aValuePerKeyThatSpeaksOfOthers() {
        String alone =
                "s.fields.a: per_key needs a value that is drawn and refers to no other field: pick, words, bool,"
                        + " text, faker, or int and decimal between numbers; for a variant put per_key inside the cases of when";
        for (Field field : List.of(
                constant(1),
                copy("b"),
                integer(0, "b"),
                decimal(Bound.of("b"), Bound.of(100), 2),
                object("c", constant(1)),
                list(1, 2, bool("1%")),
                time(),
                perKey(bool("1%")))) {
            assertThat(refused(keyed().field("a", perKey(field)).field("b", integer(0, 5))))
                    .isEqualTo(alone);
        }
    }

    @Test
    void boundsOfNumbers() {
        assertThat(refused("a", integer(5, 4)))
                .isEqualTo("s.fields.a: int [5, 4]: the lower bound can be 5, above the upper bound, which can be 4;"
                        + " swap them or widen the range");
        assertThat(refused("a", decimal("1.50", "1.4")))
                .isEqualTo("s.fields.a: decimal [1.50, 1.4]: the lower bound can be 1.50, above the upper bound, which"
                        + " can be 1.40; swap them or widen the range");
        assertThat(refused("a", integer(10, "b"), "b", integer(5, 20)))
                .isEqualTo("s.fields.a: int [10, b]: the lower bound can be 10, above the upper bound, which can be 5;"
                        + " swap them or widen the range");
        assertThat(refused("a", integer(0, 1L << 61)))
                .isEqualTo("s.fields.a: int [0, 2305843009213693952] is too wide: all digits together must stay below"
                        + " 2^61");
        assertThat(refused("a", integer(-1L << 60, 1L << 60)))
                .isEqualTo(
                        "s.fields.a: int [-1152921504606846976, 1152921504606846976] is too wide: all digits together"
                                + " must stay below 2^61");
        assertThat(refused("a", new Field(new Kind.IntRange(Bound.of(new BigDecimal("0.5")), Bound.of(3)))))
                .isEqualTo("s.fields.a: the bound 0.5 of int is not a whole number within 2^61");
        assertThat(refused("a", new Field(new Kind.IntRange(Bound.of(0), Bound.of(new BigDecimal("1e30"))))))
                .isEqualTo(
                        "s.fields.a: the bound 1000000000000000000000000000000 of int is not a whole number within 2^61");
        assertThat(refused("a", decimal(Bound.of(new BigDecimal("0.125")), Bound.of(3), 2)))
                .isEqualTo("s.fields.a: the bound 0.125 of decimal has more digits than scale 2 allows");
        assertThat(refused("a", decimal(Bound.of(0), Bound.of(3), 16)))
                .isEqualTo("s.fields.a: scale 16 is not between 0 and 15");
    }

    @Test
    void boundsThatAreNoNumbers() {
        String bound =
                "s.fields.a: the bound 'b' must be a field with a number of at most 0 decimals that is never null or"
                        + " absent";
        for (Field field : List.of(
                text("x"),
                decimal("0.5", "1.5"),
                integer(0, 5).nullable("1%"),
                integer(0, 5).absent("1%"),
                object("c", constant(1)),
                anyOf("1", "2"),
                pick("1", 1, "2", 1),
                whenElse("c", constant("x"), "true", constant(3)),
                when("c", "true", constant(3)))) {
            assertThat(refused("a", integer("b", 100), "b", field, "c", bool("50%")))
                    .isEqualTo(bound);
        }
        assertThat(refused("a", list(1, 2, list(1, 2, integer(0, "b"))), "b", text("x")))
                .isEqualTo(bound.replace("fields.a", "fields.a.of.of"));
    }

    @Test
    void choicesWithoutValuesOrWeights() {
        assertThat(refused("a", new Field(new Kind.Pick(List.of()))))
                .isEqualTo("s.fields.a: pick has no values; give some, such as {web: 6, app: 3} or [\"NO\", \"SE\"]");
        assertThat(refused("a", pick("x", -1)))
                .isEqualTo(
                        "s.fields.a: the weight -1 of 'x' is not a number from 0 to 1000000000 with at most 6 decimals");
        assertThat(refused("a", pick("x", "0.0000001")))
                .isEqualTo("s.fields.a: the weight 0.0000001 of 'x' is not a number from 0 to 1000000000 with at"
                        + " most 6 decimals");
        assertThat(refused("a", pick("x", "1000000001")))
                .isEqualTo(
                        "s.fields.a: the weight 1000000001 of 'x' is not a number from 0 to 1000000000 with at most 6"
                                + " decimals");
        assertThat(refused("a", pick("x", 1, "y", 1, "x", 2)))
                .isEqualTo("s.fields.a: pick has the value 'x' twice; give it once, with both weights added");
        assertThat(refused("a", pick("x", 0, "y", 0)))
                .isEqualTo("s.fields.a: all weights of pick are 0; at least one must be above 0");
    }

    @Test
    void listsOfWords() {
        assertThat(refused("a", words("colours", List.of(), "0")))
                .isEqualTo("s.fields.a: the list 'colours' has 0 words; use 1 to 1048576");
        assertThat(refused("a", words("colours", Collections.nCopies((1 << 20) + 1, "x"), "0")))
                .isEqualTo("s.fields.a: the list 'colours' has 1048577 words; use 1 to 1048576");
        assertThat(refused("a", words("colours", List.of("x"), "-0.5")))
                .isEqualTo("s.fields.a: skew -0.5 is not between 0 and 10");
        assertThat(refused("a", words("colours", List.of("x"), "10.1")))
                .isEqualTo("s.fields.a: skew 10.1 is not between 0 and 10");
    }

    @Test
    void lengthsOfLists() {
        String lengths =
                "a list has 0 to 4096 elements, min is at most max, and lists are nested at most 5 deep; this one has"
                        + " min ";
        assertThat(refused("a", list(-1, 2, bool("1%")))).isEqualTo("s.fields.a: " + lengths + "-1 and max 2");
        assertThat(refused("a", list(3, 2, bool("1%")))).isEqualTo("s.fields.a: " + lengths + "3 and max 2");
        assertThat(refused("a", list(0, 4097, bool("1%")))).isEqualTo("s.fields.a: " + lengths + "0 and max 4097");
        assertThat(refused("a", list(1, 1, list(1, 1, list(1, 1, list(1, 1, list(1, 1, list(1, 1, bool("1%")))))))))
                .isEqualTo("s.fields.a.of.of.of.of.of: " + lengths + "1 and max 1");
        for (String p : List.of("0", "1.01", "-1")) {
            Length length = new Length(1, 2, new BigDecimal(p));
            assertThat(refused("a", new Field(new Kind.ListOf(length, bool("1%")))))
                    .isEqualTo("s.fields.a: geometric " + p + " is not above 0 and at most 1");
        }
    }

    @Test
    void variants() {
        String choice = "when needs a field with a few known values that is never null or absent (pick, words, bool,"
                + " constant, faker, or the key of at most 4096 entities), and 'b' is not one";
        for (Field field : List.of(
                integer(0, 3),
                bool("5%").nullable("5%"),
                text("x"),
                time(),
                when("c", "true", constant("x"), "false", constant(1)))) {
            assertThat(refused("a", when("b", "1", constant(1)), "b", field, "c", bool("50%")))
                    .isEqualTo("s.fields.a: " + choice);
            assertThat(refused("a", list(1, 1, list(1, 1, when("b", "1", constant(1)))), "b", field, "c", bool("50%")))
                    .isEqualTo("s.fields.a.of.of: " + choice);
        }
        assertThat(refused(keyed().field("a", when("b", "1", constant(1))).field("b", key())))
                .isEqualTo("s.fields.a: " + choice);
    }

    @Test
    void casesThatNeverCome() {
        assertThat(refused("a", when("b", "x", constant(1), "z", constant(1)), "b", pick("x", 1, "y", 1, "z", 0)))
                .isEqualTo("s.fields.a.is.z: 'b' never has the value 'z'; it has x, y");
        assertThat(refused("a", when("b", "maybe", constant(1)), "b", bool("50%")))
                .isEqualTo("s.fields.a.is.maybe: 'b' never has the value 'maybe'; it has false, true");
        List<String> many = new ArrayList<>();
        for (int i = 10; i < 30; i++) {
            many.add("w" + i);
        }
        assertThat(refused("a", when("b", "w9", constant(1)), "b", words("many", many, "0")))
                .isEqualTo(
                        "s.fields.a.is.w9: 'b' never has the value 'w9'; it has w10, w11, w12, w13, w14, w15, w16, w17,"
                                + " w18, w19, w20, w21 and 8 more");
        assertThat(refused("a", when("b", "y", copy("x")), "b", constant("y")))
                .isEqualTo("s.fields.a.is.y: there is no field 'x'; the fields here are a, b");
        assertThat(refused("a", whenElse("b", text("("), "y", constant(1)), "b", constant("y")))
                .startsWith("s.fields.a.else: '(' at position 0");
    }

    @Test
    void numbersBeyondWhatALongCanCount() {
        assertThat(refused("a", sequence(Long.MAX_VALUE)))
                .isEqualTo(
                        "s.fields.a: sequence from 9223372036854775807 exceeds the range of numbers; begin between -2^62 and 2^62");
        assertThat(refused(keyed().field("a", occurrence(Long.MIN_VALUE))))
                .isEqualTo(
                        "s.fields.a: occurrence from -9223372036854775808 exceeds the range of numbers; begin between -2^62 and 2^62");
    }

    @Test
    void eventsThatAreTooLarge() {
        assertThat(refused(StreamDefinition.named("s")
                        .field("a", constant("x".repeat(100)))
                        .maxEventBytes(50)))
                .isEqualTo(
                        "s: the largest event has 109 bytes, more than the 50 allowed; use shorter lists or texts, or"
                                + " raise max_event_bytes");
        assertThat(refused("a", list(0, 4096, text("x{1000}"))))
                .isEqualTo("s: the largest event has 4108297 bytes, more than the 921600 allowed; use shorter lists or"
                        + " texts, or raise max_event_bytes");
        String gigabytes = ": an event could grow beyond 2 GiB; use shorter lists or texts";
        Field huge = list(0, 4096, list(0, 4096, text("x{1000}")));
        assertThat(refused("a", huge)).isEqualTo("s.fields.a" + gigabytes);
        assertThat(refused("b", object("a", huge))).isEqualTo("s.fields.b.a" + gigabytes);
        assertThat(refused("b", list(0, 4096, list(0, 4096, object("a", text("x{1000}"))))))
                .isEqualTo("s.fields.b" + gigabytes);
    }

    @Test
    void allProblemsStandInOneMessage() {
        Problems problems = new Problems();
        CompiledStream.compile(
                StreamDefinition.named("s")
                        .field("a", copy("x"))
                        .field("b", text("("))
                        .build(),
                1,
                "s",
                problems);
        assertThatThrownBy(() -> problems.throwIfAny("orders.yaml"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith(
                        "orders.yaml: 2 problems\n  s.fields.a: there is no field 'x'; the fields here are"
                                + " a, b\n  s.fields.b: '(' at position 0: a pattern has no groups");
    }

    static StreamDefinition.Builder keyed() {
        return StreamDefinition.named("s").key("user_{}", 5000);
    }

    static String refused(Object... namesAndFields) {
        StreamDefinition.Builder b = StreamDefinition.named("s");
        ((Kind.ObjectOf) object(namesAndFields).kind()).fields().forEach(b::field);
        return refused(b);
    }

    static String refused(StreamDefinition.Builder b) {
        Problems problems = new Problems();
        CompiledStream stream = CompiledStream.compile(b.build(), 1, "s", problems);
        assertThat(stream).as("a stream in spite of the mistake").isNull();
        try {
            problems.throwIfAny("test");
        } catch (ConfigurationException e) {
            return String.join("\n", e.problems().stream().map(Object::toString).toList());
        }
        throw new AssertionError("no problem was noted");
    }
}
