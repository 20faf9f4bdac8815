package io.dataflux.encode;

import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.catalog.Catalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The bytes of the built-in streams, pinned: SHA-256 of five slices of 1000 events, each event with its line end, seed 42, no
 * run tag. A change that moves them says so in the changelog. {@code -Ddataflux.golden=write} writes the files anew.
 */
class GoldenTest {

    private static final boolean WRITE = "write".equals(System.getProperty("dataflux.golden"));
    private static final Path FILES = Path.of("src", "test", "resources", "golden");
    private static final long SEED = 42;
    private static final int EVENTS = 1000;
    private static final List<Long> SLICES = List.of(0L, 1_000L, 1_000_000L, 1_000_000_000L, 1L << 40);

    static List<String> catalog() {
        return Catalog.names();
    }

    @ParameterizedTest
    @MethodSource("catalog")
    void aStreamGivesTheBytesThatItGaveBefore(String name) throws IOException {
        Path file = FILES.resolve(name + ".txt");
        List<String> lines = lines(Checked.compiled(Catalog.definition(name), SEED));
        if (WRITE) {
            Files.createDirectories(FILES);
            Files.write(file, lines);
        }
        assertThat(lines)
                .as("bytes of '%s': output bytes are an API, see CONTRIBUTING.md", name)
                .isEqualTo(Files.readAllLines(file));
    }

    @Test
    void everyFileIsOfAStreamInTheCatalog() throws IOException {
        try (Stream<Path> files = Files.list(FILES)) {
            assertThat(files.filter(Files::isRegularFile)
                            .map(file -> file.getFileName().toString().replace(".txt", "")))
                    .hasSameElementsAs(Catalog.names());
        }
    }

    private static List<String> lines(CompiledStream stream) {
        List<String> lines = new ArrayList<>();
        lines.add("fingerprint " + HexFormat.of().toHexDigits(stream.fingerprint()));
        for (long from : SLICES) {
            lines.add("[" + from + ", " + (from + EVENTS) + ") " + digest(stream, from, from + EVENTS));
        }
        lines.add("event 0 " + stream.event(0));
        return lines;
    }

    private static String digest(CompiledStream stream, long from, long to) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            EventState state = new EventState();
            byte[] b = new byte[stream.maxEventBytes() + CompiledStream.SLACK];
            for (long n = from; n < to; n++) {
                stream.locate(n, state);
                int end = stream.encode(state, b, 0);
                b[end] = '\n';
                digest.update(b, 0, end + 1);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }
}
