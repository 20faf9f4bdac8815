package io.dataflux.engine;

import io.dataflux.encode.CompiledStream;
import io.dataflux.engine.Checkpoint.LaneMark;
import io.dataflux.ledger.Ledger.ShardLedger;
import io.dataflux.ledger.Ledger.StreamLedger;
import io.dataflux.ledger.Ranges;
import io.dataflux.ledger.Routing;
import io.dataflux.plan.History;
import io.dataflux.plan.LaneShare;
import io.dataflux.plan.Places;
import io.dataflux.plan.Regions;
import io.dataflux.plan.RunConfig;
import io.dataflux.plan.UnitCuts;
import io.dataflux.spi.DeliveryUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What earlier attempts of a run did at one sink, place by place: what is done and is not sent again, and what may be there although it
 * was not acknowledged. Empty for a first attempt. It is computed before the lanes start, and afterwards only combined with what they
 * do.
 */
final class EarlierAttempts {

    /** One shard. What is unknown may be in the target; it is sent again. */
    private record Shard(Ranges done, Ranges failed, Ranges unknown, Ranges resent) {}

    private static final long MOST_COUNTED = 1 << 20;

    private final RunConfig config;
    private final List<CompiledStream> streams;
    private volatile List<Places> places = List.of();
    private final boolean all;
    private volatile Routing routing;
    private final String sink;
    private final List<List<Shard>> shards = new ArrayList<>();
    /** Per stream how many events are done. */
    private final long[] events;

    EarlierAttempts(RunConfig config, History history, String sink) {
        this.config = config;
        this.sink = sink;
        streams = history.whole().streams();
        routing = history.routingTo(sink, config);
        all = new Regions(config).allGoTo(sink);
        events = new long[streams.size()];
        for (int i = 0; i < streams.size(); i++) {
            CompiledStream stream = streams.get(i);
            List<Shard> its = new ArrayList<>();
            for (int shard = 0; shard < stream.shards(); shard++) {
                its.add(new Shard(new Ranges(), new Ranges(), new Ranges(), new Ranges()));
            }
            shards.add(its);
        }
        follow(history);
    }

    /** The run has a longer history now, of the same events. */
    void follow(History history) {
        List<Places> all = new ArrayList<>();
        for (int i = 0; i < streams.size(); i++) {
            all.add(Places.of(history, i));
        }
        places = List.copyOf(all);
        routing = history.routingTo(sink, config);
    }

    /** Takes over what a checkpoint says of the shards of one lane: what it may have sent is unknown. */
    void take(List<StreamLedger> ledgers, List<LaneShare> lane, LaneMark mark) {
        for (LaneShare share : lane) {
            int stream = share.stream();
            Places its = places.get(stream);
            long horizon = streams.get(stream).sequenceAt(Checkpoint.instant(mark.horizonMicros()));
            for (int shard = 0; shard < share.owned().length; shard++) {
                if (share.owned()[shard]) {
                    ShardLedger ledger = ledgers.get(stream).shards().get(shard);
                    Shard past = shards.get(stream).get(shard);
                    past.done.addAll(ledger.acknowledged());
                    past.failed.addAll(ledger.failed());
                    past.resent.addAll(ledger.resent());
                    if (mark.stage() == Checkpoint.Stage.RUNNING) {
                        past.unknown.add(
                                its.first(shard),
                                its.before(shard, Math.max(share.from(), Math.min(horizon, share.limit()))));
                        past.unknown.removeAll(past.done);
                        past.unknown.removeAll(past.failed);
                    }
                    past.unknown.addAll(ledger.unknown());
                }
            }
        }
    }

    /** Takes over how many events of each stream a checkpoint counts as acknowledged. */
    void takeCounts(List<StreamLedger> ledgers) {
        for (int stream = 0; stream < events.length; stream++) {
            events[stream] = ledgers.get(stream).acknowledged();
        }
    }

    /** Whether any event of a lane's share is done that is meant for this sink. */
    boolean anyDone(LaneShare share) {
        return any(share, Shard::done);
    }

    /** Whether any event of a lane's share may be there although nobody knows. */
    boolean anyUnknown(LaneShare share) {
        return any(share, Shard::unknown);
    }

