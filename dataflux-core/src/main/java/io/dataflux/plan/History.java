package io.dataflux.plan;

import io.dataflux.encode.CompiledStream;
import io.dataflux.ledger.Routing;
import java.util.ArrayList;
import java.util.List;

/**
 * What a run sends, epoch by epoch: in each, its streams have other definitions. A run whose definitions nobody changes has one epoch. All
 * streams change at the same scheduled time, each from a sequence of its own. Immutable, as long as nobody writes into the arrays of its
 * extents.
 *
 * @param epochs in their order, each beginning where the one before ends; at least one
 */
public record History(List<Extent> epochs) {

    public History {
        epochs = List.copyOf(epochs);
    }

    /** A run in one epoch. */
    public static History of(Extent extent) {
        return new History(List.of(extent));
    }

    /** All that the run sends, with the streams as they are defined at first. */
    public Extent whole() {
        Extent first = epochs.get(0);
        return new Extent(first.streams(), first.from(), last().limits());
    }

    public Extent last() {
        return epochs.get(epochs.size() - 1);
    }

    /**
     * The same history, in which the streams change once more.
     *
     * @param from per stream the first sequence that has the new definition; not before the last epoch
     * @param streams with the new definitions and the identities of the run
     */
    public History changed(long[] from, List<CompiledStream> streams) {
        List<Extent> all = new ArrayList<>(epochs);
        Extent last = last();
        all.set(all.size() - 1, new Extent(last.streams(), last.from(), from));
        all.add(new Extent(streams, from, last.limits()));
        return new History(all);
    }

    /** In which epoch an event of a stream is. */
    public int epochOf(int stream, long sequence) {
        int epoch = 0;
        while (epoch + 1 < epochs.size() && sequence >= epochs.get(epoch).limit(stream)) {
            epoch++;
        }
        return epoch;
    }

    /** Which events go to a sink of the run. For one thread. */
    public Routing routingTo(String sink, RunConfig config) {
        List<Routing> each = epochs.stream()
                .map(extent -> new Regions(config, extent.streams()).routingTo(sink))
                .toList();
        return each.size() == 1
                ? each.get(0)
                : (stream, sequence) -> each.get(epochOf(stream, sequence)).goesTo(stream, sequence);
    }

    /** The same events, with the identities of a run. */
    public History withTag(int tag) {
        return new History(epochs.stream().map(extent -> extent.withTag(tag)).toList());
    }
}
