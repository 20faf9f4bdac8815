package io.dataflux.spi;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A configured sink, not opened yet. Used by one run at a time; a lambda will do for a sink without a reader. */
@FunctionalInterface
public interface SinkConnector {

    /**
     * Opens the sink for one lane. Called once per lane by the thread that starts the run, before any event is sent.
     *
     * @throws Exception with a message for the user (what was tried, where, the likely fix); the run then does not start
     */
    Sink open(LaneContext lane) throws Exception;

    /**
     * Looks once, before the first lane opens, whether the target is there and as configured (a topic exists, a folder can be
     * written), and creates what the settings ask for.
     */
    default void prepare(LaneContext run) throws Exception {}

    /**
     * What the user should know before such a run, although it is no mistake; known without opening anything. Each sentence begins with
     * the setting that it is about, such as {@code "retention: ..."}. The plan shows them.
     *
     * @param first the scheduled time of the first event
     */
    default List<String> warnings(Instant first, Instant now) {
        return List.of();
    }

    /** Where the target's log ends now, as text for {@link #reader}; empty if the target has no positions. Called before sending. */
    default String position(LaneContext run) throws Exception {
        return "";
    }

    /**
     * Of the {@link #position}s of several processes that share a run, one from which all that they sent can be read; never asked
     * for less than two that differ. By default the beginning.
     */
    default String earliest(List<String> positions) {
        return "";
    }

    /**
     * Reads back what the target stores, from a {@link #position} on (empty: all there is); empty if this sink's target cannot be
     * read back.
     */
    default Optional<SinkReader> reader(LaneContext run, String position) throws Exception {
        return Optional.empty();
    }

    /**
     * Says what the target holds of earlier attempts of this run, where the target knows better than the run's checkpoint: what
     * was stored just before the process was killed. Called once per lane between {@link #prepare} and {@link #open}, only when
     * {@link LaneContext#attempt} is above 0, by the thread that starts the run. What is said is not sent again.
     */
    default void recover(LaneContext lane, Delivered delivered) throws Exception {}

    /**
     * Whether every event is in the target once, also after a process was killed and the run was resumed. Then an event that is there
     * more than once counts as a finding; else it does only outside of what was sent again.
     */
    default boolean exactlyOnceOnResume() {
        return false;
    }

    /** Whether the target has the events of a key in the order of their sequence. If not, a verification does not judge order. */
    default boolean ordered() {
        return true;
    }

    /** The unit of delivery; a resumed run sends units that are not acknowledged whole from their beginning. */
    default DeliveryUnit unit() {
        return DeliveryUnit.NONE;
    }

    /**
     * Where in the target events go and in what form, as text for users: what has to stay the same when a run is resumed, besides the
     * lanes and the {@link #unit}, such as {@code topic orders}. Addresses may change, for servers move; secrets have no place in it.
     * A run that was begun with another text is not gone on with. Empty if it does not matter.
     */
    default String destination() {
        return "";
    }

    /**
     * How many events one lane may leave unsettled, at some 40 bytes each, before it waits. A sink that gathers events asks for
     * at least twice of what it gathers.
     */
    default int openEvents() {
        return 262_144;
    }

    /** Whether {@link #reader} has an answer, known without opening anything. */
    default boolean readable() {
        return false;
    }
}
