package io.dataflux.reference;

import io.dataflux.model.Corruption;
import io.dataflux.model.FaultKind;
import io.dataflux.model.Faults;
import io.dataflux.model.Share;
import io.dataflux.model.StreamDefinition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * Faults by their definition, without regions: an event is looked at for itself, and the deliveries of a block are written down
 * one by one and sorted.
 */
public final class ReferenceFaults {

    /** A delivery: at whose position it is sent, whether it comes behind that, of which event, and whether for the second time. */
    public record Delivery(long position, boolean displaced, long local, boolean again) {}

    private final Faults faults;
    private final long key;

    public ReferenceFaults(StreamDefinition definition, long seed) {
        faults = Objects.requireNonNull(definition.faults());
        long streamSeed = Words64.sub(Words64.mix(seed), Words64.hash(definition.name()));
        key = Words64.sub(streamSeed, Words64.hash("faults"));
    }

    private long key(FaultKind kind) {
        return Words64.sub(
                key, List.of("LATE", "DUPLICATE", "DROP", "REORDER", "CORRUPT").indexOf(kind.name()));
    }

    private long rank(FaultKind kind, int shard, long local) {
        int of = faults.share(kind).of();
        long blockKey = Words64.sub(Words64.sub(key(kind), shard), local / of);
        return new ReferenceShuffle(blockKey, of).of(local % of);
    }

    public boolean hits(FaultKind kind, int shard, long local) {
        return rank(kind, shard, local) < faults.share(kind).count();
    }

    private long word(FaultKind kind, int shard, long local) {
        return Words64.sub(Words64.sub(~key(kind), shard), local);
    }

    public boolean dropped(int shard, long local) {
        return hits(FaultKind.DROP, shard, local);
    }

    /** How an event is broken, or null. */
    public Corruption corruption(int shard, long local) {
        if (dropped(shard, local) || !hits(FaultKind.CORRUPT, shard, local)) {
            return null;
        }
        Share share = faults.share(FaultKind.CORRUPT);
        long number = local / share.of() * share.count() + rank(FaultKind.CORRUPT, shard, local);
        List<Corruption> kinds = faults.corrupt().kinds();
        return kinds.get((int) ((number + shard) % kinds.size()));
    }

    public long corruptionWord(int shard, long local) {
        return word(FaultKind.CORRUPT, shard, local);
    }

    public List<Delivery> deliveries(int shard, long block) {
        long end = (block + 1) * faults.blockSize();
        List<Delivery> list = new ArrayList<>();
        for (long i = block * faults.blockSize(); i < end; i++) {
            if (dropped(shard, i)) {
                continue;
            }
            boolean whole = !hits(FaultKind.CORRUPT, shard, i);
            boolean moved = whole && hits(FaultKind.REORDER, shard, i);
            long p = moved
                    ? Math.min(
                            i
                                    + 1
                                    + Words64.bound(
                                            word(FaultKind.REORDER, shard, i),
                                            faults.reorder().within()),
                            end - 1)
                    : i;
            list.add(new Delivery(p, moved, i, false));
            if (whole && hits(FaultKind.DUPLICATE, shard, i)) {
                long behind = 1
                        + Words64.bound(
                                word(FaultKind.DUPLICATE, shard, i),
                                faults.duplicate().within());
                list.add(new Delivery(Math.min(p + behind, end - 1), true, i, true));
            }
        }
        list.sort(Comparator.comparingLong(Delivery::position)
                .thenComparing(Delivery::displaced)
                .thenComparingLong(Delivery::local)
                .thenComparing(Delivery::again));
        return list;
    }
}
