package io.dataflux.testkit;

import io.dataflux.spi.SinkConnector;
import io.dataflux.spi.SinkProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real Kafka cluster in this JVM: one controller and some brokers, on free ports of 127.0.0.1, in a temporary folder
 * that {@link #close} deletes. Topics are not created automatically, and nothing is deleted because of its age. Starting takes one or
 * two seconds; a broker holds some tens of megabytes. Thread-safe except for stopping, killing, starting and closing.
 *
 * <p>Needs {@code io.dataflux:dataflux-testkit-kafka} on the class path: it holds the server's jars, which are loaded separately, so
 * that the version of {@code kafka-clients} on the class path does not matter. Without it, the server is taken from the class
 * path ({@code org.apache.kafka:kafka_2.13} in the version of {@code kafka-clients}).
 *
 * <pre>{@code
 * try (EmbeddedKafka kafka = EmbeddedKafka.start()) {
 *     kafka.createTopic("orders", 3);
 *     send(kafka.bootstrapServers(), "orders");
 * }
 * }</pre>
 */
public final class EmbeddedKafka implements Kafka, AutoCloseable {

    static final String HOST = "127.0.0.1";

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedKafka.class);
    private static final int PARTITIONS = 3;

    private final Path folder;
    private final int brokers;
    /** Per broker its own listener, then per broker that for clients through its proxy, then the controller's. */
    private final int[] ports;

    private final List<FaultProxy> proxies = new ArrayList<>();
    private final Map<String, String> serverProperties;
    private final BiConsumer<String, Map<String, String>> nodes;
    private final Set<Integer> down = new TreeSet<>();
    private final Thread deleteAtExit;
    private boolean closed;

    /** Starts a cluster of one broker. */
    public static EmbeddedKafka start() {
        return start(1);
    }

    /** Starts a cluster of some brokers, whose ids count from 0. */
    public static EmbeddedKafka start(int brokers) {
        return start(brokers, Map.of());
    }

    /** Starts a cluster whose brokers get additional properties, such as {@code message.max.bytes}. */
    public static EmbeddedKafka start(int brokers, Map<String, String> serverProperties) {
        return start(brokers, serverProperties, false);
    }

    /**
     * Starts a cluster with a {@link #proxy} in front of each broker. Clients that start from {@link #bootstrapServers} reach every
     * broker through its proxy; those that start from {@link #directServers}, and the brokers among themselves, do not.
     */
    public static EmbeddedKafka startBehindProxies(int brokers, Map<String, String> serverProperties) {
        return start(brokers, serverProperties, true);
    }

    private static EmbeddedKafka start(int brokers, Map<String, String> serverProperties, boolean proxied) {
        if (brokers < 1) {
            throw new IllegalArgumentException("a cluster needs at least one broker, not " + brokers);
        }
        for (int attempt = 1; ; attempt++) {
            EmbeddedKafka kafka = new EmbeddedKafka(brokers, serverProperties, proxied);
            try {
                kafka.startAll();
                return kafka;
            } catch (RuntimeException e) {
                kafka.close();
                // another process may have taken a port since it was seen free
                if (attempt == 3 || !isPortTaken(e)) {
                    throw new IllegalStateException("the embedded Kafka did not start: " + e, e);
                }
            }
        }
    }

    private EmbeddedKafka(int brokers, Map<String, String> serverProperties, boolean proxied) {
        this.brokers = brokers;
        this.serverProperties = Map.copyOf(serverProperties);
        this.nodes = BrokerLoader.nodes((what, cause) -> LOG.error("{}", what, cause));
        try {
            this.folder = Files.createTempDirectory("dataflux-kafka-");
            this.ports = freePorts(2 * brokers + 1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (int broker = 0; proxied && broker < brokers; broker++) {
            proxies.add(FaultProxy.to(HOST, ports[brokers + broker], broker));
        }
        this.deleteAtExit = new Thread(() -> delete(folder), "dataflux-kafka-delete");
        Runtime.getRuntime().addShutdownHook(deleteAtExit);
    }

    /** The addresses of all brokers, or of their proxies, including stopped ones. */
    @Override
    public String bootstrapServers() {
        return proxies.isEmpty()
                ? directServers()
                : proxies.stream().map(FaultProxy::address).collect(Collectors.joining(","));
    }

    @Override
    public String directServers() {
        return IntStream.range(0, brokers)
                .mapToObj(broker -> HOST + ":" + ports[broker])
                .collect(Collectors.joining(","));
    }

    @Override
    public int brokers() {
        return brokers;
    }

    @Override
    public FaultProxy proxy(int broker) {
        if (proxies.isEmpty()) {
            throw new IllegalStateException("this cluster was started without proxies; use startBehindProxies");
        }
        return proxies.get(broker);
    }

    Path folder() {
        return folder;
    }

    /** Creates a topic with at most three replicas and waits until it can be used. */
    @Override
    public void createTopic(String name, int partitions) {
        createTopic(name, partitions, Map.of());
    }

    /** Creates a topic with some properties, such as {@code cleanup.policy}. */
    @Override
    public void createTopic(String name, int partitions, Map<String, String> properties) {
        createTopic(name, partitions, properties, false);
    }

    private void createTopic(String name, int partitions, Map<String, String> properties, boolean orTake) {
        Map<String, String> arguments = new HashMap<>(properties);
        arguments.put("name", name);
        arguments.put("partitions", Integer.toString(partitions));
        arguments.put("replicas", replicas());
        arguments.put("servers", directServers());
        if (orTake) {
            arguments.put("or_take", "");
        }
        try {
            nodes.accept(BrokerNodes.TOPIC, arguments);
        } catch (IllegalStateException e) {
            throw new IllegalStateException("topic '" + name + "' was not created: " + e.getMessage(), e.getCause());
        }
    }

    @Override
    public SinkConnector sink(String topic) {
        SinkProvider provider = ServiceLoader.load(SinkProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(found -> found.type().equals("kafka"))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "there is no Kafka sink; add io.dataflux:dataflux-sinks-kafka to the class path"));
        createTopic(topic, PARTITIONS, Map.of(), true);
        return TestSettings.configure(
                provider,
                // a machine on which tests run may be busy
                Map.of("bootstrap_servers", bootstrapServers(), "topic", topic, "connect_timeout", "1m"));
    }

    /** Stops a broker cleanly: it hands its partitions over, if there is another broker to take them. */
    public void stopBroker(int broker) {
        nodes.accept(BrokerNodes.STOP, Map.of("id", Integer.toString(broker)));
        down.add(broker);
    }

    /** Starts a broker that was stopped or killed, at its old port with its old data. */
    public void startBroker(int broker) {
        nodes.accept(BrokerNodes.START, Map.of("id", Integer.toString(broker)));
        down.remove(broker);
    }

    @Override
    public void kill(int broker) {
        nodes.accept(BrokerNodes.KILL, Map.of("id", Integer.toString(broker)));
        down.add(broker);
    }

    @Override
    public void restart(int broker) {
        if (!down.contains(broker)) {
            stopBroker(broker);
        }
        startBroker(broker);
    }

    /** Starts brokers that are down and heals all proxies. */
    void makeWhole() {
        proxies.forEach(FaultProxy::heal);
        List.copyOf(down).forEach(this::startBroker);
    }

    /** Stops all and deletes the data. Closing again does nothing. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        proxies.forEach(FaultProxy::close);
        nodes.accept(BrokerNodes.CLOSE, Map.of());
        delete(folder);
        try {
            Runtime.getRuntime().removeShutdownHook(deleteAtExit);
        } catch (IllegalStateException e) {
            LOG.debug("the JVM is ending", e);
        }
    }

    private void startAll() {
        nodes.accept(BrokerNodes.CONTROLLER, config(brokers, "controller"));
        for (int broker = 0; broker < brokers; broker++) {
            nodes.accept(BrokerNodes.BROKER, config(broker, "broker"));
        }
    }

    private String replicas() {
        return Integer.toString(Math.min(3, brokers));
    }

    private Map<String, String> config(int node, String role) {
        int controllerPort = ports[2 * brokers];
        Map<String, String> config = new HashMap<>();
        config.put("process.roles", role);
        config.put("node.id", Integer.toString(node));
        config.put("listener.security.protocol.map", "BROKER:PLAINTEXT,PROXIED:PLAINTEXT,CONTROLLER:PLAINTEXT");
        config.put("controller.listener.names", "CONTROLLER");
        config.put("controller.quorum.voters", brokers + "@" + HOST + ":" + controllerPort);
        config.put("log.dirs", folder.resolve(role + "-" + node).toString());
        if (role.equals("broker")) {
            config.put("inter.broker.listener.name", "BROKER");
            String direct = "BROKER://" + HOST + ":" + ports[node];
            if (proxies.isEmpty()) {
                config.put("listeners", direct);
            } else {
                config.put("listeners", direct + ",PROXIED://" + HOST + ":" + ports[brokers + node]);
                config.put(
                        "advertised.listeners",
                        direct + ",PROXIED://" + proxies.get(node).address());
            }
        } else {
            config.put("listeners", "CONTROLLER://" + HOST + ":" + controllerPort);
        }
        config.put("auto.create.topics.enable", "false");
        // streams begin at a time long past by default, and record timestamps are event times
        config.put("log.retention.ms", "-1");
        config.put("offsets.topic.replication.factor", replicas());
        config.put("offsets.topic.num.partitions", "4");
        config.put("transaction.state.log.replication.factor", replicas());
        config.put("transaction.state.log.min.isr", "1");
        config.put("transaction.state.log.num.partitions", "4");
        config.put("group.initial.rebalance.delay.ms", "0");
        // the controller lets a stopped broker come back when its session is over
        config.put("broker.session.timeout.ms", "3000");
        config.put("broker.heartbeat.interval.ms", "250");
        config.put("log.cleaner.dedupe.buffer.size", "2097152");
        config.put("num.io.threads", "2");
        config.put("num.network.threads", "2");
        config.putAll(serverProperties);
        return config;
    }

    /** Ports that nobody listens on now; all are held at once so that they differ. */
    private static int[] freePorts(int count) throws IOException {
        List<ServerSocket> held = new ArrayList<>();
        try {
            int[] ports = new int[count];
            for (int i = 0; i < count; i++) {
                ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                held.add(socket);
                ports[i] = socket.getLocalPort();
            }
            return ports;
        } finally {
            for (ServerSocket socket : held) {
                socket.close();
            }
        }
    }

    private static boolean isPortTaken(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (String.valueOf(cause.getMessage()).contains("Address already in use")) {
                return true;
            }
        }
        return false;
    }

    /** A broker that still runs, because the JVM is ending, may write into a folder while it is deleted. */
    static void delete(Path folder) {
        for (int attempt = 0; attempt < 10 && Files.exists(folder); attempt++) {
            deleteOnce(folder);
        }
    }

    private static void deleteOnce(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("{} was not deleted", folder, e);
        }
    }
}
