package io.dataflux.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.DataFlux;
import io.dataflux.Run;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The runs that an output folder holds: listed, taken for {@code verify}, removed. */
class StoredRunsTest {

    private static final String ONE = "0000000a";
    private static final String TWO = "0000000b";

    @TempDir
    Path folder;

    private Path config;
    private Path out;

    @BeforeEach
    void configure() throws IOException {
        out = folder.resolve("out");
        config = Files.writeString(folder.resolve("run.yaml"), """
                seed: 3
                limits: {events: 300}
                streams: {clicks: {from: clickstream}}
                sinks: {lake: {type: file}}
                output: {dir: "%s"}
                """.formatted(out));
    }

    private void run(String tag, String... more) {
        List<String> line = new ArrayList<>(List.of("run", config.toString(), "--tag", tag, "--speed", "max"));
        line.addAll(List.of(more));
        Called called = Called.with(line);
        assertThat(called.code()).as(called.words()).isZero();
    }

    /** The lock is written when an attempt begins. */
    private void begun(String tag, String time) throws IOException {
        try (Stream<Path> files = Files.list(out.resolve(tag))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".lock")).toList()) {
                Files.setLastModifiedTime(file, FileTime.from(Instant.parse(time)));
            }
        }
    }

    private Called runs() {
        Called called = Called.with("runs", "-o", out.toString());
        assertThat(called.code()).as(called.words()).isZero();
        return called;
    }

    @Test
    void runsAreListedWithOutcomeAndVerdictTheLastFirst() throws Exception {
        assertThat(runs().words()).isEqualTo("no runs in " + out + "\n");
        run(ONE);
        run(TWO);
        begun(ONE, "2026-11-20T12:00:00Z");
        begun(TWO, "2026-11-21T08:30:01.5Z");
        Files.createDirectories(out.resolve("0000000c")); // of somebody else
        Files.writeString(out.resolve("0000000d"), "");

        assertThat(runs().data()).isEqualTo("""
                TAG       BEGUN                 STREAMS  EVENTS  OUTCOME   VERDICT
                0000000b  2026-11-21T08:30:01Z  clicks      300  complete  -
                0000000a  2026-11-20T12:00:00Z  clicks      300  complete  -
                """);

        Called verify = Called.with("verify", config.toString());
        assertThat(verify.code()).as(verify.words()).isZero();
        assertThat(verify.words())
                .contains("the last run is " + TWO + "; --tag names another one\n", "run " + TWO + ")");
        assertThat(runs().data()).contains(TWO + "  2026-11-21T08:30:01Z  clicks      300  complete  clean\n");

        spoil(ONE);
        assertThat(Called.with("verify", config.toString(), "--tag", ONE).code())
                .isEqualTo(1);
        assertThat(runs().data()).contains("complete  findings at lake\n");
    }

    private void spoil(String tag) throws IOException {
        try (Stream<Path> files = Files.walk(out.resolve(tag).resolve("lake"))) {
            Path file = files.filter(f -> f.toString().endsWith(".jsonl"))
                    .findFirst()
                    .orElseThrow();
            List<String> lines = Files.readAllLines(file);
            Files.write(file, lines.subList(1, lines.size()));
        }
    }

    @Test
    void aRunThatWasStoppedKilledOrOfWhichAPartIsMissingIsNamedSo() throws Exception {
        run(ONE, "--part", "1/2");
        run(TWO);
        Files.delete(out.resolve(TWO).resolve("report.json"));
        assertThat(runs().data())
                .containsPattern(ONE + ".* clicks +\\d+  unreported")
                .containsPattern(TWO + ".* clicks      300  unreported");
        run(ONE, "--part", "2/2");
        assertThat(runs().data()).containsPattern(ONE + ".* clicks      300  complete");
        Files.writeString(out.resolve(ONE).resolve("report-1of2.json"), "{\"run\": ");
        assertThat(runs().data()).containsPattern(ONE + ".*  unreported");
    }

    @Test
    void aVerdictBeforeTheLastAttemptIsOutOfDate() throws Exception {
        run(ONE);
        assertThat(Called.with("verify", config.toString()).code()).isZero();
        assertThat(runs().data()).contains("clean");
        run(ONE);
        Files.setLastModifiedTime(
                out.resolve(ONE).resolve("verdict-lake/verdict.json"),
                FileTime.from(Instant.parse("2026-01-01T00:00:00Z")));
        assertThat(runs().data()).doesNotContain("clean");
    }

    @Test
    void aRunThatIsRunningIsSaidToBeAndNeverRemoved() throws Exception {
        run(TWO);
        try (Run running = DataFlux.plan(config, Map.of("tag", ONE, "speed", "0.001"), Map.of())
                .start()) {
            assertThat(runs().data()).containsPattern(ONE + ".*  running");
            Called clean = Called.with("clean", "-o", out.toString(), "--yes");
            assertThat(clean.code()).as(clean.words()).isZero();
            assertThat(clean.words())
                    .contains(ONE + " is running and stays\n", "removing " + out.resolve(TWO), "removed 1 run\n");
            assertThat(out.resolve(TWO)).doesNotExist();
            assertThat(out.resolve(ONE)).isDirectory();
            running.stop();
        }
        assertThat(runs().data()).containsPattern(ONE + ".*  stopped");
    }

    @Test
    void onlyRunsAreRemovedAndWhatTheirLinksLeadToStays() throws Exception {
        run(ONE);
        Path foreign = Files.createDirectories(out.resolve("0000000c"));
        Path mine = Files.writeString(out.resolve("notes.txt"), "mine");
        Path linked = Files.createDirectories(folder.resolve("linked"));
        Path kept = Files.writeString(linked.resolve("kept.txt"), "kept");
        Files.createSymbolicLink(out.resolve(ONE).resolve("link"), linked);
        Files.createSymbolicLink(out.resolve("0000000e"), out.resolve(ONE));

        Called dry = Called.with("clean", "-o", out.toString(), "--dry-run");
        assertThat(dry.words()).isEqualTo("would remove " + out.resolve(ONE) + "\n");
        assertThat(out.resolve(ONE).resolve("report.json")).exists();

        assertThat(Called.with("clean", "-o", out.toString(), "-y").words())
                .isEqualTo("removing " + out.resolve(ONE) + "\nremoved 1 run\n");
        assertThat(out.resolve(ONE)).doesNotExist();
        assertThat(List.of(foreign, mine, kept))
                .allSatisfy(file -> assertThat(file).exists());
        assertThat(Called.with("clean", "-o", out.toString(), "-y").words())
                .isEqualTo("nothing to remove in " + out + "\n");
    }

    @Test
    void runsAreRemovedByTagAndAge() throws Exception {
        run(ONE);
        run(TWO);
        assertThat(Called.with("clean", "-o", out.toString(), "--older-than", "1h", "-y")
                        .words())
                .startsWith("nothing to remove");
        List<Path> old;
        try (Stream<Path> files = Files.walk(out.resolve(TWO), 1)) {
            old = files.toList();
        }
        for (Path file : old) {
            Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(7200)));
        }
        assertThat(Called.with("clean", "-o", out.toString(), "--older-than", "1h", "-y")
                        .words())
                .contains(TWO)
                .doesNotContain(ONE);
        assertThat(Called.with("clean", "-o", out.toString(), TWO, "-y").words())
                .contains("there is no run '" + TWO + "'");
        assertThat(Called.with("clean", "-o", out.toString(), "--older-than", "soon")
                        .words())
                .contains("--older-than 'soon' is not a time; write a whole number with s, m, h or d");
        assertThat(Called.with("clean", "-o", out.toString(), ONE.toUpperCase(java.util.Locale.ROOT), "-y")
                        .code())
                .isZero();
        assertThat(runs().data()).isEmpty();
    }

    @Test
    void itAsksUnlessItIsToldNotTo() throws Exception {
        run(ONE);
        Called nobody = Called.with("clean", "-o", out.toString());
        assertThat(nobody.code()).isEqualTo(2);
        assertThat(nobody.words()).contains("nobody can be asked here; --yes removes without asking");
        InputStream stdin = System.in;
        System.setProperty("dataflux.stdin.terminal", "true");
        try {
            for (String answer : List.of("n\n", "\n", "")) {
                System.setIn(new ByteArrayInputStream(answer.getBytes(StandardCharsets.UTF_8)));
                assertThat(Called.with("clean", "-o", out.toString()).words())
                        .endsWith("remove 1 run? [y/N] nothing was removed\n");
                assertThat(out.resolve(ONE)).isDirectory();
            }
            System.setIn(new ByteArrayInputStream("Yes\n".getBytes(StandardCharsets.UTF_8)));
            assertThat(Called.with("clean", "-o", out.toString()).words()).endsWith("removed 1 run\n");
            assertThat(out.resolve(ONE)).doesNotExist();
        } finally {
            System.setIn(stdin);
            System.clearProperty("dataflux.stdin.terminal");
        }
    }
}
