package io.dataflux.encode;

import io.dataflux.Event;
import io.dataflux.EventStream;
import io.dataflux.config.Problems;
import io.dataflux.model.StreamDefinition;
import io.dataflux.schedule.Schedule;
import io.dataflux.schedule.Timeline;
import java.time.Instant;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A stream ready to compute: immutable and thread-safe. (Being written: signatures are settled.) */
public final class CompiledStream implements EventStream {

    /** Compiles; mistakes go to {@code problems} under {@code path} and then the answer is null. */
    public static @Nullable CompiledStream compile(
            StreamDefinition definition, long seed, String path, Problems problems) {
        throw new IllegalStateException("being written");
    }

    /** The same stream with the identities of the run with this tag. */
    public CompiledStream withTag(int tag) {
        throw new IllegalStateException("being written");
    }

    public StreamDefinition definition() {
        throw new IllegalStateException("being written");
    }

    public Schedule schedule() {
        throw new IllegalStateException("being written");
    }

    /** Relative to {@code definition().start()}. */
    public Timeline timeline() {
        throw new IllegalStateException("being written");
    }

    /** The size of the largest possible event. */
    public int maxEventBytes() {
        throw new IllegalStateException("being written");
    }

    /** Sets all of {@code state} for an event whose time is not known yet. Allocation free. */
    public void locate(long sequence, EventState state) {
        throw new IllegalStateException("being written");
    }

    /** As {@link #locate(long, EventState)} for callers that already have shard and local index in {@code state.slot} and the scheduled time. */
    public void locate(long sequence, int shard, long local, long epochSecond, int nano, EventState state) {
        throw new IllegalStateException("being written");
    }

    /** Encodes the located event from {@code at}; needs {@link #maxEventBytes} + 64 bytes of room; returns the end. Allocation free. */
    public int encode(EventState state, byte[] target, int at) {
        throw new IllegalStateException("being written");
    }

    /** The key of an entity as UTF-8, null for a stream without keys; a new array. */
    public byte @Nullable [] key(long entity) {
        throw new IllegalStateException("being written");
    }

    /** Writes the key text as UTF-8 and returns the end; for streams with keys. Allocation free. */
    public int encodeKey(long entity, byte[] target, int at) {
        throw new IllegalStateException("being written");
    }

    /** A value of the located event (see Event.field). */
    public @Nullable Object value(EventState state, String path) {
        throw new IllegalStateException("being written");
    }

    @Override
    public String name() {
        throw new IllegalStateException("being written");
    }

    @Override
    public long seed() {
        throw new IllegalStateException("being written");
    }

    @Override
    public long fingerprint() {
        throw new IllegalStateException("being written");
    }

    @Override
    public int shards() {
        throw new IllegalStateException("being written");
    }

    @Override
    public long end() {
        throw new IllegalStateException("being written");
    }

    @Override
    public Event event(long sequence) {
        throw new IllegalStateException("being written");
    }

    @Override
    public Iterable<Event> events(long from, long to) {
        throw new IllegalStateException("being written");
    }

    @Override
    public OptionalLong sequenceOf(Object... identity) {
        throw new IllegalStateException("being written");
    }

    @Override
    public long sequenceOfOccurrence(long entity, long occurrence) {
        throw new IllegalStateException("being written");
    }

    @Override
    public Instant timeOf(long sequence) {
        throw new IllegalStateException("being written");
    }

    @Override
    public long sequenceAt(Instant time) {
        throw new IllegalStateException("being written");
    }
}
