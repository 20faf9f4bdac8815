package io.dataflux.encode;

import io.dataflux.PlannedFault;
import io.dataflux.model.Corruption;
import io.dataflux.model.FaultKind;
import io.dataflux.schedule.Deliveries;
import io.dataflux.schedule.Schedule;
import io.dataflux.schedule.Selection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is delivered of a stream: how often each event, with which bytes, and in which order. For a stream without faults, each event once,
 * unchanged, in the order of its shard. Not thread-safe; one per thread. After construction, only lists are allocated.
 *
 * <p>The <i>place</i> of a delivery in its shard is {@code 2 * block * k + q} for delivery {@code q} of block {@code k}, see {@link
 * Deliveries}; where nothing is dropped, repeated or moved it is the local index. Places that no delivery has are never sent.
 */
public final class PlannedFaults {

    private final CompiledStream stream;
    private final @Nullable FaultPlan plan;
    private final Selection.Classes regions;
    private final @Nullable Deliveries deliveries;
    private final int block;

    PlannedFaults(CompiledStream stream) {
        this.stream = stream;
        plan = stream.faultPlan();
        regions = new RegionClasses(stream, stream.faultRouting());
        boolean moves = plan != null && plan.moves();
        deliveries = plan == null || !moves ? null : new Deliveries(plan.rules(), regions);
        block = plan == null || !moves ? 1 : plan.faults().blockSize();
    }

    /** Whether any event is dropped, repeated or moved; places are local indices otherwise. */
    public boolean moves() {
        return deliveries != null;
    }

    /** How many events of a shard are dealt at a time; 1 if nothing moves. */
    public int block() {
        return block;
    }

    /** The deliveries of one block at a time, for callers that go through several blocks at once. */
    public Deliveries deliveries() {
        if (plan == null) {
            throw new IllegalStateException("stream '" + stream.name() + "' has no faults");
        }
        return new Deliveries(plan.rules(), regions);
    }

    /** Whether any event is broken. */
    public boolean corrupts() {
        return plan != null && plan.corruptions() != null;
    }

    /** How often an event is delivered: 0, 1 or 2 times. */
    public int copies(int shard, long local) {
        if (plan == null || deliveries == null || !plan.moves()) {
            return 1;
        }
        if (hit(FaultKind.DROP, shard, local)) {
            return 0;
        }
        return !hit(FaultKind.CORRUPT, shard, local) && hit(FaultKind.DUPLICATE, shard, local) ? 2 : 1;
    }

    /** How an event is broken; null if it is intact, or not delivered. */
    public @Nullable Corruption corruption(int shard, long local) {
        if (plan == null || plan.corruptions() == null) {
            return null;
        }
        return hit(FaultKind.CORRUPT, shard, local) && !hit(FaultKind.DROP, shard, local)
                ? plan.corruption(shard, local)
                : null;
    }

    private boolean hit(FaultKind kind, int shard, long local) {
        return plan != null && plan.selection(kind).hits(shard, local, regions);
    }

    /**
     * Writes a located event as it is delivered, like {@link CompiledStream#encode}.
     *
     * @param corruption how this event is broken, see {@link #corruption}
     */
    public int encode(EventState event, @Nullable Corruption corruption, byte[] target, int at) {
        int end = stream.encode(event, target, at);
        if (corruption == null || plan == null || plan.corruptions() == null) {
            return end;
        }
        long word = plan.selection(FaultKind.CORRUPT).word(event.slot.shard, event.slot.local);
        return plan.corruptions().apply(corruption, word, target, at, end);
    }

    /** The place of the delivery of an event, first or second; -1 if there is none. */
    public long place(int shard, long local, boolean again) {
        if (deliveries == null) {
            return again ? -1 : local;
        }
        deliveries.load(shard, local / block);
        int q = deliveries.indexOf(local, again);
        return q < 0 ? -1 : local / block * 2 * block + q;
    }

    /** The place at which a fault of an event is met: that of its copy, where it would have been, or its own. */
    public long placeOf(FaultKind kind, int shard, long local) {
        return kind == FaultKind.DROP ? firstPlace(shard, local) : place(shard, local, kind == FaultKind.DUPLICATE);
    }

