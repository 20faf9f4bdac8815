package io.dataflux.reference;

import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Text by a pattern such as {@code C[A-Z]{4}-[0-9]{2,3}}: each part is a literal or a class, and a count. */
final class ReferencePattern {

    private static final Pattern PART = Pattern.compile(
            "(?:(\\[(?:\\\\.|[^\\]\\\\])+\\]|\\\\.)|([^\\[\\\\]))(?:\\{\\s*(\\d+)\\s*(?:,\\s*(\\d+)\\s*)?\\})?");

    /** Bits of randomness that are taken from one word before the next one is used. */
    private static final int BITS = 32;

    private final long first;
    private BigInteger fraction;
    private long next;
    private int used;

    private ReferencePattern(long word) {
        first = word;
        fraction = Words64.unsigned(word).shiftRight(1);
    }

    static String text(String pattern, long word) {
        ReferencePattern draws = new ReferencePattern(word);
        StringBuilder text = new StringBuilder();
        Matcher part = PART.matcher(pattern);
        while (part.lookingAt()) {
            String characters = part.group(1) != null ? characters(part.group(1)) : part.group(2);
            int min = part.group(3) == null ? 1 : Integer.parseInt(part.group(3));
            int max = part.group(4) == null ? min : Integer.parseInt(part.group(4));
            int count = min + draws.below(max - min + 1);
            for (int i = 0; i < count; i++) {
                text.append(characters.charAt(draws.below(characters.length())));
            }
            part.region(part.end(), pattern.length());
        }
        if (part.regionStart() != pattern.length()) {
            throw new AssertionError(pattern);
        }
        return text.toString();
    }

    /** The characters that a class or an escape stands for as a regular expression, in the order of their codes. */
    private static String characters(String part) {
        Pattern expression = Pattern.compile(part);
        StringBuilder characters = new StringBuilder();
        for (char c = ' '; c <= '~'; c++) {
            if (expression.matcher(String.valueOf(c)).matches()) {
                characters.append(c);
            }
        }
        return characters.toString();
    }

    /** One choice costs nothing; n choices cost the bits of n - 1. */
    private int below(int n) {
        int bits = Integer.toBinaryString(n - 1).length();
        if (n == 1) {
            return 0;
        }
        if (used + bits > BITS) {
            fraction = Words64.unsigned(Words64.sub(first, next++)).shiftRight(1);
            used = 0;
        }
        used += bits;
        BigInteger product = fraction.multiply(BigInteger.valueOf(n));
        fraction = product.mod(BigInteger.ONE.shiftLeft(63));
        return product.shiftRight(63).intValueExact();
    }
}
