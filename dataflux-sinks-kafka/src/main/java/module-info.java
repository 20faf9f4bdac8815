/** The sink for Kafka topics. */
module io.dataflux.kafka {
    requires transitive io.dataflux.core;
    requires java.management;
    requires kafka.clients;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports io.dataflux.kafka;

    provides io.dataflux.spi.SinkProvider with
            io.dataflux.kafka.KafkaSinkProvider;
}
