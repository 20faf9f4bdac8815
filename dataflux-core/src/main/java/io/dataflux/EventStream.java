package io.dataflux;

import io.dataflux.model.StreamDefinition;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;

/**
 * A stream of events as a function: event {@code n} is computed from the seed, the definition and {@code n} alone. Immutable and
 * thread-safe; any event, in any order, at a cost that does not depend on {@code n}.
 *
 * <pre>{@code
 * EventStream clicks = DataFlux.stream("clickstream", 42);
 * String json = clicks.event(123_456_789_012L).toString();
 * }</pre>
 */
public interface EventStream {

    String name();

    long seed();

    /** A hash of what fixes the stream's values: seed, resolved definition, algorithm version. */
    long fingerprint();

    /** The number of shards; a key lives in one shard. */
    int shards();

    /** The stream's end: sequences are in {@code [0, end())}. */
    long end();

    /**
     * The same stream with the identities of a run; all else stays as it is. Costs as much as making the stream.
     *
     * @param tag of the run, see {@link Run#tag}; 0 is the tag of events that were never sent
     */
    EventStream withTag(int tag);

    /**
     * A stream with the same seed and a changed definition, such as {@code with(d -> d.rate(200, 1))}. Nearly every change makes
     * other events of it, with identities of their own. Its tag is 0.
     *
     * @throws ConfigurationException with everything that does not fit together
     */
    EventStream with(UnaryOperator<StreamDefinition.Builder> change);

    /** @throws IllegalArgumentException if the sequence is not in {@code [0, end())} */
    Event event(long sequence);

    /** The events of {@code [from, to)} in order; computed while it is walked, as often as wanted. */
    Iterable<Event> events(long from, long to);

    /**
     * The sequence of the event with this identity; empty if no event of this stream (and run tag) has it. Arithmetic, not search.
     *
     * @param identity the values of the identity fields in their order, as {@link Event#identity} gives them or as text; times also
     *     as {@link Instant}, {@code OffsetDateTime}, {@code ZonedDateTime} or a JDBC {@code Timestamp}
     */
    OptionalLong sequenceOf(Object... identity);

    /** The event that is the {@code occurrence}-th (from 0) of an entity. */
    long sequenceOfOccurrence(long entity, long occurrence);

    /** The scheduled time of an event. */
    Instant timeOf(long sequence);

    /** The number of events scheduled before {@code time}, which is the sequence of the first event at or after it. */
    long sequenceAt(Instant time);

    /**
     * What is wrong on purpose with the events of {@code [from, to)}, by sequence; see {@link io.dataflux.model.Faults}. {@link #event}
     * gives events as they are before they are dropped, repeated, moved or broken; that they are late is in them. Costs time with the
     * faults that there are, not with the events, unless faults are everywhere.
     *
     * @throws IllegalArgumentException if the range is not within {@code [0, end()]}
     */
    default List<PlannedFault> faults(long from, long to) {
        return List.of();
    }

    /**
     * The rows of the table that this stream changes, after the changes of {@code [0, asOf)}, in the order of their entities. Computed
     * while they are walked, row by row, without the changes before; costs the same for any {@code asOf}.
     *
     * <pre>{@code
     * for (TableRow row : DataFlux.stream("cdc", 42).table(1_000_000)) {
     *     expected.put(row.key(), row.column("tier"));
     * }
     * }</pre>
     *
     * @throws IllegalStateException if the stream's events are not changes of a table
     * @throws IllegalArgumentException if {@code asOf} is not in {@code [0, end()]}
     */
    default Iterable<TableRow> table(long asOf) {
        throw new IllegalStateException("stream '" + name() + "' changes no table");
    }

    /** The table after the changes that are scheduled before {@code asOf}, see {@link #table(long)}. */
    default Iterable<TableRow> table(Instant asOf) {
        return table(sequenceAt(asOf));
    }

    /** The row of one entity as of a sequence, see {@link #table(long)}; empty if there is none at that time. */
    default Optional<TableRow> row(long entity, long asOf) {
        throw new IllegalStateException("stream '" + name() + "' changes no table");
    }
}
