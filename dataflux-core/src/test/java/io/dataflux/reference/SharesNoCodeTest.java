package io.dataflux.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The second implementation is worth something only as long as it is one. */
class SharesNoCodeTest {

    private static final Path SOURCES = Path.of("src", "test", "java", "io", "dataflux", "reference");

    @Test
    void theReferenceKnowsOnlyDefinitions() throws IOException {
        try (Stream<Path> files = Files.list(SOURCES)) {
            List<Path> all = files.toList();
            assertThat(all).hasSizeGreaterThan(8);
            for (Path file : all) {
                assertThat(Files.readAllLines(file).stream()
                                .filter(line -> line.matches(".*io\\.dataflux\\.(?!model\\b|reference\\b)\\w+.*"))
                                .filter(line -> !line.contains("matches(")))
                        .as(file.toString())
                        .isEmpty();
            }
        }
    }
}
