package io.dataflux.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a system put out is read as what it is, whatever Java type it is read into. */
class StrictDecodingTest {

    enum Tier {
        GOLD,
        TIN
    }

    // one record per type that people read values into
    record Ints(int v) {}

    record Longs(long v) {}

    record Shorts(short v) {}

    record Bytes(byte v) {}

    record BoxedInts(Integer v) {}

    record BoxedLongs(Long v) {}

    record BigInts(BigInteger v) {}

    record AtomicInts(AtomicInteger v) {}

    record AtomicLongs(AtomicLong v) {}

    record OptionalLongs(Optional<Long> v) {}

    record PrimitiveOptionals(OptionalLong v) {}

    record PrimitiveOptionalInts(OptionalInt v) {}

    record ListsOfLongs(List<Long> v) {}

    record ArraysOfLongs(long[] v) {}

    record MapsOfLongs(Map<String, Long> v) {}

    record Decimals(BigDecimal v) {}

    record Doubles(double v) {}

    record Floats(float v) {}

    record BoxedDoubles(Double v) {}

    record OptionalDecimals(Optional<BigDecimal> v) {}

    record Booleans(boolean v) {}

    record BoxedBooleans(Boolean v) {}

    record OptionalBooleans(Optional<Boolean> v) {}

    record Texts(String v) {}

    record OptionalTexts(Optional<String> v) {}

    record ListsOfTexts(List<String> v) {}

    record MapsOfTexts(Map<String, String> v) {}

    record Chars(char v) {}

    record Sequences(CharSequence v) {}

    record Enums(Tier v) {}

    record OptionalEnums(Optional<Tier> v) {}

    record Instants(Instant v) {}

    record OptionalInstants(Optional<Instant> v) {}

    record Offsets(OffsetDateTime v) {}

    record Zoned(ZonedDateTime v) {}

    record Dates(Date v) {}

    record Timestamps(Timestamp v) {}

    record LocalDateTimes(LocalDateTime v) {}

    record LocalDates(LocalDate v) {}

    record LocalTimes(LocalTime v) {}

    record Inner(Longs v) {}

    private static final List<Class<?>> WHOLE = List.of(
            Ints.class,
            Longs.class,
            Shorts.class,
            Bytes.class,
            BoxedInts.class,
            BoxedLongs.class,
            BigInts.class,
            AtomicInts.class,
            AtomicLongs.class,
            OptionalLongs.class,
            PrimitiveOptionals.class,
            PrimitiveOptionalInts.class);
    private static final List<Class<?>> BROKEN =
            List.of(Decimals.class, Doubles.class, Floats.class, BoxedDoubles.class, OptionalDecimals.class);
    private static final List<Class<?>> YES_NO = List.of(Booleans.class, BoxedBooleans.class, OptionalBooleans.class);
    private static final List<Class<?>> TEXT = List.of(Texts.class, OptionalTexts.class, Sequences.class, Chars.class);
    private static final List<Class<?>> CHOICE = List.of(Enums.class, OptionalEnums.class);
    private static final List<Class<?>> MOMENT =
            List.of(Instants.class, OptionalInstants.class, Offsets.class, Zoned.class, Dates.class, Timestamps.class);
    private static final List<Class<?>> LOCAL = List.of(LocalDateTimes.class, LocalDates.class, LocalTimes.class);

    private record Case(Class<?> type, String json) {
        @Override
        public String toString() {
            return json + " as " + type.getSimpleName();
        }
    }

    private static Stream<Case> cases(List<Class<?>> types, String... values) {
        return types.stream().flatMap(type -> Stream.of(values).map(value -> new Case(type, value)));
    }

