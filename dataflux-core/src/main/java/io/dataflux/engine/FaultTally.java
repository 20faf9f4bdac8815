package io.dataflux.engine;

import io.dataflux.RunReport.FaultCounts;
import io.dataflux.encode.CompiledStream;
import io.dataflux.encode.PlannedFaults;
import io.dataflux.ledger.Ledger.ShardLedger;
import io.dataflux.ledger.Ledger.SinkLedger;
import io.dataflux.ledger.Ranges;
import io.dataflux.ledger.Routing;
import io.dataflux.model.FaultKind;
import io.dataflux.plan.Extent;
import io.dataflux.plan.Places;
import io.dataflux.plan.Regions;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Counts the planned faults among the events that a sink acknowledged. It looks only at the affected events, not at all: blocks that
 * were delivered whole need nothing else.
 */
final class FaultTally {

    private final CompiledStream stream;
    private final PlannedFaults faults;
    private final Routing routing;
    private final int index;
    private final boolean all;
    private final Map<FaultKind, Long> counts = new EnumMap<>(FaultKind.class);

    private FaultTally(CompiledStream stream, int index, Routing routing, boolean all) {
        this.stream = stream;
        this.index = index;
        this.routing = routing;
        this.all = all;
        faults = stream.plannedFaults();
        for (FaultKind kind : FaultKind.values()) {
            counts.put(kind, 0L);
        }
    }

    /** The counts of each sink and stream with faults. */
    static List<FaultCounts> of(Attempt attempt, List<SinkLedger> ledgers) {
        List<FaultCounts> tallies = new ArrayList<>();
        for (SinkLedger sink : ledgers) {
            for (int i = 0; i < attempt.streams().size(); i++) {
                Map<FaultKind, Long> counts = new EnumMap<>(FaultKind.class);
                List<Extent> epochs = attempt.epochs().history().epochs();
                for (int epoch = 0; epoch < epochs.size(); epoch++) {
                    CompiledStream stream = epochs.get(epoch).streams().get(i);
                    if (stream.definition().faults() != null) {
                        Regions regions =
                                new Regions(attempt.config(), epochs.get(epoch).streams());
                        FaultTally tally =
                                new FaultTally(stream, i, regions.routingTo(sink.name()), regions.allGoTo(sink.name()));
                        tally.add(
                                sink.streams().get(i).shards(),
                                epochs.get(epoch),
                                epoch,
                                attempt.epochs().places(i));
                        tally.counts.forEach((kind, count) -> counts.merge(kind, count, Long::sum));
                    }
                }
                if (!counts.isEmpty()) {
                    tallies.add(
                            new FaultCounts(sink.name(), sink.streams().get(i).name(), counts));
                }
            }
        }
        return List.copyOf(tallies);
    }

    private void add(List<ShardLedger> shards, Extent extent, int epoch, Places places) {
        for (int shard = 0; shard < shards.size(); shard++) {
            long first = stream.schedule().localCount(shard, extent.from(index));
            long end = stream.schedule().localCount(shard, extent.limit(index));
            Ranges acknowledged = places.alone(epoch, shard, shards.get(shard).acknowledged());
            for (int i = 0; i < acknowledged.size(); i++) {
                add(shard, first, end, acknowledged.from(i), acknowledged.to(i));
            }
        }
    }

    /** Counts the events with places in a range. */
    private void add(int shard, long first, long end, long fromPlace, long toPlace) {
        int block = faults.block();
        long perBlock = faults.moves() ? 2L * block : 1;
        long from = Math.max(first, fromPlace / perBlock * block);
        long to = Math.min(end, (toPlace + perBlock - 1) / perBlock * block);
        for (FaultKind kind : FaultKind.values()) {
            faults.each(kind, shard, from, to, local -> {
                long base = local / block * perBlock;
                boolean whole = fromPlace <= base && base + perBlock <= toPlace;
                if (whole || isWithin(kind, shard, local, fromPlace, toPlace)) {
                    count(kind, shard, local);
                }
            });
        }
    }

    private boolean isWithin(FaultKind kind, int shard, long local, long fromPlace, long toPlace) {
        long place = faults.placeOf(kind, shard, local);
        return place >= fromPlace && place < toPlace;
    }

    private void count(FaultKind kind, int shard, long local) {
        if (all || routing.goesTo(index, stream.schedule().sequenceOf(shard, local))) {
            counts.merge(kind, 1L, Long::sum);
        }
    }
}
