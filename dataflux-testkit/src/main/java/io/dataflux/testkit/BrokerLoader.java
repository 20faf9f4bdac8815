package io.dataflux.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Loads the server's jars of {@code dataflux-testkit-kafka}, and {@link BrokerNodes} with them, above the JDK and nothing else: the
 * server brings a Kafka client of its own version, which must not meet that of the user. Without that artifact the server
 * comes from the class path.
 */
final class BrokerLoader extends URLClassLoader {

    private static final String BUNDLE = "META-INF/dataflux/kafka-server/";
    private static final String NODES = "io.dataflux.testkit.BrokerNodes";
    private static final String SERVER = "kafka.server.BrokerServer";
    private static @Nullable BrokerLoader shared;

    private BrokerLoader(URL[] jars) {
        super("dataflux-kafka-server", jars, ClassLoader.getPlatformClassLoader());
    }

    /** New nodes, not started. */
    static BiConsumer<String, Map<String, String>> nodes(BiConsumer<String, @Nullable Throwable> troubles) {
        try {
            BrokerLoader bundle = bundle();
            if (bundle == null) {
                checkServer();
                return new BrokerNodes(troubles);
            }
            var maker = bundle.loadClass(NODES).getDeclaredConstructor(BiConsumer.class);
            maker.setAccessible(true);
            @SuppressWarnings("unchecked")
            var nodes = (BiConsumer<String, Map<String, String>>) maker.newInstance(troubles);
            return nodes;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the bundled Kafka server cannot be loaded: " + e, e);
        }
    }

    private static void checkServer() {
        try {
            Class.forName(SERVER, false, BrokerLoader.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(
                    "there is no Kafka server on the class path; add io.dataflux:dataflux-testkit-kafka in test scope",
                    e);
        }
    }

    /** One for all clusters of the JVM: its classes are many. */
    private static synchronized @Nullable BrokerLoader bundle() {
        URL list = BrokerLoader.class.getClassLoader().getResource(BUNDLE + "jars.txt");
        if (shared == null && list != null) {
            try {
                shared = new BrokerLoader(jars(list).toArray(new URL[0]));
            } catch (IOException e) {
                throw new UncheckedIOException("the bundled Kafka server cannot be unpacked", e);
            }
        }
        return shared;
    }

    /** The jars where they are, if that is a folder; else copies, since a jar within a jar cannot be loaded from. */
    private static List<URL> jars(URL list) throws IOException {
        List<URL> jars = new ArrayList<>();
        Path folder = list.getProtocol().equals("file") ? null : Files.createTempDirectory("dataflux-kafka-server-");
        for (String name : names(list)) {
            URL jar = new URL(list, name);
            if (folder != null) {
                Path copy = folder.resolve(name);
                try (InputStream in = jar.openStream()) {
                    Files.copy(in, copy);
                }
                jar = copy.toUri().toURL();
            }
            jars.add(jar);
        }
        if (folder != null) {
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(() -> EmbeddedKafka.delete(folder), "dataflux-kafka-delete"));
        }
        return jars;
    }

    private static List<String> names(URL list) throws IOException {
        try (InputStream in = list.openStream()) {
            // as Maven writes it: ./a.jar:./b.jar
            return Stream.of(new String(in.readAllBytes(), UTF_8).strip().split(":", -1))
                    .map(path -> path.substring(path.lastIndexOf('/') + 1))
                    .toList();
        }
    }

    /** The jars hold no class of ours; its bytes are those that lie beside this class. */
    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        if (!name.equals(NODES) && !name.startsWith(NODES + "$")) {
            return super.findClass(name);
        }
        try (InputStream in =
                BrokerLoader.class.getResourceAsStream(name.substring(name.lastIndexOf('.') + 1) + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] code = in.readAllBytes();
            return defineClass(name, code, 0, code.length);
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }
}
