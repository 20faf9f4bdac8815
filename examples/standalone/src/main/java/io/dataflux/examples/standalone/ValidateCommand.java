package io.dataflux.examples.standalone;

import io.dataflux.DataFlux;
import java.nio.file.Path;

/** Checks a configuration and prints the resolved plan, or every problem in it. */
final class ValidateCommand implements Command {

    @Override
    public Usage usage() {
        return Plans.options(
                        new Usage("validate", "checks a configuration and prints the resolved plan").operand("FILE"))
                .more(
                        "Connects to nothing and reads only the configuration. If it has problems, prints each with its path and a fix, and the"
                                + " exit code is 2.");
    }

    @Override
    public int run(Arguments arguments) {
        System.out.println(DataFlux.plan(Path.of(arguments.operand(0)), Plans.flags(arguments), System.getenv())
                .describe());
        return GOOD;
    }
}
