package io.dataflux.examples.standalone;

import io.dataflux.DataFlux;
import java.nio.file.Path;
import java.util.Optional;

/** Checks a configuration and prints the resolved plan, or every problem in it; or compares its streams with those of another one. */
final class ValidateCommand implements Command {

    @Override
    public Usage usage() {
        return Plans.options(
                        new Usage("validate", "checks a configuration and prints the resolved plan").operand("FILE"))
                .option(
                        "diff",
                        "OLD",
                        "prints instead what changes in the events from OLD to FILE: streams, times, keys, fields")
                .more("""
                        Connects to nothing and reads only the configuration. If it has problems, prints each with its path and a fix,
                        and the exit code is 2. ./dataflux validate --diff OLD FILE computes events of both configurations and compares
                        them by number and path; it compares only streams. As with diff, the exit code is 0 if no event differs,
                        1 if any does, 2 if one file cannot be read.""");
    }

    @Override
    public int run(Arguments arguments) {
        Optional<String> old = arguments.text("diff");
        if (old.isPresent()) {
            ConfigurationDiff diff =
                    ConfigurationDiff.of(Path.of(old.get()), Path.of(arguments.operand(0)), Plans.flags(arguments));
            System.out.print(diff.lines());
            System.err.print(diff.words());
            return diff.isSame() ? GOOD : FAILED;
        }
        System.out.println(DataFlux.plan(Path.of(arguments.operand(0)), Plans.flags(arguments), System.getenv())
                .describe());
        return GOOD;
    }
}
