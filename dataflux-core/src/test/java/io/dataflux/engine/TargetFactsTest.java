package io.dataflux.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.ConfigurationException;
import io.dataflux.Run;
import io.dataflux.RunReport;
import io.dataflux.spi.Delivered;
import io.dataflux.spi.EventBatch;
import io.dataflux.spi.LaneContext;
import io.dataflux.spi.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether a run is resumed at a target that is not what it was, however the run ended. */
class TargetFactsTest {

    private static final long EVENTS = 20_000;
    private static final List<String> ENDS = List.of("killed", "stopped", "failed");

    @TempDir
    Path output;

    /** A sink whose target has facts, and that notes in which order it was asked. */
    private static final class Target extends Collecting {
        private final Map<String, String> facts;
        private final List<String> calls = new ArrayList<>();
        private boolean failing;
        private boolean hasAny;
        private boolean mayHaveMore;

        Target(Map<String, String> facts) {
            this.facts = facts;
        }

        @Override
        public void prepare(LaneContext run) {
            calls.add("prepare");
        }

        @Override
        public Map<String, String> facts(LaneContext run) {
            calls.add("facts");
            return facts;
        }

        @Override
        public void recover(LaneContext lane, Delivered delivered) {
            hasAny |= delivered.hasAny();
            mayHaveMore |= delivered.mayHaveMore();
        }

        @Override
        void settle(LaneContext lane, EventBatch batch, Outcome outcome) {
            if (failing && got().size() > 3000) {
                outcome.failed(0, batch.size(), new IOException("no"));
            } else {
                outcome.acknowledged(0, batch.size());
            }
        }
    }

    private Sketch sketch(Target target, Target other) {
        return new Sketch(output)
                .stream("orders", 5000)
                        .events(EVENTS)
                        .tag(7)
                        .sink("topic", 2, target)
                        .sink("other", 1, other);
    }

    private void begin(String end, Map<String, String> facts) throws Exception {
        Target target = new Target(facts);
        target.failing = end.equals("failed");
        CountDownLatch reached = new CountDownLatch(1);
        Run run = sketch(target, new Target(Map.of())).speed(2).plan().start().after(2000, reached::countDown);
        reached.await();
        RunReport report = end.equals("failed") ? run.await() : run.stop();
        assertThat(report.complete()).isFalse();
        assertThat(target.calls).containsExactly("prepare", "facts");
        if (end.equals("killed")) {
            Path file = output.resolve("00000007/checkpoint.json");
            Files.writeString(file, Files.readString(file).replace("\"stopped\"", "\"running\""));
            Files.delete(output.resolve("00000007/report.json"));
        }
    }

    static Stream<Arguments> changes() {
        return ENDS.stream()
                .flatMap(end -> Stream.of(
                        Arguments.of(
                                end,
                                Map.of("partitions of t", "5"),
                                "partitions of t was 2 when the run began, and is 5"),
                        Arguments.of(
                                end,
                                Map.of("topic t", "missing"),
                                "topic t was id 1 when the run began, and is missing"),
                        Arguments.of(
                                end,
                                Map.of("topic t", "id 2", "partitions of t", "2", "clean-up of t", "compact"),
                                "topic t was id 1 when the run began, and is id 2")));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void aRunIsNotResumedAtATargetThatHasChanged(String end, Map<String, String> now, String words) throws Exception {
        begin(end, Map.of("topic t", "id 1", "partitions of t", "2"));
        Target changed = new Target(now);
        Target other = new Target(Map.of());

        assertThatThrownBy(() -> sketch(changed, other).plan().start())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("sinks.topic")
                .hasMessageContaining(words)
                .hasMessageContaining("use another tag for a new run");
        assertThat(changed.calls).as("nothing was made there").containsExactly("facts");
        assertThat(other.calls).containsExactly("facts");
        assertThat(changed.opened.get() + other.opened.get()).isZero();

        Target again = new Target(Map.of("topic t", "id 1", "partitions of t", "2"));
        assertThat(sketch(again, new Target(Map.of())).plan().start().await().complete())
                .as("once the change is undone")
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"killed", "stopped", "failed"})
    void whatOnlyOneAttemptKnowsIsNotCompared(String end) throws Exception {
        begin(end, Map.of("topic t", "id 1"));
        Target knowing = new Target(Map.of("clean-up of t", "delete"));

        RunReport report = sketch(knowing, new Target(Map.of())).plan().start().await();

        assertThat(report.complete()).isTrue();
        assertThat(knowing.calls).containsExactly("facts", "prepare");
        assertThat(knowing.hasAny).isTrue();
        assertThat(knowing.mayHaveMore)
                .as("only a process that was killed leaves doubts")
                .isEqualTo(end.equals("killed"));
        assertThat(CheckpointFile.read(output.resolve("00000007/checkpoint.json"))
                        .sinks()
                        .get(0)
                        .facts())
                .isEqualTo(Map.of("topic t", "id 1", "clean-up of t", "delete"));
    }
}
