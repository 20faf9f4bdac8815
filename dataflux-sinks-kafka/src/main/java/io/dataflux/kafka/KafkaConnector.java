package io.dataflux.kafka;

import io.dataflux.DeliveryException;
import io.dataflux.spi.LaneContext;
import io.dataflux.spi.Sink;
import io.dataflux.spi.SinkConnector;
import io.dataflux.spi.SinkReader;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** A topic that a run sends to: looked at once, then one producer per lane. */
final class KafkaConnector implements SinkConnector {

    private final KafkaSettings settings;
    /** How the topic was when the run began. All lanes divide keys by the same number of partitions, whatever is added later. */
    private KafkaTopic.@Nullable State topic;

    KafkaConnector(KafkaSettings settings) {
        this.settings = settings;
    }

    @Override
    public void prepare(LaneContext run) throws Exception {
        topic = KafkaTopic.prepare(settings);
    }

    @Override
    public Sink open(LaneContext lane) throws Exception {
        KafkaTopic.State known = topic;
        if (known == null) {
            known = KafkaTopic.prepare(settings);
            topic = known;
        }
        Map<String, Object> properties = new HashMap<>(settings.producer());
        properties.put(
                ProducerConfig.CLIENT_ID_CONFIG, "dataflux-" + lane.sink() + "-" + lane.tagText() + "-" + lane.lane());
        KafkaProducer<byte[], byte[]> producer = null;
        try {
            producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
            producer.partitionsFor(settings.topic()); // connects, so that the first event does not wait for it
            return new KafkaSink(producer, settings, known, lane);
        } catch (KafkaException e) {
            if (producer != null) {
                producer.close(java.time.Duration.ZERO);
            }
            if (e instanceof InterruptException) {
                Thread.interrupted();
                throw new InterruptedException("interrupted while connecting to Kafka");
            }
            throw new DeliveryException(
                    "cannot open a producer for " + KafkaTopic.name(settings) + ": " + KafkaTopic.words(e), e);
        }
    }

    @Override
    public String position(LaneContext run) throws Exception {
        return KafkaPosition.text(KafkaTopic.endOffsets(settings));
    }

    @Override
    public Optional<SinkReader> reader(LaneContext run, String position) throws Exception {
        return Optional.of(KafkaReader.open(settings, KafkaPosition.parse(position)));
    }

    @Override
    public boolean readable() {
        return true;
    }
}
