package io.dataflux.verify;

import io.dataflux.encode.CompiledStream;
import io.dataflux.encode.EventState;
import io.dataflux.verify.ExpectedDeliveries.Standing;
import io.dataflux.verify.Sources.Source;
import io.dataflux.verify.Tracer.Found;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a system set aside because it could not process it, to be compared with the events that were sent broken. Keeps every dead
 * letter, of which there are few in a system that works. Not thread-safe.
 */
final class DeadLetters implements Arrivals.Visitor<byte[]> {

    private record Letter(String source, long offset, byte @Nullable [] bytes) {}

    private final Arrivals<byte[]> queue;
    private final CompiledStream stream;
    private final ExpectedDeliveries sent;
    private final Tracer tracer;
    private final EventState state = new EventState();
    private final byte[] expected;
    private List<Letter> letters = new ArrayList<>();
    private final Set<Long> broken = new HashSet<>(); // order never seen

    DeadLetters(Arrivals<byte[]> queue, JudgedRun judged) {
        this.queue = queue;
        stream = judged.streams().get(0);
        sent = judged.sent(0);
        tracer = new Tracer(judged.streams(), judged.ledger().tag());
        expected = new byte[stream.maxEventBytes() + CompiledStream.SLACK];
    }

    /** Reads what is there. */
    void read(Gate gate) throws Exception {
        if (!queue.isLog()) {
            letters = new ArrayList<>();
            broken.clear();
        }
        queue.read(gate.before(this));
    }

    /** How many dead letters there are. */
    int count() {
        return letters.size();
    }

    /** How many acknowledged events that were sent broken are among them. */
    int arrived() {
        return broken.size();
    }

    @Override
    public void record(String source, long offset, byte @Nullable [] record) {
        letters.add(new Letter("dead letters " + source, offset, record));
        if (traced(record)
                && sent.corruption(state.slot.shard, state.slot.local) != null
                && sent.standing(state.slot.shard, state.slot.local) == Standing.ACKNOWLEDGED) {
            broken.add(tracer.sequence);
        }
    }

    /** Sets {@link #tracer} and {@link #state} to the event that a dead letter is. */
    private boolean traced(byte @Nullable [] record) {
        if (tracer.body(record) != Found.EVENT) {
            return false;
        }
        stream.locate(tracer.sequence, state);
        return true;
    }

    /** Whether that many acknowledged events that were sent broken are among the dead letters. */
    boolean hasSeen(long events) {
        return broken.size() >= events;
    }

    /** Adds what was found to what has been observed of the outputs. */
    void judge(Observed observed) {
        for (Letter letter : letters) {
            judge(letter, observed.record(letter.source), observed);
        }
    }

    private void judge(Letter letter, Source source, Observed observed) {
        byte[] bytes = letter.bytes;
        if (!traced(bytes)) {
            observed.stranger(source, letter.offset, () -> tracer.stranger(bytes, null), bytes);
            return;
        }
        boolean never = sent.standing(state.slot.shard, state.slot.local) == Standing.NOT_ISSUED;
        if (never || sent.corruption(state.slot.shard, state.slot.local) == null) {
            observed.note(
                    never ? Finding.PHANTOM : Finding.MISROUTED,
                    source,
                    letter.offset,
                    0,
                    tracer.sequence,
                    state.slot,
                    never ? "" : "is a dead letter, but was sent intact",
                    null,
                    bytes);
            return;
        }
        int length = sent.encode(state, expected);
        observed.deadLetter(source, letter.offset, 0, tracer.sequence, state.slot, difference(bytes, length), bytes);
    }

    private @Nullable Difference difference(byte @Nullable [] bytes, int length) {
        if (bytes != null && Arrays.equals(bytes, 0, bytes.length, expected, 0, length)) {
            return null;
        }
        byte[] whole = new byte[expected.length];
        int end = stream.encode(state, whole, 0);
        return Difference.fromBroken(expected, length, bytes, Arrays.copyOf(whole, end));
    }
}
