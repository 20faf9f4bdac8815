package io.dataflux.json;

import java.util.Arrays;

/** Bytes that never change: up to 32 of them lie in four words and are stored eight at a time, longer ones are copied. */
public record Literal(long word0, long word1, long word2, long word3, byte[] bytes, int length) {

    private static final int IN_WORDS = 32;

    public static Literal of(byte[] text) {
        byte[] bytes = Arrays.copyOf(text, Math.max(IN_WORDS, text.length));
        return new Literal(
                Json.getLong(bytes, 0),
                Json.getLong(bytes, 8),
                Json.getLong(bytes, 16),
                Json.getLong(bytes, 24),
                bytes,
                text.length);
    }

    public static Literal of(String text) {
        return of(Json.utf8(text));
    }

    public int write(byte[] b, int at) {
        if (length > IN_WORDS) {
            System.arraycopy(bytes, 0, b, at, length);
            return at + length;
        }
        Json.putLong(b, at, word0);
        if (length > 8) {
            Json.putLong(b, at + 8, word1);
        }
        if (length > 16) {
            Json.putLong(b, at + 16, word2);
        }
        if (length > 24) {
            Json.putLong(b, at + 24, word3);
        }
        return at + length;
    }
}
