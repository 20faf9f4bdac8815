package io.dataflux.schedule;

import java.util.Arrays;

/**
 * What is dealt inside the shards: a shard's events to cells of entities of about the same popularity, a cell's events to
 * its members in turn. Entities appear as local ranks, 0 for the shard's hottest. Immutable and thread-safe.
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

    private EntityDeal(long[] keys, QuotaDeal cells, long[][] first, int spread) {
        this.keys = keys;
        this.cells = cells;
        this.spread = spread;
        bounds = Arrays.stream(first).mapToInt(f -> f.length).max().orElseThrow();
        this.first = new long[keys.length * bounds];
        for (int s = 0; s < first.length; s++) {
            Arrays.fill(this.first, s * bounds, (s + 1) * bounds, first[s][first[s].length - 1]);
            System.arraycopy(first[s], 0, this.first, s * bounds, first[s].length);
        }
    }

    static EntityDeal plan(long key, Popularity popularity, long[] members, int spread) {
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
            first[s] = popularity.cells(s, members[s], frame);
            double[] mass = new double[first[s].length - 1];
            for (int c = 0; c < mass.length; c++) {
                mass[c] = popularity.mass(s, first[s][c], first[s][c + 1]);
            }
            quotas[s] = QuotaDeal.quotas(mass, frame);
            single &= mass.length == 1;
        }
        if (single) {
            // one cell each: a frame of one position does the same and needs no table
            Arrays.fill(quotas, new int[] {1});
        }
        return new EntityDeal(keys, QuotaDeal.family(cellKeys, quotas), first, spread);
    }

    /** Fills in the occurrence and, as the entity, the local rank. */
    void locate(int shard, long local, Schedule.Slot slot) {
        long looked = cells.look(shard, local);
        int cell = QuotaDeal.cellOf(looked);
        long visit = cells.index(shard, local, looked);
        long key = key(shard, cell);
        long members = members(shard, cell);
        long turn = TurnDeal.turn(key, members, spread, visit);
        slot.entity = first(shard, cell) + TurnDeal.memberOf(turn, spread);
        slot.occurrence = TurnDeal.occurrence(key, members, spread, visit, turn);
    }

    long local(int shard, long rank, long occurrence) {
        int cell = cell(shard, rank);
        long member = rank - first(shard, cell);
        long visit = TurnDeal.visit(key(shard, cell), members(shard, cell), spread, member, occurrence);
        return cells.position(shard, cell, visit);
    }

    long count(int shard, long rank, long local) {
        int cell = cell(shard, rank);
        long member = rank - first(shard, cell);
        long visit = cells.count(shard, cell, local);
        return TurnDeal.count(key(shard, cell), members(shard, cell), spread, member, visit);
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

    /** Derived anew each time: that is as fast as a table that does not fit in the nearest cache. */
    private long key(int shard, int cell) {
        return Mix.sub(keys[shard], cell + 1);
    }
}
