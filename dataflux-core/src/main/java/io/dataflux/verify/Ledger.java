package io.dataflux.verify;

import java.util.ArrayList;
import java.util.List;

/**
 * What a run says it did: per sink, stream and shard, which places were acknowledged, failed or are unknown, and for which sinks
 * an event was meant at all is decided by the plan's routing. The expected set of a verification is the acknowledged part. Ranges
 * of places may span places that were routed to other sinks.
 *
 * @param tag the run's tag
 * @param streams the run's streams, in their order
 * @param sinks one entry per sink, in their order
 */
public record Ledger(int tag, List<Stream> streams, List<SinkLedger> sinks) {

    public Ledger {
        streams = List.copyOf(streams);
        sinks = List.copyOf(sinks);
    }

    /** A stream as the ledger knows it; {@code limit} is the sequence at which the run was to end. */
    public record Stream(String name, long seed, long fingerprint, int shards, long from, long limit) {}

    /** One sink; {@code position} is where its target's log ended before the first event was sent. */
    public record SinkLedger(String name, String type, String position, List<StreamLedger> streams) {
        public SinkLedger {
            streams = List.copyOf(streams);
        }
    }

    /** One stream of a sink: event counts, and place ranges per shard. */
    public record StreamLedger(String name, long acknowledged, long failed, long unknown, List<ShardLedger> shards) {
        public StreamLedger {
            shards = List.copyOf(shards);
        }

        public long issued() {
            return acknowledged + failed + unknown;
        }
    }

    /** One shard: disjoint sets of places. */
    public record ShardLedger(Ranges acknowledged, Ranges failed, Ranges unknown) {}

    /** The sink of that name. @throws IllegalArgumentException with the names there are */
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
