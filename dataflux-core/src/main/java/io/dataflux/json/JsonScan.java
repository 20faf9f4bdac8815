package io.dataflux.json;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the values of a few fields in the bytes of a JSON object without building anything: it walks over names and values and
 * stops when it has them all. It trusts what it does not look at, so it says nothing about the rest being JSON. Not thread-safe.
 */
public final class JsonScan {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int NOTHING = -1;

    private final byte[][][] paths;
    private final int[] from;
    private final int[] to;
    private byte[] json = new byte[0];
    private int end;
    private int missing;

    /** @param fields paths such as {@code event_id} or {@code meta.id}; at most 64 */
    public JsonScan(List<String> fields) {
        paths = new byte[fields.size()][][];
        for (int i = 0; i < paths.length; i++) {
            String[] names = fields.get(i).split("\\.", -1);
            paths[i] = new byte[names.length][];
            for (int depth = 0; depth < names.length; depth++) {
                paths[i][depth] = names[depth].getBytes(StandardCharsets.UTF_8);
            }
        }
        from = new int[paths.length];
        to = new int[paths.length];
    }

    /** Looks for all fields and says whether each was found, as text, number or boolean. */
    public boolean find(byte[] bytes) {
        json = bytes;
        end = bytes.length;
        missing = paths.length;
        Arrays.fill(from, NOTHING);
        if (missing == 0) {
            return false;
        }
        int at = space(0);
        if (at < end && json[at] == '{') {
            object(at + 1, 0, -1L >>> Long.SIZE - paths.length);
        }
        return missing == 0;
    }

    /** Where the value of a field that was found begins, with its quotation mark. */
    public int from(int field) {
        return from[field];
    }

    /** Where the value of a field that was found ends, behind its quotation mark. */
    public int to(int field) {
        return to[field];
    }

    /** The text of a field that was found: without quotes and escapes, numbers as they stand; null if it cannot be read. */
    @Nullable
    public String text(int field) {
        int first = from[field];
        int last = to[field];
        if (json[first] != '"') {
            return new String(json, first, last - first, StandardCharsets.US_ASCII);
        }
        String raw = new String(json, first + 1, last - first - 2, StandardCharsets.UTF_8);
        return raw.indexOf('\\') < 0 ? raw : unquoted(json, first, last);
    }

    private static @Nullable String unquoted(byte[] json, int from, int to) {
        try {
            return MAPPER.readTree(json, from, to - from).textValue();
        } catch (IOException e) {
            return null;
        }
    }

    /**
     * Walks an object's members from after its brace; returns where it ends, or -1 to stop. {@code wanted} are the paths that lead here.
     */
    private int object(int start, int depth, long wanted) {
        int at = space(start);
        if (at < end && json[at] == '}') {
            return at + 1;
        }
        while (at < end && json[at] == '"') {
            int nameFrom = at + 1;
            int nameTo = string(at) - 1;
            at = nameTo < 0 ? NOTHING : space(nameTo + 1);
            if (at < 0 || at >= end || json[at] != ':') {
                return NOTHING;
            }
            at = value(space(at + 1), depth, named(wanted, depth, nameFrom, nameTo));
            if (at < 0 || missing == 0) {
                return NOTHING;
            }
            at = space(at);
            if (at < end && json[at] == '}') {
                return at + 1;
            }
            if (at >= end || json[at] != ',') {
                return NOTHING;
            }
            at = space(at + 1);
        }
        return NOTHING;
    }

    /** Of the wanted paths those whose part at this depth is this name. */
    private long named(long wanted, int depth, int nameFrom, int nameTo) {
        long named = 0;
        for (long left = wanted; left != 0; left &= left - 1) {
            int i = Long.numberOfTrailingZeros(left);
            byte[] name = paths[i][depth];
            if (name.length == nameTo - nameFrom && Arrays.equals(json, nameFrom, nameTo, name, 0, name.length)) {
                named |= 1L << i;
            }
        }
        return named;
    }

    private int value(int at, int depth, long named) {
        if (at >= end) {
            return NOTHING;
        }
        byte first = json[at];
        if (first == '{' || first == '[') {
            long below = 0;
            for (long left = named; left != 0; left &= left - 1) {
                int i = Long.numberOfTrailingZeros(left);
                below |= paths[i].length > depth + 1 ? 1L << i : 0;
            }
            return first == '{' && below != 0 ? object(at + 1, depth + 1, below) : skip(at);
        }
        int after = first == '"' ? string(at) : plain(at);
        if (after > 0 && first != 'n') {
            for (long left = named; left != 0; left &= left - 1) {
                int i = Long.numberOfTrailingZeros(left);
                if (paths[i].length == depth + 1 && from[i] == NOTHING) {
                    from[i] = at;
                    to[i] = after;
                    missing--;
                }
            }
        }
        return after;
    }

    /** The end of the object or list that begins here, by counting brackets outside of strings. */
    private int skip(int start) {
        int open = 0;
        for (int at = start; at < end; at++) {
            byte b = json[at];
            if (b == '"') {
                at = string(at) - 1;
                if (at < 0) {
                    return NOTHING;
                }
            } else if (b == '{' || b == '[') {
                open++;
            } else if (b == '}' || b == ']') {
                if (--open == 0) {
                    return at + 1;
                }
            }
        }
        return NOTHING;
    }

    /** The end of the string that begins here, or -1. */
    private int string(int start) {
        for (int at = start + 1; at < end; at++) {
            if (json[at] == '"') {
                return at + 1;
            }
            if (json[at] == '\\') {
                at++;
            }
        }
        return NOTHING;
    }

    /** The end of the number or word that begins here, or -1 if there is none. */
    private int plain(int start) {
        int at = start;
        while (at < end && (json[at] > ' ' || json[at] < 0) && json[at] != ',' && json[at] != '}' && json[at] != ']') {
            at++;
        }
        return at == start ? NOTHING : at;
    }

    private int space(int start) {
        int at = start;
        while (at < end && (json[at] == ' ' || json[at] == '\n' || json[at] == '\r' || json[at] == '\t')) {
            at++;
        }
        return at;
    }
}
