package io.dataflux.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.DeliveryException;
import io.dataflux.spi.Settings.Secret;
import io.dataflux.testkit.HttpReceiver;
import io.dataflux.testkit.RecordedOutcome;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpTlsTest {

    private static final String PASSWORD = "pa55word";

    @TempDir
    static Path folder;

    private static Path here;
    private static Path elsewhere;

    @BeforeAll
    static void makeCertificates() throws Exception {
        here = certificate("here", "ip:127.0.0.1");
        elsewhere = certificate("elsewhere", "dns:elsewhere.invalid");
    }

    @Test
    void aTrustedServerGetsTheEvents() throws Exception {
        try (HttpReceiver receiver = HttpReceiver.start(context(here))) {
            var connector = Feed.connector(receiver.url(), "tls", trust(here));
            connector.prepare(Feed.LANE);
            try (Feed feed = new Feed(connector)) {
                assertThat(feed.send(3).acknowledged()).isEqualTo(3);
            }
            assertThat(receiver.url()).startsWith("https://");
            assertThat(receiver.size()).isEqualTo(3);
        }
    }

    @Test
    void trustCanBeAPemFile() throws Exception {
        Path pem = folder.resolve("here.pem");
        keytool("-exportcert", "-rfc", "-alias", "here", "-keystore", here, "-storepass", PASSWORD, "-file", pem);
        try (HttpReceiver receiver = HttpReceiver.start(context(here));
                Feed feed = new Feed(Feed.connector(receiver.url(), "tls", Map.of("truststore", pem.toString())))) {
            assertThat(feed.send(3).acknowledged()).isEqualTo(3);
        }
    }

    @Test
    void aServerThatIsNotTrustedIsRefusedBeforeTheStartAndAtEachRequest() throws Exception {
        try (HttpReceiver receiver = HttpReceiver.start(context(here))) {
            var connector = Feed.connector(receiver.url());
            assertThatThrownBy(() -> connector.prepare(Feed.LANE))
                    .isInstanceOf(DeliveryException.class)
                    .hasMessageStartingWith("POST " + receiver.url() + ": the TLS handshake failed: ")
                    .hasMessageContaining("its certificate is not trusted: set tls: {truststore: ...}");
            try (Feed feed = new Feed(connector)) {
                RecordedOutcome outcome = feed.send(1);
                assertThat(outcome.failed()).as("nothing was sent").isEqualTo(1);
                assertThat(Feed.cause(outcome))
                        .contains("its certificate is not trusted")
                        .doesNotContain("tries");
            }
            assertThat(receiver.size()).isZero();
        }
    }

    @Test
    void aServerUnderAnotherNameIsRefused() throws Exception {
        try (HttpReceiver receiver = HttpReceiver.start(context(elsewhere))) {
            var connector = Feed.connector(receiver.url(), "tls", trust(elsewhere));
            assertThatThrownBy(() -> connector.prepare(Feed.LANE))
                    .hasMessageContaining("its certificate is for another host");
            try (Feed feed = new Feed(connector)) {
                assertThat(feed.send(1).failed()).isEqualTo(1);
            }
            assertThat(receiver.size()).isZero();
        }
    }

    @Test
    void plainHttpToATlsPortAndTheOtherWayRoundAreSaid() throws Exception {
        try (HttpReceiver secure = HttpReceiver.start(context(here));
                HttpReceiver plain = HttpReceiver.start()) {
            assertThatThrownBy(() -> Feed.connector(plain.url().replace("http:", "https:"), "connect_timeout", "500ms")
                            .prepare(Feed.LANE))
                    .isInstanceOf(DeliveryException.class)
                    .hasMessageContaining("POST https://127.0.0.1:" + plain.port() + "/events");
            try (Feed feed = new Feed(Feed.connector(secure.url().replace("https:", "http:"), "retries", 0L))) {
                assertThat(feed.send(1).acknowledged()).isZero();
            }
        }
    }

    @Test
    void aTruststoreThatCannotBeReadIsNamedWithoutItsPassword() {
        Tls missing = new Tls(folder.resolve("none.p12"), new Secret(PASSWORD), null, null);
        assertThatThrownBy(missing::context)
                .isInstanceOf(DeliveryException.class)
                .hasMessageContaining("tls.truststore: cannot read " + folder.resolve("none.p12"));
        Tls wrong = new Tls(here, new Secret("wr0ngword"), null, null);
        assertThatThrownBy(wrong::context)
                .hasMessageContaining("tls.truststore")
                .hasMessageNotContaining("wr0ngword");
        assertThat(wrong.toString()).doesNotContain("wr0ngword");
    }

    private static Map<String, Object> trust(Path store) {
        return Map.of("truststore", store.toString(), "truststore_password", PASSWORD);
    }

    private static SSLContext context(Path store) {
        return new Tls(null, null, store, new Secret(PASSWORD)).context();
    }

    private static Path certificate(String name, String host) throws Exception {
        Path store = folder.resolve(name + ".p12");
        keytool(
                "-genkeypair",
                "-alias",
                name,
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + name,
                "-ext",
                "san=" + host,
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                store,
                "-storepass",
                PASSWORD);
        return store;
    }

    private static void keytool(Object... arguments) throws Exception {
        List<String> command = new java.util.ArrayList<>();
        command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "keytool");
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        Path output = Files.createTempFile(folder, "keytool", ".txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor())
                .as(() -> {
                    try {
                        return Files.readString(output, StandardCharsets.UTF_8);
                    } catch (java.io.IOException e) {
                        return e.toString();
                    }
                })
                .isZero();
    }
}
