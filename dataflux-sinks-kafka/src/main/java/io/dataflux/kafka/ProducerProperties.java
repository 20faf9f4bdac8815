package io.dataflux.kafka;

import io.dataflux.spi.Settings;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/**
 * The producer properties that a configuration may set besides the named settings. The client itself silently accepts unknown names,
 * weaker guarantees and names of classes to run; what is not on the list is therefore refused, each with its reason.
 */
final class ProducerProperties {

    private static final Set<String> ALLOWED = new TreeSet<>(List.of(
            "client.dns.lookup",
            "compression.gzip.level",
            "compression.lz4.level",
            "compression.zstd.level",
            "connections.max.idle.ms",
            "max.in.flight.requests.per.connection",
            "metadata.max.age.ms",
            "metadata.max.idle.ms",
            "receive.buffer.bytes",
            "reconnect.backoff.max.ms",
            "reconnect.backoff.ms",
            "retry.backoff.max.ms",
            "send.buffer.bytes",
            "socket.connection.setup.timeout.max.ms",
            "socket.connection.setup.timeout.ms"));

    private static final Map<String, String> NAMED_SETTINGS = Map.ofEntries(
            Map.entry("bootstrap.servers", "bootstrap_servers"),
            Map.entry("batch.size", "batch_size"),
            Map.entry("buffer.memory", "buffer_memory"),
            Map.entry("compression.type", "compression"),
            Map.entry("delivery.timeout.ms", "delivery_timeout"),
            Map.entry("linger.ms", "linger"),
            Map.entry("max.request.size", "max_request_size"),
            Map.entry("request.timeout.ms", "request_timeout"),
            Map.entry("retries", "max_retries"),
            Map.entry("retry.backoff.ms", "retry_backoff_ms"));

    private ProducerProperties() {}

    /** Adds the allowed ones to {@code producer}; the others become problems. No message shows the value of a refused one. */
    static void read(Settings settings, Map<String, Object> producer) {
        ConfigDef definitions = ProducerConfig.configDef();
        settings.textMap("properties").forEach((name, value) -> {
            if (!ALLOWED.contains(name)) {
                settings.problem("properties", name + " is refused: " + reason(name));
                return;
            }
            String mistake = mistake(definitions, name, value);
            if (mistake == null) {
                producer.put(name, value.strip());
            } else {
                settings.problem("properties", mistake);
            }
        });
    }

    private static @org.jspecify.annotations.Nullable String mistake(ConfigDef definitions, String name, String value) {
        ConfigDef.ConfigKey key = definitions.configKeys().get(name);
        if (key == null) {
            return name + " is not known to the Kafka client on the class path";
        }
        try {
            Object parsed = ConfigDef.parseType(name, value, key.type());
            if (key.validator != null) {
                key.validator.ensureValid(name, parsed);
            }
            if (name.equals("max.in.flight.requests.per.connection") && (Integer) parsed > 5) {
                return name + " " + value + " is too high: above 5 the broker no longer detects repeats; write 1 to 5";
            }
            return null;
        } catch (ConfigException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static String reason(String name) {
        String setting = NAMED_SETTINGS.get(name);
        if (setting != null) {
            return "use the setting " + setting + " instead";
        }
        if (name.equals("acks") || name.equals("enable.idempotence")) {
            return "the producer is always idempotent and waits for all in-sync replicas; anything weaker loses or repeats"
                    + " records unnoticed; leave it out";
        }
        if (name.startsWith("transaction")) {
            return "use transactional, transaction_events, transaction_interval and transaction_timeout instead";
        }
        if (name.endsWith(".serializer")) {
            return "keys and values are bytes already; leave it out";
        }
        if (name.startsWith("config.providers")) {
            return "a config provider reads files and runs code; use ${env:NAME} for secrets";
        }
        if (name.endsWith("sasl.jaas.config")) {
            return "a configuration may not name code to run; write sasl: {mechanism: ..., username: ..., password: ...}"
                    + " instead";
        }
        if (name.endsWith(".class")
                || name.endsWith(".classes")
                || name.equals("metric.reporters")
                || name.equals("security.providers")) {
            return "a configuration may not name code to run; leave it out";
        }
        if (name.startsWith("ssl.") || name.startsWith("sasl.") || name.equals("security.protocol")) {
            return "use the blocks tls and sasl instead";
        }
        if (name.startsWith("partitioner.")) {
            return "the partition follows from the key; leave it out";
        }
        if (name.equals("max.block.ms")) {
            return "it follows from delivery_timeout; set that";
        }
        if (name.equals("client.id")) {
            return "it is made from the sink's name, the run's tag and the lane; leave it out";
        }
        return "it is not among those known to be harmless: " + String.join(", ", ALLOWED);
    }
}
