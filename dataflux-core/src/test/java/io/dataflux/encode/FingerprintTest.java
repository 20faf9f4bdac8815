package io.dataflux.encode;

import static io.dataflux.model.Fields.anyOf;
import static io.dataflux.model.Fields.bool;
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
import static io.dataflux.model.Fields.pick;
import static io.dataflux.model.Fields.sequence;
import static io.dataflux.model.Fields.smooth;
import static io.dataflux.model.Fields.template;
import static io.dataflux.model.Fields.text;
import static io.dataflux.model.Fields.time;
import static io.dataflux.model.Fields.when;
import static io.dataflux.model.Fields.whenElse;
import static io.dataflux.model.Fields.words;
import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.model.Field;
import io.dataflux.model.Key;
import io.dataflux.model.Kind;
import io.dataflux.model.Kind.Bound;
import io.dataflux.model.Kind.Length;
import io.dataflux.model.Kind.TimeFormat;
import io.dataflux.model.Spread;
import io.dataflux.model.StreamDefinition;
import io.dataflux.reference.RandomDefinitions;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The fingerprint tells streams apart whose events differ, and no others. */
class FingerprintTest {

    private static final int SEED = 42;

    private static StreamDefinition.Builder base() {
        return StreamDefinition.named("orders")
                .key(new Key("cust_{}", 100, new BigDecimal("1.5"), 8, 2))
                .identity("id")
                .field("id", id("ord_{}"))
                .field("a", constant(1))
                .field("b", bool("25%"));
    }

    private static long fingerprint(StreamDefinition.Builder builder) {
        return Canonical.fingerprint(builder.build(), SEED, 0);
    }

    private static long fingerprint(Field field) {
        return fingerprint(base().replace("a", field));
    }

    private static void allDiffer(StreamDefinition.Builder... builders) {
        assertThat(Arrays.stream(builders).map(FingerprintTest::fingerprint)).doesNotHaveDuplicates();
    }

    private static void allDiffer(Field... fields) {
        assertThat(Arrays.stream(fields).map(FingerprintTest::fingerprint)).doesNotHaveDuplicates();
    }

    private static Key keys(String pattern, long count, String skew, int shards, int spread) {
        return new Key(pattern, count, new BigDecimal(skew), shards, spread);
    }

    @Test
    void everyPartOfAStreamCounts() {
        allDiffer(
                base(),
                base().name("order"),
                base().key((Key) null),
                base().key(keys("user_{}", 100, "1.5", 8, 2)),
                base().key(keys("cust_{}", 101, "1.5", 8, 2)),
                base().key(keys("cust_{}", 100, "1.6", 8, 2)),
                base().key(keys("cust_{}", 100, "1.5", 4, 2)),
                base().key(keys("cust_{}", 100, "1.5", 8, 1)),
                base().identity(),
                base().identity("id", "a"),
                base().identity("a", "id"),
                base().start(Instant.parse("2025-01-01T00:00:00.000000001Z")),
                base().rate(5001, 1),
                base().rate(5000, 3),
                base().field("c", constant(1)),
                base().replace("b", bool("25.0001%")),
                base().replace("b", bool("25%").nullable("1%")),
                base().replace("b", bool("25%").absent("1%")),
                base().code("mine", Map.of()));
    }

    @Test
    void theSeedCounts() {
        assertThat(Canonical.fingerprint(base().build(), 1, 0)).isNotEqualTo(fingerprint(base()));
    }

    @Test
    void theOrderAndTheNamesOfFieldsCount() {
        StreamDefinition.Builder other =
                StreamDefinition.named("orders").field("x", constant(1)).field("y", constant(1));
        StreamDefinition.Builder swapped =
                StreamDefinition.named("orders").field("y", constant(1)).field("x", constant(1));
        StreamDefinition.Builder nested = StreamDefinition.named("orders").field("x", object("y", constant(1)));
        StreamDefinition.Builder list = StreamDefinition.named("orders").field("x", list(1, 1, constant(1)));
        allDiffer(other, swapped, nested, list);
    }

