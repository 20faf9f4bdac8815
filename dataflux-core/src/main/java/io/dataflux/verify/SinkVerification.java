package io.dataflux.verify;

import io.dataflux.EventStream;
import io.dataflux.encode.CompiledStream;
import io.dataflux.encode.EventState;
import io.dataflux.schedule.Schedule;
import io.dataflux.spi.SinkReader;
import io.dataflux.verify.Sources.Source;
import io.dataflux.verify.StreamState.Standing;
import io.dataflux.verify.Tracer.Found;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Judges what a sink's target stores: every acknowledged event once, with its exact bytes, in order per key within a source.
 * It shares nothing with the run: it gets the ledger, the streams' definitions and the routing, takes the records one by one,
 * and computes again what each should have been. Used by one thread. A record costs about what computing its event costs; the
 * state is a bit per event at worst, and next to nothing for what arrived completely.
 *
 * <pre>{@code
 * Verdict verdict = SinkVerification.of(ledger, "broker", plan.streams(), routing)
 *         .reportTo(Path.of("dataflux-out/verdict"))
 *         .verify(reader);
 * System.err.println(verdict);
 * }</pre>
 */
public final class SinkVerification implements SinkReader.Visitor {

    private static final int MOST_READINGS = 100;
    private static final Difference OTHER_HEADER = new Difference("header", "the header names another event or run");

    private final Judged judged;
    private final List<CompiledStream> streams;
    private final Tracer tracer;
    private final StreamState[] states;
    private final Map<Finding, Tally> tallies = new EnumMap<>(Finding.class);
    private final Sources sources;
    private final Map<List<Long>, Sight> repeated = new HashMap<>(); // order never seen
    private final EventState state = new EventState();
    private final byte[] expected;
    private long records;
    private long copies;
    private String ended = "";
    private String replayOptions = "";
    private @Nullable Path folder;

    private SinkVerification(Judged judged, Routing routing) {
        this.judged = judged;
        this.streams = judged.streams();
        tracer = new Tracer(streams, judged.ledger().tag());
        states = new StreamState[streams.size()];
        sources = new Sources(streams.stream().mapToInt(CompiledStream::shards).toArray());
        int largest = 0;
        for (int i = 0; i < states.length; i++) {
            int stream = i;
            states[i] = new StreamState(streams.get(i), judged.shards(i), sequence -> routing.goesTo(stream, sequence));
            largest = Math.max(largest, streams.get(i).maxEventBytes());
        }
        expected = new byte[largest + CompiledStream.SLACK];
    }

    /**
     * Prepares to judge one sink of a run.
     *
     * @param streams the run's streams, in its order, under any tag
     * @param routing which events the sink was to get
     * @throws IllegalArgumentException if the streams are not those of the ledger, or the run has no such sink
     */
    public static SinkVerification of(
            Ledger ledger, String sink, List<? extends EventStream> streams, Routing routing) {
        return new SinkVerification(Judged.of(ledger, sink, streams), routing);
    }

    /** Also writes {@code verdict.json} and {@code events.jsonl} into this folder with each verdict. */
    public SinkVerification reportTo(Path folder) {
        this.folder = folder;
        return this;
    }

    /** What the line to replay needs besides stream, seed and range, such as {@code --config demo.yaml}. */
    public SinkVerification replayWith(String options) {
        replayOptions = options;
        return this;
    }

    /** Reads all there is, until another reading brings nothing new, and judges it. The caller closes the reader. */
    public Verdict verify(SinkReader reader) throws Exception {
        int readings = 1;
        while (reader.read(this) > 0 && readings < MOST_READINGS) {
            readings++;
        }
        ended = readings < MOST_READINGS
                ? "at the end of the log; reading on brought nothing new"
                : "after " + MOST_READINGS + " readings, each of which brought more";
        return verdict();
    }

    @Override
    public void record(
            String source, long offset, byte @Nullable [] key, byte @Nullable [] value, byte @Nullable [] header) {
        records++;
        Source from = sources.of(source);
        Found named = tracer.header(header);
        int stream = tracer.stream;
        long sequence = tracer.sequence;
        if (named == Found.EVENT) {
            int length = encode(stream, sequence);
            if (same(value, length)) {
                event(from, offset, stream, sequence, value, keyDifference(stream, key));
                return;
            }
        }
        Found inBody = tracer.body(value);
        if (inBody == Found.EVENT) {
            // the body's own identity goes before the header, unless the rest of the body speaks for the header
            int length = chooseTwin(value);
            boolean same = same(value, length);
            if (same || named != Found.EVENT) {
                Difference difference = !same
                        ? Difference.between(expected, length, value)
                        : named == Found.NOTHING ? keyDifference(tracer.stream, key) : OTHER_HEADER;
                event(from, offset, tracer.stream, tracer.sequence, value, difference);
                return;
            }
        }
        if (named == Found.EVENT) {
            int length = encode(stream, sequence);
            event(from, offset, stream, sequence, value, Difference.between(expected, length, value));
        } else {
            stranger(from, offset, value, header);
        }
    }

    /**
     * Of the events with the traced identity, nearly always one, takes the one that the record is: with its bytes and not seen
     * yet, else with its bytes, else not seen yet. Computes it and returns its length.
     */
    private int chooseTwin(byte @Nullable [] value) {
        int stream = tracer.stream;
        long first = tracer.sequence;
        long sameBytes = -1;
        long unseen = -1;
        do {
            int length = encode(stream, tracer.sequence);
            boolean same = same(value, length);
            boolean fresh = !states[stream].hasSeen(state.slot);
            if (same && fresh) {
                return length;
            }
            sameBytes = same && sameBytes < 0 ? tracer.sequence : sameBytes;
            unseen = fresh && unseen < 0 ? tracer.sequence : unseen;
        } while (tracer.nextTwin());
        tracer.sequence = sameBytes >= 0 ? sameBytes : unseen >= 0 ? unseen : first;
        return encode(stream, tracer.sequence);
    }

