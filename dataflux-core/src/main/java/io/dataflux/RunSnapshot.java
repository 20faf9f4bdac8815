package io.dataflux;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a watched run has done up to a moment. Outcomes never exceed what was issued, but sinks and lanes are read one after the other, so
 * that figures of different sinks may be a moment apart.
 *
 * @param elapsedNanos since the first lane started; 0 while the run is being opened, negative before {@code --start-at}
 * @param wantedPerSecond how many events are due per second now, over all streams and parts, at each sink that gets every event; 0 if the
 *     run is as fast as possible
 * @param sinks one entry per sink, in their order
 * @param samples some of the last events as they were handed to sinks, the oldest first
 * @param problems what went wrong so far, one sentence each; without the ranges of events, which the report has
 */
public record RunSnapshot(
        long elapsedNanos,
        double wantedPerSecond,
        List<SinkSnapshot> sinks,
        List<Sample> samples,
        List<String> problems) {

    /**
     * One sink.
     *
     * @param progress its sums; what earlier attempts had acknowledged counts here, but not in {@code flows}
     * @param wantedPerSecond how many events are due per second now at this sink, from this process; in a sink of some regions by the share
     *     of its events so far; 0 if the run is as fast as possible
     * @param lanes how many threads serve it in this process
     * @param batches how many batches were handed to it
     * @param retries how often it has sent something again, see {@link io.dataflux.spi.Sink#retries}
     * @param reached up to which scheduled time its fastest lane has handed over events; {@code null} before the first
     * @param latencies from the intended time of events to their outcomes; in a run as fast as possible, from handing them over
     * @param flows its events in this attempt, by stream and region; only those that there were
     * @param problems what went wrong at this sink
     */
    public record SinkSnapshot(
            Run.SinkProgress progress,
            double wantedPerSecond,
            int lanes,
            long batches,
            long retries,
            @Nullable Instant reached,
            Latencies latencies,
            List<Flow> flows,
            List<String> problems) {

        /** How many events were handed over and have no outcome yet. */
        public long inFlight() {
            return Math.max(0, progress.issued() - progress.acknowledged() - progress.failed() - progress.unknown());
        }
    }

    /**
     * The events of one stream and region at one sink.
     *
     * @param region its name; empty if the run's router could not tell
     * @param bytes of acknowledged events
     */
    public record Flow(
            String stream, String region, long issued, long acknowledged, long failed, long unknown, long bytes) {}

    /**
     * An event as it was handed to a sink, broken bytes included.
     *
     * @param region empty if the run's router could not tell
     * @param place where the event stands in the sending order of its shard
     * @param key its key, or {@code null} if it has none
     * @param bytes the event, or the first {@link #MOST_BYTES} of it; do not change them
     * @param size how many bytes the event has
     * @param atNanos when it was handed over, since the first lane started
     */
    public record Sample(
            String sink,
            String stream,
            String region,
            long sequence,
            int shard,
            long place,
            @Nullable String key,
            Instant time,
            byte[] bytes,
            int size,
            long atNanos) {

        /** How much of a large event is kept. */
        public static final int MOST_BYTES = 16 * 1024;
    }
}