    private boolean any(LaneShare share, Function<Shard, Ranges> which) {
        for (int shard = 0; shard < share.owned().length; shard++) {
            if (share.owned()[shard]
                    && anyMeant(
                            share.stream(),
                            shard,
                            which.apply(shards.get(share.stream()).get(shard)))) {
                return true;
            }
        }
        return false;
    }

    boolean isDone(int stream, int shard, long place) {
        return shards.get(stream).get(shard).done.contains(place);
    }

    /** Marks places as done that were not known to be. */
    void deliver(int stream, int shard, long from, long to) {
        if (from < to) {
            Shard past = shards.get(stream).get(shard);
            Ranges fresh = Ranges.of(from, to);
            fresh.removeAll(past.done);
            events[stream] += count(stream, shard, fresh);
            past.done.addAll(fresh);
            past.failed.removeAll(fresh);
            past.unknown.removeAll(fresh);
        }
    }

    /** Marks the units of one lane as unknown that are not done as a whole. */
    void roundDown(LaneShare share, DeliveryUnit unit, List<Long> cuts) {
        UnitCuts units = new UnitCuts(
                streams.get(share.stream()),
                unit,
                cuts.stream().mapToLong(Long::longValue).toArray());
        long at = share.firstLeft();
        while (at < share.limit()) {
            long start = Math.max(share.from(), units.start(at));
            long end = Math.min(share.limit(), units.end(at));
            if (!whole(share, start, end)) {
                drop(share, start, end);
            }
            long next = firstDone(share, end);
            if (next == Long.MAX_VALUE) {
                return;
            }
            at = share.firstLeft(Math.max(end, units.start(next)));
        }
    }

    /** Whether all events of a unit are done that are for this lane and sink. */
    private boolean whole(LaneShare share, long start, long end) {
        Places its = share.places();
        for (int shard = 0; shard < share.owned().length; shard++) {
            if (share.owned()[shard]) {
                Ranges left = Ranges.of(its.before(shard, start), its.before(shard, end));
                left.removeAll(shards.get(share.stream()).get(shard).done);
                if (anyMeant(share.stream(), shard, left)) {
                    return false;
                }
            }
        }
        return true;
    }

    private void drop(LaneShare share, long start, long end) {
        Places its = share.places();
        for (int shard = 0; shard < share.owned().length; shard++) {
            if (share.owned()[shard]) {
                Shard past = shards.get(share.stream()).get(shard);
                long from = its.before(shard, start);
                long to = its.before(shard, end);
                Ranges kept = past.done.copy();
                kept.remove(from, to);
                Ranges dropped = past.done.copy();
                dropped.removeAll(kept);
                events[share.stream()] -= count(share.stream(), shard, dropped);
                past.done.remove(from, to);
                past.unknown.addAll(dropped);
            }
        }
    }

    /** The sequence of the lane's first event from {@code sequence} on that is done; {@code Long.MAX_VALUE} if there is none. */
    private long firstDone(LaneShare share, long sequence) {
        Places its = share.places();
        long first = Long.MAX_VALUE;
        for (int shard = 0; shard < share.owned().length; shard++) {
            if (share.owned()[shard]) {
                long place = shards.get(share.stream()).get(shard).done.nextInside(its.before(shard, sequence));
                if (place < its.end(shard)) {
                    first = Math.min(first, its.sentAt(shard, place));
                }
            }
        }
        return first;
    }

    /** Notes what is sent again although it may be there. Call it once everything done is known. */
    void seal() {
        shards.forEach(its -> its.forEach(shard -> shard.resent.addAll(shard.unknown)));
    }

    /** Per stream and shard what is done; the lanes read it while they run. */
    List<List<Ranges>> done() {
        return shards.stream()
                .map(its -> its.stream().map(Shard::done).toList())
                .toList();
    }

    /** Per shard of a stream what may be there and is sent again. */
    List<Ranges> unknown(int stream) {
        return shards.get(stream).stream().map(Shard::unknown).toList();
    }

    /** How many events of a stream are done. */
    long events(int stream) {
        return events[stream];
    }

