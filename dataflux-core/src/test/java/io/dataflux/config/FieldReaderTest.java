package io.dataflux.config;

import static io.dataflux.model.Fields.anyOf;
import static io.dataflux.model.Fields.bool;
import static io.dataflux.model.Fields.change;
import static io.dataflux.model.Fields.constant;
import static io.dataflux.model.Fields.copy;
import static io.dataflux.model.Fields.counter;
import static io.dataflux.model.Fields.decimal;
import static io.dataflux.model.Fields.faker;
import static io.dataflux.model.Fields.id;
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
import static io.dataflux.model.Fields.sessionId;
import static io.dataflux.model.Fields.smooth;
import static io.dataflux.model.Fields.template;
import static io.dataflux.model.Fields.text;
import static io.dataflux.model.Fields.time;
import static io.dataflux.model.Fields.total;
import static io.dataflux.model.Fields.uuid;
import static io.dataflux.model.Fields.visits;
import static io.dataflux.model.Fields.when;
import static io.dataflux.model.Fields.whenElse;
import static io.dataflux.model.Fields.words;
import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.encode.CompiledStream;
import io.dataflux.model.Field;
import io.dataflux.model.Key;
import io.dataflux.model.Kind;
import io.dataflux.model.Kind.Bound;
import io.dataflux.model.Kind.ChangePart;
import io.dataflux.model.Kind.Length;
import io.dataflux.model.Kind.SessionPart;
import io.dataflux.model.Kind.TimeFormat;
import io.dataflux.model.Spread;
import io.dataflux.model.StreamDefinition;
import io.dataflux.problem.Problems;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FieldReaderTest {

    @ParameterizedTest
    @MethodSource("fields")
    void aFieldInYamlIsTheFieldInJava(String yaml, Field field) {
        assertThat(field(yaml)).isEqualTo(field);
    }

    static Stream<Arguments> fields() {
        return Stream.of(
                Arguments.of("{constant: EUR}", constant("EUR")),
                Arguments.of("{constant: 5}", constant(5)),
                Arguments.of("{constant: \"5\"}", constant("5")),
                Arguments.of("{constant: -1.50}", constant(new BigDecimal("-1.50"))),
                Arguments.of("{constant: true}", constant(true)),
                Arguments.of("{constant: \"no\"}", constant("no")),
                Arguments.of("{id: uuid}", uuid()),
                Arguments.of("{id: \"evt_{}\"}", id("evt_{}")),
                Arguments.of("{id: long}", longId()),
                Arguments.of("{id: long, number: true}", new Field(new Kind.LongId(true))),
                Arguments.of("{sequence: 1000}", sequence(1000)),
                Arguments.of("{occurrence: 1}", occurrence(1)),
                Arguments.of("{time: event}", time()),
                Arguments.of("{time: event, format: epoch_millis}", time(TimeFormat.EPOCH_MILLIS)),
                Arguments.of("{int: [-5, 5]}", integer(-5, 5)),
                Arguments.of("{int: [0, capacity]}", integer(0, "capacity")),
                Arguments.of("{int: [a.low, 9]}", integer("a.low", 9)),
                Arguments.of("{decimal: [\"0.99\", \"199.99\"]}", decimal("0.99", "199.99")),
                Arguments.of("{decimal: [0.5, 10]}", decimal("0.5", "10")),
                Arguments.of(
                        "{decimal: [0, price], scale: 3}", decimal(Bound.of(BigDecimal.ZERO), Bound.of("price"), 3)),
                Arguments.of("{int: [0, 9], spread: uniform}", integer(0, 9)),
                Arguments.of("{int: [0, 9], spread: normal}", integer(0, 9, new Spread.Normal(null, null))),
                Arguments.of(
                        "{int: [0, 9], spread: {normal: {mean: 3.50, deviation: 2}}}",
                        integer(0, 9, new Spread.Normal(new BigDecimal("3.5"), new BigDecimal("2")))),
                Arguments.of(
                        "{decimal: [\"0.99\", \"199.99\"], scale: 2, spread: lognormal}",
                        decimal("0.99", "199.99", new Spread.Lognormal(null, null))),
                Arguments.of(
                        "{decimal: [1, 10], spread: {lognormal: {median: 3, sigma: 0.8}}}",
                        decimal("1", "10", new Spread.Lognormal(new BigDecimal("3"), new BigDecimal("0.8")))),
                Arguments.of(
                        "{int: [0, 9], spread: {exponential: {mean: 2}}}",
                        integer(0, 9, new Spread.Exponential(new BigDecimal("2")))),
                Arguments.of("{int: [0, 9], spread: zipf}", integer(0, 9, new Spread.Zipf(BigDecimal.ONE))),
                Arguments.of(
                        "{int: [0, 9], spread: {zipf: {skew: 1.10}}}",
                        integer(0, 9, new Spread.Zipf(new BigDecimal("1.1")))),
                Arguments.of(
                        "{int: [0, 9], spread: {histogram: {4: 5, 9: 2.5}}}",
                        integer(
                                0,
                                9,
                                new Spread.Histogram(Map.of(
                                        new BigDecimal("4"),
                                        new BigDecimal("5"),
                                        new BigDecimal("9"),
                                        new BigDecimal("2.5"))))),
                Arguments.of(
                        "{decimal: [\"0.5\", \"9\"], spread: {weighted: {0.5: 5, \"9\": 1}}}",
                        decimal(
                                "0.5",
                                "9",
                                new Spread.Weighted(Map.of(
                                        new BigDecimal("0.5"),
                                        new BigDecimal("5"),
                                        new BigDecimal("9"),
                                        BigDecimal.ONE)))),
                Arguments.of(
                        "{smooth: [\"18.0\", \"26.9\"], over: 20m, daily: 40%, peak: \"15:00\"}",
                        smooth("18.0", "26.9", Duration.ofMinutes(20), "40%", 900)),
                Arguments.of("{smooth: [0, 9], over: 1h}", smooth("0", "9", Duration.ofHours(1))),
                Arguments.of("{counter: 50/s, reset: 1d}", counter("50/s", Duration.ofDays(1))),
                Arguments.of("{counter: 3/h}", counter("3/h")),
                Arguments.of(
                        "{linear: {of: temp, times: -1.2, plus: 95, noise: 4, within: [10, 100]}, scale: 1}",
                        new Field(new Kind.Linear(
                                "temp",
                                new BigDecimal("-1.2"),
                                new BigDecimal("95"),
                                new BigDecimal("4"),
                                new BigDecimal("10"),
                                new BigDecimal("100"),
                                1))),
                Arguments.of(
                        "{linear: {of: a.b, within: [\"0.00\", \"9\"]}}", linear("a.b", "1", "0", "0", "0.00", "9")),
                Arguments.of("{bool: 25%}", bool("25%")),
                Arguments.of("{pick: {web: 6, app: 3, shop: 0.5}}", pick("web", 6, "app", 3, "shop", "0.5")),
                Arguments.of("{pick: {1: 2, true: 1, \"2\": 1}}", pick(1L, 2, true, 1, "2", 1)),
                Arguments.of("{pick: [\"NO\", SE, 46]}", anyOf("NO", "SE", 46)),
                Arguments.of("{words: [a, b], skew: 1.1}", words("inline", List.of("a", "b"), "1.1")),
                Arguments.of("{key: text}", key()),
                Arguments.of("{key: \"user_{}\"}", key("user_{}")),
                Arguments.of("{key: number}", keyNumber()),
                Arguments.of("{copy: key}", copy("key")),
                Arguments.of("{copy: address.zip}", copy("address.zip")),
                Arguments.of("{text: \"C[A-Z]{4}\"}", text("C[A-Z]{4}")),
                Arguments.of("{faker: \"#{name.fullName}\"}", faker("#{name.fullName}", 1000)),
                Arguments.of("{faker: \"#{name.fullName}\", pool: 50}", faker("#{name.fullName}", 50)),
                Arguments.of(
                        "{object: {zip: {text: \"[0-9]{5}\"}, city: {constant: Oslo}}}",
                        object("zip", text("[0-9]{5}"), "city", constant("Oslo"))),
                Arguments.of("{list: {length: 3}, of: {int: [1, 5]}}", list(3, 3, integer(1, 5))),
                Arguments.of("{list: {length: [1, 8]}, of: {pick: {a: 1}}}", list(1, 8, pick("a", 1))),
                Arguments.of(
                        "{list: {length: [1, 8]}, of: {text: {text: \"[a-z]\"}, time: {time: event}}}",
                        list(1, 8, object("text", text("[a-z]"), "time", time()))),
                Arguments.of(
                        "{list: {length: [1, 8]}, of: {object: {text: {text: \"[a-z]\"}}}}",
                        list(1, 8, object("text", text("[a-z]")))),
                Arguments.of(
                        "{list: {length: {geometric: 0.5, min: 1, max: 8}}, of: {int: [1, 5]}}",
                        new Field(new Kind.ListOf(new Length(1, 8, new BigDecimal("0.5")), integer(1, 5)))),
                Arguments.of("{template: \"{city}-{zip}\"}", template("{city}-{zip}")),
                Arguments.of(
                        "{when: {field: type, is: {buffer: {int: [50, 8000]}}}}",
                        when("type", "buffer", integer(50, 8000))),
                Arguments.of(
                        "{when: {field: type, is: {buffer: {int: [1, 2]}}, else: {constant: 0}}}",
                        whenElse("type", constant(0), "buffer", integer(1, 2))),
                Arguments.of("{per_key: {pick: {sensor: 3}}}", perKey(pick("sensor", 3))),
                Arguments.of("{session: id}", sessionId("{}")),
                Arguments.of("{session: \"ses_{}\"}", sessionId("ses_{}")),
                Arguments.of("{session: number}", session(SessionPart.NUMBER)),
                Arguments.of("{session: step}", session(SessionPart.STEP)),
                Arguments.of("{session: missed}", session(SessionPart.MISSED)),
                Arguments.of("{session: state}", session(SessionPart.STATE)),
                Arguments.of("{session: pause}", session(SessionPart.PAUSE)),
                Arguments.of("{visits: cart}", visits("cart")),
                Arguments.of("{change: before}", change(ChangePart.BEFORE)),
                Arguments.of("{change: operation}", change(ChangePart.OPERATION)),
                Arguments.of("{total: quantity}", total("quantity")),
                Arguments.of("{per_session: {pick: {a: 1}}}", perSession(pick("a", 1))),
                Arguments.of("{per_session: {int: [1, 9]}, renewed_by: page}", perSession(integer(1, 9), "page")),
                Arguments.of(
                        "{per_session: {int: [1, 9]}, renewed_by: [page, cart]}",
                        perSession(integer(1, 9), "page", "cart")),
                Arguments.of(
                        "{int: [1, 5], nullable: 10%, absent: 0.5%}",
                        integer(1, 5).nullable("10%").absent("0.5%")));
    }

    @Test
    void everyKindWordIsReadInTheTable() {
        List<String> yaml =
                fields().map(arguments -> (String) arguments.get()[0]).toList();

        assertThat(FieldKind.WORDS)
                .allSatisfy(kind -> assertThat(yaml).anyMatch(text -> text.startsWith("{" + kind + ":")));
    }

    @Test
    void aStreamInYamlIsTheStreamInJava() {
        CompiledStream read = Configurations.read("""
                seed: 42
                events_per_second: 100
                streams:
                  orders:
                    key: { entity: "cust_{}", count: 200000, skew: 1.0, shards: 16, spread: 2 }
                    identity: order_id
                    max_event_bytes: 64KiB
                    fields:
                      order_id:  { id: "ord_{}" }
                      customer:  { copy: key }
                      placed_at: { time: event, format: iso_millis }
                      channel:   { pick: { web: 6, app: 3, shop: 1 } }
                      address:
                        object:
                          zip:     { text: "[0-9]{5}" }
                          country: { pick: ["NO", "SE", "DK"] }
                      items:
                        list: { length: { geometric: 0.5, min: 1, max: 8 } }
                        of:
                          qty:   { int: [1, 5] }
                          price: { decimal: ["0.99", "199.99"], scale: 2 }
                      coupon:    { text: "C[A-Z]{4}", absent: 90% }
                sinks: {keep: {type: mock}}
                """).streams().get(0);
        StreamDefinition built = StreamDefinition.named("orders")
                .key(new Key("cust_{}", 200_000, new BigDecimal("1.0"), 16, 2))
                .identity("order_id")
                .maxEventBytes(64 << 10)
                .rate(100, 1)
                .field("order_id", id("ord_{}"))
                .field("customer", copy("key"))
                .field("placed_at", time())
                .field("channel", pick("web", 6, "app", 3, "shop", 1))
                .field("address", object("zip", text("[0-9]{5}"), "country", anyOf("NO", "SE", "DK")))
                .field(
                        "items",
                        new Field(new Kind.ListOf(
                                new Length(1, 8, new BigDecimal("0.5")),
                                object("qty", integer(1, 5), "price", decimal("0.99", "199.99")))))
                .field("coupon", text("C[A-Z]{4}").absent("90%"))
                .build();
        Problems problems = new Problems();

        CompiledStream compiled = CompiledStream.compile(built, 42, "orders", problems);

        assertThat(problems.none()).isTrue();
        assertThat(read.definition().fields()).isEqualTo(built.fields());
        assertThat(read.definition().key()).isEqualTo(built.key());
        assertThat(read.fingerprint()).isEqualTo(compiled.fingerprint());
        assertThat(read.event(7).toString()).isEqualTo(compiled.event(7).toString());
    }

    private static Field field(String yaml) {
        Document document = Document.parse("test", ("field: " + yaml).getBytes(StandardCharsets.UTF_8));
        Reading reading = new Reading(document.problems(), Map.of(), Path.of(""), null);
        Field field = new FieldReader(reading).field(document.root().get("field"));
        document.problems().throwIfAny("test");
        return field;
    }
}
