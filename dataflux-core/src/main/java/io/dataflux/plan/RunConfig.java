package io.dataflux.plan;

import io.dataflux.RunMonitor;
import io.dataflux.Thresholds;
import io.dataflux.encode.CompiledStream;
import io.dataflux.spi.RegionRouter;
import io.dataflux.spi.RegionRouter.Region;
import io.dataflux.spi.SinkConnector;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A run as configured: everything resolved and checked, nothing opened.
 *
 * @param source where it was read from, for messages
 * @param streams compiled, as they are {@linkplain CompiledStream#in in this run}, each with its share of the rate; at least one
 * @param regions at least one
 * @param regionSinks for each region the names of its sinks; a region that is not named uses {@code default}
 * @param speed 1 as scheduled, 10 ten times as fast, infinite for as fast as possible
 * @param part the part of the run that this process is
 * @param backfill whether what is scheduled in the past is sent as fast as possible, and the rest at its time
 * @param startAt when scheduled time begins; {@code null} for as soon as everything is open
 * @param lagBudget how late 99 of 100 batches may be at most for the run to be valid
 * @param monitors what watches the run
 * @param thresholds what a run has to reach, and what its verdicts may find
 * @param drills what the run does to the system around it
 * @param origins one line per setting: what it is and where it came from
 * @param configText what it says of its streams; {@code null} for one that was made in code
 */
public record RunConfig(
        String source,
        List<CompiledStream> streams,
        List<Region> regions,
        RegionRouter router,
        List<SinkConfig> sinks,
        Map<String, List<String>> regionSinks,
        Limits limits,
        double speed,
        Path output,
        @Nullable Integer tag,
        Part part,
        boolean backfill,
        @Nullable Instant startAt,
        Duration lagBudget,
        List<RunMonitor> monitors,
        Thresholds thresholds,
        List<Drill> drills,
        List<String> origins,
        @Nullable ConfigText configText) {

    /** The most streams of a run: their numbers are shorts. */
    public static final int MOST_STREAMS = Short.MAX_VALUE;

    public static final Duration LAG_BUDGET = Duration.ofMillis(100);

    /** The same run of these streams. */
    public RunConfig withStreams(List<CompiledStream> others) {
        return with(others, monitors, origins);
    }

    RunConfig withOrigins(List<String> others) {
        return with(streams, monitors, others);
    }

    /** The same run, watched by one more monitor. */
    public RunConfig withMonitor(RunMonitor monitor) {
        return with(
                streams, Stream.concat(monitors.stream(), Stream.of(monitor)).toList(), origins);
    }

    private RunConfig with(
            List<CompiledStream> otherStreams, List<RunMonitor> otherMonitors, List<String> otherOrigins) {
        return new RunConfig(
                source,
                otherStreams,
                regions,
                router,
                sinks,
                regionSinks,
                limits,
                speed,
                output,
                tag,
                part,
                backfill,
                startAt,
                lagBudget,
                otherMonitors,
                thresholds,
                drills,
                otherOrigins,
                configText);
    }

    /** One of several processes that share a run: it has every {@code of}-th shard of each stream. Numbers are from 1. */
    public record Part(int number, int of) {
        public static final Part WHOLE = new Part(1, 1);

        @Override
        public String toString() {
            return number + "/" + of;
        }
    }

    /** Where a run ends; whichever comes first. Time is scheduled time, bytes become events by the mean size of early events. */
    public record Limits(OptionalLong events, @Nullable Duration time, OptionalLong bytes) {
        public static final Limits NONE = new Limits(OptionalLong.empty(), null, OptionalLong.empty());

        public boolean none() {
            return equals(NONE);
        }
    }

    /** A configured sink. */
    public record SinkConfig(String name, String type, SinkConnector connector, int lanes, OnFailure onFailure) {}

    /** What happens after a failed delivery. */
    public enum OnFailure {
        /** Ends the run. */
        STOP,
        /** Ends this sink; the others continue. */
        ISOLATE,
        /** Ends nothing: it is counted, and the report says so. */
        CONTINUE
    }
}
