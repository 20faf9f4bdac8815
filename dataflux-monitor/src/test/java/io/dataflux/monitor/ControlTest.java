package io.dataflux.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dataflux.Run;
import io.dataflux.RunReport;
import io.dataflux.ledger.Ledger.Touch;
import io.dataflux.ledger.Ledger.Touch.Action;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be done to a run over HTTP, and who can do it. */
class ControlTest {

    private static final Duration LONG = Duration.ofMinutes(1);

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

    private Run start(String more) throws IOException {
        return Runs.plan(folder, more).monitoredBy(page).start();
    }

    private record Answer(int status, String body) {
        JsonNode json() throws IOException {
            return new ObjectMapper().readTree(body);
        }
    }

    private Answer post(String path, String body, String... lines) throws IOException {
        String[] all = new String[lines.length + 2];
        System.arraycopy(lines, 0, all, 0, lines.length);
        all[lines.length] = "Content-Length: " + body.length();
        all[lines.length + 1] = "Connection: close\r\n\r\n" + body; // ends the headers: the body follows
        try (Client client = new Client(page.url(), "POST " + path, all).head()) {
            return new Answer(client.status, client.body());
        }
    }

    private Answer act(Run run, String action, String body) throws IOException {
        return post("/api/runs/" + run.tag() + "/" + action, body, Client.token(page));
    }

    private static long acknowledged(Run run) {
        return run.progress().sinks().get(0).acknowledged();
    }

    @Test
    void aRunIsPausedMadeFasterAndStoppedAndTheReportSaysSo() throws Exception {
        RunReport report;
        try (Run run = start("events_per_second: 1000")) {
            await().atMost(LONG).until(() -> acknowledged(run) > 0);

            JsonNode paused = act(run, "pause", "").json();
            assertThat(paused.get("paused").asBoolean()).isTrue();
            assertThat(paused.get("stopping").asBoolean()).isFalse();
            assertThat(run.progress().paused()).isTrue();
            assertThat(act(run, "pause", "").json())
                    .as("nothing more to do, and no further touch")
                    .isEqualTo(paused);

            assertThat(act(run, "speed", "{\"speed\": 2.5}").json().get("speed").asDouble())
                    .isEqualTo(2.5);
            assertThat(act(run, "resume", "").json().get("paused").asBoolean()).isFalse();
            long then = acknowledged(run);
            await().atMost(LONG).until(() -> acknowledged(run) > then);
            assertThat(run.progress().wantedPerSecond()).isEqualTo(2500);

            JsonNode stopped = act(run, "stop", "").json();
            assertThat(stopped.get("stopping").asBoolean()).isTrue();
            report = run.await();
            assertThat(act(run, "pause", "")).isEqualTo(new Answer(409, "run " + run.tag() + " has ended"));
        }
        assertThat(report.ledger().touches())
                .extracting(Touch::action)
                .containsExactly(Action.PAUSED, Action.SPEED, Action.RESUMED, Action.STOPPED);
        assertThat(report.delivered()).isTrue();
        assertThat(report.toString()).contains("the run was paused once for").contains("its speed was changed once");
    }

