package io.dataflux.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.ConfigurationException;
import io.dataflux.DataFlux;
import io.dataflux.Plan;
import io.dataflux.ledger.Ledger;
import io.dataflux.testkit.EmbeddedKafka;
import io.dataflux.testkit.KilledRun;
import io.dataflux.verify.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One run by four processes on a common clock, into a broker and into files. One of them is killed and goes on. */
class KafkaPartsTest {

    private static final String TAG = "0000f0a4";
    private static final int PARTS = 4;
    private static final int KILLED = 3;
    /** Several JVMs start meanwhile; who comes too late catches up. */
    private static final Duration HEAD_START = Duration.ofSeconds(4);

    private static final long EVENTS = 4_000;

    @TempDir
    Path folder;

    private Path config;

    private KilledRun part(int number, Instant startAt) {
        return KilledRun.of(config, TAG)
                .flag("output", folder.toString())
                .flag("part", number + "/" + PARTS)
                .flag("start-at", startAt.toString());
    }

    @Test
    void fourProcessesOfWhichOneIsKilledAndGoesOnAreOneCleanRun() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start()) {
            config = Files.writeString(folder.resolve("run.yaml"), """
                    seed: 7
                    events_per_second: 2000
                    limits: {events: %d}
                    streams:
                      clicks:
                        key: {entity: "user_{}", count: 500, shards: 8}
                        identity: id
                        fields: {id: {id: "evt_{}"}, user: {copy: key}}
                      orders:
                        key: {entity: "cust_{}", count: 100, shards: 4}
                        identity: id
                        fields: {id: {id: "ord_{}"}, customer: {copy: key}}
                    sinks:
                      broker: {type: kafka, bootstrap_servers: "%s", topic: parts, partitions: 4, transactional: true, timestamp: send, connect_timeout: 60s}
                      keep: {type: file, roll_bytes: 64KiB}
                    """.formatted(EVENTS, kafka.bootstrapServers()));
            Instant startAt = Instant.now().plus(HEAD_START).truncatedTo(ChronoUnit.MILLIS);
            ExecutorService threads = Executors.newFixedThreadPool(PARTS);
            try {
                List<Future<?>> parts = new ArrayList<>();
                for (int part = 1; part <= PARTS; part++) {
                    KilledRun its = part(part, startAt);
                    boolean killed = part == KILLED;
                    parts.add(threads.submit(() -> {
                        if (killed) {
                            // so slow that it is far from its end then, however late it began
                            KilledRun.Kill kill = its.flag("speed", "0.25").killAt(EVENTS / PARTS / 8);
                            its.flag("speed", "max");
                            System.out.println("part " + KILLED + " " + kill);
                            assertThat(kill.acknowledged()).isLessThan(2 * EVENTS / PARTS);
                        }
                        its.runInProcess();
                        return null;
                    }));
                }
                for (Future<?> part : parts) {
                    part.get();
                }
            } finally {
                threads.shutdownNow();
            }
            assertMerged();
            assertRefused();
        }
    }

    private void assertMerged() throws IOException {
        Ledger ledger = plan().ledger(reports());
        for (String sink : List.of("broker", "keep")) {
            Verdict verdict = plan().verify(sink, ledger, UnaryOperator.identity());
            assertThat(verdict.clean()).as(sink + ": " + verdict).isTrue();
            assertThat(ledger.sinks().stream()
                            .filter(each -> each.name().equals(sink))
                            .flatMap(each -> each.streams().stream())
                            .mapToLong(Ledger.StreamLedger::acknowledged)
                            .sum())
                    .as("events of all parts in " + sink)
                    .isEqualTo(EVENTS);
        }
        assertThat(Files.readString(folder.resolve(TAG).resolve("checkpoint-3of4.json")))
                .as("the part went on where it was killed")
                .contains("\"attempt\":1");
    }

    private void assertRefused() throws IOException {
        List<Path> missing = new ArrayList<>(reports());
        missing.remove(KILLED - 1);
        refused(missing, "the run has 4 parts; give the report of each, including report-3of4.json");

        List<Path> twice = new ArrayList<>(missing);
        twice.add(report(2));
        refused(twice, "it is part 2, and so is " + report(2));

        refused(with(missing, "\"" + TAG + "\"", "\"00000001\""), "it belongs to run 00000001, but");
        String fingerprint =
                String.format("%016x", plan().ledger(reports()).streams().get(0).fingerprint());
        refused(
                with(missing, fingerprint, "0123456789abcdef"),
                "the definition, seed or start of its stream 'clicks' differs from that in");
        refused(with(missing, "\"parts\" : 4", "\"parts\" : 5"), "it belongs to a run in 5 parts, but");
    }

    /** With the report of the third part, in which something is otherwise. */
    private List<Path> with(List<Path> others, String text, String otherwise) throws IOException {
        String report = Files.readString(report(KILLED));
        assertThat(report).contains(text);
        Path edited = Files.writeString(folder.resolve("edited.json"), report.replace(text, otherwise));
        List<Path> all = new ArrayList<>(others);
        all.add(edited);
        return all;
    }

    private void refused(List<Path> reports, String words) {
        assertThatThrownBy(() -> plan().ledger(reports))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(words);
    }

    private Plan plan() {
        return DataFlux.plan(config, Map.of("tag", TAG, "output", folder.toString()), Map.of());
    }

    private Path report(int part) {
        return folder.resolve(TAG).resolve("report-" + part + "of" + PARTS + ".json");
    }

    private List<Path> reports() {
        List<Path> reports = new ArrayList<>();
        for (int part = 1; part <= PARTS; part++) {
            reports.add(report(part));
        }
        return reports;
    }
}
