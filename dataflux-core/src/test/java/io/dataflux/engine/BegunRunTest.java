package io.dataflux.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.ConfigurationException;
import io.dataflux.DataFlux;
import io.dataflux.Plan;
import io.dataflux.Run;
import io.dataflux.RunReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a run of a configuration file reads the file, and when the checkpoint of the attempt before. */
class BegunRunTest {

    private static final int EVENTS = 500;

    @TempDir
    Path temp;

    /** Looking up a variable deletes the file that names it: whoever reads the file again finds none. */
    private final Map<String, String> gone = new HashMap<>(Map.of("TYPE", "null")) {
        @Override
        public String get(Object name) {
            try {
                Files.delete(file());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return super.get(name);
        }
    };

    @Test
    void aRunThatStartsNowKeepsItsStartAndReadsItsFileOnce() throws Exception {
        RunReport first = plan("now").start().await();
        Instant began = start(plan("now"));

        Plan again = plan("now");

        assertThat(first.acknowledged()).isEqualTo(EVENTS);
        assertThat(start(again)).isEqualTo(began);
        assertThat(again.describe()).contains("start = " + began + ", now (line 1)");
        assertThat(start(plan("now", "9"))).isAfter(began);
    }

    @Test
    void aRunIsResumedFromWhatItsCheckpointSaysWhenItStartsNotWhenItWasPlanned() throws Exception {
        Plan plan = plan("2025-01-01T00:00:00Z");
        RunReport between = plan("2025-01-01T00:00:00Z").start().await();

        Run after = plan.start();

        assertThat(between.acknowledged()).isEqualTo(EVENTS);
        assertThat(after.resumption())
                .containsExactly("run 00000007 is complete: every event is acknowledged, nothing was sent again");
        assertThat(after.await().acknowledged()).isEqualTo(EVENTS);
    }

    @Test
    void theCheckpointOfARunWithAFixedStartIsReadWhenItStarts() throws Exception {
        plan("2025-01-01T00:00:00Z").start().await();
        Files.writeString(temp.resolve("out/00000007/checkpoint.json"), "{");

        Plan again = plan("2025-01-01T00:00:00Z");

        assertThatThrownBy(again::start)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("checkpoint.json")
                .hasMessageContaining("restore it");
        assertThatThrownBy(() -> plan("now")).hasMessageContaining("restore it");
    }

    private static Instant start(Plan plan) {
        return plan.streams().get(0).event(0).time();
    }

    private Plan plan(String start) throws IOException {
        return plan(start, "7");
    }

    private Plan plan(String start, String tag) throws IOException {
        Files.writeString(file(), """
                start: %s
                tag: "%s"
                speed: max
                limits: {events: %d}
                streams: {clicks: {from: clickstream}}
                sinks: {keep: {type: "${env:TYPE}"}}
                output: {dir: "%s"}
                """.formatted(start, tag, EVENTS, temp.resolve("out")));
        Plan plan = DataFlux.plan(file(), Map.of(), gone);
        assertThat(file()).doesNotExist();
        return plan;
    }

    private Path file() {
        return temp.resolve("config.yaml");
    }
}
