package io.dataflux.cli;

import io.dataflux.ConfigurationException;
import io.dataflux.ConfigurationException.Problem;
import io.dataflux.DataFlux;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whose runs a command is about: those in an output folder. */
final class OutputOption {

    private static final Path USUAL = Path.of("dataflux-out");

    @Option(
            names = {"-o", "--output"},
            paramLabel = "DIR",
            description = "the folder of the runs (default: that of dataflux.yaml, or dataflux-out)")
    private @Nullable Path output;

    Path folder() {
        if (output != null) {
            if (Files.exists(output) && !Files.isDirectory(output)) {
                throw new ConfigurationException(
                        "--output", List.of(new Problem("", output + " is not a folder; name the folder of the runs")));
            }
            return output;
        }
        return Files.exists(ConfigurationOptions.DEFAULT)
                ? DataFlux.plan(ConfigurationOptions.DEFAULT, Map.of(), System.getenv())
                        .output() // order never seen
                : USUAL;
    }
}
