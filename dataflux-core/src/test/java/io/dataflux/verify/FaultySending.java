package io.dataflux.verify;

import io.dataflux.encode.CompiledStream;
import io.dataflux.encode.EventState;
import io.dataflux.encode.PlannedFaults;
import io.dataflux.ledger.Ledger;
import io.dataflux.ledger.Ledger.ShardLedger;
import io.dataflux.ledger.Ledger.SinkLedger;
import io.dataflux.ledger.Ledger.StreamLedger;
import io.dataflux.ledger.Ranges;
import io.dataflux.model.Corruption;
import io.dataflux.schedule.Schedule;
import io.dataflux.verify.SentEvents.Stored;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** The events [0, to) of a stream with planned faults in the order in which they are sent, and the ledger that goes with it. */
final class FaultySending {

    /** One of an event's deliveries. */
    record Delivery(long sequence, int shard, long local, long place, boolean copy, Corruption corruption) {}

    final CompiledStream stream;
    final List<Delivery> deliveries = new ArrayList<>();
    private final long to;

    FaultySending(CompiledStream stream, long to) {
        this.stream = stream.withTag(SentEvents.TAG);
        this.to = to;
        PlannedFaults plan = this.stream.plannedFaults();
        Schedule schedule = this.stream.schedule();
        Map<Delivery, Long> sentAt = new HashMap<>(); // order never seen
        for (int shard = 0; shard < this.stream.shards(); shard++) {
            long events = schedule.localCount(shard, to);
            for (long place = 0; place < plan.endPlace(events); place++) {
                long local = plan.local(shard, place);
                if (local >= 0 && local < events) {
                    Delivery delivery = new Delivery(
                            schedule.sequenceOf(shard, local),
                            shard,
                            local,
                            place,
                            plan.isCopy(shard, place),
                            plan.corruption(shard, local));
                    deliveries.add(delivery);
                    sentAt.put(delivery, schedule.sequenceOf(shard, plan.position(shard, place)));
                }
            }
        }
        deliveries.sort(Comparator.<Delivery, Long>comparing(sentAt::get).thenComparing(Delivery::place));
    }

    /** The first delivery of which something holds. */
    Delivery first(Predicate<Delivery> wanted) {
        return deliveries.stream().filter(wanted).findFirst().orElseThrow();
    }

    /** The deliveries as a target with some partitions holds them. */
    List<Stored> stored(int partitions) {
        long[] offsets = new long[partitions];
        List<Stored> stored = new ArrayList<>();
        for (Delivery delivery : deliveries) {
            long entity = stream.event(delivery.sequence).entity();
            int partition = (int) (delivery.corruption == Corruption.NULL_KEY ? 0 : entity * 7 % partitions);
            stored.add(stored(delivery, "events-" + partition, offsets[partition]++));
        }
        return stored;
    }

    Stored stored(Delivery delivery, String source, long offset) {
        byte[] key = stream.key(stream.event(delivery.sequence).entity());
        return new Stored(
                source,
                offset,
                delivery.corruption == Corruption.NULL_KEY ? null : key,
                bytes(delivery),
                SentEvents.header(stream, SentEvents.TAG, 0, delivery.sequence));
    }

    byte[] bytes(Delivery delivery) {
        EventState state = new EventState();
        byte[] bytes = new byte[stream.maxEventBytes() + CompiledStream.SLACK];
        stream.locate(delivery.sequence, state);
        return Arrays.copyOf(bytes, stream.plannedFaults().encode(state, delivery.corruption, bytes, 0));
    }

    Ledger ledger() {
        return ledger(delivery -> false);
    }

    /** What is not unknown was acknowledged. */
    Ledger ledger(Predicate<Delivery> unknown) {
        List<ShardLedger> shards = new ArrayList<>();
        for (int shard = 0; shard < stream.shards(); shard++) {
            shards.add(new ShardLedger(new Ranges(), new Ranges(), new Ranges()));
        }
        long unknowns = 0;
        for (Delivery each : deliveries) {
            ShardLedger shard = shards.get(each.shard);
            (unknown.test(each) ? shard.unknown() : shard.acknowledged()).add(each.place, each.place + 1);
            unknowns += unknown.test(each) ? 1 : 0;
        }
        Ledger.Stream of =
                new Ledger.Stream(stream.name(), stream.seed(), stream.fingerprint(), stream.shards(), 0, to);
        StreamLedger counts = new StreamLedger(stream.name(), deliveries.size() - unknowns, 0, unknowns, shards);
        return new Ledger(SentEvents.TAG, List.of(of), List.of(new SinkLedger("broker", "kafka", "", List.of(counts))));
    }
}
