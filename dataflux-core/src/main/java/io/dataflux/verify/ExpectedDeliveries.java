package io.dataflux.verify;

import io.dataflux.encode.CompiledStream;
import io.dataflux.encode.EventState;
import io.dataflux.encode.PlannedFaults;
import io.dataflux.ledger.Ledger.ShardLedger;
import io.dataflux.ledger.Ranges;
import io.dataflux.model.Corruption;
import io.dataflux.schedule.Schedule;
import java.util.List;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What was planned to be sent of one stream, and what the ledger says was sent: how often each event, whole or broken, in which order. The
 * plan knows events by their local index in a shard, the ledger knows places; without planned faults these are the same. Not thread-safe.
 */
final class ExpectedDeliveries {

    /** What the ledger says about an event, better before worse. */
    enum Standing {
        ACKNOWLEDGED,
        UNKNOWN,
        FAILED,
        NOT_ISSUED;

        private Standing orBetter(Standing other) {
            return compareTo(other) <= 0 ? this : other;
        }

        private Standing orWorse(Standing other) {
            return compareTo(other) >= 0 ? this : other;
        }
    }

    /** The deliveries of a larger block take so much memory that the shards share one. */
    private static final int LARGEST_OWN_BLOCK = 1 << 12;

    private final CompiledStream stream;
    private final List<ShardLedger> ledger;
    private final long[] first;
    private final long[] end;
    private final PlannedFaults shared;
    private final @Nullable PlannedFaults[] own;

    /** All that a ledger names. */
    ExpectedDeliveries(CompiledStream stream, List<ShardLedger> ledger) {
        this(stream, ledger, 0, stream.end());
    }

    /**
     * What a ledger names of the events {@code [from, to)}; where events are moved within a block it also has places of others, which
     * were never sent.
     */
    ExpectedDeliveries(CompiledStream stream, List<ShardLedger> ledger, long from, long to) {
        this.stream = stream;
        this.ledger = List.copyOf(ledger);
        Schedule schedule = stream.schedule();
        first = IntStream.range(0, ledger.size())
                .mapToLong(shard -> schedule.localCount(shard, from))
                .toArray();
        end = IntStream.range(0, ledger.size())
                .mapToLong(shard -> schedule.localCount(shard, to))
                .toArray();
        shared = stream.plannedFaults();
        own = new PlannedFaults[shared.moves() && shared.block() <= LARGEST_OWN_BLOCK ? ledger.size() : 0];
    }

    /** The plan as one shard has it, whose latest block is remembered. */
    private PlannedFaults plan(int shard) {
        if (own.length == 0) {
            return shared;
        }
        PlannedFaults plan = own[shard];
        if (plan == null) {
            plan = stream.plannedFaults();
            own[shard] = plan;
        }
        return plan;
    }

    CompiledStream stream() {
        return stream;
    }

    int shards() {
        return ledger.size();
    }

    /** Whether any event is planned to be dropped, repeated or moved. */
    boolean moves() {
        return shared.moves();
    }

    /** How many events of a shard form a block within which they are moved; 1 if none is moved. */
    int block() {
        return shared.block();
    }

    /** How often an event is planned to be sent: 0, 1 or 2 times. */
    int copies(int shard, long local) {
        return shared.copies(shard, local);
    }

    /** How an event is planned to be broken; null if it is sent whole, or not at all. */
    @Nullable
    Corruption corruption(int shard, long local) {
        return shared.corruption(shard, local);
    }

    /** The place at which an event is sent, for the first or second time; -1 if not at all. */
    long place(int shard, long local, boolean again) {
        if (!shared.moves()) {
            return again ? -1 : local;
        }
        return local < first[shard] || local >= end[shard] ? -1 : plan(shard).place(shard, local, again);
    }

    /** The event that a place is for; -1 if it is for none, or for the second time. */
    long firstAt(int shard, long place) {
        if (!shared.moves()) {
            return place;
        }
        PlannedFaults plan = plan(shard);
        return plan.isCopy(shard, place) ? -1 : plan.local(shard, place);
    }

    /** The event that a place is for, for the first or the second time; -1 if it is for none of the run's. */
    long localAt(int shard, long place) {
        if (!shared.moves()) {
            return place;
        }
        long local = plan(shard).local(shard, place);
        return local < first[shard] || local >= end[shard] ? -1 : local;
    }

