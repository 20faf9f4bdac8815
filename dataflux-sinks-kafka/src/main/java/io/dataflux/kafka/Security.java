package io.dataflux.kafka;

import static org.apache.kafka.clients.CommonClientConfigs.SECURITY_PROTOCOL_CONFIG;
import static org.apache.kafka.common.config.SaslConfigs.SASL_JAAS_CONFIG;
import static org.apache.kafka.common.config.SaslConfigs.SASL_MECHANISM;
import static org.apache.kafka.common.config.SslConfigs.SSL_ENDPOINT_IDENTIFICATION_ALGORITHM_CONFIG;
import static org.apache.kafka.common.config.SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG;
import static org.apache.kafka.common.config.SslConfigs.SSL_KEYSTORE_PASSWORD_CONFIG;
import static org.apache.kafka.common.config.SslConfigs.SSL_KEYSTORE_TYPE_CONFIG;
import static org.apache.kafka.common.config.SslConfigs.SSL_KEY_PASSWORD_CONFIG;
import static org.apache.kafka.common.config.SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG;
import static org.apache.kafka.common.config.SslConfigs.SSL_TRUSTSTORE_PASSWORD_CONFIG;
import static org.apache.kafka.common.config.SslConfigs.SSL_TRUSTSTORE_TYPE_CONFIG;

import io.dataflux.DeliveryException;
import io.dataflux.spi.Settings;
import io.dataflux.spi.Settings.Secret;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.common.config.types.Password;

/** How a client identifies itself and whom it trusts: {@code tls} and {@code sasl} as the client's properties, secrets hidden. */
final class Security {

    private static final Map<String, String> LOGIN_MODULES = Map.of(
            "PLAIN", "org.apache.kafka.common.security.plain.PlainLoginModule",
            "SCRAM-SHA-256", "org.apache.kafka.common.security.scram.ScramLoginModule",
            "SCRAM-SHA-512", "org.apache.kafka.common.security.scram.ScramLoginModule");

    private Security() {}

    /** The properties that {@code tls} and {@code sasl} stand for; none if neither is set. */
    static Map<String, Object> read(Settings settings) {
        Map<String, Object> properties = new TreeMap<>();
        Optional<Settings> tls = settings.block("tls");
        Optional<Settings> sasl = settings.block("sasl");
        tls.ifPresent(block -> readTls(block, properties));
        sasl.ifPresent(block -> readSasl(block, properties));
        if (tls.isPresent() || sasl.isPresent()) {
            String transport = tls.isPresent() ? "SSL" : "PLAINTEXT";
            properties.put(SECURITY_PROTOCOL_CONFIG, sasl.isPresent() ? "SASL_" + transport : transport);
        }
        return properties;
    }

    private static void readTls(Settings tls, Map<String, Object> properties) {
        readStore(
                tls,
                "truststore",
                properties,
                List.of(SSL_TRUSTSTORE_LOCATION_CONFIG, SSL_TRUSTSTORE_TYPE_CONFIG, SSL_TRUSTSTORE_PASSWORD_CONFIG));
        readStore(
                tls,
                "keystore",
                properties,
                List.of(SSL_KEYSTORE_LOCATION_CONFIG, SSL_KEYSTORE_TYPE_CONFIG, SSL_KEYSTORE_PASSWORD_CONFIG));
        tls.secret("key_password").ifPresent(secret -> {
            if (!tls.has("keystore")) {
                tls.problem("key_password", "has no effect without keystore");
            }
            properties.put(SSL_KEY_PASSWORD_CONFIG, new Password(secret.reveal()));
        });
        String identification = tls.oneOf("endpoint_identification", "https", "https", "none");
        properties.put(SSL_ENDPOINT_IDENTIFICATION_ALGORITHM_CONFIG, identification.equals("none") ? "" : "https");
    }

    /** @param names of the properties for location, type and password */
    private static void readStore(Settings tls, String store, Map<String, Object> properties, List<String> names) {
        Optional<String> file = tls.optionalText(store);
        Optional<Secret> password = tls.secret(store + "_password");
        if (file.isEmpty()) {
            if (password.isPresent()) {
                tls.problem(store + "_password", "has no effect without " + store);
            }
            return;
        }
        String type = type(file.get());
        properties.put(names.get(0), file.get());
        properties.put(names.get(1), type);
        password.ifPresent(secret -> {
            if (type.equals("PEM")) {
                tls.problem(
                        store + "_password",
                        "a PEM file has none" + (store.equals("keystore") ? "; its key may have a key_password" : ""));
            }
            properties.put(names.get(2), new Password(secret.reveal()));
        });
    }

    private static String type(String file) {
        String ending = file.substring(file.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return switch (ending) {
            case "pem", "crt", "cer" -> "PEM";
            case "jks" -> "JKS";
            default -> "PKCS12";
        };
    }

    private static void readSasl(Settings sasl, Map<String, Object> properties) {
        String mechanism = sasl.oneOf("mechanism", "SCRAM-SHA-512", "PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512");
        String user = sasl.text("username");
        Optional<Secret> password = sasl.secret("password");
        if (password.isEmpty() && !sasl.has("password")) {
            sasl.problem("password", "is missing; write 'password: \"${env:KAFKA_PASSWORD}\"' or the like");
        }
        properties.put(SASL_MECHANISM, mechanism);
        properties.put(
                SASL_JAAS_CONFIG,
                new Password(jaas(mechanism, user, password.map(Secret::reveal).orElse(""))));
    }

    /** The line that the client wants: a login module and its options. */
    static String jaas(String mechanism, String user, String password) {
        return LOGIN_MODULES.get(mechanism) + " required username=" + quoted(user) + " password=" + quoted(password)
                + ";";
    }

    /** Text in quotes as the client's tokenizer reads it: nothing in it can end it. */
    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> quoted.append('\\').append(c);
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                default -> quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }

    /** Checks that the files can be read. @throws DeliveryException if one cannot */
    static void checkFiles(Map<String, Object> properties) {
        for (String store : List.of("truststore", "keystore")) {
            Object file = properties.get("ssl." + store + ".location");
            if (file != null && !new File((String) file).canRead()) {
                throw new DeliveryException(
                        "the file '" + file + "' cannot be read; check tls." + store + " (relative paths begin at "
                                + Path.of("").toAbsolutePath() + ")",
                        null);
            }
        }
    }

    /** Whether passwords would cross the network in the clear. */
    static boolean showsPassword(Map<String, Object> properties) {
        return "SASL_PLAINTEXT".equals(properties.get(SECURITY_PROTOCOL_CONFIG))
                && "PLAIN".equals(properties.get(SASL_MECHANISM));
    }
}
