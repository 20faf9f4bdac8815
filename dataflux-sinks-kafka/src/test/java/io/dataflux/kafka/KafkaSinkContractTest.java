package io.dataflux.kafka;

import io.dataflux.spi.SinkProvider;
import io.dataflux.testkit.EmbeddedKafka;
import io.dataflux.testkit.SinkContract;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class KafkaSinkContractTest extends SinkContract {

    private static EmbeddedKafka kafka;
    private static int topics;

    @BeforeAll
    static void startBroker() {
        kafka = EmbeddedKafka.start();
    }

    @AfterAll
    static void stopBroker() {
        kafka.close();
    }

    @Override
    protected SinkProvider provider() {
        return new KafkaSinkProvider();
    }

    @Override
    protected Map<String, ?> settings() {
        String topic = "contract-" + ++topics;
        return Map.of(
                "bootstrap_servers",
                kafka.bootstrapServers(),
                "topic",
                topic,
                "partitions",
                3L,
                "connect_timeout",
                "1m");
    }
}
