package io.dataflux.json;

import java.util.Arrays;

/** Navigates compact JSON that is known to be well-formed. Allocates nothing. */
public final class JsonMembers {

    private JsonMembers() {}

    /** The end of the value that begins at {@code at}. */
    public static int skip(byte[] b, int at) {
        if (b[at] == '"') {
            return skipText(b, at);
        }
        int depth = 0;
        int i = at;
        while (true) {
            switch (b[i]) {
                case '"' -> i = skipText(b, i) - 1;
                case '{', '[' -> depth++;
                case '}', ']' -> {
                    if (depth == 0) {
                        return i;
                    }
                    depth--;
                    if (depth == 0) {
                        return i + 1;
                    }
                }
                case ',' -> {
                    if (depth == 0) {
                        return i;
                    }
                }
                default -> {}
            }
            i++;
        }
    }

    private static int skipText(byte[] b, int at) {
        int i = at + 1;
        while (b[i] != '"') {
            i += b[i] == '\\' ? 2 : 1;
        }
        return i + 1;
    }

    /** The end of the first members of the object at {@code at}; after its opening brace for none. */
    public static int endOf(byte[] b, int at, int members) {
        int end = at + 1;
        for (int i = 0; i < members; i++) {
            int name = b[end] == ',' ? end + 1 : end;
            end = skip(b, skipText(b, name) + 1);
        }
        return end;
    }

    /** The beginning of the value with this path from the object at {@code at}. */
    public static int valueOf(byte[] b, int at, byte[][] path) {
        int object = at;
        for (byte[] name : path) {
            object = valueOf(b, object, name);
        }
        return object;
    }

    private static int valueOf(byte[] b, int object, byte[] name) {
        int i = object + 1;
        while (true) {
            int end = skipText(b, i);
            if (Arrays.equals(b, i, end, name, 0, name.length)) {
                return end + 1;
            }
            i = skip(b, end + 1) + 1;
        }
    }

    /** A byte within a text value of {@code [from, end)}, the first from {@code wanted} on or else the last before; -1 if there is none. */
    public static int textAt(byte[] b, int from, int end, int wanted) {
        int last = -1;
        for (int i = from; i < end; ) {
            if (b[i] != '"') {
                i++;
                continue;
            }
            int behind = skipText(b, i);
            boolean name = b[behind] == ':';
            if (!name && behind - i > 2) {
                if (behind - 2 >= wanted) {
                    return Math.max(i + 1, wanted);
                }
                last = behind - 2;
            }
            i = behind;
        }
        return last;
    }
}
