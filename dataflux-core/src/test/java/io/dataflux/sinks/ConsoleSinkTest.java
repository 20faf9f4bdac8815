package io.dataflux.sinks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsoleSinkTest {

    // 1000 with the thorough profile
    private static final int BATCHES = Boolean.getBoolean("dataflux.thorough") ? 1000 : 50;

    @TempDir
    private Path temp;

    @Test
    void writesWholeLinesFromSeveralLanesAndNothingElse() throws Exception {
        Process program = start(BATCHES);
        List<String> lines;
        try (BufferedReader out = program.inputReader(StandardCharsets.UTF_8)) {
            lines = out.lines().toList();
        }

        assertThat(program.waitFor()).isZero();
        long events = (long) ConsoleProgram.LANES * BATCHES * ConsoleProgram.EVENTS_PER_BATCH;
        assertThat(lines.stream().sorted().toList())
                .isEqualTo(TestBatch.texts(0, events).stream().sorted().toList());
        assertThat(words()).isEmpty();
    }

    @Test
    void endsQuietlyWhenItsReaderGoes() throws Exception {
        Process program = start(BATCHES);
        try (BufferedReader out = program.inputReader(StandardCharsets.UTF_8)) {
            assertThat(out.readLine()).startsWith("{\"stream\":0,");
        }

        assertThat(program.waitFor()).isZero();
        // one batch was on its way and may be half with the reader, all after it certainly are not
        assertThat(words().stream().collect(Collectors.groupingBy(line -> line, Collectors.counting())))
                .containsEntry("UNKNOWN standard output is closed: its reader is gone (Broken pipe)", 1L)
                .containsKey("FAILED standard output is closed: its reader is gone (Broken pipe)")
                .hasSize(2);
    }

    private Process start(int batches) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        ConsoleProgram.class.getName(),
                        Integer.toString(batches))
                .redirectError(temp.resolve("words").toFile())
                .start();
    }

    private List<String> words() throws IOException {
        return Files.readAllLines(temp.resolve("words"));
    }
}
