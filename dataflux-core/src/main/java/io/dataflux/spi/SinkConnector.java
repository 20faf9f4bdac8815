package io.dataflux.spi;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A configured sink that is not open yet. Used by one run at a time. A lambda is enough for a sink without a reader. */
@FunctionalInterface
public interface SinkConnector {

    /**
     * Opens the sink for one lane. Called once per lane by the thread that starts the run, before any event is sent.
     *
     * @throws Exception with a message for the user (what was tried, where, the likely fix); the run then does not start
     */
    Sink open(LaneContext lane) throws Exception;

    /**
     * Checks once, before the first lane is opened, that the target is there and as configured (a topic exists, a folder can be written),
     * and creates what the settings ask for.
     */
    default void prepare(LaneContext run) throws Exception {}

    /**
     * Warnings about a run that is allowed but may surprise the user; found without opening anything. Each sentence begins with the setting
     * that it is about, such as {@code "retention: ..."}. The plan shows them.
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
     * Given the {@link #position}s of several processes that share a run, a position from which everything they sent can be read. Called
     * only with at least two different positions. By default the beginning.
     */
    default String earliest(List<String> positions) {
        return "";
    }

    /**
     * Reads back what the target stores, starting at a {@link #position} (an empty text for the beginning); empty if this sink's target
     * cannot be read back.
     */
    default Optional<SinkReader> reader(LaneContext run, String position) throws Exception {
        return Optional.empty();
    }

    /**
     * Reports what the target holds from earlier attempts of this run, where the target knows more than the run's checkpoint: what was
     * stored just before the process was killed. Called once per lane between {@link #prepare} and {@link #open}, only when
     * {@link LaneContext#attempt} is above 0, by the thread that starts the run. Events that are reported are not sent again.
     */
    default void recover(LaneContext lane, Delivered delivered) throws Exception {}

    /**
     * Whether every event is in the target exactly once even if a process was killed and the run was resumed. If so, any event that is
     * there more than once counts as a finding; if not, only events that were not sent again on resumption do.
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
     * Where in the target events go and in what form, as text for users, such as {@code topic orders}: besides the lanes and the
     * {@link #unit}, this must stay the same when a run is resumed. Leave out addresses, because servers move, and secrets. A run that was
     * started with a different text is not resumed. Empty if it does not matter.
     */
    default String destination() {
        return "";
    }

    /**
     * How many events one lane may leave unsettled, at some 40 bytes each, before it waits. A sink that gathers events should allow at
     * least twice what it gathers.
     */
    default int openEvents() {
        return 262_144;
    }

    /** Whether {@link #reader} returns a reader, known without opening anything. */
    default boolean readable() {
        return false;
    }
}