    @Test
    void faultsAreSwitchedOffAndOn() throws Exception {
        RunReport report;
        try (Run run = start("events_per_second: 1000")) {
            await().atMost(LONG).until(() -> acknowledged(run) > 0);
            String on = "{\"stream\":\"orders\",\"kind\":\"duplicate\",\"on\":true}";

            JsonNode off = act(run, "faults", "{\"stream\": \"orders\", \"kind\": \"duplicate\", \"on\": false}")
                    .json();
            assertThat(off.get("switches").toString())
                    .isEqualTo("[{\"stream\":\"orders\",\"kind\":\"late\",\"on\":true}," + on.replace("true", "false")
                            + "]");
            assertThat(off.get("changes").get(0).asText())
                    .matches("'orders' has no fault 'duplicate' from event \\d+ on");
            assertThat(act(run, "faults", "{\"kind\": \"duplicate\", \"on\": false}")
                            .json())
                    .as("nothing more to do, and no further touch")
                    .isEqualTo(off);
            assertThat(act(run, "faults", "{\"kind\": \"duplicate\", \"on\": true}")
                            .json()
                            .get("switches")
                            .get(1))
                    .hasToString(on);
            for (String body : List.of(
                    "",
                    "[]",
                    "{",
                    "{\"kind\": \"lost\", \"on\": true}",
                    "{\"kind\": \"late\"}",
                    "{\"kind\": \"late\", \"on\": 1}",
                    "{\"kind\": \"late\", \"on\": true, \"stream\": 3}")) {
                assertThat(act(run, "faults", body).status).as(body).isEqualTo(400);
            }
            assertThat(act(run, "faults", "{\"kind\": \"late\", \"on\": true, \"stream\": \"visits\"}"))
                    .isEqualTo(new Answer(
                            400,
                            "stream 'visits' has no 'late' among its faults, so there is nothing to"
                                    + " switch; faults are planned in the configuration"));
            report = run.stop();
        }
        assertThat(report.ledger().touches()).extracting(Touch::action).containsExactly(Action.CHANGED, Action.CHANGED);
        assertThat(report.ledger().changes()).hasSize(2);
        assertThat(report.toString()).contains("'orders' has all its planned faults again from event ");
    }

    @Test
    void aPausedRunCanBeStopped() throws Exception {
        try (Run run = start("events_per_second: 1000")) {
            act(run, "pause", "");
            act(run, "stop", "");
            assertThat(act(run, "stop", "").status)
                    .as("asking twice interrupts nobody")
                    .isIn(200, 409);
            assertThat(run.await().delivered()).isTrue();
        }
    }

    /** The page ends with its run, which must not cut the answer off. */
    @RepeatedTest(10)
    void whoeverStopsARunWithAPageOfItsOwnGetsTheAnswer() throws Exception {
        try (Run run =
                Runs.plan(folder, "events_per_second: 1000\nmonitor: {port: 0}").start()) {
            String address = run.monitors().get(0).replaceAll(".*(http://)", "$1");
            try (Client client = new Client(
                            address.replaceAll("#.*", ""),
                            "POST /api/runs/" + run.tag() + "/stop",
                            "Authorization: Bearer " + address.replaceAll(".*token=", ""),
                            "Content-Length: 0")
                    .head()) {
                assertThat(client.status).isEqualTo(200);
                assertThat(client.body()).contains("\"stopping\":true");
            }
            assertThat(run.await().delivered()).isTrue();
        }
    }

    @Test
    void thePageIsToldAtOnce() throws Exception {
        try (Run run = start("events_per_second: 100");
                Client updates = Client.get(page, "/api/updates", Client.token(page))) {
            assertThat(updates.event("whole").get("control").asBoolean()).isTrue();
            act(run, "pause", "");
            JsonNode step;
            do {
                step = updates.event("step");
            } while (!step.get("paused").asBoolean());
            assertThat(step.get("touches").get(0).get("action").asText()).isEqualTo("paused");
            assertThat(step.get("sinks").get(0).get("health").asText()).isEqualTo("paused");
            act(run, "stop", "");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "speed|{\"speed\": 0}|400|speed 0.0: 0.001 to 1000000 is allowed; pause the run to stop it for a while",
                "speed|{\"speed\": 1e300}|400|speed 1.0E300: 0.001 to 1000000 is allowed; pause the run to stop it for a while",
                "speed|{\"speed\": \"2\"}|400|the body must name the speed, such as {\"speed\": 2}",
                "speed|{\"speed\":|400|the body must name the speed, such as {\"speed\": 2}",
                "speed|{\"speed\": 2}x|400|the body must name the speed, such as {\"speed\": 2}",
                "speed|{\"speed\": 2, \"speed\": 3}|400|the body must name the speed, such as {\"speed\": 2}",
                "PAUSE|``|404|'PAUSE' cannot be done to a run; pause, resume, speed, faults and stop can",
                "speed|[]|400|the body must name the speed, such as {\"speed\": 2}",
                "speed|``|400|the body must name the speed, such as {\"speed\": 2}",
                "explode|``|404|'explode' cannot be done to a run; pause, resume, speed, faults and stop can"
            })
    void whatMakesNoSenseIsRefusedAndChangesNothing(String action, String body, int status, String words)
            throws Exception {
        try (Run run = start("events_per_second: 100")) {
            assertThat(act(run, action, body)).isEqualTo(new Answer(status, words));
            assertThat(run.touches()).isEmpty();
        }
    }