    /** The verdict on what has been recorded so far. Costs time with what is missing; may be asked for again after more records. */
    public Verdict verdict() {
        Tally lost = new Tally(streams);
        for (int i = 0; i < states.length; i++) {
            int stream = i;
            states[i].missing(sequence -> lost(lost, stream, sequence));
        }
        tallies.put(Finding.LOST, lost);
        lost.sequences().forEach((stream, sequences) -> {
            for (long sequence : sequences.lowest(Tally.EXAMPLES - lost.sights().size())) {
                lost.sight(stream, sequence, home(stream, sequence), -1, "", null);
            }
        });
        Verdict verdict =
                new Summary(judged, tallies, states, sources, records, copies, replayOptions, ended).verdict();
        return folder == null ? verdict : VerdictFiles.write(verdict, judged, folder);
    }

    private void lost(Tally lost, int stream, long sequence) {
        String home = home(stream, sequence);
        lost.event(stream, sequence, state.slot.shard, state.slot.entity, home, null);
    }

    /** Locates an event and names the source that its key's other events came in; null if none did. */
    private @Nullable String home(int stream, long sequence) {
        streams.get(stream).schedule().locate(sequence, state.slot);
        int home = states[stream].keyed ? states[stream].home(state.slot.entity) : -1;
        return home < 0 ? null : sources.name(home);
    }

    private void event(
            Source source,
            long offset,
            int stream,
            long sequence,
            byte @Nullable [] value,
            @Nullable Difference difference) {
        StreamState in = states[stream];
        Schedule.Slot at = state.slot;
        Standing standing = in.standing(at);
        if (!in.meant(sequence)) {
            boolean issued = judged.issued(stream, at.shard, at.local);
            note(issued ? Finding.MISROUTED : Finding.PHANTOM, source, offset, stream, sequence, "", null, value);
            return;
        }
        if (standing == Standing.NOT_ISSUED) {
            note(Finding.PHANTOM, source, offset, stream, sequence, "", null, value);
            return;
        }
        if (in.arrived(at)) {
            first(source, offset, stream, sequence, standing, value);
        } else {
            copy(source, offset, stream, sequence, value);
        }
        if (difference != null) {
            note(Finding.CORRUPTED, source, offset, stream, sequence, difference.text(), difference.where(), value);
        }
    }

    private void first(
            Source source, long offset, int stream, long sequence, Standing standing, byte @Nullable [] value) {
        StreamState in = states[stream];
        in.count(standing);
        if (standing == Standing.FAILED) {
            note(Finding.RESURRECTED, source, offset, stream, sequence, "", null, value);
        }
        Schedule.Slot at = state.slot;
        Trail trail = source.trail(stream, at.shard);
        if (in.keyed && at.local < trail.highest()) {
            long later = in.overtakenBy(at, trail);
            if (later >= 0) {
                String what = "came after " + later + " of the same key (" + judged.key(stream, at.entity) + ")";
                note(Finding.REORDERED, source, offset, stream, sequence, what, null, value);
            }
        }
        trail.add(at.local);
        in.livesIn(at.entity, source.number);
    }

    private void copy(Source source, long offset, int stream, long sequence, byte @Nullable [] value) {
        List<Long> name = List.of((long) stream, sequence);
        copies++;
        if (states[stream].repeated(state.slot)) {
            Sight sight = note(Finding.DUPLICATE, source, offset, stream, sequence, "", null, value);
            if (sight != null) {
                repeated.put(name, sight);
            }
        }
        Sight sight = repeated.get(name);
        if (sight != null) {
            sight.times++;
        }
    }

    private @Nullable Sight note(
            Finding finding,
            Source source,
            long offset,
            int stream,
            long sequence,
            String what,
            @Nullable String difference,
            byte @Nullable [] value) {
        Tally tally = tally(finding);
        tally.event(stream, sequence, state.slot.shard, state.slot.entity, source.name, difference);
        return tally.wantsSight() ? tally.sight(stream, sequence, source.name, offset, what, value) : null;
    }

    private void stranger(Source source, long offset, byte @Nullable [] value, byte @Nullable [] header) {
        Tally tally = tally(Finding.FOREIGN);
        tally.stranger(source.name);
        if (tally.wantsSight()) {
            String what = tracer.stranger(value, header);
            tally.sight(Sight.NO_STREAM, -1, source.name, offset, what, value);
        }
    }

    private @Nullable Difference keyDifference(int stream, byte @Nullable [] key) {
        if (key == null) {
            return null; // a target that keeps no keys
        }
        byte[] own = streams.get(stream).key(state.slot.entity);
        if (Arrays.equals(own, key)) {
            return null;
        }
        String was = new String(key, StandardCharsets.UTF_8);
        return new Difference(
                "key",
                "key expected " + (own == null ? "none" : new String(own, StandardCharsets.UTF_8)) + " but was " + was);
    }

    private Tally tally(Finding finding) {
        return tallies.computeIfAbsent(finding, f -> new Tally(streams));
    }

    /** Computes an event; its coordinates then stand in {@link #state} and its bytes in {@link #expected}. */
    private int encode(int stream, long sequence) {
        CompiledStream from = streams.get(stream);
        from.locate(sequence, state);
        return from.encode(state, expected, 0);
    }

    private boolean same(byte @Nullable [] value, int length) {
        return value != null && Arrays.equals(value, 0, value.length, expected, 0, length);
    }
}
