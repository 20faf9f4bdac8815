package io.dataflux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.MemorySink.Entry;
import io.dataflux.verify.Finding;
import io.dataflux.verify.Verdict;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemorySinkTest {

    private static final EventStream CLICKS = DataFlux.stream("clickstream", 42);
    private static final EventStream CHANGES = DataFlux.stream("cdc", 42);
    private static final EventStream DEBEZIUM =
            DataFlux.stream("cdc_debezium", 42).with(definition -> definition.key("customer_{}", 50));
    private static final int EVENTS = 5_000;

    @TempDir
    Path output;

    private Plan plan(EventStream stream, MemorySink sink) {
        return DataFlux.plan(stream)
                .events(0, EVENTS)
                .sink("memory", sink)
                .speed(Double.POSITIVE_INFINITY)
                .continueOnFailure()
                .output(output)
                .build();
    }

    @Test
    void keepsEventsWithKeyValueRegionAndHeaderInTheirOrder() throws Exception {
        MemorySink memory = MemorySink.keeping();

        RunReport report = plan(CLICKS, memory).start().await();

        EventStream sent = CLICKS.withTag(report.ledger().tag());
        assertThat(memory.entries()).hasSize(EVENTS);
        for (Entry entry : memory.entries()) {
            Event event = sent.event(entry.sequence());
            assertThat(entry.text()).isEqualTo(event.toString());
            assertThat(entry.keyText()).isEqualTo(event.key());
            assertThat(entry.stream()).isEqualTo("clickstream");
            assertThat(entry.region()).isEqualTo("default");
            assertThat(entry.header()).hasSize(32);
        }
        assertInOrder(memory);
    }

    private static void assertInOrder(MemorySink memory) {
        memory.entries().stream()
                .collect(Collectors.groupingBy(entry -> String.valueOf(entry.keyText())))
                .values()
                .forEach(
                        events -> assertThat(events).extracting(Entry::sequence).isSorted());
    }

    @Test
    void whatItKeepsIsJudgedForEachOfSeveralRuns() throws Exception {
        MemorySink memory = MemorySink.keeping();
        for (EventStream stream : List.of(CLICKS, CHANGES, DEBEZIUM, CLICKS)) {
            Plan plan = plan(stream, memory);
            RunReport report = plan.start().await();

            assertThat(plan.readableSinks()).containsExactly("memory");
            Verdict verdict = plan.verify("memory", report.ledger(), UnaryOperator.identity());

            assertThat(verdict.clean()).as(verdict.toString()).isTrue();
            assertThat(verdict.judgesOrder()).isTrue();
            assertThat(verdict.records()).isEqualTo(EVENTS);
        }
    }

    @Test
    void whatIsForgottenIsMissing() throws Exception {
        MemorySink memory = MemorySink.keeping();
        Plan plan = plan(CLICKS, memory);
        RunReport report = plan.start().await();
        memory.clear();

        Verdict verdict = plan.verify("memory", report.ledger(), UnaryOperator.identity());

        assertThat(memory.entries()).isEmpty();
        assertThat(verdict.count(Finding.LOST)).isEqualTo(EVENTS);
        Plan next = plan(CLICKS, memory);
        assertThat(next.verify("memory", next.start().await().ledger(), UnaryOperator.identity())
                        .clean())
                .isTrue();
    }

    @Test
    void aConsumerGetsEachEventAndSaysWhetherItTookIt() throws Exception {
        List<Entry> taken = new ArrayList<>();
        MemorySink sink = MemorySink.into(entry -> {
            if (entry.sequence() % 10 == 3) {
                throw new IllegalStateException("not " + entry.sequence());
            }
            taken.add(entry);
        });

        RunReport report = plan(CLICKS, sink).start().await();

        assertThat(taken).hasSize(EVENTS - EVENTS / 10).noneMatch(entry -> entry.sequence() % 10 == 3);
        assertThat(report.acknowledged()).isEqualTo(EVENTS - EVENTS / 10);
        assertThat(report.ledger().sinks().get(0).streams().get(0).failed()).isEqualTo(EVENTS / 10);
        assertThat(sink.readBack()).isEmpty();
        assertThatThrownBy(sink::entries)
                .hasMessage("this sink hands its events to a consumer and keeps none: use MemorySink.keeping()");
    }

    @Test
    void lanesAtTheSameTimeKeepTheOrderOfEachKey() throws Exception {
        MemorySink memory = MemorySink.keeping();
        List<Thread> runs = new ArrayList<>();
        for (EventStream stream : List.of(CLICKS, CHANGES)) {
            Plan plan = plan(stream, memory);
            Thread run = new Thread(() -> {
                try {
                    plan.start().await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            run.start();
            runs.add(run);
        }
        for (Thread run : runs) {
            run.join();
        }

        assertThat(memory.entries()).hasSize(2 * EVENTS);
        assertInOrder(memory);
    }

    @Test
    void theVerdictKnowsThatTheRunWasTouched() throws Exception {
        MemorySink memory = MemorySink.keeping();
        Plan plan = DataFlux.plan(DataFlux.stream("clickstream", 1))
                .events(0, 3000)
                .speed(1000)
                .sink("memory", memory)
                .output(output)
                .build();
        try (Run run = plan.start()) {
            run.pause();
            run.speed(500_000);
            run.resume();
            Verdict verdict = plan.verify("memory", run.await().ledger(), UnaryOperator.identity());

            assertThat(verdict.clean()).as(verdict.toString()).isTrue();
            assertThat(verdict.toString())
                    .contains(
                            "note      : the run was paused once for 0.",
                            " s, and its speed was changed once: that moved no event");
        }
    }
}
