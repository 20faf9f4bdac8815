package io.dataflux.examples.standalone;

import io.dataflux.DataFlux;
import java.io.IOException;
import java.io.InputStream;

/** Prints the JSON Schema of configurations, which is a resource of the core module. */
final class SchemaCommand implements Command {

    @Override
    public Usage usage() {
        return new Usage("schema", "prints the JSON Schema of configurations, for editors")
                .more(
                        "Run ./dataflux schema > dataflux.schema.json, and make this the first line of a configuration next to it:\n"
                                + "# yaml-language-server: $schema=dataflux.schema.json");
    }

    @Override
    public int run(Arguments arguments) throws IOException {
        try (InputStream schema = DataFlux.class.getResourceAsStream("dataflux.schema.json")) {
            if (schema == null) {
                throw new IllegalStateException("the core module has no dataflux.schema.json");
            }
            schema.transferTo(System.out);
        }
        return GOOD;
    }
}