    @Test
    void everyPartOfAFieldCounts() {
        allDiffer(
                constant(1),
                constant("1"),
                constant(2),
                constant(true),
                constant("true"),
                constant(new BigDecimal("1.0")),
                constant(new BigDecimal("1.00")),
                id("{}"),
                id("a{}"),
                longId(),
                new Field(new Kind.LongId(true)),
                sequence(0),
                sequence(1),
                occurrence(0),
                occurrence(1),
                time(),
                time(TimeFormat.ISO_SECONDS),
                time(TimeFormat.EPOCH_MILLIS),
                integer(0, 1),
                integer(0, 2),
                integer(-1, 1),
                integer(0, "b"),
                integer("b", 1),
                integer(0, 9, new Spread.Normal(null, null)),
                integer(0, 9, new Spread.Normal(BigDecimal.ONE, null)),
                integer(0, 9, new Spread.Normal(null, BigDecimal.ONE)),
                integer(0, 9, new Spread.Lognormal(null, BigDecimal.ONE)),
                integer(0, 9, new Spread.Exponential(null)),
                integer(0, 9, new Spread.Zipf(BigDecimal.ONE)),
                integer(0, 9, new Spread.Zipf(BigDecimal.TEN)),
                integer(0, 9, new Spread.Histogram(Map.of(BigDecimal.valueOf(9), BigDecimal.ONE))),
                integer(0, 9, new Spread.Weighted(Map.of(BigDecimal.valueOf(9), BigDecimal.ONE))),
                decimal(Bound.of(0), Bound.of(1), 0),
                decimal(Bound.of(0), Bound.of(1), 1),
                decimal(Bound.of(0), Bound.of("b"), 1),
                smooth("0", "1", Duration.ofHours(1)),
                smooth("0.0", "1", Duration.ofHours(1)),
                smooth("0", "2", Duration.ofHours(1)),
                smooth("0", "1", Duration.ofHours(2)),
                smooth("0", "1", Duration.ofHours(1), "1%", 0),
                smooth("0", "1", Duration.ofHours(1), "1%", 1),
                counter("1/s"),
                counter("2/s"),
                counter("1/s", Duration.ofHours(1)),
                linear("b", "1", "0", "0", "0", "1"),
                linear("c", "1", "0", "0", "0", "1"),
                linear("b", "2", "0", "0", "0", "1"),
                linear("b", "1", "1", "0", "0", "1"),
                linear("b", "1", "0", "1", "0", "1"),
                linear("b", "1", "0", "0", "-1", "1"),
                linear("b", "1", "0", "0", "0", "2"),
                linear("b", "1", "0", "0", "0", "1.0"),
                bool("1%"),
                bool("1.5%"),
                pick("x", 1, "y", 1),
                pick("y", 1, "x", 1),
                pick("x", 1, "y", 2),
                pick("x", 1, "y", 1, "z", 1),
                pick("1", 1),
                pick(1, 1),
                pick(new BigDecimal("1.0"), 1),
                pick(new BigDecimal("1.00"), 1),
                words("w", List.of("x", "y"), "0"),
                words("w", List.of("y", "x"), "0"),
                words("w", List.of("x", "y"), "1"),
                words("w", List.of("xy"), "0"),
                key(),
                key("{}"),
                key("null{}"),
                keyNumber(),
                text("[ab]"),
                text("[ba]"),
                faker("#{name.firstName}", 2),
                faker("#{name.firstName}", 3),
                faker("#{name.lastName}", 2),
                object("x", constant(1)),
                object("z", constant(1)),
                list(1, 2, constant(1)),
                list(0, 2, constant(1)),
                list(1, 3, constant(1)),
                list(1, 2, constant(1).absent("1%")),
                new Field(new Kind.ListOf(new Length(1, 2, new BigDecimal("0.5")), constant(1))),
                copy("b"),
                copy("id"),
                template("b"),
                template("{b}"),
                when("b", "true", constant(1)),
                when("b", "false", constant(1)),
                when("b", "true", constant(2)),
                when("id", "true", constant(1)),
                whenElse("b", constant(1), "true", constant(1)),
                whenElse("b", constant(2), "true", constant(1)),
                perKey(bool("1%")),
                perKey(bool("2%")));
    }

