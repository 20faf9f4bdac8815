package io.dataflux.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.DataFlux;
import io.dataflux.Plan;
import io.dataflux.Run;
import io.dataflux.RunReport;
import io.dataflux.testkit.HttpAnswer;
import io.dataflux.testkit.HttpReceiver;
import io.dataflux.verify.Finding;
import io.dataflux.verify.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole runs from a configuration into a receiver, read back and judged. */
class HttpRunTest {

    private static final int EVENTS = Boolean.getBoolean("dataflux.thorough") ? 200_000 : 12_000;

    @TempDir
    Path folder;

    private final HttpReceiver receiver = HttpReceiver.start().deduplicating();

    @AfterEach
    void close() {
        receiver.close();
    }

    @Test
    void twoOrderedLanesDeliverExactlyDespiteFaults() throws Exception {
        receiver.answering(
                n -> n % 7 == 3 ? HttpAnswer.close() : n % 11 == 5 ? HttpAnswer.status(503) : HttpAnswer.ok());
        Plan plan =
                plan("ordered: true, body: ndjson, batch_events: 100, compression: gzip, retry_backoff: 1ms", EVENTS);
        RunReport report = run(plan);

        assertThat(report.delivered()).as(report.toString()).isTrue();
        assertThat(report.acknowledged()).isEqualTo(EVENTS);
        assertThat(receiver.repeats()).as("faults that met work in flight").isGreaterThan(10);
        assertThat(receiver.violations()).isZero();
        Verdict verdict = verify(plan, report);
        assertThat(verdict.clean()).as(verdict.toString()).isTrue();
    }

    @Test
    void withoutKeysTheSameFaultsRepeatEvents() throws Exception {
        receiver.answering(n -> n % 7 == 3 ? HttpAnswer.close() : HttpAnswer.ok());
        Plan plan = plan(
                "ordered: true, body: ndjson, batch_events: 100, retry_backoff: 1ms, idempotency_key: false", EVENTS);
        RunReport report = run(plan);

        assertThat(report.acknowledged()).isEqualTo(EVENTS);
        Verdict verdict = verify(plan, report);
        assertThat(verdict.count(Finding.DUPLICATE)).as("control").isPositive();
        assertThat(verdict.count(Finding.LOST)).isZero();
    }

    @Test
    void manyStreamsOfUnequalRatesDoNotWaitForEachOther() throws Exception {
        // a rare stream's request would hold the lane up if only its own next event could end it
        Plan plan = plan(
                "body: json_array, batch_events: 500, batch_interval: 200ms",
                20 * EVENTS,
                "{clickstream: {weight: 20000}, ingest: {weight: 1}}");
        RunReport report = run(plan);

        assertThat(report.acknowledged()).as(report.toString()).isEqualTo(20L * EVENTS);
        assertThat(receiver.size()).isEqualTo(20 * EVENTS);
    }

    @Test
    void aRunThatWasStoppedGoesOnUnderNewKeysAndRepeatsNothing() throws Exception {
        String settings = "ordered: true, body: ndjson, batch_events: 100, batch_interval: 1s";
        Plan plan = plan(settings, EVENTS, "{clickstream: {weight: 3}, ingest: {weight: 1}}", "5f3a90c1");
        RunReport stopped;
        CompletableFuture<Void> stopping = new CompletableFuture<>();
        receiver.answering(n -> {
            if (receiver.size() > EVENTS * 5 / 6) {
                stopping.join(); // the run is not to get to its end before
            }
            return HttpAnswer.ok();
        });
        try (Run run = plan.start()) {
            run.after(EVENTS / 3, () -> {
                run.requestStop();
                stopping.complete(null);
            });
            stopped = run.await();
        }
        assertThat(stopped.acknowledged()).isBetween(EVENTS / 3L, EVENTS - 1L);
        assertThat(receiver.size()).isEqualTo((int) stopped.acknowledged());
        RunReport report = run(plan);

        assertThat(report.acknowledged()).isEqualTo(EVENTS);
        assertThat(receiver.size()).isEqualTo(EVENTS);
        assertThat(receiver.repeats()).isZero();
        assertThat(receiver.violations()).isZero();
        Verdict verdict = verify(plan, report);
        assertThat(verdict.clean()).as(verdict.toString()).isTrue();
    }

    @Test
    void whatTheTargetRefusesIsReportedWithItsRangeAndReason() throws Exception {
        receiver.answering(n -> n == 4 ? HttpAnswer.status(413) : n == 6 ? HttpAnswer.status(500) : HttpAnswer.ok());
        Plan plan = plan("ordered: true, body: ndjson, batch_events: 100, on_failure: continue", EVENTS);
        RunReport report = run(plan);

        assertThat(report.delivered()).isFalse();
        assertThat(report.failed()).isBetween(1L, 100L);
        assertThat(report.unknown()).isBetween(1L, 100L);
        assertThat(report.issued()).isEqualTo(report.acknowledged() + report.failed() + report.unknown());
        assertThat(report.toString())
                .contains("answered 413", "lower batch_bytes", receiver.url())
                // which streams share a request depends on when it was filled
                .containsPattern("stream '(clickstream|ingest)' shard \\d+ within \\[\\d+, \\d+\\)");
        Verdict verdict = verify(plan, report);
        assertThat(verdict.count(Finding.LOST)).as("none of the acknowledged").isZero();
    }

    private Plan plan(String settings, int events) throws Exception {
        return plan(settings, events, "{clickstream: {weight: 3}, ingest: {weight: 1}}");
    }

    private Plan plan(String settings, int events, String streams) throws Exception {
        return plan(settings, events, streams, "0badcafe");
    }

    private Plan plan(String settings, int events, String streams, String tag) throws Exception {
        Path file = Files.writeString(
                folder.resolve("run.yaml"),
                String.join(
                        "\n",
                        List.of(
                                "seed: 42",
                                "speed: max",
                                "limits: {events: " + events + "}",
                                "streams: " + streams,
                                "sinks:",
                                "  api: {type: http, url: \"" + receiver.url() + "\", lanes: 2, read: {url: \""
                                        + receiver.url() + "\"}, " + settings + "}",
                                "output: {dir: \"" + folder.resolve("out") + "\"}")));
        return DataFlux.plan(file, Map.of("tag", tag), Map.of());
    }

    private static RunReport run(Plan plan) throws InterruptedException {
        try (Run run = plan.start()) {
            return run.await();
        }
    }

    private static Verdict verify(Plan plan, RunReport report) {
        return plan.verify("api", report.ledger(), UnaryOperator.identity());
    }
}
