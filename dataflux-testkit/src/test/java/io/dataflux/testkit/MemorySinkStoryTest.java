package io.dataflux.testkit;

import static io.dataflux.testkit.DataFluxAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.MemorySink;
import io.dataflux.MemorySink.Entry;
import io.dataflux.spi.LaneContext;
import io.dataflux.spi.Sink;
import io.dataflux.verify.Arrivals;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** A system in this process, tested without a server. */
class MemorySinkStoryTest {

    private static final Duration SHORT = Duration.ofMillis(50);

    /** A queue between two parts of a program; the second one copies what the first one puts in. */
    @Test
    void aConsumerIsTestedWithoutAServer(@DataFluxStream("clickstream") TestStream<String> clicks) {
        Queue<String> copied = new ConcurrentLinkedQueue<>();
        Arrivals<String> out = Arrivals.log(copied);

        clicks.sendTo(MemorySink.into(entry -> copied.add(entry.text())));

        assertThat(clicks.verify(out).settle(SHORT).await())
                .deliveredExactlyOnce()
                .inOrderPerKey();
    }

    @Test
    void aConsumerThatLosesOneIsFoundOut(@DataFluxStream("clickstream") TestStream<String> clicks) {
        MemorySink memory = MemorySink.keeping();
        clicks.sendTo(memory);
        Queue<String> copied = new ConcurrentLinkedQueue<>();
        Arrivals<String> out = Arrivals.log(copied);
        for (Entry entry : memory.entries()) {
            if (entry.sequence() != 117) {
                copied.add(entry.text());
            }
        }

        assertThat(clicks.verify(out).deadline(Duration.ofSeconds(3)).await().facts())
                .anyMatch(fact -> fact.startsWith("lost      : 1    117 ("));
    }

    /** What a system writes through a sink of its own can be read back like any other target. */
    @Test
    void itIsAlsoWhereTheOutputIsRead(@DataFluxStream("clickstream") TestStream<String> clicks) {
        MemorySink target = MemorySink.keeping();
        Arrivals<String> out = Arrivals.stored(target, json -> new String(json, UTF_8));

        clicks.sendTo(target);

        assertThat(clicks.verify(out).settle(SHORT).await())
                .deliveredExactlyOnce()
                .inOrderPerKey();
    }

    @Test
    void aDeletionHasAKeyAndNoValue() throws Exception {
        MemorySink memory = MemorySink.keeping();
        LaneContext lane = new LaneContext(
                "memory", 0, 1, 7, 0, List.of(new LaneContext.Stream("changes", 5, 1)), Path.of("target"));
        List<TestEvent> events = List.of(
                new TestEvent(0, 0, 0, 0, "a", 0, "default", "{\"n\":0}"),
                new TestEvent(0, 1, 0, 1, "a", 0, "default", ""));
        try (Sink sink = memory.open(lane)) {
            RecordedOutcome outcome = new RecordedOutcome(2);
            sink.write(TestBatch.of(lane, events), outcome);
            assertThat(outcome.acknowledged()).isEqualTo(2);
        }

        assertThat(memory.entries()).extracting(Entry::keyText).containsExactly("a", "a");
        assertThat(memory.entries()).extracting(Entry::text).containsExactly("{\"n\":0}", null);
        assertThat(memory.entries().get(1).value()).isNull();
    }
}
