package io.dataflux.testkit;

import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Starts the clusters that {@link KafkaCluster} asks for; the context that asked first owns them. */
final class KafkaClusterExtension implements ParameterResolver {

    private static final Namespace NAMESPACE = Namespace.create(KafkaClusterExtension.class);

    KafkaClusterExtension() {}

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.isAnnotated(KafkaCluster.class);
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        if (type != Kafka.class) {
            throw new ParameterResolutionException("@KafkaCluster belongs to a parameter of type "
                    + Kafka.class.getName() + ", not " + type.getName());
        }
        KafkaCluster wanted = parameter.findAnnotation(KafkaCluster.class).orElseThrow();
        // of the test or, if it asked before, of its class
        Owned owned = context.getStore(NAMESPACE).get(key(wanted), Owned.class);
        if (owned == null) {
            owned = new Owned(start(wanted));
            owner(parameter.getDeclaringExecutable(), context).put(key(wanted), owned);
        }
        owned.kafka.makeWhole();
        return owned.kafka;
    }

    private static EmbeddedKafka start(KafkaCluster wanted) {
        try {
            return EmbeddedKafka.startBehindProxies(wanted.brokers(), properties(wanted));
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new ParameterResolutionException("@KafkaCluster: " + e.getMessage(), e);
        }
    }

    private static Store owner(Executable asking, ExtensionContext context) {
        boolean forOneTest = asking instanceof Method method && !method.isAnnotationPresent(BeforeAll.class);
        ExtensionContext of = context;
        while (!forOneTest && of.getTestMethod().isPresent() && of.getParent().isPresent()) {
            of = of.getParent().get();
        }
        return of.getStore(NAMESPACE);
    }

    private static List<Object> key(KafkaCluster wanted) {
        return List.of(wanted.brokers(), Arrays.asList(wanted.properties()));
    }

    private static Map<String, String> properties(KafkaCluster wanted) {
        Map<String, String> properties = new TreeMap<>();
        for (String property : wanted.properties()) {
            int equals = property.indexOf('=');
            if (equals < 1) {
                throw new ParameterResolutionException(
                        "@KafkaCluster(properties = \"" + property + "\"): write name=value");
            }
            properties.put(
                    property.substring(0, equals).strip(),
                    property.substring(equals + 1).strip());
        }
        return properties;
    }

    /** Closed by JUnit with the context that owns it; older versions of JUnit know the one interface, newer ones the other. */
    @SuppressWarnings("deprecation")
    private static final class Owned implements Store.CloseableResource, AutoCloseable {

        private final EmbeddedKafka kafka;

        Owned(EmbeddedKafka kafka) {
            this.kafka = kafka;
        }

        @Override
        public void close() {
            kafka.close();
        }
    }
}
