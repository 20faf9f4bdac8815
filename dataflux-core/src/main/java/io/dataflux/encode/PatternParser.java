package io.dataflux.encode;

import io.dataflux.encode.Pattern.Piece;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a pattern. It is a part of the language of regular expressions: what it accepts means the same there, and what it does not have is
 * refused, with what to write instead.
 */
final class PatternParser {

    private static final int MOST_REPEATS = 1000;
    private static final int FIRST = 0x20;
    private static final int LAST = 0x7E;

    private final String pattern;
    private int at;

    private PatternParser(String pattern) {
        this.pattern = pattern;
    }

    /** @throws IllegalArgumentException with what is wrong and where */
    static List<Piece> parse(String pattern) {
        return new PatternParser(pattern).pieces();
    }

    private List<Piece> pieces() {
        List<Piece> pieces = new ArrayList<>();
        while (at < pattern.length()) {
            byte[] characters = bytes(characters());
            int[] count = count();
            pieces.add(new Piece(characters, count[0], count[1], null));
        }
        return pieces;
    }

    private BitSet characters() {
        char c = pattern.charAt(at);
        if (c == '[') {
            return bracketed();
        }
        if (c != '\\' && "]{}()*+?|^$.".indexOf(c) >= 0) {
            throw new IllegalArgumentException(
                    "'" + c + "' at position " + at + ": " + instead(c) + ", or \\" + c + " for the character itself");
        }
        return one();
    }

    private static String instead(char c) {
        return switch (c) {
            case '(', ')', '|' ->
                "a pattern has no groups and no alternatives; use 'pick' for one of several texts and 'template' to join texts";
            case '*', '+', '?' ->
                "write how often as a count, such as " + (c == '*' ? "{0,8}" : c == '+' ? "{1,8}" : "{0,1}");
            case '.' -> "write which characters as a class, such as [A-Za-z0-9]";
            case '^', '$' -> "a pattern is always that of the whole text; leave it out";
            case ']' -> "no class is open here; write classes such as [A-Z0-9]";
            default ->
                "there is nothing here to repeat; write counts after a character or class, such as [0-9]{4} or a{2,3}";
        };
    }

    /** A character, or an escape; moves past it. */
    private BitSet one() {
        char c = pattern.charAt(at++);
        if (c != '\\') {
            return range(c, c);
        }
        if (at == pattern.length()) {
            throw new IllegalArgumentException(
                    "'\\' at position " + (at - 1) + ": nothing follows it; write \\\\ for the character itself");
        }
        char escaped = pattern.charAt(at++);
        if (escaped == 'd') {
            return range('0', '9');
        } else if (escaped == 'w') {
            BitSet word = range('0', '9');
            word.or(range('A', 'Z'));
            word.or(range('a', 'z'));
            word.set('_');
            return word;
        } else if (escaped < 0x80 && Character.isLetterOrDigit(escaped)) {
            throw new IllegalArgumentException("'\\" + escaped + "' at position " + (at - 2)
                    + " is not known here; there are \\d (a digit), \\w (a letter, digit or _), and \\ before a character that is"
                    + " neither letter nor digit; write others as a class, such as [a-z]");
        }
        return range(escaped, escaped);
    }

    private BitSet bracketed() {
        int open = at++;
        boolean others = at < pattern.length() && pattern.charAt(at) == '^';
        at += others ? 1 : 0;
        BitSet set = new BitSet();
        while (at < pattern.length() && pattern.charAt(at) != ']') {
            set.or(member(open));
        }
        if (at == pattern.length()) {
            throw new IllegalArgumentException(
                    "the class that opens with '[' at position " + open + " is never closed with ']'");
        }
        at++;
        boolean named = !set.isEmpty();
        if (others) {
            set.flip(FIRST, LAST + 1);
        }
        if (!named || set.isEmpty()) {
            throw new IllegalArgumentException("the class at position " + open + " is empty");
        }
        return set;
    }

    /** A character of a class, or a range of them. */
    private BitSet member(int open) {
        int begin = at;
        if (pattern.charAt(at) == '[' || pattern.startsWith("&&", at)) {
            throw new IllegalArgumentException("'" + pattern.charAt(at) + "' at position " + at
                    + ": the class at position " + open
                    + " cannot have classes within it; write all characters and ranges in"
                    + " one, or \\" + pattern.charAt(at) + " for the character itself");
        }
        BitSet low = one();
        if (at + 1 >= pattern.length() || pattern.charAt(at) != '-' || pattern.charAt(at + 1) == ']') {
            return low;
        }
        at++;
        if (pattern.charAt(at) == '[') {
            member(open); // says why not
        }
        BitSet high = one();
        String range = pattern.substring(begin, at);
        if (low.cardinality() > 1 || high.cardinality() > 1) {
            throw new IllegalArgumentException("the range " + range + " at position " + begin
                    + " needs one character on either side; write \\- for the character itself");
        }
        if (high.nextSetBit(0) < low.nextSetBit(0)) {
            throw new IllegalArgumentException("the range " + range + " runs backwards");
        }
        return range((char) low.nextSetBit(0), (char) high.nextSetBit(0));
    }

    private static BitSet range(char from, char to) {
        for (char c : new char[] {from, to}) {
            if (c < FIRST || c > LAST) {
                throw new IllegalArgumentException("only printable ASCII can be in a pattern, not '" + c + "'");
            }
        }
        BitSet set = new BitSet();
        set.set(from, to + 1);
        return set;
    }

    /** The least and the most times; moves past the count, if there is one. */
    private int[] count() {
        if (at == pattern.length() || pattern.charAt(at) != '{') {
            return new int[] {1, 1};
        }
        int open = at;
        int close = pattern.indexOf('}', at);
        String[] ends = pattern.substring(at + 1, Math.max(at + 1, close)).split(",", -1);
        Integer min = number(ends[0]);
        Integer max = ends.length == 1 ? min : ends.length == 2 ? number(ends[1]) : null;
        if (min == null || max == null || max < min) {
            throw new IllegalArgumentException("the count at position " + open
                    + " is not a number such as {4} or a range such as {2,3} with at most " + MOST_REPEATS);
        }
        at = close + 1;
        return new int[] {min, max};
    }

    private static @Nullable Integer number(String text) {
        try {
            int number = Integer.parseInt(text.trim());
            return number >= 0 && number <= MOST_REPEATS ? number : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static byte[] bytes(BitSet set) {
        StringBuilder text = new StringBuilder();
        set.stream().forEach(c -> text.append((char) c));
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }
}
