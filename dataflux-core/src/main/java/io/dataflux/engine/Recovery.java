package io.dataflux.engine;

import io.dataflux.schedule.Schedule;
import io.dataflux.spi.Delivered;
import java.util.List;

/** Hears what a sink's target holds of earlier attempts, as far as it concerns one lane. */
final class Recovery implements Delivered {

    private final RunPlan plan;
    private final Past past;
    private final List<Portion> lane;

    Recovery(RunPlan plan, Past past, List<Portion> lane) {
        this.plan = plan;
        this.past = past;
        this.lane = lane;
    }

    @Override
    public void places(int stream, int shard, long from, long to) {
        for (Portion portion : lane) {
            if (portion.stream() == stream && portion.owned()[shard]) {
                Schedule schedule = plan.config().streams().get(stream).schedule();
                past.deliver(
                        stream,
                        shard,
                        Math.max(from, schedule.localCount(shard, portion.from())),
                        Math.min(to, schedule.localCount(shard, portion.limit())));
            }
        }
    }

    @Override
    public void below(int stream, long sequence) {
        for (Portion portion : lane) {
            if (portion.stream() == stream) {
                Schedule schedule = plan.config().streams().get(stream).schedule();
                long end = Math.max(portion.from(), Math.min(sequence, portion.limit()));
                for (int shard = 0; shard < portion.owned().length; shard++) {
                    if (portion.owned()[shard]) {
                        past.deliver(
                                stream,
                                shard,
                                schedule.localCount(shard, portion.from()),
                                schedule.localCount(shard, end));
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
