package io.dataflux.encode;

import static io.dataflux.encode.RefusedDefinitionsTest.keyed;
import static io.dataflux.encode.RefusedDefinitionsTest.refused;
import static io.dataflux.model.Fields.bool;
import static io.dataflux.model.Fields.constant;
import static io.dataflux.model.Fields.faker;
import static io.dataflux.model.Fields.id;
import static io.dataflux.model.Fields.key;
import static io.dataflux.model.Fields.list;
import static io.dataflux.model.Fields.object;
import static io.dataflux.model.Fields.pick;
import static io.dataflux.model.Fields.template;
import static io.dataflux.model.Fields.text;
import static io.dataflux.model.Fields.when;
import static io.dataflux.model.Fields.whenElse;
import static io.dataflux.model.Fields.words;
import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.model.Field;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each mistake in a field whose value is text, with the words that the user reads. */
class RefusedTextsTest {

    private static final String LONE = "\uD800";

    @Test
    void patterns() {
        assertThat(refused("a", text("a(b)")))
                .isEqualTo(
                        "s.fields.a: '(' at position 1: a pattern has no groups and no alternatives; use 'pick' for one of"
                                + " several texts and 'template' to join texts, or \\( for the character itself");
        assertThat(refused("a", text("ab]")))
                .isEqualTo(
                        "s.fields.a: ']' at position 2: no class is open here; write classes such as [A-Z0-9], or \\] for"
                                + " the character itself");
        assertThat(refused("a", text("{3}")))
                .isEqualTo(
                        "s.fields.a: '{' at position 0: there is nothing here to repeat; write counts after a character or"
                                + " class, such as [0-9]{4} or a{2,3}, or \\{ for the character itself");
        assertThat(refused("a", text("a+")))
                .isEqualTo("s.fields.a: '+' at position 1: write how often as a count, such as {1,8}, or \\+ for the"
                        + " character itself");
        assertThat(refused("a", text("^a")))
                .isEqualTo(
                        "s.fields.a: '^' at position 0: a pattern is always that of the whole text; leave it out, or \\^"
                                + " for the character itself");
        assertThat(refused("a", text("a.")))
                .isEqualTo(
                        "s.fields.a: '.' at position 1: write which characters as a class, such as [A-Za-z0-9], or \\. for"
                                + " the character itself");
        assertThat(refused("a", text("a\\")))
                .isEqualTo("s.fields.a: '\\' at position 1: nothing follows it; write \\\\ for the character itself");
        assertThat(refused("a", text("a\\s")))
                .isEqualTo(
                        "s.fields.a: '\\s' at position 1 is not known here; there are \\d (a digit), \\w (a letter, digit or"
                                + " _), and \\ before a character that is neither letter nor digit; write others as a class, such as"
                                + " [a-z]");
        assertThat(refused("a", text("[a-\\d]")))
                .isEqualTo(
                        "s.fields.a: the range a-\\d at position 1 needs one character on either side; write \\- for the"
                                + " character itself");
        assertThat(refused("a", text("[a-z&&[^b]]")))
                .isEqualTo(
                        "s.fields.a: '&' at position 4: the class at position 0 cannot have classes within it; write all"
                                + " characters and ranges in one, or \\& for the character itself");
        String count = " is not a number such as {4} or a range such as {2,3} with at most 1000";
        for (String pattern :
                List.of("x{", "x{}", "x{a}", "x{-1}", "x{3,2}", "x{1,2,3}", "x{1001}", "x{,2}", "x{2,}")) {
            assertThat(refused("a", text(pattern))).isEqualTo("s.fields.a: the count at position 1" + count);
        }
        assertThat(refused("a", text("x[ab")))
                .isEqualTo("s.fields.a: the class that opens with '[' at position 1 is never closed with ']'");
        assertThat(refused("a", text("x[]"))).isEqualTo("s.fields.a: the class at position 1 is empty");
        assertThat(refused("a", text("[^ -~]"))).isEqualTo("s.fields.a: the class at position 0 is empty");
        assertThat(refused("a", text("[z-a]"))).isEqualTo("s.fields.a: the range z-a runs backwards");
        assertThat(refused("a", text("é"))).isEqualTo("s.fields.a: only printable ASCII can be in a pattern, not 'é'");
        assertThat(refused("a", text("[à-é]")))
                .isEqualTo("s.fields.a: only printable ASCII can be in a pattern, not 'à'");
        assertThat(refused("a", text("a\t")))
                .isEqualTo("s.fields.a: only printable ASCII can be in a pattern, not '\t'");
    }

