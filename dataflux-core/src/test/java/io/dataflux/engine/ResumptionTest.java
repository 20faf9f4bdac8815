package io.dataflux.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.ConfigurationException;
import io.dataflux.spi.DeliveryUnit;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whether a run is the one that has begun, by its checkpoint, setting by setting. */
class ResumptionTest {

    private static final int TAG = 0x5f3a90c1;

    /** Has a run that is complete, for tests that only look at it. */
    @TempDir
    static Path shared;

    @TempDir
    Path output;

    @BeforeAll
    static void run() throws Exception {
        ResumptionTest first = new ResumptionTest();
        first.output = shared;
        first.begun().plan().start().await();
    }

    /** A sink as configured: where it goes to, and where its units of delivery end. */
    private static final class Target extends Collecting {
        private final String destination;
        private final DeliveryUnit unit;

        Target(String destination, long events, Duration window) {
            this.destination = destination;
            unit = new DeliveryUnit(events, window);
        }

        @Override
        public String destination() {
            return destination;
        }

        @Override
        public DeliveryUnit unit() {
            return unit;
        }
    }

    private Sketch streams() {
        return new Sketch(output)
                .stream("orders", 5000).stream("clicks", 3000).events(60).tag(TAG);
    }

    private Sketch begun() {
        return streams().sink("all", 2, new Target("topic a", Long.MAX_VALUE, Duration.ZERO));
    }

    private interface Make {
        Sketch of(ResumptionTest test);
    }

