package io.dataflux.verify;

import io.dataflux.Event;
import io.dataflux.encode.CompiledStream;
import io.dataflux.schedule.Schedule;
import io.dataflux.verify.Arrivals.JsonDecode;
import io.dataflux.verify.Arrivals.Stored;
import io.dataflux.verify.ExpectedDeliveries.Standing;
import io.dataflux.verify.OutputTrace.ByBytes;
import io.dataflux.verify.OutputTrace.Not;
import io.dataflux.verify.OutputTrace.Stranger;
import io.dataflux.verify.OutputTrace.Traced;
import io.dataflux.verify.Sources.Source;
import io.dataflux.verify.Tracer.Found;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Judges the output of a system, record by record: which event each belongs to, and whether it is what should have been made of that
 * event. Not thread-safe.
 */
final class OutputJudge<T, R> implements Arrivals.Visitor<R> {

    private static final String NO_OUTPUT = "should have had no output";
    private static final Stored UNKEYED = new Stored(false, null, null, null);

    private final CompiledStream stream;
    private final Expectation<T> expectation;
    private final Comparison comparison;
    private final OutputTrace<R> trace;
    private final OutputKeys<T> keys;
    private final DeletionTrace<T> deletions;
    private final Observed observed;
    private final StreamState state;
    private final OutputsSeen several;
    private final ExactEvents exact;
    private final RecordBatch single = new RecordBatch();
    private final Schedule.Slot slot = new Schedule.Slot();
    /** Of which event {@link #slot} is. */
    private long located = -1;

    private @Nullable List<?> answer;
    private long answered = -1;
    private final Schedule.Slot asked = new Schedule.Slot();
    private final boolean deadLetters;
    /** How many outputs arrived that an event was still to have, those of acknowledged events, and acknowledged events with all of theirs. */
    private long outputs;

    private long expectedOutputs;
    private long arrived;

    /** A deletion that is of an event whose predecessors are lost, or a copy, or was not asked for: what its key has next will tell. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Held(Source from, long offset, byte[] key, long sequence, long instead) {}

    private final Map<Long, Held> held = new LinkedHashMap<>();

    /** What a record is to one event. */
    private record Match(
            long sequence,
            int outputs,
            int exact,
            boolean fits,
            @Nullable Difference difference) {

        int rank() {
            return (exact >= 0 ? 2 : 0) + (fits ? 1 : 0);
        }
    }

    /** @param deadLetters whether events that were sent broken should be among the dead letters */
    OutputJudge(
            JudgedRun judged,
            Expectation<T> expectation,
            Comparison comparison,
            @Nullable Function<? super R, ?> tracedBy,
            OutputKeys<T> keys,
            boolean log,
            boolean deadLetters) {
        this.stream = judged.streams().get(0);
        this.expectation = expectation;
        this.comparison = comparison;
        this.keys = keys;
        this.deadLetters = deadLetters;
        trace = new OutputTrace<>(judged, tracedBy);
        exact = new ExactEvents(judged);
        observed = new Observed(judged, (index, n) -> meant(n), log);
        state = observed.states[0];
        several = new OutputsSeen(stream.shards());
        deletions = new DeletionTrace<>(judged, expectation, state, several, trace.tracer);
    }

    /** Whether an event has an output or, if dead letters are judged, should be among them. */
    private boolean meant(long sequence) {
        if (expectation.unchanged() && stream.definition().faults() == null) {
            return true;
        }
        if (located == sequence) {
            asked.set(slot);
        } else {
            stream.schedule().locate(sequence, asked);
        }
        if (state.corruption(asked) != null) {
            return deadLetters;
        }
        return expectation.unchanged()
                || !(located == sequence ? outputs(sequence) : expectation.of(state, asked, sequence)).isEmpty();
    }

    Observed observed() {
        return observed;
    }

    /** Whether that many events arrived with all their outputs. */
    boolean hasSeen(long events) {
        return arrived >= events;
    }

    /** How many expected outputs have arrived. */
    long expectedOutputs() {
        return expectedOutputs;
    }

    /** A number that changes when anything arrives that has to do with the run, or when what a snapshot shows of it changes. */
    long ours() {
        return outputs + observed.ours();
    }

    @Override
    public void record(String source, long offset, @Nullable R record) {
        if (record instanceof Deletion deletion) {
            deletion(source, offset, deletion.key().getBytes(StandardCharsets.UTF_8));
        } else {
            judge(source, offset, record, UNKEYED, null);
        }
    }

    @Override
    public void keyed(String source, long offset, @Nullable Object key, @Nullable R record) {
        byte[] bytes = OutputKeys.bytes(key);
        if (record == null && bytes != null) {
            deletion(source, offset, bytes);
        } else {
            judge(source, offset, record, new Stored(true, bytes, Comparison.text(record), null), null);
        }
    }

