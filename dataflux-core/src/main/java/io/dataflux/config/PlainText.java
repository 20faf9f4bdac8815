package io.dataflux.config;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What text without quotes means: the core rules of YAML 1.2, without the words that YAML readers disagree on. Those are refused instead of
 * guessed.
 */
final class PlainText {

    enum Type {
        TEXT,
        INTEGER,
        DECIMAL,
        BOOL,
        NULL
    }

    private static final Pattern INTEGER = Pattern.compile("[-+]?[0-9]+");
    private static final Pattern DECIMAL = Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+\\.[0-9]*)");
    private static final Pattern EXPONENT = Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)[eE][-+]?[0-9]+");
    private static final Pattern LEADING_ZERO = Pattern.compile("[-+]?0[0-9]+(\\.[0-9]*)?");
    private static final Pattern OTHER_BASE = Pattern.compile("[-+]?0[xob][0-9a-fA-F_]+");
    private static final Pattern UNDERSCORES = Pattern.compile("[-+]?[0-9][0-9_]*_[0-9_]*(\\.[0-9_]*)?");
    private static final Pattern BASE_60 = Pattern.compile("[-+]?[0-9]+(:[0-5]?[0-9])+(\\.[0-9]*)?");
    private static final Pattern NOT_FINITE = Pattern.compile("[-+]?\\.(?i:inf|nan)|NaN|[-+]?Infinity");
    /** More digits than any setting, weight or bound can use. */
    static final int MOST_DIGITS = 38;
    /** With a sign and a point. */
    private static final int MAX_NUMBER_LENGTH = MOST_DIGITS + 2;

    private PlainText() {}

    /** What text without quotes is. */
    static Type type(String text) {
        return switch (text) {
            case "", "~", "null", "Null", "NULL" -> Type.NULL;
            case "true", "True", "TRUE", "false", "False", "FALSE" -> Type.BOOL;
            default -> text.charAt(0) > '9' ? Type.TEXT : numberType(text);
        };
    }

    private static Type numberType(String text) {
        if (text.length() > MAX_NUMBER_LENGTH) {
            return Type.TEXT; // see isTooLong
        }
        if (INTEGER.matcher(text).matches()) {
            return Type.INTEGER;
        }
        return DECIMAL.matcher(text).matches() ? Type.DECIMAL : Type.TEXT;
    }

    /** Whether a text would be a number, had it fewer digits. */
    static boolean isTooLong(String text) {
        return text.length() > MAX_NUMBER_LENGTH
                && (INTEGER.matcher(text).matches() || DECIMAL.matcher(text).matches());
    }

    /** Why text without quotes cannot be used, to be read after the text itself; null if it can. */
    static @Nullable String flaw(String text) {
        if (text.isEmpty()) {
            return null;
        }
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "yes", "on", "y" ->
                "means true to some YAML readers and text to others; "
                        + "write true, or put it in quotes if it is text";
            case "no", "off", "n" ->
                "means false to some YAML readers and text to others; "
                        + "write false, or put it in quotes if it is text";
            case "<<" -> "would merge maps, which is not supported; write the keys out";
            default -> numberFlaw(text);
        };
    }

    private static @Nullable String numberFlaw(String text) {
        if (NOT_FINITE.matcher(text).matches()) {
            return "is not a number that can be used; write a finite one, or put it in quotes if it is text";
        }
        if (text.charAt(0) > '9') {
            return null;
        }
        if (isTooLong(text)) {
            return "has more than " + MOST_DIGITS + " digits, too many for a number; put it in quotes if it is text";
        }
        if (BASE_60.matcher(text).matches()) {
            return "means a base-60 number to some YAML readers; put it in quotes";
        }
        if (LEADING_ZERO.matcher(text).matches()) {
            return "begins with 0, which makes it octal to some YAML readers; put it in quotes if it is text, or drop the 0";
        }
        if (OTHER_BASE.matcher(text).matches()) {
            return "is not a decimal number to some YAML readers; write the number in decimal, or put it in quotes";
        }
        if (UNDERSCORES.matcher(text).matches()) {
            return "contains '_', which some YAML readers skip in numbers; leave it out, or put it in quotes if it is text";
        }
        if (text.endsWith(".") && DECIMAL.matcher(text).matches()) {
            return "ends with '.', which is not a number in JSON; add a digit after it, or put it in quotes if it is text";
        }
        if (EXPONENT.matcher(text).matches()) {
            return "has an exponent, which some YAML readers take for text; write the number out, or put it in quotes if it is text";
        }
        return null;
    }
}