    /** Whether a place is for an event for the second time. */
    boolean isCopy(int shard, long place) {
        return shared.moves() && plan(shard).isCopy(shard, place);
    }

    /** The event at whose time a place is sent; what would be sent after the run's last event is sent with it. */
    long sentWith(int shard, long place) {
        return shared.moves() ? Math.min(end[shard] - 1, plan(shard).position(shard, place)) : place;
    }

    /** Writes a located event as it is planned to be sent. */
    int encode(EventState event, byte[] target) {
        return shared.encode(event, corruption(event.slot.shard, event.slot.local), target, 0);
    }

    /** What the ledger says about an event: about the better of its two deliveries, if it is planned to be sent twice. */
    Standing standing(int shard, long local) {
        if (!shared.moves()) {
            return at(shard, local);
        }
        Standing first = at(shard, place(shard, local, false));
        return first == Standing.ACKNOWLEDGED ? first : first.orBetter(at(shard, place(shard, local, true)));
    }

    /** What the ledger says about the worse of an event's two deliveries. */
    Standing standingOfCopy(int shard, long local) {
        return at(shard, place(shard, local, false)).orWorse(at(shard, place(shard, local, true)));
    }

    /** The last place at which an event was acknowledged; -1 if it was not. */
    long lastPlace(int shard, long local) {
        long again = place(shard, local, true);
        if (again >= 0 && at(shard, again) == Standing.ACKNOWLEDGED) {
            return again;
        }
        long first = place(shard, local, false);
        return first >= 0 && at(shard, first) == Standing.ACKNOWLEDGED ? first : -1;
    }

    /** One more than the last local index that the ledger has anything about, or more where events are moved. */
    long endOfSent(int shard) {
        ShardLedger in = ledger.get(shard);
        long end = 0;
        for (Ranges ranges : List.of(in.acknowledged(), in.failed(), in.unknown())) {
            end = ranges.isEmpty() ? end : Math.max(end, ranges.to(ranges.size() - 1));
        }
        long block = shared.block();
        return shared.moves() ? Math.min(this.end[shard], (end / (2 * block) + 1) * block) : end;
    }

    Standing at(int shard, long place) {
        ShardLedger in = ledger.get(shard);
        if (in.acknowledged().contains(place)) {
            return Standing.ACKNOWLEDGED;
        }
        if (in.failed().contains(place)) {
            // an earlier attempt may have delivered what the last one could not
            return in.resent().contains(place) ? Standing.UNKNOWN : Standing.FAILED;
        }
        return in.unknown().contains(place) ? Standing.UNKNOWN : Standing.NOT_ISSUED;
    }

    /** Whether an attempt sent the event again although it may have been there. */
    boolean sentAgain(int shard, long local) {
        return anyPlace(shard, local, ledger.get(shard).resent()::contains);
    }

    /** Whether something holds for any place at which the event is sent. */
    boolean anyPlace(int shard, long local, LongPredicate holds) {
        long first = place(shard, local, false);
        long again = place(shard, local, true);
        return first >= 0 && holds.test(first) || again >= 0 && holds.test(again);
    }

    /** Local indices of a shard, those of all acknowledged events and, where events are moved, of some more around them. */
    Ranges reach(int shard) {
        Ranges acknowledged = ledger.get(shard).acknowledged();
        if (!shared.moves()) {
            return acknowledged;
        }
        long block = shared.block();
        Ranges reach = new Ranges();
        for (int i = 0; i < acknowledged.size(); i++) {
            long last = (acknowledged.to(i) - 1) / (2 * block);
            reach.add(
                    Math.max(first[shard], acknowledged.from(i) / (2 * block) * block),
                    Math.min(end[shard], (last + 1) * block));
        }
        return reach;
    }

    /** The first local index that the ledger has anything about. */
    long begin(int shard) {
        ShardLedger in = ledger.get(shard);
        long first = Long.MAX_VALUE;
        for (Ranges ranges : List.of(in.acknowledged(), in.failed(), in.unknown())) {
            first = ranges.isEmpty() ? first : Math.min(first, ranges.from(0));
        }
        long block = shared.block();
        return first == Long.MAX_VALUE ? 0 : shared.moves() ? first / (2 * block) * block : first;
    }
}
