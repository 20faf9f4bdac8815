package io.dataflux.encode;

import io.dataflux.schedule.Mix;
import io.dataflux.spi.RegionRouter.RoutedEvent;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The located event of one stream as a router sees it. Not thread-safe. */
public final class RoutedState implements RoutedEvent {

    private static final int DIGITS = 20;

    private final CompiledStream stream;
    private EventState event = new EventState();
    private final boolean keyless;
    private final byte[] key;

    public RoutedState(CompiledStream stream) {
        this.stream = stream;
        io.dataflux.model.Key keyed = stream.definition().key();
        keyless = keyed == null;
        key = new byte[(keyed == null ? 0 : 3 * keyed.pattern().length() + DIGITS) + CompiledStream.SLACK];
    }

    /** This object, for another event; the state is read when the router asks. */
    public RoutedState of(EventState other) {
        event = other;
        return this;
    }

    @Override
    public String stream() {
        return stream.name();
    }

    @Override
    public long sequence() {
        return event.sequence;
    }

    @Override
    public long entity() {
        return event.slot.entity;
    }

    @Override
    public long keyHash() {
        return keyless ? Mix.mix(event.sequence) : Mix.hash(key, 0, encodeKey());
    }

    @Override
    public String key() {
        return keyless ? "" : new String(key, 0, encodeKey(), StandardCharsets.UTF_8);
    }

    @Override
    public @Nullable Object field(String path) {
        return stream.value(event, path);
    }

    private int encodeKey() {
        return stream.encodeKey(event.slot.entity, key, 0);
    }
}
