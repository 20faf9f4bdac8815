package io.dataflux.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.FaultHandlerFactory;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.SharedServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.bootstrap.BootstrapMetadata;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.ServerSocketFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real Kafka cluster in this JVM: one controller and some brokers, on ports of 127.0.0.1 that were free, in a temporary folder
 * that {@link #close} deletes. Topics are not created by themselves, and nothing is deleted for its age. Starting takes one or
 * two seconds; a broker holds some tens of megabytes. Thread-safe except for stopping, starting and closing.
 *
 * <p>Needs {@code org.apache.kafka:kafka_2.13} on the class path, in the version of {@code kafka-clients}; the server cannot be
 * on the module path.
 *
 * <pre>{@code
 * try (EmbeddedKafka kafka = EmbeddedKafka.start()) {
 *     kafka.createTopic("orders", 3);
 *     send(kafka.bootstrapServers(), "orders");
 * }
 * }</pre>
 */
public final class EmbeddedKafka implements AutoCloseable {

    // The server's classes are no public API: no other file of this project names them.

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedKafka.class);
    private static final String HOST = "127.0.0.1";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path folder;
    private final int controllerId;
    private final int[] ports; // of the brokers, then of the controller
    private final Map<String, String> serverProperties;
    private final List<BrokerServer> brokers = new ArrayList<>();
    private final Thread deleteAtExit;
    private @Nullable ControllerServer controller;
    private boolean closed;

    /** Starts a cluster of one broker. */
    public static EmbeddedKafka start() {
        return start(1);
    }

    /** Starts a cluster of some brokers, whose ids count from 0. */
    public static EmbeddedKafka start(int brokers) {
        return start(brokers, Map.of());
    }

    /** Starts a cluster whose brokers get some more properties, such as {@code message.max.bytes}. */
    public static EmbeddedKafka start(int brokers, Map<String, String> serverProperties) {
        if (brokers < 1) {
            throw new IllegalArgumentException("a cluster needs at least one broker, not " + brokers);
        }
        for (int attempt = 1; ; attempt++) {
            EmbeddedKafka kafka = new EmbeddedKafka(brokers, serverProperties);
            try {
                kafka.startAll();
                return kafka;
            } catch (Exception e) {
                kafka.close();
                // another process may have taken a port since it was seen free
                if (attempt == 3 || !isPortTaken(e)) {
                    throw new IllegalStateException("the embedded Kafka did not start: " + e, e);
                }
            }
        }
    }

    private EmbeddedKafka(int brokers, Map<String, String> serverProperties) {
        this.serverProperties = Map.copyOf(serverProperties);
        this.controllerId = brokers;
        try {
            this.folder = Files.createTempDirectory("dataflux-kafka-");
            this.ports = freePorts(brokers + 1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.deleteAtExit = new Thread(() -> delete(folder), "dataflux-kafka-delete");
        Runtime.getRuntime().addShutdownHook(deleteAtExit);
    }

    /** The addresses of all brokers, stopped ones as well. */
    public String bootstrapServers() {
        return Stream.iterate(0, broker -> broker < controllerId, broker -> broker + 1)
                .map(broker -> HOST + ":" + ports[broker])
                .collect(Collectors.joining(","));
    }

    /** The number of brokers. */
    public int brokers() {
        return controllerId;
    }

    Path folder() {
        return folder;
    }

    /** Creates a topic with at most three replicas and waits until it can be used. */
    public void createTopic(String name, int partitions) {
        createTopic(name, partitions, Map.of());
    }

    /** Creates a topic with some properties, such as {@code cleanup.policy}. */
    public void createTopic(String name, int partitions, Map<String, String> properties) {
        Map<String, Object> config = Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers());
        short replicas = (short) Math.min(3, controllerId);
        try (Admin admin = Admin.create(config)) {
            admin.createTopics(List.of(new NewTopic(name, partitions, replicas).configs(properties)))
                    .all()
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            awaitTopic(name);
        } catch (ExecutionException | InterruptedException | TimeoutException e) {
            throw new IllegalStateException("topic '" + name + "' was not created: " + e.getMessage(), e);
        }
    }

    /** The controller creates a topic; brokers hear of it a little later. */
    private void awaitTopic(String name) throws InterruptedException, TimeoutException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!brokers.stream()
                .allMatch(
                        broker -> broker.isShutdown() || broker.metadataCache().contains(name))) {
            if (System.nanoTime() > deadline) {
                throw new TimeoutException("not all brokers know it after " + PATIENCE.toSeconds() + " s");
            }
            Thread.sleep(10);
        }
    }

    /** Stops a broker the orderly way: it hands its partitions over, if there is another broker to take them. */
    public void stopBroker(int broker) {
        brokers.get(broker).shutdown();
    }

    /** Starts a broker that was stopped, at its old port with its old data. */
    public void startBroker(int broker) {
        brokers.get(broker).startup();
    }

    /** Stops all and deletes the data. Closing again does nothing. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        for (BrokerServer broker : brokers) {
            quietly(broker::shutdown);
        }
        if (controller != null) {
            quietly(controller::shutdown);
        }
        delete(folder);
        quietly(() -> Runtime.getRuntime().removeShutdownHook(deleteAtExit));
    }

    private void startAll() throws Exception {
        String clusterId = Uuid.randomUuid().toString();
        KafkaConfig config = config(controllerId, "controller");
        BootstrapMetadata metadata = format(config, clusterId);
        ControllerServer first = new ControllerServer(shared(config), KafkaRaftServer.configSchema(), metadata);
        controller = first;
        first.startup();
        for (int broker = 0; broker < controllerId; broker++) {
            KafkaConfig brokerConfig = config(broker, "broker");
            format(brokerConfig, clusterId);
            BrokerServer server = new BrokerServer(shared(brokerConfig));
            brokers.add(server);
            server.startup();
        }
    }

    private KafkaConfig config(int node, String role) {
        String replicas = Integer.toString(Math.min(3, controllerId));
        String listener = role.equals("broker") ? "BROKER" : "CONTROLLER";
        Map<String, String> config = new HashMap<>();
        config.put("process.roles", role);
        config.put("node.id", Integer.toString(node));
        config.put("listeners", listener + "://" + HOST + ":" + ports[node]);
        config.put("listener.security.protocol.map", "BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT");
        config.put("controller.listener.names", "CONTROLLER");
        config.put("controller.quorum.voters", controllerId + "@" + HOST + ":" + ports[controllerId]);
        config.put("log.dirs", folder.resolve(role + "-" + node).toString());
        if (role.equals("broker")) {
            config.put("inter.broker.listener.name", "BROKER");
        }
        config.put("auto.create.topics.enable", "false");
        // streams begin at a time long past by default, and record timestamps are event times
        config.put("log.retention.ms", "-1");
        config.put("offsets.topic.replication.factor", replicas);
        config.put("offsets.topic.num.partitions", "4");
        config.put("transaction.state.log.replication.factor", replicas);
        config.put("transaction.state.log.min.isr", "1");
        config.put("transaction.state.log.num.partitions", "4");
        config.put("group.initial.rebalance.delay.ms", "0");
        // the controller lets a stopped broker come back when its session is over
        config.put("broker.session.timeout.ms", "5000");
        config.put("broker.heartbeat.interval.ms", "250");
        config.put("log.cleaner.dedupe.buffer.size", "2097152");
        config.put("num.io.threads", "2");
        config.put("num.network.threads", "2");
        config.putAll(serverProperties);
        return new KafkaConfig(config, false);
    }

    private static BootstrapMetadata format(KafkaConfig config, String clusterId) throws Exception {
        Formatter formatter = new Formatter()
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                .setClusterId(clusterId)
                .setNodeId(config.nodeId())
                .setControllerListenerName("CONTROLLER")
                .setMetadataLogDirectory(config.metadataLogDir());
        config.logDirs().forEach(formatter::addDirectory);
        formatter.run();
        return formatter.bootstrapMetadata();
    }

    private SharedServer shared(KafkaConfig config) throws IOException {
        MetaPropertiesEnsemble directories = new MetaPropertiesEnsemble.Loader()
                .addLogDirs(config.logDirs())
                .addMetadataLogDir(config.metadataLogDir())
                .load();
        return new SharedServer(
                config,
                directories,
                Time.SYSTEM,
                new Metrics(),
                CompletableFuture.completedFuture(
                        Map.of(controllerId, InetSocketAddress.createUnresolved(HOST, ports[controllerId]))),
                List.of(),
                faults(),
                ServerSocketFactory.INSTANCE);
    }

    /** The server's own way with a fault is to halt the JVM. */
    private static FaultHandlerFactory faults() {
        return (name, fatal, action) -> (message, cause) -> {
            LOG.error("{}: {}", name, message, cause);
            action.run();
            return new IllegalStateException(name + ": " + message, cause);
        };
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

    private static void quietly(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            LOG.debug("while closing", e);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("{} was not deleted", folder, e);
        }
    }
}