    @Override
    public void stored(String source, long offset, Stored stored, Function<byte[], ? extends R> decode) {
        byte[] value = stored.value();
        if (value == null) {
            if (stored.key() != null) {
                deletion(source, offset, stored.key());
            } else {
                unreadable(source, offset, stored, "has no value");
            }
            return;
        }
        R record;
        try {
            record = decode instanceof JsonDecode<? extends R> json ? json.decode(value, stream) : decode.apply(value);
        } catch (RuntimeException e) {
            unreadable(source, offset, stored, "cannot be decoded: " + e.getMessage());
            return;
        }
        judge(source, offset, record, stored, decode instanceof JsonDecode ? value : null);
    }

    @Override
    public void unreadable(String source, long offset, byte @Nullable [] value, String why) {
        unreadable(source, offset, new Stored(false, null, value, null), why);
    }

    private void unreadable(String source, long offset, Stored stored, String why) {
        Source from = observed.record(source);
        if (trace.bytes(stored, stored.value(), why, "it " + why) instanceof Not not) {
            observed.stranger(from, offset, not::why, stored.value());
        } else {
            arrived(from, offset, altered(stored.value(), why), stored, stored.value());
        }
    }

    /** @param json the record as JSON, if it is compared as that */
    private void judge(String source, long offset, @Nullable R record, Stored stored, byte @Nullable [] json) {
        Source from = observed.record(source);
        Object shown = json == null ? record : json;
        byte[] bytes = json == null ? Comparison.text(record) : json;
        if (bytes != null && isEvent(bytes)) {
            arrived(from, offset, new Match(trace.tracer.sequence, 1, 0, true, null), stored, shown);
            return;
        }
        Traced traced = trace.of(record, stored);
        if (traced instanceof Not not) {
            observed.stranger(from, offset, not::why, shown);
        } else if (traced instanceof Stranger) {
            observed.stranger(from, offset, trace::stranger, shown);
        } else if (traced instanceof ByBytes only) {
            arrived(from, offset, altered(text(shown), only.why()), stored, shown);
        } else {
            arrived(from, offset, nearest(record, json), stored, shown);
        }
    }

    /**
     * Whether a record is, byte for byte, an event that should come unchanged and has not come yet. Then nothing else can be the matter with
     * it, and it need not be read as JSON, which takes many times longer.
     */
    private boolean isEvent(byte[] bytes) {
        if (!expectation.unchanged() || !trace.byFields()) {
            return false;
        }
        single.clear();
        single.add("", 0, null, bytes, null);
        exact.recognise(single);
        boolean recognised = single.stream[0] != RecordBatch.UNKNOWN;
        if (recognised) {
            trace.tracer.sequence = single.sequence[0];
            slot.set(single.at[0]);
            located = single.sequence[0];
        } else if (trace.tracer.body(bytes) == Found.EVENT) {
            locate(trace.tracer.sequence);
        } else {
            return false;
        }
        return state.corruption(slot) == null
                && !state.hasSeen(slot)
                && (recognised
                        || Arrays.equals(
                                bytes, stream.event(trace.tracer.sequence).bytes()));
    }

    /** Makes {@link #slot} that of an event. */
    private void locate(long sequence) {
        if (located != sequence) {
            stream.schedule().locate(sequence, slot);
            located = sequence;
        }
    }

    /** The outputs of the event that is located, remembered because a record asks for them more than once. */
    private List<?> outputs(long sequence) {
        List<?> known = answer;
        if (known == null || answered != sequence) {
            known = expectation.of(state, slot, sequence);
            answer = known;
            answered = sequence;
        }
        return known;
    }

    /** Of the events with the traced identity, nearly always one, that whose output the record is. */
    private Match nearest(@Nullable R record, byte @Nullable [] json) {
        Match best = null;
        do {
            Match match = match(trace.tracer.sequence, record, json);
            best = best == null || match.rank() > best.rank() ? match : best;
        } while (best.rank() < 3 && trace.tracer.nextTwin());
        return best;
    }

    /** An output of the traced event that cannot be compared field by field. */
    private Match altered(byte @Nullable [] value, String why) {
        long sequence = trace.tracer.sequence;
        locate(sequence);
        int outputs = outputs(sequence).size();
        Difference difference = new Difference("form", why);
        if (expectation.unchanged() && value != null) {
            byte[] whole = stream.event(sequence).bytes();
            difference = Arrays.equals(whole, value) ? difference : Difference.between(whole, whole.length, value);
        }
        return new Match(sequence, outputs, -1, fits(outputs), difference);
    }

    /** Whether the located event, which has that many outputs, was sent and is still to have one more. */
    private boolean fits(int outputs) {
        return state.standing(slot) != Standing.NOT_ISSUED
                && (outputs == 1 ? !state.hasSeen(slot) : several.hasRoom(slot, outputs));
    }

    private void deletion(String source, long offset, byte[] key) {
        Source from = observed.record(source);
        long sequence = deletions.find(key);
        if (sequence < 0) {
            unasked(from, offset, key);
            return;
        }
        if (deletions.skips) {
            locate(sequence);
            long entity = slot.entity;
            long instead = deletions.instead;
            decide(entity, -1);
            held.put(entity, new Held(from, offset, key, sequence, instead));
        } else {
            deleted(from, offset, key, sequence);
        }
    }

