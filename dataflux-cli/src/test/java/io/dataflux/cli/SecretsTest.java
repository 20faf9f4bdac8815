package io.dataflux.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.dataflux.testkit.EmbeddedKafka;
import io.dataflux.testkit.EmbeddedS3;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Secrets enter in every possible way, everything succeeds or fails in every way that we know, and no secret comes out: not on a screen, not
 * at DEBUG in a log, not in a file of the run, not in the text of any object.
 */
class SecretsTest {

    /** How each secret enters; it contains the name of that way, so that a leak identifies itself. */
    private static final List<String> WAYS = List.of(
            "saslPassword",
            "saslPasswordOfTheEnvironment",
            "saslUserOfTheEnvironment",
            "kafkaTruststorePassword",
            "kafkaKeystorePassword",
            "kafkaKeyPassword",
            "jaasLine",
            "property",
            "userInfoOfServers",
            "bearer",
            "basicPassword",
            "authValue",
            "header",
            "headerOfTheEnvironment",
            "query",
            "queryOfRead",
            "userInfoOfUrl",
            "httpTruststorePassword",
            "httpKeystorePassword",
            "accessKey",
            "secretKey",
            "sessionToken",
            "userInfoOfEndpoint",
            "misspelt",
            "misplaced",
            "listed",
            "withoutBlank",
            "anchor",
            "broken",
            "number");

    private final Map<String, String> secrets = new TreeMap<>();
    private final Map<String, String> configs = new LinkedHashMap<>();

    @TempDir
    Path folder;

    SecretsTest() {
        for (String way : WAYS) {
            secrets.put(way, "Xq" + way + Integer.toHexString(way.hashCode()));
        }
        secrets.put("number", "7265410983");
    }