    @Test
    void templates() {
        assertThat(refused("a", template("x {b"), "b", constant(1)))
                .isEqualTo("s.fields.a: the template 'x {b' opens a brace that is never closed");
        for (Field field : List.of(
                constant(1).nullable("1%"),
                constant(1).absent("1%"),
                object("c", constant(1)),
                list(1, 1, constant(1)),
                when("c", "true", constant(1)),
                whenElse("c", constant(1), "true", object("c", constant(1))))) {
            assertThat(refused("a", template("x {b}"), "b", field, "c", bool("50%")))
                    .isEqualTo("s.fields.a: {b} must be a field with one value that is never null or absent");
            assertThat(refused("a", list(1, 1, template("x {b}")), "b", field, "c", bool("50%")))
                    .isEqualTo("s.fields.a.of: {b} must be a field with one value that is never null or absent");
        }
    }

    @Test
    void halvesOfSurrogatePairs() {
        String half = "character 1 is half of a surrogate pair (U+D800), which UTF-8 cannot encode";
        String text = "x" + LONE;
        assertThat(refused("a", constant(text))).isEqualTo("s.fields.a: " + half);
        assertThat(refused("a", pick(text, 1))).isEqualTo("s.fields.a: " + half);
        assertThat(refused("a", words("w", List.of("y", text), "1"))).isEqualTo("s.fields.a: " + half);
        assertThat(refused("a", template(text))).isEqualTo("s.fields.a: " + half);
        assertThat(refused("a", template(text + "{b}"), "b", constant(1))).isEqualTo("s.fields.a: " + half);
        assertThat(refused("a", id(text + "{}"))).isEqualTo("s.fields.a: " + half);
        assertThat(refused(keyed().field("a", key(text + "{}")))).isEqualTo("s.fields.a: " + half);
        assertThat(refused(text, constant(1))).isEqualTo("s.fields." + text + ": the name cannot be written: " + half);
        assertThat(refused("a", object(text, constant(1))))
                .isEqualTo("s.fields.a." + text + ": the name cannot be written: " + half);
        assertThat(refused("a", constant("\uDC00")))
                .isEqualTo("s.fields.a: character 0 is half of a surrogate pair (U+DC00), which UTF-8 cannot encode");
        assertThat(refused("a", constant("\uD800\uD800\uDC00")))
                .isEqualTo("s.fields.a: character 0 is half of a surrogate pair (U+D800), which UTF-8 cannot encode");
    }

    @Test
    void expressionsOfDatafaker() {
        assertThat(refused("a", faker("#{name.firstName}", 0)))
                .isEqualTo("s.fields.a: pool 0 is not between 1 and 1000000");
        assertThat(refused("a", faker("name.firstName", 2)))
                .isEqualTo("s.fields.a: the expression 'name.firstName' is not a Datafaker expression; write"
                        + " #{provider.method}, such as #{internet.emailAddress}");
        assertThat(refused("a", faker("#{nobody.knows}", 2)))
                .isEqualTo("s.fields.a: the expression '#{nobody.knows}' is not known to Datafaker 2.7.0; check the"
                        + " provider and method names");
    }

    @Test
    void expressionsThatReadTheClock() {
        for (String expression : List.of(
                "#{date.past '5','DAYS'}",
                "#{Date.birthday}",
                "#{timeAndDate.future}",
                "#{TimeAndDate.birthday}",
                "x #{ date.between 'a','b'}",
                "#{date.birthday '18','65'}",
                "#{time_and_date.past '5','DAYS'}",
                "#{id_number.peselNumber}",
                "#{Business.creditCardExpiry}",
                "#{business.credit_card_expiry}",
                "#{twitter.twitterId '20'}")) {
            assertThat(refused("a", faker(expression, 2)))
                    .isEqualTo("s.fields.a: the expression '" + expression + "' reads the clock, so the same seed would"
                            + " give other events tomorrow; use a time field");
        }
    }
}
