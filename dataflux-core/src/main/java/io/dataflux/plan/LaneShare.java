package io.dataflux.plan;

import io.dataflux.encode.CompiledStream;
import io.dataflux.ledger.Ranges;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What one lane sends of one stream: some shards, from a sequence up to a limit, without the places that an earlier attempt
 * delivered.
 *
 * @param stream the stream's index in the run
 * @param owned per shard whether it is the lane's
 * @param done per shard the places to leave out
 * @param places of the stream in the run
 */
public record LaneShare(int stream, long from, long limit, boolean[] owned, List<Ranges> done, Places places) {

    /** The sequence at whose time the first event is sent that is not done; at most the limit. */
    public long firstLeft() {
        return firstLeft(from);
    }

    /** The same from the time of {@code sequence} on. */
    public long firstLeft(long sequence) {
        long first = limit;
        for (int shard = 0; shard < owned.length; shard++) {
            if (owned[shard]) {
                long place = done.get(shard).nextOutside(places.before(shard, sequence));
                if (place < places.end(shard)) {
                    first = Math.min(first, places.sentAt(shard, place));
                }
            }
        }
        return first;
    }

    /** What of it is sent in one epoch of the run. */
    public LaneShare in(Extent epoch, Places its) {
        return new LaneShare(stream, epoch.from(stream), epoch.limit(stream), owned, done, its);
    }

    private record ShardLoad(int stream, int shard, double load) {}

    /**
     * Deals the shards of all streams to lanes: the heaviest first, each to the lane with the least so far. A hot shard is therefore
     * alone in its lane before any lane has two of its size. Lanes that get nothing have an empty list.
     *
     * @param done per stream and shard the places to leave out
     * @param part of a run in several parts the one whose shards are dealt: each of n parts has every n-th
     */
    public static List<List<LaneShare>> deal(History history, List<List<Ranges>> done, int lanes, RunConfig.Part part) {
        Extent extent = history.whole();
        List<CompiledStream> streams = extent.streams();
        List<ShardLoad> shards = new ArrayList<>();
        for (int i = 0; i < streams.size(); i++) {
            for (int shard = part.number() - 1; shard < streams.get(i).shards(); shard += part.of()) {
                shards.add(new ShardLoad(i, shard, load(streams.get(i), shard)));
            }
        }
        shards.sort(Comparator.comparingDouble(ShardLoad::load).reversed()); // stable: ties by stream, then shard

        double[] loads = new double[lanes];
        boolean[][][] owned = new boolean[lanes][streams.size()][];
        for (ShardLoad next : shards) {
            int lane = lightest(loads);
            loads[lane] += next.load;
            if (owned[lane][next.stream] == null) {
                owned[lane][next.stream] = new boolean[streams.get(next.stream).shards()];
            }
            owned[lane][next.stream][next.shard] = true;
        }
        List<Places> places = new ArrayList<>();
        for (int i = 0; i < streams.size(); i++) {
            places.add(Places.of(history, i));
        }
        List<List<LaneShare>> shares = new ArrayList<>();
        for (int lane = 0; lane < lanes; lane++) {
            List<LaneShare> own = new ArrayList<>();
            for (int i = 0; i < streams.size(); i++) {
                if (owned[lane][i] != null) {
                    own.add(new LaneShare(
                            i, extent.from(i), extent.limit(i), owned[lane][i], done.get(i), places.get(i)));
                }
            }
            shares.add(own);
        }
        return shares;
    }

    /** Events per second of one shard. */
    private static double load(CompiledStream stream, int shard) {
        long many = 1L << 40; // enough for the counts to show the shards' shares
        double share = stream.schedule().localCount(shard, many) / (double) many;
        return share * stream.timeline().meanPerSecond();
    }

    private static int lightest(double[] loads) {
        int lightest = 0;
        for (int lane = 1; lane < loads.length; lane++) {
            if (loads[lane] < loads[lightest]) {
                lightest = lane;
            }
        }
        return lightest;
    }
}
