package io.dataflux.encode;

import static io.dataflux.model.Fields.anyOf;
import static io.dataflux.model.Fields.bool;
import static io.dataflux.model.Fields.constant;
import static io.dataflux.model.Fields.copy;
import static io.dataflux.model.Fields.decimal;
import static io.dataflux.model.Fields.faker;
import static io.dataflux.model.Fields.id;
import static io.dataflux.model.Fields.integer;
import static io.dataflux.model.Fields.key;
import static io.dataflux.model.Fields.keyNumber;
import static io.dataflux.model.Fields.list;
import static io.dataflux.model.Fields.longId;
import static io.dataflux.model.Fields.object;
import static io.dataflux.model.Fields.occurrence;
import static io.dataflux.model.Fields.perKey;
import static io.dataflux.model.Fields.pick;
import static io.dataflux.model.Fields.sequence;
import static io.dataflux.model.Fields.template;
import static io.dataflux.model.Fields.text;
import static io.dataflux.model.Fields.time;
import static io.dataflux.model.Fields.uuid;
import static io.dataflux.model.Fields.when;
import static io.dataflux.model.Fields.whenElse;
import static io.dataflux.model.Fields.words;
import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.catalog.Catalog;
import io.dataflux.model.Field;
import io.dataflux.model.Key;
import io.dataflux.model.Kind;
import io.dataflux.model.Kind.Bound;
import io.dataflux.model.Kind.TimeFormat;
import io.dataflux.model.StreamDefinition;
import io.dataflux.reference.ReferenceEncoder;
import io.dataflux.reference.ReferenceText;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What compiled streams write equals what the second implementation writes, as bytes, as a tree and as values. */
class CompiledEncodingTest {

    private static final boolean THOROUGH = Boolean.getBoolean("dataflux.thorough");

    /** Reduced 40 events in a row, thorough 2000; and some far ones. */
    private static final int ROW = THOROUGH ? 2000 : 40;

    private static final long[] FAR = {999, 1 << 20, (1L << 32) + 5, 1L << 39};

