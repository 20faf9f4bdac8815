package io.dataflux.engine;

import io.dataflux.encode.CompiledStream;
import io.dataflux.plan.Extent;
import io.dataflux.plan.Pace;
import io.dataflux.plan.Regions;
import io.dataflux.plan.RunConfig;
import io.dataflux.plan.RunLimits;
import io.dataflux.plan.Steps;
import io.dataflux.spi.LaneContext;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of a run: what all its lanes have in common. Immutable but for the clock, which starts with the lanes, and the epochs.
 *
 * @param tag the run's tag; a resumed run keeps it
 * @param number 0 for the first attempt, 1 for its first resumption, and so on
 * @param epochs what the run sends, with the identities of this run
 */
record Attempt(int tag, int number, RunConfig config, Epochs epochs, Pace pace, RunClock clock, Tuning tuning) {

    /** All that the run sends, with the streams as they are defined at first. */
    Extent extent() {
        return epochs.history().whole();
    }

    List<CompiledStream> streams() {
        return epochs.epoch(0).streams();
    }

    String tagText() {
        return HexFormat.of().toHexDigits(tag);
    }

    /** The same attempt, with what is scheduled at {@code origin} due when the run's clock starts. */
    Attempt from(Instant origin) {
        return new Attempt(tag, number, config, epochs, new Pace(origin, config.speed()), clock, tuning);
    }

    /** The same attempt under another number. */
    Attempt numbered(int other) {
        return new Attempt(tag, other, config, epochs, pace, clock, tuning);
    }

    /** Where the files of all attempts of the run are. */
    Path folder() {
        return config.output().resolve(tagText());
    }

    /** The file that has the definition of an event. */
    String source(String stream, long sequence) {
        List<String> names = streams().stream().map(CompiledStream::name).toList();
        int index = names.indexOf(stream);
        String file = index < 0 ? "" : epochs.definitions().fileOf(index, sequence);
        return file.isEmpty() ? config.source() : folder().resolve(file).toString();
    }

    /** What a sink may know about one of its lanes in this process. */
    LaneContext context(RunConfig.SinkConfig sink, int lane) {
        List<LaneContext.Stream> known = streams().stream()
                .map(stream -> new LaneContext.Stream(stream.name(), stream.fingerprint(), stream.shards()))
                .toList();
        return new LaneContext(
                sink.name(),
                (config.part().number() - 1) * sink.lanes() + lane,
                config.part().of() * sink.lanes(),
                config.part().of(),
                tag,
                number,
                known,
                regions().namesOf(sink.name()),
                folder(),
                sink.onFailure() != RunConfig.OnFailure.CONTINUE);
    }

    /** The run's speed now, also while it is paused; infinite for as fast as possible. */
    double speed() {
        return config.speed() * clock.tempo().factor();
    }

    /**
     * How many events are due within the next second of the run; 0 without a pace, before the start and while it is paused.
     *
     * @param position the nanosecond of the plan that is due now
     */
    double wantedPerSecond(long position) {
        if (!pace.paced() || position < 0 || clock.tempo().paused()) {
            return 0;
        }
        Instant from = pace.at(position);
        Instant to = pace.at(position + (long) (1_000_000_000L * clock.tempo().factor()));
        long events = 0;
        Extent extent = extent();
        for (int i = 0; i < streams().size(); i++) {
            events += extent.within(i, streams().get(i).sequenceAt(to))
                    - extent.within(i, streams().get(i).sequenceAt(from));
        }
        return events;
    }

    /** When the last event of the run is due, from the attempt's begin; {@code null} without a limit or a pace. */
    @Nullable
    Duration scheduledEnd() {
        if (!pace.paced() || config.limits().none()) {
            return null;
        }
        long last = 0;
        Extent extent = extent();
        for (int i = 0; i < streams().size(); i++) {
            if (extent.limit(i) > extent.from(i)) {
                Instant time = streams().get(i).timeOf(extent.limit(i) - 1);
                last = Math.max(last, pace.due(time.getEpochSecond(), time.getNano()));
            }
        }
        return Duration.ofNanos(clock.due(last));
    }

    /** The steps that a report tells apart. */
    Steps steps() {
        return Steps.of(extent(), RunLimits.end(extent(), config.limits()), config.speed() != Double.POSITIVE_INFINITY);
    }

    Regions regions() {
        return new Regions(config, streams());
    }
}
