package io.dataflux.cli;

import io.dataflux.DataFlux;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Checks a configuration and prints the resolved plan, or every problem in it; or compares its streams with those of another one. */
@CommandLine.Command(
        header = "checks a configuration and prints the resolved plan",
        footer = {
            "Connects to nothing and reads only the configuration. If it has problems, prints each with its path and a fix,"
                    + " and the exit code is 2.",
            "${COMMAND-FULL-NAME} --diff OLD FILE computes events of both configurations and compares"
                    + " them by number and path; it compares only streams. As with diff, the exit code is 0 if no event differs,"
                    + " 1 if any does, 2 if one file cannot be read."
        })
final class ValidateCommand extends Command {

    @Mixin
    private ConfigurationOptions configuration = new ConfigurationOptions();

    @Mixin
    private RunOptions options = new RunOptions();

    @Option(
            names = "--diff",
            paramLabel = "OLD",
            description = "prints instead what changes in the events from OLD to FILE: streams, times, keys, fields")
    private @Nullable Path old;

    @Override
    int run(Stdout out) {
        Map<String, String> flags = configuration.flags(options.flags());
        if (old != null) {
            ConfigurationDiff diff = ConfigurationDiff.of(old, configuration.file(), flags);
            out.text(diff.lines());
            out.flush(); // before what is said of it
            System.err.print(diff.words());
            return diff.isSame() ? GOOD : FAILED;
        }
        out.line(DataFlux.plan(configuration.file(), flags, System.getenv()).describe());
        return GOOD;
    }
}
