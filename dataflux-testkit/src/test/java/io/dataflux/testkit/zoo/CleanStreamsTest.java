package io.dataflux.testkit.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.DataFlux;
import io.dataflux.Event;
import io.dataflux.EventStream;
import io.dataflux.Plan;
import io.dataflux.PlannedFault;
import io.dataflux.RunReport;
import io.dataflux.ledger.Ledger;
import io.dataflux.model.FaultKind;
import io.dataflux.model.Faults;
import io.dataflux.model.Fields;
import io.dataflux.model.Key;
import io.dataflux.model.StreamDefinition;
import io.dataflux.verify.Arrivals;
import io.dataflux.verify.Verdict;
import io.dataflux.verify.Verification;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nothing is found where nothing is wrong: all built-in streams, with and without planned faults, with their sessions and tables, in one
 * source and in several that are read in any order that keeps what each of them holds, in runs with and without an interruption, judged as
 * what a target stores and as what a system puts out.
 */
class CleanStreamsTest {

    private static final int EVENTS = Boolean.getBoolean("dataflux.thorough") ? 10_000_000 : 2_000_000;
    private static final String FAULTS =
            "late 2% by 8s..30s, duplicate 1% within 50, drop 1%, reorder 2% within 30, corrupt 1% as ";
    /** Their identities do not stand first in an event, so its bytes cannot be broken. */
    private static final Set<String> BROKEN_BY_KEY_ONLY = Set.of("cdc_debezium", "iot");

    private static final ExecutorService THREADS = Executors.newFixedThreadPool(2);

    private static final int TAG = 0x200;
    /** Making a stream takes longer than judging some thousand events of it. */
    private static final Map<List<Object>, EventStream> STREAMS = new ConcurrentHashMap<>();

    @TempDir
    static Path folder;

    @AfterAll
    static void stop() {
        THREADS.shutdownNow();
    }

    /** A way in which events can come without anything being wrong. */
    private record Way(String stream, boolean faults, int sources, Reading reading, boolean resumed, boolean stored) {

        @Override
        public String toString() {
            return stream + (faults ? " with faults" : "") + ", " + sources + (sources == 1 ? " source" : " sources")
                    + " " + reading + (resumed ? ", resumed" : "") + (stored ? ", as stored" : ", as put out");
        }
    }

    private static List<Way> ways() {
        List<Way> ways = new ArrayList<>();
        boolean resumed = false;
        for (String stream : DataFlux.streamNames()) {
            for (int sources : new int[] {1, 3, 8}) {
                for (Reading reading : sources == 1 ? new Reading[] {Reading.AS_SENT} : Reading.values()) {
                    for (boolean faults : new boolean[] {false, true}) {
                        resumed = !resumed;
                        ways.add(new Way(stream, faults, sources, reading, resumed, true));
                        ways.add(new Way(stream, faults, sources, reading, !resumed, false));
                    }
                }
                resumed = !resumed;
            }
        }
        return ways;
    }

    @TestFactory
    Stream<DynamicTest> noStreamGivesAFalseAlarm() {
        List<Way> ways = ways();
        int events = EVENTS / ways.size() + 1;
        List<Future<List<String>>> alarms = new ArrayList<>();
        for (int i = 0; i < ways.size(); i++) {
            int number = i;
            alarms.add(THREADS.submit(() -> alarms(ways.get(number), number, events)));
        }
        return DataFlux.streamNames().stream()
                .map(name -> DynamicTest.dynamicTest(name, () -> {
                    List<String> all = new ArrayList<>();
                    for (int i = 0; i < ways.size(); i++) {
                        if (ways.get(i).stream.equals(name)) {
                            all.addAll(alarms.get(i).get());
                        }
                    }
                    assertThat(all).isEmpty();
                }));
    }

