package io.dataflux.encode;

import io.dataflux.schedule.Mix;
import io.dataflux.spi.RegionRouter.RoutedEvent;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A located event of one stream as a router sees it. Not thread-safe. */
final class RoutedState implements RoutedEvent {

    private static final int DIGITS = 20;

    private final CompiledStream stream;
    private final EventState event;
    private final boolean keyless;
    private final byte[] key;

    RoutedState(CompiledStream stream, EventState event) {
        this.stream = stream;
        this.event = event;
        io.dataflux.model.Key keyed = stream.definition().key();
        keyless = keyed == null;
        key = new byte[(keyed == null ? 0 : 3 * keyed.pattern().length() + DIGITS) + CompiledStream.SLACK];
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