    @Test
    void noneIsInAnyOutputLogFileOrText() throws Exception {
        Path store = keystore();
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/", this::answer);
        http.start();
        try (EmbeddedKafka kafka = broker();
                EmbeddedS3 s3 = EmbeddedS3.start()) {
            String api = "http://127.0.0.1:" + http.getAddress().getPort();
            mistakes(store);
            kafka(kafka.bootstrapServers(), api.substring(7), store);
            http(api, store);
            s3(s3, api);
            for (Map.Entry<String, String> config : configs.entrySet()) {
                Files.writeString(folder.resolve(config.getKey() + ".yaml"), config.getValue());
            }
            String said = run(s3);

            assertEachDidWhatItWasFor(said);
            for (String logger : List.of("DEBUG SaslClientAuthenticator", "DEBUG request", "DEBUG KafkaProducer")) {
                assertThat(said.contains(logger)).as(logger).isTrue();
            }
            assertNoneIn("output", said);
        } finally {
            http.stop(0);
        }
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> left = files.filter(file ->
                            Files.isRegularFile(file) && file.getParent().getNameCount() > folder.getNameCount())
                    .toList();
            assertThat(left).as("reports, ledgers, checkpoints").hasSizeGreaterThan(20);
            for (Path file : left) {
                assertNoneIn(file.toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
    }

    private void assertNoneIn(String where, String text) {
        List<String> leaks = new ArrayList<>();
        secrets.forEach((way, secret) -> {
            for (String form : List.of(secret, base64("alice:" + secret))) {
                for (int at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + 1)) {
                    int begin = Math.max(text.lastIndexOf('\n', at), at - 500);
                    leaks.add("'" + way + "': ..." + text.substring(begin + 1, at + form.length()));
                }
            }
        });
        assertThat(leaks.stream().distinct().limit(20))
                .as("secrets in " + where)
                .isEmpty();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    private void assertEachDidWhatItWasFor(String said) {
        Map<String, Integer> exits = Map.of("good", 0, "bad", 1, "wrong", 2);
        for (String name : configs.keySet()) {
            int exit = exits.get(name.substring(0, name.indexOf('-')));
            assertThat(said.contains("run " + name + " exit " + exit + "\n"))
                    .as("run " + name + " exits with " + exit)
                    .isTrue();
            assertThat(said.contains("validate " + name + " exit " + (exit == 2 ? 2 : 0) + "\n"))
                    .as("validate " + name)
                    .isTrue();
            assertThat(exit > 0 || said.contains("verify " + name + " exit 0\n"))
                    .as("verify " + name)
                    .isTrue();
        }
        for (String words : List.of(
                "check sasl: mechanism, username and password",
                "answered 401",
                "redirects are not followed",
                "the events may have arrived",
                "check access_key and secret_key",
                "cannot be reached",
                "tls.keystore: cannot read",
                "keystore password was incorrect")) {
            assertThat(said.contains(words)).as(words).isTrue();
        }
    }

    /** Configurations that are refused. */
    private void mistakes(Path store) {
        config("wrong-types", """
                broker: {type: kafka, bootstrap_servers: "localhost:1", topic: t, tls: $misplaced, sasl: $saslPassword}
                two: {type: kafka, bootstrap_servers: "localhost:1", topic: t, sasl: {username: u, password: [$listed]}}
                three: {type: kafka, bootstrap_servers: "localhost:1", topic: t, sasl: {username: u, password: $number}}
                api: {type: http, url: "http://localhost:1/", auth: $bearer, headers: [$listed, $header]}
                more: {type: http, url: "http://localhost:1/", headers: $header, auth: {bearer: {token: $bearer}, basic: $basicPassword}}
                last: {type: http, url: "http://localhost:1/", headers: {X-Api-Key: $number}, tls: [$httpKeystorePassword]}
                lake: {type: s3, bucket: bbb, access_key: {key: $accessKey}, secret_key: $number}
                """);
        config("wrong-keys", """
                broker: {type: kafka, bootstrap_servers: "localhost:1", topic: t, sasl: {username: u, passwrod: $misspelt}}
                two: {type: kafka, bootstrap_servers: "localhost:1", topic: t, sasl: {username: u, password:$withoutBlank}}
                three: {type: kafka, bootstrap_servers: "localhost:1", topic: t, password: $misplaced}
                api: {type: http, url: "http://localhost:1/", barer: $misspelt, auth: {token: $bearer}}
                lake: {type: s3, bucket: bbb, access_key: $accessKey, sekret: $misspelt}
                """);
        config("wrong-values", """
                broker: {type: kafka, bootstrap_servers: "alice:$userInfoOfServers@localhost:9092", topic: t}
                two: {type: kafka, bootstrap_servers: "localhost:1", topic: t, sasl: {mechanism: $saslPassword, username: u, password: $saslPassword}}
                three: {type: kafka, bootstrap_servers: "localhost:1", topic: t, tls: {keystore: $kafkaKeyPassword, key_password: $kafkaKeyPassword, endpoint_identification: $kafkaKeyPassword}}
                four: {type: kafka, bootstrap_servers: "localhost:1", topic: t, properties: {sasl.jaas.config: "x password=$jaasLine;", linger.ms: $property, ssl.key.password: $property}}
                api: {type: http, url: "http://alice:$userInfoOfUrl@localhost:1/"}
                bad: {type: http, url: "http://alice:$userInfoOfUrl@local host:1/?t=$query"}
                port: {type: http, url: "http://localhost:99999/?t=$query"}
                head: {type: http, url: "http://localhost:1/", headers: {X-Key: "$header ä"}, auth: {header: "X $authValue", value: $authValue}}
                lake: {type: s3, bucket: bbb, endpoint: "http://alice:$userInfoOfEndpoint@localhost:1"}
                """);
        config("wrong-anchor", """
                broker: {type: kafka, bootstrap_servers: "localhost:1", topic: t, sasl: {username: u, password: &$anchor }}
                two: {type: kafka, bootstrap_servers: "localhost:1", topic: t, sasl: {username: u, password: *$anchor }}
                three: {type: kafka, bootstrap_servers: "localhost:1", topic: t, sasl: {username: u, password: !$anchor x}}
                """);
        config("wrong-syntax", """
                broker: {type: kafka, bootstrap_servers: "localhost:1", topic: t, sasl: {username: u, password: "$broken}}
                """);
        config("wrong-reference", """
                broker: {type: kafka, bootstrap_servers: "localhost:1", topic: t, sasl: {username: u, password: "${$misplaced}"}}
                """);
        config("bad-store", """
                broker: {type: kafka, bootstrap_servers: "localhost:1", topic: t, connect_timeout: 200ms, tls: {truststore: %s, truststore_password: $kafkaTruststorePassword, keystore: %s, keystore_password: $kafkaKeystorePassword, key_password: $kafkaKeyPassword}}
                """.formatted(store, store));
    }

    private void kafka(String servers, String noBroker, Path store) {
        String sasl = "sasl: {mechanism: PLAIN, username: alice, password: ";
        config("good-kafka", """
                broker: {type: kafka, bootstrap_servers: "%s", topic: good, partitions: 1, connect_timeout: 1m, sasl: {mechanism: PLAIN, username: "${env:SASL_USER}", password: "${env:SASL_PASSWORD}"}}
                """.formatted(servers));
        config("bad-kafka", """
                broker: {type: kafka, bootstrap_servers: "%s", topic: good, connect_timeout: 1m, %s$saslPassword}}
                """.formatted(servers, sasl));
        config("bad-kafka-refused", """
                broker: {type: kafka, bootstrap_servers: "%s", topic: good, connect_timeout: 200ms, %s$saslPassword}}
                """.formatted(closedPort(), sasl));
        config("bad-kafka-tls", """
                broker: {type: kafka, bootstrap_servers: "%s", topic: good, connect_timeout: 300ms, %s"${env:SASL_PASSWORD}"}, tls: {truststore: %s, truststore_password: changeit}}
                """.formatted(noBroker, sasl, store));
        config("bad-kafka-store", """
                broker: {type: kafka, bootstrap_servers: "%s", topic: good, tls: {truststore: %s, truststore_password: $kafkaTruststorePassword, keystore: %s, keystore_password: $kafkaKeystorePassword, key_password: $kafkaKeyPassword}}
                """.formatted(servers, store, store));
    }

    private void http(String api, Path store) {
        String secure = api.replace("http:", "https:");
        String quick = "retries: 1, retry_backoff: 1ms, on_failure: isolate";
        config("good-http", """
                api: {type: http, url: "%s/ok?token=$query", auth: {bearer: $bearer}, headers: {X-Api-Key: $header, X-More: "${env:HEADER}"}, read: {url: "%s/stored?token=$queryOfRead", page: 0}}
                """.formatted(api, api));
        config("bad-http", """
                echo: {type: http, url: "%s/401?token=$query", auth: {basic: {username: alice, password: $basicPassword}}, headers: {X-Api-Key: $header, X-More: "${env:HEADER}"}, %s}
                value: {type: http, url: "%s/401?token=$query", auth: {header: X-Key, value: $authValue}, headers: {Cookie: "a=$header; b=c"}, %s}
                elsewhere: {type: http, url: "%s/302?token=$query", auth: {bearer: $bearer}, %s}
                odd: {type: http, url: "%s/200?token=$query", auth: {bearer: $bearer}, rejected: "errors[].index", %s}
                partial: {type: http, url: "%s/207?token=$query", auth: {bearer: $bearer}, rejected: "errors[].index", %s}
                later: {type: http, url: "%s/503?token=$query", auth: {bearer: $bearer}, %s}
                garbage: {type: http, url: "%s/garbage?token=$query", auth: {bearer: $bearer}, %s}
                """.formatted(
                        api, quick, api, quick, api, quick, api, quick, api, quick, api, quick, api, quick));
        config("bad-http-read", """
                api: {type: http, url: "%s/ok?token=$query", auth: {bearer: $bearer}, read: {url: "%s/401?token=$queryOfRead"}}
                """.formatted(api, api));
        config("bad-http-refused", """
                api: {type: http, url: "http://%s/x?token=$query", auth: {bearer: $bearer}, connect_timeout: 200ms}
                """.formatted(closedPort()));
        config("bad-http-tls", """
                api: {type: http, url: "%s/x?token=$query", auth: {bearer: $bearer}, connect_timeout: 500ms}
                """.formatted(secure));
        config("bad-http-store", """
                api: {type: http, url: "%s/x?token=$query", tls: {truststore: %s, truststore_password: $httpTruststorePassword, keystore: %s, keystore_password: $httpKeystorePassword}}
                """.formatted(secure, store, store));
    }

    private void s3(EmbeddedS3 s3, String api) {
        s3.createBucket("lake");
        String quick = "retries: 1";
        config("good-s3", """
                lake: {type: s3, endpoint: "%s", bucket: lake, key: "{tag}-{shard}-{first}-{last}-{stream}.jsonl", access_key: "${env:S3_ACCESS}", secret_key: "${env:S3_SECRET}"}
                """.formatted(s3.endpoint()));
        config("bad-s3-keys", """
                lake: {type: s3, endpoint: "%s", bucket: lake, access_key: $accessKey, secret_key: $secretKey, session_token: $sessionToken, %s}
                """.formatted(s3.endpoint(), quick));
        config("bad-s3-echo", """
                lake: {type: s3, endpoint: "%s", bucket: lake, access_key: $accessKey, secret_key: $secretKey, session_token: $sessionToken, %s}
                """.formatted(api, quick));
        config("bad-s3-refused", """
                lake: {type: s3, endpoint: "http://%s", bucket: lake, access_key: $accessKey, secret_key: $secretKey, %s}
                """.formatted(closedPort(), quick));
    }

    private void config(String name, String sinks) {
        String text = "speed: max\nlimits: {events: 40}\nstreams: {clicks: {from: ingest}}\nsinks:\n" + sinks.indent(2);
        for (String way : secrets.keySet().stream()
                .sorted((a, b) -> b.length() - a.length())
                .toList()) {
            text = text.replace("$" + way, secrets.get(way));
        }
        configs.put(name, text);
    }

    private static String closedPort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return "127.0.0.1:" + socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private EmbeddedKafka broker() {
        String plain = "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"broker\""
                + " password=\"inter\" user_broker=\"inter\" user_" + secrets.get("saslUserOfTheEnvironment") + "=\""
                + secrets.get("saslPasswordOfTheEnvironment") + "\";";
        return EmbeddedKafka.start(
                1,
                Map.of(
                        "listener.security.protocol.map",
                        "BROKER:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT",
                        "sasl.enabled.mechanisms",
                        "PLAIN",
                        "sasl.mechanism.inter.broker.protocol",
                        "PLAIN",
                        "listener.name.broker.plain.sasl.jaas.config",
                        plain));
    }

    /** Of the server's one thread. */
    private final StringBuilder stored = new StringBuilder();

    /** A server that echoes everything it received, in the body and in headers, also decoded. */
    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        // the secrets first, because an error shows only the beginning
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        StringBuilder heard = new StringBuilder(exchange.getRequestURI() + " by " + authorization);
        if (authorization != null && authorization.startsWith("Basic ")) {
            heard.append(" that is ").append(new String(Base64.getDecoder().decode(authorization.substring(6)), UTF_8));
        }
        for (String name : List.of("X-Key", "X-Api-Key", "X-More", "Cookie", "X-Amz-Security-Token")) {
            heard.append(' ').append(exchange.getRequestHeaders().get(name));
        }
        String path = exchange.getRequestURI().getPath();
        int status = 403;
        switch (path) {
            case "/ok" -> {
                status = 200;
                stored.append(body).append('\n');
            }
            case "/stored" -> {
                status = 200;
                heard.setLength(0);
                heard.append(stored);
                exchange.getResponseHeaders().set("Content-Type", "application/x-ndjson");
            }
            case "/302" -> {
                status = 302;
                exchange.getResponseHeaders().set("Location", "http://alice:" + authorization + "@h/" + authorization);
            }
            case "/200" -> status = 200;
            case "/207" -> {
                status = 200;
                String said = heard.toString().replace("\"", "'");
                heard.setLength(0);
                heard.append("{\"errors\":[{\"index\":0,\"why\":\"")
                        .append(said)
                        .append("\"}]}");
            }
            case "/503" -> {
                status = 503;
                exchange.getResponseHeaders().set("Retry-After", "99999 " + authorization);
            }
            case "/401" -> status = 401;
            case "/garbage" -> status = 599;
            default -> exchange.getResponseHeaders().set("Content-Type", "application/xml");
        }
        if (status == 403) {
            heard.insert(0, "<Error><Code>AccessDenied</Code><Message>").append("</Message></Error>");
        }
        byte[] bytes = heard.toString().getBytes(UTF_8);
        exchange.sendResponseHeaders(status, exchange.getRequestMethod().equals("HEAD") ? -1 : bytes.length);
        if (!exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }

    private Path keystore() throws Exception {
        Path store = folder.resolve("store.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "own",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=x",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        "changeit")
                .redirectErrorStream(true)
                .start();
        String words = new String(keytool.getInputStream().readAllBytes(), UTF_8);
        assertThat(keytool.waitFor()).as(words).isZero();
        return store;
    }

    private String run(EmbeddedS3 s3) throws IOException, InterruptedException {
        secrets.put("embeddedSecretKey", s3.secretKey());
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=debug",
                "-Dorg.slf4j.simpleLogger.log.io.dataflux=debug",
                "-Dorg.slf4j.simpleLogger.log.org.apache.kafka=debug",
                "-Dorg.slf4j.simpleLogger.log.kafka=debug",
                "-Dorg.slf4j.simpleLogger.showThreadName=true",
                // shows what it signs, the session token too; S3SinkProvider says so
                "-Dorg.slf4j.simpleLogger.log.software.amazon.awssdk.http.auth.aws.internal.signer.DefaultV4RequestSigner=info",
                "-cp",
                System.getProperty("java.class.path").replace("::", File.pathSeparator),
                SecretsProgram.class.getName(),
                folder.toString()));
        Path output = folder.resolve("output.txt");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("AWS_") || name.startsWith("KAFKA_"));
        builder.environment().put("SASL_USER", secrets.get("saslUserOfTheEnvironment"));
        builder.environment().put("SASL_PASSWORD", secrets.get("saslPasswordOfTheEnvironment"));
        builder.environment().put("HEADER", secrets.get("headerOfTheEnvironment"));
        builder.environment().put("S3_ACCESS", s3.accessKey());
        builder.environment().put("S3_SECRET", s3.secretKey());
        Process process = builder.start();
        boolean ended = process.waitFor(4, TimeUnit.MINUTES);
        process.destroyForcibly();
        String said = Files.readString(output, StandardCharsets.ISO_8859_1);
        assertThat(ended && process.exitValue() == 0)
                .as(() -> said.substring(Math.max(0, said.length() - 5_000)))
                .isTrue();
        return said;
    }
}
