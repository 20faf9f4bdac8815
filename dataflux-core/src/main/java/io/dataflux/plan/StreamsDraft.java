package io.dataflux.plan;

import io.dataflux.model.Key;
import io.dataflux.model.RateProfile;
import io.dataflux.model.StreamDefinition;
import io.dataflux.problem.Problems;
import io.dataflux.schedule.Schedule;
import io.dataflux.spi.EventGenerator;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The streams of a configuration as they were read, before {@link RunCompiler} compiles them.
 *
 * @param source where they were read from, for messages
 * @param problems the mistakes found so far; what is noted here is of no use to a run
 * @param start of all streams
 * @param startsNow whether that is the time of reading
 * @param rate what the streams with a weight share
 */
public record StreamsDraft(
        String source,
        Problems problems,
        long seed,
        Instant start,
        boolean startsNow,
        RateProfile rate,
        List<Stream> streams) {

    public StreamsDraft {
        streams = List.copyOf(streams);
    }

    /**
     * One stream.
     *
     * @param path how messages name it
     * @param weight by which it shares the rate; null if it has a rate of its own
     * @param definition without the start, and without the rate if that is shared; null if it has problems
     * @param generator makes its events, in this version; null if the fields say it all
     */
    public record Stream(
            String path,
            @Nullable BigDecimal weight,
            @Nullable StreamDefinition definition,
            @Nullable EventGenerator generator,
            int version) {}

    /** The definitions of all streams without problems. */
    public List<StreamDefinition> definitions() {
        return streams.stream().map(Stream::definition).filter(Objects::nonNull).toList();
    }

    /** The most shards that one of the streams has. */
    public int shards() {
        return definitions().stream()
                .map(StreamDefinition::key)
                .mapToInt(key -> key == null
                        ? Key.DEFAULT_SHARDS
                        : Schedule.shards(key.count(), key.skew().doubleValue(), key.shards()))
                .max()
                .orElse(1);
    }

    StreamsDraft readWell() {
        return new StreamsDraft(source, new Problems(), seed, start, startsNow, rate, streams);
    }

    StreamsDraft startingAt(Instant time) {
        return new StreamsDraft(source, problems, seed, time, startsNow, rate, streams);
    }
}
