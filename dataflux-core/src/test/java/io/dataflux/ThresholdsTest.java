package io.dataflux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.RunReport.Lag;
import io.dataflux.RunReport.Step;
import io.dataflux.ledger.Ledger;
import io.dataflux.verify.FaultyReader;
import io.dataflux.verify.FaultyReader.Sabotage;
import io.dataflux.verify.Finding;
import io.dataflux.verify.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThresholdsTest {

    /** Its key comes again at 1181. */
    private static final long TAMPERED = 549;

    private static final Duration LIMIT = Duration.ofMillis(200);
    private static final long NANOS = LIMIT.toNanos();

    @TempDir
    Path output;

    private static Step step(double achieved, long acknowledged, Lag latency) {
        Instant from = Instant.parse("2025-01-01T00:00:00Z");
        return new Step("api", from, null, 1000.0, achieved, acknowledged, 0, 0, new Lag(0, 0, 0), latency);
    }

    private static RunReport report(Validity validity, Step... steps) {
        return new RunReport(
                "05f3a90c",
                validity,
                new Ledger(1, List.of(), List.of()),
                List.of(steps),
                new Lag(0, 0, 0),
                new Lag(0, 0, 0),
                0,
                Duration.ZERO,
                Instant.EPOCH,
                1,
                null,
                List.of(),
                List.of());
    }

    private static Thresholds latency(String name) {
        return new Thresholds(
                name.equals("p50") ? LIMIT : null,
                name.equals("p99") ? LIMIT : null,
                name.equals("max") ? LIMIT : null,
                null,
                Map.of());
    }

    @ParameterizedTest
    @CsvSource({"p50, 1, 0, 0", "p99, 0, 1, 0", "max, 0, 0, 1"})
    void latenciesHoldInEachStep(String name, long p50, long p99, long max) {
        Step good = step(1000, 10, new Lag(NANOS, NANOS, NANOS));
        Step bad = step(1000, 10, new Lag(NANOS + p50, NANOS + p99, NANOS + max));

        assertThat(latency(name).missedBy(report(Validity.VALID, good, good))).isEmpty();
        assertThat(latency(name).missedBy(report(Validity.SATURATED, good, bad, bad)))
                .hasSize(2)
                .allSatisfy(missed -> assertThat(missed)
                        .isEqualTo("sink 'api', step from 2025-01-01T00:00:00Z: " + name
                                + " 200.0 ms, but at most 200.0 ms are allowed"));
        assertThat(Thresholds.NONE.missedBy(report(Validity.VALID, bad))).isEmpty();
        assertThat(latency(name).missedBy(report(Validity.INVALID, bad)))
                .as("late by its own fault")
                .isEmpty();
        Step nothing = step(0, 0, new Lag(NANOS + p50, NANOS + p99, NANOS + max));
        assertThat(latency(name).missedBy(report(Validity.VALID, nothing))).isEmpty();
    }

    @Test
    void theRateHoldsInEachStep() {
        Thresholds thresholds = new Thresholds(null, null, null, 0.95, Map.of());

        assertThat(thresholds.missedBy(report(Validity.VALID, step(950, 10, new Lag(0, 0, 0)))))
                .isEmpty();
        assertThat(thresholds.missedBy(report(Validity.VALID, step(949.9, 0, new Lag(0, 0, 0)))))
                .containsExactly("sink 'api', step from 2025-01-01T00:00:00Z: 949.9 events/s achieved, but at least"
                        + " 950.0 of the 1,000.0 offered are needed");
        assertThat(thresholds.missedBy(report(Validity.INVALID, step(1, 10, new Lag(0, 0, 0)))))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"drop, LOST", "repeat, DUPLICATE", "alter, CORRUPTED", "swap, REORDERED"})
    void findingsMayStayWithinTheirOwn(String fault, Finding finding) throws Exception {
        String word = finding.name().toLowerCase(Locale.ROOT);
        Verdict verdict = verdict(fault);
        assertThat(verdict.count(finding)).as(verdict.toString()).isEqualTo(1);

        assertThat(verdict.beyond(findings(Map.of()))).containsExactly("1 " + word + ", but at most 0 are allowed");
        assertThat(verdict.beyond(findings(Map.of(word, 0L)))).hasSize(1);
        assertThat(verdict.beyond(findings(Map.of("foreign", 9L)))).hasSize(1);
        assertThat(verdict.beyond(findings(Map.of(word, 1L)))).isEmpty();
    }

    @Test
    void everyFindingCanBeNamedAndNothingElse() {
        assertThat(Arrays.stream(Finding.values()).map(finding -> finding.name().toLowerCase(Locale.ROOT)))
                .containsExactlyElementsOf(Thresholds.FINDINGS);
        assertThatThrownBy(() -> findings(Map.of("LOST", 1L)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'LOST' is not a finding; these are [lost, ");
    }

    @Test
    void aCleanVerdictPasses() throws Exception {
        assertThat(verdict("").beyond(Thresholds.NONE)).isEmpty();
    }

    @Test
    void theNumberCounts() throws Exception {
        MemorySink memory = MemorySink.keeping();
        Plan plan = plan(memory);
        Ledger ledger = plan.start().await().ledger();
        memory.clear();
        Verdict verdict = plan.verify("memory", ledger, reader -> reader);

        assertThat(verdict.beyond(findings(Map.of("lost", 1_000_000L)))).isEmpty();
        assertThat(verdict.beyond(findings(Map.of("lost", 7999L))))
                .containsExactly("8,000 lost, but at most 7,999 are allowed");
    }

    private static Thresholds findings(Map<String, Long> findings) {
        return new Thresholds(null, null, null, null, findings);
    }

    private Plan plan(MemorySink memory) {
        return DataFlux.plan(DataFlux.stream("clickstream", 42))
                .events(0, 8000)
                .speed(Double.POSITIVE_INFINITY)
                .sink("memory", memory)
                .thresholds(findings(Map.of("duplicate", 7L)))
                .output(output)
                .build();
    }

    private Verdict verdict(String fault) throws Exception {
        MemorySink memory = MemorySink.keeping();
        Plan plan = plan(memory);
        assertThat(plan.thresholds().findings()).isEqualTo(Map.of("duplicate", 7L));
        Ledger ledger = plan.start().await().ledger();
        return plan.verify(
                "memory",
                ledger,
                reader -> fault.isEmpty()
                        ? reader
                        : new FaultyReader(
                                reader,
                                Sabotage.parse(fault + ":" + TAMPERED),
                                plan.streams().get(0),
                                ledger.tag()));
    }
}
