package io.dataflux;

import io.dataflux.model.StreamDefinition;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;

/**
 * A stream of events as a function: event {@code n} is computed from the seed, the definition and {@code n} alone. Immutable and
 * thread-safe. Events can be computed in any order, at a cost that does not depend on {@code n}.
 *
 * <pre>{@code
 * EventStream clicks = DataFlux.stream("clickstream", 42);
 * String json = clicks.event(123_456_789_012L).toString();
 * }</pre>
 */
public interface EventStream {

    String name();

    long seed();

    /** A hash of everything that determines the stream's values: seed, resolved definition, algorithm version. */
    long fingerprint();

    /** The number of shards; a key lives in one shard. */
    int shards();

    /** The stream's end: sequences are in {@code [0, end())}. */
    long end();

    /**
     * The same stream with the identities of a run; everything else stays the same. Costs as much as making the stream.
     *
     * @param tag the run's tag, see {@link Run#tag}; 0 is the tag of events that were never sent
     */
    EventStream withTag(int tag);

    /** As {@link #withTag(int)}, with the tag as text as runs, reports and commands have it, such as {@code 5f3a90c1}. */
    default EventStream withTag(String tag) {
        return withTag(TagText.read(tag));
    }

    /**
     * A stream with the same seed and a changed definition, such as {@code with(d -> d.rate(200, 1))}. Nearly every change gives different
     * events, with different identities. The tag is 0.
     *
     * @throws ConfigurationException with every problem that was found
     */
    EventStream with(UnaryOperator<StreamDefinition.Builder> change);

    /** @throws IllegalArgumentException if the sequence is not in {@code [0, end())} */
    Event event(long sequence);

    /** The events of {@code [from, to)} in order. They are computed during iteration; iterating again computes them again. */
    Iterable<Event> events(long from, long to);

    /**
     * The sequence of the event with this identity; empty if no event of this stream (and run tag) has it. Computed by arithmetic, not by
     * search.
     *
     * @param identity the values of the identity fields in their order, as {@link Event#identity} gives them or as text; times may also be
     *     given as {@link Instant}, {@code OffsetDateTime}, {@code ZonedDateTime} or a JDBC {@code Timestamp}
     */
    OptionalLong sequenceOf(Object... identity);

    /** The sequence of event number {@code occurrence} (from 0) of an entity. */
    long sequenceOfOccurrence(long entity, long occurrence);

    /** The scheduled time of an event. */
    Instant timeOf(long sequence);

    /** The number of events scheduled before {@code time}, which is the sequence of the first event at or after it. */
    long sequenceAt(Instant time);

    /**
     * The planned faults of the events of {@code [from, to)}, in order of sequence; see {@link io.dataflux.model.Faults}. {@link #event}
     * returns events as they are before they are dropped, repeated, moved or broken, but already late. The cost grows with the number of
     * faults, not with the number of events.
     *
     * @throws IllegalArgumentException if the range is not within {@code [0, end()]}
     */
    default List<PlannedFault> faults(long from, long to) {
        return List.of();
    }

    /**
     * The rows of the table that this stream changes, after the changes of {@code [0, asOf)}, in the order of their entities. Rows are
     * computed during iteration, one by one, without replaying earlier changes; the cost is the same for any {@code asOf}.
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
        throw new IllegalStateException("stream '" + name() + "' does not change a table");
    }

    /** The table after the changes that are scheduled before {@code asOf}, see {@link #table(long)}. */
    default Iterable<TableRow> table(Instant asOf) {
        return table(sequenceAt(asOf));
    }

    /** The row of one entity as of a sequence, see {@link #table(long)}; empty if there is none at that time. */
    default Optional<TableRow> row(long entity, long asOf) {
        throw new IllegalStateException("stream '" + name() + "' does not change a table");
    }
}
