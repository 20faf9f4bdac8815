package io.dataflux.examples.standalone;

import io.dataflux.DataFlux;
import java.nio.file.Path;

/** Checks a configuration and prints what it resolves to, or every problem it has. */
final class ValidateCommand implements Command {

    @Override
    public Usage usage() {
        return Plans.options(
                        new Usage("validate", "checks a configuration and prints the resolved plan").operand("FILE"))
                .more(
                        "Opens nothing: no socket, no file but the configuration. Exit code 2 with every problem, its path and the fix.");
    }

    @Override
    public int run(Arguments arguments) {
        System.out.println(DataFlux.plan(Path.of(arguments.operand(0)), Plans.flags(arguments), System.getenv())
                .describe());
        return GOOD;
    }
}
