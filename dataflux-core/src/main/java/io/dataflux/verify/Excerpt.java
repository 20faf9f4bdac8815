package io.dataflux.verify;

import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Two values as people should see them side by side: short ones whole, long ones around their first difference, which is in both excerpts
 * at the same place. What does not print is escaped, and no character is cut in two. Immutable.
 *
 * @param expected an excerpt of what was expected
 * @param actual an excerpt of what was there instead
 * @param from where they begin to differ, such as {@code , from character 183 on}; empty if both are shown whole
 */
record Excerpt(String expected, String actual, String from) {

    static final int LONGEST = 80;
    private static final int BEFORE = 30;
    private static final String MORE = "...";
    private static final HexFormat HEX = HexFormat.of();

    /** Two texts, each in quotes. */
    static Excerpt ofTexts(CharSequence expected, CharSequence actual) {
        return around(expected.toString(), actual.toString(), "\"");
    }

    /** Two values that are written without quotes, such as long numbers. */
    static Excerpt of(String expected, String actual) {
        return around(expected, actual, "");
    }

    /** Bytes of no text, in hexadecimal digits. */
    static Excerpt ofBytes(byte[] expected, byte[] actual) {
        int same = 0;
        while (same < Math.min(expected.length, actual.length) && expected[same] == actual[same]) {
            same++;
        }
        int begin = Math.max(0, same - BEFORE / 2);
        boolean whole = Math.max(expected.length, actual.length) <= LONGEST / 2;
        return new Excerpt(
                hex(expected, whole ? 0 : begin, whole),
                hex(actual, whole ? 0 : begin, whole),
                ", from byte " + same + " on");
    }

    /** One value by itself: its beginning. */
    static String start(String text) {
        return cut(text, 0, LONGEST, "");
    }

    /** One text by itself, in quotes: its beginning. */
    static String quoted(CharSequence text) {
        return cut(text.toString(), 0, LONGEST, "\"");
    }

    private static Excerpt around(String expected, String actual, String quote) {
        if (Math.max(expected.length(), actual.length()) <= LONGEST) {
            return new Excerpt(cut(expected, 0, LONGEST, quote), cut(actual, 0, LONGEST, quote), "");
        }
        int same = 0;
        while (same < Math.min(expected.length(), actual.length()) && expected.charAt(same) == actual.charAt(same)) {
            same++;
        }
        same = whole(same < expected.length() ? expected : actual, same);
        int begin = same <= LONGEST / 2 ? 0 : whole(expected, same - BEFORE);
        return new Excerpt(
                cut(expected, begin, LONGEST, quote),
                cut(actual, begin, LONGEST, quote),
                begin == 0 && same < LONGEST / 2
                        ? ""
                        : ", from character " + (expected.codePointCount(0, same) + 1) + " on");
    }

    /** Where the character that a position is in begins. */
    private static int whole(String text, int at) {
        return at > 0
                        && at < text.length()
                        && Character.isLowSurrogate(text.charAt(at))
                        && Character.isHighSurrogate(text.charAt(at - 1))
                ? at - 1
                : at;
    }

    private static String cut(String text, int from, int length, String quote) {
        int begin = Math.min(from, text.length());
        int end = text.length() - begin <= length ? text.length() : whole(text, begin + length);
        StringBuilder cut = new StringBuilder(quote).append(begin > 0 ? MORE : "");
        boolean quoted = !quote.isEmpty();
        text.substring(begin, end).codePoints().forEach(c -> print(c, quoted, cut));
        return (end < text.length() ? cut.append(MORE) : cut.append(quote)).toString();
    }

    /** Writes a character, or what it would be in a program if it cannot be seen. */
    private static void print(int character, boolean quoted, StringBuilder to) {
        int type = Character.getType(character);
        int known = "\n\r\t".indexOf(character);
        if (known >= 0) {
            to.append('\\').append("nrt".charAt(known));
        } else if (quoted && (character == '"' || character == '\\')) {
            to.append('\\').append((char) character);
        } else if (type == Character.CONTROL
                || type == Character.FORMAT
                || type == Character.SURROGATE
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR
                || type == Character.SPACE_SEPARATOR && character != ' ') {
            for (char part : Character.toChars(character)) {
                to.append("\\u").append(HEX.toHexDigits(part));
            }
        } else {
            to.appendCodePoint(character);
        }
    }

    private static String hex(byte[] bytes, int from, boolean whole) {
        int begin = Math.min(from, bytes.length);
        int end = whole ? bytes.length : Math.min(bytes.length, begin + LONGEST / 2);
        return bytes.length
                + (bytes.length == 1 ? " byte " : " bytes ")
                + (begin > 0 ? MORE : "")
                + HEX.formatHex(bytes, begin, end)
                + (end < bytes.length ? MORE : "");
    }

    /** The sentence about a named value. */
    String sentence(String name) {
        return name + " expected " + expected + " but was " + actual + from;
    }

    /** A text of bytes, or null if they are none. */
    static @Nullable String textOf(byte[] bytes) {
        for (byte b : bytes) {
            if (b >= 0 && b < ' ' && b != '\n' && b != '\r' && b != '\t') {
                return null;
            }
        }
        String text = new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
        return text.indexOf('\uFFFD') >= 0 ? null : text;
    }
}
