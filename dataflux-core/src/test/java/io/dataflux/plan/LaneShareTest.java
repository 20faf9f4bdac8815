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

    private static LaneShare.Span span(String name, long perSecond) {
        CompiledStream stream = Sketch.compiled(Sketch.definition(name, perSecond, 1));
        return new LaneShare.Span(stream, 0, 1000, Collections.nCopies(stream.shards(), new Ranges()));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 64})
    void everyShardGoesToOneLaneAndNoLaneHasMuchMoreThanTheHottestShardOverTheMean(int lanes) {
        List<LaneShare.Span> spans = List.of(span("orders", 1000), span("clicks", 3000));

        List<List<LaneShare>> shares = LaneShare.deal(spans, lanes);

        assertThat(shares).hasSize(lanes);
        List<Double> loads = new ArrayList<>();
        int[][] owners = new int[2][spans.get(0).stream().shards()];
        for (List<LaneShare> lane : shares) {
            double load = 0;
            for (LaneShare share : lane) {
                for (int shard = 0; shard < share.owned().length; shard++) {
                    if (share.owned()[shard]) {
                        owners[share.stream()][shard]++;
                        load += events(spans, share.stream(), shard);
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
                hottest = Math.max(hottest, events(spans, stream, shard));
            }
        }
        assertThat(Collections.max(loads)).isLessThanOrEqualTo(4000.0 / lanes + hottest);
    }

    private static double events(List<LaneShare.Span> spans, int stream, int shard) {
        CompiledStream compiled = spans.get(stream).stream();
        return compiled.schedule().localCount(shard, 1 << 20)
                / (double) (1 << 20)
                * compiled.timeline().meanPerSecond();
    }
}
