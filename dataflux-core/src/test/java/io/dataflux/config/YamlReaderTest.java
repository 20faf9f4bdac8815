package io.dataflux.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.ConfigurationException;
import io.dataflux.config.Tree.Mapping;
import io.dataflux.config.Tree.Scalar;
import io.dataflux.config.Tree.Sequence;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class YamlReaderTest {

    @Test
    void aTreeHasPathsAndLines() {
        Mapping root = parse("a: 1\nb:\n  c: [x, {d: y}]\n  \"e.f\": z\n").root();

        Mapping b = (Mapping) root.get("b");
        Sequence c = (Sequence) b.get("c");
        assertThat(root.get("a").line()).isEqualTo(1);
        assertThat(c.path()).isEqualTo("b.c");
        assertThat(c.items().get(0).path()).isEqualTo("b.c[0]");
        assertThat(((Mapping) c.items().get(1)).get("d").path()).isEqualTo("b.c[1].d");
        assertThat(((Mapping) c.items().get(1)).get("d").line()).isEqualTo(3);
        assertThat(b.get("e.f").path()).isEqualTo("b.\"e.f\"");
        assertThat(b.get("e.f").line()).isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource({
        "true, BOOL",
        "False, BOOL",
        "~, NULL",
        "null, NULL",
        "0, INTEGER",
        "-17, INTEGER",
        "+5, INTEGER",
        "0.5, DECIMAL",
        "-.5, DECIMAL",
        "1.50, DECIMAL",
        "abc, TEXT",
        "25%, TEXT",
        "2025-01-01T00:00:00Z, TEXT",
        "localhost:9092, TEXT",
        "1.2.3, TEXT",
        "10MB, TEXT",
        "30s, TEXT",
        "nope, TEXT",
        "yesterday, TEXT",
        "nano, TEXT",
        "0abc, TEXT",
        "-, TEXT"
    })
    void plainTextHasItsMeaning(String text, PlainText.Type type) {
        assertThat(PlainText.type(text)).isEqualTo(type);
        assertThat(PlainText.flaw(text)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "yes",
                "YES",
                "No",
                "on",
                "Off",
                "y",
                "N",
                "18:30",
                "-1:30",
                "190:20:30",
                "190:20:30.15",
                "01234",
                "-007",
                "00",
                "0x1F",
                "0o17",
                "0b101",
                "1_000",
                "1_0.5",
                "1e3",
                "1.5E+7",
                ".inf",
                "-.INF",
                "+.Inf",
                ".nan",
                ".NaN",
                "NaN",
                "Infinity",
                "-Infinity",
                "<<",
                "5.",
                "1234567890123456789012345678901234567890123456789012345678901"
            })
    void wordsThatReadersDoNotAgreeUponAreFlawedUnlessQuoted(String text) {
        assertThat(((Scalar) parse("key: " + text).root().get("key")).flaw()).isNotNull();
        assertThat(((Scalar) parse("key: '" + text + "'").root().get("key")).flaw())
                .isNull();
        assertThat(((Scalar) parse("key: \"" + text + "\"").root().get("key")).flaw())
                .isNull();
    }

    @Test
    void jsonIsYaml() {
        Mapping root = parse("""
                {"a": "text", "b": -1.5, "c": [true, null, "\\u00e9\\/\\ud83d\\ude00"], "d": {}}
                """).root();

        Sequence c = (Sequence) root.get("c");
        assertThat(root.get("a"))
                .isInstanceOfSatisfying(
                        Scalar.class, a -> assertThat(a.quoted()).isTrue());
        assertThat(root.get("b"))
                .isInstanceOfSatisfying(Scalar.class, b -> assertThat(b.type()).isEqualTo(PlainText.Type.DECIMAL));
        assertThat(((Scalar) c.items().get(1)).type()).isEqualTo(PlainText.Type.NULL);
        assertThat(((Scalar) c.items().get(2)).text()).isEqualTo("é/😀");
    }

    @Test
    void aMarkOfByteOrderAndForeignLineEndsAreFine() {
        assertThat(parse("\uFEFFa: 1\r\nb: 2\r\n").root().get("b").line()).isEqualTo(2);
    }

    @Test
    void halfACharacterIsRefused() {
        assertThat(((Scalar) parse("a: \"x\\ud83d\"").root().get("a")).flaw()).contains("surrogate");
    }

    @Test
    void whatIsNotUtf8IsRefused() {
        assertThatThrownBy(() -> Document.parse("config.yaml", "a: \u00e9".getBytes(StandardCharsets.ISO_8859_1)))
                .hasMessage("config.yaml: 1 problem\n  is not UTF-8; save the file as UTF-8");
        assertThatThrownBy(() -> Document.parse("config.yaml", "a: 1".getBytes(StandardCharsets.UTF_16)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("is not UTF-8");
    }

    @Test
    void moreThanAMebibyteIsRefused() {
        byte[] bytes = ("a: " + "x".repeat(1 << 20)).getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> Document.parse("config.yaml", bytes)).hasMessageContaining("is larger than 1 MiB");
    }

    @Test
    void moreThanTwoHundredLevelsAreRefused() {
        String most = "{a: ".repeat(199) + "1" + "}".repeat(199);
        String more = "[".repeat(100_000) + "]".repeat(100_000);

        assertThat(parse(most).problems().none()).isTrue();
        assertThatThrownBy(() -> parse("{a: " + most + "}")).hasMessageContaining("more than 200 levels deep");
        assertThatThrownBy(() -> parse("a: " + more)).hasMessageContaining("more than 200 levels deep");
    }

    @Test
    void aSecondDocumentIsRefused() {
        assertThatThrownBy(() -> parse("a: 1\n---\nb: 2\n"))
                .hasMessage(
                        "config.yaml: 1 problem\n  line 2, column 1: a second document begins here; a configuration is one"
                                + " document, so remove '---' and what follows");
        assertThat(parse("---\na: 1\n...\n").problems().none()).isTrue();
    }

    @Test
    void tabsAreFineInCommentsOnly() {
        assertThat(parse("a: 1\n  # a\tcomment\n").problems().none()).isTrue();
        assertThatThrownBy(() -> parse("a:\t1")).hasMessageContaining("line 1, column 3: a tab");
    }

    @Test
    void aControlCharacterIsRefused() {
        assertThatThrownBy(() -> parse("a: x\u0007y"))
                .hasMessageContaining("line 1, column 5: an invisible control character");
    }

    @Test
    void keysAreWords() {
        assertThat(messageOf("? [a, b]\n: 1\nc: 2\n"))
                .contains("line 1 has a map, list or reference as a key; a key must be a word");
        assertThat(messageOf("\"\": 1\n")).contains("an empty key; write a name before the ':'");
        assertThat(messageOf("no: 1\n"))
                .contains(
                        "no (line 1): the key 'no' means false to some YAML readers and text to others; put it in quotes");
    }

    private static String messageOf(String yaml) {
        return parse(yaml).problems().exception("config.yaml").getMessage();
    }

    private static Document parse(String yaml) {
        return Document.parse("config.yaml", yaml.getBytes(StandardCharsets.UTF_8));
    }
}
