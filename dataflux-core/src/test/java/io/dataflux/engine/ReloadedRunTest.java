package io.dataflux.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.dataflux.ConfigurationException;
import io.dataflux.DataFlux;
import io.dataflux.EventStream;
import io.dataflux.Plan;
import io.dataflux.Run;
import io.dataflux.RunReport;
import io.dataflux.Sinks;
import io.dataflux.encode.CompiledStream;
import io.dataflux.encode.EventState;
import io.dataflux.encode.PlannedFaults;
import io.dataflux.ledger.Ledger;
import io.dataflux.ledger.Ledger.Touch;
import io.dataflux.model.FaultKind;
import io.dataflux.verify.Finding;
import io.dataflux.verify.SinkVerification;
import io.dataflux.verify.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs whose streams are changed while they go on: each event is by the definition of its epoch, at every sink, once. */
class ReloadedRunTest {

    private static final int TAG = 0x5f3a90c1;
    private static final String FAULTS = "late 2% by 8s..30s, duplicate 3% within 60, drop 2%, reorder 5% within 40,"
            + " corrupt 2% as truncated or wrong_type";

    @TempDir
    Path folder;

    private Path config;

    /** @param fields of the stream 'orders', besides its identity; {@code faults} of it, may be empty */
    private void write(String fields, String faults, String limit) throws IOException {
        config = folder.resolve("run.yaml");
        Files.writeString(config, """
                seed: 7
                events_per_second: 8000
                %s
                tag: 5f3a90c1
                output: {dir: "%s"}
                streams:
                  orders:
                    weight: 3
                    key: {entity: "cust_{}", count: 5000, skew: 1.0}
                    identity: order_id
                    fields:
                      order_id: {id: "ord_{}"}
                      customer: {copy: key}
                      at: {time: event}
                %s
                %s
                  clicks:
                    key: {entity: "user_{}", count: 700}
                    identity: id
                    fields: {id: {id: uuid}, number: {int: [1, 9]}}
                sinks:
                  a: {type: file, dir: "%s", lanes: 2}
                  b: {type: file, dir: "%s", lanes: 1}
                """.formatted(
                        limit,
                        folder.resolve("out"),
                        fields.indent(6).stripTrailing(),
                        faults.isEmpty() ? "" : "    faults: " + faults,
                        folder.resolve("a"),
                        folder.resolve("b")));
    }

    private Plan plan() {
        return DataFlux.plan(config);
    }

    private List<CompiledStream> streams() {
        List<CompiledStream> streams = new ArrayList<>();
        for (EventStream stream : plan().streams()) {
            streams.add(((CompiledStream) stream).withTag(TAG));
        }
        return streams;
    }

