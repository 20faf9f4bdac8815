package io.dataflux.verify;

import io.dataflux.schedule.Schedule;
import io.dataflux.verify.ExpectedDeliveries.Standing;
import io.dataflux.verify.SinkVerification.Arrival;
import io.dataflux.verify.SinkVerification.Witness;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a run left at its target, as one reading saw it: how often each event came, and whether it was altered or out of order. Each of these
 * is a bit per event at worst. The sets of a stream's shard are numbered over all streams. Not thread-safe.
 */
final class SeenRun implements Witness {

    /** An event that is there more often counts as being there that often. */
    private static final int MOST_COPIES = 1000;

    private static final ArrivedSet NONE = new ArrivedSet();

    private final Observed observed;
    private final Tracer other;
    private final int[] before;
    private final ArrivedSet[] seen;
    private final ArrivedSet[] altered;
    private final ArrivedSet[] late;
    /** What came once more, twice more and so on. */
    private final List<Map<Integer, ArrivedSet>> again = new ArrayList<>();

    private long ofOther;
    private long foreign;

    /** @param other knows the events of the run that this one is compared with, which may be at the same target */
    SeenRun(Observed observed, Tracer other) {
        this.observed = observed;
        this.other = other;
        before = new int[observed.states.length + 1];
        for (int i = 0; i < observed.states.length; i++) {
            before[i + 1] = before[i] + observed.states[i].stream.shards();
        }
        seen = sets();
        altered = sets();
        late = sets();
    }

    private ArrivedSet[] sets() {
        return Stream.generate(ArrivedSet::new).limit(before[before.length - 1]).toArray(ArrivedSet[]::new);
    }

    @Override
    public void event(
            int stream,
            long sequence,
            Schedule.Slot at,
            Arrival arrival,
            @Nullable Difference difference,
            @Nullable String disorder) {
        int set = before[stream] + at.shard;
        if (!seen[set].add(at.local)) {
            boolean counted = false;
            for (int i = 0; !counted && i < MOST_COPIES - 1; i++) {
                if (i == again.size()) {
                    again.add(new HashMap<>()); // order never seen
                }
                counted = again.get(i)
                        .computeIfAbsent(set, key -> new ArrivedSet())
                        .add(at.local);
            }
        }
        if (difference != null) {
            altered[set].add(at.local);
        }
        if (disorder != null) {
            late[set].add(at.local);
        }
    }

    @Override
    public void stranger(Arrival arrival) {
        if (other.header(arrival.header()) == Tracer.Found.EVENT || other.body(arrival.value()) == Tracer.Found.EVENT) {
            ofOther++;
        } else {
            foreign++;
        }
    }

    Observed observed() {
        return observed;
    }

    StreamState state(int stream) {
        return observed.states[stream];
    }

    /** The number of a shard's sets. */
    int set(int stream, int shard) {
        return before[stream] + shard;
    }

    ArrivedSet seen(int set) {
        return seen[set];
    }

    /** What differs from what was sent. */
    ArrivedSet altered(int set) {
        return altered[set];
    }

    /** What came after a later event of its key. */
    ArrivedSet late(int set) {
        return late[set];
    }

    /** What came more than once. */
    ArrivedSet repeated(int set) {
        return again.isEmpty() ? NONE : again.get(0).getOrDefault(set, NONE);
    }

    long times(int set, long local) {
        if (!seen[set].contains(local)) {
            return 0;
        }
        int more = 0;
        while (more < again.size() && again.get(more).getOrDefault(set, NONE).contains(local)) {
            more++;
        }
        return 1L + more;
    }

    /** Whether the run handed an event to this sink, whatever came of it. */
    boolean sent(int stream, long sequence, Schedule.Slot at) {
        StreamState in = state(stream);
        return in.meant(sequence) && in.copies(at) > 0 && in.standing(at) != Standing.NOT_ISSUED;
    }

    /** Records that are events of the run that this one is compared with. */
    long ofOther() {
        return ofOther;
    }

    /** Records that are events of neither run. */
    long foreign() {
        return foreign;
    }
}
