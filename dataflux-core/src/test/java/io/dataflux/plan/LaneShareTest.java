package io.dataflux.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.encode.CompiledStream;
import io.dataflux.engine.Sketch;
import io.dataflux.ledger.Ranges;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LaneShareTest {

    private static CompiledStream stream(String name, long perSecond) {
        return Sketch.compiled(Sketch.definition(name, perSecond, 1));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 64})
    void everyShardGoesToOneLaneAndNoLaneHasMuchMoreThanTheHottestShardOverTheMean(int lanes) {
        List<CompiledStream> streams = List.of(stream("orders", 1000), stream("clicks", 3000));
        int shards = streams.get(0).shards();
        List<List<Ranges>> nothing = Collections.nCopies(2, Collections.nCopies(shards, new Ranges()));

        List<List<LaneShare>> shares = LaneShare.deal(
                History.of(new Extent(streams, new long[2], new long[] {1000, 1000})),
                nothing,
                lanes,
                RunConfig.Part.WHOLE);

        assertThat(shares).hasSize(lanes);
        List<Double> loads = new ArrayList<>();
        int[][] owners = new int[2][shards];
        for (List<LaneShare> lane : shares) {
            double load = 0;
            for (LaneShare share : lane) {
                for (int shard = 0; shard < share.owned().length; shard++) {
                    if (share.owned()[shard]) {
                        owners[share.stream()][shard]++;
                        load += events(streams, share.stream(), shard);
                    }
                }
            }
            loads.add(load);
        }
        for (int[] stream : owners) {
            assertThat(stream).containsOnly(1);
        }
        double hottest = 0;
        for (int stream = 0; stream < 2; stream++) {
            for (int shard = 0; shard < owners[stream].length; shard++) {
                hottest = Math.max(hottest, events(streams, stream, shard));
            }
        }
        assertThat(Collections.max(loads)).isLessThanOrEqualTo(4000.0 / lanes + hottest);
    }

    private static double events(List<CompiledStream> streams, int stream, int shard) {
        CompiledStream compiled = streams.get(stream);
        return compiled.schedule().localCount(shard, 1 << 20)
                / (double) (1 << 20)
                * compiled.timeline().meanPerSecond();
    }
}
