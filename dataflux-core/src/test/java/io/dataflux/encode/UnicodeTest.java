package io.dataflux.encode;

import static io.dataflux.model.Fields.anyOf;
import static io.dataflux.model.Fields.constant;
import static io.dataflux.model.Fields.copy;
import static io.dataflux.model.Fields.id;
import static io.dataflux.model.Fields.key;
import static io.dataflux.model.Fields.template;
import static io.dataflux.model.Fields.words;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.json.Json;
import io.dataflux.json.Unescape;
import io.dataflux.model.StreamDefinition;
import io.dataflux.reference.ReferenceText;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every text: all code points, wherever a definition can hold text. */
class UnicodeTest {

    private static final boolean THOROUGH = Boolean.getBoolean("dataflux.thorough");
    private static final int BLOCK = 4096;
    private static final int BLOCKS = (Character.MAX_CODE_POINT + 1) / BLOCK;
    private static final int PLANES = 17;

    /** Reduced the two planes with most characters and the last one, thorough all 17. */
    static IntStream planes() {
        return THOROUGH ? IntStream.range(0, PLANES) : IntStream.of(0, 1, PLANES - 1);
    }

    /** The characters of a block that are no halves of pairs; braces mean something in patterns and templates. */
    private static String text(int block) {
        return IntStream.range(block * BLOCK, (block + 1) * BLOCK)
                .filter(code -> code < Character.MIN_SURROGATE || code > Character.MAX_SURROGATE)
                .filter(code -> code != '{' && code != '}')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    @ParameterizedTest
    @MethodSource("planes")
    void allCodePointsInNamesValuesKeysAndTemplates(int plane) {
        for (int block = plane * BLOCKS / PLANES; block < (plane + 1) * BLOCKS / PLANES; block++) {
            String text = text(block);
            StreamDefinition definition = StreamDefinition.named("s" + text)
                    .key(text + "{}" + text, 1)
                    .identity("id")
                    .field("id", id(text + "{}" + text))
                    .field("constant", constant(text))
                    .field(text + "name", constant("value"))
                    .field("word", words("w", List.of(text), "0"))
                    .field("pick", anyOf(text + "1", text + "2"))
                    .field("key", key())
                    .field("copied", copy("constant"))
                    .field("template", template(text + "{constant}" + text + "{key}"))
                    .build();
            CompiledStream stream = Checked.compiled(definition, block);
            Checked.events(stream, 0, 7);
            Map<?, ?> parsed = Checked.parsed(stream.event(7).bytes());
            assertThat(parsed.get("constant")).isEqualTo(text);
            assertThat(parsed.get("template")).isEqualTo(text + text + text + text + "0" + text);
            assertThat(stream.event(7).field("template")).isEqualTo(parsed.get("template"));
            assertThat(stream.key(0)).isEqualTo((text + "0" + text).getBytes(StandardCharsets.UTF_8));
            assertThat(stream.sequenceOf(parsed.get("id"))).hasValue(7);
        }
    }

    @Test
    void everyCharacterByItself() {
        byte[] b = new byte[6 + Json.SLACK];
        for (int code = 0; code <= Character.MAX_CODE_POINT; code++) {
            String text = Character.toString(code);
            if (code >= Character.MIN_SURROGATE && code <= Character.MAX_SURROGATE) {
                assertThatThrownBy(() -> Json.escaped(text)).isInstanceOf(IllegalArgumentException.class);
                continue;
            }
            int end = Json.escaped(b, 0, text);
            String json = ReferenceText.json(text);
            assertThat(new String(b, 0, end, StandardCharsets.UTF_8)).isEqualTo(json.substring(1, json.length() - 1));
        }
    }

    @Test
    void escapesAreTheShortOnesAndLowerCase() {
        assertThat(new String(
                        Json.quoted("\"\\\b\f\n\r\t/\u0000\u000B\u001F\u007F\u0080é\u2028€😀"), StandardCharsets.UTF_8))
                .isEqualTo("\"\\\"\\\\\\b\\f\\n\\r\\t/\\u0000\\u000b\\u001f\u007F\u0080é\u2028€😀\"");
    }

    @Test
    void readsBackWhatItWrites() {
        for (int block = 0; block < BLOCKS; block++) {
            byte[] quoted = Json.quoted(text(block));
            byte[] framed = new byte[quoted.length + 4];
            System.arraycopy(quoted, 0, framed, 2, quoted.length);
            assertThat(Unescape.string(framed, 2, 2 + quoted.length)).isEqualTo(text(block));
        }
    }

    @Test
    void halvesOfPairsAreRefusedWhereverTheyStand() {
        for (String text : List.of(
                "\uD800", "\uDBFF", "\uDC00", "\uDFFF", "a\uD83D", "\uDE00\uD83D", "😀\uD83Dx", "\uD83D\uD83D\uDE00")) {
            assertThatThrownBy(() -> Json.escaped(text))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageMatching(
                            "character \\d is half of a surrogate pair \\(U\\+D[89A-F][0-9A-F]{2}\\), which UTF-8 cannot encode");
        }
    }

    @Test
    void writesNoByteBehindTheText() {
        byte[] b = new byte[64];
        Arrays.fill(b, (byte) 7);
        assertThat(Json.escaped(b, 10, "é\n")).isEqualTo(14);
        assertThat(Arrays.copyOfRange(b, 0, 10)).containsOnly(7);
        assertThat(Arrays.copyOfRange(b, 14, 64)).containsOnly(7);
    }
}
