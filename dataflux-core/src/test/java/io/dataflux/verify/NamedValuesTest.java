package io.dataflux.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.dataflux.Event;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Constructor;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.CharBuffer;
import java.time.DayOfWeek;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which values an object has by name, whatever it is made of. */
@SuppressWarnings({"UnusedMethod", "EffectivelyPrivate", "UnnecessaryStringBuilder"}) // read by reflection
class NamedValuesTest {

    private record Hidden(int orderId, @Nullable String note) {}

    record Failing(int id) {
        @Override
        public int id() {
            throw new ArithmeticException("no id");
        }
    }

    public enum Level {
        LOW;

        public int getRank() {
            return 1;
        }
    }

    /** As frameworks want it. */
    public static class Bean {
        public static final String KIND = "bean";
        public final int open = 3;

        public String getName() {
            return "Ada";
        }

        public boolean isActive() {
            return true;
        }

        public String isolated() {
            return "no property: no capital letter follows";
        }

        public String isNothing() {
            return "no property: no boolean";
        }

        public String get() {
            return "no property: no name";
        }

        public String getter() {
            return "no property: no capital letter follows";
        }

        public String getOne(int of) {
            return "no property: it has a parameter";
        }

        public void getVoid() {}

        public static String getShared() {
            return "no property: static";
        }

        public String name() {
            return "no property: no prefix";
        }
    }

    /** A number that has a getter, too. */
    public static final class Money extends Number {
        private static final long serialVersionUID = 1;

        public String getCurrency() {
            return "EUR";
        }

        @Override
        public int intValue() {
            return 1;
        }

        @Override
        public long longValue() {
            return 1;
        }

        @Override
        public float floatValue() {
            return 1;
        }

        @Override
        public double doubleValue() {
            return 1;
        }
    }

    @Test
    void aRecordHasItsComponentsInTheirOrder() {
        NamedValues values = of(new Hidden(7, null));

        assertThat(values.names()).containsExactly("orderId", "note");
        assertThat(values.value("orderId")).isEqualTo(7);
        assertThat(values.has("note")).isTrue();
        assertThat(values.value("note")).isNull();
    }

    @Test
    void aBeanHasItsPropertiesAndPublicFieldsByName() {
        NamedValues values = of(new Bean());

        assertThat(values.names()).containsExactly("active", "name", "open");
        assertThat(values.value("active")).isEqualTo(true);
        assertThat(values.value("name")).isEqualTo("Ada");
        assertThat(values.value("open")).isEqualTo(3);
    }

    /** What a class has is found out once per class, so once more for one that another loader has. */
    @Test
    void aClassThatIsLoadedAgainHasTheSameMembers() throws Exception {
        Object bean = again(Bean.class).getDeclaredConstructor().newInstance();
        assertThat(bean).isNotInstanceOf(Bean.class);
        assertThat(of(bean).names()).containsExactly("active", "name", "open");
        assertThat(of(bean).value("active")).isEqualTo(true);
        assertThat(of(bean).value("name")).isEqualTo("Ada");
        assertThat(of(bean).value("open")).isEqualTo(3);

        Constructor<?> constructor = again(Hidden.class).getDeclaredConstructor(int.class, String.class);
        constructor.setAccessible(true);
        Object hidden = constructor.newInstance(7, "x");
        assertThat(hidden).isNotInstanceOf(Hidden.class);
        assertThat(of(hidden).names()).containsExactly("orderId", "note");
        assertThat(of(hidden).value("orderId")).isEqualTo(7);

        Constructor<?> none = again(Nothing.class).getDeclaredConstructor();
        none.setAccessible(true);
        assertThat(NamedValues.of(none.newInstance())).isNull();
    }

    private static final class Nothing {}

