package io.dataflux.spi;

import java.nio.file.Path;
import java.util.List;

/**
 * What a sink may know about the run and lane that it is opened for. Immutable.
 *
 * @param sink the sink's name in the configuration
 * @param lane the lane's number, from 0
 * @param lanes how many lanes this sink has
 * @param tag the run's tag, 32 bits; as text see {@link #tagText}
 * @param attempt 0 for the first attempt of a run, 1 for its first resumption, and so on
 * @param streams the streams of the run in their order; {@link EventBatch#stream} is an index into this list
 * @param output the run's own output folder, {@code <output>/<tag>}; may not exist yet
 */
public record LaneContext(String sink, int lane, int lanes, int tag, int attempt, List<Stream> streams, Path output) {

    public LaneContext {
        streams = List.copyOf(streams);
    }

    /** One stream of the run: its name, its fingerprint and how many shards it has. */
    public record Stream(String name, long fingerprint, int shards) {}

    /** The tag as eight hexadecimal digits. */
    public String tagText() {
        return java.util.HexFormat.of().toHexDigits(tag);
    }
}
