package io.dataflux.config;

import io.dataflux.config.Tree.Mapping;
import io.dataflux.config.Tree.Origin;
import io.dataflux.config.Tree.Scalar;
import io.dataflux.config.Tree.Sequence;
import io.dataflux.problem.Problems;
import io.dataflux.problem.Suggestions;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads single values strictly. Each method returns null after it has noted why the value cannot be used: where it is, what is written
 * there, what is allowed, the likely fix. Values from the environment, and those whose names suggest a secret, are shown as stars.
 *
 * @param environment the variables that <code>${env:NAME}</code> refers to
 * @param folder where files named in the configuration are looked for
 * @param origins where to note what each setting is and where it came from; null to note nothing
 */
record Reading(
        Problems problems,
        Map<String, String> environment,
        Path folder,
        @Nullable List<String> origins) {

    private static final String STARS = "****";
    private static final int MAX_SHOWN = 60;
    /** In a longer text nobody looks for secrets; where it could begin with one, nothing is shown. */
    private static final int MAX_LOOKED_AT = 10_000;

    private static final Pattern REFERENCE = Pattern.compile("\\$(\\$?)\\{([^}]*)(}?)");
    private static final Pattern VARIABLE = Pattern.compile("env:([A-Za-z_][A-Za-z0-9_]*)");
    private static final Pattern SECRET_NAME = Pattern.compile(
            "password|passwd|passphrase|secret|token|credential|authorization|cookie|jaas|(api|access|private)[-_]?key"
                    + "|^(auth|basic|bearer|headers|properties|sasl|tls)(\\[\\d+])?$");

    /** What an address can contain besides the host and path: credentials and a query. */
    private static final Pattern USER_INFO = Pattern.compile("(?<![^\\s/,@])[^\\s/,@:]++:[^\\s/,@]*+@");

    private static final Pattern QUERY = Pattern.compile("(://[^\\s?#]*\\?)\\S+");

    /** The same without notes of origins. */
    Reading quiet() {
        return new Reading(problems, environment, folder, null);
    }

    void problem(Tree at, String what) {
        problems.add(at.path(), what);
    }

    /** Text; numbers and the like need quotes to be text. */
    @Nullable
    String text(Tree tree) {
        Scalar value = scalar(tree, "write text");
        if (value == null) {
            return null;
        }
        if (value.origin().typed() && value.type() != PlainText.Type.TEXT) {
            String kind = value.type() == PlainText.Type.BOOL ? "true or false" : "a number";
            problem(value, show(value) + " is " + kind + ", where text is needed; put it in quotes: " + quoted(value));
            return null;
        }
        return value.text();
    }

    /** A whole number of {@code [min, max]}. */
    @Nullable
    Long integer(Tree tree, long min, long max) {
        String wanted = "write " + wholeNumber(min, max);
        Scalar value = scalar(tree, wanted);
        if (value == null) {
            return null;
        }
        if (type(value) != PlainText.Type.INTEGER) {
            problem(value, noNumber(value, "a whole number", wanted));
            return null;
        }
        try {
            long number = Long.parseLong(value.text());
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // beyond 64 bits: as far out of range as any other
        }
        problem(value, show(value) + " is out of range; " + wanted);
        return null;
    }

    /**
     * A whole or decimal number.
     *
     * @param wanted what is allowed, such as {@code "write a number"}
     */
    @Nullable
    BigDecimal decimal(Tree tree, String wanted) {
        Scalar value = scalar(tree, wanted);
        if (value == null) {
            return null;
        }
        if (type(value) != PlainText.Type.DECIMAL && type(value) != PlainText.Type.INTEGER) {
            problem(value, noNumber(value, "a number", wanted));
            return null;
        }
        return new BigDecimal(value.text());
    }

    /** A number of a range. */
    @Nullable
    BigDecimal decimal(Tree tree, NumberRange range) {
        BigDecimal number = decimal(tree, range.wanted());
        if (number != null && !range.contains(number)) {
            problem(tree, show((Scalar) tree) + " is out of range; " + range.wanted());
            return null;
        }
        return number;
    }

    @Nullable
    Boolean bool(Tree tree) {
        String wanted = "write true or false";
        Scalar value = scalar(tree, wanted);
        if (value == null) {
            return null;
        }
        if (type(value) != PlainText.Type.BOOL) {
            problem(
                    value,
                    show(value) + " is neither true nor false; " + wanted
                            + (quotedAs(value, PlainText.Type.BOOL) ? ", without quotes" : ""));
            return null;
        }
        return value.text().toLowerCase(Locale.ROOT).equals("true");
    }

    /** Text, a whole number (as {@code Long}), a decimal or a boolean, as it is written. */
    @Nullable
    Object value(Tree tree, String wanted) {
        Scalar value = scalar(tree, wanted);
        if (value == null) {
            return null;
        }
        switch (value.type()) {
            case BOOL:
                return bool(value);
            case INTEGER:
                return integer(value, Long.MIN_VALUE, Long.MAX_VALUE);
            case DECIMAL:
                return decimal(value, wanted);
            default:
                return value.text();
        }
    }

    /** One of a few words. */
    @Nullable
    String oneOf(Tree tree, List<String> allowed) {
        String wanted = "write " + either(allowed);
        Scalar value = scalar(tree, wanted);
        if (value == null) {
            return null;
        }
        if (!allowed.contains(value.text())) {
            problem(
                    value,
                    show(value) + " is not known here; " + wanted + (allowed.size() > 1 ? meant(value, allowed) : ""));
            return null;
        }
        return value.text();
    }

    @Nullable
    Mapping map(Tree tree, String wanted) {
        if (tree instanceof Mapping map) {
            return map;
        }
        complain(tree, "a map", wanted);
        return null;
    }

    @Nullable
    Sequence list(Tree tree, String wanted) {
        if (tree instanceof Sequence list) {
            return list;
        }
        complain(tree, "a list", wanted);
        return null;
    }

    /** {@code "; did you mean 'topic'?"} if that is likely and reveals nothing hidden. */
    String meant(Scalar value, List<String> known) {
        return hidden(value) ? "" : Suggestions.hint(value.text(), known, "");
    }

    private void complain(Tree tree, String kind, String wanted) {
        if (tree instanceof Scalar scalar) {
            Scalar value = scalar(scalar, wanted);
            if (value != null) {
                problem(value, show(value) + " is not " + kind + "; " + wanted);
            }
        } else {
            problem(tree, "is " + describe(tree) + "; " + wanted);
        }
    }

    /**
     * The value with its references resolved; null after a problem.
     *
     * @param wanted what is allowed
     */
    @Nullable
    Scalar scalar(Tree tree, String wanted) {
        if (!(tree instanceof Scalar value)) {
            problem(tree, "is " + describe(tree) + "; " + wanted);
            return null;
        }
        if (value.flaw() != null) {
            if (!value.flaw().isEmpty()) {
                problem(value, show(value) + ' ' + value.flaw());
            }
            return null;
        }
        if (value.origin().typed() && value.type() == PlainText.Type.NULL) {
            problem(value, "has no value; " + wanted + ", or remove the key");
            return null;
        }
        return value.origin().typed() && value.text().contains("${") ? resolved(value) : value;
    }

    private @Nullable Scalar resolved(Scalar value) {
        Matcher reference = REFERENCE.matcher(value.text());
        StringBuilder text = new StringBuilder();
        Origin origin = value.origin();
        while (reference.find()) {
            String replacement = reference.group().substring(1); // of a doubled '$'
            if (reference.group(1).isEmpty()) {
                Matcher variable = VARIABLE.matcher(reference.group(2));
                if (!variable.matches() || reference.group(3).isEmpty()) {
                    problem(
                            value,
                            "contains a '${' that is not an environment variable; write ${env:NAME}, or $${ for a literal ${");
                    return null;
                }
                String name = variable.group(1);
                String found = environment.get(name);
                if (found == null || found.isEmpty()) {
                    problem(value, "the environment variable " + name + " is not set; set it, or write the value here");
                    return null;
                }
                replacement = found;
                problems.hide(found);
                origin = Origin.environment(name);
            }
            reference.appendReplacement(text, Matcher.quoteReplacement(replacement));
        }
        reference.appendTail(text);
        boolean quoted = value.quoted() && origin.typed();
        return new Scalar(value.path(), value.line(), text.toString(), quoted, origin, null);
    }

    /** The values of the variables that a text refers to, or the text itself if it is one's, the longest first. */
    List<String> fromEnvironment(Scalar value) {
        if (!value.origin().typed()) {
            return value.origin().hidden() ? List.of(value.text()) : List.of();
        }
        List<String> values = new ArrayList<>();
        Matcher reference = REFERENCE.matcher(value.text());
        while (reference.find()) {
            Matcher variable = VARIABLE.matcher(reference.group(2));
            if (reference.group(1).isEmpty() && variable.matches()) {
                values.add(environment.getOrDefault(variable.group(1), ""));
            }
        }
        values.removeIf(String::isEmpty);
        values.sort(Comparator.comparingInt(String::length).reversed());
        return values;
    }

    /** How a value is shown to users: short, on one line, and not at all if it is a secret. */
    String show(Scalar value) {
        if (hidden(value)) {
            return STARS;
        }
        String text = shortened(value);
        return value.quoted() ? '"' + text + '"' : type(value) == PlainText.Type.TEXT ? "'" + text + "'" : text;
    }

    private static String shortened(Scalar value) {
        if (value.text().length() > MAX_LOOKED_AT) {
            String start = value.text().substring(0, MAX_SHOWN);
            return (start.indexOf(':') < 0 ? start.replaceAll("\\s", " ") : STARS) + "...";
        }
        String text = withoutSecrets(value.text()).replace("\n", "\\n").replace("\r", "\\r");
        return text.length() > MAX_SHOWN ? text.substring(0, MAX_SHOWN) + "..." : text;
    }

    private static String withoutSecrets(String text) {
        String nobody = USER_INFO.matcher(text).replaceAll(STARS + "@");
        return QUERY.matcher(nobody).replaceAll("$1" + STARS);
    }

    static boolean hidden(Scalar value) {
        return value.origin().hidden() || soundsSecret(value.path());
    }

    /** Whether the value at a path is likely to be a secret, judging by the path's last name. */
    static boolean soundsSecret(String path) {
        String name = path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return SECRET_NAME.matcher(name).find();
    }

    private String quoted(Scalar value) {
        return hidden(value) ? "\"...\"" : '"' + value.text() + '"';
    }

    private String noNumber(Scalar value, String kind, String wanted) {
        if (PlainText.isTooLong(value.text())) {
            return show(value) + " has more than " + PlainText.MOST_DIGITS + " digits; " + wanted;
        }
        if (quotedAs(value, PlainText.Type.INTEGER) || quotedAs(value, PlainText.Type.DECIMAL)) {
            return show(value) + " is text because of its quotes; " + wanted + ", without quotes";
        }
        return show(value) + " is not " + kind + "; " + wanted;
    }

    private static String either(List<String> words) {
        int last = words.size() - 1;
        return last == 0 ? words.get(0) : String.join(", ", words.subList(0, last)) + " or " + words.get(last);
    }

    private static boolean quotedAs(Scalar value, PlainText.Type type) {
        return value.quoted() && PlainText.type(value.text()) == type;
    }

    /** The type of the value; flags and variables do not distinguish text from numbers. */
    private static PlainText.Type type(Scalar value) {
        return value.origin().typed() ? value.type() : PlainText.type(value.text());
    }

    private static String describe(Tree tree) {
        return tree instanceof Mapping map ? (map.entries().isEmpty() ? "an empty map" : "a map") : "a list";
    }

    /**
     * A value and where it came from, such as {@code 2 (line 9)}.
     *
     * @param shown the value, if it is not the scalar itself
     */
    String origin(@Nullable Tree tree, @Nullable String shown) {
        if (tree == null) {
            return shown + " (default)";
        }
        if (!(tree instanceof Scalar value)) {
            return shown + " (line " + tree.line() + ')';
        }
        String line = value.line() > 0 ? "line " + value.line() : value.origin().name();
        Matcher variable = VARIABLE.matcher(value.text());
        return value.origin().typed() && variable.find()
                ? STARS + " (environment " + variable.group(1) + ", " + line + ')'
                : (hidden(value) ? STARS : shown == null ? shortened(value) : shown) + " (" + line + ')';
    }

    /** {@code "a whole number from 1 to 64"}. */
    static String wholeNumber(long min, long max) {
        if (min == Long.MIN_VALUE && max == Long.MAX_VALUE) {
            return "a whole number that fits in 64 bits, such as 42";
        }
        return max == Long.MAX_VALUE
                ? "a whole number of at least " + shown(min)
                : "a whole number from " + shown(min) + " to " + shown(max);
    }

    /** A limit; large ones are powers of two. */
    private static String shown(long limit) {
        boolean power = Long.bitCount(Math.abs(limit)) == 1 && Math.abs(limit) >= 1L << 40;
        return power ? (limit < 0 ? "-" : "") + "2^" + Long.numberOfTrailingZeros(limit) : Long.toString(limit);
    }

    /** Settings of which some are replaced by environment variables that are set; their values are hidden. */
    Mapping overridden(Mapping map, Map<String, String> variables) {
        Mapping settings = map;
        for (Map.Entry<String, String> each : new TreeMap<>(variables).entrySet()) {
            String value = environment.getOrDefault(each.getValue(), "");
            if (!value.isEmpty()) {
                problems.hide(value);
                String path = settings.pathOf(each.getKey());
                settings = settings.with(each.getKey(), Scalar.given(path, value, Origin.environment(each.getValue())));
            }
        }
        return settings;
    }
}
