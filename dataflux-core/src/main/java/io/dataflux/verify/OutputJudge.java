package io.dataflux.verify;

import io.dataflux.encode.CompiledStream;
import io.dataflux.schedule.Schedule;
import io.dataflux.verify.ExpectedDeliveries.Standing;
import io.dataflux.verify.Sources.Source;
import io.dataflux.verify.Tracer.Found;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Judges the output of a system, record by record: which event each belongs to, and whether it is what should have been made of that
 * event. Not thread-safe.
 */
final class OutputJudge<T, R> implements Arrivals.Visitor<R> {

    private static final String NO_OUTPUT = "should have had no output";

    private final CompiledStream stream;
    private final Expectation<T> expectation;
    private final Comparison comparison;
    private final @Nullable Function<? super R, ?> tracedBy;
    private final Tracer tracer;
    private final Observed observed;
    private final StreamState state;
    private final OutputsSeen several;
    private final Schedule.Slot slot = new Schedule.Slot();
    private final Schedule.Slot asked = new Schedule.Slot();
    private final boolean deadLetters;
    /** Acknowledged events of which some outputs arrived, but not all. */
    private long incomplete;

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
            boolean log,
            boolean deadLetters) {
        this.stream = judged.streams().get(0);
        this.expectation = expectation;
        this.comparison = comparison;
        this.tracedBy = tracedBy;
        this.deadLetters = deadLetters;
        tracer = new Tracer(judged.streams(), judged.ledger().tag());
        observed = new Observed(judged, (index, n) -> meant(n), log);
        state = observed.states[0];
        several = new OutputsSeen(stream.shards());
    }

    /** Whether an event has an output or, if dead letters are judged, should be among them. */
    private boolean meant(long sequence) {
        stream.schedule().locate(sequence, asked);
        return state.corruption(asked) != null
                ? deadLetters
                : expectation.outputs() == null
                        || !expectation.of(state, asked, sequence).isEmpty();
    }

    Observed observed() {
        return observed;
    }

    /** Whether that many events arrived with all their outputs. */
    boolean hasSeen(long events) {
        return arrived() >= events;
    }

    /** How many expected events have arrived with all their outputs. */
    long arrived() {
        return observed.seen(Standing.ACKNOWLEDGED) - incomplete;
    }

    /** A number that changes when anything arrives that has to do with the run, or when what a snapshot shows of it changes. */
    long ours() {
        return arrived() + incomplete + observed.ours();
    }

    @Override
    public void record(String source, long offset, @Nullable R record) {
        Source from = observed.record(source);
        String stranger = trace(record);
        if (stranger != null) {
            observed.stranger(from, offset, () -> stranger, text(record));
            return;
        }
        Match best = null;
        do {
            Match match = match(tracer.sequence, record);
            best = best == null || match.rank() > best.rank() ? match : best;
        } while (best.rank() < 3 && tracer.nextTwin());
        arrived(from, offset, best, record);
    }

    /** What cannot be read can be an event that was sent broken and passed on. */
    @Override
    public void unreadable(String source, long offset, byte @Nullable [] value, String why) {
        Source from = observed.record(source);
        if (tracer.body(value) == Found.EVENT) {
            stream.schedule().locate(tracer.sequence, slot);
            if (state.corruption(slot) != null && state.standing(slot) != Standing.NOT_ISSUED) {
                observed.note(Finding.PHANTOM, from, offset, 0, tracer.sequence, slot, NO_OUTPUT, null, value);
                return;
            }
        }
        observed.stranger(from, offset, () -> "it " + why, value);
    }

    /** Lets {@link #tracer} find the event of a record; says why there is none, or null. */
    private @Nullable String trace(@Nullable R record) {
        if (record == null) {
            return "null";
        }
        Object[] values;
        if (tracedBy == null) {
            NamedValues members = Comparison.membersOf(record);
            List<String> fields = stream.definition().identity();
            if (members == null || !fields.stream().allMatch(members::has)) {
                return "it has no " + String.join(", ", fields) + ", which identifies an event; use tracedBy(...)";
            }
            values = fields.stream().map(members::value).toArray();
        } else {
            Object identity;
            try {
                identity = tracedBy.apply(record);
            } catch (RuntimeException e) {
                return "tracedBy(...) failed: " + e;
            }
            values = identity instanceof List<?> list
                    ? list.toArray()
                    : identity instanceof Object[] array ? array : new Object[] {identity};
        }
        return find(values);
    }

    private @Nullable String find(Object[] values) {
        List<String> fields = stream.definition().identity();
        if (values.length != fields.size()) {
            throw new IllegalArgumentException(
                    "tracedBy(...) gave " + values.length + " values, but an event of stream '"
                            + stream.name() + "' is identified by " + fields
                            + (fields.size() == 1 ? ": return its value" : ": return List.of(...) of their values"));
        }
        for (int i = 0; i < values.length; i++) {
            if (values[i] == null) {
                return "its " + fields.get(i) + ", which identifies an event, is null";
            }
        }
        return tracer.identity(values) == Found.EVENT
                ? null
                : tracer.identityText() + " belongs to another run or stream";
    }

    /** Compares a record with what an event should have become; the event is then in {@link #slot}. */
    private Match match(long sequence, @Nullable R record) {
        stream.schedule().locate(sequence, slot);
        List<?> outputs = expectation.of(state, slot, sequence);
        Difference nearest = null;
        int fewest = Integer.MAX_VALUE;
        int seen = -1;
        for (int i = 0; i < outputs.size(); i++) {
            List<Difference> differences = comparison.differences(outputs.get(i), record);
            boolean arrived = outputs.size() == 1 ? state.hasSeen(slot) : several.hasSeen(slot, i);
            if (differences.isEmpty()) {
                if (!arrived) {
                    boolean fits = outputs.size() == 1 || several.hasRoom(slot, outputs.size());
                    return new Match(sequence, outputs.size(), i, fits, null);
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
        boolean fits = outputs.size() == 1 ? !state.hasSeen(slot) : several.hasRoom(slot, outputs.size());
        return new Match(sequence, outputs.size(), -1, fits, nearest);
    }

    private void arrived(Source from, long offset, Match match, @Nullable R record) {
        stream.schedule().locate(match.sequence, slot);
        byte[] text = text(record);
        if (match.outputs == 0 && state.standing(slot) != Standing.NOT_ISSUED) {
            observed.note(Finding.PHANTOM, from, offset, 0, match.sequence, slot, NO_OUTPUT, null, text);
            return;
        }
        boolean further = false;
        if (match.outputs > 1) {
            state.expectsSeveral();
            further = match.fits;
        }
        boolean first = !state.hasSeen(slot);
        observed.event(from, offset, 0, match.sequence, slot, further, match.difference, text);
        if (state.hasSeen(slot) && match.fits) {
            filled(match, first);
        }
    }

    /** Notes that one of the outputs of an event has arrived. */
    private void filled(Match match, boolean first) {
        boolean acknowledged = state.standing(slot) == Standing.ACKNOWLEDGED;
        boolean complete = true;
        if (match.outputs > 1) {
            if (match.exact >= 0) {
                several.exact(slot, match.exact);
            } else {
                several.altered(slot);
            }
            complete = !several.hasRoom(slot, match.outputs);
        }
        if (complete) {
            state.whole(slot);
        }
        if (acknowledged && first != complete) {
            incomplete += first ? 1 : -1;
        }
    }

    static byte @Nullable [] text(@Nullable Object record) {
        return record == null
                ? null
                : record instanceof byte[] bytes ? bytes : record.toString().getBytes(StandardCharsets.UTF_8);
    }
}
