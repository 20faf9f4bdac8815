package io.dataflux.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.dataflux.Plan;
import io.dataflux.Run;
import io.dataflux.RunReport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the page tells of the systems behind the sinks. */
class TargetsTest {

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
        Shelf.dark = false;
        page.close();
    }

    private static JsonNode target(Client updates, String whatToFind) throws IOException {
        while (true) {
            JsonNode news = updates.event("targets");
            JsonNode target = news.at("/targets/0");
            if (target.toString().contains(whatToFind)) {
                return target;
            }
        }
    }

    @Test
    void theLastLookIsToldAlsoAfterTheEnd() throws Exception {
        RunReport report = Runs.plan(folder, "limits: {events: 5000}\nspeed: max")
                .monitoredBy(page)
                .start()
                .await();
        long stored = report.ledger().sink("some").streams().stream()
                .mapToLong(stream -> stream.acknowledged())
                .sum();
        try (Client updates = Client.get(page, "/api/updates", Client.token(page))) {
            JsonNode target = target(updates, "\"end\":" + stored + ",");
            assertThat(target.get("sink").asText()).isEqualTo("some");
            assertThat(target.at("/logs/0/partitions/0/inSync").asInt()).isEqualTo(2);
            assertThat(target.at("/groups/0/lag").asLong()).isZero();
            assertThat(target.at("/groups/1/lag").asLong()).isEqualTo(stored / 2);
        }
        try (Client late = Client.get(page, "/api/updates", Client.token(page))) {
            JsonNode lags = late.event("whole").at("/target/lags");
            assertThat(lags).isNotEmpty();
            assertThat(lags.get(lags.size() - 1).at("/1/slow").asLong()).isEqualTo(stored / 2);
        }
        try (Client metrics = Client.get(page, "/metrics")) {
            assertThat(metrics.body())
                    .contains("dataflux_group_lag{group=\"slow\",log=\"shelf<1>\",run=\"" + report.tag()
                            + "\",sink=\"some\"} " + stored / 2 + ".0");
        }
    }

    @Test
    void aTargetThatCannotBeSeenIsSaidAndStopsNothing() throws Exception {
        Shelf.dark = true;
        try (Run run = Runs.plan(folder, "events_per_second: 1000")
                        .monitoredBy(page)
                        .start();
                Client updates = Client.get(page, "/api/updates", Client.token(page))) {
            assertThat(target(updates, "dark").get("problem").asText()).isEqualTo("<b>it is dark</b>");
            long then = run.progress().sinks().get(1).acknowledged();
            await().atMost(LONG).until(() -> run.progress().sinks().get(1).acknowledged() > then);
            Shelf.dark = false;
            assertThat(target(updates, "slow").get("problem").asText()).isEmpty();
            assertThat(run.stop().delivered()).isTrue();
        }
    }

    @Test
    void lookingEndsWithThePage() throws Exception {
        Runs.plan(folder, "limits: {events: 500}\nspeed: max")
                .monitoredBy(page)
                .start()
                .await();
        page.close();
        await().atMost(LONG).until(() -> !looking());
    }

    @Test
    void aRunThatCouldNotBeStartedIsNotLookedAtAndNotShown() throws Exception {
        AtomicReference<String> tag = new AtomicReference<>("");
        Plan plan = Runs.plan(folder, "limits: {events: 500}").monitoredBy(page).monitoredBy(run -> {
            await().atMost(LONG).until(TargetsTest::looking);
            tag.set(run.run().tag());
            throw new IOException("it cannot be watched");
        });
        assertThatThrownBy(plan::start).hasMessageContaining("it cannot be watched");
        assertThat(tag.get()).isNotEmpty();
        await().atMost(LONG).until(() -> !looking());
        try (Client runs = Client.get(page, "/api/runs", Client.token(page))) {
            assertThat(runs.body()).doesNotContain(tag.get());
        }
    }

    private static boolean looking() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals("dataflux-monitor-targets"));
    }
}
