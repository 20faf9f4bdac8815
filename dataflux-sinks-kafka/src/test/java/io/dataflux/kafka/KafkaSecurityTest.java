package io.dataflux.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.ConfigurationException.Problem;
import io.dataflux.DeliveryException;
import io.dataflux.config.SettingsReader;
import io.dataflux.problem.Problems;
import io.dataflux.spi.Sink;
import io.dataflux.spi.SinkConnector;
import io.dataflux.spi.SinkReader;
import io.dataflux.testkit.EmbeddedKafka;
import io.dataflux.testkit.TestSettings;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.JaasContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaSecurityTest {

    /** Everything that could end a quoted text, begin a comment or name another option. */
    private static final char[] PASSPHRASE = "changeit".toCharArray();

    private static final String PASSWORD = "hunter2 \"; x=\"y\\\" // '/*$x\\n ä€";

    @Test
    void passwordsAndUsersAreKnownByWhatTheyAreToABrokerWithSasl() throws Exception {
        String plain = Security.jaas("PLAIN", "broker", "inter")
                .replace(
                        ";",
                        " user_broker=\"inter\" user_alice="
                                + Security.jaas("PLAIN", "", PASSWORD).replaceAll("(?s).* password=", ""));
        try (EmbeddedKafka kafka = EmbeddedKafka.start(
                1,
                Map.of(
                        "listener.security.protocol.map",
                        "BROKER:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT",
                        "sasl.enabled.mechanisms",
                        "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512",
                        "sasl.mechanism.inter.broker.protocol",
                        "PLAIN",
                        "listener.name.broker.plain.sasl.jaas.config",
                        plain,
                        "listener.name.broker.scram-sha-256.sasl.jaas.config",
                        Security.jaas("SCRAM-SHA-256", "broker", "inter"),
                        "listener.name.broker.scram-sha-512.sasl.jaas.config",
                        Security.jaas("SCRAM-SHA-512", "broker", "inter")))) {
            addScramUser(kafka, "bob", PASSWORD);
            for (String mechanism : List.of("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512")) {
                String user = mechanism.equals("PLAIN") ? "alice" : "bob";
                assertRoundTrip(Feed.connector(
                        kafka.bootstrapServers(),
                        mechanism,
                        "partitions",
                        1L,
                        "transactional",
                        mechanism.equals("SCRAM-SHA-512"),
                        "sasl",
                        Map.of("mechanism", mechanism, "username", user, "password", PASSWORD)));

                SinkConnector wrong = Feed.connector(
                        kafka.bootstrapServers(),
                        mechanism,
                        "sasl",
                        Map.of("mechanism", mechanism, "username", user, "password", PASSWORD + "x"));
                assertThatThrownBy(() -> wrong.prepare(Feed.LANE))
                        .isInstanceOf(DeliveryException.class)
                        .hasMessageContaining("looking it up failed: Authentication failed")
                        .hasMessageEndingWith("; check sasl: mechanism, username and password")
                        .satisfies(e -> assertThat(everything(e)).doesNotContain("hunter2"));
            }
        }
    }

    @Test
    void aBrokerWithTlsIsTrustedByItsCertificateAndKnowsItsClients(@TempDir Path folder) throws Exception {
        Path broker = folder.resolve("broker.p12");
        Path client = folder.resolve("client.jks");
        keyPair(broker, "127.0.0.1");
        keyPair(client, "client");
        Path brokerCertificate = certificate(broker);
        Path trusted = folder.resolve("trusted.p12");
        trust(trusted, certificate(client), brokerCertificate); // its own, for what it sends to itself
        try (EmbeddedKafka kafka = EmbeddedKafka.start(
                1,
                Map.of(
                        "listener.security.protocol.map", "BROKER:SSL,CONTROLLER:PLAINTEXT",
                        "ssl.client.auth", "required",
                        "ssl.keystore.type", "PKCS12",
                        "ssl.keystore.location", broker.toString(),
                        "ssl.keystore.password", "changeit",
                        "ssl.truststore.type", "PKCS12",
                        "ssl.truststore.location", trusted.toString(),
                        "ssl.truststore.password", "changeit"))) {
            Map<String, Object> tls = new HashMap<>();
            tls.put("truststore", trusted.toString());
            tls.put("truststore_password", "changeit");
            tls.put("keystore", client.toString());
            tls.put("keystore_password", "changeit");
            assertRoundTrip(Feed.connector(kafka.bootstrapServers(), "tls", "partitions", 1L, "tls", tls));

            tls.put("truststore", brokerCertificate.toString()); // PEM
            tls.remove("truststore_password");
            assertRoundTrip(Feed.connector(kafka.bootstrapServers(), "tls", "tls", tls));

            String byName = kafka.bootstrapServers().replace("127.0.0.1", "localhost");
            assertThatThrownBy(() -> Feed.connector(byName, "tls", "tls", tls).prepare(Feed.LANE))
                    .as("the certificate is for another name")
                    .isInstanceOf(DeliveryException.class)
                    .hasMessageContaining("check tls: what truststore holds, the host names");
            tls.put("endpoint_identification", "none");
            Feed.connector(byName, "tls", "tls", tls).prepare(Feed.LANE);

            assertThatThrownBy(() -> Feed.connector(kafka.bootstrapServers(), "tls", "tls", Map.of())
                            .prepare(Feed.LANE))
                    .as("what Java trusts does not have the broker's certificate")
                    .isInstanceOf(DeliveryException.class)
                    .hasMessageContaining("looking it up failed: ")
                    .hasMessageContaining("check tls");
            assertThatThrownBy(() -> Feed.connector(kafka.bootstrapServers(), "tls", "connect_timeout", "1s")
                            .prepare(Feed.LANE))
                    .as("without tls")
                    .isInstanceOf(DeliveryException.class)
                    .hasMessageContaining("that the listener speaks PLAINTEXT");
        }
    }

    @Test
    void theClientReadsUserAndPasswordAsTheyWereWritten() {
        Random random = new Random(42);
        List<String> hard =
                new ArrayList<>(List.of(PASSWORD, "", "\"", "\\", "\\\\\"", "\n\r\t", "a\u0000b", ";", "=", "//"));
        for (int i = 0; i < 2_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(12); n > 0; n--) {
                text.append("\"\\'n0;= /*\n\r\täx€".charAt(random.nextInt(16)));
            }
            hard.add(text.toString());
        }
        for (String text : hard) {
            for (String mechanism : List.of("PLAIN", "SCRAM-SHA-256")) {
                List<AppConfigurationEntry> entries = JaasContext.loadClientContext(
                                Map.of("sasl.jaas.config", new Password(Security.jaas(mechanism, text, "x" + text))))
                        .configurationEntries();
                assertThat(entries).singleElement().satisfies(entry -> {
                    assertThat(entry.getLoginModuleName())
                            .endsWith(mechanism.equals("PLAIN") ? "PlainLoginModule" : "ScramLoginModule");
                    assertThat(entry.getOptions()).isEqualTo(Map.of("username", text, "password", "x" + text));
                });
            }
        }
    }

    @Test
    void secretsAreInNoTextOfTheSettings() {
        Problems problems = new Problems();
        Map<String, Object> given = Feed.settings(
                "localhost:9092",
                "x",
                "tls",
                Map.of("keystore", "k.p12", "keystore_password", "hunter2a", "key_password", "hunter2b"),
                "sasl",
                Map.of("mechanism", "PLAIN", "username", "u", "password", "hunter2c"));
        SettingsReader reader = SettingsReader.of("sinks.test", given, problems);
        KafkaSettings settings = KafkaSettings.read(reader);
        reader.finish();
        problems.throwIfAny("test");

        assertThat(settings.toString()).doesNotContain("hunter2").contains("SASL_SSL");
        assertThat(settings.security())
                .containsEntry("ssl.keystore.password", new Password("hunter2a"))
                .containsEntry("ssl.key.password", new Password("hunter2b"))
                .containsEntry("ssl.endpoint.identification.algorithm", "https");
    }

    @Test
    void mistakesAreProblemsWithTheirPath() {
        assertThat(problems("sasl", Map.of("mechanism", "GSSAPI", "usernme", "u", "password", "hunter2")))
                .extracting(Problem::path)
                .containsExactlyInAnyOrder("sinks.test.sasl.mechanism", "sinks.test.sasl.usernme");
        assertThat(problems("sasl", Map.of("username", "u"))).singleElement().satisfies(problem -> {
            assertThat(problem.path()).isEqualTo("sinks.test.sasl.password");
            assertThat(problem.what()).startsWith("is missing; write");
        });
        assertThat(problems(
                        "tls", Map.of("truststore", "ca.pem", "truststore_password", "hunter2", "key_password", "x")))
                .extracting(Problem::path)
                .containsExactlyInAnyOrder("sinks.test.tls.truststore_password", "sinks.test.tls.key_password");
        assertThat(problems("tls", true))
                .singleElement()
                .satisfies(problem -> assertThat(problem.what()).contains("write a map of settings"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"truststore", "keystore"})
    void aFileThatIsNotThereIsNamed(String store) {
        assertThatThrownBy(() -> Feed.connector("localhost:1", "x", "tls", Map.of(store, "no-such.p12"))
                        .prepare(Feed.LANE))
                .isInstanceOf(DeliveryException.class)
                .hasMessageStartingWith("the file 'no-such.p12' cannot be read; check tls." + store);
    }

    private static List<Problem> problems(Object... more) {
        List<Problem> problems =
                TestSettings.problems(new KafkaSinkProvider(), Feed.settings("localhost:9092", "orders", more));
        assertThat(problems.toString()).doesNotContain("hunter2");
        return problems;
    }

    private static void assertRoundTrip(SinkConnector connector) throws Exception {
        connector.prepare(Feed.LANE);
        String position = connector.readBack().orElseThrow().position(Feed.LANE);
        try (Sink sink = connector.open(Feed.LANE)) {
            Feed feed = new Feed(sink, 3);
            feed.write(10);
            sink.flush();
            assertThat(feed.acknowledged()).isEqualTo(10);
        }
        try (SinkReader reader = connector.readBack().orElseThrow().reader(Feed.LANE, position)) {
            assertThat(Feed.read(reader)).hasSize(10);
        }
    }

    private static void addScramUser(EmbeddedKafka kafka, String user, String password) throws Exception {
        Map<String, Object> properties = new HashMap<>(Map.of("bootstrap.servers", kafka.bootstrapServers()));
        properties.put("security.protocol", "SASL_PLAINTEXT");
        properties.put("sasl.mechanism", "PLAIN");
        properties.put("sasl.jaas.config", Security.jaas("PLAIN", "broker", "inter"));
        try (Admin admin = Admin.create(properties)) {
            for (ScramMechanism mechanism : List.of(ScramMechanism.SCRAM_SHA_256, ScramMechanism.SCRAM_SHA_512)) {
                admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(
                                user, new ScramCredentialInfo(mechanism, 4096), password)))
                        .all()
                        .get(30, TimeUnit.SECONDS);
            }
        }
    }

    private static String everything(Throwable failure) {
        StringBuilder text = new StringBuilder();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            text.append(cause).append('\n');
        }
        return text.toString();
    }

    /** A key and a certificate that it signed itself. */
    private static void keyPair(Path store, String name) throws Exception {
        List<String> more = new ArrayList<>(List.of(
                "-genkeypair",
                "-alias",
                "own",
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + name,
                "-validity",
                "30",
                "-storetype",
                store.toString().endsWith("jks") ? "JKS" : "PKCS12"));
        if (Character.isDigit(name.charAt(0))) {
            more.addAll(List.of("-ext", "san=ip:" + name));
        }
        keytool(store, more);
    }

    private static Path certificate(Path store) throws Exception {
        byte[] certificate = KeyStore.getInstance(store.toFile(), PASSPHRASE)
                .getCertificate("own")
                .getEncoded();
        return Files.writeString(
                Path.of(store + ".pem"),
                "-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder().encodeToString(certificate)
                        + "\n-----END CERTIFICATE-----\n");
    }

    private static void trust(Path store, Path... certificates) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, PASSPHRASE);
        for (Path certificate : certificates) {
            try (InputStream pem = Files.newInputStream(certificate)) {
                trusted.setCertificateEntry(
                        certificate.getFileName().toString(),
                        CertificateFactory.getInstance("X.509").generateCertificate(pem));
            }
        }
        try (OutputStream out = Files.newOutputStream(store)) {
            trusted.store(out, PASSPHRASE);
        }
    }

    private static void keytool(Path store, List<String> arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(arguments);
        command.addAll(List.of("-keystore", store.toString(), "-storepass", "changeit", "-keypass", "changeit"));
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(keytool.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(said).isZero();
    }
}
