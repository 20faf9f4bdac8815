/** The sink for HTTP endpoints. */
module io.dataflux.http {
    requires transitive io.dataflux.core;
    requires com.fasterxml.jackson.databind;
    requires java.net.http;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports io.dataflux.http;

    provides io.dataflux.spi.SinkProvider with
            io.dataflux.http.HttpSinkProvider;
}
