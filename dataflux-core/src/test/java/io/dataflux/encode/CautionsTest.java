package io.dataflux.encode;

import static io.dataflux.model.Fields.anyOf;
import static io.dataflux.model.Fields.bool;
import static io.dataflux.model.Fields.constant;
import static io.dataflux.model.Fields.copy;
import static io.dataflux.model.Fields.counter;
import static io.dataflux.model.Fields.integer;
import static io.dataflux.model.Fields.key;
import static io.dataflux.model.Fields.keyNumber;
import static io.dataflux.model.Fields.list;
import static io.dataflux.model.Fields.object;
import static io.dataflux.model.Fields.occurrence;
import static io.dataflux.model.Fields.sequence;
import static io.dataflux.model.Fields.session;
import static io.dataflux.model.Fields.template;
import static io.dataflux.model.Fields.time;
import static io.dataflux.model.Fields.when;
import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.DataFlux;
import io.dataflux.model.Field;
import io.dataflux.model.Kind;
import io.dataflux.model.Kind.SessionPart;
import io.dataflux.model.Kind.TimeFormat;
import io.dataflux.model.Sessions;
import io.dataflux.model.StreamDefinition;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class CautionsTest {

    private static final long EXACT_IN_DOUBLES = 1L << 53;

    private static List<String> places(StreamDefinition.Builder definition) {
        return Checked.compiled(definition.build(), 1).cautions().stream()
                .map(caution -> caution.substring(0, caution.indexOf(": ")))
                .toList();
    }

    private static StreamDefinition.Builder stream() {
        return StreamDefinition.named("s").key("k{}", 10);
    }

    @Test
    void numbersThatDoublesRoundAreNamedWhereverTheyStand() {
        Field big = integer(0, EXACT_IN_DOUBLES + 1);
        assertThat(places(stream()
                        .field("a", big)
                        .field(
                                "b",
                                object("c", list(1, 2, object("d", big.nullable("5%"))))
                                        .absent("5%"))
                        .field("e", when("f", "true", big, "false", integer(-EXACT_IN_DOUBLES - 1, 0)))
                        .field("f", bool("50%"))
                        .field("g.h", sequence(EXACT_IN_DOUBLES))
                        .field("i", occurrence(-EXACT_IN_DOUBLES - 1))
                        .field("j", new Field(new Kind.LongId(true)))
                        .field("k", constant(new BigDecimal("12345678901234567890.5")))
                        .field("l", integer("a", EXACT_IN_DOUBLES + (1L << 41)))))
                .containsExactly(
                        "fields.a",
                        "fields.b.c[].d",
                        "fields.e",
                        "fields.e",
                        "fields.\"g.h\"",
                        "fields.i",
                        "fields.j",
                        "fields.k",
                        "fields.l");
    }

    @Test
    void numbersThatDoublesHoldAndThoseWrittenAsTextAreNot() {
        assertThat(places(stream()
                        .field("a", integer(-EXACT_IN_DOUBLES, EXACT_IN_DOUBLES))
                        .field("b", sequence(0))
                        .field(
                                "c",
                                integer(EXACT_IN_DOUBLES, EXACT_IN_DOUBLES + 9).asText())
                        .field("d", integer(0, "b"))
                        .field("e", counter("1000000/s"))
                        .field("f", time(TimeFormat.EPOCH_MILLIS))
                        .field("g", keyNumber())
                        .field("h", constant(new BigDecimal("0.123456789012345")))
                        .field("i", copy("c"))))
                .isEmpty();
    }

    @Test
    void variantsOfSeveralTypesAreNamed() {
        assertThat(Checked.compiled(
                                stream()
                                        .field("a", when("b", "x", constant(1), "y", constant("1"), "z", bool("5%")))
                                        .field("b", anyOf("x", "y", "z"))
                                        .field("c", when("b", "x", constant(1), "y", integer(2, 3)))
                                        .field("d", when("b", "x", constant(1).asText(), "y", constant("1")))
                                        .build(),
                                1)
                        .cautions())
                .containsExactly(
                        "fields.a: is text or numbers or true or false, by the case of 'when'; readers that expect"
                                + " one type in a field fail, so give each type a field of its own, or write numbers with 'as: text'");
    }

    @Test
    void fieldsThatHideTheKeyAreNamedUnlessTheyAreTheKey() {
        assertThat(places(stream()
                        .field("key", constant("x"))
                        .field("a", copy("key"))
                        .field("b", object("c", template("<{key}>")))
                        .field("d", when("e", "true", list(1, 1, copy("key"))))
                        .field("e", bool("50%"))))
                .containsExactly("fields.a", "fields.b.c", "fields.d.is.true.of");
        for (Field same : List.of(key(), key("k{}"))) {
            assertThat(places(stream().field("key", same).field("a", copy("key"))))
                    .isEmpty();
        }
        assertThat(places(stream().field("a", copy("key")).field("b", object("key", constant(1)))))
                .isEmpty();
        assertThat(places(StreamDefinition.named("s").field("key", constant(1)).field("a", copy("key"))))
                .isEmpty();
    }

    @Test
    void fieldsThatHideTheStateAreNamedUnlessTheyAreTheState() {
        StreamDefinition.Builder talks = stream()
                .sessions(Sessions.thinkingAtMost(Duration.ofSeconds(1)).state("open", "open", 5, "leave", 1))
                .field("a", copy("state"))
                .field("b", when("state", "open", constant(1)));
        assertThat(places(talks.field("state", anyOf("open")))).containsExactly("fields.a", "fields.b");
        assertThat(places(talks.replace("state", session(SessionPart.STATE)))).isEmpty();
    }

    @Test
    void theBuiltInStreamsGiveNoCause() {
        for (String name : DataFlux.streamNames()) {
            assertThat(((CompiledStream) DataFlux.stream(name, 1)).cautions())
                    .as(name)
                    .isEmpty();
        }
    }
}
