package io.dataflux.schedule;

import java.util.stream.LongStream;

/**
 * Zipf weights of entities that are spread over shards: entity {@code s + shards * l} has weight
 * {@code (s + shards * l + 1)^-skew}. Used while planning only. Not thread-safe.
 */
final class Popularity {
    /** Local ranks from here on are summed by an integral, which is exact enough there. */
    private static final int SUMMED = 256;

    /** The positions of the frame that a cell needs, so that rounding its quota has little effect. */
    private static final int POSITIONS = 4;

    private static final int SINGLES = 16;

    private final double skew;
    private final int shards;
    /** By entity, the weights of those that are summed; 0 where it was not asked for yet. */
    private final double[] weights;

    Popularity(double skew, int shards) {
        this.skew = skew;
        this.shards = shards;
        weights = new double[SUMMED * shards];
    }

    /** The weight of a shard's local ranks [from, to). */
    double mass(int shard, long from, long to) {
        if (skew == 0) {
            return to - from;
        }
        double sum = 0;
        long l = from;
        for (; l < to && l < SUMMED; l++) {
            sum += weight((int) l * shards + shard);
        }
        return l < to ? sum + integral(shard, l - 0.5, to - 0.5) : sum;
    }

    private double weight(int entity) {
        if (weights[entity] == 0) {
            weights[entity] = StrictMath.pow(entity + 1, -skew);
        }
        return weights[entity];
    }

    /**
     * Cuts a shard's local ranks [0, members) into cells of about equal popularity and returns their bounds: one
     * entity each for the hottest, then 8 cells per octave of the rank. A cell that would get too few positions of the
     * frame is widened; only the last can be light. Merging it into its neighbour would take the neighbour's heat away.
     *
     * @param least the smallest share of the shard that a cell may have, 0 for the smallest that the frame can represent
     */
    long[] cells(int shard, long members, int frame, double least) {
        if (skew == 0) {
            return new long[] {0, members};
        }
        int perOctave = 8;
        double all = mass(shard, 0, members);
        double enough = Math.max(POSITIONS * all / frame, least * all);
        long[] first = widened(shard, members, enough, perOctave);
        while (first.length - 1 > QuotaDeal.MAX_CELLS) {
            perOctave /= 2;
            first = widened(shard, members, enough, perOctave);
        }
        return first;
    }

    private long[] widened(int shard, long members, double enough, int perOctave) {
        LongStream.Builder first = LongStream.builder();
        for (long from = 0; from < members; ) {
            first.add(from);
            long width = from < SINGLES ? 1 : Long.highestOneBit(from) / perOctave;
            while (width < members - from && mass(shard, from, from + width) < enough) {
                width *= 2;
            }
            from += Math.min(width, members - from);
        }
        first.add(members);
        return first.build().toArray();
    }

    private double integral(int shard, double from, double to) {
        double low = shards * from + shard + 1;
        double high = shards * to + shard + 1;
        double octaves = StrictMath.log(high / low);
        double rise = 1 - skew;
        // expm1 keeps the digits that a difference of powers loses near skew 1
        double area = rise == 0 ? octaves : StrictMath.pow(low, rise) * StrictMath.expm1(rise * octaves) / rise;
        return area / shards;
    }
}
