package io.dataflux.testkit;

import io.dataflux.DataFlux;
import io.dataflux.EventStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a test's stream comes from: what stands in its failures, so that its events can be had again.
 *
 * @param seedSource who gave the seed
 * @param folder for reports and verdicts
 * @param call makes a range of the stream again
 */
record StreamOrigin(String seedSource, Path folder, Call call) {

    /** The code that makes a range of the stream; an expression or an annotation that compiles as it is. */
    @FunctionalInterface
    interface Call {
        /**
         * @param rate that it was given; empty for none
         * @param faults that it was given; empty for none
         */
        String range(long from, long count, String rate, String faults, String tag);
    }

    /** A stream that a test made by itself: a built-in one can be named, any other only called {@code stream}. */
    static StreamOrigin ofCode(EventStream stream) {
        boolean builtIn = DataFlux.streamNames().contains(stream.name())
                && DataFlux.stream(stream.name(), stream.seed()).fingerprint() == stream.fingerprint();
        String made =
                builtIn ? "DataFlux.stream(" + text(stream.name()) + ", " + number(stream.seed()) + ")" : "stream";
        String which = builtIn
                ? ""
                : " // stream is '" + stream.name() + "' with seed " + stream.seed() + ", made in "
                        + RunningTest.caller();
        return new StreamOrigin(
                "TestStream.of",
                RunningTest.folder(),
                (from, count, rate, faults, tag) -> "TestStream.of(" + made + ", " + number(from) + ", "
                        + number(from + count) + ", Decoder.events())"
                        + (rate.isEmpty() ? "" : ".rate(" + text(rate) + ")")
                        + (faults.isEmpty() ? "" : ".faults(" + text(faults) + ")")
                        + ".tag(" + text(tag) + ")" + which);
    }

    /** A number as it is written in Java. */
    static String number(long number) {
        return number + (number == (int) number ? "" : "L");
    }

    /** A text as it is written in Java. */
    static String text(String text) {
        return '"'
                + text.replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                        .replace("\n", "\\n")
                        .replace("\r", "\\r")
                        .replace("\t", "\\t")
                + '"';
    }

    /** Where tests of this build leave their files. */
    static Path outputFolder() {
        boolean gradle = Files.exists(Path.of("build.gradle")) || Files.exists(Path.of("build.gradle.kts"));
        return Path.of(gradle ? "build" : "target", "dataflux");
    }
}