    /** The first place that is sent at the time of a local index or later. */
    public long firstPlace(int shard, long local) {
        if (deliveries == null) {
            return local;
        }
        if (local % block == 0) {
            return 2 * local;
        }
        deliveries.load(shard, local / block);
        return local / block * 2 * block + deliveries.firstAt(local);
    }

    /** The first place after everything that is sent of the events before a local index. */
    public long endPlace(long local) {
        return deliveries == null ? local : (local + block - 1) / block * 2 * block;
    }

    /** The local index at whose time a place is sent; for a place without a delivery, that of the next delivery. */
    public long position(int shard, long place) {
        if (deliveries == null) {
            return place;
        }
        long k = place / (2L * block);
        int q = (int) (place % (2L * block));
        deliveries.load(shard, k);
        return q < deliveries.size() ? deliveries.position(q) : (k + 1) * block;
    }

    /** The local index of the event that a place delivers; -1 if it delivers none. */
    public long local(int shard, long place) {
        if (deliveries == null) {
            return place;
        }
        int q = (int) (place % (2L * block));
        deliveries.load(shard, place / (2L * block));
        return q < deliveries.size() ? deliveries.local(q) : -1;
    }

    /** Whether a place delivers its event for the second time. */
    public boolean isCopy(int shard, long place) {
        if (deliveries == null) {
            return false;
        }
        deliveries.load(shard, place / (2L * block));
        int q = (int) (place % (2L * block));
        return q < deliveries.size() && deliveries.isCopy(q);
    }

    /** The faults of the events {@code [from, to)}, by sequence and then by kind. */
    List<PlannedFault> list(long from, long to) {
        List<PlannedFault> list = new ArrayList<>();
        if (plan != null) {
            Schedule schedule = stream.schedule();
            for (int shard = 0; shard < schedule.shards(); shard++) {
                long first = schedule.localCount(shard, from);
                long last = schedule.localCount(shard, to);
                for (FaultKind kind : first < last ? FaultKind.values() : new FaultKind[0]) {
                    int its = shard;
                    each(kind, shard, first, last, local -> list.add(planned(kind, its, local)));
                }
            }
        }
        list.sort(Comparator.comparingLong(PlannedFault::sequence).thenComparing(PlannedFault::kind));
        return list;
    }

    /**
     * Hands over the local indices of {@code [from, to)} that a fault hits, in no particular order; without those for which another fault
     * takes precedence.
     */
    public void each(FaultKind kind, int shard, long from, long to, Selection.Visitor visitor) {
        if (plan != null) {
            plan.selection(kind).each(shard, from, to, regions, local -> {
                if (!isOverruled(kind, shard, local)) {
                    visitor.hit(local);
                }
            });
        }
    }

    private boolean isOverruled(FaultKind kind, int shard, long local) {
        return kind != FaultKind.DROP && hit(FaultKind.DROP, shard, local)
                || (kind == FaultKind.DUPLICATE || kind == FaultKind.REORDER) && hit(FaultKind.CORRUPT, shard, local);
    }

    private PlannedFault planned(FaultKind kind, int shard, long local) {
        long sequence = stream.schedule().sequenceOf(shard, local);
        Duration late = Duration.ZERO;
        int behind = 0;
        if (kind == FaultKind.LATE) {
            EventState event = new EventState();
            stream.locate(sequence, event);
            late = Duration.between(Instant.ofEpochSecond(event.epochSecond, event.nano), stream.timeOf(sequence));
        } else if (kind == FaultKind.REORDER) {
            behind = (int) (position(shard, place(shard, local, false)) - local);
        } else if (kind == FaultKind.DUPLICATE) {
            behind = (int) (position(shard, place(shard, local, true)) - position(shard, place(shard, local, false)));
        }
        Corruption corruption = kind == FaultKind.CORRUPT && plan != null ? plan.corruption(shard, local) : null;
        return new PlannedFault(sequence, kind, late, behind, corruption);
    }
}
