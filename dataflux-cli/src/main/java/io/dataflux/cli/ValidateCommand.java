package io.dataflux.cli;

import io.dataflux.DataFlux;

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
    public int run(Arguments arguments, Stdout out) {
        if (arguments.text("diff").isPresent()) {
            ConfigurationDiff diff = ConfigurationDiff.of(
                    arguments.path("diff").orElseThrow(), arguments.pathOperand(0), Plans.flags(arguments));
            out.text(diff.lines());
            out.flush(); // before what is said of it
            System.err.print(diff.words());
            return diff.isSame() ? GOOD : FAILED;
        }
        out.line(DataFlux.plan(arguments.pathOperand(0), Plans.flags(arguments), System.getenv())
                .describe());
        return GOOD;
    }
}
