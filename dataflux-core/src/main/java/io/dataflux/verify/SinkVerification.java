package io.dataflux.verify;

import io.dataflux.ConfigurationException;
import io.dataflux.EventStream;
import io.dataflux.encode.CompiledStream;
import io.dataflux.encode.EventState;
import io.dataflux.encode.SharedIdentity;
import io.dataflux.ledger.Ledger;
import io.dataflux.ledger.Routing;
import io.dataflux.model.Corruption;
import io.dataflux.schedule.Schedule;
import io.dataflux.spi.Removal;
import io.dataflux.spi.SinkReader;
import io.dataflux.verify.ExpectedDeliveries.Standing;
import io.dataflux.verify.Sources.Source;
import io.dataflux.verify.Tracer.Found;
import io.dataflux.verify.Verdict.Aspect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Judges what a sink's target stores: every acknowledged event once, with its exact bytes, in order per key within a source. Where a stream
 * has planned faults, what was sent is expected: a repeated event twice, a dropped one never, a broken one with its broken bytes, and the
 * planned order. It shares nothing with the run: it recomputes what each record should have been from the ledger, the streams' definitions
 * and the routing. Used by one thread, which may have help, see {@link #threads}. A record costs about what computing its event costs; the state is a bit per event at worst, and next
 * to nothing for what arrived completely.
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
    private static final int MOST_THREADS = 4;
    private static final Difference OTHER_HEADER = new Difference("header", "the header names another event or run");

    private final JudgedRun judged;
    private final List<CompiledStream> streams;
    private final RecordReading records;
    private final Tracer tracer;
    private final Observed observed;
    private final EventState state = new EventState();
    private final byte[] expected;
    private final boolean[] identityChecked;
    private int threads = Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors());
    private long keys;
    private long headers;
    private String ended = "";
    private BiFunction<String, Long, String> replayOptions = (stream, sequence) -> "";
    private @Nullable Path folder;
    private @Nullable Witness witness;

    /** Hears what each record is. */
    interface Witness {
        /**
         * An event of the run, at {@code at} in its stream.
         *
         * @param difference from the event as it was sent; null if there is none
         * @param disorder how it came too late for its key; null if it did not
         */
        void event(
                int stream,
                long sequence,
                Schedule.Slot at,
                Arrival arrival,
                @Nullable Difference difference,
                @Nullable String disorder);

        /** A record that is no event of the run. */
        void stranger(Arrival arrival);
    }

    /** A record as the reader handed it over. */
    record Arrival(
            String source, long offset, byte @Nullable [] key, byte @Nullable [] value, byte @Nullable [] header) {}

    private SinkVerification(JudgedRun judged, Routing routing) {
        this.judged = judged;
        this.streams = judged.streams();
        records = new RecordReading(() -> new ExactEvents(judged), this::judge);
        tracer = judged.tracer();
        observed = new Observed(judged, routing, true);
        observed.awaitCopies();
        int largest =
                streams.stream().mapToInt(CompiledStream::maxEventBytes).max().orElse(0);
        expected = new byte[largest + CompiledStream.SLACK];
        identityChecked = new boolean[streams.size()];
    }

    /**
     * Prepares to judge one sink of a run.
     *
     * @param streams the run's streams, in its order, under any tag
     * @param routing which events were meant for the sink
     * @throws IllegalArgumentException if the streams are not those of the ledger, or the run has no such sink
     */
    public static SinkVerification of(
            Ledger ledger, String sink, List<? extends EventStream> streams, Routing routing) {
        return new SinkVerification(JudgedRun.ofTarget(ledger, sink, streams), routing);
    }

    /** Also writes {@code verdict.json} and {@code events.jsonl} into this folder with each verdict. */
    public SinkVerification reportTo(Path folder) {
        this.folder = folder;
        return this;
    }

    /**
     * For a target that only promises at least once across restarts: what the run sent again, according to its ledger, may be there more
     * than once. It is counted by {@link Verdict#repeated} and is not a finding.
     */
    public SinkVerification mayRepeatWhatWasSentAgain() {
        observed.mayRepeatWhatWasSentAgain();
        return this;
    }

    /** For a target that does not promise order per key: events of one key may have come in any order. */
    public SinkVerification acceptAnyOrder() {
        observed.acceptAnyOrder();
        return this;
    }

    /**
     * For a target that may remove any record of a key that has a later one, such as a compacted topic: the last record of each key is
     * expected, in the order of sending, and each other one may be missing. The verdict says how many are.
     */
    public SinkVerification keepsLastPerKey() {
        observed.removals.keepsLastPerKey();
        return this;
    }

    /**
     * For a target that has removed records by its own rules, as its reader says. What it may have removed and is not there is not judged,
     * and the verdict says how much that is.
     */
    public SinkVerification mayLack(Removal removal) {
        if (!removal.lastPerKey().isEmpty() && judged.changed()) {
            throw new ConfigurationException(
                    "sink '" + judged.sink().name() + "'",
                    List.of(new ConfigurationException.Problem(
                            "",
                            "its target may keep only the last record of each key, and the run's streams were changed while"
                                    + " it went on: which records may be missing then is not judged; use a target that keeps"
                                    + " every record, such as a topic with cleanup.policy=delete")));
        }
        observed.removals.keepsLastPerKey(removal.lastPerKey());
        observed.removals.goneFromStart(removal.fromStart());
        return this;
    }

    /**
     * How many threads compute what the records should be; by default as many as there are processors, up to 4. The verdict is the same for
     * every number. Records are read and counted by the caller's thread, which is one of them.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public SinkVerification threads(int number) {
        if (number < 1) {
            throw new IllegalArgumentException("threads " + number + ": at least one is needed");
        }
        threads = number;
        return this;
    }

    /** What the replay line needs besides stream, seed and range, such as {@code --config demo.yaml}. */
    public SinkVerification replayWith(String options) {
        return replayWith((stream, sequence) -> options);
    }

    /** The same where it depends on the event, because the definition of its stream was changed. */
    public SinkVerification replayWith(BiFunction<String, Long, String> optionsOfStreamAndSequence) {
        replayOptions = optionsOfStreamAndSequence;
        return this;
    }

    /**
     * Reads everything, until another reading brings nothing new, and judges it; what the reader says of removed records counts as {@link
     * #mayLack}. The caller closes the reader.
     */
    public Verdict verify(SinkReader reader) throws Exception {
        readAll(reader);
        return verdict();
    }

    /** Tells of each record what it is. */
    SinkVerification witnessedBy(Witness each) {
        witness = each;
        return this;
    }

    /** What has been observed so far. */
    Observed observed() {
        records.judgeAll();
        return observed;
    }

    /** Reads until another reading brings nothing new. */
    void readAll(SinkReader reader) throws Exception {
        mayLack(reader.removal());
        boolean more = true;
        for (int reading = 0; reading < MOST_READINGS && more; reading++) {
            more = records.read(reader, threads) > 0;
        }
        ended = more
                ? "after " + MOST_READINGS + " readings, each of which brought more"
                : "at the end of the log; reading on brought nothing new";
    }

    @Override
    public void record(
            String source, long offset, byte @Nullable [] key, byte @Nullable [] value, byte @Nullable [] header) {
        records.record(source, offset, key, value, header);
    }

    private void judge(RecordBatch batch) {
        for (int i = 0; i < batch.size(); i++) {
            byte[] key = batch.key[i];
            byte[] value = batch.value[i];
            byte[] header = batch.header[i];
            if (batch.stream[i] == RecordBatch.UNKNOWN) {
                lookCloser(batch.source[i], batch.offset[i], key, value, header);
            } else {
                Source from = arrival(batch.source[i], key, header);
                event(from, batch.offset[i], batch.stream[i], batch.sequence[i], batch.at[i], key, value, null);
            }
        }
    }

    private Source arrival(String source, byte @Nullable [] key, byte @Nullable [] header) {
        keys += key == null ? 0 : 1;
        headers += header == null ? 0 : 1;
        return observed.record(source);
    }

    /** Judges a record without {@link ExactEvents}: which event it may be, and what is wrong with it, if anything is. */
    void lookCloser(
            String source, long offset, byte @Nullable [] key, byte @Nullable [] value, byte @Nullable [] header) {
        Source from = arrival(source, key, header);
        Found named = tracer.header(header);
        int stream = tracer.stream;
        long sequence = tracer.sequence;
        if (named == Found.EVENT) {
            int length = encode(stream, sequence);
            if (same(value, length)) {
                event(from, offset, stream, sequence, state.slot, key, value, keyDifference(stream, key));
                return;
            }
        }
        Found inBody = tracer.body(value);
        if (inBody == Found.EVENT) {
            if (named != Found.EVENT) {
                checkIdentity(tracer.stream);
            }
            // the body's own identity takes precedence over the header, unless the rest of the body agrees with the
            // header
            int length = chooseTwin(value);
            boolean same = same(value, length);
            if (same || named != Found.EVENT) {
                Difference difference = !same
                        ? difference(tracer.stream, length, value)
                        : named == Found.NOTHING ? keyDifference(tracer.stream, key) : OTHER_HEADER;
                event(from, offset, tracer.stream, tracer.sequence, state.slot, key, value, difference);
                return;
            }
        }
        if (named == Found.EVENT) {
            int length = encode(stream, sequence);
            event(from, offset, stream, sequence, state.slot, key, value, difference(stream, length, value));
        } else {
            observed.stranger(from, offset, () -> tracer.stranger(value, header), value);
            if (witness != null) {
                witness.stranger(new Arrival(source, offset, key, value, header));
            }
        }
    }

    /**
     * Refuses to judge a stream of which only the identity says which event a record is, if many events share one and have the same bytes.
     */
    private void checkIdentity(int stream) {
        if (!identityChecked[stream]) {
            identityChecked[stream] = true;
            SharedIdentity shared = judged.sharedIdentity(stream);
            if (shared != null && shared.forbidsVerdict() && shared.alike()) {
                throw judged.refused(stream, shared);
            }
        }
    }

    /**
     * Of the events with the traced identity, nearly always one, takes the one that the record is: with its bytes and not seen
     * yet, else with its bytes, else not seen yet and expected here. Computes it and returns its length.
     */
    private int chooseTwin(byte @Nullable [] value) {
        int stream = tracer.stream;
        long first = tracer.sequence;
        long sameBytes = -1;
        long unseen = -1;
        do {
            int length = encode(stream, tracer.sequence);
            boolean same = same(value, length);
            StreamState in = observed.states[stream];
            boolean fresh = !in.hasSeen(state.slot) && in.standing(state.slot) != Standing.NOT_ISSUED;
            if (same && fresh) {
                return length;
            }
            sameBytes = same && sameBytes < 0 ? tracer.sequence : sameBytes;
            unseen = fresh && unseen < 0 && in.meant(tracer.sequence) ? tracer.sequence : unseen;
        } while (tracer.nextTwin());
        tracer.sequence = sameBytes >= 0 ? sameBytes : unseen >= 0 ? unseen : first;
        return encode(stream, tracer.sequence);
    }

    /** The verdict on what has been recorded so far. Takes longer the more is missing; can be asked for again after more records. */
    public Verdict verdict() {
        Verdict verdict = observed().verdict(Finding.LOST, Wording.ofSink(judged, replayOptions, ended, aspects()));
        return folder == null ? verdict : VerdictFiles.write(verdict, judged, folder);
    }

    /** The line that computes an event again. */
    String replay(int stream, long sequence) {
        return Wording.ofSink(judged, replayOptions, "", List.of()).replay().line(streams.get(stream), sequence, 1);
    }

    private List<Aspect> aspects() {
        List<Aspect> aspects = new ArrayList<>();
        aspects.add(new Aspect("values", true, "every byte of every record"));
        aspects.add(
                keys > 0
                        ? new Aspect("record keys", true, Wording.count(keys) + " records have one")
                        : new Aspect("record keys", false, "the target keeps none"));
        aspects.add(
                headers > 0
                        ? new Aspect("identifying headers", true, Wording.count(headers) + " records have one")
                        : new Aspect(
                                "identifying headers",
                                false,
                                "the target keeps none; events are known by their identity"));
        aspects.add(new Aspect("timestamps, partitions, other headers", false, "a reader does not hand them over"));
        aspects.add(
                new Aspect("deletions", true, "a record without a value is corrupted or foreign: no stream sends one"));
        return aspects;
    }

    private void event(
            Source source,
            long offset,
            int stream,
            long sequence,
            Schedule.Slot at,
            byte @Nullable [] key,
            byte @Nullable [] value,
            @Nullable Difference difference) {
        observed.removals.saw(source, stream, at);
        observed.event(source, offset, stream, sequence, at, false, difference, value);
        if (witness != null) {
            Arrival arrival = new Arrival(source.name, offset, key, value, null);
            witness.event(stream, sequence, at, arrival, difference, observed.disorder());
        }
    }

    private @Nullable Difference keyDifference(int stream, byte @Nullable [] key) {
        if (key == null) {
            return null; // a target that keeps no keys
        }
        boolean without = observed.states[stream].corruption(state.slot) == Corruption.NULL_KEY;
        byte[] own = without ? null : streams.get(stream).key(state.slot.entity);
        if (Arrays.equals(own, key)) {
            return null;
        }
        String was = new String(key, StandardCharsets.UTF_8);
        return new Difference(
                "key",
                "key expected " + (own == null ? "none" : new String(own, StandardCharsets.UTF_8)) + " but was " + was);
    }

    /** Computes an event as it was sent; its coordinates then stand in {@link #state} and its bytes in {@link #expected}. */
    private int encode(int stream, long sequence) {
        streams.get(stream).locate(sequence, state);
        return observed.states[stream].sent.encode(state, expected);
    }

    private Difference difference(int stream, int length, byte @Nullable [] value) {
        if (observed.states[stream].corruption(state.slot) == null) {
            return Difference.between(expected, length, value);
        }
        byte[] whole = new byte[expected.length];
        int end = streams.get(stream).encode(state, whole, 0);
        return Difference.fromBroken(expected, length, value, Arrays.copyOf(whole, end));
    }

    private boolean same(byte @Nullable [] value, int length) {
        return value != null && Arrays.equals(value, 0, value.length, expected, 0, length);
    }
}