    @Test
    void aRunWithoutAPaceHasNoSpeedToChange() throws Exception {
        try (Run run = start("speed: max")) {
            assertThat(act(run, "speed", "{\"speed\": 2}"))
                    .isEqualTo(new Answer(
                            409,
                            "this run is as fast as possible, so it has no speed to change; start it with a speed"));
            assertThat(act(run, "pause", "").json().get("speed").asText()).isEqualTo("max");
        }
    }

    @Test
    void onlyARunThatIsShownCanBeTouched() throws Exception {
        assertThat(post("/api/runs/00000000/pause", "", Client.token(page)))
                .isEqualTo(new Answer(404, "there is no such run"));
    }

    // who can

    @Test
    void nobodyCanWithoutTheTokenOrFromAnotherSite() throws Exception {
        try (Run run = start("events_per_second: 100")) {
            for (String action : List.of("pause", "resume", "speed", "stop")) {
                String path = "/api/runs/" + run.tag() + "/" + action;
                String body = "{\"speed\": 2}";
                assertThat(post(path, body).status).isEqualTo(401);
                assertThat(post(path, body, "Authorization: Bearer x").status).isEqualTo(401);
                assertThat(post(path + "?token=" + page.address().replaceAll(".*=", ""), body).status)
                        .isEqualTo(401);
                assertThat(post(path, body, Client.token(page), "Origin: http://evil.example").status)
                        .isEqualTo(403);
                assertThat(post(path, body, Client.token(page), "Origin: null").status)
                        .isEqualTo(403);
                assertThat(post(path, body, Client.token(page), "Sec-Fetch-Site: same-site").status)
                        .isEqualTo(403);
                assertThat(post(path, body, Client.token(page), "Host: evil.example").status)
                        .isEqualTo(403);
            }
            assertThat(run.touches()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "PUT", "DELETE", "OPTIONS"})
    void nothingButAPostChangesARun(String method) throws Exception {
        try (Run run = start("events_per_second: 100");
                Client client = new Client(
                                page.url(), method + " /api/runs/" + run.tag() + "/pause", Client.token(page))
                        .head()) {
            assertThat(client.status).isEqualTo(405);
            assertThat(client.headers).containsEntry("allow", "POST");
            assertThat(run.touches()).isEmpty();
        }
    }

    @Test
    void aPageCanBeMadeToOnlyShow() throws Exception {
        page.close();
        page = LivePage.open(new LivePage.Options(0, "localhost", null, List.of(), false));
        try (Run run = start("events_per_second: 100");
                Client updates = Client.get(page, "/api/updates", Client.token(page))) {
            assertThat(act(run, "pause", ""))
                    .isEqualTo(new Answer(403, "this page only shows; its setting control is false"));
            assertThat(run.touches()).isEmpty();
            assertThat(updates.event("whole").get("control").asBoolean()).isFalse();
        }
    }

    @Test
    void aBodyIsBounded() throws Exception {
        try (Run run = start("events_per_second: 100")) {
            assertThat(act(run, "speed", " ".repeat(1_001)).status).isEqualTo(413);
            assertThat(act(run, "speed", "{\"speed\": 2}" + " ".repeat(988)).status)
                    .isEqualTo(200);
        }
    }

    @Test
    void aBodyThatNeverComesDelaysNeitherTheRunNorItsEnd() throws Exception {
        try (Run run = start("events_per_second: 100")) {
            for (int i = 0; i < 30; i++) {
                new Client(
                        page.url(),
                        "POST /api/runs/" + run.tag() + "/speed",
                        Client.token(page),
                        "Content-Length: 12"); // and no byte of it
            }
            long then = acknowledged(run);
            await().atMost(LONG).until(() -> acknowledged(run) > then);
            long begun = System.nanoTime();
            assertThat(run.stop().delivered()).isTrue();
            page.close();
            assertThat(System.nanoTime() - begun).isLessThan(TimeUnit.SECONDS.toNanos(15));
        }
    }
}
