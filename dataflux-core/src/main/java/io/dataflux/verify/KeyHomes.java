package io.dataflux.verify;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * In which source each key of a stream came, and which keys came in several. Exact within a budget of memory, four bytes per key in
 * pages that are made when needed; it says whether keys came that did not fit. Not thread-safe.
 */
final class KeyHomes {

    /** The answer of {@link #of} for a key of which nothing came, or that was not watched. */
    static final int NOWHERE = -1;
    /** The answer of {@link #of} for a key that came in more than one source. */
    static final int SEVERAL = -2;

    private static final int PAGE_BITS = 12;
    private static final int PAGE = 1 << PAGE_BITS;
    private static final int MOST_PAGES = 1 << 12; // 64 MiB, 16 million keys
    private static final int MOST_SLOTS = 1 << 22;

    /** Some keys that follow one another. */
    private static final class Page {
        /** Per key 0, or its source plus one, or {@link #SEVERAL}. */
        final int[] homes = new int[PAGE];
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
        int home = page.homes[at];
        if (home == 0) {
            keys++;
            page.homes[at] = source + 1;
        } else if (home != source + 1 && home != SEVERAL) {
            scattered++;
            page.homes[at] = SEVERAL;
        }
    }

    /** The source of a key, {@link #NOWHERE} or {@link #SEVERAL}. */
    int of(long entity) {
        long number = entity >>> PAGE_BITS;
        Page page = number < pages.length ? pages[(int) number] : null;
        int home = page == null ? 0 : page.homes[(int) entity & PAGE - 1];
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
