package io.dataflux.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class VerdictMetricsTest {

    private static final String TAG = "{run=\"000012ab\",sink=\"";

    @TempDir
    Path folder;

    private int verify(Path metrics, String... more) throws Exception {
        Path file = folder.resolve("run.yaml");
        if (!Files.exists(file)) {
            Files.writeString(
                    file, """
                    streams: {clickstream: {}}
                    speed: max
                    limits: {events: 2000}
                    sinks: {lake: {type: file, dir: "%s"}, pond: {type: file, dir: "%s"}}
                    output: {dir: "%s"}
                    """.formatted(folder.resolve("lake"), folder.resolve("pond"), folder.resolve("out")));
            assertThat(run("run", file.toString(), "--tag", "12ab")).isZero();
        }
        List<String> words =
                new ArrayList<>(List.of("verify", file.toString(), "--tag", "12ab", "--metrics", metrics.toString()));
        words.addAll(Arrays.asList(more));
        return run(words.toArray(String[]::new));
    }

    private static int run(String... words) {
        return Main.run(List.of(words), new Stdout(OutputStream.nullOutputStream()));
    }

    @Test
    void whatWasFoundIsInTheFileBySinkAndKind() throws Exception {
        Path file = folder.resolve("dataflux.prom");
        assertThat(verify(file)).isZero();
        assertThat(Files.readAllLines(file))
                .contains(
                        "dataflux_verdict_clean" + TAG + "lake\"} 1",
                        "dataflux_verdict_clean" + TAG + "pond\"} 1",
                        "dataflux_verdict_expected_events" + TAG + "pond\"} 2000",
                        "dataflux_verdict_records" + TAG + "lake\"} 2000",
                        "dataflux_verdict_findings" + TAG + "lake\",kind=\"lost\"} 0");
        assertThat(verify(file, "--sink", "pond", "--break", "drop:117")).isEqualTo(1);
        assertThat(Files.readAllLines(file))
                .contains(
                        "dataflux_verdict_clean" + TAG + "pond\"} 0",
                        "dataflux_verdict_records" + TAG + "pond\"} 1999",
                        "dataflux_verdict_findings" + TAG + "pond\",kind=\"lost\"} 1")
                .noneMatch(line -> line.contains("lake"));
        try (var left = Files.list(folder)) {
            assertThat(left.map(path -> path.getFileName().toString()))
                    .as("no half of a file stays")
                    .containsExactlyInAnyOrder("dataflux.prom", "run.yaml", "lake", "pond", "out");
        }
    }

    @Test
    void eachLineIsASample() throws Exception {
        Path file = folder.resolve("dataflux.prom");
        verify(file);
        String text = Files.readString(file, StandardCharsets.UTF_8);
        assertThat(text.lines().filter(line -> !line.startsWith("#")))
                .allMatch(line -> line.matches(
                        "dataflux_verdict_[a-z_]+\\{run=\"[0-9a-f]{8}\",sink=\"[a-z]+\"(,kind=\"[a-z]+\")?} \\d+"));
        assertThat(text).endsWith("\n");
        assertThat(Files.getPosixFilePermissions(file))
                .as("those of any new file, so that a collector of another user can read it")
                .isEqualTo(Files.getPosixFilePermissions(Files.createFile(folder.resolve("usual"))));
    }

    @Test
    void aLinkIsFollowedAndAFileThatCannotBeWrittenIsRefusedBeforeAnythingIsRead() throws Exception {
        Path real = Files.writeString(folder.resolve("real"), "old");
        Path link = Files.createSymbolicLink(folder.resolve("link"), real);
        assertThat(verify(link)).isZero();
        assertThat(link).isSymbolicLink();
        assertThat(real).content().contains("dataflux_verdict_clean");
        assertThat(verify(folder.resolve("none").resolve("x.prom"))).isEqualTo(2);
        assertThat(verify(folder)).isEqualTo(2);
    }

    /** Opening a pipe waits for a reader, which there may never be. */
    @Test
    @DisabledOnOs(OS.WINDOWS)
    @Timeout(120)
    void whatIsNoFileIsRefused() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        assertThat(verify(folder.resolve("dataflux.prom"))).isZero();
        for (String other : List.of(pipe.toString(), "/dev/null")) {
            Called called =
                    Called.with("verify", folder.resolve("run.yaml").toString(), "--tag", "12ab", "--metrics", other);
            assertThat(called.code()).isEqualTo(2);
            assertThat(called.words())
                    .contains("--metrics " + other + ": this is a pipe or device")
                    .doesNotContain("holds");
        }
    }
}
