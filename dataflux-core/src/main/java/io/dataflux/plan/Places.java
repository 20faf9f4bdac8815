package io.dataflux.plan;

import io.dataflux.ledger.Ranges;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;

/**
 * The places of a stream's events in a run, over all its epochs, and when they are sent, see {@link EpochPlaces}. Each shard's places are
 * numbered through: those of an epoch follow those of the epoch before. Thread-safe.
 */
public final class Places {

    /** In their order; at least one. */
    private final List<EpochPlaces> epochs;

    private Places(List<EpochPlaces> epochs) {
        this.epochs = List.copyOf(epochs);
    }

    /** @param index the stream's in the run */
    public static Places of(History history, int index) {
        List<EpochPlaces> epochs = new ArrayList<>();
        for (Extent extent : history.epochs()) {
            epochs.add(new EpochPlaces(extent, index, epochs.isEmpty() ? null : epochs.get(epochs.size() - 1)));
        }
        return new Places(epochs);
    }

    /** Those of one epoch, numbered as they are in the run. */
    public Places in(int epoch) {
        return new Places(List.of(epochs.get(epoch)));
    }

    /** The first place of a shard. */
    public long first(int shard) {
        return epochs.get(0).first(shard);
    }

    /** The first place of a shard after the last. */
    public long end(int shard) {
        return last().end(shard);
    }

    /** How much larger a place of a shard is than its epoch's definition alone would make it, in the first of these epochs. */
    public long shift(int shard) {
        return epochs.get(0).shift(shard);
    }

    /** The first place of a shard that is sent at the time of a sequence or later; those of the run are below its end. */
    public long before(int shard, long sequence) {
        for (EpochPlaces epoch : epochs) {
            if (sequence < epoch.limit()) {
                return epoch.before(shard, sequence);
            }
        }
        return end(shard);
    }

    /** The sequence at whose time a place is sent; for one that no delivery has at most that of the next. */
    public long sentAt(int shard, long place) {
        return at(shard, place).sentAt(shard, place);
    }

    /** How many deliveries some places of a shard have in the run, of events whose sequence passes the test. */
    public long count(int shard, Ranges places, LongPredicate meant) {
        return epochs.stream()
                .mapToLong(epoch -> epoch.count(shard, epoch.own(shard, places), meant))
                .sum();
    }

    /** How many deliveries some places of a shard have in the run. Looks only at dropped and repeated events, except at the ends of ranges. */
    public long deliveries(int shard, Ranges places) {
        return epochs.stream()
                .mapToLong(epoch -> epoch.deliveries(shard, epoch.own(shard, places)))
                .sum();
    }

    /** Whether {@link #count} is not 0. */
    public boolean any(int shard, Ranges places, LongPredicate meant) {
        return epochs.stream().anyMatch(epoch -> epoch.any(shard, epoch.own(shard, places), meant));
    }

    /**
     * Sequences between which all events lie that the places {@code [fromPlace, toPlace)} of a shard are for: the first and the last
     * one, or those of their blocks where events are moved within these.
     */
    public String within(int shard, long fromPlace, long toPlace) {
        return "[" + at(shard, fromPlace).lowest(shard, fromPlace) + ", "
                + at(shard, toPlace - 1).highest(shard, toPlace) + ")";
    }

    /** Whether every place has a delivery. */
    public boolean dense() {
        return epochs.stream().allMatch(EpochPlaces::dense);
    }

    /** What some places of a shard are in one epoch, numbered as that epoch's definition alone would number them. */
    public Ranges alone(int epoch, int shard, Ranges places) {
        EpochPlaces its = epochs.get(epoch);
        Ranges own = its.own(shard, places);
        Ranges alone = new Ranges();
        for (int i = 0; i < own.size(); i++) {
            alone.add(own.from(i) - its.shift(shard), own.to(i) - its.shift(shard));
        }
        return alone;
    }

    private EpochPlaces at(int shard, long place) {
        for (EpochPlaces epoch : epochs) {
            if (place < epoch.end(shard)) {
                return epoch;
            }
        }
        return last();
    }

    private EpochPlaces last() {
        return epochs.get(epochs.size() - 1);
    }
}
