package io.dataflux.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.dataflux.DeliveryException;
import io.dataflux.Plan;
import io.dataflux.Run;
import io.dataflux.RunReport;
import io.dataflux.spi.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page over HTTP, from outside: what it says, to whom, and what hostile or stuck peers can do. Long, because each refusal is tried by itself. */
class LivePageTest {

    private static final List<String> GUARDED = List.of("/api/runs", "/api/updates");
    private static final List<String> FILES =
            List.of("/", "/page.css", "/page.js", "/icon.svg", "/uplot.css", "/uplot.js");

    @TempDir
    Path folder;

    private LivePage page;

    @BeforeEach
    void open() throws IOException {
        page = LivePage.open(0);
    }

    @AfterEach
    void close() {
        page.close();
    }

    private Client get(String path, String... lines) throws IOException {
        return Client.get(page, path, lines);
    }

    // what is told

    @Test
    void aPageIsToldEverythingThenEachSecondAndTheEnd() throws Exception {
        Plan plan = Runs.plan(folder, "events_per_second: 4000\nlimits: {events: 24000}")
                .monitoredBy(page);
        RunReport report;
        JsonNode whole;
        List<JsonNode> steps = new ArrayList<>();
        try (Run run = plan.start();
                Client updates = get("/api/updates", Client.token(page))) {
            assertThat(updates.status).isEqualTo(200);
            assertThat(updates.headers).containsEntry("content-type", "text/event-stream; charset=utf-8");
            whole = updates.event("whole");
            do {
                steps.add(updates.event("step"));
            } while (!steps.get(steps.size() - 1).has("ended"));
            report = run.await();
        }

        assertThat(whole.get("run").asText()).isEqualTo(report.tag());
        assertThat(whole.get("plan").asText()).contains("streams.orders").contains("(line ");
        assertThat(whole.get("streams")).hasSize(2);
        assertThat(whole.get("runs").get(0).get("ended").asBoolean()).isFalse();
        JsonNode last = steps.get(steps.size() - 1);
        assertThat(last.get("ended").get("acknowledged").asLong()).isEqualTo(report.acknowledged());
        assertThat(sum(last.get("sinks"), "acknowledged")).isEqualTo(report.acknowledged());
        assertThat(sum(last.get("byStream"), "events")).isEqualTo(report.acknowledged());
        assertThat(sum(last.get("byRegion"), "events")).isEqualTo(report.acknowledged());
        assertThat(sum(last.get("byRegion"), "bytes")).isEqualTo(report.bytes());
        assertThat(last.get("byRegion")).hasSize(3);
        assertThat(last.get("sinks").get(0).get("health").asText()).isEqualTo("done");
        assertThat(steps).anySatisfy(step -> {
            assertThat(step.get("points").get(0).get(1).asDouble()).isBetween(5000.0, 6700.0); // all, and half of it
            assertThat(step.get("samples")).isNotEmpty();
        });
        assertThat(steps.stream()
                        .flatMap(step -> StreamSupport.stream(step.get("faults").spliterator(), false)))
                .isNotEmpty()
                .allSatisfy(fault -> assertThat(fault.get("kind").asText()).isIn("late", "duplicate"));
    }

    private static long sum(JsonNode list, String name) {
        return StreamSupport.stream(list.spliterator(), false)
                .mapToLong(item -> item.get(name).asLong())
                .sum();
    }

    @Test
    void samplesKeepTheirNumbersAndLeadBackToTheirEvents() throws Exception {
        Run run = Runs.plan(folder, "limits: {events: 3000}\nspeed: max")
                .monitoredBy(page)
                .start();
        run.await();
        try (Client updates = get("/api/updates", Client.token(page))) {
            JsonNode samples = updates.event("whole").get("samples");
            assertThat(samples)
                    .filteredOn(sample -> sample.get("stream").asText().equals("orders"))
                    .isNotEmpty()
                    .allSatisfy(sample -> {
                        String big = field(sample, "big");
                        assertThat(big).isIn("9007199254740993", "9007199254740994", "9007199254740995");
                        assertThat(sample.get("text").asText()).contains("\"big\":" + big);
                        assertThat(field(sample, "amount")).matches("\\d+\\.\\d\\d");
                        assertThat(sample.get("sequence").isTextual()).isTrue();
                        assertThat(sample.get("replay").asText())
                                .isEqualTo("./dataflux sample orders --seed 7 --from "
                                        + sample.get("sequence").asText() + " --count 1 --config "
                                        + folder.resolve("run.yaml") + " --tag " + run.tag());
                    });
        }
    }

