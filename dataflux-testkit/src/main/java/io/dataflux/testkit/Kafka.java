package io.dataflux.testkit;

import io.dataflux.spi.SinkConnector;
import io.dataflux.verify.Arrivals;
import java.util.Map;

/**
 * A Kafka cluster for tests, as {@link KafkaCluster} provides it. Whatever a test does to it is undone when the test ends.
 *
 * <pre>{@code
 * @Test
 * void survivesTheLossOfABroker(@KafkaCluster(brokers = 3) Kafka kafka) {
 *     kafka.createTopic("orders", 6);
 *     try (var consumer = new Orders(kafka.bootstrapServers())) {
 *         kafka.kill(1);
 *         ...
 *     }
 * }
 * }</pre>
 */
public interface Kafka {

    /** Where clients connect to: the proxies in front of the brokers. */
    String bootstrapServers();

    /** The brokers themselves, whatever the proxies do; for looking at what is stored. */
    String directServers();

    /** The number of brokers. Their ids count from 0. */
    int brokers();

    /** The proxy in front of a broker. */
    FaultProxy proxy(int broker);

    /** Creates a topic with as many replicas as there are brokers, at most three, and waits until it can be used. */
    void createTopic(String name, int partitions);

    /** Creates a topic with some properties, such as {@code min.insync.replicas}. */
    void createTopic(String name, int partitions, Map<String, String> properties);

    /**
     * A sink to a topic, which is created with three partitions if it does not exist. Needs {@code dataflux-sinks-kafka} on the class
     * path.
     */
    SinkConnector sink(String topic);

    /**
     * The committed records of a topic with their keys, starting at its current end, as JSON; see {@link Decoder#ofBytes} for the type. The
     * topic is created as for {@link #sink}.
     */
    default <R> Arrivals<R> arrivals(String topic, Class<R> type) {
        return Arrivals.stored(sink(topic), Decoder.ofBytes(type));
    }

    /**
     * Stops a broker as abruptly as is possible within one process: connections end without an answer, nothing is handed over,
     * and the controller notices when its heartbeats stop (after 3 s unless {@code broker.session.timeout.ms} says otherwise).
     * What it has written stays, as after a process is killed; the loss of a machine cannot be simulated this way.
     */
    void kill(int broker);

    /** Starts a broker that was killed, with its old data; if it is running, it is first stopped cleanly. */
    void restart(int broker);
}
