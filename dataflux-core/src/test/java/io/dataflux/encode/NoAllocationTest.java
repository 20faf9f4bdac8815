package io.dataflux.encode;

import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.DataFlux;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * No event allocates, even where the compiler does not see that an object never leaves its method. It does so by luck of inlining: of
 * many processes one had an object per event that the others had not.
 */
class NoAllocationTest {

    private static final String EVERYTHING = "src/test/resources/io/dataflux/everything.yaml";

    @TempDir
    Path temp;

    @Test
    void noStreamAllocatesPerEventWithoutEscapeAnalysis() throws Exception {
        Process probe = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:-DoEscapeAnalysis",
                        "-Ddataflux.thorough=" + Boolean.getBoolean("dataflux.thorough"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        AllocationProbe.class.getName(),
                        EVERYTHING)
                .redirectOutput(temp.resolve("lines").toFile())
                .redirectError(temp.resolve("words").toFile())
                .start();
        try {
            probe.waitFor();
        } finally {
            probe.destroyForcibly();
        }
        assertThat(probe.exitValue())
                .as(Files.readString(temp.resolve("words")))
                .isZero();
        List<String> lines = Files.readAllLines(temp.resolve("lines"));
        assertThat(lines).hasSizeGreaterThan(DataFlux.streamNames().size() + 2);
        assertThat(lines).allSatisfy(line -> {
            String[] words = line.split(" ", -1);
            assertThat(Double.parseDouble(words[1])).as("in a lane").isLessThan(0.01);
            assertThat(Double.parseDouble(words[2])).as("at random").isLessThan(0.01);
        });
    }
}