    /** One source is read to its end before the other is begun: longer than what a verdict remembers of their order. */
    @Test
    void twoSourcesThatAreReadFarApartGiveNoFalseAlarm() throws Exception {
        EventStream stream = DataFlux.stream(
                        StreamDefinition.named("apart")
                                .key(new Key("k{}", 20, BigDecimal.ZERO, 1, 1))
                                .identity("id")
                                .field("id", Fields.uuid())
                                .build(),
                        3)
                .withTag(TAG);
        Store store = new Store(2, Reading.ONE_AFTER_THE_OTHER, 3, -1);
        Plan plan = DataFlux.plan(stream)
                .events(0, 200_000)
                .sink("store", store)
                .speed(Double.POSITIVE_INFINITY)
                .tag(TAG)
                .output(folder.resolve("apart"))
                .build();
        RunReport report = run(plan);

        Verdict stored = plan.verify("store", report.ledger(), UnaryOperator.identity());
        Verdict putOut = systemsVerdict(stream, report.ledger(), store, List.of());

        assertThat(stored.clean()).as("%s", stored).isTrue();
        assertThat(stored.judgesOrder()).isTrue();
        assertThat(putOut.clean()).as("%s", putOut).isTrue();
        assertThat(putOut.judgesOrder()).isTrue();
    }

    private static List<String> alarms(Way way, int number, int events) throws Exception {
        long from = number % 3 == 0 ? 0 : 1_000_000L * number;
        EventStream stream = STREAMS.computeIfAbsent(List.of(way.stream, way.faults), name -> stream(way));
        Store store = new Store(way.sources, way.reading, number, way.resumed ? events / 3 : -1);
        Plan plan = DataFlux.plan(stream)
                .events(from, from + events)
                .sink("store", store)
                .speed(Double.POSITIVE_INFINITY)
                .tag(TAG)
                .resumable()
                .output(folder.resolve("way-" + number))
                .build();
        RunReport report = run(plan);
        if (way.resumed) {
            assertThat(store.interrupted()).as("the run was interrupted").isTrue();
            report = run(plan);
        }
        assertThat(report.acknowledged()).isPositive();
        Verdict verdict = way.stored
                ? plan.verify("store", report.ledger(), UnaryOperator.identity())
                : systemsVerdict(stream, report.ledger(), store, stream.faults(from, from + events));
        boolean keyed = stream.event(0).key() != null;
        List<String> alarms = new ArrayList<>();
        if (!verdict.clean() || verdict.judgesOrder() != keyed) {
            alarms.add(way + " (number " + number + "): " + verdict);
        }
        return alarms;
    }

    private static EventStream stream(Way way) {
        StreamDefinition definition = DataFlux.definition(way.stream);
        String corrupt = BROKEN_BY_KEY_ONLY.contains(way.stream) ? "null_key" : "truncated or invalid_utf8";
        return DataFlux.stream(
                        way.faults
                                ? definition.toBuilder()
                                        .faults(Faults.of(FAULTS + corrupt))
                                        .build()
                                : definition,
                        way.stream.hashCode())
                .withTag(TAG);
    }

    private static RunReport run(Plan plan) throws InterruptedException {
        return plan.start().await();
    }

    /** Judges a system that passes each event on once and sets aside what is broken. */
    private static Verdict systemsVerdict(EventStream stream, Ledger ledger, Store store, List<PlannedFault> faults) {
        Set<Long> broken = faults.stream()
                .filter(fault -> fault.kind() == FaultKind.CORRUPT)
                .map(PlannedFault::sequence)
                .collect(Collectors.toSet());
        Set<Long> seen = new HashSet<>();
        List<byte[]> deadLetters = new ArrayList<>();
        Arrivals<byte[]> queue = Arrivals.log(deadLetters);
        Arrivals<byte[]> out = store.putOut(record -> {
            if (!seen.add(record.sequence())) {
                return false;
            }
            if (broken.contains(record.sequence())) {
                deadLetters.add(record.value());
                return false;
            }
            return true;
        });
        Verification<Event, byte[]> verification = Verification.of(stream, () -> ledger, event -> event, out);
        if (!faults.isEmpty()) {
            verification.deadLetters(queue);
        }
        return verification
                .settle(Duration.ofMillis(10))
                .deadline(Duration.ofMinutes(2))
                .await();
    }
}
