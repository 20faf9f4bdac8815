package io.dataflux.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.SharedServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.image.MetadataDelta;
import org.apache.kafka.image.MetadataImage;
import org.apache.kafka.image.loader.LoaderManifest;
import org.apache.kafka.image.publisher.MetadataPublisher;
import org.apache.kafka.metadata.bootstrap.BootstrapMetadata;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.ServerSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of an {@link EmbeddedKafka}, and the only class that names the server's classes, which are no public API. May be loaded
 * by a class loader of its own, so it is made by reflection and told what to do in words of the JDK: a {@linkplain #accept
 * command} with arguments. Used by one thread.
 */
final class BrokerNodes implements BiConsumer<String, Map<String, String>> {

    static final String CONTROLLER = "controller";
    static final String BROKER = "broker";
    static final String STOP = "stop";
    static final String KILL = "kill";
    static final String START = "start";
    static final String TOPIC = "topic";
    static final String CLOSE = "close";

    private static final String HOST = "127.0.0.1";
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final BiConsumer<String, @Nullable Throwable> troubles;
    private final Map<Integer, Node> brokers = new TreeMap<>();
    private String clusterId = "";
    private int controllerId;
    private int controllerPort;
    private @Nullable ControllerServer controller;

    /** @param troubles is told what goes wrong within the servers, from any thread */
    BrokerNodes(BiConsumer<String, @Nullable Throwable> troubles) {
        this.troubles = troubles;
    }

    /**
     * Does one of the commands: {@code controller} and {@code broker} make and start a node of that configuration; {@code stop},
     * {@code kill} and {@code start} are for the broker {@code id}; {@code topic} creates {@code name} with {@code partitions} and
     * {@code replicas} through {@code servers}, or takes the one that is there if {@code or_take} is set, the other arguments being
     * the topic's configuration; {@code close} ends all.
     */
    @Override
    public void accept(String command, Map<String, String> arguments) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(BrokerNodes.class.getClassLoader()); // where the server looks for its classes
        try {
            switch (command) {
                case CONTROLLER -> startController(arguments);
                case BROKER -> startBroker(arguments);
                case STOP -> node(arguments).server.shutdown();
                case KILL -> node(arguments).kill();
                case START -> node(arguments).start();
                case TOPIC -> createTopic(new HashMap<>(arguments));
                case CLOSE -> close();
                default -> throw new IllegalArgumentException(command);
            }
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e.getMessage(), e);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private Node node(Map<String, String> arguments) {
        int id = Integer.parseInt(arguments.getOrDefault("id", ""));
        Node node = brokers.get(id);
        if (node == null) {
            throw new IllegalArgumentException("there is no broker " + id + ", but " + brokers.keySet());
        }
        return node;
    }

    private void startController(Map<String, String> properties) throws Exception {
        clusterId = org.apache.kafka.common.Uuid.randomUuid().toString();
        KafkaConfig config = new KafkaConfig(properties, false);
        controllerId = config.nodeId();
        controllerPort = config.controllerListeners().head().port();
        BootstrapMetadata metadata = format(config);
        controller = new ControllerServer(shared(config), KafkaRaftServer.configSchema(), metadata);
        controller.startup();
    }

    private void startBroker(Map<String, String> properties) throws Exception {
        KafkaConfig config = new KafkaConfig(properties, false);
        format(config);
        Node node = new Node(new BrokerServer(shared(config)));
        brokers.put(config.nodeId(), node);
        node.start();
    }

    private BootstrapMetadata format(KafkaConfig config) throws Exception {
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
                        Map.of(controllerId, InetSocketAddress.createUnresolved(HOST, controllerPort))),
                List.of(),
                // the server's own way with a fault is to halt the JVM
                (name, fatal, action) -> (message, cause) -> {
                    troubles.accept(name + ": " + message, cause);
                    action.run();
                    return new IllegalStateException(name + ": " + message, cause);
                },
                ServerSocketFactory.INSTANCE);
    }

    private void createTopic(Map<String, String> properties) throws Exception {
        String name = properties.remove("name");
        int partitions = Integer.parseInt(properties.remove("partitions"));
        short replicas = Short.parseShort(properties.remove("replicas"));
        Map<String, Object> config = Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, properties.remove("servers"));
        boolean orTake = properties.remove("or_take") != null;
        try (Admin admin = Admin.create(config)) {
            admin.createTopics(List.of(new NewTopic(name, partitions, replicas).configs(properties)))
                    .all()
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (!orTake || !(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
        // the controller creates a topic; brokers hear of it a little later
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (Node node : brokers.values()) {
            if (!node.server.isShutdown()) {
                node.awaitTopic(name, deadline);
            }
        }
    }

    private void close() {
        for (Node node : brokers.values()) {
            quietly(node.server::shutdown);
        }
        if (controller != null) {
            quietly(controller::shutdown);
        }
    }

    private void quietly(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            troubles.accept("while closing", e);
        }
    }

    /** A broker, and what it has heard from the controller. */
    private static final class Node implements MetadataPublisher {

        final BrokerServer server;

        Node(BrokerServer server) {
            this.server = server;
        }

        void start() throws Exception {
            server.startup();
            // after the broker's own publisher: when this one is told, the broker knows
            server.sharedServer().loader().installPublishers(List.of(this)).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }

        /** No word to the controller, no hand-over, no answer to what was asked: clients see their connections end. */
        void kill() {
            server.lifecycleManager().beginShutdown();
            server.socketServer().stopProcessingRequests();
            server.shutdown(Duration.ZERO);
        }

        @Override
        public String name() {
            return "dataflux";
        }

        @Override
        public void close() {}

        @Override
        public synchronized void onMetadataUpdate(MetadataDelta delta, MetadataImage now, LoaderManifest manifest) {
            notifyAll();
        }

        synchronized void awaitTopic(String topic, long deadline) throws Exception {
            while (!server.metadataCache().contains(topic)) {
                long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (millis <= 0) {
                    throw new TimeoutException("not all brokers know it after " + PATIENCE.toSeconds() + " s");
                }
                wait(millis);
            }
        }
    }
}
