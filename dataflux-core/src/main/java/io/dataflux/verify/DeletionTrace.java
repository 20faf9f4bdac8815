package io.dataflux.verify;

import io.dataflux.encode.CompiledStream;
import io.dataflux.ledger.Ledger;
import io.dataflux.schedule.Schedule;
import io.dataflux.verify.ExpectedDeliveries.Standing;
import io.dataflux.verify.Tracer.Found;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds out which event asked for a deletion, of which there is only the key: the event that the key identifies, or of the events with
 * this key the one that comes next. What comes next is judged by what has been seen of the key; events that are lost may stand in
 * between. Costs as much as computing some ten events. Not thread-safe.
 */
final class DeletionTrace<T> {

    static final long NONE = -1;
    /** How many events of a key may be missing in a row until it is taken for as far as its events have come. */
    private static final int GAP = 64;

    private final CompiledStream stream;
    private final Expectation<T> expectation;
    private final StreamState state;
    private final OutputsSeen several;
    private final Tracer tracer;
    private final Schedule.Slot slot = new Schedule.Slot();
    private final long from;
    private final long to;
    /** Whether the event that was found last comes after others of its key that should have come before it, and have not. */
    boolean skips;

    /** If it does: the event that asked for a deletion that came before, of which this may be a copy; else {@link #NONE}. */
    long instead;

    /** How far the events of a key had come when it was last deleted. */
    private final Map<Long, Long> reached = new HashMap<>(); // order never seen

    DeletionTrace(JudgedRun judged, Expectation<T> expectation, StreamState state, OutputsSeen several, Tracer tracer) {
        stream = state.stream;
        this.expectation = expectation;
        this.state = state;
        this.several = several;
        this.tracer = tracer;
        Ledger.Stream issued = judged.ledger().streams().get(0);
        from = issued.from();
        to = issued.limit();
    }

    /** Whether the key is one of the stream's keys, or identifies an event. */
    boolean isKey(byte[] key) {
        return entity(key) >= 0 || identifies(key);
    }

    /** The event that asked for the deletion of a key, or {@link #NONE}. */
    long find(byte[] key) {
        skips = false;
        if (expectation.unchanged()) {
            return NONE;
        }
        if (identifies(key) && deletion(tracer.sequence, key) >= 0) {
            return tracer.sequence;
        }
        long entity = entity(key);
        return entity < 0 ? NONE : next(entity, key);
    }

    /** Which output of an event the deletion of a key is; -1 if it is none. */
    int deletion(long sequence, byte[] key) {
        return deletion(outputs(sequence), key);
    }

    private static int deletion(List<?> outputs, byte[] key) {
        for (int i = 0; i < outputs.size(); i++) {
            if (outputs.get(i) instanceof Deletion deletion
                    && Arrays.equals(deletion.key().getBytes(StandardCharsets.UTF_8), key)) {
                return i;
            }
        }
        return -1;
    }

    private boolean identifies(byte[] key) {
        return stream.definition().identity().size() == 1
                && tracer.identity(new String(key, StandardCharsets.UTF_8)) == Found.EVENT;
    }

    /** The entity of a key, or -1. */
    private long entity(byte[] key) {
        if (stream.definition().key() == null) {
            return -1;
        }
        String pattern = stream.definition().key().pattern();
        int gap = pattern.indexOf("{}");
        String text = new String(key, StandardCharsets.UTF_8);
        int end = text.length() - (pattern.length() - gap - 2);
        try {
            long entity = gap >= end ? -1 : Long.parseLong(text, gap, end, 10);
            return entity >= 0 && entity < stream.schedule().entities() && Arrays.equals(stream.key(entity), key)
                    ? entity
                    : -1;
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private long next(long entity, byte[] key) {
        Schedule schedule = stream.schedule();
        long first = schedule.count(entity, from);
        long end = schedule.count(entity, to);
        long last = latest(entity, first, end);
        if (last >= first && open(entity, last, key)) {
            return schedule.sequenceOfOccurrence(entity, last);
        }
        long open = NONE;
        boolean followsAtOnce = true;
        for (long at = last + 1; at < Math.min(end, last + 1 + GAP) && open == NONE; at++) {
            long sequence = schedule.sequenceOfOccurrence(entity, at);
            if (open(entity, at, key)) {
                open = sequence;
            } else {
                followsAtOnce &= outputs(sequence).isEmpty() || state.standing(slot) != Standing.ACKNOWLEDGED;
            }
        }
        long again = last >= first && deletion(schedule.sequenceOfOccurrence(entity, last), key) >= 0
                ? schedule.sequenceOfOccurrence(entity, last)
                : NONE;
        if (open != NONE) {
            skips = !followsAtOnce;
            instead = again;
            return open;
        }
        for (long at = last; again == NONE && at >= Math.max(first, last - GAP); at--) {
            long sequence = schedule.sequenceOfOccurrence(entity, at);
            if (open(entity, at, key)) {
                return sequence;
            }
            again = again == NONE && deletion(sequence, key) >= 0 ? sequence : again;
        }
        return again;
    }

    /** How far the events of an entity have come: the highest occurrence that was seen, or the one before the first. */
    private long latest(long entity, long first, long end) {
        long latest = reached.getOrDefault(entity, first - 1);
        for (long at = latest + 1; at < end && at <= latest + GAP; at++) {
            stream.schedule().locate(stream.schedule().sequenceOfOccurrence(entity, at), slot);
            latest = state.hasSeen(slot) ? at : latest;
        }
        reached.put(entity, latest);
        return latest;
    }

    /** Whether an event has an output that is the deletion of the key, and has not arrived. */
    private boolean open(long entity, long occurrence, byte[] key) {
        List<?> outputs = outputs(stream.schedule().sequenceOfOccurrence(entity, occurrence));
        int output = deletion(outputs, key);
        return output >= 0 && (outputs.size() == 1 ? !state.hasSeen(slot) : !several.hasSeen(slot, output));
    }

    private List<?> outputs(long sequence) {
        stream.schedule().locate(sequence, slot);
        return expectation.of(state, slot, sequence);
    }
}