    /** All lines of a sink. */
    private List<String> lines(String sink) throws IOException {
        List<String> lines = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder.resolve(sink))) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                lines.addAll(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)
                        .lines()
                        .toList());
            }
        }
        return lines;
    }

    /** What is to be sent of some events of a stream: each text as often as it is planned, by nothing but the definition. */
    private static void expect(CompiledStream stream, long from, long to, Map<String, Integer> expected) {
        PlannedFaults faults = stream.plannedFaults();
        EventState state = new EventState();
        byte[] bytes = new byte[stream.maxEventBytes() + CompiledStream.SLACK];
        for (long n = from; n < to; n++) {
            stream.locate(n, state);
            int shard = state.slot.shard;
            long local = state.slot.local;
            int end = faults.encode(state, faults.corruption(shard, local), bytes, 0);
            String text = new String(bytes, 0, end, StandardCharsets.ISO_8859_1);
            int copies = faults.copies(shard, local);
            if (copies > 0) {
                expected.merge(text, copies, Integer::sum);
            }
        }
    }

    private static Map<String, Integer> counted(List<String> lines) {
        Map<String, Integer> counted = new HashMap<>();
        lines.forEach(line -> counted.merge(line, 1, Integer::sum));
        return counted;
    }

    private Verdict verdict(String sink) {
        Plan plan = plan();
        return plan.verify(sink, plan.ledger(plan.reports()), reader -> reader);
    }

    /** What {@code epochs} say, event by event: per epoch the streams. */
    private void assertSent(RunReport report, List<List<CompiledStream>> epochs) throws IOException {
        Map<String, Integer> expected = new HashMap<>();
        Ledger ledger = report.ledger();
        assertThat(ledger.epochs()).hasSize(epochs.size() - 1);
        for (int stream = 0; stream < 2; stream++) {
            for (int epoch = 0; epoch < epochs.size(); epoch++) {
                long from = epoch == 0
                        ? 0
                        : ledger.epochs().get(epoch - 1).streams().get(stream).from();
                long to = epoch == epochs.size() - 1
                        ? ledger.streams().get(stream).limit()
                        : ledger.epochs().get(epoch).streams().get(stream).from();
                assertThat(from).isLessThanOrEqualTo(to);
                expect(epochs.get(epoch).get(stream), from, to, expected);
            }
        }
        for (String sink : List.of("a", "b")) {
            assertThat(counted(lines(sink))).as(sink).isEqualTo(expected);
            Verdict verdict = verdict(sink);
            assertThat(verdict.clean()).as(verdict.toString()).isTrue();
        }
    }

    private static void awaitIssued(Run run, long events) {
        await().until(() -> run.progress().sinks().stream().allMatch(sink -> sink.issued() >= events));
    }

    /** Lets a run end soon. */
    private static RunReport rest(Run run) throws InterruptedException {
        run.speed(100);
        return run.await();
    }

    @ParameterizedTest
    @CsvSource({
        "'',''",
        "'" + FAULTS + "',''",
        "'','" + FAULTS + "'",
        "'" + FAULTS + "','drop 10%, reorder 20% within 200'"
    })
    void eachEventIsByTheDefinitionOfItsEpoch(String before, String after) throws Exception {
        write("total: {int: [1, 100]}", before, "limits: {events: 120000}");
        List<CompiledStream> old = streams();
        Run run = plan().start();
        awaitIssued(run, 5000);
        write("total: {int: [1, 100]}\nnote: {text: \"[a-z]{40}\"}", after, "limits: {events: 120000}");
        List<CompiledStream> changed = streams();

        List<Long> from = run.reload(plan());

        assertThat(from).hasSize(2);
        RunReport report = rest(run);
        assertThat(report.ledger().epochs().get(0).streams().stream().map(Ledger.Definition::from))
                .isEqualTo(from);
        assertThat(from.get(0)).isBetween(2000L, 80_000L);
        assertSent(report, List.of(old, changed));
        assertThat(report.ledger().touches())
                .extracting(Touch::action)
                .containsExactly(Touch.Action.CHANGED, Touch.Action.SPEED);
        assertThat(report.missing()).isZero();
        assertThat(report.delivered()).isTrue();
    }

    @Test
    void faultsAreSwitchedOffAndOn() throws Exception {
        write("total: {int: [1, 100]}", FAULTS, "limits: {events: 150000}");
        List<CompiledStream> planned = streams();
        Run run = plan().start();
        awaitIssued(run, 3000);

        assertThat(run.faults("orders", FaultKind.DROP, true)).as("it is on").isEmpty();
        assertThat(run.faults("orders", FaultKind.DROP, false)).hasSize(2);
        assertThat(run.faults("", FaultKind.DROP, false)).as("it is off").isEmpty();
        awaitIssued(run, 9000);
        for (FaultKind kind : List.of(FaultKind.LATE, FaultKind.DUPLICATE, FaultKind.REORDER, FaultKind.CORRUPT)) {
            assertThat(run.faults("", kind, false)).hasSize(2);
        }
        awaitIssued(run, 14_000);
        assertThat(run.faults("orders", FaultKind.DUPLICATE, true)).hasSize(2);
        assertThatThrownBy(() -> run.faults("clicks", FaultKind.DROP, false))
                .hasMessage("stream 'clicks' has no 'drop' among its faults, so there is nothing to switch; faults are"
                        + " planned in the configuration");
        assertThatThrownBy(() -> run.faults("none", FaultKind.DROP, false)).hasMessageContaining("[orders, clicks]");
        RunReport report = rest(run);

        List<List<CompiledStream>> epochs = new ArrayList<>();
        epochs.add(planned);
        for (String left : List.of(
                "late 2% by 8s..30s, duplicate 3% within 60, reorder 5% within 40, corrupt 2% as truncated or wrong_type",
                "duplicate 3% within 60, reorder 5% within 40, corrupt 2% as truncated or wrong_type",
                "reorder 5% within 40, corrupt 2% as truncated or wrong_type",
                "corrupt 2% as truncated or wrong_type",
                "",
                "duplicate 3% within 60")) {
            write("total: {int: [1, 100]}", left, "limits: {events: 150000}");
            epochs.add(streams());
        }
        write("total: {int: [1, 100]}", FAULTS, "limits: {events: 150000}");
        assertSent(report, epochs);
    }

    /** Whoever judges with one definition must not judge what had several. */
    @Test
    void aChangedRunIsNotJudgedByOneDefinition() throws Exception {
        write("total: {int: [1, 100]}", FAULTS, "limits: {events: 40000}");
        Run run = plan().start();
        awaitIssued(run, 1000);
        run.faults("", FaultKind.DROP, false);
        RunReport report = rest(run);

        assertThatThrownBy(
                        () -> SinkVerification.of(report.ledger(), "a", plan().streams(), (stream, sequence) -> true))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("one definition cannot judge them");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aReloadedRunIsResumed(boolean kept) throws Exception {
        write("total: {int: [1, 100]}", FAULTS, "limits: {events: 200000}");
        List<CompiledStream> old = streams();
        Run run = plan().start();
        awaitIssued(run, 3000);
        write("total: {decimal: [\"1.00\", \"9.00\"], scale: 2}", FAULTS, "limits: {events: 200000}");
        List<CompiledStream> changed = streams();
        long from = run.reload(plan()).get(0);
        await().until(() -> run.progress().sinks().stream().anyMatch(sink -> sink.issued() > 3 * from));
        RunReport stopped = run.stop();
        assertThat(stopped.missing()).isPositive();
        if (!kept) {
            Files.delete(folder.resolve("out/5f3a90c1/definitions-0.yaml"));
            assertThatThrownBy(() -> plan().start()).hasMessageContaining("there is no such file");
            return;
        }
        write("total: {int: [1, 100]}", FAULTS, "limits: {events: 200000}");
        assertThatThrownBy(() -> plan().start()).hasMessageContaining("they are not those that the run had last");
        write("total: {decimal: [\"1.00\", \"9.00\"], scale: 2}", FAULTS, "limits: {events: 200000}");

        RunReport report = plan().start().await();

        assertThat(report.missing()).isZero();
        assertSent(report, List.of(old, changed));
    }

    /** What is edited, into what, and what is said; the stream's file is as {@link #write} writes it. */
    private static final List<List<String>> EDITS = List.of(
            List.of("seed: 7", "seed: 8", "seed: is not changed in a running run: another seed is another stream"),
            List.of("seed: 7", "start: 2026-01-01T00:00:00Z", "start: is not changed in a running run"),
            List.of("count: 5000", "count: 5001", "streams.orders.key: is not changed in a running run"),
            List.of("skew: 1.0", "skew: 1.0, shards: 32", "streams.orders.key: is not changed in a running run"),
            List.of("ord_{}", "order_{}", "streams.orders.fields.order_id: is part of the identity"),
            List.of("order_id: {id", "code: {id", "streams.orders.identity"),
            List.of("identity: order_id", "identity: [customer, at]", "streams.orders.identity: is not changed"),
            List.of(
                    "    identity: order_id",
                    "    arrivals: {jitter: true}\n    identity: order_id",
                    "streams.orders.arrivals: "),
            List.of(
                    "events_per_second: 8000",
                    "events_per_second: 8001",
                    "it says when each event is due; change the speed"),
            List.of("weight: 3", "rate: 9/s", "streams.orders.rate: is not changed"),
            List.of("lanes: 1", "lanes: 3", "sinks.b: is not changed in a running run; undo it, or stop the run"),
            List.of("  a: {type", "  c: {type", "sinks.c: is not changed in a running run"),
            List.of("tag: 5f3a90c1", "tag: 5f3a90c2", "tag: is not changed in a running run"),
            List.of("tag: 5f3a90c1", "speed: 2", "speed: is not changed in a running run"),
            List.of("events: 60000", "events: 70000", "limits: is not changed in a running run"),
            List.of("  clicks:", "  other:", "streams: [orders, other]: a running run keeps its streams"),
            List.of("total: {int", "total: {itn", "'itn' is not a field kind; did you mean 'int'?"),
            List.of("streams:", "streams: [", "run.yaml"),
            List.of("streams:", "stream:", "did you mean 'streams'?"),
            List.of("total: {int: [1, 100]}", "total: {int: [100, 1]}", "streams.orders.fields.total"),
            List.of("total: {int: [1, 100]}", "total: {copy: nothing}", "streams.orders.fields.total"),
            List.of(
                    "    identity: order_id",
                    "    faults: drop 200%\n    identity: order_id",
                    "streams.orders.faults"));

    @Test
    void whatARunningRunCannotTakeIsRefusedAndItGoesOn() throws Exception {
        write("total: {int: [1, 100]}", "", "limits: {events: 60000}");
        List<CompiledStream> old = streams();
        Run run = plan().start();
        String text = Files.readString(config);
        assertThat(EDITS).hasSizeGreaterThan(20);
        for (List<String> edit : EDITS) {
            assertThat(text).contains(edit.get(0));
            Files.writeString(config, text.replace(edit.get(0), edit.get(1)));
            assertThatThrownBy(() -> run.reload(plan()))
                    .as(edit.get(1))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining(edit.get(2));
        }
        Files.writeString(config, text + "\n# a comment changes nothing\n");
        assertThat(run.reload(plan())).isEmpty();
        assertThat(run.touches()).isEmpty();

        RunReport report = rest(run);
        assertThat(report.ledger().epochs()).isEmpty();
        assertSent(report, List.of(old));
        assertThat(folder.resolve("out/5f3a90c1/definitions-0.yaml")).doesNotExist();
        assertThat(run.reload(plan())).as("after the end").isEmpty();
    }

    @Test
    void aRunInCodeAPartAndARunThatHasSentEverythingAreNotChanged() throws Exception {
        write("total: {int: [1, 100]}", FAULTS, "limits: {events: 20000}");
        try (Run run = DataFlux.plan(DataFlux.stream("cdc", 1))
                .limit(100_000)
                .sink("a", Sinks.discard())
                .speed(0.001)
                .output(folder)
                .build()
                .start()) {
            assertThatThrownBy(() -> run.reload(plan()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("this plan was made in code");
        }
        Plan part = DataFlux.plan(config, Map.of("part", "2/3"), Map.of());
        try (Run run = part.start()) {
            assertThatThrownBy(() -> run.faults("", FaultKind.DROP, false))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("this process is part 2/3 of a run");
        }
    }

    /** Each reload is refused that would leave a run behind that nobody can read any more. */
    @Test
    void aListOfWordsThatChangedIsRefusedAndTheRunGoesOn() throws Exception {
        Path words = Files.writeString(folder.resolve("w.txt"), "one\ntwo\n");
        write("total: {words: w.txt}", "", "limits: {events: 60000}");
        Run run = plan().start();
        awaitIssued(run, 1000);
        write("total: {words: w.txt}\nmore: {int: [1, 9]}", "", "limits: {events: 60000}");
        assertThat(run.reload(plan())).hasSize(2);
        Files.writeString(words, "one\ntwo\nthree\n");
        assertThatThrownBy(() -> run.reload(plan()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("a list of words or a variable of the environment is not what it was");
        Files.delete(words);
        write("total: {constant: x}", "", "limits: {events: 60000}");
        assertThatThrownBy(() -> run.reload(plan()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("the definitions that the run has had cannot be read any more");
        Files.writeString(words, "one\ntwo\n");
        assertThat(run.reload(plan())).hasSize(2);
        assertThat(rest(run).delivered()).isTrue();
        for (String sink : List.of("a", "b")) {
            assertThat(verdict(sink).clean()).isTrue();
        }
    }

    /** What YAML does not allow to stand in text is kept all the same. */
    @Test
    void oddCharactersAreKept() throws Exception {
        String odd =
                "{pick: [\"a\\x7fb\", \"\\u0085\", \"\\ufeffx\", \"\\u2028\", \"\\t: #\", \"'\", \"NO\", \"\", \"$${x}\"]}";
        write("total: " + odd, "", "limits: {events: 40000}");
        List<CompiledStream> old = streams();
        Run run = plan().start();
        awaitIssued(run, 1000);
        write("total: " + odd + "\nmore: {int: [1, 9]}", "", "limits: {events: 40000}");
        List<CompiledStream> changed = streams();

        assertThat(run.reload(plan())).hasSize(2);

        rest(run);
        assertThat(old.get(0).fingerprint()).isNotEqualTo(changed.get(0).fingerprint());
        assertThat(verdict("a").clean()).isTrue();
    }

    /** A sink that gets no event does not run ahead, where no change could follow it any more. */
    @Test
    void aSinkWithoutEventsHoldsUpNoChange() throws Exception {
        write("total: {int: [1, 100]}", FAULTS, "limits: {events: 100000}");
        Files.writeString(config, Files.readString(config) + """
                        regions: {north: {weight: 1}, south: {weight: 0.000001}}
                        region_sinks: {north: [a], south: [b]}
                        """);
        Run run = plan().start();
        await().until(() -> run.progress().sinks().get(0).issued() >= 4000);

        Path checkpoint = folder.resolve("out/5f3a90c1/checkpoint.json");
        await().untilAsserted(() -> assertThat(Checkpoint.instant(CheckpointFile.read(checkpoint)
                        .sinks()
                        .get(1)
                        .lanes()
                        .get(0)
                        .reachedMicros()))
                .as("a resumed run would begin again where the slowest lane was")
                .isAfter(plan().streams().get(0).timeOf(0).plusMillis(400)));

        long from = run.faults("", FaultKind.DROP, false).get(0);

        assertThat(from).isLessThan(60_000);
        RunReport report = rest(run);
        assertThat(report.missing()).isZero();
        assertThat(verdict("a").clean()).isTrue();
    }

    /** Control: whoever judges must notice an event that has the definition of the other epoch. */
    @Test
    void anEventByTheDefinitionOfTheOtherEpochIsFound() throws Exception {
        write("total: {int: [1, 100]}", "", "limits: {events: 80000}");
        CompiledStream old = streams().get(0);
        Run run = plan().start();
        awaitIssued(run, 3000);
        write("total: {int: [200, 300]}", "", "limits: {events: 80000}");
        CompiledStream changed = streams().get(0);
        long from = run.reload(plan()).get(0);
        rest(run);
        for (long n : List.of(from - 1, from)) {
            CompiledStream right = n < from ? old : changed;
            CompiledStream wrong = n < from ? changed : old;
            try (Stream<Path> files = Files.walk(folder.resolve("a"))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    String text = Files.readString(file);
                    Files.writeString(
                            file,
                            text.replace(
                                    right.event(n).toString(), wrong.event(n).toString()));
                }
            }
        }

        assertThat(verdict("b").clean()).isTrue();
        Verdict verdict = verdict("a");
        assertThat(verdict.count(Finding.CORRUPTED)).as(verdict.toString()).isEqualTo(2);
        assertThat(verdict.toString()).contains("orders " + (from - 1), "orders " + from, "definitions-");
    }
}
