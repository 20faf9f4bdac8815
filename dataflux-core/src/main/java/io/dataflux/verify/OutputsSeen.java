package io.dataflux.verify;

import io.dataflux.schedule.Schedule;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which outputs of an event have arrived, for events that have several. An output that arrived as it should is known by its number; one
 * that arrived altered stands in for any that is missing, whichever it was. Costs a bit per output; not thread-safe.
 */
final class OutputsSeen {

    private final int shards;
    private final List<ArrivedSet[]> exact = new ArrayList<>();
    private final List<ArrivedSet[]> altered = new ArrayList<>();

    OutputsSeen(int shards) {
        this.shards = shards;
    }

    boolean hasSeen(Schedule.Slot at, int output) {
        return output < exact.size() && exact.get(output)[at.shard].contains(at.local);
    }

    /** Whether another arrival of an event with {@code outputs} outputs can be one of those. */
    boolean hasRoom(Schedule.Slot at, int outputs) {
        int arrived = 0;
        for (int i = 0; i < outputs; i++) {
            arrived += (hasSeen(at, i) ? 1 : 0) + (isAltered(at, i) ? 1 : 0);
        }
        return arrived < outputs;
    }

    /** Notes an output that arrived as it should. */
    void exact(Schedule.Slot at, int output) {
        while (exact.size() <= output) {
            exact.add(empty());
        }
        exact.get(output)[at.shard].add(at.local);
    }

    /** Notes an output that arrived altered. */
    void altered(Schedule.Slot at) {
        int times = 0;
        while (isAltered(at, times)) {
            times++;
        }
        if (times == altered.size()) {
            altered.add(empty());
        }
        altered.get(times)[at.shard].add(at.local);
    }

    /** Whether altered outputs arrived more than {@code times} times. */
    private boolean isAltered(Schedule.Slot at, int times) {
        return times < altered.size() && altered.get(times)[at.shard].contains(at.local);
    }

    private ArrivedSet[] empty() {
        return Stream.generate(ArrivedSet::new).limit(shards).toArray(ArrivedSet[]::new);
    }
}
