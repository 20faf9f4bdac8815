package io.dataflux.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.DataFlux;
import io.dataflux.Plan;
import io.dataflux.RunReport;
import io.dataflux.testkit.HttpAnswer;
import io.dataflux.testkit.HttpReceiver;
import io.dataflux.verify.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a lane with {@code ordered: true} sends after a request that failed: nothing, if a failure ends it. */
class HttpOrderTest {

    private static final int EVENTS = 6_000;
    private static final long FAILING = 5;

    @TempDir
    Path folder;

    private final HttpReceiver receiver = HttpReceiver.start().deduplicating();

    @AfterEach
    void close() {
        receiver.close();
    }

    /** Two streams, so that there is something to flush besides what failed. */
    private Plan plan(String settings) throws Exception {
        Path config = Files.writeString(folder.resolve("config.yaml"), """
                seed: 7
                tag: "00000007"
                speed: max
                limits: {events: %d}
                streams: {clicks: {from: clickstream}, readings: {from: ingest}}
                sinks:
                  api: {type: http, url: "%s", body: ndjson, batch_events: 100, retries: 0, read: {url: "%s", page: 500}, %s}
                output: {dir: "%s"}
                """.formatted(
                        EVENTS, receiver.url(), receiver.url(), settings, folder.resolve("out")));
        return DataFlux.plan(config, Map.of(), Map.of());
    }

    private static HttpAnswer answer(String kind) {
        return switch (kind) {
            case "refused" -> HttpAnswer.status(400);
            case "unknown" -> HttpAnswer.status(500).storing();
            case "broken" -> HttpAnswer.close();
            default -> HttpAnswer.status(503);
        };
    }

    @ParameterizedTest
    @CsvSource({
        "refused, stop",
        "refused, isolate",
        "unknown, stop",
        "unknown, isolate",
        "broken, stop",
        "broken, isolate",
        "busy, stop",
        "busy, isolate",
    })
    void nothingFollowsARequestThatFailedNotEvenByTheFlush(String kind, String onFailure) throws Exception {
        receiver.answering(n -> n == FAILING ? answer(kind) : HttpAnswer.ok());
        Plan plan = plan("ordered: true, on_failure: " + onFailure);

        RunReport first = plan.start().await();

        assertThat(receiver.requests()).as("requests").hasSize((int) FAILING + 1);
        assertThat(first.delivered()).isFalse();
        assertThat(first.problems().toString()).contains("not sent, an earlier request of this lane failed");

        RunReport second = plan.start().await();

        assertThat(second.delivered()).as(second.toString()).isTrue();
        assertThat(second.acknowledged()).isEqualTo(EVENTS);
        Verdict verdict = plan.verify("api", second.ledger(), UnaryOperator.identity());
        assertThat(verdict.clean()).as(verdict.toString()).isTrue();
        assertThat(verdict.judgesOrder()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"refused", "unknown", "broken", "busy"})
    void aLaneThatIsToContinueSendsTheRest(String kind) throws Exception {
        receiver.answering(n -> n == FAILING ? answer(kind) : HttpAnswer.ok());

        RunReport report = plan("ordered: true, on_failure: continue").start().await();

        assertThat(receiver.requests()).as("control").hasSizeGreaterThan((int) FAILING + 10);
        assertThat(report.issued()).isEqualTo(EVENTS);
        assertThat(report.failed() + report.unknown()).isBetween(1L, 100L);
    }
}
