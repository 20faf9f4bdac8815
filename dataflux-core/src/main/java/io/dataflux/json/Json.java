package io.dataflux.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigDecimal;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * JSON text into a byte array. Every method writes at {@code at} and returns where it stopped; it may overwrite up to {@link #SLACK} bytes
 * after that, because text is stored eight bytes at a time. Escapes are {@code \" \\ \b \f \n \r \t} and {@code \\u00xx}; everything else
 * stays UTF-8.
 */
public final class Json {

    /** How many bytes after its end a write may touch. */
    public static final int SLACK = 64;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    /** 0 to 999 without leading zeros: three characters, first one lowest, and their number in the top byte. */
    private static final int[] SHORT = new int[1000];

    /** 0 to 999 with leading zeros. */
    private static final int[] PADDED = new int[1000];

    private static final byte[] SMALLEST = utf8(Long.toString(Long.MIN_VALUE));

    private static final long[] POWERS = new long[19];

    static {
        for (int i = 0; i < 1000; i++) {
            int padded = '0' + i / 100 | '0' + i / 10 % 10 << 8 | '0' + i % 10 << 16;
            int length = i < 10 ? 1 : i < 100 ? 2 : 3;
            PADDED[i] = padded;
            SHORT[i] = padded >>> 8 * (3 - length) | length << 24;
        }
        long power = 1;
        for (int i = 0; i < POWERS.length; i++, power *= 10) {
            POWERS[i] = power;
        }
    }

    private Json() {}

    public static void putLong(byte[] b, int at, long value) {
        LONG.set(b, at, value);
    }

    public static long getLong(byte[] b, int at) {
        return (long) LONG.get(b, at);
    }

    public static void putInt(byte[] b, int at, int value) {
        INT.set(b, at, value);
    }

    public static long power(int scale) {
        return POWERS[scale];
    }

    /** A whole number. */
    public static int number(byte[] b, int at, long value) {
        if (value < 0) {
            if (value == Long.MIN_VALUE) {
                return bytes(b, at, SMALLEST);
            }
            b[at++] = '-';
            value = -value;
        }
        return natural(b, at, value);
    }

    /** A whole number that is not negative. */
    public static int natural(byte[] b, int at, long value) {
        if (value < 1000) {
            return small(b, at, (int) value);
        }
        if (value < 1_000_000) {
            int thousands = (int) value / 1000;
            return padded(b, small(b, at, thousands), (int) value - thousands * 1000);
        }
        return large(b, at, value);
    }

    private static int large(byte[] b, int at, long value) {
        long millions = value / 1_000_000;
        int rest = (int) (value - millions * 1_000_000);
        int end = millions < 1000
                ? small(b, at, (int) millions)
                : millions < 1_000_000
                        ? padded(b, small(b, at, (int) (millions / 1000)), (int) (millions % 1000))
                        : large(b, at, millions);
        return padded(b, padded(b, end, rest / 1000), rest % 1000);
    }

    private static int small(byte[] b, int at, int below1000) {
        int text = SHORT[below1000];
        putInt(b, at, text);
        return at + (text >>> 24);
    }

    /** Exactly three digits. */
    public static int padded(byte[] b, int at, int below1000) {
        putInt(b, at, PADDED[below1000]);
        return at + 3;
    }

    /** {@code unscaled} x 10^-{@code scale} with all its digits; scale 1 to 18. */
    public static int decimal(byte[] b, int at, long unscaled, int scale) {
        if (unscaled < 0) {
            if (unscaled == Long.MIN_VALUE) {
                return bytes(b, at, utf8(BigDecimal.valueOf(unscaled, scale).toPlainString()));
            }
            b[at++] = '-';
            unscaled = -unscaled;
        }
        long power = POWERS[scale];
        long whole = unscaled / power;
        int end = natural(b, at, whole);
        b[end] = '.';
        return fraction(b, end + 1, unscaled - whole * power, scale);
    }

    private static int fraction(byte[] b, int at, long value, int scale) {
        switch (scale) {
            case 1:
                b[at] = (byte) ('0' + value);
                return at + 1;
            case 2:
                putInt(b, at, PADDED[(int) value] >>> 8);
                return at + 2;
            case 3:
                return padded(b, at, (int) value);
            default:
                for (int i = scale - 1; i >= 0; i--) {
                    long tenth = value / 10;
                    b[at + i] = (byte) ('0' + (value - tenth * 10));
                    value = tenth;
                }
                return at + scale;
        }
    }

    /** A UUID's 36 characters, without quotes. */
    public static int uuid(byte[] b, int at, long msb, long lsb) {
        putLong(b, at, hex((int) (msb >>> 32)));
        b[at + 8] = '-';
        long middle = hex((int) msb);
        putLong(b, at + 9, middle);
        b[at + 13] = '-';
        putInt(b, at + 14, (int) (middle >>> 32));
        b[at + 18] = '-';
        middle = hex((int) (lsb >>> 32));
        putLong(b, at + 19, middle);
        b[at + 23] = '-';
        putInt(b, at + 24, (int) (middle >>> 32));
        putLong(b, at + 28, hex((int) lsb));
        return at + 36;
    }

    /** 16 hexadecimal digits. */
    public static int hex(byte[] b, int at, long word) {
        putLong(b, at, hex((int) (word >>> 32)));
        putLong(b, at + 8, hex((int) word));
        return at + 16;
    }

    /** Eight hexadecimal digits, the highest in the lowest byte. All nibbles at once: spread, then 0-9 and a-f by a carry. */
    private static long hex(int value) {
        long x = Integer.reverseBytes(value) & 0xFFFF_FFFFL;
        x = (x | x << 16) & 0x0000_FFFF_0000_FFFFL;
        x = (x | x << 8) & 0x00FF_00FF_00FF_00FFL;
        x = x >>> 4 & 0x000F_000F_000F_000FL | (x & 0x000F_000F_000F_000FL) << 8;
        long letters = (x + 0x0606_0606_0606_0606L) >>> 4 & 0x0101_0101_0101_0101L;
        return x + 0x3030_3030_3030_3030L + letters * 39;
    }

    public static int bytes(byte[] b, int at, byte[] text) {
        System.arraycopy(text, 0, b, at, text.length);
        return at + text.length;
    }

    /** Text as a JSON string's content in UTF-8, without quotes. @throws IllegalArgumentException for a surrogate without its other half */
    public static byte[] escaped(CharSequence text) {
        byte[] b = new byte[6 * text.length() + SLACK];
        return Arrays.copyOf(b, escaped(b, 0, text));
    }

    /** Text as a JSON string with its quotes. */
    public static byte[] quoted(CharSequence text) {
        byte[] b = new byte[6 * text.length() + 2 + SLACK];
        b[0] = '"';
        int end = escaped(b, 1, text);
        b[end] = '"';
        return Arrays.copyOf(b, end + 1);
    }

    /** Needs up to six bytes per character. */
    public static int escaped(byte[] b, int at, CharSequence text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                at = ascii(b, at, c);
            } else if (c < 0x800) {
                b[at++] = (byte) (0xC0 | c >> 6);
                b[at++] = (byte) (0x80 | c & 0x3F);
            } else if (!Character.isSurrogate(c)) {
                b[at++] = (byte) (0xE0 | c >> 12);
                b[at++] = (byte) (0x80 | c >> 6 & 0x3F);
                b[at++] = (byte) (0x80 | c & 0x3F);
            } else {
                if (Character.isLowSurrogate(c)
                        || i + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    throw new IllegalArgumentException("character " + i + " is half of a surrogate pair (U+"
                            + Integer.toHexString(c).toUpperCase(Locale.ROOT) + "), which UTF-8 cannot encode");
                }
                int code = Character.toCodePoint(c, text.charAt(++i));
                b[at++] = (byte) (0xF0 | code >> 18);
                b[at++] = (byte) (0x80 | code >> 12 & 0x3F);
                b[at++] = (byte) (0x80 | code >> 6 & 0x3F);
                b[at++] = (byte) (0x80 | code & 0x3F);
            }
        }
        return at;
    }

    private static int ascii(byte[] b, int at, char c) {
        if (c >= 0x20 && c != '"' && c != '\\') {
            b[at] = (byte) c;
            return at + 1;
        }
        b[at++] = '\\';
        switch (c) {
            case '"', '\\' -> b[at++] = (byte) c;
            case '\b' -> b[at++] = 'b';
            case '\f' -> b[at++] = 'f';
            case '\n' -> b[at++] = 'n';
            case '\r' -> b[at++] = 'r';
            case '\t' -> b[at++] = 't';
            default -> {
                b[at++] = 'u';
                b[at++] = '0';
                b[at++] = '0';
                b[at++] = (byte) Character.forDigit(c >> 4, 16);
                b[at++] = (byte) Character.forDigit(c & 15, 16);
            }
        }
        return at;
    }

    public static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