    static final StreamDefinition RICH = StreamDefinition.named("rich")
            .key(new Key("cüst_{}\n", 5000, new BigDecimal("1.1"), 16, 3))
            .identity("id")
            .start(Instant.parse("2024-02-28T23:59:58.000000001Z"))
            .rate(7, 3)
            .field("id", id("ord_{}\""))
            .field("other", uuid())
            .field("number", longId())
            .field("raw", new Field(new Kind.LongId(true)))
            .field("n", sequence(-5))
            .field("o", occurrence(1))
            .field("e", keyNumber())
            .field("k", key())
            .field("k2", key("<{}>"))
            .field("copied", copy("key"))
            .field("at", time())
            .field("second", time(TimeFormat.ISO_SECONDS))
            .field("millis", time(TimeFormat.EPOCH_MILLIS))
            .field("small", integer(0, 999))
            .field("negative", integer(-1_000_000, -1))
            .field("wide", integer(-(1L << 59), 1L << 59))
            .field(
                    "wideText",
                    integer(-(1L << 59), 1L << 59).asText().nullable("30%").absent("10%"))
            .field("numberText", sequence(1L << 53).asText())
            .field("choiceText", perKey(anyOf(1, 2).asText()))
            .field("byText", when("choiceText", "1", copy("wideText"), "2", template("{choiceText} {numberText}")))
            .field(
                    "boundText",
                    integer(Bound.of("choiceText"), Bound.of("numberText")).asText())
            .field(
                    "sparseText",
                    list(0, 4, integer(0, 9).nullable("30%").absent("30%").asText()))
            .field("one", integer(7, 7))
            .field("price", decimal("0.01", "1999.99"))
            .field("tiny", decimal("-0.000000000000001", "0.000000000000001"))
            .field("net", decimal(Bound.of(new BigDecimal("0.010")), Bound.of("price"), 3))
            .field("above", integer("small", 1000))
            .field("between", integer(Bound.of("negative"), Bound.of("small")))
            .field("yes", bool("33.3333%"))
            .field("never", bool("0%"))
            .field("channel", pick("wéb", 6, "app\\", 3, "shop", "0.5", "none", 0))
            .field("lonely", pick("x", 1))
            .field("mixed", pick(5, 2, new BigDecimal("2.50"), 4, new BigDecimal("1E+3"), 5))
            .field("numbers", pick(1, 80, 2, 14, Long.MIN_VALUE, 4, Long.MAX_VALUE, 4))
            .field("upTo", integer(Bound.of(-5), Bound.of("count")))
            .field("count", anyOf(1, 2, 3))
            .field(
                    "any",
                    anyOf("NO", "SE", "a value that is longer than the slots of a dictionary, which copies by words"))
            .field("word", words("w", List.of("a", "b", "c", "d", "e", "f", "g"), "1.3"))
            .field("name", faker("#{name.lastName}", 20))
            .field("coupon", text("C[A-Z]{4}-[0-9a-f]{2,30}\\.[\"\\\\]{0,3}").absent("40%"))
            .field("note", constant("a\u0000b\u001F\u007F\u2028😀").nullable("50%"))
            .field("both", bool("50%").nullable("50%").absent("50%"))
            .field("site", perKey(pick("north", 1, "south", 2)))
            .field("limit", perKey(integer(10, 20)))
            .field("load", integer(0, "limit"))
            .field("pole", when("site", "north", constant("N"), "south", text("S[0-9]")))
            .field("address", address())
            .field("items", items())
            .field("matrix", list(0, 2, list(1, 2, list(0, 3, list(1, 1, integer(0, 9))))))
            .field("deepest", list(2, 2, list(2, 2, list(0, 2, list(2, 2, list(1, 2, integer(0, "limit")))))))
            .field("none", list(0, 0, constant(1)))
            .field("sparse", list(0, 9, bool("50%").absent("50%").nullable("20%")))
            .field("title", template("{key} in {address.city} {price} {yes} {at} {wide} {pole}\""))
            .field("plain", template("no { brace".replace("{", "")))
            .field("variant", when("yes", "true", object("via", copy("channel"), "x", template("{via}"))))
            .field(
                    "chosen",
                    whenElse(
                            "count",
                            constant(3),
                            "1",
                            time(),
                            "2",
                            copy("items").nullable("50%")))
            .field("deep", when("yes", "false", when("channel", "shop", constant(1), "app\\", constant("2"))))
            .field("a_name_of_more_than_thirty_two_bytes_is_copied_in_another_way", constant(0))
            .field("", constant(new BigDecimal("0.00")))
            .field("q\"\\\t", constant(Long.MIN_VALUE))
            .field("huge", constant(new BigDecimal("123456789012345678901234567890.5")))
            .field("whole", constant(new BigDecimal("1E+5")))
            .field("exact", constant(1L << 53))
            .field("beyond", constant((1L << 53) + 1))
            .field("below", constant(-(1L << 53) - 1))
            .field("to", integer(0, 1L << 53))
            .field("over", integer(-(1L << 53) - 1, 0))
            .build();

    private static Field address() {
        return object(
                        "city",
                        words("cities", List.of("Oslo", "Århus"), "0"),
                        "zip",
                        text("[0-9]{5}"),
                        "geo",
                        object("lat", decimal("-90.0", "90.0"), "label", template("{city} {address.zip} {lat}")))
                .nullable("10%");
    }

