package io.dataflux.plan;

import io.dataflux.encode.CompiledStream;
import io.dataflux.ledger.Ledger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What a run sends of its streams, for all its regions, sinks and parts together: of each stream the sequences from one up to a limit.
 * {@link RunLimits} says where the limits are. Immutable, as long as nobody writes into the arrays.
 *
 * @param streams in the order of the run; at least one
 * @param from per stream its first sequence
 * @param limits per stream the sequence at which it ends
 */
public record Extent(List<CompiledStream> streams, long[] from, long[] limits) {

    public Extent {
        streams = List.copyOf(streams);
    }

    /** The first sequence of a stream. */
    public long from(int stream) {
        return from[stream];
    }

    /** The sequence at which a stream ends. */
    public long limit(int stream) {
        return limits[stream];
    }

    /** The nearest sequence that the run has, or at which its stream ends. */
    public long within(int stream, long sequence) {
        return Math.max(from[stream], Math.min(sequence, limits[stream]));
    }

    /** How many events it has; {@code Long.MAX_VALUE} if they are more. */
    public long events() {
        long sum = 0;
        for (int i = 0; i < from.length; i++) {
            sum = limits[i] - from[i] > Long.MAX_VALUE - sum ? Long.MAX_VALUE : sum + limits[i] - from[i];
        }
        return sum;
    }

    /** The scheduled time of the first event of all. */
    public Instant start() {
        Instant start = Instant.MAX;
        for (int i = 0; i < from.length; i++) {
            Instant first = streams.get(i).timeOf(from[i]);
            start = first.isBefore(start) ? first : start;
        }
        return start;
    }

    /** The same events, with the identities of a run. */
    public Extent withTag(int tag) {
        return new Extent(streams.stream().map(stream -> stream.withTag(tag)).toList(), from, limits);
    }

    /** The streams as a ledger names them. */
    public List<Ledger.Stream> ledgerStreams() {
        List<Ledger.Stream> named = new ArrayList<>();
        for (int i = 0; i < from.length; i++) {
            CompiledStream stream = streams.get(i);
            named.add(new Ledger.Stream(
                    stream.name(), stream.seed(), stream.fingerprint(), stream.shards(), from[i], limits[i]));
        }
        return named;
    }
}
