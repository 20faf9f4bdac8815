package io.dataflux.encode;

import io.dataflux.Event;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An event that holds only its number and computes the rest when asked. */
record ComputedEvent(CompiledStream stream, long sequence) implements Event {

    private EventState located() {
        EventState state = new EventState();
        stream.locate(sequence, state);
        return state;
    }

    @Override
    public List<Object> identity() {
        EventState state = located();
        List<Object> values = new ArrayList<>();
        for (String path : stream.definition().identity()) {
            Object value = stream.value(state, path);
            if (value == null) {
                throw new IllegalStateException(
                        "event " + sequence + " of '" + stream.name() + "' has no '" + path + "', which identifies it");
            }
            values.add(value);
        }
        return values;
    }

    @Override
    public @Nullable String key() {
        byte[] key = stream.key(entity());
        return key == null ? null : new String(key, StandardCharsets.UTF_8);
    }

    @Override
    public long entity() {
        return located().slot.entity;
    }

    @Override
    public long occurrence() {
        return located().slot.occurrence;
    }

    @Override
    public Instant time() {
        EventState state = located();
        return Instant.ofEpochSecond(state.epochSecond, state.nano);
    }

    @Override
    public @Nullable Object field(String path) {
        return stream.value(located(), path);
    }

    @Override
    public byte[] bytes() {
        byte[] b = new byte[stream.maxEventBytes() + CompiledStream.SLACK];
        return Arrays.copyOf(b, stream.encode(located(), b, 0));
    }

    @Override
    public String toString() {
        return new String(bytes(), StandardCharsets.UTF_8);
    }
}
