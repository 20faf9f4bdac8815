package io.dataflux.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.Event;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which fields are compared, in whole outputs and in parts of them, and how each difference is said. */
class ComparedFieldsTest {

    private static final Event ORDER = SentEvents.orders().event(5);

    record Address(String zip, @Nullable String street) {}

    record Customer(long id, @Nullable Address address, List<Address> others) {}

    private static final Customer ADA =
            new Customer(7, new Address("8001", "Quai 1"), List.of(new Address("1", "a"), new Address("2", "b")));

    @Test
    void valuesWithoutFieldsAreComparedAsAWhole() {
        assertThat(whole(null, null)).isEmpty();
        assertThat(whole(12, 12.0)).isEmpty();
        assertThat(whole(12, 13)).containsExactly("the value expected 12 but was 13");
        assertThat(whole(null, "x")).containsExactly("the value expected null but was \"x\"");
        assertThat(whole(12, null)).containsExactly("the value expected 12 but was null");
        assertThat(whole(Map.of("a", 1), 12)).containsExactly("the value expected {a=1} but was 12");
        assertThat(whole(List.of(1, 2), List.of(1))).containsExactly("the value expected 2 elements but had 1 element");
        assertThat(whole(List.of(Map.of("a", 1)), List.of(Map.of("a", 2))))
                .containsExactly("[0].a expected 1 but was 2");
    }

    @Test
    void textIsComparedWithTextAndBytesByItsBytes() {
        assertThat(whole("a,b", "a,b")).isEmpty();
        assertThat(whole("a,b", "a,b".getBytes(UTF_8))).isEmpty();
        assertThat(whole("a,b".getBytes(UTF_8), "a,b")).isEmpty();
        assertThat(whole("{\"a\":1}", "{\"a\": 1}")).containsExactly("same values, other bytes from byte 5 on");
    }

    @Test
    void anEventIsComparedWithTextByItsBytes() {
        String json = ORDER.toString();

        assertThat(whole(ORDER, json)).isEmpty();
        assertThat(whole(ORDER, json.getBytes(UTF_8))).isEmpty();
        assertThat(whole(ORDER, json.replace("\"customer\":\"user_", "\"customer\":\"User_")))
                .hasSize(1)
                .first()
                .asString()
                .startsWith("customer expected \"user_");
        assertThat(whole(ORDER, json.replace("}", " }")))
                .hasSize(1)
                .first()
                .asString()
                .startsWith("same values, other bytes");
        assertThat(of("channel").differences(ORDER, json.replace("\"customer\":\"user_", "\"customer\":\"User_")))
                .as("only the named fields")
                .isEmpty();
        assertThat(whole(ORDER, Map.of())).as("an event against an object").hasSize(5);
    }

    @Test
    void objectsAreComparedWithTextByTheFieldsOfItsJson() {
        assertThat(whole(new Address("8001", "Quai 1"), "{\"street\":\"Quai 1\",\"zip\":\"8001\",\"more\":1}"))
                .isEmpty();
        assertThat(whole(new Address("8001", null), "{\"zip\":\"8001\"}")).isEmpty();
        assertThat(whole(new Address("8001", null), "{\"zip\":\"8001\",\"street\":\"\"}"))
                .containsExactly("street expected null but was \"\"");
        assertThat(new Comparison(List.of()).differences(ADA, "oops"))
                .containsExactly(new Difference("form", "not readable as JSON: \"oops\""));
        assertThat(whole(ADA, null)).hasSize(1);
    }

    @Test
    void everyFieldThatDiffersIsNamedInItsOrder() {
        Customer other =
                new Customer(8, new Address("8001", "Quai 2"), List.of(new Address("1", "a"), new Address("2", "c")));

        assertThat(new Comparison(List.of()).differences(ADA, other))
                .containsExactly(
                        new Difference("id", "id expected 7 but was 8"),
                        new Difference("address.street", "address.street expected \"Quai 1\" but was \"Quai 2\""),
                        new Difference("others[1].street", "others[1].street expected \"b\" but was \"c\""));
        assertThat(whole(ADA, ADA)).isEmpty();
        assertThat(whole(ADA, new Customer(7, ADA.address, List.of(new Address("1", "a")))))
                .containsExactly("others expected 2 elements but had 1 element");
        assertThat(whole(new Customer(7, ADA.address, List.of()), ADA))
                .containsExactly("others expected 0 elements but had 2 elements");
        assertThat(whole(Map.of("a", 1, "b", 2), Map.of("a", 1))).containsExactly("b expected 2 but is missing");
        assertThat(whole(Map.of("a", "x"), Map.of())).containsExactly("a expected \"x\" but is missing");
    }

