package io.dataflux.spi;

import java.nio.file.Path;
import java.util.List;

/**
 * The run and lane that a sink is opened for. Immutable.
 *
 * @param sink the sink's name in the configuration
 * @param lane the lane's number, from 0, over all parts of the run
 * @param lanes how many lanes this sink has, over all parts of the run
 * @param parts how many processes share the run; each has {@code lanes / parts} consecutive lanes
 * @param tag the run's tag, 32 bits; as text see {@link #tagText}
 * @param attempt 0 for the first attempt of a run, 1 for its first resumption, and so on
 * @param streams the streams of the run in their order; {@link EventBatch#stream} is an index into this list
 * @param regions the names of the regions whose events come to this sink, in the run's order; {@link EventBatch#region} is one of them
 * @param output the run's own output folder, {@code <output>/<tag>}; it may not exist yet
 * @param endsOnFailure whether the lane ends when a delivery fails: {@code on_failure} is {@code stop} or {@code isolate}
 */
public record LaneContext(
        String sink,
        int lane,
        int lanes,
        int parts,
        int tag,
        int attempt,
        List<Stream> streams,
        List<String> regions,
        Path output,
        boolean endsOnFailure) {

    /** A lane that goes on after failures. */
    public LaneContext(
            String sink,
            int lane,
            int lanes,
            int parts,
            int tag,
            int attempt,
            List<Stream> streams,
            List<String> regions,
            Path output) {
        this(sink, lane, lanes, parts, tag, attempt, streams, regions, output, false);
    }

    /** A lane of a run with {@code default} as its only region. */
    public LaneContext(
            String sink, int lane, int lanes, int parts, int tag, int attempt, List<Stream> streams, Path output) {
        this(sink, lane, lanes, parts, tag, attempt, streams, List.of("default"), output);
    }

    /** A lane of a run in one process with {@code default} as its only region. */
    public LaneContext(String sink, int lane, int lanes, int tag, int attempt, List<Stream> streams, Path output) {
        this(sink, lane, lanes, 1, tag, attempt, streams, output);
    }

    public LaneContext {
        streams = List.copyOf(streams);
        regions = List.copyOf(regions);
        if (parts < 1 || lanes % parts != 0 || lane < 0 || lane >= lanes) {
            throw new IllegalArgumentException("lane " + lane + " of " + lanes + " in " + parts + " parts");
        }
    }

    /** One stream of the run: its name, its fingerprint and how many shards it has. */
    public record Stream(String name, long fingerprint, int shards) {}

    /** The number of this process's first lane. */
    public int firstLane() {
        return lane - lane % ownLanes();
    }

    /** How many lanes this process has. */
    public int ownLanes() {
        return lanes / parts;
    }

    /** The tag as eight hexadecimal digits. */
    public String tagText() {
        return java.util.HexFormat.of().toHexDigits(tag);
    }
}
