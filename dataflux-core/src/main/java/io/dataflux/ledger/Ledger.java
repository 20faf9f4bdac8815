package io.dataflux.ledger;

import java.util.ArrayList;
import java.util.List;

/**
 * A run's account of what it did: per sink, stream and shard, which events were acknowledged, failed or are unknown. Ranges are positions
 * in the shard's sending order; without planned faults that is the number of earlier events in the shard. Which sinks an event is meant for
 * is decided by the plan's routing. A verification expects the acknowledged part. Ranges may include positions that were routed to other
 * sinks, and positions that no event has because of planned faults.
 *
 * <p>A run that was resumed has one ledger for all its attempts.
 *
 * @param tag the run's tag
 * @param part which part of a run that several processes share this ledger is for, from 1
 * @param parts how many parts the run has; 1 for a run in one process, or once the ledgers of all parts are combined
 * @param streams the run's streams, in their order
 * @param sinks one entry per sink, in their order
 */
public record Ledger(int tag, int part, int parts, List<Stream> streams, List<SinkLedger> sinks) {

    /** The ledger of a whole run. */
    public Ledger(int tag, List<Stream> streams, List<SinkLedger> sinks) {
        this(tag, 1, 1, streams, sinks);
    }

    public Ledger {
        if (parts < 1 || part < 1 || part > parts) {
            throw new IllegalArgumentException("part " + part + " of " + parts);
        }
        streams = List.copyOf(streams);
        sinks = List.copyOf(sinks);
    }

    /** A stream as the ledger knows it; {@code limit} is the sequence at which the run ends if nothing stops it. */
    public record Stream(String name, long seed, long fingerprint, int shards, long from, long limit) {}

    /** One sink; {@code position} is where its target's log ended before the first event was sent. */
    public record SinkLedger(String name, String type, String position, List<StreamLedger> streams) {
        public SinkLedger {
            streams = List.copyOf(streams);
        }
    }

    /**
     * One stream of a sink: event counts, and ranges of positions per shard.
     *
     * @param missing how many events the run did not reach, up to its limit; 0 if it has none. Unlike the positions of the shards,
     *     it counts only events that the sink would have got
     */
    public record StreamLedger(
            String name, long acknowledged, long failed, long unknown, long missing, List<ShardLedger> shards) {
        public StreamLedger {
            shards = List.copyOf(shards);
        }

        /** A stream of which every missing position is an event for this sink. */
        public StreamLedger(String name, long acknowledged, long failed, long unknown, List<ShardLedger> shards) {
            this(
                    name,
                    acknowledged,
                    failed,
                    unknown,
                    shards.stream().mapToLong(shard -> shard.missing().count()).sum(),
                    shards);
        }

        public long issued() {
            return acknowledged + failed + unknown;
        }
    }

    /**
     * One shard: sets of positions, disjoint except for {@code resent}.
     *
     * @param resent what an attempt sent again although an earlier one may have delivered it; where the sink promises no more than
     *     at least once, these may be there more than once
     * @param missing what the run did not reach, up to its limit; empty if it has no limit
     */
    public record ShardLedger(Ranges acknowledged, Ranges failed, Ranges unknown, Ranges resent, Ranges missing) {

        /** A shard of a run that was not resumed and reached its end. */
        public ShardLedger(Ranges acknowledged, Ranges failed, Ranges unknown) {
            this(acknowledged, failed, unknown, new Ranges(), new Ranges());
        }

        /** The positions that were handed over. */
        public Ranges issued() {
            Ranges issued = acknowledged.copy();
            issued.addAll(failed);
            issued.addAll(unknown);
            return issued;
        }
    }

    /** The sink of that name. @throws IllegalArgumentException that lists the names */
    public SinkLedger sink(String name) {
        List<String> names = new ArrayList<>();
        for (SinkLedger sink : sinks) {
            if (sink.name().equals(name)) {
                return sink;
            }
            names.add(sink.name());
        }
        throw new IllegalArgumentException("the run has no sink '" + name + "'; its sinks are " + names);
    }
}
