package io.dataflux.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.CharBuffer;
import java.sql.Timestamp;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.GregorianCalendar;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TimeZone;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which values are the same although they are of different types, and which are not although they look alike. */
class ComparisonTest {

    private static final Instant NOON = Instant.parse("2025-06-01T12:00:00Z");

    private enum Tier {
        GOLD {
            @Override
            public String toString() {
                return "the best";
            }
        }
    }

    record Name(String first) {}

    private static final List<Object> MOMENTS = List.of(
            NOON,
            NOON.atOffset(ZoneOffset.ofHours(2)),
            NOON.atZone(ZoneId.of("America/New_York")),
            Date.from(NOON),
            Timestamp.from(NOON),
            calendar());

    private static final List<String> NOON_AS_TEXT = List.of(
            "2025-06-01T12:00:00Z",
            "2025-06-01T12:00:00.000Z",
            "2025-06-01T12:00Z",
            "2025-06-01T14:00+02:00",
            "2025-06-01T08:00:00-04:00[America/New_York]");

    private static final List<Object> TWELVE = List.of(
            12,
            12L,
            (short) 12,
            (byte) 12,
            12.0,
            12.0f,
            BigInteger.valueOf(12),
            new BigDecimal("12.00"),
            new AtomicLong(12),
            JsonNodeFactory.instance.numberNode(12.0));

    static List<List<Object>> same() {
        return List.of(
                List.of(true, true),
                List.of("a", CharBuffer.wrap("a")),
                List.of('a', "a"),
                List.of(Tier.GOLD, "GOLD"),
                List.of(DayOfWeek.MONDAY, "MONDAY"),
                List.of(new UUID(1, 2), "00000000-0000-0001-0000-000000000002"),
                List.of(URI.create("http://a/b"), "http://a/b"),
                List.of(LocalDate.of(2025, 6, 1), "2025-06-01"),
                List.of(LocalDate.of(2025, 6, 1), java.sql.Date.valueOf("2025-06-01")),
                List.of(LocalTime.of(10, 0), "10:00:00"),
                List.of(LocalTime.of(10, 0), java.sql.Time.valueOf("10:00:00")),
                List.of(LocalDateTime.of(2025, 6, 1, 10, 0), "2025-06-01T10:00:00.000"),
                List.of(Duration.ofSeconds(90), "PT1M30S"),
                List.of(Double.NaN, Double.NaN),
                List.of(Optional.of(12), 12.0),
                List.of(List.of(1, 2), new int[] {1, 2}),
                List.of(new Name("Ada"), Map.of("first", "Ada", "last", "Lovelace")));
    }

    static List<List<Object>> different() {
        return List.of(
                List.of(true, "true"),
                List.of(12, "12"),
                List.of(12, 12.5),
                List.of(1, true),
                List.of("a", "A"),
                List.of(Tier.GOLD, "the best"),
                List.of(Map.of(), "{}"),
                List.of(List.of(), "[]"),
                List.of(List.of(1), "[1]"),
                List.of(new int[] {1}, new int[] {1, 2}),
                List.of(NOON, NOON.plusNanos(1)),
                List.of(NOON, "noon"),
                List.of(NOON, NOON.toEpochMilli()),
                List.of(NOON, LocalDateTime.of(2025, 6, 1, 12, 0)),
                List.of(LocalDate.of(2025, 6, 1), "2025-06-01T00:00:00"),
                List.of(LocalTime.of(10, 0), "10:00:01"),
                List.of(new UUID(1, 2), "00000000-0000-0001-0000-000000000003"));
    }