    static Stream<Case> refused() {
        return Stream.of(
                        cases(
                                WHOLE, "\"12\"", "\" 12\"", "\"\"", "\" \"", "true", "false", "12.5", "[12]", "{}",
                                "1e-1"),
                        cases(BROKEN, "\"12\"", "\"12.5\"", "\"\"", "\" \"", "true", "[1.5]", "{}"),
                        cases(YES_NO, "\"true\"", "\"false\"", "\"\"", "1", "0", "0.0", "1.0", "[true]"),
                        cases(TEXT, "1", "1.5", "true", "[\"a\"]", "{}"),
                        cases(CHOICE, "0", "1", "\"0\"", "\"gold\"", "\" GOLD\"", "\"\"", "true", "1.0"),
                        cases(
                                MOMENT,
                                "\"1735689600000\"",
                                "\"2025-06-01\"",
                                "\"2025-06-01T12:00:00\"",
                                "\"\"",
                                "1.5",
                                "true",
                                "\"noon\""),
                        cases(
                                LOCAL,
                                "1735689600000",
                                "\"2025\"",
                                "\"\"",
                                "true",
                                "[2025,6,1]",
                                "\"2025-06-01T12:00:00Z\""),
                        cases(
                                List.of(ListsOfLongs.class, ArraysOfLongs.class),
                                "[\"12\"]",
                                "[true]",
                                "[1.5]",
                                "12",
                                "\"\"",
                                "\"12\""),
                        cases(List.of(ListsOfTexts.class), "[12]", "[true]", "\"a\"", "\"\""),
                        cases(List.of(MapsOfLongs.class), "{\"a\":\"12\"}", "{\"a\":true}"),
                        cases(List.of(MapsOfTexts.class), "{\"a\":12}", "{\"a\":true}"),
                        cases(List.of(Inner.class), "{\"v\":\"12\"}", "\"\"", "12", "{\"v\":1,\"v\":1}"),
                        cases(List.of(Ints.class), "2147483648", "2147483648.0", "1e99999", "null"),
                        cases(List.of(Longs.class), "9223372036854775808", "9.3e18", "null"),
                        cases(List.of(Booleans.class), "null"))
                .flatMap(each -> each);
    }

    @ParameterizedTest
    @MethodSource("refused")
    void nothingIsConverted(Case each) {
        assertThatThrownBy(() -> read(each))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("this cannot be read as " + each.type.getSimpleName() + ": ")
                .hasMessageEndingWith("; it is {\"v\":" + each.json + "}")
                .message()
                .doesNotContain("CoercionConfig", "`", "io.dataflux");
    }

    static Stream<List<Object>> read() {
        Instant noon = Instant.parse("2025-06-01T12:00:00Z");
        return Stream.of(
                        WHOLE.stream()
                                .flatMap(type -> Stream.of("12", "12.0", "12.000", "1.2e1", "1.2E1")
                                        .map(json -> List.<Object>of(type, json, "12"))),
                        BROKEN.stream()
                                .flatMap(type -> Stream.of("12.5", "12.50", "1.25e1")
                                        .map(json -> List.<Object>of(type, json, "12.5"))),
                        BROKEN.stream().map(type -> List.<Object>of(type, "12", "12")),
                        YES_NO.stream().map(type -> List.<Object>of(type, "true", "true")),
                        TEXT.stream().map(type -> List.<Object>of(type, "\"1\"", "1")),
                        CHOICE.stream().map(type -> List.<Object>of(type, "\"GOLD\"", "GOLD")),
                        MOMENT.stream()
                                .flatMap(type -> Stream.of(
                                                "\"2025-06-01T12:00:00Z\"",
                                                "\"2025-06-01T12:00Z\"",
                                                "\"2025-06-01T14:00:00.000+02:00\"",
                                                Long.toString(noon.toEpochMilli()))
                                        .map(json -> List.<Object>of(type, json, noon.toString()))),
                        Stream.of(
                                List.<Object>of(LocalDateTimes.class, "\"2025-06-01T12:00:00\"", "2025-06-01T12:00"),
                                List.<Object>of(LocalDates.class, "\"2025-06-01\"", "2025-06-01"),
                                List.<Object>of(LocalTimes.class, "\"12:00:00\"", "12:00"),
                                List.<Object>of(Longs.class, "9007199254740993.0", "9007199254740993"),
                                List.<Object>of(BigInts.class, "9007199254740993000.0", "9007199254740993000"),
                                List.<Object>of(ListsOfLongs.class, "[1,2.0]", "[1, 2]"),
                                List.<Object>of(MapsOfLongs.class, "{\"a\":2.0}", "{a=2}"),
                                List.<Object>of(Inner.class, "{\"v\":12.0}", "Longs[v=12]")))
                .flatMap(each -> each);
    }

