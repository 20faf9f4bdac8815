package io.dataflux.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class RetriesTest {

    @Test
    void theCountIsThatOfTheProducer() {
        MetricName name = new MetricName("record-retry-total", "producer-metrics", "", Map.of());
        double[] count = {3};
        try (MockProducer<byte[], byte[]> producer = new MockProducer<>()) {
            producer.setMockMetrics(name, new Metric() {
                @Override
                public MetricName metricName() {
                    return name;
                }

                @Override
                public Object metricValue() {
                    return count[0];
                }
            });
            Retries retries = new Retries(producer);
            assertThat(retries.count()).isEqualTo(3);
            count[0] = 17;
            assertThat(retries.count()).isEqualTo(17);
        }
    }

    /** Otherwise there would be no retries, without a word. */
    @Test
    void aRealProducerHasThisMetricFromTheBeginning() {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", "127.0.0.1:1"), new ByteArraySerializer(), new ByteArraySerializer())) {
            assertThat(producer.metrics().keySet())
                    .anyMatch(metric -> metric.group().equals("producer-metrics")
                            && metric.name().equals("record-retry-total"));
            assertThat(new Retries(producer).count()).isZero();
        }
    }
}
