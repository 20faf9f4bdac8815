package io.dataflux.testkit;

import io.dataflux.EventStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a test's stream comes from: what stands in its failures, so that its events can be had again.
 *
 * @param seedSource who gave the seed
 * @param folder for reports and verdicts
 * @param call makes the stream again, up to its range
 */
record StreamOrigin(String seedSource, Path folder, Call call) {

    /** The code that makes a range of the stream. */
    @FunctionalInterface
    interface Call {
        /**
         * @param rate that it was given; empty for none
         * @param faults that it was given; empty for none
         */
        String range(long from, long count, String rate, String faults);
    }

    static StreamOrigin ofCode(EventStream stream) {
        String call = "TestStream.of(stream '" + stream.name() + "' with seed " + stream.seed() + ", ";
        return new StreamOrigin(
                "TestStream.of",
                outputFolder().resolve(stream.name()),
                (from, count, rate, faults) -> call + from + ", " + (from + count) + ", ...)"
                        + (rate.isEmpty() ? "" : ".rate(\"" + rate + "\")")
                        + (faults.isEmpty() ? "" : ".faults(\"" + faults + "\")"));
    }

    /** Where tests of this build leave their files. */
    static Path outputFolder() {
        boolean gradle = Files.exists(Path.of("build.gradle")) || Files.exists(Path.of("build.gradle.kts"));
        return Path.of(gradle ? "build" : "target", "dataflux");
    }
}