    private void deleted(Source from, long offset, byte[] key, long sequence) {
        int output = deletions.deletion(sequence, key);
        locate(sequence);
        int outputs = outputs(sequence).size();
        boolean fits = outputs == 1 ? !state.hasSeen(slot) : !several.hasSeen(slot, output);
        arrived(from, offset, new Match(sequence, outputs, output, fits, null), UNKEYED, null);
    }

    private void unasked(Source from, long offset, byte[] key) {
        boolean known = deletions.isKey(key);
        String what = "deletes " + OutputKeys.shown(key)
                + (known ? ", which no event asks for" : ", which is no key of stream '" + stream.name() + "'");
        observed.stranger(known ? Finding.PHANTOM : Finding.FOREIGN, from, offset, () -> what, null);
    }

    /** Decides about a deletion that came too early for the next event of its key that asks for one, now that another event came. */
    private void decide(long entity, long arrived) {
        Held early = held.remove(entity);
        if (early != null && arrived < early.sequence && early.instead >= 0) {
            deleted(early.from, early.offset, early.key, early.instead);
        } else if (early != null && arrived < early.sequence) {
            unasked(early.from, early.offset, early.key);
        } else if (early != null) {
            deleted(early.from, early.offset, early.key, early.sequence);
        }
    }

    /** Decides about all that was not decided until something else would come. */
    void finish() {
        for (long entity : List.copyOf(held.keySet())) {
            decide(entity, Long.MAX_VALUE);
        }
    }

    /** Compares a record with what an event should have become; the event is then in {@link #slot}. */
    private Match match(long sequence, @Nullable R record, byte @Nullable [] json) {
        locate(sequence);
        List<?> outputs = outputs(sequence);
        Difference nearest = null;
        int fewest = Integer.MAX_VALUE;
        int seen = -1;
        for (int i = 0; i < outputs.size(); i++) {
            List<Difference> differences = differences(sequence, outputs.get(i), record, json);
            boolean arrived = outputs.size() == 1 ? state.hasSeen(slot) : several.hasSeen(slot, i);
            if (differences.isEmpty()) {
                if (!arrived) {
                    return new Match(sequence, outputs.size(), i, fits(outputs.size()), null);
                }
                seen = i;
            } else if (!arrived && differences.size() < fewest || nearest == null) {
                fewest = arrived ? Integer.MAX_VALUE : differences.size();
                nearest = differences.get(0);
            }
        }
        if (seen >= 0) {
            return new Match(sequence, outputs.size(), seen, false, null);
        }
        return new Match(sequence, outputs.size(), -1, fits(outputs.size()), nearest);
    }

    private List<Difference> differences(
            long sequence, @Nullable Object expected, @Nullable R record, byte @Nullable [] json) {
        return expected instanceof Deletion deletion
                ? List.of(new Difference("form", "should have been the deletion of key " + deletion.key()))
                : expectation.unchanged()
                        ? comparison.unchanged(
                                expected instanceof Event event ? event : stream.event(sequence),
                                expected,
                                record,
                                json)
                        : comparison.differences(expected, record);
    }

    private void arrived(Source from, long offset, Match match, Stored stored, @Nullable Object shown) {
        locate(match.sequence);
        if (!held.isEmpty() && held.containsKey(slot.entity)) {
            decide(slot.entity, match.sequence);
            locate(match.sequence);
        }
        if (match.outputs == 0 && state.standing(slot) != Standing.NOT_ISSUED) {
            observed.note(Finding.PHANTOM, from, offset, 0, match.sequence, slot, NO_OUTPUT, null, shown);
            return;
        }
        boolean further = false;
        if (match.outputs > 1) {
            state.expectsSeveral();
            further = match.fits;
        }
        Difference difference = match.difference != null || !stored.keyed() || match.outputs == 0
                ? match.difference
                : keys.difference(stream.event(match.sequence), stored.key());
        observed.event(from, offset, 0, match.sequence, slot, further, difference, shown);
        if (state.hasSeen(slot) && match.fits) {
            filled(match);
        }
    }

    /** Notes that one of the outputs of an event has arrived. */
    private void filled(Match match) {
        boolean whole = true;
        if (match.outputs > 1) {
            if (match.exact >= 0) {
                several.exact(slot, match.exact);
            } else {
                several.altered(slot);
            }
            whole = !several.hasRoom(slot, match.outputs);
        }
        if (whole) {
            state.whole(slot);
        }
        outputs++;
        if (state.standing(slot) == Standing.ACKNOWLEDGED) {
            expectedOutputs++;
            arrived += whole ? 1 : 0;
        }
    }

    /** A record as a finding shows it. */
    static byte @Nullable [] text(@Nullable Object record) {
        return record == null
                ? null
                : record instanceof byte[] bytes ? bytes : record.toString().getBytes(StandardCharsets.UTF_8);
    }
}