    @Test
    void theVersionOfCodeAndItsSettingsCount() {
        StreamDefinition code = base().code("mine", Map.of("x", 1L)).build();
        assertThat(Canonical.fingerprint(code, SEED, 1)).isNotEqualTo(Canonical.fingerprint(code, SEED, 2));
        allDiffer(
                base().code("mine", Map.of("x", 1L)),
                base().code("yours", Map.of("x", 1L)),
                base().code("mine", Map.of("x", 2L)),
                base().code("mine", Map.of("y", 1L)),
                base().code("mine", Map.of("x", "1")),
                base().code("mine", Map.of("x", List.of(1L, 2L))),
                base().code("mine", Map.of("x", List.of(1L, List.of(2L)))),
                base().code("mine", Map.of("x", "[1, 2]")),
                base().code("mine", Map.of("x", Map.of("1", 2L))),
                base().code("mine", Collections.singletonMap("x", null)));
    }

    @Test
    void decimalsOfOneValueAreOne() {
        Key key = base().build().key();
        assertThat(fingerprint(base().key(keys("cust_{}", 100, "1.50", 8, 2)))).isEqualTo(fingerprint(base()));
        assertThat(key.skew().toString()).isEqualTo("1.5");
        assertThat(fingerprint(pick("x", "1.0", "y", "10"))).isEqualTo(fingerprint(pick("x", 1, "y", "1E+1")));
        assertThat(fingerprint(decimal(Bound.of(new BigDecimal("0.0")), Bound.of(new BigDecimal("100")), 3)))
                .isEqualTo(fingerprint(decimal(Bound.of(0), Bound.of(new BigDecimal("1E+2")), 3)));
        assertThat(fingerprint(words("w", List.of("x"), "1.10")))
                .isEqualTo(fingerprint(words("w", List.of("x"), "1.1")));
        assertThat(fingerprint(bool("5.00%"))).isEqualTo(fingerprint(bool("5%")));
        assertThat(fingerprint(base().rate(10_000, 2))).isEqualTo(fingerprint(base()));
        assertThat(fingerprint(constant(new BigDecimal("1E+1")))).isEqualTo(fingerprint(constant(10)));
    }

    @Test
    void theOrderOfCasesAndSettingsMeansNothing() {
        assertThat(fingerprint(when("b", "true", constant(1), "false", constant(2))))
                .isEqualTo(fingerprint(when("b", "false", constant(2), "true", constant(1))));
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("x", Map.of("p", 1L, "q", 2L));
        settings.put("y", "2");
        Map<String, Object> swapped = new LinkedHashMap<>();
        swapped.put("y", "2");
        swapped.put("x", new LinkedHashMap<>(Map.of("q", 2L, "p", 1L)));
        assertThat(fingerprint(base().code("mine", swapped))).isEqualTo(fingerprint(base().code("mine", settings)));
    }

    @Test
    void whatChangesNoByteMeansNothing() {
        assertThat(fingerprint(base().maxEventBytes(12345))).isEqualTo(fingerprint(base()));
        assertThat(fingerprint(words("here", List.of("x"), "1")))
                .isEqualTo(fingerprint(words("there", List.of("x"), "1")));
        assertThat(fingerprint(base().build().toBuilder())).isEqualTo(fingerprint(base()));
    }

    /** Text that looks like the canonical form's own marks does not blur where a part ends. */
    @Test
    void quotesAndLinesInTextMeanThemselves() {
        allDiffer(
                StreamDefinition.named("s").field("ab", constant("c")),
                StreamDefinition.named("s").field("a", constant("bc")),
                StreamDefinition.named("s").field("a", constant("b\"\nnullable 0\nabsent 0\n1\"c\"\nconstant 1\"d")),
                StreamDefinition.named("s").field("a", constant("b")).field("c", constant("d")),
                StreamDefinition.named("s\"\n{").field("a", constant("b")),
                StreamDefinition.named("s").field("a", anyOf("b", "c")),
                StreamDefinition.named("s").field("a", anyOf("b\"\nweight 1\nvalue 1\"c")));
    }

    @Test
    void manyDefinitionsHaveAsManyFingerprints() {
        Set<Long> fingerprints = new LinkedHashSet<>();
        for (int seed = 0; seed < 300; seed++) {
            StreamDefinition definition = new RandomDefinitions(seed).next();
            assertThat(fingerprints.add(Canonical.fingerprint(definition, SEED, 0)))
                    .isTrue();
            assertThat(Canonical.fingerprint(new RandomDefinitions(seed).next(), SEED, 0))
                    .isIn(fingerprints);
        }
    }
}
