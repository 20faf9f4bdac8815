package io.dataflux.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.dataflux.DataFlux;
import io.dataflux.Event;
import io.dataflux.EventStream;
import io.dataflux.model.Fields;
import io.dataflux.model.StreamDefinition;
import io.dataflux.spi.EventGenerator;
import io.dataflux.spi.Settings;
import io.dataflux.verify.Arrivals;
import io.dataflux.verify.Verdict;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** What a failure says to get its events again compiles as it is, and gives the same events with the same ids. */
class ReplayLineTest {

    private static final long FAR = 3_000_000_000L;
    private static final Path QUOTED = Path.of("target/say \"or\\ders\".yaml");

    /** The events of a stream by what gives them again. */
    private static final Map<String, List<String>> EVENTS = new ConcurrentHashMap<>();

    @TempDir
    Path folder;

    /** A generator of one's own, as the class path offers it. */
    public static final class Numbers implements EventGenerator.Provider {
        @Override
        public String type() {
            return "test-numbers";
        }

        @Override
        public EventGenerator configure(Settings settings) {
            return (event, to) -> to.id("id", "evt_{}").key("user").integer("n", event.sequence());
        }
    }

    /** For the pasted class, which a class loader of its own has. */
    public static final class Notes {
        private Notes() {}

        public static void of(TestStream<?> stream) {
            note(stream);
        }
    }

    static final class Readings {
        static StreamDefinition readings() {
            return StreamDefinition.named("readings")
                    .key("sensor_{}", 10)
                    .identity("id")
                    .field("id", Fields.uuid())
                    .field("celsius", Fields.decimal("1.0", "9.0"))
                    .build();
        }
    }

    @BeforeAll
    static void writeAFileWithADifficultName() throws IOException {
        try (var orders = Objects.requireNonNull(ReplayLineTest.class.getResourceAsStream("orders.yaml"))) {
            Files.createDirectories(Path.of("target"));
            Files.write(QUOTED, orders.readAllBytes());
        }
    }

    @AfterAll
    static void deleteIt() throws IOException {
        Files.deleteIfExists(QUOTED);
    }

    @Test
    void anAnnotationGivesTheSameEventsAgain() throws Exception {
        EVENTS.clear();
        run(Originals.class);
        Map<String, List<String>> originals = Map.copyOf(EVENTS);
        assertThat(originals).hasSize(11);
        StringBuilder tests = new StringBuilder();
        originals
                .keySet()
                .forEach(
                        line -> tests.append("@org.junit.jupiter.api.Test void pasted")
                                .append(Integer.toHexString(line.hashCode()))
                                .append("(\n")
                                .append(line)
                                .append(
                                        "\nTestStream<io.dataflux.Event> events) throws Exception { ReplayLineTest.Notes.of(events); }\n"));

        EVENTS.clear();
        run(compiled("package io.dataflux.testkit; class Pasted {\n" + tests + "}", "io.dataflux.testkit.Pasted"));

        assertThat(EVENTS).isEqualTo(originals);
    }

    @Test
    void anExpressionGivesTheSameEventsAgain() throws Exception {
        Map<String, EventStream> streams = new LinkedHashMap<>();
        Map<String, List<String>> originals = new LinkedHashMap<>();
        EventStream clicks = DataFlux.stream("clickstream", 42);
        for (TestStream<Event> each : List.of(
                TestStream.of(clicks, 0, 5, Decoder.events()),
                TestStream.of(clicks, FAR, FAR + 5, Decoder.events()),
                TestStream.of(DataFlux.stream("cdc", FAR), 7, 9, Decoder.events()),
                TestStream.of(clicks, 3, 8, Decoder.events())
                        .tag("5f3a90c1")
                        .rate("500/s")
                        .faults("late 50% by 8s..30s, drop 10%"),
                TestStream.of(clicks, 3, 8, Decoder.events()).rate("steps 100/s..300/s by 100/s each 2s"),
                TestStream.of(clicks.with(d -> d.rate(7, 1)), 3, 8, Decoder.events()),
                TestStream.of(DataFlux.stream(Readings.readings(), 5), 3, 8, Decoder.events()),
                TestStream.of(numbers(), 3, 8, Decoder.events()).rate("9/s"),
                TestStream.of(
                        DataFlux.streams(QUOTED, Map.of("seed", "6"), Map.of()).get(0), 3, 8, Decoder.events()))) {
            String line = lineOf(each);
            streams.put(line, base(each));
            originals.put(line, texts(each));
        }
        assertThat(originals).hasSize(9);
        StringBuilder methods = new StringBuilder();
        int number = 0;
        for (String line : originals.keySet()) {
            methods.append("public static TestStream<io.dataflux.Event> of")
                    .append(number++)
                    .append("(EventStream stream) { return\n")
                    .append(line)
                    .append("\n; }\n");
        }
        Class<?> pasted = compiled(
                "package io.dataflux.pasted; import io.dataflux.*; import io.dataflux.testkit.*; public class Pasted {\n"
                        + methods + "}",
                "io.dataflux.pasted.Pasted");

        number = 0;
        for (Map.Entry<String, List<String>> each : originals.entrySet()) {
            TestStream<?> again = (TestStream<?>)
                    pasted.getMethod("of" + number++, EventStream.class).invoke(null, streams.get(each.getKey()));
            assertThat(texts(again)).as(each.getKey()).isEqualTo(each.getValue());
        }
    }