    private static String field(JsonNode sample, String path) {
        for (JsonNode field : sample.get("fields")) {
            if (field.get(0).asText().equals(path)) {
                return field.get(1).asText();
            }
        }
        throw new AssertionError("no field " + path + " in " + sample);
    }

    @Test
    void severalRunsAreShownAndStay() throws Exception {
        RunReport first = Runs.plan(folder, "limits: {events: 100}\nspeed: max")
                .monitoredBy(page)
                .start()
                .await();
        RunReport second = Runs.plan(folder, "limits: {events: 200}\nspeed: max")
                .monitoredBy(page)
                .start()
                .await();
        try (Client newest = get("/api/updates", Client.token(page));
                Client other = get("/api/updates?run=" + first.tag(), Client.token(page));
                Client none = get("/api/updates?run=12345678", Client.token(page));
                Client runs = get("/api/runs", Client.token(page))) {
            assertThat(newest.event("whole").get("run").asText()).isEqualTo(second.tag());
            JsonNode whole = other.event("whole");
            assertThat(whole.get("run").asText()).isEqualTo(first.tag());
            assertThat(whole.get("ended").get("acknowledged").asLong()).isEqualTo(first.acknowledged());
            assertThat(whole.get("runs")).hasSize(2);
            assertThat(none.status).isEqualTo(404);
            assertThat(runs.body()).contains(first.tag()).contains(second.tag());
        }
    }

    @Test
    void healthSaysWhetherARunGoesOn() throws Exception {
        assertThat(get("/health/live").status).isEqualTo(200);
        assertThat(get("/health/ready").status).isEqualTo(503);
        try (Run run =
                Runs.plan(folder, "events_per_second: 10").monitoredBy(page).start()) {
            assertThat(get("/health/ready").status).isEqualTo(200);
            run.stop();
        }
        assertThat(get("/health/ready").status).isEqualTo(503);
        assertThat(get("/health/live").status).isEqualTo(200);
    }

    // who is told

    @Test
    void whatIsAboutEventsNeedsTheToken() throws Exception {
        for (String path : GUARDED) {
            for (String[] lines : new String[][] {
                {},
                {"Authorization: Bearer x"},
                {"Authorization: Bearer "},
                {"Authorization: Basic eDp5"},
                {"Cookie: token=x"}
            }) {
                try (Client client = get(path, lines)) {
                    assertThat(client.status).as(path).isEqualTo(401);
                    assertThat(client.headers).containsEntry("www-authenticate", "Bearer");
                }
            }
            try (Client client = get(path + "?token=" + page.address().replaceAll(".*=", ""))) {
                assertThat(client.status)
                        .as("a token in a query would be in logs")
                        .isEqualTo(401);
            }
            try (Client client = get(path, Client.token(page))) {
                assertThat(client.status).isEqualTo(200);
            }
        }
        assertThat(page.address()).matches("http://127\\.0\\.0\\.1:\\d+/#token=[0-9a-f]{48}");
        try (LivePage other = LivePage.open(0)) {
            assertThat(Client.token(other)).isNotEqualTo(Client.token(page));
        }
    }

    @Test
    void figuresNeedATokenThatSomebodyChose() throws Exception {
        assertThat(get("/metrics").status).isEqualTo(200);
        String token = "0123456789abcdef";
        try (LivePage chosen =
                LivePage.open(new LivePage.Options(0, "localhost", new Settings.Secret(token), List.of(), true))) {
            assertThat(Client.get(chosen, "/metrics").status).isEqualTo(401);
            assertThat(Client.get(chosen, "/metrics", "Authorization: Bearer " + token).status)
                    .isEqualTo(200);
            assertThat(Client.get(chosen, "/health/live").status).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host: evil.example",
                "Host: evil.example:80",
                "Host: localhost.evil.example",
                "Host: 127.0.0.1.evil.example",
                "Host: ",
                "Host: a\r\nHost: localhost"
            })
    void foreignHostNamesAreRefused(String host) throws Exception {
        for (String path : List.of("/", "/metrics", "/api/runs", "/health/live")) {
            try (Client client = get(path, host, Client.token(page))) {
                assertThat(client.status).as(path).isEqualTo(403);
                assertThat(client.body()).doesNotContain("<");
            }
        }
    }

