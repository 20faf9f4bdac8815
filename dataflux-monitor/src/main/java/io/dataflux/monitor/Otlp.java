package io.dataflux.monitor;

import io.micrometer.registry.otlp.OtlpConfig;
import io.micrometer.registry.otlp.OtlpMeterRegistry;
import io.micrometer.registry.otlp.OtlpMetricsSender;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends metrics to a receiver of OTLP, the protocol of OpenTelemetry, every few seconds and once more at the end. A receiver that cannot be
 * reached is warned of once, in one line, until it answers again. Headers come from the environment variable that OpenTelemetry names for
 * them, {@code OTEL_EXPORTER_OTLP_HEADERS}.
 */
final class Otlp implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Otlp.class);
    /** For a whole answer. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final OtlpMeterRegistry registry;

    private Otlp(OtlpMeterRegistry registry) {
        this.registry = registry;
    }

    /** What is missing on the class path; null if nothing is. */
    static @Nullable String missing() {
        try {
            Class.forName("io.micrometer.registry.otlp.OtlpMeterRegistry", false, Otlp.class.getClassLoader());
            return null;
        } catch (ClassNotFoundException e) {
            return "needs io.micrometer:micrometer-registry-otlp on the class path; add it";
        }
    }

    static Otlp open(URI receiver, Duration every, RunMetrics metrics) {
        OtlpMeterRegistry registry = OtlpMeterRegistry.builder(new Config(receiver, every))
                .metricsSender(new Sender(HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(PATIENCE)
                        .build()))
                .build();
        metrics.bindTo(registry);
        return new Otlp(registry);
    }

    @Override
    public void close() {
        registry.close(); // sends the last figures
    }

    private record Config(URI receiver, Duration step) implements OtlpConfig {
        @Override
        public @Nullable String get(String key) {
            return null;
        }

        @Override
        public String url() {
            return receiver.toString();
        }

        @Override
        public Map<String, String> resourceAttributes() {
            return Map.of("service.name", "dataflux"); // order never seen
        }
    }

    private static final class Sender implements OtlpMetricsSender {
        private final HttpClient client;
        private boolean warned;

        Sender(HttpClient client) {
            this.client = client;
        }

        @Override
        public void send(Request request) throws InterruptedException {
            HttpRequest.Builder post = HttpRequest.newBuilder(URI.create(String.valueOf(request.getAddress())))
                    .header("Content-Type", "application/x-protobuf")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(request.getMetricsData()));
            request.getHeaders().forEach(post::setHeader);
            String failure;
            CompletableFuture<HttpResponse<Void>> answer =
                    client.sendAsync(post.build(), HttpResponse.BodyHandlers.discarding());
            try {
                int status =
                        answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).statusCode();
                failure = status / 100 == 2 ? "" : "it answered " + status;
            } catch (TimeoutException e) {
                answer.cancel(true);
                failure = "no whole answer within " + PATIENCE.toSeconds() + " s";
            } catch (ExecutionException e) {
                Throwable cause = e.getCause() == null ? e : e.getCause();
                failure = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
            }
            if (!failure.isEmpty() && !warned) {
                LOG.warn("metrics do not reach the OTLP receiver at {}: {}", request.getAddress(), failure);
            }
            warned = !failure.isEmpty();
        }
    }
}
