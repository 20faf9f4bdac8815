package io.dataflux.engine;

import io.dataflux.encode.CompiledStream;
import io.dataflux.ledger.Ledger;
import io.dataflux.ledger.Ledger.ShardLedger;
import io.dataflux.ledger.Ledger.SinkLedger;
import io.dataflux.ledger.Ledger.StreamLedger;
import io.dataflux.ledger.Ranges;
import io.dataflux.ledger.Routing;
import io.dataflux.plan.Extent;
import io.dataflux.plan.History;
import io.dataflux.plan.Places;
import io.dataflux.plan.Regions;
import io.dataflux.plan.RunConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * The ledger of a run whose streams were changed, as that of a run with more streams: one for each stream and epoch, with its own
 * definition, its own events and their places as that definition numbers them. So whoever judges has nothing to know of epochs.
 */
final class EpochLedger {

    private final RunConfig config;
    private final History history;
    private final List<Places> places = new ArrayList<>();

    private EpochLedger(Definitions definitions, Ledger ledger) {
        config = definitions.config();
        history = definitions.history();
        for (int i = 0; i < ledger.streams().size(); i++) {
            places.add(Places.of(history, i));
        }
    }

    /** The streams of all epochs, in their order. */
    static List<CompiledStream> streams(History history) {
        return history.epochs().stream()
                .flatMap(extent -> extent.streams().stream())
                .toList();
    }

    static Ledger of(Definitions definitions, Ledger ledger) {
        EpochLedger split = new EpochLedger(definitions, ledger);
        List<Ledger.Stream> streams = new ArrayList<>();
        for (Extent extent : split.history.epochs()) {
            streams.addAll(extent.ledgerStreams());
        }
        return new Ledger(
                ledger.tag(),
                ledger.part(),
                ledger.parts(),
                streams,
                ledger.epochs(),
                ledger.sinks().stream().map(split::sink).toList(),
                ledger.drills(),
                ledger.touches());
    }

    private SinkLedger sink(SinkLedger sink) {
        boolean all = new Regions(config).allGoTo(sink.name());
        Routing routing = history.routingTo(sink.name(), config);
        List<StreamLedger> streams = new ArrayList<>();
        for (int epoch = 0; epoch < history.epochs().size(); epoch++) {
            for (int stream = 0; stream < sink.streams().size(); stream++) {
                streams.add(
                        new Part(epoch, stream, all, routing).of(sink.streams().get(stream)));
            }
        }
        return new SinkLedger(sink.name(), sink.type(), sink.position(), streams);
    }

    /** One stream of a sink in one epoch. */
    private final class Part {
        private final int epoch;
        private final int stream;
        private final boolean all;
        private final Routing routing;

        Part(int epoch, int stream, boolean all, Routing routing) {
            this.epoch = epoch;
            this.stream = stream;
            this.all = all;
            this.routing = routing;
        }

        StreamLedger of(StreamLedger whole) {
            long[] counts = new long[4];
            List<ShardLedger> shards = new ArrayList<>();
            for (int shard = 0; shard < whole.shards().size(); shard++) {
                ShardLedger its = whole.shards().get(shard);
                List<Ranges> each = List.of(its.acknowledged(), its.failed(), its.unknown(), its.missing());
                for (int i = 0; i < counts.length; i++) {
                    counts[i] += events(shard, each.get(i));
                }
                shards.add(new ShardLedger(
                        alone(shard, its.acknowledged()),
                        alone(shard, its.failed()),
                        alone(shard, its.unknown()),
                        alone(shard, its.resent()),
                        alone(shard, its.missing())));
            }
            return new StreamLedger(whole.name(), counts[0], counts[1], counts[2], counts[3], shards);
        }

        private Ranges alone(int shard, Ranges ranges) {
            return places.get(stream).alone(epoch, shard, ranges);
        }

        private long events(int shard, Ranges ranges) {
            Places its = places.get(stream).in(epoch);
            return all
                    ? its.deliveries(shard, ranges)
                    : its.count(shard, ranges, sequence -> routing.goesTo(stream, sequence));
        }
    }
}
