package io.dataflux.plan;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;

/** A configuration as it was read, with flags in it: for a run that keeps it because its streams are changed. */
public interface ConfigText {

    /**
     * The part that makes the events, as YAML. It holds no secret: references to the environment stand in it as they were.
     *
     * @param start of the streams, which may have been relative to the time of reading
     */
    String streams(Instant start);

    /** A hash of each of all other settings, by their names, each sink's apart. */
    Map<String, Long> others();

    /** Reads such a text of streams; files that it names are looked for where the configuration was. @throws ConfigurationException if the file is missing, damaged, or not such a text */
    StreamsDraft read(Path file);
}
