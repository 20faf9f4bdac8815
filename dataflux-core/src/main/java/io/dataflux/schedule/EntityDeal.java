package io.dataflux.schedule;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The deals inside the shards: a shard's events are dealt to cells of entities of about the same popularity, and a cell's events to its
 * members in turn, or in bursts if they have sessions. Entities appear as local ranks, 0 for the shard's hottest. Immutable and
 * thread-safe.
 */
final class EntityDeal {
    private static final int ALL_FRAMES = 1 << 18;
    private static final int ROTATIONS = 64;

    private final long[] keys;
    private final QuotaDeal cells;
    /** Bounds a shard: shard * bounds + cell to the local rank of the cell's first member, and to their number at the end. */
    private final long[] first;

    private final int bounds;
    private final int spread;
    private final @Nullable BurstDeal bursts;
    /** Shard * bounds + cell to log2 of its seats; empty without bursts. */
    private final byte[] seatBits;
    /** Likewise to the number of the cell's first seat, modulo 256. */
    private final byte[] firstSeat;

    private EntityDeal(long[] keys, QuotaDeal cells, long[][] first, int spread, @Nullable BurstDeal bursts) {
        this.keys = keys;
        this.cells = cells;
        this.spread = spread;
        this.bursts = bursts;
        bounds = Arrays.stream(first).mapToInt(f -> f.length).max().orElseThrow();
        this.first = new long[keys.length * bounds];
        for (int s = 0; s < first.length; s++) {
            Arrays.fill(this.first, s * bounds, (s + 1) * bounds, first[s][first[s].length - 1]);
            System.arraycopy(first[s], 0, this.first, s * bounds, first[s].length);
        }
        seatBits = new byte[bursts == null ? 0 : this.first.length];
        firstSeat = new byte[seatBits.length];
    }

    /**
     * @param bursts null if members come in turn
     * @param active by shard, how many of its members have a session at a time; not read without bursts
     */
    static EntityDeal plan(
            long key, Popularity popularity, long[] members, int spread, @Nullable BurstDeal bursts, double[] active) {
        int shards = members.length;
        int frame = ALL_FRAMES / shards / ROTATIONS * ROTATIONS;
        long[] keys = new long[shards];
        long[] cellKeys = new long[shards];
        long[][] first = new long[shards][];
        int[][] quotas = new int[shards][];
        boolean single = true;
        for (int s = 0; s < shards; s++) {
            keys[s] = Mix.sub(key, s);
            cellKeys[s] = Mix.sub(keys[s], 0);
            // a cell without a full seat would have longer pauses than intended
            first[s] = popularity.cells(s, members[s], frame, bursts == null ? 0 : 1 / active[s]);
            double[] mass = new double[first[s].length - 1];
            for (int c = 0; c < mass.length; c++) {
                mass[c] = popularity.mass(s, first[s][c], first[s][c + 1]);
            }
            quotas[s] = QuotaDeal.quotas(mass, frame);
            single &= mass.length == 1;
        }
        if (single) {
            // one cell each: a frame of one position has the same effect and needs no table
            Arrays.fill(quotas, new int[] {1});
        }
        EntityDeal deal = new EntityDeal(keys, QuotaDeal.family(cellKeys, quotas), first, spread, bursts);
        if (bursts != null) {
            deal.placeSeats(active);
        }
        return deal;
    }

    /** As many seats as members are active at a time, to the nearest power of two. */
    private void placeSeats(double[] active) {
        long seats = 0;
        for (int s = 0; s < keys.length; s++) {
            for (int c = 0; c < bounds - 1 && members(s, c) > 0; c++) {
                double wanted = Math.max(1, active[s] * cells.share(s, c));
                int bits = Math.getExponent(wanted * wanted * 2) / 2;
                bits = Math.min(bits, 63 - Long.numberOfLeadingZeros(members(s, c)));
                seatBits[s * bounds + c] = (byte) bits;
                firstSeat[s * bounds + c] = (byte) seats;
                seats += 1L << bits;
            }
        }
    }

    /** How many events a session has on average; 0 without bursts. */
    double meanSession() {
        return bursts == null ? 0 : bursts.runs().mean();
    }

    /** How many members have a session at a time. */
    double seats() {
        double seats = 0;
        for (int s = 0; s < keys.length; s++) {
            for (int c = 0; c < bounds - 1 && members(s, c) > 0; c++) {
                seats += 1L << seatBits[s * bounds + c];
            }
        }
        return seats;
    }

    /** Fills in the occurrence and, as the entity, the local rank. */
    void locate(int shard, long local, Schedule.Slot slot) {
        long looked = cells.look(shard, local);
        int cell = QuotaDeal.cellOf(looked);
        long visit = cells.index(shard, local, looked);
        long key = key(shard, cell);
        long members = members(shard, cell);
        if (bursts != null) {
            int at = shard * bounds + cell;
            bursts.locate(key, members, seatBits[at], firstSeat[at], visit, slot);
            slot.entity += first(shard, cell);
            return;
        }
        long turn = TurnDeal.turn(key, members, spread, visit);
        slot.entity = first(shard, cell) + TurnDeal.memberOf(turn, spread);
        slot.occurrence = TurnDeal.occurrence(key, members, spread, visit, turn);
    }

    long local(int shard, long rank, long occurrence) {
        int cell = cell(shard, rank);
        long member = rank - first(shard, cell);
        long key = key(shard, cell);
        long members = members(shard, cell);
        int at = shard * bounds + cell;
        long visit = bursts == null
                ? TurnDeal.visit(key, members, spread, member, occurrence)
                : bursts.visit(key, members, seatBits[at], firstSeat[at], member, occurrence);
        return cells.position(shard, cell, visit);
    }

    long count(int shard, long rank, long local) {
        int cell = cell(shard, rank);
        long member = rank - first(shard, cell);
        long visit = cells.count(shard, cell, local);
        long key = key(shard, cell);
        long members = members(shard, cell);
        int at = shard * bounds + cell;
        return bursts == null
                ? TurnDeal.count(key, members, spread, member, visit)
                : bursts.count(key, members, seatBits[at], firstSeat[at], member, visit);
    }

    /** The largest share of a shard's events that one entity gets. */
    double hottestShare(int shard) {
        double hottest = 0;
        for (int c = 0; c < bounds - 1; c++) {
            if (members(shard, c) > 0) {
                hottest = Math.max(hottest, cells.share(shard, c) / members(shard, c));
            }
        }
        return hottest;
    }

    private long first(int shard, int cell) {
        return first[shard * bounds + cell];
    }

    private long members(int shard, int cell) {
        return first[shard * bounds + cell + 1] - first[shard * bounds + cell];
    }

    private int cell(int shard, long rank) {
        int low = shard * bounds;
        int high = low + bounds;
        while (high - low > 1) {
            int middle = (low + high) >>> 1;
            if (first[middle] <= rank) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low - shard * bounds;
    }

    /** Derived anew each time: this is as fast as a table that does not fit into the nearest cache. */
    private long key(int shard, int cell) {
        return Mix.sub(keys[shard], cell + 1);
    }
}
