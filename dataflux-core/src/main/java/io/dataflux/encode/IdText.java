package io.dataflux.encode;

import io.dataflux.model.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the sequence of an event from its id as it stands in JSON, without making text of it: what a verdict does with every record. Knows
 * ids in exactly the form that the stream writes; {@link IdentityFinder} knows all others. Immutable.
 *
 * @param before what stands before the id, with the quotation mark
 * @param after what stands after it
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record IdText(byte[] before, byte[] after) {

    private static final int UUID_LENGTH = 36;
    private static final byte[] DIGITS = digits();

    /** What the identity of one stream looks like; null unless it is one UUID with text around it. */
    static @Nullable IdText of(List<Kind> identity) {
        if (identity.size() != 1 || !(identity.get(0) instanceof Kind.Id id)) {
            return null;
        }
        int gap = id.pattern().indexOf("{}");
        return new IdText(
                ('"' + id.pattern().substring(0, gap)).getBytes(StandardCharsets.UTF_8),
                (id.pattern().substring(gap + 2) + '"').getBytes(StandardCharsets.UTF_8));
    }

    /** The sequence, or -1 if the value is not an id in the form of the stream. */
    long sequence(CompiledStream stream, byte[] json, int from, int to) {
        int start = from + before.length;
        int end = to - after.length;
        if (end - start != UUID_LENGTH
                || !Arrays.equals(json, from, start, before, 0, before.length)
                || !Arrays.equals(json, end, to, after, 0, after.length)
                || (json[start + 8] ^ '-' | json[start + 13] ^ '-' | json[start + 18] ^ '-' | json[start + 23] ^ '-')
                        != 0) {
            return -1;
        }
        long first = hex(json, start, 8);
        long second = hex(json, start + 9, 4);
        long third = hex(json, start + 14, 4);
        long fourth = hex(json, start + 19, 4);
        long fifth = hex(json, start + 24, 12);
        if ((first | second | third | fourth | fifth) < 0) {
            return -1;
        }
        return stream.identity().sequenceOfUuid(first << 32 | second << 16 | third, fourth << 48 | fifth);
    }

    /** Digits in lower case as a number; negative if others are among them. */
    private static long hex(byte[] text, int from, int digits) {
        long number = 0;
        int all = 0;
        for (int i = from; i < from + digits; i++) {
            int digit = DIGITS[text[i] & 0xFF];
            all |= digit;
            number = number << 4 | digit;
        }
        return all < 0 ? -1 : number;
    }

    /** The value of each byte as a hexadecimal digit; -1 if it is none. By table, because digits are random and branches would not be guessed. */
    private static byte[] digits() {
        byte[] digits = new byte[256];
        Arrays.fill(digits, (byte) -1);
        for (int i = 0; i < 16; i++) {
            digits["0123456789abcdef".charAt(i)] = (byte) i;
        }
        return digits;
    }
}
