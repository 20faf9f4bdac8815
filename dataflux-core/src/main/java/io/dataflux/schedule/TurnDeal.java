package io.dataflux.schedule;

import java.util.Arrays;

/**
 * A deal of visits 0, 1, 2, ... to k members of equal weight, without a table: every window of R*k visits holds each
 * member R times, in an order of its own.
 *
 * <p>R is the spread: with 1 every member has its turn once a round, which is more regular than chance; larger spreads come closer to
 * independent draws and cost R shuffles a visit. Pure functions of key, members (1 to 2^48), spread (1 to 64) and their last arguments;
 * only {@link #visit} with a spread above 1 allocates.
 */
public final class TurnDeal {
    static final int MAX_SPREAD = 64;

    private TurnDeal() {}

    /** The member of a visit. */
    public static long member(long key, long members, int spread, long visit) {
        return memberOf(turn(key, members, spread, visit), spread);
    }

    /** The number of earlier visits of the same member. */
    public static long occurrence(long key, long members, int spread, long visit) {
        return occurrence(key, members, spread, visit, turn(key, members, spread, visit));
    }

    /** The visit that is a member's occurrence number {@code occurrence}: the inverse. */
    public static long visit(long key, long members, int spread, long member, long occurrence) {
        if (members == 1) {
            return occurrence;
        }
        long window = members * spread;
        long w = occurrence / spread;
        long windowKey = Mix.sub(key, w);
        long first = Math.multiplyExact(w, window);
        if (spread == 1) {
            return Math.addExact(first, Shuffle.unshuffle(windowKey, window, member));
        }
        long[] places = new long[spread];
        for (int i = 0; i < spread; i++) {
            places[i] = Shuffle.unshuffle(windowKey, window, member * spread + i);
        }
        Arrays.sort(places);
        return Math.addExact(first, places[(int) (occurrence - w * spread)]);
    }

    /** The number of visits below {@code visit} that are a member's. */
    public static long count(long key, long members, int spread, long member, long visit) {
        if (members == 1) {
            return visit;
        }
        long window = members * spread;
        long w = divide(visit, window);
        return w * spread + earlier(Mix.sub(key, w), window, spread, member, visit - w * window);
    }

    /** The turn of a visit in its window, from which {@link #memberOf} and the occurrence follow: one shuffle. */
    static long turn(long key, long members, int spread, long visit) {
        if (members == 1) {
            return 0;
        }
        long window = members * spread;
        long w = divide(visit, window);
        return Shuffle.shuffle(Mix.sub(key, w), window, visit - w * window);
    }

    static long memberOf(long turn, int spread) {
        return spread == 1 ? turn : turn / spread;
    }

    static long occurrence(long key, long members, int spread, long visit, long turn) {
        if (members == 1) {
            return visit;
        }
        long window = members * spread;
        long w = divide(visit, window);
        return spread == 1
                ? w
                : w * spread + earlier(Mix.sub(key, w), window, spread, turn / spread, visit - w * window);
    }

    /** How many of a member's places in a window come before {@code place}. */
    private static int earlier(long windowKey, long window, int spread, long member, long place) {
        int earlier = 0;
        for (int i = 0; i < spread; i++) {
            earlier += Shuffle.unshuffle(windowKey, window, member * spread + i) < place ? 1 : 0;
        }
        return earlier;
    }

    private static long divide(long visit, long window) {
        return (window & (window - 1)) == 0 ? visit >>> Long.numberOfTrailingZeros(window) : visit / window;
    }
}
