package io.dataflux.schedule;

import java.util.Arrays;

/**
 * A deal of visits 0, 1, 2, ... to members of equal weight, without a table: every window of R*k visits holds each of the
 * k members R times, in an order of its own.
 *
 * <p>R is the spread: with 1 every member has its turn once a round, which is more regular than chance; larger spreads come
 * closer to independent draws and cost R shuffles a visit. Immutable and thread-safe; {@link #member},
 * {@link #occurrence} and {@link #count} allocate nothing.
 */
public final class TurnDeal {
    static final int MAX_SPREAD = 64;

    private final long key;
    private final long members;
    private final int spread;
    private final long window;
    /** log2 of the window, or -1 if it is no power of two. */
    private final int windowBits;

    private TurnDeal(long key, long members, int spread) {
        this.key = key;
        this.members = members;
        this.spread = spread;
        window = members * spread;
        windowBits = Long.bitCount(window) == 1 ? Long.numberOfTrailingZeros(window) : -1;
    }

    /**
     * A deal among equal members.
     *
     * @throws IllegalArgumentException if there are no or more than 2^48 members, or the spread is not in 1..64
     */
    public static TurnDeal of(long key, long members, int spread) {
        if (members < 1 || members > Schedule.MAX_ENTITIES || spread < 1 || spread > MAX_SPREAD) {
            throw new IllegalArgumentException(members + " members with spread " + spread + ": 1 to "
                    + Schedule.MAX_ENTITIES + " members and a spread of 1 to " + MAX_SPREAD + " are possible");
        }
        return new TurnDeal(key, members, spread);
    }

    public long members() {
        return members;
    }

    /** The member of a visit. */
    public long member(long visit) {
        return memberOf(turn(visit));
    }

    /** The number of earlier visits of the same member. */
    public long occurrence(long visit) {
        return occurrence(visit, turn(visit));
    }

    /** The visit that is a member's occurrence number {@code occurrence}: the inverse. */
    public long visit(long member, long occurrence) {
        if (members == 1) {
            return occurrence;
        }
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
    public long count(long member, long visit) {
        if (members == 1) {
            return visit;
        }
        long w = windowOf(visit);
        return w * spread + earlier(Mix.sub(key, w), member, visit - w * window);
    }

    /** The turn of a visit in its window, for {@link #memberOf} and {@link #occurrence(long, long)}: one shuffle. */
    long turn(long visit) {
        if (members == 1) {
            return 0;
        }
        long w = windowOf(visit);
        return Shuffle.shuffle(Mix.sub(key, w), window, visit - w * window);
    }

    long memberOf(long turn) {
        return spread == 1 ? turn : turn / spread;
    }

    long occurrence(long visit, long turn) {
        if (members == 1) {
            return visit;
        }
        long w = windowOf(visit);
        return spread == 1 ? w : w * spread + earlier(Mix.sub(key, w), turn / spread, visit - w * window);
    }

    private long windowOf(long visit) {
        return windowBits >= 0 ? visit >>> windowBits : visit / window;
    }

    /** How many of a member's places in a window come before {@code place}. */
    private int earlier(long windowKey, long member, long place) {
        int earlier = 0;
        for (int i = 0; i < spread; i++) {
            earlier += Shuffle.unshuffle(windowKey, window, member * spread + i) < place ? 1 : 0;
        }
        return earlier;
    }
}
