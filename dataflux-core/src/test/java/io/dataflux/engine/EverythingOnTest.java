package io.dataflux.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.DataFlux;
import io.dataflux.Event;
import io.dataflux.EventStream;
import io.dataflux.encode.CompiledStream;
import io.dataflux.engine.Collecting.Got;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions, changes, rates, bursts, jitter, lateness, slow values and faults in one run: one digest, whoever computes it. */
class EverythingOnTest {

    /** Reduced 12,000 events, thorough 400,000. */
    private static final int EVENTS = Boolean.getBoolean("dataflux.thorough") ? 400_000 : 12_000;

    private static final Path FILE = Path.of("src/test/resources/io/dataflux/everything.yaml");

    private int runs;

    /** Of a run with one lane. */
    private static String expected;

    @TempDir
    Path output;

    private static List<EventStream> streams() {
        return DataFlux.streams(FILE, Map.of(), Map.of());
    }

    /** Each shard's deliveries in their order. */
    private String sent(int lanes) throws Exception {
        Collecting sink = new Collecting();
        Sketch sketch = new Sketch(output.resolve("run-" + runs++));
        for (EventStream stream : streams()) {
            sketch.stream(((CompiledStream) stream).definition());
        }
        assertThat(sketch.tag(7)
                        .events(EVENTS)
                        .sink("all", lanes, sink)
                        .plan()
                        .start()
                        .await()
                        .delivered())
                .isTrue();
        List<Got> got = new ArrayList<>(sink.got());
        got.sort(Comparator.comparing(Got::stream).thenComparing(Got::shard)); // stable: order within a shard stays
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        for (Got event : got) {
            String line = event.stream() + " " + event.shard() + " " + event.place() + " " + event.text() + "\n";
            digest.update(line.getBytes(StandardCharsets.UTF_8));
        }
        assertThat(got).hasSizeBetween(EVENTS * 95 / 100, EVENTS * 105 / 100);
        return HexFormat.of().formatHex(digest.digest());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 64})
    void anyNumberOfLanesSendsTheSame(int lanes) throws Exception {
        if (expected == null) {
            expected = sent(1);
        }
        assertThat(sent(lanes)).isEqualTo(expected);
    }

    @Test
    void eventsAskedForInShuffledOrderAreTheSame() throws Exception {
        for (EventStream stream : streams()) {
            List<byte[]> inOrder = new ArrayList<>();
            for (Event event : stream.events(0, EVENTS / 4)) {
                inOrder.add(event.bytes());
            }
            List<Long> order =
                    new ArrayList<>(LongStream.range(0, EVENTS / 4).boxed().toList());
            Collections.shuffle(order, new Random(7));
            for (long n : order) {
                if (!java.util.Arrays.equals(stream.event(n).bytes(), inOrder.get((int) n))) {
                    assertThat(stream.event(n).toString())
                            .as("event %d of %s", n, stream.name())
                            .isEqualTo(new String(inOrder.get((int) n), StandardCharsets.UTF_8));
                }
            }
        }
    }
}
