package io.dataflux.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.spi.LaneContext;
import io.dataflux.spi.SinkConnector;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A run that is interrupted while its target does not answer ends with that, not with a target that cannot be reached. */
class InterruptedStartTest {

    @Test
    void aTargetThatAcceptsAndNeverAnswersDoesNotHoldUpAnInterrupt() throws Exception {
        LaneContext run = new LaneContext(
                "lake",
                0,
                1,
                1,
                7,
                0,
                List.of(new LaneContext.Stream("orders", 1, 1)),
                List.of("default"),
                Path.of("target"),
                true);
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getByName("localhost"))) {
            SinkConnector connector = S3Sink.bucket(URI.create("http://localhost:" + silent.getLocalPort()), "orders")
                    .credentials("minio", "secret-of-minio")
                    .sink();
            CompletableFuture<Throwable> ended = new CompletableFuture<>();
            Thread starting = new Thread(() -> {
                try {
                    connector.prepare(run);
                    ended.complete(new AssertionError("prepared"));
                } catch (Throwable e) {
                    ended.complete(e);
                }
            });
            starting.start();
            try (Socket accepted = silent.accept()) {
                assertThat(accepted.getInputStream().read()).as("it asks").isNotNegative();
                starting.interrupt();
                assertThat(ended.get(1, TimeUnit.MINUTES)).isInstanceOf(InterruptedException.class);
            }
            starting.join();
        }
    }
}
