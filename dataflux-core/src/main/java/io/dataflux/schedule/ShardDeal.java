package io.dataflux.schedule;

import java.util.Arrays;

/**
 * What is dealt inside one shard: its events to cells of entities of about the same popularity, a cell's events to its
 * members. Entities appear as local ranks, 0 for the shard's hottest. Immutable and thread-safe.
 */
final class ShardDeal {
    private static final int ALL_FRAMES = 1 << 18;
    private static final int ROTATIONS = 64;

    private final QuotaDeal cells;
    /** The local rank of each cell's first member. */
    private final long[] first;

    private final TurnDeal[] turns;

    private ShardDeal(QuotaDeal cells, long[] first, TurnDeal[] turns) {
        this.cells = cells;
        this.first = first;
        this.turns = turns;
    }

    static ShardDeal plan(long key, Popularity popularity, int shard, long members, int spread) {
        int frame = ALL_FRAMES / popularity.shards() / ROTATIONS * ROTATIONS;
        long[] first = popularity.cells(shard, members, frame);
        TurnDeal[] turns = new TurnDeal[first.length];
        double[] mass = new double[first.length];
        for (int c = 0; c < first.length; c++) {
            long end = c + 1 < first.length ? first[c + 1] : members;
            turns[c] = TurnDeal.of(Mix.sub(key, c + 1), end - first[c], spread);
            mass[c] = popularity.mass(shard, first[c], end);
        }
        QuotaDeal cells =
                first.length == 1 ? QuotaDeal.single() : QuotaDeal.of(Mix.sub(key, 0), QuotaDeal.quotas(mass, frame));
        return new ShardDeal(cells, first, turns);
    }

    /** Fills in the occurrence and, as the entity, the local rank. */
    void locate(long local, Schedule.Slot slot) {
        long dealt = cells.deal(local);
        int cell = QuotaDeal.cellOf(dealt);
        long visit = cells.index(local, dealt);
        TurnDeal deal = turns[cell];
        long turn = deal.turn(visit);
        slot.entity = first[cell] + deal.memberOf(turn);
        slot.occurrence = deal.occurrence(visit, turn);
    }

    long local(long rank, long occurrence) {
        int cell = cell(rank);
        return cells.position(cell, turns[cell].visit(rank - first[cell], occurrence));
    }

    long count(long rank, long local) {
        int cell = cell(rank);
        return turns[cell].count(rank - first[cell], cells.count(cell, local));
    }

    /** The largest share of the shard's events that one entity gets. */
    double hottestShare() {
        double hottest = 0;
        for (int c = 0; c < turns.length; c++) {
            hottest = Math.max(hottest, cells.share(c) / turns[c].members());
        }
        return hottest;
    }

    private int cell(long rank) {
        int found = Arrays.binarySearch(first, rank);
        return found >= 0 ? found : -found - 2;
    }
}
