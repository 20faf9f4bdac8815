/** Streams as functions: definitions, generation, the engine that sends them, and the verification of what came out. */
module io.dataflux.core {
    requires com.fasterxml.jackson.databind;
    requires net.datafaker;
    requires transitive java.sql;
    requires org.slf4j;
    requires org.yaml.snakeyaml;
    requires static transitive org.jspecify;

    exports io.dataflux;
    exports io.dataflux.ledger;
    exports io.dataflux.model;
    exports io.dataflux.results;
    exports io.dataflux.spi;
    exports io.dataflux.verify;

    uses io.dataflux.RunMonitor.Provider;
    uses io.dataflux.spi.SinkProvider;
    uses io.dataflux.spi.RegionRouter.Provider;
    uses io.dataflux.spi.EventGenerator.Provider;

    provides io.dataflux.spi.SinkProvider with
            io.dataflux.sinks.ConsoleSink.Provider,
            io.dataflux.sinks.FileSink.Provider,
            io.dataflux.sinks.MockSink.Provider,
            io.dataflux.sinks.NullSink.Provider;
    provides io.dataflux.spi.RegionRouter.Provider with
            io.dataflux.plan.FieldRouter.Type,
            io.dataflux.plan.StickyRouter.Type;
}
