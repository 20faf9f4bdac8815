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
import io.dataflux.plan.Regions;
import io.dataflux.plan.RunConfig;
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
    static List<FaultCounts> of(RunConfig config, Extent extent, List<SinkLedger> ledgers) {
        List<FaultCounts> tallies = new ArrayList<>();
        List<CompiledStream> streams = extent.streams();
        for (SinkLedger sink : ledgers) {
            for (int i = 0; i < streams.size(); i++) {
                if (streams.get(i).definition().faults() != null) {
                    Regions regions = new Regions(config);
                    FaultTally tally = new FaultTally(
                            streams.get(i), i, regions.routingTo(sink.name()), regions.allGoTo(sink.name()));
                    tally.add(sink.streams().get(i).shards(), extent.from(i), extent.limit(i));
                    tallies.add(
                            new FaultCounts(sink.name(), sink.streams().get(i).name(), tally.counts));
                }
            }
        }
        return List.copyOf(tallies);
    }

    private void add(List<ShardLedger> shards, long from, long limit) {
        for (int shard = 0; shard < shards.size(); shard++) {
            long first = stream.schedule().localCount(shard, from);
            long end = stream.schedule().localCount(shard, limit);
            Ranges acknowledged = shards.get(shard).acknowledged();
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
