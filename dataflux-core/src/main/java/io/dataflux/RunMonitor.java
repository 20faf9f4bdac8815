package io.dataflux;

import io.dataflux.spi.Settings;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * Watches runs: shows or publishes what they do while they do it. Given to a plan with {@link Plan#monitoredBy}, or configured by
 * {@code monitor:} through its {@link Provider}. A monitor reads {@linkplain WatchedRun#snapshot snapshots}, at its own pace and on its
 * own threads; it moves no event, and a run without one keeps none of what it would read.
 *
 * <pre>{@code
 * RunMonitor log = run -> {
 *     Timer timer = new Timer("log", true);
 *     timer.schedule(task(() -> LOG.info("{}", run.snapshot())), 0, 1000);
 *     return report -> timer.cancel();
 * };
 * }</pre>
 *
 * A monitor may be given several runs, also at once, and must be thread-safe then.
 */
@FunctionalInterface
public interface RunMonitor {

    /**
     * Begins to watch a run. Called by the thread that starts the run, when the sinks are open and before the first event.
     *
     * @throws Exception with a message for the user, such as which port is in use; the run then does not start
     */
    Watch watch(WatchedRun run) throws Exception;

    /** The watching of one run. */
    @FunctionalInterface
    interface Watch extends AutoCloseable {

        /**
         * The run has ended, and its report is written. Called once, before {@link Run#await} returns, on a thread of the run; should not
         * take longer than others need to read the last figures. What it throws is logged and changes nothing.
         */
        void ended(RunReport report) throws Exception;

        /**
         * The run was asked to stop, by whoever started it: {@link #ended} should not wait for anybody. Called by any thread, before the
         * end or during {@code ended}. By default nothing is to be done.
         */
        default void stopRequested() {}

        /** Ends the watching: after {@link #ended}, or without it if the run could not be started. By default nothing is to be done. */
        @Override
        default void close() {}

        /** Where the run can be watched, in sentences for people, see {@link Run#monitors}; by default none. */
        default List<String> words() {
            return List.of();
        }
    }

    /**
     * Makes monitors of one type. Found by {@link java.util.ServiceLoader}: list the class in
     * {@code META-INF/services/io.dataflux.RunMonitor$Provider}, and on the module path in {@code provides} as well.
     */
    interface Provider {

        /** The word after {@code monitor: {type: ...}} in a configuration. */
        String type();

        /**
         * Reads and checks the settings. Called once while the plan is made: no input or output here. Report mistakes with
         * {@link Settings#problem}; settings that were never asked for are refused as unknown.
         */
        RunMonitor configure(Settings settings);

        /** The environment variables that override settings, by the name of the setting. Their values are never shown. */
        default Map<String, String> environment() {
            return Collections.emptyMap();
        }
    }
}