    @ParameterizedTest
    @MethodSource("read")
    void whatIsOfTheTypeIsReadInEveryForm(List<Object> each) throws Exception {
        Object record = read(new Case((Class<?>) each.get(0), (String) each.get(1)));

        assertThat(plain(record)).isEqualTo(each.get(2));
    }

    /** The value as text, whatever it is wrapped in. */
    private static String plain(Object record) throws Exception {
        var accessor = record.getClass().getRecordComponents()[0].getAccessor();
        accessor.setAccessible(true);
        Object value = accessor.invoke(record);
        value = value instanceof Optional<?> optional ? optional.orElseThrow() : value;
        value = value instanceof OptionalLong some
                ? some.getAsLong()
                : value instanceof OptionalInt some ? some.getAsInt() : value;
        return value instanceof Date date
                ? date.toInstant().toString()
                : value instanceof OffsetDateTime time
                        ? time.toInstant().toString()
                        : value instanceof ZonedDateTime time
                                ? time.toInstant().toString()
                                : value instanceof Double || value instanceof Float || value instanceof BigDecimal
                                        ? new BigDecimal(value.toString())
                                                .stripTrailingZeros()
                                                .toPlainString()
                                        : value.toString();
    }

    @Test
    void whatHasNoTypeOfItsOwnKeepsThatOfTheJson() {
        JsonNode node = Decoder.ofBytes(JsonNode.class).apply("{\"a\":\"12\",\"b\":12}".getBytes(UTF_8));
        Map<?, ?> map = Decoder.ofBytes(Map.class).apply("{\"a\":\"12\",\"b\":12}".getBytes(UTF_8));

        assertThat(node.get("a").isTextual()).isTrue();
        assertThat(node.get("b").isNumber()).isTrue();
        assertThat(map.get("a")).isEqualTo("12");
        assertThat(map.get("b")).isEqualTo(12L);
    }

    @Test
    void aMemberThatIsThereTwiceIsNotRead() {
        for (Class<?> type : List.of(Texts.class, Map.class, JsonNode.class)) {
            assertThatThrownBy(() -> Decoder.ofBytes(type).apply("{\"v\":\"a\",\"v\":\"b\"}".getBytes(UTF_8)))
                    .hasMessageContaining("Duplicate field 'v'");
        }
        for (String poison : List.of(
                "", " ", "null", "{", "{\"v\":\"a\"", "{\"v\":\"a\"}{}", "[1]", "\u0000", "[".repeat(100_000))) {
            assertThatThrownBy(() -> Decoder.ofBytes(Texts.class).apply(poison.getBytes(UTF_8)))
                    .as("'%s'", poison.length() > 20 ? "deep" : poison)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("this cannot be read as Texts: ");
        }
    }

    record Declared(
            @JsonFormat(pattern = "dd.MM.yyyy HH:mm") LocalDateTime local,

            @JsonFormat(pattern = "dd.MM.yyyy HH:mm", timezone = "Europe/Berlin")
            Instant moment) {}

    @Test
    void aPatternThatATypeDeclaresIsHonoured() {
        Declared declared = Decoder.ofBytes(Declared.class)
                .apply("{\"local\":\"01.06.2025 12:00\",\"moment\":\"01.06.2025 14:00\"}".getBytes(UTF_8));

        assertThat(declared)
                .isEqualTo(
                        new Declared(LocalDateTime.parse("2025-06-01T12:00"), Instant.parse("2025-06-01T12:00:00Z")));
    }

    private static Object read(Case each) {
        return Decoder.ofBytes(each.type).apply(("{\"v\":" + each.json + "}").getBytes(UTF_8));
    }
}