    @ParameterizedTest
    @MethodSource("same")
    void theseAreTheSameBothWays(List<Object> pair) {
        assertThat(differences(pair.get(0), pair.get(1))).isEmpty();
        if (!(pair.get(0) instanceof Name)) { // what is expected decides which fields count
            assertThat(differences(pair.get(1), pair.get(0))).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("different")
    void theseDifferBothWays(List<Object> pair) {
        assertThat(differences(pair.get(0), pair.get(1))).hasSize(1);
        assertThat(differences(pair.get(1), pair.get(0))).hasSize(1);
    }

    @Test
    void numbersOfAllTypesAreComparedByValue() {
        for (Object one : TWELVE) {
            for (Object other : TWELVE) {
                assertThat(differences(one, other))
                        .as("%s, %s", one.getClass(), other.getClass())
                        .isEmpty();
            }
            assertThat(differences(one, "12")).isNotEmpty();
            assertThat(differences(one, new BigDecimal("12.000000000000000001")))
                    .isNotEmpty();
        }
    }

    @Test
    void momentsOfAllTypesAreComparedByTheInstant() {
        for (Object one : MOMENTS) {
            for (Object other : MOMENTS) {
                assertThat(differences(one, other))
                        .as("%s, %s", one.getClass(), other.getClass())
                        .isEmpty();
            }
            for (String text : NOON_AS_TEXT) {
                assertThat(differences(one, text))
                        .as("%s, %s", one.getClass(), text)
                        .isEmpty();
                assertThat(differences(text, one))
                        .as("%s, %s", text, one.getClass())
                        .isEmpty();
            }
            assertThat(differences(one, "2025-06-01T12:00:00"))
                    .as("no zone: no moment")
                    .isNotEmpty();
            assertThat(differences(OffsetDateTime.parse("2025-06-01T12:00:01Z"), one))
                    .isNotEmpty();
            assertThat(differences(ZonedDateTime.parse("2025-06-01T12:00:00+01:00[Europe/London]"), one))
                    .isNotEmpty();
        }
    }

    @Test
    void nothingIsTheSameAsAMissingFieldInWhateverForm() {
        List<Object> withoutValue = new ArrayList<>(List.of(
                Collections.emptyMap(),
                "{}",
                "{\"value\":null}",
                JsonNodeFactory.instance.objectNode(),
                JsonNodeFactory.instance.objectNode().putNull("value"),
                Collections.singletonMap("value", null),
                Map.of("value", Optional.empty())));
        for (Object expected : withoutValue.subList(3, withoutValue.size())) {
            for (Object actual : withoutValue) {
                assertThat(new Comparison(List.of()).differences(expected, actual))
                        .as("%s, %s", expected, actual)
                        .isEmpty();
            }
            assertThat(new Comparison(List.of()).differences(expected, Map.of("value", "")))
                    .hasSize(expected.equals(withoutValue.get(3)) ? 0 : 1);
        }
    }

    record Person(Object address) {}

    @Test
    void aPathLeadsThroughWhateverMayHoldItsFields() {
        Comparison cities = new Comparison(List.of("address.city"));
        Object oslo = Map.of("city", "Oslo");
        Object none = Collections.singletonMap("city", null);
        List<Object> held = List.of(
                oslo, Optional.of(oslo), JsonNodeFactory.instance.objectNode().put("city", "Oslo"));
        List<Object> empty = List.of(
                new Person(null),
                new Person(Optional.empty()),
                new Person(JsonNodeFactory.instance.nullNode()),
                new Person(none));
        for (Object one : held) {
            for (Object other : held) {
                assertThat(cities.differences(new Person(one), new Person(other)))
                        .isEmpty();
            }
            for (Object nothing : empty) {
                assertThat(cities.differences(new Person(one), nothing))
                        .extracting(Difference::text)
                        .allMatch(text -> text.startsWith("address.city expected \"Oslo\" but "))
                        .hasSize(1);
                assertThat(cities.differences(nothing, new Person(one)))
                        .extracting(Difference::text)
                        .containsExactly("address.city expected null but was \"Oslo\"");
            }
        }
        for (Object one : empty) {
            for (Object other : empty) {
                assertThat(cities.differences(one, other))
                        .as("%s, %s", one, other)
                        .isEmpty();
            }
            assertThat(cities.differences(one, Collections.emptyMap())).isEmpty();
        }
    }

    @Test
    void aPathThroughWhatHasNoFieldsIsRefusedInWords() {
        Comparison cities = new Comparison(List.of("address.city"));

        assertThatThrownBy(() -> cities.differences(new Person(List.of("Oslo")), new Person(null)))
                .hasMessage("comparing(\"address.city\"): address has no fields, it is [Oslo]; compare it as a whole");
        assertThatThrownBy(() -> cities.check(List.of(Map.of("adress", 1))))
                .hasMessage("comparing(\"address.city\"): what is expected has no such field; it has [adress]");
    }

    private static List<Difference> differences(Object expected, Object actual) {
        return new Comparison(List.of("value")).differences(Map.of("value", expected), Map.of("value", actual));
    }

    private static GregorianCalendar calendar() {
        GregorianCalendar calendar = new GregorianCalendar(TimeZone.getTimeZone("Asia/Tokyo"));
        calendar.setTimeInMillis(NOON.toEpochMilli());
        return calendar;
    }
}
