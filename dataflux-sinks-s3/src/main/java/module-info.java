/** The sink for S3-compatible object stores. */
@SuppressWarnings("module") // the name ends as the protocol does
module io.dataflux.s3 {
    requires transitive io.dataflux.core;
    requires org.slf4j;
    requires static transitive org.jspecify;
    requires software.amazon.awssdk.auth;
    requires software.amazon.awssdk.awscore;
    requires software.amazon.awssdk.core;
    requires software.amazon.awssdk.http.urlconnection;
    requires software.amazon.awssdk.http;
    requires software.amazon.awssdk.regions;
    requires software.amazon.awssdk.retries.api;
    requires software.amazon.awssdk.services.s3;
    requires software.amazon.awssdk.utils;

    exports io.dataflux.s3;

    provides io.dataflux.spi.SinkProvider with
            io.dataflux.s3.S3SinkProvider;
}