    /** What differs from the run that has begun, and what is said of it. */
    private record Case(String name, Make make, String said) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> changes() {
        return Stream.of(
                new Case(
                        "another stream",
                        test -> new Sketch(test.output)
                                .stream("orders", 5000).stream("views", 3000)
                                        .events(60)
                                        .tag(TAG)
                                        .sink("all", 2, new Target("topic a", Long.MAX_VALUE, Duration.ZERO)),
                        "streams: [orders, views], but the run has [orders, clicks]"),
                new Case(
                        "another rate",
                        test -> new Sketch(test.output)
                                .stream("orders", 5000).stream("clicks", 3001)
                                        .events(60)
                                        .tag(TAG)
                                        .sink("all", 2, new Target("topic a", Long.MAX_VALUE, Duration.ZERO)),
                        "streams.clicks: its definition, seed, start or rate differs from that of the run"),
                new Case(
                        "another limit",
                        test -> test.begun().events(80),
                        "limits: stream 'orders' has the events [0, 50), but in the run [0, 37)"),
                new Case(
                        "another sink",
                        test -> test.streams().sink("some", 2, new Target("topic a", Long.MAX_VALUE, Duration.ZERO)),
                        "sinks: [some (test)], but the run has [all (test)]"),
                new Case(
                        "other lanes",
                        test -> test.streams().sink("all", 3, new Target("topic a", Long.MAX_VALUE, Duration.ZERO)),
                        "sinks.all.lanes: 3, but the run has 2"),
                new Case(
                        "another destination",
                        test -> test.streams().sink("all", 2, new Target("topic b", Long.MAX_VALUE, Duration.ZERO)),
                        "sinks.all: it goes to topic b, but in the run it went to topic a"),
                new Case(
                        "other events",
                        test -> test.begun()
                                .regions(event -> (int) (event.sequence() % 2), "eu", "us")
                                .regionSinks("eu", "all")
                                .regionSinks("us"),
                        "sinks.all: it gets other events than in the run: regions, routing or region_sinks have changed"),
                new Case(
                        "units of events",
                        test -> test.streams().sink("all", 2, new Target("topic a", 1500, Duration.ZERO)),
                        "sinks.all: its deliveries end every 1,500 events, but those of the run anywhere"),
                new Case(
                        "units of time",
                        test -> test.streams()
                                .sink("all", 2, new Target("topic a", Long.MAX_VALUE, Duration.ofSeconds(90))),
                        "sinks.all: its deliveries end every 90 s, but those of the run anywhere"),
                new Case(
                        "units of both",
                        test -> test.streams().sink("all", 2, new Target("topic a", 1500, Duration.ofSeconds(2))),
                        "sinks.all: its deliveries end every 1,500 events and 2 s, but those of the run anywhere"));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void aRunIsResumedUnchangedOnly(Case changed) {
        output = shared;
        assertThat(find(begun())).as("the control").isNotNull();

        assertThatThrownBy(() -> find(changed.make.of(this)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("test: ")
                .hasMessageContaining("\n  " + changed.said)
                .hasMessageContaining("a run with this tag has begun (see " + output.resolve("5f3a90c1/checkpoint.json")
                        + ") and can only be resumed unchanged; undo the change, or use another tag for a new run")
                .satisfies(e -> assertThat(((ConfigurationException) e).problems())
                        .as("the change and what to do, unless the limit of both streams changed")
                        .hasSize(changed.name.equals("another limit") ? 3 : 2));
    }

    private Checkpoint find(Sketch sketch) {
        return Resumption.find(sketch.config(), sketch.plan().extent())
                .map(Resumption.Begun::checkpoint)
                .orElse(null);
    }

    /** A checkpoint that was copied from another run, or written by another part of it. */
    @Test
    void aCheckpointOfAnotherRunOrPartIsNotThatOfThisOne() throws Exception {
        Path file = shared.resolve("5f3a90c1/checkpoint.json");
        Path other = Files.createDirectories(output.resolve("00000007"));
        Files.copy(file, other.resolve("checkpoint.json"));
        Files.copy(file, other.resolve("checkpoint-2of3.json"));

        assertThatThrownBy(() -> find(begun().tag(7)))
                .hasMessageContaining("\n  --tag: 00000007, but the file belongs to run 5f3a90c1");
        assertThatThrownBy(() -> find(begun().tag(7).part(2, 3)))
                .hasMessageContaining("\n  --tag: 00000007, but the file belongs to run 5f3a90c1")
                .hasMessageContaining("\n  --part: 2/3, but the file belongs to part 1/1");
    }

    /** Checkpoints that do not say where a sink goes to, or what it gets, are taken as they are. */
    @Test
    void whatACheckpointDoesNotSayIsNotCompared() throws Exception {
        Path file = Files.createDirectories(output.resolve("5f3a90c1")).resolve("checkpoint.json");
        String text = Files.readString(shared.resolve("5f3a90c1/checkpoint.json"));
        assertThat(text).contains("topic a");
        Files.writeString(
                file,
                text.replaceAll("(\"destination\" *: *)\"[^\"]*\"", "$1\"\"")
                        .replaceAll("(\"routing\" *: *)\"[^\"]*\"", "$1\"\""));

        assertThat(find(streams()
                        .sink("all", 2, new Target("topic b", Long.MAX_VALUE, Duration.ZERO))
                        .regions(event -> (int) (event.sequence() % 2), "eu", "us")
                        .regionSinks("eu", "all")
                        .regionSinks("us")))
                .isNotNull();
    }

    @Test
    void withoutACheckpointARunIsAFirstAttemptUnlessSomethingElseIsThere() throws Exception {
        assertThat(find(begun())).isNull();
        assertThat(Resumption.find(streams().config(), begun().plan().extent())).isEmpty();
        Path folder = Files.createDirectories(output.resolve("5f3a90c1"));
        assertThat(find(begun())).as("an empty folder").isNull();

        Files.writeString(folder.resolve("report.json"), "{}");
        assertThatThrownBy(() -> find(begun()))
                .hasMessageContaining("--tag: a run with the tag 5f3a90c1 has begun (see report.json in " + folder
                        + "), but its checkpoint.json is gone");
        Files.delete(folder.resolve("report.json"));
        for (String name : List.of("checkpoint-1of3.json", "checkpoint-2of3.json")) {
            Files.writeString(folder.resolve(name), "{}");
        }
        assertThatThrownBy(() -> find(begun()))
                .hasMessageContaining("--part: 1/1, but the run with the tag 5f3a90c1 has begun in other parts (see"
                        + " checkpoint-1of3.json, checkpoint-2of3.json in " + folder + ")");
        assertThat(find(begun().part(3, 3))).as("another part of the same").isNull();
    }
}
