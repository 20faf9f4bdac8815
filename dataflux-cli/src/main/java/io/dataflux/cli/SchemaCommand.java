package io.dataflux.cli;

import io.dataflux.DataFlux;

/** Prints the JSON Schema of configurations, with the settings of the sinks on the class path. */
final class SchemaCommand implements Command {

    @Override
    public Usage usage() {
        return new Usage("schema", "prints the JSON Schema of configurations, for editors")
                .more(
                        "Run ./dataflux schema > dataflux.schema.json, and make this the first line of a configuration next to it:\n"
                                + "# yaml-language-server: $schema=dataflux.schema.json");
    }

    @Override
    public int run(Arguments arguments, Stdout out) {
        out.text(DataFlux.schema());
        return GOOD;
    }
}
