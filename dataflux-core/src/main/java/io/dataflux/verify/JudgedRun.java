package io.dataflux.verify;

import io.dataflux.ConfigurationException;
import io.dataflux.EventStream;
import io.dataflux.encode.CompiledStream;
import io.dataflux.encode.SharedIdentity;
import io.dataflux.ledger.Ledger;
import io.dataflux.ledger.Ledger.ShardLedger;
import io.dataflux.ledger.Ledger.SinkLedger;
import io.dataflux.ledger.Ledger.StreamLedger;
import io.dataflux.ledger.Ranges;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is judged: one sink of a run, and the run's streams with the identities that they had in it; checked to belong together.
 * Immutable.
 */
record JudgedRun(Ledger ledger, SinkLedger sink, List<CompiledStream> streams) {

    /**
     * For outputs, which are traced by their identity alone.
     *
     * @throws ConfigurationException if too many events share one
     */
    static JudgedRun of(Ledger ledger, String sink, List<? extends EventStream> streams) {
        JudgedRun judged = ofTarget(ledger, sink, streams);
        for (int i = 0; i < judged.streams.size(); i++) {
            SharedIdentity shared = judged.sharedIdentity(i);
            if (shared != null && shared.forbidsVerdict()) {
                throw judged.refused(i, shared);
            }
        }
        return judged;
    }

    /** For records of a sink's target, which may have headers or tell events apart by all their bytes. */
    static JudgedRun ofTarget(Ledger ledger, String sink, List<? extends EventStream> streams) {
        SinkLedger sinkLedger = ledger.sink(sink);
        if (!ledger.epochs().isEmpty()
                && ledger.streams().size() == ledger.epochs().get(0).streams().size()) {
            throw new ConfigurationException(
                    "run " + HexFormat.of().toHexDigits(ledger.tag()),
                    List.of(
                            new ConfigurationException.Problem(
                                    "streams",
                                    "they were changed while the run went on (" + String.join(", ", ledger.changes())
                                            + "), and one definition cannot judge them; judge such a run by its plan, with verify")));
        }
        if (streams.size() != ledger.streams().size()) {
            int had = ledger.streams().size();
            throw new IllegalArgumentException("the run had " + had + (had == 1 ? " stream " : " streams ")
                    + ledger.streams().stream().map(Ledger.Stream::name).toList() + ", but " + streams.size()
                    + " were given: pass the run's streams in the run's order");
        }
        List<CompiledStream> tagged = new ArrayList<>();
        for (int i = 0; i < streams.size(); i++) {
            Ledger.Stream in = ledger.streams().get(i);
            EventStream stream = streams.get(i);
            if (!stream.name().equals(in.name()) || stream.fingerprint() != in.fingerprint()) {
                throw new IllegalArgumentException("the run's stream " + i + " is '" + in.name() + "' with fingerprint "
                        + hex(in.fingerprint()) + ", not '" + stream.name() + "' with " + hex(stream.fingerprint())
                        + ": definition, seed, start and rate must be those of the run");
            }
            tagged.add(tagged(stream, ledger.tag()));
        }
        return new JudgedRun(ledger, sinkLedger, List.copyOf(tagged));
    }

    /** An identity that several of a stream's events in this run have; null if none was found. */
    @Nullable
    SharedIdentity sharedIdentity(int stream) {
        Ledger.Stream in = ledger.streams().get(stream);
        return streams.get(stream)
                .sharedIdentity(
                        in.from(), Math.min(in.limit(), streams.get(stream).end()));
    }

    ConfigurationException refused(int stream, SharedIdentity shared) {
        return new ConfigurationException(
                "stream '" + streams.get(stream).name() + "'",
                List.of(new ConfigurationException.Problem("identity", shared.words())));
    }

    /** The stream with the identities of a run. */
    static CompiledStream tagged(EventStream stream, int tag) {
        if (!(stream instanceof CompiledStream compiled)) {
            throw new IllegalArgumentException("stream '" + stream.name() + "' is not one of DataFlux's own");
        }
        return compiled.withTag(tag);
    }

    /** What the judged sink's ledger says of each shard of a stream. */
    List<ShardLedger> shards(int stream) {
        return shards(sink, stream);
    }

    /** What was planned to be sent of a stream, and what the judged sink's ledger says of it. */
    ExpectedDeliveries sent(int stream) {
        Ledger.Stream in = ledger.streams().get(stream);
        return new ExpectedDeliveries(streams.get(stream), shards(stream), in.from(), in.limit());
    }

