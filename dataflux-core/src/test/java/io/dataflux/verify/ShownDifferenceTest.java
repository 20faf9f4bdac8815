package io.dataflux.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A difference in a long value is shown where it is: its field, and both values around the first character or byte that differs. */
class ShownDifferenceTest {

    private static final String LONG = "0123456789".repeat(20);

    /** Pairs of long values of every kind that differ only far behind their beginnings. */
    static List<List<Object>> longPairs() {
        byte[] bytes = new byte[200];
        byte[] others = bytes.clone();
        others[182] = 1;
        return List.of(
                List.of(LONG + "a" + LONG, LONG + "b" + LONG),
                List.of(LONG + "a", LONG),
                List.of(LONG, LONG + "b"),
                List.of(new BigInteger("9" + LONG + "1"), new BigInteger("9" + LONG + "2")),
                List.of(new BigDecimal("9" + LONG + ".1"), new BigDecimal("9" + LONG + ".2")),
                List.of(List.of(1, LONG + "a"), List.of(1, LONG + "b")),
                List.of(Map.of("inner", LONG + "a"), Map.of("inner", LONG + "b")),
                List.of(bytes, others),
                List.of((LONG + "a").getBytes(UTF_8), (LONG + "b").getBytes(UTF_8)),
                List.of(LONG + "é" + LONG, LONG + "e\u0301" + LONG),
                List.of(LONG + "\uD83D\uDE00" + LONG, LONG + "\uD83D\uDE01" + LONG),
                List.of("\uD83D\uDE00".repeat(100) + "a", "\uD83D\uDE00".repeat(100) + "b"),
                List.of("x" + "\uD83D\uDE00".repeat(100) + "a", "x" + "\uD83D\uDE00".repeat(100) + "b"),
                List.of(LONG + " ", LONG + "\u00a0"),
                List.of(LONG + "a", LONG + "\u200ba"));
    }

    @ParameterizedTest
    @MethodSource("longPairs")
    void bothValuesAreShownWhereTheyDiffer(List<Object> pair) {
        assertShown(pair.get(0), pair.get(1));
        assertShown(pair.get(1), pair.get(0));
    }

    private static void assertShown(Object expected, Object actual) {
        List<Difference> differences =
                new Comparison(List.of()).differences(Map.of("note", expected), Map.of("note", actual));

        assertThat(differences).hasSize(1);
        String text = differences.get(0).text();
        int was = text.indexOf(" but was ");
        assertThat(text).startsWith("note").contains(" expected ").contains(" but was ");
        String should = text.substring(text.indexOf(" expected ") + 10, was);
        String is = text.substring(was + 9, Math.max(was + 9, text.lastIndexOf(", from ")));
        assertThat(is).isNotEmpty().isNotEqualTo(should);
        assertThat(text.length()).isLessThan(300);
        for (int i = 0; i < text.length(); i++) {
            boolean half = Character.isHighSurrogate(text.charAt(i))
                    ? i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1))
                    : Character.isLowSurrogate(text.charAt(i)) && !Character.isHighSurrogate(text.charAt(i - 1));
            assertThat(half).as("half a character at %s in %s", i, text).isFalse();
        }
    }

    @Test
    void theTextSaysFromWhichCharacterOn() {
        assertThat(first(LONG + "a" + LONG, LONG + "b" + LONG))
                .isEqualTo("note expected \"..." + "0123456789".repeat(3) + "a" + LONG.substring(0, 49)
                        + "... but was \"..." + "0123456789".repeat(3) + "b" + LONG.substring(0, 49)
                        + "..., from character 201 on");
        assertThat(first(LONG, LONG.substring(0, 195)))
                .isEqualTo("note expected \"...567890123456789012345678901234" + "56789\" but was \"..."
                        + "567890123456789012345678901234\", from character 196 on");
        assertThat(first("a\nb\t\"c\"", "a\nb\u0007"))
                .isEqualTo("note expected \"a\\nb\\t\\\"c\\\"\" but was \"a\\nb\\u0007\"");
    }

    @Test
    void bytesAreShownInHexadecimalDigitsUnlessTheyAreText() {
        byte[] bytes = new byte[200];
        byte[] others = bytes.clone();
        others[182] = 0x2a;

        assertThat(first(bytes, others))
                .isEqualTo("note expected 200 bytes ..." + "00".repeat(33) + " but was 200 bytes ..." + "00".repeat(15)
                        + "2a" + "00".repeat(17) + ", from byte 182 on");
        assertThat(first("abc".getBytes(UTF_8), "abd".getBytes(UTF_8)))
                .isEqualTo("note expected \"abc\" but was \"abd\"");
        assertThat(first(new byte[] {1, 2}, new byte[] {1}))
                .isEqualTo("note expected 2 bytes 0102 but was 1 byte 01, from byte 1 on");
    }

    @Test
    void wholeOutputsOfBytesOrTextNameTheField() {
        String json = "{\"id\":1,\"note\":\"" + LONG + "a\"}";
        String other = "{\"id\":1,\"note\":\"" + LONG + "b\"}";
        for (List<Object> pair : List.<List<Object>>of(
                List.of(json, other),
                List.of(json.getBytes(UTF_8), other.getBytes(UTF_8)),
                List.of(json.getBytes(UTF_8), other))) {
            assertThat(new Comparison(List.of()).differences(pair.get(0), pair.get(1)))
                    .extracting(Difference::text)
                    .containsExactly("note expected \"..." + "0123456789".repeat(3) + "a\" but was \"..."
                            + "0123456789".repeat(3) + "b\", from character 201 on");
        }
        assertThat(new Comparison(List.of()).differences("a,b", "a,c"))
                .extracting(Difference::text)
                .containsExactly("the value expected \"a,b\" but was \"a,c\"");
    }

    @Test
    void aSinksVerdictShowsTheSame() {
        byte[] expected = ("{\"a\":[\"" + LONG + "a\"]}").getBytes(UTF_8);
        byte[] actual = ("{\"a\":[\"" + LONG + "b\"]}").getBytes(UTF_8);

        assertThat(Difference.between(expected, expected.length, actual).text())
                .isEqualTo("a[0] expected \"..." + "0123456789".repeat(3) + "a\" but was \"..." + "0123456789".repeat(3)
                        + "b\", from character 201 on");
        byte[] number = ("{\"a\":9" + LONG + "1}").getBytes(UTF_8);
        byte[] another = Arrays.copyOf(number, number.length);
        another[number.length - 2] = '2';
        assertThat(Difference.between(number, number.length, another).text())
                .isEqualTo("a expected ..." + "0123456789".repeat(3) + "1 but was ..." + "0123456789".repeat(3)
                        + "2, from character 202 on");
    }

    private static String first(Object expected, Object actual) {
        return new Comparison(List.of())
                .differences(Map.of("note", expected), Map.of("note", actual))
                .get(0)
                .text();
    }
}