    @Test
    void onlyTheNamedPathsAreCompared() {
        Map<String, Object> other = Map.of("id", 9, "address", Map.of("zip", "8001", "street", "?"));

        assertThat(texts(of("address.zip"), ADA, other)).isEmpty();
        assertThat(texts(of("id", "address.street"), ADA, other))
                .containsExactly("id expected 7 but was 9", "address.street expected \"Quai 1\" but was \"?\"");
        assertThat(texts(of("address.zip"), ADA, Map.of("id", 7)))
                .containsExactly("address.zip expected \"8001\" but is missing");
        assertThat(texts(of("address.zip"), ADA, Map.of("address", Map.of())))
                .containsExactly("address.zip expected \"8001\" but is missing");
        assertThat(texts(of("address.zip"), ADA, "{\"address\":{\"zip\":\"8002\"}}"))
                .containsExactly("address.zip expected \"8001\" but was \"8002\"");
        assertThat(texts(of("a"), "{\"a\":1}", "{\"a\":1,\"b\":2}")).isEmpty();
    }

    @Test
    void nothingIsExpectedBelowAnObjectThatIsNull() {
        Customer homeless = new Customer(7, null, List.of());

        assertThat(texts(of("address.zip"), homeless, homeless)).isEmpty();
        assertThat(texts(of("address.zip"), homeless, Map.of("id", 7))).isEmpty();
        assertThat(texts(of("address.zip"), homeless, ADA))
                .containsExactly("address.zip expected null but was \"8001\"");
        assertThat(texts(of("a.b.c"), "{\"a\":{\"b\":null}}", "{\"a\":{\"b\":{\"c\":1}}}"))
                .containsExactly("a.b.c expected null but was 1");
    }

