package io.dataflux.verify;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * In which source each key of a stream came, and which keys came in several. Exact within a budget of memory, one byte per key in
 * pages that are made when needed, four in those with many sources; it says whether keys came that did not fit. Not thread-safe.
 */
final class KeyHomes {

    /** The answer of {@link #of} for a key of which nothing came, or that was not watched. */
    static final int NOWHERE = -1;
    /** The answer of {@link #of} for a key that came in more than one source. */
    static final int SEVERAL = -2;

    private static final int PAGE_BITS = 12;
    private static final int PAGE = 1 << PAGE_BITS;
    private static final int MOST_PAGES = 1 << 12; // 16 million keys
    private static final int MOST_SLOTS = 1 << 22;

    /** Some keys that follow one another. */
    private static final class Page {
        private static final byte SEVERAL_HERE = -1;
        /** From which source on a byte is too narrow. */
        private static final int WIDE = 254;

        private byte @Nullable [] narrow = new byte[PAGE];
        private int[] wide = {};

        /** 0 for nowhere, or the source plus one, or {@link #SEVERAL}. */
        int home(int at) {
            if (narrow == null) {
                return wide[at];
            }
            byte home = narrow[at];
            return home == SEVERAL_HERE ? SEVERAL : home & 0xFF;
        }

        void set(int at, int home) {
            if (home > WIDE && narrow != null) {
                wide = IntStream.range(0, PAGE).map(this::home).toArray();
                narrow = null;
            }
            if (narrow == null) {
                wide[at] = home;
            } else {
                narrow[at] = home == SEVERAL ? SEVERAL_HERE : (byte) home;
            }
        }
    }

    private @Nullable Page[] pages = new Page[0];

    private int made;
    private long keys;
    private long scattered;
    private boolean unwatched;

    /** Notes that an event of a key came in a source. */
    void add(long entity, int source) {
        Page page = page(entity);
        if (page == null) {
            unwatched = true;
            return;
        }
        int at = (int) entity & PAGE - 1;
        int home = page.home(at);
        if (home == 0) {
            keys++;
            page.set(at, source + 1);
        } else if (home != source + 1 && home != SEVERAL) {
            scattered++;
            page.set(at, SEVERAL);
        }
    }

    /** The source of a key, {@link #NOWHERE} or {@link #SEVERAL}. */
    int of(long entity) {
        long number = entity >>> PAGE_BITS;
        Page page = number < pages.length ? pages[(int) number] : null;
        int home = page == null ? 0 : page.home((int) entity & PAGE - 1);
        return home == SEVERAL ? SEVERAL : home - 1;
    }

    /** Of how many keys events came. */
    long keys() {
        return keys;
    }

    /** How many keys came in more than one source. */
    long scattered() {
        return scattered;
    }

    /** Whether keys came that did not fit, so that nothing is known of them. */
    boolean unwatched() {
        return unwatched;
    }

    private @Nullable Page page(long entity) {
        long number = entity >>> PAGE_BITS;
        if (number >= pages.length) {
            if (number >= MOST_SLOTS || made == MOST_PAGES) {
                return null;
            }
            pages = Arrays.copyOf(pages, (int) Math.min(MOST_SLOTS, Math.max(number + 1, 2L * pages.length)));
        }
        Page page = pages[(int) number];
        if (page == null && made < MOST_PAGES) {
            page = new Page();
            pages[(int) number] = page;
            made++;
        }
        return page;
    }
}
