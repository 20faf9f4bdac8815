package io.dataflux.encode;

import io.dataflux.json.Literal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Text that follows a pattern of literal characters, classes and counts: {@code C[A-Z]{4}-\d{2,3}}, as {@link PatternParser} reads it. ASCII
 * only. One word gives several characters, until 32 of its bits are used.
 */
record Pattern(long salt, List<Piece> parts) implements Node {

    private static final int BITS_PER_WORD = 32;

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
        return new Pattern(salt, Piece.joined(PatternParser.parse(pattern)));
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
