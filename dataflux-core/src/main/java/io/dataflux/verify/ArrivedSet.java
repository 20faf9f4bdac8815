package io.dataflux.verify;

import io.dataflux.ledger.Ranges;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The set of local indices of one shard that have arrived. It is kept in pages of 65,536 numbers: a page is a run of numbers
 * as long as they arrive in turn, then a bitmap of 8 KiB, and when it is full it collapses into a range of full pages. So what
 * has arrived completely costs next to nothing, however much it is. Adding and asking are O(log pages); not thread-safe.
 */
final class ArrivedSet {

    private static final int PAGE_BITS = 16;
    static final int PAGE = 1 << PAGE_BITS;
    private static final int IN_PAGE = PAGE - 1;

    private final Ranges full = new Ranges(); // page numbers
    private final TreeMap<Long, Page> partial = new TreeMap<>();
    private long cachedNumber = -1;
    private @Nullable Page cached;
    private long count;

    /** Adds a number and says whether it is new. */
    boolean add(long number) {
        long pageNumber = number >>> PAGE_BITS;
        Page page = page(pageNumber);
        if (page == null) {
            if (full.contains(pageNumber)) {
                return false;
            }
            page = new Page();
            partial.put(pageNumber, page);
            cachedNumber = pageNumber;
            cached = page;
        }
        if (!page.add((int) number & IN_PAGE)) {
            return false;
        }
        if (page.count == PAGE) {
            full.add(pageNumber, pageNumber + 1);
            partial.remove(pageNumber);
            cachedNumber = -1;
            cached = null;
        }
        count++;
        return true;
    }

    boolean contains(long number) {
        Page page = page(number >>> PAGE_BITS);
        return page == null ? full.contains(number >>> PAGE_BITS) : page.contains((int) number & IN_PAGE);
    }

    /** A set with the same numbers that goes its own way. */
    ArrivedSet copy() {
        ArrivedSet copy = new ArrivedSet();
        copy.full.addAll(full);
        partial.forEach((number, page) -> copy.partial.put(number, page.copy()));
        copy.count = count;
        return copy;
    }

    long count() {
        return count;
    }

    /** The pages that are neither empty nor full. */
    int partialPages() {
        return partial.size();
    }

    /** The smallest number that is at least {@code from} and not in the set. */
    long nextAbsent(long from) {
        long number = from;
        while (true) {
            long pageNumber = number >>> PAGE_BITS;
            Page page = page(pageNumber);
            if (page == null) {
                long outside = full.nextOutside(pageNumber);
                if (outside == pageNumber) {
                    return number;
                }
                number = outside << PAGE_BITS;
            } else {
                int in = page.nextAbsent((int) number & IN_PAGE);
                if (in < PAGE) {
                    return pageNumber << PAGE_BITS | in;
                }
                number = pageNumber + 1 << PAGE_BITS;
            }
        }
    }

    /** The smallest number that is at least {@code from} and in the set; {@code Long.MAX_VALUE} if there is none. */
    long nextPresent(long from) {
        long pageNumber = from >>> PAGE_BITS;
        Page page = page(pageNumber);
        if (page != null) {
            int in = page.nextPresent((int) from & IN_PAGE);
            if (in < PAGE) {
                return pageNumber << PAGE_BITS | in;
            }
            pageNumber++;
        } else if (full.contains(pageNumber)) {
            return from;
        }
        long nextFull = full.nextInside(pageNumber);
        Map.Entry<Long, Page> nextPartial = partial.ceilingEntry(pageNumber);
        if (nextPartial != null && nextPartial.getKey() < nextFull) {
            return nextPartial.getKey() << PAGE_BITS | nextPartial.getValue().nextPresent(0);
        }
        return nextFull == Long.MAX_VALUE ? Long.MAX_VALUE : nextFull << PAGE_BITS;
    }

    private @Nullable Page page(long pageNumber) {
        if (pageNumber != cachedNumber) {
            Page page = partial.get(pageNumber);
            if (page == null) {
                return null;
            }
            cachedNumber = pageNumber;
            cached = page;
        }
        return cached;
    }

    /** The numbers [from, to), or a bitmap once they are no run any more. */
    private static final class Page {
        private int from;
        private int to;
        private long @Nullable [] bits;
        private int count;

        Page copy() {
            Page copy = new Page();
            copy.from = from;
            copy.to = to;
            copy.bits = bits == null ? null : bits.clone();
            copy.count = count;
            return copy;
        }

        boolean add(int number) {
            if (contains(number)) {
                return false;
            }
            if (bits == null) {
                if (count == 0) {
                    from = number;
                    to = number + 1;
                } else if (number == to) {
                    to++;
                } else if (number == from - 1) {
                    from--;
                } else {
                    bits = asBits(from, to);
                }
            }
            if (bits != null) {
                bits[number >>> 6] |= 1L << number;
            }
            count++;
            return true;
        }

        boolean contains(int number) {
            return bits == null ? number >= from && number < to : (bits[number >>> 6] & 1L << number) != 0;
        }

        int nextAbsent(int number) {
            return bits == null ? (contains(number) ? to : number) : next(bits, number, -1L);
        }

        int nextPresent(int number) {
            return bits == null ? (number < to ? Math.max(number, from) : PAGE) : next(bits, number, 0);
        }

        /** The first bit from {@code number} on that differs from {@code skipped}. */
        private static int next(long[] bits, int number, long skipped) {
            int word = number >>> 6;
            long left = (bits[word] ^ skipped) & -1L << number;
            while (left == 0) {
                if (++word == bits.length) {
                    return PAGE;
                }
                left = bits[word] ^ skipped;
            }
            return (word << 6) + Long.numberOfTrailingZeros(left);
        }

        private static long[] asBits(int from, int to) {
            long[] bits = new long[PAGE >>> 6];
            for (int i = from; i < to; i++) {
                bits[i >>> 6] |= 1L << i;
            }
            return bits;
        }
    }
}
