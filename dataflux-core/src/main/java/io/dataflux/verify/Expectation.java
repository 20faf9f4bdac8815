package io.dataflux.verify;

import io.dataflux.Event;
import io.dataflux.EventStream;
import io.dataflux.encode.CompiledStream;
import io.dataflux.encode.EventState;
import io.dataflux.schedule.Schedule;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a system should make of each event: a function, called again whenever needed. It should make the same of an event that was
 * sent twice as of one that was sent once, and nothing of a broken one.
 *
 * @param decode what the test sees of an event
 * @param outputs what should be made of that; null for just that
 */
record Expectation<T>(
        Function<? super Event, ? extends T> decode,
        @Nullable Function<? super T, ? extends Stream<?>> outputs) {

    /**
     * What is expected of the acknowledged events.
     *
     * @param events how many have an output
     * @param outputs how many outputs these have
     * @param broken how many were sent broken, and have none
     */
    record Count(long events, long outputs, long broken) {}

    /** Whether each event should come out as it was sent. */
    boolean unchanged() {
        return outputs == null;
    }

    /** What the test sees of an event. */
    T input(Event event) {
        return decode.apply(event);
    }

    /** The outputs of an event; none if it was sent broken, or not at all. */
    List<?> of(StreamState in, Schedule.Slot at, long sequence) {
        return in.copies(at) == 0 || in.corruption(at) != null ? List.of() : of(in.stream, sequence);
    }

    /** The first of what is expected, and of what it may be compared with instead. */
    List<?> first(JudgedRun judged, int most) {
        CompiledStream stream = judged.streams().get(0);
        StreamState state = new StreamState(judged.sent(0), sequence -> true);
        Schedule.Slot slot = new Schedule.Slot();
        List<Object> first = new ArrayList<>();
        state.missing(
                sequence -> { // nothing was seen yet, so it is all that was acknowledged
                    stream.schedule().locate(sequence, slot);
                    first.addAll(of(state, slot, sequence));
                    if (outputs == null) {
                        first.add(stream.event(sequence));
                    }
                    return first.size() < most;
                });
        return first;
    }

    private List<?> of(EventStream stream, long sequence) {
        Event event = stream.event(sequence);
        T input = decode.apply(event);
        if (outputs == null) {
            return List.of(input);
        }
        @Nullable List<?> made;
        try {
            Stream<?> given = outputs.apply(input);
            made = given == null ? null : given.toList(); // a stream computes its elements only now
        } catch (RuntimeException e) {
            throw new IllegalStateException("expecting(...) failed for event " + sequence + ", " + event + ": " + e, e);
        }
        if (made == null) {
            throw new IllegalStateException("expecting(...) gave null for event " + sequence + ", " + event
                    + ": return Stream.empty() for no output");
        }
        return made;
    }

    /** The outputs of an event as text; of an event that was sent broken what was sent. */
    String text(JudgedRun judged, long sequence) {
        CompiledStream stream = judged.streams().get(0);
        StreamState state = new StreamState(judged.sent(0), n -> true);
        EventState event = new EventState();
        stream.locate(sequence, event);
        if (state.corruption(event.slot) != null) {
            byte[] bytes = new byte[stream.maxEventBytes() + CompiledStream.SLACK];
            return new String(bytes, 0, state.sent.encode(event, bytes), StandardCharsets.UTF_8);
        }
        return of(state, event.slot, sequence).stream().map(String::valueOf).collect(Collectors.joining("\n"));
    }

    Count count(JudgedRun judged) {
        CompiledStream stream = judged.streams().get(0);
        if (outputs == null && stream.definition().faults() == null) {
            return new Count(judged.acknowledged(), judged.acknowledged(), 0);
        }
        StreamState state = new StreamState(judged.sent(0), sequence -> true);
        Schedule.Slot slot = new Schedule.Slot();
        long[] counts = new long[3];
        state.missing(
                sequence -> { // nothing was seen yet, so it is all that was acknowledged
                    stream.schedule().locate(sequence, slot);
                    int outputs = outputs(state, slot, sequence);
                    counts[0] += outputs > 0 ? 1 : 0;
                    counts[1] += outputs;
                    counts[2] += state.corruption(slot) == null ? 0 : 1;
                    return true;
                });
        return new Count(counts[0], counts[1], counts[2]);
    }

    private int outputs(StreamState in, Schedule.Slot at, long sequence) {
        return outputs != null ? of(in, at, sequence).size() : in.corruption(at) == null ? 1 : 0;
    }
}
