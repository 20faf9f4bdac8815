/** Streams as functions: definitions, generation, the engine that sends them, and the verification of what came out. */
module io.dataflux.core {
    requires com.fasterxml.jackson.databind;
    requires net.datafaker;
    requires org.slf4j;
    requires org.yaml.snakeyaml;
    requires static org.jspecify;

    exports io.dataflux;
}