    private static Class<?> again(Class<?> type) throws IOException {
        try (InputStream in = type.getResourceAsStream(type.getName().replaceFirst(".*\\.", "") + ".class")) {
            byte[] bytes = Objects.requireNonNull(in).readAllBytes();
            return new ClassLoader(type.getClassLoader()) {
                Class<?> define() {
                    return defineClass(type.getName(), bytes, 0, bytes.length);
                }
            }.define();
        }
    }

    @Test
    void aMapHasItsEntriesAndJsonItsFields() {
        Map<Object, Object> map = new LinkedHashMap<>();
        map.put(2, "two");
        map.put("b", 1);
        assertThat(of(map).names()).containsExactly("2", "b");
        assertThat(of(map).value("2")).isEqualTo("two");

        JsonNode json = Difference.json("{\"b\":1.50,\"a\":\"x\"}".getBytes(UTF_8));
        assertThat(of(json).names()).containsExactly("b", "a");
        assertThat(of(json).value("b")).isEqualTo(new BigDecimal("1.50"));
        assertThat(NamedValues.ofText("{\"a\":\"x\"}").value("a")).isEqualTo("x");
        Event event = SentEvents.orders().event(3);
        assertThat(of(event).names()).containsExactly("order_id", "customer", "placed_at", "channel", "total");
    }

    @Test
    void jsonValuesAreThoseOfJava() {
        NamedValues values = Objects.requireNonNull(
                NamedValues.ofText("{\"t\":true,\"f\":false,\"n\":null,\"l\":[1,null,[\"x\"]],\"o\":{\"a\":1}}"));

        assertThat(values.value("t")).isEqualTo(true);
        assertThat(values.value("f")).isEqualTo(false);
        assertThat(values.has("n")).isTrue();
        assertThat(values.value("n")).isNull();
        assertThat(values.value("l")).isEqualTo(Arrays.asList(BigDecimal.ONE, null, List.of("x")));
        assertThat(values.value("o")).isInstanceOf(JsonNode.class);
        assertThat(NamedValues.plain(MissingNode.getInstance())).isNull();
    }

    @Test
    void whatIsOneValueHasNone() {
        for (Object value : Arrays.asList(
                null,
                "text",
                CharBuffer.wrap("text"),
                12,
                new BigInteger("12"),
                new Money(),
                true,
                Instant.EPOCH,
                DayOfWeek.MONDAY,
                Level.LOW,
                new int[] {1},
                List.of(1),
                new Object(),
                new NamedValuesTest(),
                Difference.json("[1]".getBytes(UTF_8)),
                Difference.json("12".getBytes(UTF_8)))) {
            assertThat(NamedValues.of(value)).as("%s", value).isNull();
        }
        for (String text : List.of("", "12", "[1]", "null", "{\"a\":1", "{\"a\":1}{}", "{\"a\":1,\"a\":2}")) {
            assertThat(NamedValues.ofText(text)).as(text).isNull();
        }
    }

    @Test
    void namesThatDifferInCaseAndSeparatorsOnlyAreTheSame() {
        NamedValues values = of(Map.of("order_id", 7));

        for (String name : List.of("order_id", "orderId", "order-id", "ORDER_ID", "OrderID")) {
            assertThat(values.has(name)).as(name).isTrue();
            assertThat(values.value(name)).as(name).isEqualTo(7);
        }
        for (String name : List.of("order", "order.id", "order id", "order_ids", "")) {
            assertThat(values.has(name)).as(name).isFalse();
            assertThat(values.value(name)).as(name).isNull();
        }
        assertThat(of(Map.of("a_b", 1, "ab", 2)).value("ab"))
                .as("the exact name comes first")
                .isEqualTo(2);
    }

