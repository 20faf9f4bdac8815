package io.dataflux.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.testkit.HttpReceiver;
import io.dataflux.testkit.RecordedOutcome;
import io.dataflux.testkit.TestSettings;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpSettingsTest {

    private static final String URL = "http://localhost:8080/ingest";

    @Test
    void anAddressIsEnough() {
        assertThat(problems(URL)).isEmpty();
    }

    @Test
    void everySettingIsTaken() {
        assertThat(problems(
                        "https://localhost/x?y=1",
                        "method",
                        "PUT",
                        "body",
                        "ndjson",
                        "compression",
                        "gzip",
                        "batch_events",
                        200L,
                        "batch_bytes",
                        "64KiB",
                        "batch_interval",
                        "500ms",
                        "connections",
                        4L,
                        "ordered",
                        true,
                        "connect_timeout",
                        "1s",
                        "request_timeout",
                        "1s",
                        "delivery_timeout",
                        "5s",
                        "retries",
                        0L,
                        "retry_backoff",
                        "10ms",
                        "max_retry_backoff",
                        "1s",
                        "max_retry_after",
                        "2s",
                        "idempotency_header",
                        "X-Key",
                        "headers",
                        Map.of("X-Team", "blue"),
                        "auth",
                        Map.of("bearer", "t0ken"),
                        "tls",
                        Map.of("truststore", "a.p12", "truststore_password", "x1234"),
                        "rejected",
                        "errors[].index",
                        "max_response_bytes",
                        "64KiB",
                        "read",
                        Map.of("url", "https://localhost/x", "page", 100L, "items", "data", "timeout", "2s")))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"localhost:8080", "ftp://host/x", "http:///x", "http://a b/", "/events", "http://host:99999/"})
    void whatIsNoAddressIsAProblem(String url) {
        assertThat(problems(url))
                .singleElement()
                .asString()
                .startsWith("sinks.test.url: ")
                .contains("write http://host:port/path");
    }

    /** Containers often have such names. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://my_api:8080",
                "https://my_api/ingest",
                "http://api.my_team.local:8080/x",
                "http://ann@my_api/"
            })
    void aHostWithAnUnderscoreIsSaidToHaveOne(String url) {
        assertThat(problems(url))
                .singleElement()
                .asString()
                .startsWith("sinks.test.url: has a host with an underscore")
                .contains("write its address or another name of it");
        assertThat(problems("http://my-api:8080/my_path?a_b=c_d")).isEmpty();
        assertThat(problems("http://localhost:80_80/a_b"))
                .singleElement()
                .asString()
                .doesNotContain("underscore");
        assertThat(problems("http://a_user@localhost:x/"))
                .singleElement()
                .asString()
                .doesNotContain("underscore");
    }

    @Test
    void secretsDoNotBelongIntoTheAddress() {
        assertThat(problems("http://ann:s3cret@host/x"))
                .singleElement()
                .asString()
                .contains("put them in auth: {basic: {username: ..., password: ...}}")
                .doesNotContain("s3cret");
    }

    @Test
    void settingsThatContradictEachOtherAreProblems() {
        assertThat(problems(URL, "batch_events", 5L))
                .containsExactly(
                        "sinks.test.batch_events: a request with body: single holds one event; set body: ndjson or json_array");
        assertThat(problems(URL, "batch_interval", "5s"))
                .singleElement()
                .asString()
                .contains("body: single does not wait");
        assertThat(problems(URL, "request_timeout", "3s", "delivery_timeout", "2s"))
                .containsExactly(
                        "sinks.test.request_timeout: must not be longer than delivery_timeout, which bounds all tries of a request");
        assertThat(problems(URL, "idempotency_key", false, "idempotency_header", "X-Key"))
                .hasSize(1);
        assertThat(problems(URL, "tls", Map.of("truststore", "a.p12")))
                .singleElement()
                .asString()
                .contains("has no effect on http; set url to https://...");
        assertThat(problems("https://h/", "tls", Map.of()))
                .singleElement()
                .asString()
                .contains("neither a truststore nor a keystore");
    }

    @Test
    void headersThatTheSinkOrTheClientSetsAreRefused() {
        for (String name :
                List.of("Host", "content-length", "Transfer-Encoding", "Idempotency-Key", "Content-Encoding")) {
            assertThat(problems(URL, "headers", Map.of(name, "v3ryplain")))
                    .as(name)
                    .singleElement()
                    .asString()
                    .contains(name + " is set by the sink itself; leave it out")
                    .doesNotContain("v3ryplain");
        }
        assertThat(problems(URL, "headers", Map.of("bad name", "x")))
                .singleElement()
                .asString()
                .contains("is not a header name");
        assertThat(problems(URL, "headers", Map.of("X-A", "s3cret\r\nX-B: injected")))
                .singleElement()
                .asString()
                .contains("the value of X-A contains a character that headers do not allow")
                .doesNotContain("s3cret");
        assertThat(problems(URL, "headers", Map.of("Authorization", "x"), "auth", Map.of("bearer", "t0ken")))
                .singleElement()
                .asString()
                .contains("Authorization is set twice");
    }

    @Test
    void authIsOfOneKind() {
        String oneOf =
                "sinks.test.auth: write one of bearer: ${env:TOKEN}, basic: {username: ..., password: ${env:PASSWORD}},"
                        + " or header: X-Api-Key with value: ${env:KEY}";
        assertThat(problems(URL, "auth", Map.of())).containsExactly(oneOf);
        assertThat(problems(URL, "auth", Map.of("bearer", "t0ken", "header", "X-Api-Key", "value", "k3y")))
                .contains(oneOf);
        assertThat(problems(URL, "auth", Map.of("header", "X-Api-Key"))).containsExactly(oneOf);
        assertThat(problems(URL, "auth", Map.of("basic", Map.of("username", "ann"))))
                .containsExactly("sinks.test.auth.basic.password: is missing; write 'password: ${env:PASSWORD}'");
        assertThat(problems(URL, "auth", Map.of("barer", "t0ken")))
                .anyMatch(problem -> problem.contains("did you mean 'bearer'?"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"index", "errors.index", "errors[", "a b[]", "[]", "errors[0]"})
    void whatDoesNotLeadToIndicesIsAProblem(String path) {
        assertThat(problems(URL, "rejected", path))
                .singleElement()
                .asString()
                .contains("does not say where an answer lists the indices")
                .endsWith("such as errors[].index or rejected[]");
    }

    @ParameterizedTest
    @CsvSource({
        "http://h:1/hook/${V}/x?a=1, s3cret, http://h:1/hook/****/x",
        "http://h:1/hook?token=${V}, s3cret, http://h:1/hook",
        "${V}, http://h:1/hook/s3cret, http://h:1/****",
        "${V}/more, http://h:1/hook/s3cret, http://h:1/****/more",
        "${V}/more, http://h:1, http://h:1/more",
        "http://${V}/more, h:1, http://h:1/more",
    })
    void whatCameFromTheEnvironmentIsMaskedInWordsAndHashedInWhatIsWrittenDown(String url, String value, String shown) {
        URI whole = URI.create(url.replace("${V}", value));
        HttpSettings.Address address =
                new HttpSettings.Address(whole, List.of(new io.dataflux.spi.Settings.Secret(value)));
        HttpSettings.Address other = new HttpSettings.Address(
                URI.create(whole.toString().replace("s3cret", "0ther")),
                List.of(new io.dataflux.spi.Settings.Secret(value.replace("s3cret", "0ther"))));

        assertThat(address).hasToString(shown);
        assertThat(address.recorded()).doesNotContain("s3cret");
        if (whole.toString().contains("s3cret")) {
            assertThat(address.recorded()).contains("****").isNotEqualTo(other.recorded());
        } else {
            assertThat(address.recorded()).isEqualTo(whole.getRawPath());
        }
    }

    @Test
    void secretsAreNotShownByAnythingThatHoldsThem() throws Exception {
        HttpSettings settings = HttpSettings.post(java.net.URI.create(URL + "?key=quer7secret"));
        HttpSettings.Target target = settings.target();
        HttpSettings full = new HttpSettings(
                new HttpSettings.Target(
                        target.address(),
                        "POST",
                        List.of(new HttpSettings.Header(
                                "Authorization", new io.dataflux.spi.Settings.Secret("Bearer t0psecret"))),
                        target.connectTimeout()),
                1,
                new Tls(null, new io.dataflux.spi.Settings.Secret("st0repass"), null, null),
                settings.batching(),
                settings.keyHeader(),
                null,
                settings.rules(),
                1024,
                new HttpSettings.Reading(
                        new HttpSettings.Address(java.net.URI.create(URL + "?key=quer8secret")),
                        10,
                        "",
                        java.time.Duration.ofSeconds(1)));
        assertThat(full.toString()).doesNotContain("t0psecret", "st0repass", "quer7secret", "quer8secret");
        try (HttpReceiver receiver = HttpReceiver.start()) {
            String url = receiver.url() + "?key=quer7secret";
            receiver.close();
            try (Feed feed = new Feed(Feed.connector(
                    url,
                    "retries",
                    0L,
                    "auth",
                    Map.of("bearer", "t0psecret"),
                    "headers",
                    Map.of("X-K", "h3adersecret")))) {
                RecordedOutcome outcome = feed.send(1);
                assertThat(String.valueOf(outcome.firstCause()))
                        .contains("no connection")
                        .doesNotContain("t0psecret", "quer7secret", "h3adersecret");
            }
        }
    }

    @Test
    void theFaceInCodeRefusesWhatCannotBe() {
        assertThatThrownBy(() -> HttpSink.post("ftp://host/")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> HttpSink.post("http://u:p4ss@host/"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("p4ss");
        assertThatThrownBy(() -> HttpSink.post(URL).connections(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> HttpSink.post(URL).retries(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> HttpSink.post(URL).ndjson(0)).isInstanceOf(IllegalArgumentException.class);
    }

    private static List<String> problems(String url, Object... more) {
        return TestSettings.problems(new HttpSinkProvider(), Feed.settings(url, more)).stream()
                .map(problem -> problem.path() + ": " + problem.what())
                .toList();
    }
}
