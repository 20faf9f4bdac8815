package io.dataflux.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A pattern means what it means as a regular expression, or it is refused. */
class PatternTest {

    private static final List<String> PARTS = List.of(
            "a", "-", "2", ",", "\\", "d", "w", "s", "[", "]", "[^", "{", "}", "{2}", "{1,3}", "(", ")", "|", "?", "*",
            "+", ".", "^", "$", "&&", ":", "[a-c]", "\\d", "\\w", "\\-");

    private static final int EVENTS = 24;

    private static List<String> texts(String pattern, int count) {
        Pattern node = Pattern.parse(1, pattern);
        EventState state = new EventState();
        List<String> texts = new ArrayList<>();
        for (int n = 0; n < count; n++) {
            state.word = io.dataflux.schedule.Mix.mix(n);
            texts.add((String) node.value(state));
        }
        return texts;
    }

    /** All sequences of three parts of the language, and with the thorough profile of four. */
    @Test
    void whatIsAcceptedMatchesAsARegularExpression() {
        int length = Boolean.getBoolean("dataflux.thorough") ? 4 : 3;
        int accepted = 0;
        List<String> patterns = List.of("");
        for (int i = 0; i < length; i++) {
            patterns = patterns.stream()
                    .flatMap(pattern -> PARTS.stream().map(part -> pattern + part))
                    .collect(Collectors.toList());
            for (String pattern : patterns) {
                accepted += matches(pattern) ? 1 : 0;
            }
        }
        assertThat(accepted).isGreaterThan(1500);
    }

    private static boolean matches(String pattern) {
        List<String> texts;
        try {
            texts = texts(pattern, EVENTS);
        } catch (IllegalArgumentException e) {
            assertThat(e).as(pattern).hasMessageMatching("(?s).*(position|class|range|ASCII).*");
            return false;
        }
        try {
            assertThat(texts)
                    .as(pattern)
                    .allMatch(java.util.regex.Pattern.compile(pattern).asMatchPredicate());
        } catch (PatternSyntaxException e) {
            throw new AssertionError("not a regular expression, but accepted: " + pattern, e);
        }
        return true;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\\D",
                "\\s",
                "\\S",
                "\\W",
                "\\b",
                "\\B",
                "\\A",
                "\\z",
                "\\Z",
                "\\G",
                "\\h",
                "\\v",
                "\\R",
                "\\X",
                "\\n",
                "\\t",
                "\\r",
                "\\f",
                "\\e",
                "\\a",
                "\\0",
                "\\1",
                "\\x41",
                "\\u0041",
                "\\cA",
                "\\p{L}",
                "\\P{L}",
                "\\Qa\\E",
                "\\k<a>",
                "\\N{DIGIT ONE}",
                "(a)",
                "(?:a)",
                "(?i)a",
                "(?=a)",
                "(?!a)",
                "(?<=a)",
                "(?<n>a)",
                "(?>a)",
                "a|b",
                "(a|b)",
                "a?",
                "a*",
                "a+",
                "a{2}?",
                "a{2}+",
                "a??",
                "a{2,}",
                "a{,2}",
                ".",
                "^a",
                "a$",
                "[[:alpha:]]",
                "[a-z&&[^b]]",
                "[a[b]]",
                "[\\s]",
                "[^\\S]",
                "[a-\\d]",
                "[\\d-a]",
                "[^]",
                "[]"
            })
    void whatPatternsDoNotHaveIsRefused(String pattern) {
        assertThatThrownBy(() -> Pattern.parse(1, pattern)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void classesOfDigitsWordsAndOthers() {
        assertThat(texts("\\d{3}", 500)).allMatch(text -> text.matches("[0-9]{3}"));
        assertThat(characters("\\d")).isEqualTo("0123456789");
        assertThat(characters("\\w")).isEqualTo("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz");
        assertThat(characters("[^a]"))
                .doesNotContain("a")
                .contains("^", "b", "\"", "\\", " ", "~")
                .hasSize(94);
        assertThat(characters("[\\d_x-z]")).isEqualTo("0123456789_xyz");
        assertThat(characters("[^\\w -/]")).isEqualTo(":;<=>?@[\\]^`{|}~");
    }

    private static String characters(String pattern) {
        return texts(pattern, 5000).stream().distinct().sorted().collect(Collectors.joining());
    }
}