    /** How many events of a stream may be there and are sent again. */
    long unknownEvents(int stream) {
        long sum = 0;
        for (int shard = 0; shard < shards.get(stream).size(); shard++) {
            sum += count(stream, shard, shards.get(stream).get(shard).unknown);
        }
        return sum;
    }

    /**
     * The ledger of one stream over all attempts.
     *
     * @param books per shard what this attempt did; {@code null} for nothing
     * @param exact whether what is left of earlier attempts is counted event by event; otherwise by places, which can be more
     */
    StreamLedger with(int stream, List<@Nullable Book> books, boolean exact) {
        long acknowledged = events[stream];
        long failed = 0;
        long unknown = 0;
        long missing = 0;
        List<ShardLedger> ledgers = new ArrayList<>();
        for (int shard = 0; shard < books.size(); shard++) {
            Shard past = shards.get(stream).get(shard);
            Ranges oldFailed = past.failed.copy();
            Ranges oldUnknown = past.unknown.copy();
            ShardLedger ledger =
                    new ShardLedger(past.done.copy(), oldFailed, oldUnknown, past.resent.copy(), new Ranges());
            Book book = books.get(shard);
            if (book != null) {
                for (Ranges now : List.of(book.acknowledged(), book.failed(), book.unknown())) {
                    oldFailed.removeAll(now);
                    oldUnknown.removeAll(now);
                }
            }
            failed += exact ? count(stream, shard, oldFailed) : oldFailed.count();
            unknown += exact ? count(stream, shard, oldUnknown) : oldUnknown.count();
            if (book != null) {
                ledger.acknowledged().addAll(book.acknowledged());
                oldFailed.addAll(book.failed());
                oldUnknown.addAll(book.unknown());
                acknowledged += book.acknowledgedEvents();
                failed += book.failedEvents();
                unknown += book.unknownEvents();
            }
            ledger.missing().addAll(missing(stream, shard, ledger));
            missing += exact
                    ? missingEvents(stream, shard, ledger.missing())
                    : ledger.missing().count();
            ledgers.add(ledger);
        }
        return new StreamLedger(streams.get(stream).name(), acknowledged, failed, unknown, missing, ledgers);
    }

    /** What is neither acknowledged nor failed nor unknown, of a shard of this part of a run that has a limit. */
    private Ranges missing(int stream, int shard, ShardLedger ledger) {
        RunConfig.Part part = config.part();
        if (config.limits().none() || shard % part.of() != part.number() - 1) {
            return new Ranges();
        }
        Ranges missing =
                Ranges.of(places.get(stream).first(shard), places.get(stream).end(shard));
        missing.removeAll(ledger.acknowledged());
        missing.removeAll(ledger.failed());
        missing.removeAll(ledger.unknown());
        return missing;
    }

    /**
     * How many events for this sink have some places. There can be more places than can be looked at: where a router decides, it is then
     * asked about some of them, evenly spaced.
     */
    private long missingEvents(int stream, int shard, Ranges missing) {
        Places its = places.get(stream);
        if (all) {
            return its.deliveries(shard, missing);
        }
        long all = missing.count();
        if (all <= MOST_COUNTED) {
            return count(stream, shard, missing);
        }
        Ranges some = new Ranges();
        long step = all / MOST_COUNTED + 1;
        for (int i = 0; i < missing.size(); i++) {
            for (long place = missing.from(i); place < missing.to(i); place += step) {
                some.add(place, place + 1);
            }
        }
        return Math.round((double) count(stream, shard, some) * all / some.count());
    }

    /** The events that the places {@code [from, to)} of a shard are for lie within these sequences, as {@code [103391, 104020)}. */
    String within(int stream, int shard, long from, long to) {
        return places.get(stream).within(shard, from, to);
    }

    /** How many events of some places are meant for this sink. */
    private long count(int stream, int shard, Ranges some) {
        return all && places.get(stream).dense()
                ? some.count()
                : places.get(stream).count(shard, some, sequence -> meant(stream, sequence));
    }

    private boolean anyMeant(int stream, int shard, Ranges some) {
        return all && places.get(stream).dense()
                ? !some.isEmpty()
                : places.get(stream).any(shard, some, sequence -> meant(stream, sequence));
    }

    private boolean meant(int stream, long sequence) {
        return all || routing.goesTo(stream, sequence);
    }
}
