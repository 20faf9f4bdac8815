package io.dataflux.plan;

import java.time.Instant;
import java.util.List;

/**
 * A run as it was read: what it is to do, and its streams as definitions, which {@link RunCompiler} compiles.
 *
 * @param run without streams; of no use if problems were noted
 */
public record RunDraft(StreamsDraft streams, RunConfig run) {

    /** The same run without the mistakes of its reading, and the secrets that these hide. */
    public RunDraft readWell() {
        return new RunDraft(streams.readWell(), run);
    }

    /** The same run with another start, told where settings come from as well. */
    public RunDraft startingAt(Instant time) {
        String old = "start = " + streams.start();
        List<String> origins = run.origins().stream()
                .map(line -> line.startsWith(old) ? "start = " + time + line.substring(old.length()) : line)
                .toList();
        return new RunDraft(streams.startingAt(time), run.withOrigins(origins));
    }
}
