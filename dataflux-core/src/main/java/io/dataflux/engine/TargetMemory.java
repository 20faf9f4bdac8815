package io.dataflux.engine;

import io.dataflux.plan.LaneShare;
import io.dataflux.plan.Places;
import io.dataflux.spi.Delivered;
import java.util.List;

/** Receives what a sink's target holds of earlier attempts, as far as it concerns one lane. */
final class TargetMemory implements Delivered {

    private final EarlierAttempts past;
    private final List<LaneShare> lane;

    TargetMemory(EarlierAttempts past, List<LaneShare> lane) {
        this.past = past;
        this.lane = lane;
    }

    @Override
    public void places(int stream, int shard, long from, long to) {
        for (LaneShare share : lane) {
            if (share.stream() == stream && share.owned()[shard]) {
                Places places = share.places();
                past.deliver(stream, shard, Math.max(from, places.first(shard)), Math.min(to, places.end(shard)));
            }
        }
    }

    @Override
    public void below(int stream, long sequence) {
        for (LaneShare share : lane) {
            if (share.stream() == stream) {
                Places places = share.places();
                long end = Math.max(share.from(), Math.min(sequence, share.limit()));
                for (int shard = 0; shard < share.owned().length; shard++) {
                    if (share.owned()[shard]) {
                        past.deliver(stream, shard, places.first(shard), places.before(shard, end));
                    }
                }
            }
        }
    }

    @Override
    public boolean hasAny() {
        return lane.stream().anyMatch(past::anyDone);
    }

    @Override
    public boolean mayHaveMore() {
        return lane.stream().anyMatch(past::anyUnknown);
    }

    @Override
    public boolean has(int stream, int shard, long place) {
        return past.isDone(stream, shard, place);
    }
}
