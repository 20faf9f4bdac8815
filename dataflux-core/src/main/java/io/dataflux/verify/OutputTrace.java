package io.dataflux.verify;

import io.dataflux.encode.CompiledStream;
import io.dataflux.verify.Arrivals.Stored;
import io.dataflux.verify.Tracer.Found;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds out which event an output belongs to: by what the test says, by the fields of the output, or, where neither can be read, by what
 * its bytes contain. The answer is in {@link #tracer}. Not thread-safe.
 */
final class OutputTrace<R> {

    final Tracer tracer;
    private final CompiledStream stream;
    private final @Nullable Function<? super R, ?> tracedBy;
    private @Nullable ChangedIdentity changed;

    OutputTrace(JudgedRun judged, @Nullable Function<? super R, ?> tracedBy) {
        stream = judged.streams().get(0);
        tracer = new Tracer(judged.streams(), judged.ledger().tag());
        this.tracedBy = tracedBy;
    }

    /** How an output was found to belong to an event, or why it was not. */
    sealed interface Traced {}

    /** By its identity. */
    record ByIdentity() implements Traced {}

    /** By the bytes, because the identity could not be read. */
    record ByBytes(String why) implements Traced {}

    /** Not at all, and what to say about it. */
    record Not(String why) implements Traced {}

    /** A record whose identity names no event of this run. */
    record Stranger() implements Traced {}

    private static final Traced BY_IDENTITY = new ByIdentity();
    private static final Traced STRANGER = new Stranger();

    /** Whether the identity is read from the fields of a record, and not by a function of the test. */
    boolean byFields() {
        return tracedBy == null;
    }

    /**
     * Looks for the event of a record.
     *
     * @param stored the record as it was stored, as far as that is known
     */
    Traced of(@Nullable R record, Stored stored) {
        if (record == null) {
            return new Not("null");
        }
        Object[] values;
        byte[] bytes = stored.value() == null ? Comparison.text(record) : stored.value();
        if (tracedBy == null) {
            NamedValues members = Comparison.membersOf(record);
            List<String> fields = stream.definition().identity();
            if (members == null || !fields.stream().allMatch(members::hasAt)) {
                String none =
                        "it has no " + String.join(", ", fields) + ", which identifies an event; use tracedBy(...)";
                return members == null ? bytes(stored, bytes, "is not readable as JSON", none) : new Not(none);
            }
            values = fields.stream().map(members::at).toArray();
        } else {
            Object identity;
            try {
                identity = Comparison.opened(tracedBy.apply(record));
            } catch (RuntimeException e) {
                return bytes(stored, bytes, "has no identity", "tracedBy(...) failed: " + e);
            }
            values = identity instanceof List<?> list
                    ? list.toArray()
                    : identity instanceof Object[] array ? array : new Object[] {identity};
        }
        values = Stream.of(values).map(Comparison::opened).toArray();
        String unnamed = unnamed(values);
        if (unnamed != null) {
            return bytes(stored, bytes, "is not whole: its " + unnamed, "its " + unnamed);
        }
        return tracer.identity(values) == Found.EVENT ? BY_IDENTITY : STRANGER;
    }

    /** What is missing of an identity; null if nothing is. */
    private @Nullable String unnamed(@Nullable Object[] values) {
        List<String> fields = stream.definition().identity();
        if (values.length != fields.size()) {
            throw new IllegalArgumentException(
                    "tracedBy(...) gave " + values.length + " values, but an event of stream '"
                            + stream.name() + "' is identified by " + fields
                            + (fields.size() == 1 ? ": return its value" : ": return List.of(...) of their values"));
        }
        for (int i = 0; i < values.length; i++) {
            if (values[i] == null) {
                return fields.get(i) + ", which identifies an event, is null";
            }
        }
        return null;
    }

    /**
     * Looks for the event of a record of which only the bytes can be read, and perhaps the header.
     *
     * @param why it cannot be read, to say of an event that is found
     * @param otherwise what to say of the record if none is
     */
    Traced bytes(Stored stored, byte @Nullable [] bytes, String why, String otherwise) {
        boolean found = tracer.scan(bytes) == Found.EVENT || tracer.header(stored.header()) == Found.EVENT;
        return found ? new ByBytes(why) : new Not(otherwise);
    }

    /** What a record is whose identity, which was looked for last, names no event of the run. */
    String stranger() {
        String identity = tracer.identityText();
        ChangedIdentity search = changed;
        if (search == null) {
            search = new ChangedIdentity(stream);
            changed = search;
        }
        String would = search.words(tracer.lookedFor());
        return identity + " " + (would == null ? "belongs to another run or stream" : would);
    }
}
