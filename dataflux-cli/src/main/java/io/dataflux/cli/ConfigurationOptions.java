package io.dataflux.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which configuration a command takes, and what overrides it for every command alike. */
final class ConfigurationOptions {

    @Parameters(index = "0", paramLabel = "FILE", description = "the configuration")
    private Path file = Path.of("");

    @Option(names = "--seed", paramLabel = "S", description = "the seed (default: the configuration's)")
    private @Nullable String seed;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "DIR",
            description = "the folder for reports and files (default: the configuration's, or dataflux-out)")
    private @Nullable String output;

    Path file() {
        return file;
    }

    /** As the library takes them, together with those of a run. */
    Map<String, String> flags(Map<String, String> ofRun) {
        Map<String, String> flags = new LinkedHashMap<>(ofRun);
        RunOptions.put(flags, "seed", seed);
        RunOptions.put(flags, "output", output);
        return flags;
    }

    /** The words that name the same configuration and folder in another command. */
    String words() {
        StringBuilder words = new StringBuilder(Command.quoted(file.toString()));
        flags(Map.of()).forEach((name, value) -> words.append(" --") // in the order in which they were put
                .append(name)
                .append(' ')
                .append(Command.quoted(value)));
        return words.toString();
    }
}
