package io.dataflux.cli;

import io.dataflux.DataFlux;
import picocli.CommandLine;

/** Prints the JSON Schema of configurations, with the settings of the sinks on the class path. */
@CommandLine.Command(
        header = "prints the JSON Schema of configurations, for editors",
        footer = {
            "Run ${ROOT-COMMAND-NAME} schema > dataflux.schema.json, and make this the first line of a configuration next to it:",
            "# yaml-language-server: $$schema=dataflux.schema.json"
        })
final class SchemaCommand extends Command {

    @Override
    int run(Stdout out) {
        out.text(DataFlux.schema());
        return GOOD;
    }
}