    @Test
    void aPathLeadsThroughObjectsAndJsonInTextToAValue() {
        NamedValues values = of(Map.of(
                "a",
                Map.of("b", new Hidden(7, "x"), "n", 5),
                "json",
                "{\"in\":{\"side\":1}}",
                "x.y",
                "dotted",
                "x",
                1));

        assertThat(values.hasAt("a")).isTrue();
        assertThat(values.hasAt("a.b.order_id")).isTrue();
        assertThat(values.at("a.b.order_id")).isEqualTo(7);
        assertThat(values.at("a.n")).isEqualTo(5);
        assertThat(values.at("json.in.side")).isEqualTo(BigDecimal.ONE);
        assertThat(values.hasAt("x.y")).isTrue();
        assertThat(values.at("x.y")).isEqualTo("dotted");
        for (String path : List.of("b", "a.c", "a.b.c", "c.b", "a.n.c", "a.b.note.c", ".a", "c.d.e")) {
            assertThat(values.hasAt(path)).as(path).isFalse();
            assertThat(values.at(path)).as(path).isNull();
        }
        NamedValues dotted = of(Map.of("a", Map.of("b.c", Map.of("d", 3)), "e.f", Map.of("g", 4)));
        assertThat(dotted.at("a.b.c.d")).isEqualTo(3);
        assertThat(dotted.at("e.f.g")).isEqualTo(4);
        assertThat(dotted.hasAt("a.b")).isFalse();
        NamedValues nameless = of(Map.of("", Map.of("a", 1)));
        assertThat(nameless.hasAt(".a")).isTrue();
        assertThat(nameless.at(".a")).isEqualTo(1);
    }

    @Test
    void aMemberThatFailsIsSaidWithItsReason() {
        assertThatThrownBy(() -> NamedValues.of(new Failing(1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("'id' of a " + Failing.class.getName()
                        + " cannot be read: java.lang.ArithmeticException: no id")
                .hasCauseInstanceOf(ArithmeticException.class);
    }

    record Plain(
            String text,
            long whole,
            int small,
            boolean yes,
            @Nullable Object other) {}

    record Text(String inner) implements CharSequence {
        @Override
        public int length() {
            return inner.length();
        }

        @Override
        public char charAt(int at) {
            return inner.charAt(at);
        }

        @Override
        public CharSequence subSequence(int from, int to) {
            return inner.subSequence(from, to);
        }
    }

    record Empty() {}

    @Test
    void onlyRecordsOfPlainValuesAreSeenToBeTheSameAtOnce() {
        assertThat(NamedValues.plainlySame(new Plain("a", 1, 2, true, 0.5), new Plain("a", 1, 2, true, 0.5)))
                .isTrue();
        assertThat(NamedValues.plainlySame(new Plain("a", 1, 2, true, "b"), new Plain("a", 1, 2, true, "b")))
                .isTrue();
        for (Plain other : List.of(
                new Plain("b", 1, 2, true, 0.5),
                new Plain("a", 2, 2, true, 0.5),
                new Plain("a", 1, 3, true, 0.5),
                new Plain("a", 1, 2, false, 0.5),
                new Plain("a", 1, 2, true, 0.25),
                new Plain("a", 1, 2, true, null))) {
            assertThat(NamedValues.plainlySame(new Plain("a", 1, 2, true, 0.5), other))
                    .as("%s", other)
                    .isFalse();
        }
        for (Object closer : List.of(Double.NaN, BigDecimal.ONE, List.of(), new Empty(), 1.5f)) {
            Plain plain = new Plain("a", 1, 2, true, closer);
            assertThat(NamedValues.plainlySame(plain, plain)).as("%s", closer).isFalse();
        }
        assertThat(NamedValues.plainlySame(new Empty(), new Empty())).isFalse();
        assertThat(NamedValues.plainlySame(new Text("a"), new Text("a"))).isFalse();
        assertThat(NamedValues.plainlySame("a", "a")).isFalse();
        assertThat(NamedValues.plainlySame(null, null)).isFalse();
        assertThat(NamedValues.plainlySame(new Empty(), new Hidden(1, null))).isFalse();
    }

    private static NamedValues of(@Nullable Object object) {
        return Objects.requireNonNull(NamedValues.of(object));
    }
}
