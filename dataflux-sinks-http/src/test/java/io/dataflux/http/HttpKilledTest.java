package io.dataflux.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.RunReport;
import io.dataflux.testkit.HttpAnswer;
import io.dataflux.testkit.HttpReceiver;
import io.dataflux.testkit.KilledRun;
import io.dataflux.testkit.KilledRun.Kill;
import io.dataflux.verify.Finding;
import io.dataflux.verify.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an endpoint holds when the sending process was killed, wherever that was, and the run was resumed. */
class HttpKilledTest {

    private static final long SEED = Long.getLong("dataflux.kills.seed", 20_261_120);
    /** Of each kind of endpoint 10 kills in thorough, 1 in verify. */
    private static final int KILLS = Boolean.getBoolean("dataflux.thorough") ? 10 : 1;

    private static final long EVENTS = 30_000;

    @TempDir
    Path folder;

    @Test
    void anEndpointThatDropsRepeatedKeysHoldsEveryEventOnce() throws Exception {
        SplittableRandom random = new SplittableRandom(SEED);
        long repeats = 0;
        int withUnknown = 0;
        for (int i = 0; i < KILLS; i++) {
            try (HttpReceiver receiver = HttpReceiver.start().deduplicating()) {
                KilledRun run = KilledRun.of(config(receiver, ""), String.format("%08x", 0x7e57_0000 + i));
                Kill kill = kill(run, receiver, random, "keys");
                withUnknown += kill.inFlight() > 0 ? 1 : 0;
                RunReport report = run.flag("speed", "max").resume();

                assertThat(report.delivered()).as("%s", report.problems()).isTrue();
                assertThat(report.acknowledged()).isEqualTo(EVENTS);
                assertThat(receiver.violations())
                        .as("a key always carries the same bytes")
                        .isZero();
                assertThat(receiver.size()).as("%s", kill).isEqualTo((int) EVENTS);
                Verdict verdict = run.verify("api", report);
                assertThat(verdict.clean())
                        .as("seed %d, %s%n%s", SEED, kill, verdict)
                        .isTrue();
                assertThat(verdict.expected()).isEqualTo(EVENTS);
                repeats += receiver.repeats();
            }
        }
        assertThat(withUnknown).as("kills with events stored and not answered").isEqualTo(KILLS);
        assertThat(repeats).as("requests that were sent again under their keys").isPositive();
    }

    @Test
    void anyOtherEndpointHoldsEveryEventAtLeastOnceAndRepeatsWhatTheRunNames() throws Exception {
        SplittableRandom random = new SplittableRandom(SEED + 1);
        long repeated = 0;
        int withUnknown = 0;
        for (int i = 0; i < KILLS; i++) {
            try (HttpReceiver receiver = HttpReceiver.start()) {
                KilledRun run = KilledRun.of(
                        config(receiver, ", idempotency_key: false"), String.format("%08x", 0x7e57_1000 + i));
                Kill kill = kill(run, receiver, random, "no keys");
                withUnknown += kill.inFlight() > 0 ? 1 : 0;
                RunReport report = run.flag("speed", "max").resume();

                assertThat(report.acknowledged()).as("%s", report.problems()).isEqualTo(EVENTS);
                Verdict verdict = run.verify("api", report);
                assertThat(verdict.clean())
                        .as("seed %d, %s%n%s", SEED, kill, verdict)
                        .isTrue();
                assertThat(verdict.count(Finding.LOST)).isZero();
                assertThat(receiver.size()).isEqualTo((int) (EVENTS + verdict.repeated()));
                repeated += verdict.repeated();
            }
        }
        assertThat(withUnknown).as("kills with events stored and not answered").isEqualTo(KILLS);
        assertThat(repeated).as("control: the keys are what prevents repeats").isPositive();
    }

    /** The endpoint stores at once, and from some number of events on it answers so late that the kill comes first. */
    private static Kill kill(KilledRun run, HttpReceiver receiver, SplittableRandom random, String how)
            throws Exception {
        long from = EVENTS * (6 + random.nextInt(74)) / 100;
        AtomicLong held = new AtomicLong();
        receiver.answering(request -> {
            if (receiver.size() < from) {
                return HttpAnswer.ok().after(Duration.ofMillis(5));
            }
            held.incrementAndGet();
            return HttpAnswer.ok().after(Duration.ofMinutes(5));
        });
        Kill kill = run.killWhen(now -> held.get() > 0 && now.inFlight() > 0, "without an answer from " + from + " on");
        receiver.answering(request -> HttpAnswer.ok());
        System.out.println(
                "HTTP sink with " + how + ", seed " + SEED + ", " + 100 * kill.acknowledged() / EVENTS + " %: " + kill);
        assertThat(kill.acknowledged()).isBetween(EVENTS / 20, EVENTS * 19 / 20);
        return kill;
    }

    private Path config(HttpReceiver receiver, String more) throws Exception {
        List<String> lines = new ArrayList<>(List.of(
                "seed: 7",
                "events_per_second: 15000",
                "limits: {events: " + EVENTS + "}",
                "streams: {clicks: {from: clickstream, weight: 3}, readings: {from: ingest, weight: 1}}",
                "sinks:",
                "  api:",
                "    {type: http, url: \"" + receiver.url()
                        + "\", lanes: 2, ordered: true, body: ndjson, batch_events: 100,",
                "     batch_interval: 100ms, read: {url: \"" + receiver.url() + "\"}" + more + "}",
                "output: {dir: '" + folder.resolve("out") + "'}"));
        return Files.write(folder.resolve("run.yaml"), lines);
    }
}
