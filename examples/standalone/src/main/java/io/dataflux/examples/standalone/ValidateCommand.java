package io.dataflux.examples.standalone;

import io.dataflux.DataFlux;
import java.nio.file.Path;
import java.util.Optional;

/** Checks a configuration and prints what it resolves to, or every problem it has; or compares its streams with those of another one. */
final class ValidateCommand implements Command {

    @Override
    public Usage usage() {
        return Plans.options(
                        new Usage("validate", "checks a configuration and prints the resolved plan").operand("FILE"))
                .option(
                        "diff",
                        "OLD",
                        "prints instead what of the events moves from OLD to FILE: streams, times, keys, fields")
                .more("""
                        Opens nothing: no socket, no file but the configuration. Exit code 2 with every problem, its path and the fix.
                        ./dataflux validate --diff OLD FILE computes events of both and compares them by number and path; it looks at
                        nothing but streams. As with diff, exit code 0 if no event moves, 1 if any does, 2 if one cannot be read.""");
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