    @Test
    void aPathThatWhatIsExpectedDoesNotHaveIsAMistake() {
        for (String path : List.of("address.country", "addres.zip")) {
            assertThatThrownBy(() -> of(path).check(List.of(ADA, new Customer(8, new Address("1", "?"), List.of()))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith(
                            "comparing(\"" + path + "\"): what is expected has no such field; it has [");
        }
        assertThatThrownBy(() -> of("id.zip").differences(ADA, ADA))
                .hasMessage("comparing(\"id.zip\"): id has no fields, it is 7; compare it as a whole");
    }

    @Test
    void aPathThatOnlySomeOfWhatIsExpectedHaveIsNullInTheOthers() {
        Map<String, Object> without = Map.of("id", 1);
        Map<String, Object> with = Map.of("id", 1, "coupon", Map.of("code", "A"));
        for (String path : List.of("coupon", "coupon.code")) {
            of(path).check(List.of(without, with));
            of(path).check(List.of(Map.of("coupon", Optional.empty())));

            assertThat(texts(of(path), without, without)).isEmpty();
            assertThat(texts(of(path), without, with))
                    .hasSize(1)
                    .first()
                    .asString()
                    .startsWith(path + " expected null but was");
            assertThat(texts(of(path), with, without))
                    .hasSize(1)
                    .first()
                    .asString()
                    .endsWith("but is missing");
        }
        of("coupon").check(List.of());
        assertThatThrownBy(() -> of("coupon").check(List.of(without, Map.of("total", 2))))
                .hasMessage("comparing(\"coupon\"): what is expected has no such field; it has [id, total]");
        assertThatThrownBy(() -> of("coupon.kode").check(List.of(without, with)))
                .hasMessageMatching(".* no such field; it has \\[.*code.*");
    }

    @Test
    void elementsAreComparedInTheirOrderWhateverHoldsThem() {
        assertThat(field(List.of(1, 2), new long[] {1, 2})).isEmpty();
        assertThat(field(new Object[] {1, "b"}, List.of(1, "b"))).isEmpty();
        assertThat(field(Set.of(1), List.of(1))).isEmpty();
        assertThat(field(List.of(List.of(1, 2)), List.of(List.of(1, 3))))
                .containsExactly("v[0][1] expected 2 but was 3");
        assertThat(field(new int[] {1}, new int[] {1, 2})).containsExactly("v expected 1 element but had 2 elements");
        assertThat(field(List.of(1), 1)).containsExactly("v expected [1] but was 1");
        assertThat(field(1, List.of(1))).containsExactly("v expected 1 but was [1]");
        assertThat(field(new int[] {1}, "[1]")).hasSize(1);
        assertThat(field(Arrays.asList(1, null), Arrays.asList(1, null))).isEmpty();
        assertThat(field(Arrays.asList(1, null), List.of(1, 2))).containsExactly("v[1] expected null but was 2");
    }

    @Test
    void bytesAreComparedAsBytesAndShownAsText() {
        assertThat(field("abc".getBytes(UTF_8), "abc".getBytes(UTF_8))).isEmpty();
        assertThat(field("abc".getBytes(UTF_8), "abd".getBytes(UTF_8)))
                .containsExactly("v expected \"abc\" but was \"abd\"");
        assertThat(field("abc".getBytes(UTF_8), "abc")).containsExactly("v expected abc but was \"abc\"");
    }

    @Test
    void numbersAreShownInFullUnlessTheyAreTooLong() {
        assertThat(field(new BigDecimal("1E+3"), 1)).containsExactly("v expected 1000 but was 1");
        assertThat(field(new BigDecimal("1E-3"), 1)).containsExactly("v expected 0.001 but was 1");
        assertThat(field(1, new BigDecimal("1E+999"))).first().asString().startsWith("v expected 1 but was 1000000");
        assertThat(field(new BigDecimal("1E+1000"), 1)).containsExactly("v expected 1E+1000 but was 1");
        assertThat(field(new BigDecimal("1E-1000"), 1)).containsExactly("v expected 1E-1000 but was 1");
    }

    @Test
    void onlyWhatIsDeclaredIsTheSame() {
        Object thing = new Thing();
        assertThat(field(thing, thing)).isEmpty();
        assertThat(field(thing, new Thing())).hasSize(1);
        assertThat(field(thing, thing.toString())).hasSize(1);
        assertThat(field(Double.NaN, 1)).hasSize(1);
        assertThat(field(Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY)).hasSize(1);
        assertThat(field("2025-06-01T12:00Z", "2025-06-01T12:00:00Z"))
                .as("two texts")
                .hasSize(1);
        assertThat(field("no moment", Instant.EPOCH)).hasSize(1);
        assertThat(field("no date", LocalDate.EPOCH)).hasSize(1);
        assertThat(field(12, LocalDate.EPOCH)).hasSize(1);
        assertThat(field(12, Instant.EPOCH)).hasSize(1);
        assertThat(field(LocalDate.EPOCH, LocalDate.EPOCH.plusDays(1))).hasSize(1);
        assertThat(field(LocalDate.EPOCH, LocalTime.MIN)).hasSize(1);
        assertThat(field(LocalDateTime.MIN, LocalDate.MIN)).hasSize(1);
        assertThat(field(java.sql.Date.valueOf("1970-01-01"), Instant.EPOCH))
                .as("no moment")
                .hasSize(1);
        assertThat(field(java.sql.Time.valueOf("00:00:00"), Instant.EPOCH))
                .as("no moment")
                .hasSize(1);
        assertThat(field("1970-01-01", java.sql.Date.valueOf("1970-01-01"))).isEmpty();
        assertThat(field("1970-01-02", java.sql.Date.valueOf("1970-01-01"))).hasSize(1);
        assertThat(field("10:00", java.sql.Time.valueOf("10:00:00"))).isEmpty();
        assertThat(field("10:01", java.sql.Time.valueOf("10:00:00"))).hasSize(1);
    }

    /** A value of a class that nothing is known about. */
    private static final class Thing {}

    @Test
    void anUnchangedEventIsComparedAsTheRecordHoldsIt() {
        Comparison all = of();
        String json = ORDER.toString();
        Order seen = Order.of(ORDER, "as seen");

        assertThat(all.unchanged(ORDER, seen, json, null)).isEmpty();
        assertThat(all.unchanged(ORDER, seen, json.replace("ord_", "Ord_"), null))
                .extracting(Difference::where)
                .containsExactly("order_id");
        assertThat(all.unchanged(ORDER, seen, seen, null)).isEmpty();
        assertThat(texts(all.unchanged(ORDER, seen, Order.of(ORDER, "other"), null)))
                .containsExactly("derived expected \"as seen\" but was \"other\"");
        assertThat(of("channel").unchanged(ORDER, seen, json.replace("ord_", "Ord_"), null))
                .isEmpty();
        assertThat(of("order_id").unchanged(ORDER, seen, json.replace("ord_", "Ord_"), null))
                .extracting(Difference::where)
                .containsExactly("order_id");
    }

    @Test
    void aFieldOfTextIsComparedWithTheEventsOwnAndNotWithWhatTheTestSeesOfIt() {
        Order seen = new Order("as decoded", "?", "of its own");

        assertThat(of("order_id", "channel").unchanged(ORDER, seen, ORDER.toString(), null))
                .isEmpty();
    }

    @Test
    void aDecodedRecordIsComparedByTheJsonItCameFromWhereTheEventHasTheField() {
        Comparison all = of();
        Order seen = Order.of(ORDER, "as seen");
        Order otherId = new Order("decoded", seen.channel, "as seen");
        byte[] json = ORDER.bytes();
        byte[] altered = ORDER.toString().replace("ord_", "Ord_").getBytes(UTF_8);

        assertThat(all.unchanged(ORDER, seen, otherId, json))
                .as("what was decoded is not asked")
                .isEmpty();
        assertThat(all.unchanged(ORDER, seen, seen, altered))
                .extracting(Difference::where)
                .containsExactly("orderId");
        assertThat(texts(all.unchanged(ORDER, seen, Order.of(ORDER, "other"), json)))
                .as("a field of the test only")
                .containsExactly("derived expected \"as seen\" but was \"other\"");
        assertThat(of("channel").unchanged(ORDER, seen, seen, altered)).isEmpty();
        assertThat(of("order_id").unchanged(ORDER, seen, seen, altered)).hasSize(1);
        assertThat(all.unchanged(ORDER, seen, seen, "no json".getBytes(UTF_8))).isEmpty();
    }

    @Test
    void aFieldThatTheStoredJsonDoesNotHaveIsTakenFromTheDecodedRecord() {
        Order seen = Order.of(ORDER, "as seen");
        byte[] without = "{\"channel\":\"%s\"}".formatted(seen.channel).getBytes(UTF_8);

        assertThat(of().unchanged(ORDER, seen, seen, without)).isEmpty();
        assertThat(texts(of().unchanged(ORDER, seen, new Order("x", seen.channel, "as seen"), without)))
                .containsExactly("orderId expected \"" + seen.orderId + "\" but was \"x\"");
        assertThat(texts(of().unchanged(ORDER, seen, Map.of("derived", "as seen"), without)))
                .containsExactly("orderId expected \"" + seen.orderId + "\" but is missing");
    }

    /** What a test may see of an event: not all of it, and something of its own. */
    record Order(String orderId, String channel, String derived) {
        static Order of(Event event, String derived) {
            return new Order(String.valueOf(event.field("order_id")), String.valueOf(event.field("channel")), derived);
        }
    }

    private static Comparison of(String... fields) {
        return new Comparison(List.of(fields));
    }

    private static List<String> whole(@Nullable Object expected, @Nullable Object actual) {
        return texts(of(), expected, actual);
    }

    private static List<String> field(@Nullable Object expected, @Nullable Object actual) {
        Map<String, @Nullable Object> should = new HashMap<>();
        should.put("v", expected);
        Map<String, @Nullable Object> is = new HashMap<>();
        is.put("v", actual);
        return whole(should, is);
    }

    private static List<String> texts(Comparison comparison, @Nullable Object expected, @Nullable Object actual) {
        return texts(comparison.differences(expected, actual));
    }

    private static List<String> texts(List<Difference> differences) {
        return differences.stream().map(Difference::text).toList();
    }
}
