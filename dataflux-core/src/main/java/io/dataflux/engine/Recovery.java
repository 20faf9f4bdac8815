package io.dataflux.engine;

import io.dataflux.spi.Delivered;
import java.util.List;

/** Receives what a sink's target holds of earlier attempts, as far as it concerns one lane. */
final class Recovery implements Delivered {

    private final Past past;
    private final List<Portion> lane;

    Recovery(Past past, List<Portion> lane) {
        this.past = past;
        this.lane = lane;
    }

    @Override
    public void places(int stream, int shard, long from, long to) {
        for (Portion portion : lane) {
            if (portion.stream() == stream && portion.owned()[shard]) {
                Places places = portion.places();
                past.deliver(stream, shard, Math.max(from, places.first(shard)), Math.min(to, places.end(shard)));
            }
        }
    }

    @Override
    public void below(int stream, long sequence) {
        for (Portion portion : lane) {
            if (portion.stream() == stream) {
                Places places = portion.places();
                long end = Math.max(portion.from(), Math.min(sequence, portion.limit()));
                for (int shard = 0; shard < portion.owned().length; shard++) {
                    if (portion.owned()[shard]) {
                        past.deliver(stream, shard, places.first(shard), places.before(shard, end));
                    }
                }
            }
        }
    }

    @Override
    public boolean has(int stream, int shard, long place) {
        return past.isDone(stream, shard, place);
    }
}
