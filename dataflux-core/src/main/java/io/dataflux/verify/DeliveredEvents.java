package io.dataflux.verify;

import io.dataflux.Event;
import io.dataflux.EventStream;
import io.dataflux.encode.CompiledStream;
import io.dataflux.encode.EventState;
import io.dataflux.ledger.Ledger;
import io.dataflux.ledger.Ledger.ShardLedger;
import io.dataflux.ledger.Ranges;
import io.dataflux.verify.ExpectedDeliveries.Standing;
import java.util.List;

/**
 * What a run handed to its sink, computed again from the definition and the ledger: every delivery that was acknowledged or may have
 * arrived, shard by shard, in the order of sending. An event that was planned to be dropped has none, one that was repeated has two. Nothing
 * is stored. Not thread-safe.
 */
public final class DeliveredEvents {

    private final CompiledStream stream;
    private final ExpectedDeliveries sent;
    private final List<ShardLedger> shards;

    private DeliveredEvents(CompiledStream stream, ExpectedDeliveries sent, List<ShardLedger> shards) {
        this.stream = stream;
        this.sent = sent;
        this.shards = shards;
    }

    /**
     * The deliveries of a run with one stream and one sink.
     *
     * @param stream the run's stream, under any tag
     * @throws IllegalArgumentException if the ledger is that of another stream
     */
    public static DeliveredEvents of(EventStream stream, Ledger ledger) {
        JudgedRun judged = JudgedRun.ofTarget(ledger, ledger.sinks().get(0).name(), List.of(stream));
        return new DeliveredEvents(judged.streams().get(0), judged.sent(0), judged.shards(0));
    }

    /** The stream with the identities of the run. */
    public EventStream stream() {
        return stream;
    }

    /**
     * Hands over the deliveries; each costs about what it takes to find its event.
     *
     * @param copies whether an event that was sent twice is handed over twice; otherwise only as it was first sent
     */
    public void forEach(boolean copies, Visitor visitor) {
        for (int shard = 0; shard < shards.size(); shard++) {
            ShardLedger ledger = shards.get(shard);
            Ranges places = ledger.acknowledged().copy();
            places.addAll(ledger.unknown());
            Delivery delivery = new Delivery(shard);
            for (int i = 0; i < places.size(); i++) {
                for (long place = places.from(i); place < places.to(i); place++) {
                    visit(delivery, place, copies, visitor);
                }
            }
        }
    }

    private void visit(Delivery delivery, long place, boolean copies, Visitor visitor) {
        int shard = delivery.shard;
        long local = sent.localAt(shard, place);
        if (local < 0) {
            return;
        }
        boolean again = sent.isCopy(shard, place) && mayHaveArrived(shard, local);
        if (again && !copies) {
            return;
        }
        delivery.stand(local, place, again, sent.at(shard, place) == Standing.ACKNOWLEDGED);
        visitor.delivered(delivery);
        if (copies && shards.get(shard).resent().contains(place)) {
            delivery.stand(local, place, true, false); // an earlier attempt may have delivered it, too
            visitor.delivered(delivery);
        }
    }

    private boolean mayHaveArrived(int shard, long local) {
        long first = sent.place(shard, local, false);
        Standing standing = first < 0 ? Standing.NOT_ISSUED : sent.at(shard, first);
        return standing == Standing.ACKNOWLEDGED || standing == Standing.UNKNOWN;
    }

    /** Takes deliveries one by one. */
    @FunctionalInterface
    public interface Visitor {
        void delivered(Delivery delivery);
    }

    /** One delivery; valid only during the call. */
    public final class Delivery {

        private final EventState state = new EventState();
        private final int shard;
        private long local;
        private long place;
        private long sequence;
        private boolean again;
        private boolean certain;
        private boolean located;

        private Delivery(int shard) {
            this.shard = shard;
        }

        private void stand(long itsLocal, long itsPlace, boolean itsAgain, boolean itsCertain) {
            local = itsLocal;
            place = itsPlace;
            again = itsAgain;
            certain = itsCertain;
            located = false;
            sequence = stream.schedule().sequenceOf(shard, local);
        }

        /** The event, whole, even if it was sent broken. */
        public Event event() {
            return stream.event(sequence);
        }

        public long sequence() {
            return sequence;
        }

        public int shard() {
            return shard;
        }

        /** Whether it was acknowledged; otherwise nobody knows whether it arrived. */
        public boolean certain() {
            return certain;
        }

        /** Whether its event has been handed over before. */
        public boolean again() {
            return again;
        }

        /** Whether the event was broken on purpose. */
        public boolean broken() {
            return sent.corruption(shard, local) != null;
        }

        /** The event time, in whole milliseconds since 1970. */
        public long timeMillis() {
            if (!located) {
                stream.locate(sequence, state);
                located = true;
            }
            return Math.multiplyExact(state.epochSecond, 1000L) + state.nano / 1_000_000;
        }

        /** The scheduled time of sending it, in whole milliseconds since 1970. */
        public long sentMillis() {
            long with = sent.sentWith(shard, place);
            return stream.timeOf(with == local ? sequence : stream.schedule().sequenceOf(shard, with))
                    .toEpochMilli();
        }
    }
}
