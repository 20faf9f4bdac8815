package io.dataflux.encode;

import io.dataflux.json.Literal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Text that follows a pattern of literal characters, classes in brackets and counts in braces: {@code C[A-Z]{4}-[0-9]{2,3}}. ASCII only;
 * {@code \} takes the next character as it is. One word gives several characters, until 32 of its bits are used.
 */
record Pattern(long salt, List<Piece> parts) implements Node {

    private static final int BITS_PER_WORD = 32;
    private static final int MOST_REPEATS = 1000;

    /**
     * Characters of which one is drawn, and how many times.
     *
     * @param literal what is written instead if nothing is drawn; otherwise null
     */
    record Piece(
            byte[] characters, int min, int max, @Nullable Literal literal) {
        /** The parts, with adjacent literals merged. */
        static List<Piece> joined(List<Piece> parts) {
            List<Piece> joined = new ArrayList<>();
            StringBuilder certain = new StringBuilder();
            for (Piece part : parts) {
                if (part.characters.length == 1 && part.min == part.max) {
                    char c = (char) part.characters[0];
                    certain.append((c == '"' || c == '\\' ? "\\" + c : "" + c).repeat(part.max));
                    continue;
                }
                addCertain(certain, joined);
                joined.add(part);
            }
            addCertain(certain, joined);
            return List.copyOf(joined);
        }

        private static void addCertain(StringBuilder text, List<Piece> to) {
            if (text.length() > 0) {
                to.add(new Piece(new byte[0], 0, 0, Literal.of(text.toString())));
                text.setLength(0);
            }
        }
    }

    /** @throws IllegalArgumentException with what is wrong and where */
    static Pattern parse(long salt, String pattern) {
        List<Piece> parts = new ArrayList<>();
        int i = 0;
        while (i < pattern.length()) {
            char c = pattern.charAt(i);
            byte[] characters;
            if (c == '[') {
                int close = closing(pattern, i);
                characters = characters(pattern, i + 1, close);
                i = close + 1;
            } else {
                if (c == '\\' && i + 1 < pattern.length()) {
                    i++;
                } else if ("]{}()*+?|^$.\\".indexOf(c) >= 0) {
                    throw new IllegalArgumentException("'" + c + "' at position " + i
                            + " has no meaning here; write literal characters, classes such as [A-Z0-9], counts such as {4} or"
                            + " {2,3}, and \\ before a character to take it literally");
                }
                characters = literal(pattern.charAt(i++));
            }
            int min = 1;
            int max = 1;
            if (i < pattern.length() && pattern.charAt(i) == '{') {
                int close = pattern.indexOf('}', i);
                String[] count = close < 0
                        ? new String[0]
                        : pattern.substring(i + 1, close).split(",", -1);
                try {
                    min = Integer.parseInt(count[0].trim());
                    max = Integer.parseInt(count[count.length - 1].trim());
                } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
                    min = -1;
                }
                if (min < 0 || max < min || max > MOST_REPEATS || count.length > 2) {
                    throw new IllegalArgumentException(
                            "the count at position " + i + " is not a number such as {4} or a range such as"
                                    + " {2,3} with at most " + MOST_REPEATS);
                }
                i = close + 1;
            }
            parts.add(new Piece(characters, min, max, null));
        }
        return new Pattern(salt, Piece.joined(parts));
    }

    private static int closing(String pattern, int open) {
        for (int i = open + 1; i < pattern.length(); i++) {
            if (pattern.charAt(i) == '\\') {
                i++;
            } else if (pattern.charAt(i) == ']') {
                return i;
            }
        }
        throw new IllegalArgumentException(
                "the class that opens with '[' at position " + open + " is never closed with ']'");
    }

    private static byte[] characters(String pattern, int from, int to) {
        BitSet set = new BitSet();
        for (int i = from; i < to; i++) {
            if (pattern.charAt(i) == '\\') {
                i++;
            }
            char low = pattern.charAt(i);
            char high = low;
            if (i + 2 < to && pattern.charAt(i + 1) == '-') {
                high = pattern.charAt(i + 2);
                i += 2;
            }
            literal(low);
            literal(high);
            if (high < low) {
                throw new IllegalArgumentException("the range " + low + "-" + high + " runs backwards");
            }
            set.set(low, high + 1);
        }
        if (set.isEmpty()) {
            throw new IllegalArgumentException("the class at position " + (from - 1) + " is empty");
        }
        StringBuilder text = new StringBuilder();
        set.stream().forEach(c -> text.append((char) c));
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] literal(char c) {
        if (c < 0x20 || c > 0x7E) {
            throw new IllegalArgumentException("only printable ASCII can be in a pattern, not '" + c + "'");
        }
        return new byte[] {(byte) c};
    }

    @Override
    public int write(EventState s, byte[] b, int at) {
        b[at] = '"';
        int end = at + 1;
        Words words = s.words;
        words.begin(Node.draw(s, salt));
        for (int p = 0; p < parts.size(); p++) {
            Piece part = parts.get(p);
            if (part.literal != null) {
                end = part.literal.write(b, end);
                continue;
            }
            int count = part.min == part.max ? part.min : part.min + words.next(part.max - part.min + 1);
            for (int i = 0; i < count; i++) {
                byte c = part.characters.length == 1
                        ? part.characters[0]
                        : part.characters[words.next(part.characters.length)];
                if (c == '"' || c == '\\') {
                    b[end++] = '\\';
                }
                b[end++] = c;
            }
        }
        b[end] = '"';
        return end + 1;
    }

    /**
     * Takes small numbers from one word after another; part of the state, because not every compiler sees that one per pattern is enough.
     */
    static final class Words {
        private long seed;
        private long fraction;
        private int bits;
        private long next;

        void begin(long word) {
            seed = word;
            fraction = word >>> 1;
            bits = 0;
            next = 0;
        }

        int next(int n) {
            int needed = 32 - Integer.numberOfLeadingZeros(n - 1);
            if (bits + needed > BITS_PER_WORD) {
                fraction = io.dataflux.schedule.Mix.sub(seed, next++) >>> 1;
                bits = 0;
            }
            bits += needed;
            int drawn = (int) Math.multiplyHigh(fraction, (long) n << 1);
            fraction = fraction * n & Long.MAX_VALUE;
            return drawn;
        }
    }

    @Override
    public Object value(EventState s) {
        return TextNodes.value(this, s);
    }

    @Override
    public int maxBytes() {
        int sum = 2;
        for (Piece part : parts) {
            sum = Math.addExact(sum, part.literal != null ? part.literal.length() : Math.multiplyExact(part.max, 2));
        }
        return sum;
    }
}
