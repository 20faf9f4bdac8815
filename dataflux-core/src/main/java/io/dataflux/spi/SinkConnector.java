package io.dataflux.spi;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A configured sink, not opened yet. Used by one run at a time; a lambda will do for a sink that only takes events. What its target
 * gives back is in {@link ReadBack}, what it promises after a crash in {@link Resume}.
 *
 * <pre>{@code
 * SinkConnector queue = lane -> new QueueSink(url, lane);
 * }</pre>
 */
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
     * written), and creates what the settings ask for. Called by the thread that starts the run, in every attempt.
     *
     * @throws Exception as {@link #open} does
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

    /**
     * How many events one lane may leave unsettled, at some 40 bytes each, before it waits. A sink that gathers events asks for
     * at least twice of what it gathers.
     */
    default int openEvents() {
        return 262_144;
    }

    /** How what was stored is read back; empty if this sink's target cannot be. Known without opening anything. */
    default Optional<ReadBack> readBack() {
        return Optional.empty();
    }

    /** What holds when a run is resumed; by default what the run's checkpoint says. */
    default Resume resume() {
        return Resume.BY_CHECKPOINT;
    }
}
