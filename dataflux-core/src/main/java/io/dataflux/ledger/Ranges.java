package io.dataflux.ledger;

import java.util.Arrays;

/**
 * A set of numbers as sorted, disjoint, half-open ranges. Adding at the end is O(1), elsewhere O(number of ranges); look-ups are
 * O(log n). Not thread-safe.
 */
public final class Ranges {

    private long[] bounds = new long[8]; // from, to, from, to, ... strictly increasing
    private int length;

    /** The empty set. */
    public Ranges() {}

    public static Ranges of(long... fromTo) {
        Ranges ranges = new Ranges();
        for (int i = 0; i < fromTo.length; i += 2) {
            ranges.add(fromTo[i], fromTo[i + 1]);
        }
        return ranges;
    }

    /** Adds {@code [from, to)}; numbers already in the set stay in it once. */
    public void add(long from, long to) {
        if (from >= to) {
            return;
        }
        if (length > 0 && from >= bounds[length - 2]) { // touches the last range or lies after it
            if (from <= bounds[length - 1]) {
                bounds[length - 1] = Math.max(bounds[length - 1], to);
            } else {
                append(from, to);
            }
            return;
        }
        int first = 0;
        while (first < length && bounds[first + 1] < from) {
            first += 2;
        }
        int last = first;
        long low = from;
        long high = to;
        while (last < length && bounds[last] <= to) {
            low = Math.min(low, bounds[last]);
            high = Math.max(high, bounds[last + 1]);
            last += 2;
        }
        replace(first, last, low, high);
    }

    /** Adds all ranges of another set. */
    public void addAll(Ranges other) {
        for (int i = 0; i < other.size(); i++) {
            add(other.from(i), other.to(i));
        }
    }

    /** Removes {@code [from, to)}. */
    public void remove(long from, long to) {
        if (from >= to || length == 0 || to <= bounds[0] || from >= bounds[length - 1]) {
            return;
        }
        long[] kept = new long[length + 2];
        int n = 0;
        for (int i = 0; i < length; i += 2) {
            if (bounds[i] < from) {
                kept[n++] = bounds[i];
                kept[n++] = Math.min(bounds[i + 1], from);
            }
            if (bounds[i + 1] > to) {
                kept[n++] = Math.max(bounds[i], to);
                kept[n++] = bounds[i + 1];
            }
        }
        bounds = kept;
        length = n;
    }

    /** Removes all numbers of another set. */
    public void removeAll(Ranges other) {
        for (int i = 0; i < other.size(); i++) {
            remove(other.from(i), other.to(i));
        }
    }

    /** An independent set with the same numbers. */
    public Ranges copy() {
        Ranges copy = new Ranges();
        copy.bounds = Arrays.copyOf(bounds, Math.max(2, length));
        copy.length = length;
        return copy;
    }

    /** The number of ranges. */
    public int size() {
        return length / 2;
    }

    public long from(int range) {
        return bounds[2 * range];
    }

    public long to(int range) {
        return bounds[2 * range + 1];
    }

    public boolean isEmpty() {
        return length == 0;
    }

    /** How many numbers are in the set. */
    public long count() {
        long count = 0;
        for (int i = 0; i < length; i += 2) {
            count += bounds[i + 1] - bounds[i];
        }
        return count;
    }

    public boolean contains(long number) {
        int at = Arrays.binarySearch(bounds, 0, length, number);
        return (at & 1) == 0; // else the insertion point, -at - 1, is odd inside a range
    }

    /** The smallest number that is at least {@code from} and not in the set. */
    public long nextOutside(long from) {
        int at = Arrays.binarySearch(bounds, 0, length, from);
        int bound = at >= 0 ? at : -at - 1; // index of the first bound at or above from
        if (at >= 0) {
            return (at & 1) == 0 ? bounds[at + 1] : from;
        }
        return (bound & 1) == 1 ? bounds[bound] : from;
    }

    /** The smallest number that is at least {@code from} and in the set; {@code Long.MAX_VALUE} if there is none. */
    public long nextInside(long from) {
        if (contains(from)) {
            return from;
        }
        int at = Arrays.binarySearch(bounds, 0, length, from);
        int bound = at >= 0 ? at + 1 : -at - 1; // an end that equals from lies after it
        return bound < length ? bounds[bound] : Long.MAX_VALUE;
    }

    /** Whether any number is in both sets. */
    public boolean overlaps(Ranges other) {
        for (int i = 0, j = 0; i < length && j < other.length; ) {
            if (bounds[i + 1] <= other.bounds[j]) {
                i += 2;
            } else if (other.bounds[j + 1] <= bounds[i]) {
                j += 2;
            } else {
                return true;
            }
        }
        return false;
    }

    private void append(long from, long to) {
        if (length == bounds.length) {
            bounds = Arrays.copyOf(bounds, 2 * length);
        }
        bounds[length++] = from;
        bounds[length++] = to;
    }

    /** Replaces the ranges in {@code bounds[first, last)} by one. */
    private void replace(int first, int last, long from, long to) {
        int after = length - last;
        int newLength = first + 2 + after;
        long[] target = newLength <= bounds.length ? bounds : Arrays.copyOf(bounds, 2 * bounds.length);
        System.arraycopy(bounds, last, target, first + 2, after);
        target[first] = from;
        target[first + 1] = to;
        length = newLength;
        bounds = target;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Ranges that && Arrays.equals(bounds, 0, length, that.bounds, 0, that.length);
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (int i = 0; i < length; i++) {
            hash = 31 * hash + Long.hashCode(bounds[i]);
        }
        return hash;
    }

    /** The ranges as {@code [from, to) [from, to)}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i += 2) {
            text.append(i == 0 ? "[" : " [")
                    .append(bounds[i])
                    .append(", ")
                    .append(bounds[i + 1])
                    .append(')');
        }
        return length == 0 ? "none" : text.toString();
    }
}
