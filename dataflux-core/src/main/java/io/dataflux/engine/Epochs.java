package io.dataflux.engine;

import io.dataflux.encode.CompiledStream;
import io.dataflux.ledger.Ledger;
import io.dataflux.model.FaultKind;
import io.dataflux.plan.Extent;
import io.dataflux.plan.History;
import io.dataflux.plan.Places;
import io.dataflux.plan.RunConfig;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The history of a run while it runs. Lanes go from one epoch to the next on their own, each when it has sent all of an epoch; what they
 * have in common is only from which event on the streams change. That is chosen while no lane encodes an event, past all that any of them
 * has encoded, and no lane goes there before it is on disk: so an event has one definition, whichever sink gets it, and after a kill.
 * Thread-safe.
 */
final class Epochs {

    /** A lane, which follows the history. */
    interface Follower {

        /** Keeps the lane from encoding more events until {@link #release}. */
        void hold();

        void release();

        /** Per stream the first sequence at which an epoch can end for the lane, which is held; 0 where it is not bound to any. */
        long[] reach(int epoch);

        /** An epoch ends earlier than before, not before {@link #reach}; the lane is held. */
        void endsEarlier(int epoch);
    }

    /**
     * @param later what a ledger says of all epochs but the first
     * @param latest the streams as they are defined now, without regard to faults that are switched off
     */
    private record State(History history, List<Places> places, List<Ledger.Epoch> later, List<CompiledStream> latest) {

        static State of(History history, List<Ledger.Epoch> later, List<CompiledStream> latest) {
            List<Places> places = new ArrayList<>();
            for (int i = 0; i < latest.size(); i++) {
                places.add(Places.of(history, i));
            }
            return new State(history, List.copyOf(places), List.copyOf(later), latest);
        }
    }

    private final RunConfig config;
    private final int tag;
    private volatile State state;
    private volatile int onDisk;

    /** @param definitions all that are on disk, or will be before the lanes start */
    Epochs(Definitions definitions, int tag) {
        config = definitions.config();
        this.tag = tag;
        state = State.of(definitions.history().withTag(tag), definitions.later(), definitions.latest());
        onDisk = state.history.epochs().size();
    }

    /** What the run sends, with its identities. */
    History history() {
        return state.history;
    }

    /** What a ledger says of the epochs. */
    List<Ledger.Epoch> later() {
        return state.later;
    }

    /** The definitions as they are now. */
    Definitions definitions() {
        State now = state;
        return new Definitions(config, now.history, now.later, now.latest);
    }

    /** The places of a stream in all epochs. */
    Places places(int stream) {
        return state.places.get(stream);
    }

    Extent epoch(int number) {
        return history().epochs().get(number);
    }

    boolean has(int number) {
        return number < history().epochs().size();
    }

    boolean isOnDisk(int number) {
        return number < onDisk;
    }

    /** So many epochs after the first were written to disk. */
    void written(int laterEpochs) {
        onDisk = laterEpochs + 1;
    }

    /**
     * Begins another epoch as soon as possible: after the last event that any lane has encoded, and where events are moved, after one more
     * of each shard, which takes along what was moved beyond the end of the epoch.
     *
     * @param file with the new definitions in the run's folder; empty if only faults are switched
     * @param latest the streams by these definitions
     * @param off per stream the faults that are switched off
     * @param lanes all lanes of the run
     * @return the new epoch; null if some lane has nothing left to send that could be of it
     */
    synchronized Ledger.@Nullable Epoch change(
            String file, List<CompiledStream> latest, List<Set<FaultKind>> off, List<? extends Follower> lanes) {
        List<CompiledStream> streams = Definitions.without(latest, off, config).stream()
                .map(stream -> stream.withTag(tag))
                .toList();
        lanes.forEach(Follower::hold);
        try {
            int epoch = history().epochs().size() - 1;
            long[] from = begin(lanes, epoch);
            Extent last = history().last();
            boolean any = false;
            List<Ledger.Definition> definitions = new ArrayList<>();
            for (int i = 0; i < from.length; i++) {
                any |= from[i] < last.limit(i);
                definitions.add(new Ledger.Definition(
                        from[i],
                        streams.get(i).fingerprint(),
                        off.get(i).stream().map(FaultKind::word).toList()));
            }
            if (!any) {
                return null;
            }
            Ledger.Epoch begun = new Ledger.Epoch(file, definitions);
            List<Ledger.Epoch> later = new ArrayList<>(state.later);
            later.add(begun);
            state = State.of(history().changed(from, streams), later, latest);
            lanes.forEach(lane -> lane.endsEarlier(epoch));
            return begun;
        } finally {
            lanes.forEach(Follower::release);
        }
    }

    /** Per stream where an epoch can end at the earliest; all at one scheduled time. The lanes are held. */
    private long[] begin(List<? extends Follower> lanes, int epoch) {
        Extent last = history().last();
        long[] from = last.from().clone();
        Instant latest = null;
        for (Follower lane : lanes) {
            long[] reach = lane.reach(epoch);
            for (int i = 0; i < from.length; i++) {
                from[i] = Math.max(from[i], reach[i]);
                if (reach[i] > 0) {
                    Instant time = last.streams().get(i).timeOf(reach[i] - 1);
                    latest = latest == null || time.isAfter(latest) ? time : latest;
                }
            }
        }
        for (int i = 0; i < from.length; i++) {
            if (latest != null) {
                from[i] = Math.max(from[i], last.streams().get(i).sequenceAt(latest.plusNanos(1)));
            }
            from[i] = Math.min(from[i], last.limit(i));
        }
        return from;
    }
}
