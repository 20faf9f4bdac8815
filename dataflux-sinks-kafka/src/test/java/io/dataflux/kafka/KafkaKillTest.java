package io.dataflux.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.RunReport;
import io.dataflux.kafka.RequestProxy.Fault;
import io.dataflux.testkit.EmbeddedKafka;
import io.dataflux.testkit.KilledRun;
import io.dataflux.testkit.KilledRun.Kill;
import io.dataflux.verify.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is in the topic when the process was killed without warning, and the run was resumed: each event once with transactions, and at
 * least once without, the repeats within what the resumed run names. Kills come at random points, some of them while the broker's answer
 * to a commit, or to records, is held back.
 */
class KafkaKillTest {

    private static final boolean THOROUGH = Boolean.getBoolean("dataflux.thorough");
    private static final long SEED = Long.getLong("dataflux.kills.seed", 20_261_120);
    /** 10 kills per mode in thorough, 2 in verify. */
    private static final int KILLS = THOROUGH ? 10 : 2;

    private static final long EVENTS = 30_000;
    private static final String FAULTS =
            "duplicate 1% within 50, drop 1%, reorder 3% within 40, corrupt 1% as truncated or null_key";

    private static RequestProxy proxy;
    private static EmbeddedKafka kafka;

    @TempDir
    Path folder;

    @BeforeAll
    static void startBroker() throws IOException {
        proxy = new RequestProxy();
        kafka = EmbeddedKafka.start(1, Map.of("advertised.listeners", "BROKER://" + proxy.address()));
        proxy.leadTo(Integer.parseInt(kafka.directServers().substring("127.0.0.1:".length())));
    }

    @AfterAll
    static void stopBroker() throws IOException {
        kafka.close();
        proxy.close();
    }

    @Test
    void withTransactionsEachEventIsThereOnceAfterEachKill() throws Exception {
        SplittableRandom random = new SplittableRandom(SEED);
        Path config = config("transactional: true, transaction_events: 1000");
        List<String> placed = new ArrayList<>();
        int inCommit = 0;
        int withUnknown = 0;
        for (int i = 0; i < KILLS; i++) {
            KilledRun run = KilledRun.of(config, String.format("%08x", 0x5f3a90c0 + i));
            long from = EVENTS * (5 + random.nextInt(50)) / 100;
            Kill kill = switch (i % 3) {
                case 0 -> killUnanswered(run, from, new Fault(RequestProxy.END_TRANSACTION, false, false));
                case 1 -> killUnanswered(run, from, new Fault(RequestProxy.END_TRANSACTION, true, false));
                default ->
                    run.killWhen(now -> now.acknowledged() >= from && now.inFlight() > 0, "from " + from + " on");
            };
            proxy.heal();
            placed.add(100 * kill.acknowledged() / EVENTS + " %"
                    + List.of(", before the broker heard of the commit", ", before the commit was heard of", "")
                            .get(i % 3)
                    + ": " + kill);
            inCommit += i % 3 < 2 ? 1 : 0;
            withUnknown += kill.inFlight() > 0 ? 1 : 0;

            RunReport report = run.flag("speed", "max").resume();

            assertThat(report.delivered()).as("%s", report.problems()).isTrue();
            assertThat(report.acknowledged()).isBetween(EVENTS - 1_000, EVENTS + 1_000);
            Verdict verdict = run.verify("broker", report);
            assertThat(verdict.clean())
                    .as("seed %d, %s%n%s", SEED, kill, verdict)
                    .isTrue();
            assertThat(verdict.expected()).isEqualTo(report.acknowledged());
            assertThat(verdict.records()).isEqualTo(report.acknowledged());
            assertThat(kill.acknowledged()).isBetween(EVENTS / 20, EVENTS * 19 / 20);
        }
        System.out.println("kills of the transactional Kafka sink, seed " + SEED + ": " + String.join("; ", placed));
        assertPlaced(inCommit, withUnknown);
    }

