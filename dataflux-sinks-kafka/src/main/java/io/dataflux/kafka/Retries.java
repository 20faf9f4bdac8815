package io.dataflux.kafka;

import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.Metric;
import org.jspecify.annotations.Nullable;

/** How many records a producer has sent again, by its own count. Thread-safe; also after the producer was closed. */
final class Retries {

    private final @Nullable Metric total;

    Retries(Producer<?, ?> producer) {
        total = producer.metrics().entrySet().stream()
                .filter(metric -> metric.getKey().group().equals("producer-metrics")
                        && metric.getKey().name().equals("record-retry-total"))
                .map(metric -> (Metric) metric.getValue())
                .findAny()
                .orElse(null);
    }

    long count() {
        return total != null && total.metricValue() instanceof Number number ? number.longValue() : 0;
    }
}
