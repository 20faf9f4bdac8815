package io.dataflux.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.AutoComplete;

/** The completion of the distribution knows the commands and options that there are. */
class CompletionTest {

    private static final Path FILE = Path.of("src", "main", "distribution", "completion", "dataflux.bash");

    @Test
    void theFileIsMadeFromTheCommands() throws IOException {
        String made = AutoComplete.bash("dataflux", Program.commandLine(List.of()));
        if ("write".equals(System.getProperty("dataflux.completion"))) {
            Files.writeString(FILE, made);
        }
        assertThat(Files.readString(FILE))
                .as("after a change: mvn -pl dataflux-cli -am test -Dtest=CompletionTest -Ddataflux.completion=write"
                        + " -Dsurefire.failIfNoSpecifiedTests=false")
                .isEqualTo(made);
        assertThat(made).contains("--older-than", "clean");
    }
}