    @Test
    void withoutTransactionsEachEventIsThereAndRepeatsAreWhereTheResumedRunSaysSo() throws Exception {
        SplittableRandom random = new SplittableRandom(SEED + 1);
        Path config = config("linger: 20ms");
        List<String> placed = new ArrayList<>();
        int inCommit = 0;
        int withUnknown = 0;
        long repeated = 0;
        for (int i = 0; i < KILLS; i++) {
            KilledRun run = KilledRun.of(config, String.format("%08x", 0x5f3a90e0 + i));
            long from = EVENTS * (5 + random.nextInt(50)) / 100;
            boolean unanswered = i % 2 == 0;
            Kill kill = unanswered
                    ? killUnanswered(run, from, new Fault(RequestProxy.PRODUCE, true, false))
                    : run.killWhen(now -> now.acknowledged() >= from && now.inFlight() > 0, "from " + from + " on");
            proxy.heal();
            inCommit += unanswered ? 1 : 0;
            withUnknown += kill.inFlight() > 0 ? 1 : 0;

            RunReport report = run.flag("speed", "max").resume();

            assertThat(report.delivered()).as("%s", report.problems()).isTrue();
            Verdict verdict = run.verify("broker", report);
            placed.add(100 * kill.acknowledged() / EVENTS + " %: " + kill + ", " + verdict.repeated() + " repeated");
            assertThat(verdict.clean())
                    .as("seed %d, %s%n%s", SEED, kill, verdict)
                    .isTrue();
            assertThat(verdict.expected()).isEqualTo(report.acknowledged());
            assertThat(verdict.records()).isEqualTo(report.acknowledged() + verdict.repeated());
            repeated += verdict.repeated();
            assertThat(kill.acknowledged()).isBetween(EVENTS / 20, EVENTS * 19 / 20);
        }
        assertThat(repeated).as("what transactions are for").isPositive();
        System.out.println("kills of the Kafka sink, seed " + SEED + ": " + String.join("; ", placed));
        assertPlaced(inCommit, withUnknown);
    }

    private static void assertPlaced(int inCommit, int withUnknown) {
        assertThat(inCommit)
                .as("kills while the broker's answer was held back")
                .isGreaterThanOrEqualTo(Math.max(1, KILLS / 5));
        assertThat(withUnknown).as("kills with events in flight").isGreaterThanOrEqualTo(Math.max(1, 3 * KILLS / 10));
    }

    /** One lane waits for an answer that never comes when the process dies; the other lane goes on meanwhile. */
    private static Kill killUnanswered(KilledRun run, long from, Fault fault) throws Exception {
        long before = proxy.fired();
        boolean[] armed = new boolean[1];
        Kill kill = run.killWhen(
                now -> {
                    if (!armed[0] && now.acknowledged() >= from) {
                        armed[0] = true;
                        proxy.arm(fault);
                    }
                    return armed[0] && proxy.fired() > before && now.inFlight() > 0;
                },
                "without an answer from " + from + " on");
        assertThat(kill.inFlight()).as("events that wait for the answer").isPositive();
        return kill;
    }

    private Path config(String settings) throws IOException {
        return Files.writeString(folder.resolve("run.yaml"), """
                seed: 3
                events_per_second: 15000
                limits: {events: %d}
                streams:
                  clicks:
                    from: clickstream
                    weight: 3
                    faults: "%s"
                  searches: {from: clickstream, weight: 1}
                sinks:
                  broker: {type: kafka, bootstrap_servers: '%s', topic: '%s', partitions: 3, lanes: 2, connect_timeout: 1m, %s}
                output: {dir: '%s'}
                """.formatted(
                        EVENTS,
                        FAULTS,
                        proxy.address(),
                        "kills-" + Integer.toHexString(settings.hashCode()),
                        settings,
                        folder.resolve("out")));
    }
}