    /** Whether any sink of the run was given an event, by one of its places. */
    boolean issued(int stream, int shard, long place) {
        for (SinkLedger any : ledger.sinks()) {
            ShardLedger ranges = shards(any, stream).get(shard);
            if (ranges.acknowledged().contains(place)
                    || ranges.failed().contains(place)
                    || ranges.unknown().contains(place)) {
                return true;
            }
        }
        return false;
    }

    /** Which of the streams with the same name, which are one whose definition was changed, has an event. */
    int home(int stream, long sequence) {
        String name = streams.get(stream).name();
        int home = stream;
        for (int i = 0; i < streams.size(); i++) {
            Ledger.Stream in = ledger.streams().get(i);
            if (i != stream && in.name().equals(name) && sequence >= in.from() && sequence < in.limit()) {
                home = i;
            }
        }
        Ledger.Stream own = ledger.streams().get(stream);
        return sequence >= own.from() && sequence < own.limit() ? stream : home;
    }

    /** Traces records back to their events. For one thread. */
    Tracer tracer() {
        return changed() ? new Tracer(streams, ledger.tag(), this::home) : new Tracer(streams, ledger.tag());
    }

    /** Whether the definition of a stream was changed while the run went on. */
    boolean changed() {
        return !ledger.epochs().isEmpty();
    }

    /** The sink's events of a stream, as the run counted them. */
    Optional<StreamLedger> counts(int stream) {
        return of(sink, stream);
    }

    /** The sink's acknowledged events, as the run counted them. */
    long acknowledged() {
        return sink.streams().stream().mapToLong(StreamLedger::acknowledged).sum();
    }

    /** An event as a verdict names it: the sequence, with the stream if there are several. */
    String name(int stream, long sequence) {
        return streams.stream().map(CompiledStream::name).distinct().count() == 1
                ? Long.toString(sequence)
                : streams.get(stream).name() + " " + sequence;
    }

    String key(int stream, long entity) {
        byte[] key = streams.get(stream).key(entity);
        return key == null ? "none" : new String(key, StandardCharsets.UTF_8);
    }

    /** {@code stream 'orders'} or {@code streams 'orders' and 'clicks'} or their number. */
    String streamNames() {
        List<String> names = streams.stream()
                .map(stream -> "'" + stream.name() + "'")
                .distinct()
                .toList();
        return switch (names.size()) {
            case 1 -> "stream " + names.get(0);
            case 2 -> "streams " + names.get(0) + " and " + names.get(1);
            default -> names.size() + " streams";
        };
    }

    /**
     * Such as {@code seed 42 from the file, run 5f3a90c1}.
     *
     * @param source of the seed; may be empty
     */
    String origin(String source) {
        List<String> seeds = ledger.streams().stream()
                .map(stream -> Long.toString(stream.seed()))
                .distinct()
                .toList();
        return (seeds.size() == 1 ? "seed " : "seeds ") + String.join(", ", seeds)
                + (source.isEmpty() ? "" : " from " + source) + ", run " + tag();
    }

    String tag() {
        return HexFormat.of().toHexDigits(ledger.tag());
    }

    private List<ShardLedger> shards(SinkLedger of, int stream) {
        int shards = streams.get(stream).shards();
        List<ShardLedger> its = of(of, stream)
                .map(StreamLedger::shards)
                .orElse(Collections.nCopies(shards, new ShardLedger(new Ranges(), new Ranges(), new Ranges())));
        if (its.size() != shards) {
            throw new IllegalArgumentException("the ledger of sink '" + of.name() + "' has " + its.size()
                    + " shards of stream '" + streams.get(stream).name() + "', which has " + shards);
        }
        return its;
    }

    /** What a sink's ledger says of a stream: in the order of the run; where it lacks some streams, by name. */
    private Optional<StreamLedger> of(SinkLedger of, int stream) {
        String name = streams.get(stream).name();
        if (of.streams().size() == streams.size()
                && of.streams().get(stream).name().equals(name)) {
            return Optional.of(of.streams().get(stream));
        }
        return of.streams().stream().filter(in -> in.name().equals(name)).findFirst();
    }

    private static String hex(long fingerprint) {
        return HexFormat.of().toHexDigits(fingerprint);
    }
}