    /** Looks outwards over one and two lists, and finds the nearest field of a name. */
    private static Field items() {
        return list(
                1,
                4,
                object(
                        "sku",
                        text("[A-Z]{3}[0-9]{3}"),
                        "price",
                        decimal("1.00", "9.99"),
                        "price_label",
                        template("{price} of {title_of} for {key}"),
                        "title_of",
                        copy("address.geo.label"),
                        "by",
                        copy("site"),
                        "tags",
                        list(
                                0,
                                3,
                                object(
                                        "of",
                                        copy("sku"),
                                        "said",
                                        when("yes", "true", copy("small"), "false", integer(0, "small")),
                                        "pole",
                                        whenElse("site", constant("?"), "north", template("{sku} {limit}"))))));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, -1})
    void everyKindAndModifier(int tag) {
        CompiledStream stream = Checked.compiled(RICH, 42);
        Checked.events(stream.withTag(tag), tag, LongStream.range(0, ROW).toArray());
        Checked.events(stream.withTag(tag), tag, FAR);
    }

    @Test
    void aStreamWithoutKeyAndIdentity() {
        StreamDefinition definition = StreamDefinition.named("bare")
                .field("o", occurrence(0))
                .field("a", list(0, 3, constant(1)))
                .build();
        Checked.events(
                Checked.compiled(definition, -1), 0, LongStream.range(0, 500).toArray());
    }

    @Test
    void anEventOfWhichNothingIsPresent() {
        StreamDefinition definition = StreamDefinition.named("bare")
                .field("a", bool("1%").absent("100%"))
                .field("o", constant(1).absent("50%"))
                .build();
        Checked.events(
                Checked.compiled(definition, 3), 0, LongStream.range(0, 20).toArray());
    }

    /** A start within a second, and events on the second. */
    @Test
    void timesCarryIntoTheNextSecond() {
        for (int nano : new int[] {500_000_000, 999_999_999, 1}) {
            StreamDefinition definition = StreamDefinition.named("s")
                    .start(Instant.parse("1969-12-31T23:59:58Z").plusNanos(nano))
                    .rate(2, 1)
                    .field("at", time())
                    .field("second", time(TimeFormat.ISO_SECONDS))
                    .field("millis", time(TimeFormat.EPOCH_MILLIS))
                    .build();
            CompiledStream stream = Checked.compiled(definition, 1);
            Checked.events(stream, 0, LongStream.range(0, 10).toArray());
            assertThat(stream.event(3).time()).isEqualTo(stream.timeOf(3));
        }
    }

    static List<String> catalog() {
        return Catalog.names();
    }

    @ParameterizedTest
    @MethodSource("catalog")
    void theStreamsOfTheCatalog(String name) {
        CompiledStream stream = Checked.compiled(Catalog.definition(name), 42);
        Checked.events(stream, 0, LongStream.range(0, ROW / 2).toArray());
        Checked.events(stream, 0, 1_000_000, 1_000_000_000, 1L << 40);
    }

    @Test
    void pathsLeadToValuesInsideAnEvent() {
        CompiledStream stream = Checked.compiled(RICH, 42);
        ReferenceEncoder reference = new ReferenceEncoder(RICH, 42, 0, stream.fingerprint());
        for (long n = 0; n < 20; n++) {
            java.util.Map<?, ?> values = (java.util.Map<?, ?>) ReferenceText.plain(reference.values(n));
            java.util.Map<?, ?> first = (java.util.Map<?, ?>) ((List<?>) values.get("items")).get(0);
            assertThat(stream.event(n).field("items[0].price")).isEqualTo(first.get("price"));
            assertThat(stream.event(n).field("items[0]")).isEqualTo(first);
            assertThat(stream.event(n).field("items[4096]")).isNull();
            assertThat(stream.event(n).field("items[-1]")).isNull();
            assertThat(stream.event(n).field("items.price")).isNull();
            assertThat(stream.event(n).field("nobody")).isNull();
            assertThat(stream.event(n).field("price.of")).isNull();
            java.util.Map<?, ?> address = (java.util.Map<?, ?>) values.get("address");
            assertThat(stream.event(n).field("address.zip")).isEqualTo(address == null ? null : address.get("zip"));
        }
    }
}
