package io.dataflux.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.dataflux.ConfigurationException;
import io.dataflux.RunReport;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Metrics as a receiver of OpenTelemetry gets them, taken apart by OpenTelemetry's own classes. */
class OtlpTest {

    @TempDir
    Path folder;

    private final List<ExportMetricsServiceRequest> got = new CopyOnWriteArrayList<>();
    private HttpServer receiver;
    private volatile int status = 200;

    @BeforeEach
    void open() throws IOException {
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/v1/metrics", exchange -> {
            assertThat(exchange.getRequestHeaders().getFirst("Content-Type")).isEqualTo("application/x-protobuf");
            got.add(ExportMetricsServiceRequest.parseFrom(exchange.getRequestBody()));
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        receiver.start();
    }

    @AfterEach
    void close() {
        receiver.stop(0);
    }

    private String url() {
        return "http://127.0.0.1:" + receiver.getAddress().getPort() + "/v1/metrics";
    }

    private RunReport run() throws Exception {
        return Runs.plan(
                        folder,
                        "limits: {events: 5000}\nspeed: max\nmonitor: {port: 0, otlp: '" + url()
                                + "', otlp_interval: 1s}")
                .start()
                .await();
    }

    private static double sum(ExportMetricsServiceRequest request, String name, String outcome) {
        return request.getResourceMetricsList().stream()
                .flatMap(resource -> resource.getScopeMetricsList().stream())
                .flatMap(scope -> scope.getMetricsList().stream())
                .filter(metric -> metric.getName().equals(name))
                .map(Metric::getSum)
                .flatMap(points -> points.getDataPointsList().stream())
                .filter(point -> outcome.isEmpty()
                        || point.getAttributesList().stream()
                                .anyMatch(label -> label.getKey().equals("outcome")
                                        && label.getValue().getStringValue().equals(outcome)))
                .mapToDouble(NumberDataPoint::getAsDouble)
                .sum();
    }

    @Test
    void theLastFiguresAreThoseOfTheReport() throws Exception {
        RunReport report = run();
        ExportMetricsServiceRequest last = got.get(got.size() - 1);
        assertThat(sum(last, "dataflux.events", "acknowledged")).isEqualTo((double) report.acknowledged());
        assertThat(sum(last, "dataflux.events", "failed")).isZero();
        assertThat(sum(last, "dataflux.events.issued", "")).isEqualTo((double) report.issued());
        assertThat(last.getResourceMetrics(0).getResource().getAttributesList()).anySatisfy(attribute -> {
            assertThat(attribute.getKey()).isEqualTo("service.name");
            assertThat(attribute.getValue().getStringValue()).isEqualTo("dataflux");
        });
    }

    @Test
    void aReceiverThatRefusesOrIsAwayHoldsUpNothing() throws Exception {
        status = 503;
        assertThat(run().delivered()).isTrue();
        receiver.stop(0);
        assertThat(run().delivered()).isTrue();
    }

    /** Each begins an answer, or none, and does not go on. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "HTTP/1.1 200 OK\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"
            })
    void aReceiverThatDoesNotAnswerToTheEndDoesNotKeepTheRunFromEnding(String begun) throws Exception {
        try (ServerSocket stuck = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            List<Socket> taken = new CopyOnWriteArrayList<>();
            Thread taking = new Thread(() -> {
                try {
                    while (true) {
                        Socket peer = stuck.accept();
                        taken.add(peer);
                        peer.getOutputStream().write(begun.getBytes(StandardCharsets.UTF_8));
                        peer.getOutputStream().flush();
                    }
                } catch (IOException e) {
                    // closed
                }
            });
            taking.setDaemon(true);
            taking.start();
            long start = System.nanoTime();
            RunReport report = Runs.plan(
                            folder,
                            "limits: {events: 500}\nspeed: max\nmonitor: {port: 0, otlp: 'http://127.0.0.1:"
                                    + stuck.getLocalPort() + "/v1/metrics'}")
                    .start()
                    .await();
            assertThat(report.delivered()).isTrue();
            assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(30));
            assertThat(taken).as("it was asked").isNotEmpty();
            for (Socket peer : taken) {
                peer.close();
            }
        }
    }

    @Test
    void whatIsNoAddressIsRefused() {
        for (String wrong : List.of("localhost:4318", "ftp://localhost/", "http://", "a b")) {
            assertThatThrownBy(() -> Runs.plan(folder, "monitor: {otlp: '" + wrong + "'}"))
                    .isExactlyInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("monitor.otlp (line 24): '" + wrong
                            + "' is not an address of HTTP; write it whole, such as http://localhost:4318/v1/metrics");
        }
    }
}
