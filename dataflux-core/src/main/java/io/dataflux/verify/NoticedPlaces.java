package io.dataflux.verify;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which events and records have one finding and where they were, for the first million of them, at 24 bytes each; in the order in which they
 * were noticed. It only grows. Texts are kept once, and only the first few thousand different ones. Not thread-safe.
 */
final class NoticedPlaces {

    static final int MOST = 1_000_000;

    private static final int LONGS = 3;
    private static final int PER_CHUNK = 4096;
    private static final int SOURCE_BITS = 24;
    private static final int WORD_BITS = 12;

    /** Different texts by number; number 0 is none. */
    private static final class Texts {
        private final int most;
        private final Map<String, Integer> numbers = new HashMap<>(); // order never seen
        private final List<String> texts = new ArrayList<>();

        Texts(int bits) {
            most = (1 << bits) - 1;
        }

        long number(@Nullable String text) {
            if (text == null || text.isEmpty()) {
                return 0;
            }
            Integer known = numbers.get(text);
            if (known != null) {
                return known;
            }
            if (texts.size() == most) {
                return 0;
            }
            texts.add(text);
            numbers.put(text, texts.size());
            return texts.size();
        }

        @Nullable
        String text(long number) {
            return number == 0 ? null : texts.get((int) number - 1);
        }
    }

    private final List<long[]> chunks = new ArrayList<>();
    private final Texts sources = new Texts(SOURCE_BITS);
    private final Texts differences = new Texts(WORD_BITS);
    private final Texts words = new Texts(WORD_BITS);
    private int size;

    /** Keeps one; says whether there was room. */
    boolean add(
            int stream,
            long sequence,
            @Nullable String source,
            long offset,
            @Nullable String difference,
            @Nullable String what) {
        if (size == MOST) {
            return false;
        }
        if (size % PER_CHUNK == 0) {
            chunks.add(new long[LONGS * PER_CHUNK]);
        }
        long[] chunk = chunks.get(size / PER_CHUNK);
        int at = size % PER_CHUNK * LONGS;
        chunk[at] = sequence;
        chunk[at + 1] = offset;
        chunk[at + 2] = (stream + 1L) << SOURCE_BITS + 2 * WORD_BITS
                | sources.number(source) << 2 * WORD_BITS
                | differences.number(difference) << WORD_BITS
                | words.number(what);
        size++;
        return true;
    }

    int size() {
        return size;
    }

    int stream(int i) {
        return (int) (texts(i) >>> SOURCE_BITS + 2 * WORD_BITS) - 1;
    }

    long sequence(int i) {
        return chunks.get(i / PER_CHUNK)[i % PER_CHUNK * LONGS];
    }

    long offset(int i) {
        return chunks.get(i / PER_CHUNK)[i % PER_CHUNK * LONGS + 1];
    }

    @Nullable
    String source(int i) {
        return sources.text(texts(i) >>> 2 * WORD_BITS & (1 << SOURCE_BITS) - 1);
    }

    /** What differs, such as {@code total}; null if that is not known. */
    @Nullable
    String difference(int i) {
        return differences.text(texts(i) >>> WORD_BITS & (1 << WORD_BITS) - 1);
    }

    /** What was said of it; null if it is not kept. */
    @Nullable
    String what(int i) {
        return words.text(texts(i) & (1 << WORD_BITS) - 1);
    }

    private long texts(int i) {
        return chunks.get(i / PER_CHUNK)[i % PER_CHUNK * LONGS + 2];
    }
}
