package io.dataflux.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.dataflux.DataFlux;
import io.dataflux.Event;
import io.dataflux.EventStream;
import io.dataflux.verify.Arrivals;
import io.dataflux.verify.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Each test has a folder of its own, however its streams are made. */
class TestFolderTest {

    private static final String HERE = "io.dataflux.testkit.TestFolderTest.";
    private static final EventStream CLICKS = DataFlux.stream("clickstream", 42);
    /** Folder by the tag of the stream whose files should be there. */
    private static final Map<String, Path> FOLDERS = new ConcurrentHashMap<>();

    @Test
    void aStreamMadeInCodeHasTheFolderOfItsTest() throws Exception {
        try (TestStream<Event> clicks = TestStream.of(CLICKS, 0, 20, Decoder.events());
                TestStream<Event> more = TestStream.of(CLICKS, 0, 20, Decoder.events())) {
            String own = HERE + "aStreamMadeInCodeHasTheFolderOfItsTest";
            assertThat(clicks.folder()).isEqualTo(Path.of("target/dataflux", own));
            assertThat(more.folder()).isEqualTo(Path.of("target/dataflux", own + "+2"));
        }
    }

    @Test
    void anotherThreadKnowsTheTestByItsCalls() throws Exception {
        Path folder =
                CompletableFuture.supplyAsync(TestFolderTest::folderOfAStream).get();

        assertThat(folder.getFileName()).hasToString(HERE + "folderOfAStream");
        assertThat(CompletableFuture.supplyAsync(() ->
                                TestStream.of(CLICKS, 0, 20, Decoder.events()).folder())
                        .get()
                        .getFileName())
                .hasToString(HERE + "anotherThreadKnowsTheTestByItsCalls");
    }

    private static Path folderOfAStream() {
        return TestStream.of(CLICKS, 0, 20, Decoder.events()).folder();
    }

    @Test
    void namesAreSafeForFilesAndDifferWhereTestsDo() {
        List<String> names = Stream.of(
                        "a.B.c",
                        "a.B.ü/ö",
                        "a.B.ö/ü",
                        "a.B.c d",
                        "a.B.c:d",
                        "a.B." + "x".repeat(500),
                        "a.B." + "x".repeat(501))
                .map(RunningTest::safe)
                .toList();

        assertThat(names).doesNotHaveDuplicates().allMatch(name -> name.matches("[A-Za-z0-9._+-]{1,200}"));
        assertThat(names).first().isEqualTo("a.B.c");
    }

    @Test
    void whatAnEarlierRunLeftIsDeleted() throws IOException {
        Path folder = RunningTest.folder("some.Other.test");
        Files.createDirectories(folder.resolve("deep"));
        Files.writeString(folder.resolve("deep/old.json"), "{}");
        RunningTest.begins("some.Other.test");
        RunningTest.ends();

        assertThat(RunningTest.folder("some.Other.test")).isEqualTo(folder).doesNotExist();
    }

    /** All ways in which a method can be one of several tests, at the same time on several threads. */
    @Test
    void noTwoTestsShareAFolder() throws Exception {
        FOLDERS.clear();
        List<TestExecutionResult> failures = run(Many.class);

        assertThat(failures).isEmpty();
        assertThat(FOLDERS.values().stream().map(folder -> folder.getFileName().toString()))
                .containsExactlyInAnyOrder(
                        HERE + "Many.repeated-1",
                        HERE + "Many.repeated-2",
                        HERE + "Many.repeated-3",
                        HERE + "Many.withParameters-1",
                        HERE + "Many.withParameters-2",
                        HERE + "Many.generated-1",
                        HERE + "Many.generated-2",
                        HERE + "Many.both",
                        HERE + "Many.both+2",
                        HERE + "Many.both+3",
                        HERE + "Many.One.same",
                        HERE + "Many.Two.same",
                        HERE + "Many.overloaded-" + hash(""),
                        HERE + "Many.overloaded-" + hash("io.dataflux.testkit.TestStream"));
        for (Map.Entry<String, Path> each : FOLDERS.entrySet()) {
            assertThat(each.getValue().resolve("verdict.json"))
                    .content()
                    .contains("\"run\" : \"" + each.getKey() + "\"");
            assertThat(each.getValue().resolve(each.getKey())).isDirectory();
        }
    }

    private static String hash(String parameters) {
        CRC32 crc = new CRC32();
        crc.update(parameters.getBytes(StandardCharsets.UTF_8));
        return Long.toHexString(crc.getValue());
    }

    private static List<TestExecutionResult> run(Class<?> type) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(type))
                .configurationParameter("junit.jupiter.execution.parallel.enabled", "true")
                .configurationParameter("junit.jupiter.execution.parallel.mode.default", "concurrent")
                .configurationParameter("junit.jupiter.execution.parallel.config.strategy", "fixed")
                .configurationParameter("junit.jupiter.execution.parallel.config.fixed.parallelism", "4")
                .build();
        List<TestExecutionResult> failures = new ArrayList<>();
        LauncherFactory.create().execute(request, new TestExecutionListener() {
            @Override
            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                if (result.getStatus() != TestExecutionResult.Status.SUCCESSFUL) {
                    failures.add(result);
                }
            }
        });
        return failures;
    }

    /** Run from here only, all at once. */
    static class Many {

        @RepeatedTest(3)
        void repeated() throws IOException {
            made();
        }

        @ParameterizedTest
        @ValueSource(strings = {"a/b", "c"})
        void withParameters(String value) throws IOException {
            assertThat(value).isNotEmpty();
            made();
        }

        @TestFactory
        Stream<DynamicTest> generated() {
            return IntStream.range(0, 2).mapToObj(i -> DynamicTest.dynamicTest("number " + i, Many::made));
        }

        @Test
        void both(@DataFluxStream("ingest") TestStream<Event> one, @DataFluxStream("ingest") TestStream<Event> other)
                throws IOException {
            verdict(one);
            verdict(other);
            made();
        }

        @Test
        void overloaded() throws IOException {
            made();
        }

        @Test
        void overloaded(@DataFluxStream(value = "ingest", events = 20) TestStream<Event> one) {
            verdict(one);
        }

        @Nested
        class One {
            @Test
            void same() throws IOException {
                made();
            }
        }

        @Nested
        class Two {
            @Test
            void same() throws IOException {
                made();
            }
        }

        private static void made() throws IOException {
            try (TestStream<Event> clicks = TestStream.of(CLICKS, 0, 20, Decoder.events())) {
                verdict(clicks);
            }
        }

        private static void verdict(TestStream<Event> stream) {
            Queue<String> seen = new ConcurrentLinkedQueue<>();
            Arrivals<String> out = Arrivals.log(seen);
            stream.sendTo(Pipeline.into(json -> seen.add(new String(json, StandardCharsets.UTF_8))));
            Verdict verdict = stream.verify(out).settle(Duration.ofMillis(1)).await();
            assertThat(verdict.clean()).isTrue();
            FOLDERS.put(stream.tag(), stream.folder());
        }
    }
}
