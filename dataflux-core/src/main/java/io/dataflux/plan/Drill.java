package io.dataflux.plan;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A command that a run begins on its way, such as one that kills a part of the system that reads what is sent. Once in a run, whatever its
 * attempts.
 *
 * @param name by which report and verdict name it
 * @param after how many events are acknowledged then, over all sinks and attempts; -1 if it begins at a time
 * @param at how long the attempt has been running then; {@code null} if it begins after some events
 * @param command the program and its arguments, without a shell
 * @param timeout after which it is ended, and has failed
 */
public record Drill(String name, long after, @Nullable Duration at, List<String> command, Duration timeout) {

    public static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(1);

    public Drill {
        command = List.copyOf(command);
    }
}
