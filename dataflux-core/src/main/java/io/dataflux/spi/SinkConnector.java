package io.dataflux.spi;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A configured sink that is not open yet. Used by one run at a time. A lambda is enough for a sink that only takes events. How its target
 * is read is in {@link ReadBack}, what it promises for a resumed run in {@link Resume}.
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
     * Checks once, before the first lane is opened, that the target is there and as configured (a topic exists, a folder can be written),
     * and creates what the settings ask for. Called in every attempt, by the thread that starts the run.
     *
     * @throws Exception as {@link #open} does
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

    /**
     * How many events one lane may leave unsettled, at some 40 bytes each, before it waits. A sink that gathers events should allow at
     * least twice what it gathers.
     */
    default int openEvents() {
        return 262_144;
    }

    /** How to read back what was stored; empty if the target cannot be read. Known without opening anything. */
    default Optional<ReadBack> readBack() {
        return Optional.empty();
    }

    /**
     * How people who watch a run see the target; empty if it cannot be looked at. Known without opening anything: the first look does.
     *
     * @param run the first lane of the run
     */
    default Optional<TargetView> view(LaneContext run) {
        return Optional.empty();
    }

    /** What holds when a run is resumed; by default only what the run's checkpoint says. Known without opening anything. */
    default Resume resume() {
        return Resume.BY_CHECKPOINT;
    }
}