    @Test
    void theLineOfAVerdictIsThatOfItsEvents() throws Exception {
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        try (TestStream<Event> clicks = TestStream.of(
                        DataFlux.stream("clickstream", 42), FAR, FAR + 50, Decoder.events())
                .tag("abc")) {
            Arrivals<String> out = Arrivals.log(seen);
            String lost = clicks.stream().event(FAR + 20).toString();
            clicks.sendTo(Pipeline.into(json -> {
                String text = new String(json, java.nio.charset.StandardCharsets.UTF_8);
                if (!text.equals(lost)) {
                    seen.add(text);
                }
            }));
            Verdict verdict = clicks.verify(out).deadline(Duration.ofSeconds(3)).await();

            assertThat(verdict.facts())
                    .contains(
                            "replay    : TestStream.of(DataFlux.stream(\"clickstream\", 42), 3000000020L, 3000000021L,"
                                    + " Decoder.events()).tag(\"00000abc\")");
        }
    }

    /** What stands behind the range of a stream's text. */
    private static String lineOf(TestStream<?> stream) {
        return stream.toString().replaceFirst("(?s).*?, events \\[\\d+, \\d+\\): ", "");
    }

    /** The stream as it was given to {@code TestStream.of}. */
    private static EventStream base(TestStream<?> stream) throws Exception {
        return switch (stream.stream().name()) {
            case "readings" -> DataFlux.stream(Readings.readings(), 5);
            case "numbers" -> numbers();
            case "orders" ->
                DataFlux.streams(QUOTED, Map.of("seed", "6"), Map.of()).get(0);
            default -> DataFlux.stream("clickstream", 42).with(d -> d.rate(7, 1));
        };
    }

    private static EventStream numbers() throws Exception {
        Path file = Path.of(Objects.requireNonNull(ReplayLineTest.class.getResource("numbers.yaml"))
                .toURI());
        return DataFlux.streams(file, Map.of("seed", "-5"), Map.of()).get(0);
    }

    private static List<String> texts(TestStream<?> stream) {
        List<String> texts = new ArrayList<>();
        stream.events().forEach(event -> texts.add(event + " at " + ((Event) event).time()));
        stream.plannedFaults().forEach(fault -> texts.add(fault.toString()));
        return texts;
    }

    static void note(TestStream<?> stream) {
        EVENTS.put(lineOf(stream), texts(stream));
    }

    /** A class from source, with this class path. */
    private Class<?> compiled(String source, String name) throws Exception {
        Path file = folder.resolve("Pasted.java");
        Files.writeString(file, source);
        StringWriter words = new StringWriter();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (var files = compiler.getStandardFileManager(null, null, null)) {
            boolean compiles = compiler.getTask(
                            words,
                            files,
                            null,
                            List.of(
                                    "-proc:none",
                                    "-d",
                                    folder.toString(),
                                    "-cp",
                                    System.getProperty("java.class.path")),
                            null,
                            files.getJavaFileObjects(file))
                    .call();
            assertThat(compiles).as(words + "\n" + source).isTrue();
        }
        return Class.forName(
                name,
                true,
                new URLClassLoader(
                        new URL[] {folder.toUri().toURL()}, getClass().getClassLoader()));
    }

    private static void run(Class<?> type) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(type))
                .build();
        SummaryGeneratingListener summary = new SummaryGeneratingListener();
        LauncherFactory.create().execute(request, summary);
        assertThat(summary.getSummary().getFailures())
                .extracting(failure -> failure.getException().toString())
                .isEmpty();
    }

    /** Run from here only. */
    static class Originals {

        @Test
        void builtIn(@DataFluxStream(value = "clickstream", events = 5) TestStream<Event> stream) {
            note(stream);
        }

        @Test
        void farAndWithALargeSeed(
                @DataFluxStream(value = "ingest", seed = -FAR, from = FAR, events = 5) TestStream<Event> stream) {
            note(stream);
        }

        @Test
        void file(@DataFluxStream(file = "orders.yaml", events = 5) TestStream<Event> stream) {
            note(stream);
        }

        @Test
        void streamOfAFile(
                @DataFluxStream(value = "orders", file = "orders.yaml", seed = 4, events = 5)
                        TestStream<Event> stream) {
            note(stream);
        }

        @Test
        void fileWithADifficultName(
                @DataFluxStream(file = "target/say \"or\\ders\".yaml", events = 5) TestStream<Event> stream) {
            note(stream);
        }

        @Test
        void definition(@DataFluxStream(source = Readings.class, events = 5) TestStream<Event> stream) {
            note(stream);
        }

        @Test
        void generator(@DataFluxStream(file = "numbers.yaml", events = 5) TestStream<Event> stream) {
            note(stream);
        }

        @Test
        void rate(@DataFluxStream(value = "ingest", events = 5, rate = "500/s") TestStream<Event> stream) {
            note(stream);
        }

        @Test
        void rateThatEnds(
                @DataFluxStream(value = "ingest", rate = "steps 1/s..3/s by 1/s each 2s") TestStream<Event> stream) {
            note(stream);
        }

        @Test
        void startAndFaults(
                @DataFluxStream(
                                value = "ingest",
                                events = 50,
                                start = "now",
                                faults = "late 50% by 8s..30s, corrupt 10% as truncated")
                        TestStream<Event> stream) {
            note(stream);
        }

        @Test
        void tag(@DataFluxStream(value = "ingest", events = 5, tag = "abc") TestStream<Event> stream) {
            note(stream);
        }
    }
}