    @Test
    void namesThatAreConfiguredAreKnown() throws Exception {
        try (LivePage named =
                LivePage.open(new LivePage.Options(0, "localhost", null, List.of("Load.Example.com"), true))) {
            assertThat(Client.get(named, "/", "Host: load.example.com").status).isEqualTo(200);
            assertThat(Client.get(named, "/", "Host: LOAD.example.com:8000").status)
                    .isEqualTo(200);
            assertThat(Client.get(named, "/", "Host: other.example.com").status).isEqualTo(403);
            assertThat(Client.get(named, "/", "Host: [::1]:1").status).isEqualTo(200);
        }
    }

    @Test
    void requestsFromPagesOfOtherSitesAreRefused() throws Exception {
        String own = page.url().substring(0, page.url().length() - 1);
        for (String line : List.of(
                "Origin: http://evil.example",
                "Origin: null",
                "Origin: https" + own.substring(4),
                "Sec-Fetch-Site: cross-site",
                "Sec-Fetch-Site: same-site")) {
            try (Client client = get("/api/runs", line, Client.token(page))) {
                assertThat(client.status).as(line).isEqualTo(403);
                assertThat(client.headers).doesNotContainKey("access-control-allow-origin");
            }
        }
        assertThat(get("/api/runs", "Origin: " + own, Client.token(page)).status)
                .isEqualTo(200);
        assertThat(get("/", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate").status)
                .as("a link")
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "TRACE"})
    void whatIsOnlyShownIsOnlyRead(String method) throws Exception {
        try (Client client = new Client(page.url(), method + " /api/runs", Client.token(page)).head()) {
            assertThat(client.status).isEqualTo(405);
            assertThat(client.headers).containsEntry("allow", "GET, HEAD");
        }
    }

    @Test
    void headIsAnsweredWithoutABody() throws Exception {
        for (String path : List.of("/", "/metrics", "/api/runs", "/api/updates")) {
            try (Client client =
                    new Client(page.url(), "HEAD " + path, Client.token(page), "Connection: close").head()) {
                assertThat(client.status).as(path).isEqualTo(200);
                assertThat(client.rest()).as(path).isEmpty();
            }
        }
    }

    @Test
    void everyAnswerForbidsWhatThePageDoesNotNeed() throws Exception {
        List<String> paths = new ArrayList<>(FILES);
        paths.addAll(List.of(
                "/metrics", "/health/live", "/api/runs", "/api/updates", "/nothing", "/../pom.xml", "/page%2ehtml"));
        for (String path : paths) {
            try (Client client = get(path)) {
                assertThat(client.headers.get("content-security-policy"))
                        .as(path)
                        .contains("default-src 'none'")
                        .doesNotContain("unsafe")
                        .contains("frame-ancestors 'none'");
                assertThat(client.headers)
                        .containsEntry("x-content-type-options", "nosniff")
                        .containsEntry("referrer-policy", "no-referrer")
                        .containsEntry("cache-control", "no-store")
                        .doesNotContainKey("access-control-allow-origin");
                assertThat(client.status)
                        .isEqualTo(
                                FILES.contains(path) || path.startsWith("/metrics") || path.startsWith("/health")
                                        ? 200
                                        : path.startsWith("/api") ? 401 : 404);
            }
        }
    }

    @Test
    void thePageLoadsOnlyOwnFilesAndHasNoInlineScript() throws Exception {
        String html;
        try (Client client = get("/")) {
            html = client.body();
        }
        assertThat(html)
                .doesNotContain("http://")
                .doesNotContain("https://")
                .doesNotContain("style=")
                .doesNotContain(" onclick");
        for (String file : List.of("uplot.css", "page.css", "uplot.js", "page.js", "icon.svg")) {
            assertThat(html).contains("\"" + file + "\"");
        }
        assertThat(html).doesNotContainPattern("<script(?![^>]*src=)").doesNotContain("<style");
        String script = new String(
                LivePage.class.getResourceAsStream("page.js").readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(script)
                .doesNotContain("innerHTML")
                .doesNotContain("outerHTML")
                .doesNotContain("insertAdjacentHTML")
                .doesNotContain("eval(");
    }

    // what is not told

    @Test
    void noSecretIsInAnyAnswer() throws Exception {
        String secret = "geheim-0123456789abcdef";
        Plan plan = Runs.plan(
                        folder,
                        "limits: {events: 100}\nspeed: max\nmonitor: {port: 0, token: \"${env:T}\"}\n",
                        Map.of("T", secret))
                .monitoredBy(page);
        plan.start().await();
        for (String path : List.of("/", "/metrics", "/api/runs", "/api/updates")) {
            try (Client client = get(path, Client.token(page))) {
                String all = path.equals("/api/updates") ? client.event("whole").toString() : client.body();
                assertThat(all).as(path).isNotEmpty().doesNotContain(secret).doesNotContain("geheim");
                assertThat(all).doesNotContain(page.address().replaceAll(".*=", ""));
                assertThat(client.headers.toString()).doesNotContain("geheim");
            }
        }
    }

    // what it may cost

    @Test
    void pagesAreBoundedAndAClosedOneMakesRoom() throws Exception {
        List<Client> open = new ArrayList<>();
        try (Run run =
                Runs.plan(folder, "events_per_second: 100").monitoredBy(page).start()) {
            for (int i = 0; i < PageServer.MOST_PAGES; i++) {
                Client client = get("/api/updates", Client.token(page));
                assertThat(client.event("whole")).isNotNull();
                open.add(client);
            }
            try (Client more = get("/api/updates", Client.token(page))) {
                assertThat(more.status).isEqualTo(503);
                assertThat(more.headers).containsKey("retry-after");
            }
            assertThat(get("/metrics").status)
                    .as("others are answered meanwhile")
                    .isEqualTo(200);
            open.remove(0).close();
            await().untilAsserted(() -> {
                try (Client again = get("/api/updates", Client.token(page))) {
                    assertThat(again.status).isEqualTo(200);
                }
            });
            run.stop();
        } finally {
            for (Client client : open) {
                client.close();
            }
        }
    }

    /** Connections that send half a request, and pages that never read, hold neither the run nor, for long, the others. */
    @Test
    void stuckPeersDelayNeitherTheRunNorItsEnd() throws Exception {
        List<AutoCloseable> stuck = new ArrayList<>();
        try {
            for (int i = 0; i < 40; i++) {
                Socket socket = new Socket(
                        InetAddress.getLoopbackAddress(),
                        java.net.URI.create(page.url()).getPort());
                socket.getOutputStream().write("GET / HT".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                stuck.add(socket);
            }
            RunReport report = Runs.plan(folder, "events_per_second: 5000\nlimits: {events: 10000}")
                    .monitoredBy(page)
                    .start()
                    .await();
            assertThat(report.complete()).isTrue();
            await().atMost(120, TimeUnit.SECONDS).ignoreExceptions().untilAsserted(() -> {
                try (Client client = get("/metrics")) {
                    assertThat(client.status).isEqualTo(200);
                }
            });
        } finally {
            for (AutoCloseable each : stuck) {
                each.close();
            }
        }
    }

    @Test
    void aPageThatReadsTooSlowlyGetsEverythingAnew() throws Exception {
        Updates updates = new Updates();
        for (int i = 0; i < 100; i++) {
            updates.add(new byte[] {(byte) i});
        }
        assertThat(updates.next()).isNull();
        updates.add(new byte[] {1});
        assertThat(updates.next()).containsExactly(1);
        updates.close();
        assertThat(updates.next()).isEmpty();
    }

    // in configurations

    @Test
    void aConfiguredPageHasItsAddressInAFileOfItsUserAndEndsWithTheRun() throws Exception {
        String url;
        try (Run run =
                Runs.plan(folder, "events_per_second: 100\nmonitor: {port: 0}").start()) {
            assertThat(run.monitors())
                    .singleElement()
                    .asString()
                    .matches("live page: http://127\\.0\\.0\\.1:\\d+/#token=[0-9a-f]{48}");
            url = run.monitors().get(0).replace("live page: ", "");
            Path file = run.report().resolveSibling("monitor.url");
            assertThat(file).hasContent(url + "\n");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            try (Client client = new Client(
                            url.replaceAll("#.*", ""),
                            "GET /api/updates",
                            "Authorization: Bearer " + url.replaceAll(".*=", ""))
                    .head()) {
                assertThat(client.event("whole").get("run").asText()).isEqualTo(run.tag());
                RunReport report = run.stop();
                JsonNode step = client.event("step");
                while (!step.has("ended")) {
                    step = client.event("step");
                }
                assertThat(step.get("ended").get("acknowledged").asLong()).isEqualTo(report.acknowledged());
                assertThat(file).doesNotExist();
            }
        }
        assertThatThrownBy(() -> new Client(url.replaceAll("#.*", ""), "GET /")).isInstanceOf(IOException.class);
    }

    @Test
    void thePageCanStayAfterTheEnd() throws Exception {
        try (Run run = Runs.plan(folder, "limits: {events: 100}\nspeed: max\nmonitor: {port: 0, linger: 10m}")
                .start()) {
            String url = run.monitors().get(0).replace("live page: ", "");
            await().untilAsserted(() -> {
                try (Client client = new Client(url.replaceAll("#.*", ""), "GET /health/ready").head()) {
                    assertThat(client.status).isEqualTo(503);
                }
            });
            run.requestStop();
            assertThat(run.await().complete()).isTrue();
        }
    }

    @Test
    void theTokenComesFromTheEnvironment() throws Exception {
        try (Run run = Runs.plan(
                        folder, "events_per_second: 10\nmonitor: {port: 0}", Map.of("DATAFLUX_TOKEN", "x".repeat(20)))
                .start()) {
            assertThat(run.monitors().get(0)).endsWith("#token=" + "x".repeat(20));
            run.stop();
        }
    }

    @Test
    void whatIsNotSafeIsRefusedWithTheWayToMakeItSo() {
        assertThat(complaint("monitor: {bind: 0.0.0.0}"))
                .contains(
                        "monitor.bind (line 24): 0.0.0.0 can be reached from other machines, which needs a token; set the"
                                + " environment variable DATAFLUX_TOKEN or the setting token, or leave out bind");
        assertThat(complaint("monitor: {bind: \"::\"}")).contains("which needs a token");
        assertThat(complaint("monitor: {bind: load.example.com}"))
                .contains("'load.example.com' is not an address; write localhost, 0.0.0.0 or another address");
        assertThat(complaint("monitor: {token: short}"))
                .contains("monitor.token (line 24): is not a token")
                .doesNotContain("'short'");
        assertThat(complaint("monitor: {hosts: [\"http://a\"]}")).contains("'http://a' is not a host name");
        assertThat(complaint("monitor: {port: 70000, prot: 1}"))
                .contains("monitor.port (line 24): 70000 is out of range")
                .contains("monitor.prot (line 24): unknown key");
        assertThatThrownBy(() -> LivePage.open(new LivePage.Options(0, "0.0.0.0", null, List.of(), true)))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("needs a token");
        assertThatThrownBy(() -> LivePage.open(-1)).hasMessage("port: -1 is not a port; write 0 to 65535");
    }

    private String complaint(String monitor) {
        try {
            Runs.plan(folder, monitor);
        } catch (io.dataflux.ConfigurationException | IOException e) {
            return e.getMessage();
        }
        throw new AssertionError("nothing to complain about");
    }

    @Test
    void aPortThatIsTakenIsNamed() throws Exception {
        int port = java.net.URI.create(page.url()).getPort();
        Plan plan = Runs.plan(folder, "limits: {events: 10}\nmonitor: {port: " + port + "}");
        assertThatThrownBy(plan::start)
                .isExactlyInstanceOf(DeliveryException.class)
                .hasMessageStartingWith("monitor: port " + port + " of 127.0.0.1 cannot be used (")
                .hasMessageEndingWith("); choose another port, or 0 for any that is free");
    }
}
