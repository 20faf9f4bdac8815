/** Shows runs while they go on: a live page, and metrics. */
@SuppressWarnings("requires-transitive-automatic") // Micrometer has only the name of a module
module io.dataflux.monitor {
    requires transitive io.dataflux.core;
    requires com.fasterxml.jackson.databind;
    requires java.net.http;
    requires jdk.httpserver;
    requires micrometer.registry.prometheus;
    requires static micrometer.registry.otlp;
    requires org.slf4j;
    requires transitive micrometer.core;
    requires static transitive org.jspecify;

    exports io.dataflux.monitor;

    provides io.dataflux.RunMonitor.Provider with
            io.dataflux.monitor.ConfiguredPage;
}
