package io.dataflux.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What a user downloads: unpacked, and called from another folder. Runs once it is packed. */
@Tag("distribution")
@DisabledOnOs(OS.WINDOWS)
class DistributionTest {

    private static final Path ARCHIVE = Path.of(System.getProperty("dataflux.distribution", ""));

    @TempDir
    Path folder;

    private Path work;
    private Path program;

    @BeforeEach
    void unpack() throws Exception {
        work = Files.createDirectories(folder.resolve("work"));
    }

    private void unpackTo(String name) throws Exception {
        Path home = Files.createDirectories(folder.resolve(name));
        assertThat(run(List.of("tar", "xzf", ARCHIVE.toString(), "--strip-components=1", "-C", home.toString())).code)
                .isZero();
        Path link = Files.createSymbolicLink(folder.resolve("link to it"), home.resolve("bin/dataflux"));
        program = Files.createSymbolicLink(folder.resolve("dataflux"), link);
    }

    private record Ended(int code, String said) {}

    private Process start(Path said, List<String> words) throws IOException {
        ProcessBuilder process = new ProcessBuilder(words)
                .directory(work.toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile());
        process.environment().put("DATAFLUX_CACHE", folder.resolve("cache").toString());
        process.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return process.start();
    }

    private Ended run(List<String> words) throws Exception {
        Path said = folder.resolve("said.txt");
        Process process = start(said, words);
        assertThat(process.waitFor(4, TimeUnit.MINUTES)).isTrue();
        return new Ended(process.exitValue(), Files.readString(said));
    }

    private Ended dataflux(String... words) throws Exception {
        List<String> line = new ArrayList<>(List.of(program.toString()));
        line.addAll(List.of(words));
        return run(line);
    }

    @Test
    void aFirstRunFromAnotherFolderThroughLinksAndSpaces() throws Exception {
        unpackTo("with spaces");
        assertThat(dataflux("init").code).isZero();

        Path said = folder.resolve("run.txt");
        Process run = start(said, List.of("env", "--default-signal=INT", program.toString(), "run"));
        await().atMost(Duration.ofMinutes(3))
                .until(() -> !run.isAlive() || Files.readString(said).contains("files and report"));
        assertThat(run(List.of("kill", "-INT", Long.toString(run.pid()))).code).isZero();
        assertThat(run.waitFor(3, TimeUnit.MINUTES)).isTrue();
        assertThat(run.exitValue()).as(Files.readString(said)).isZero();
        assertThat(Files.readString(said)).contains("verify: " + program + " verify --tag ");

        Ended runs = dataflux("runs");
        assertThat(runs.said).containsPattern("clickstream +[0-9,]+ +complete +-");
        Ended demo = dataflux("demo");
        assertThat(demo.code).isEqualTo(2);
        assertThat(demo.said).contains("this distribution leaves out");
        Ended store = dataflux(
                "run",
                "--set",
                "sinks.target={type: s3, endpoint: 'http://127.0.0.1:1', bucket: none, access_key: a, secret_key: b}");
        assertThat(store.code).as(store.said).isEqualTo(1);
        assertThat(store.said).contains("127.0.0.1:1").doesNotContain("NoClassDefFound");
        for (String sink : List.of(
                "{type: http, url: 'http://127.0.0.1:1/x'}",
                "{type: kafka, bootstrap_servers: '127.0.0.1:1', topic: t, connect_timeout: 1s}")) {
            Ended other = dataflux("run", "--set", "sinks.target=" + sink);
            assertThat(other.code).as(other.said).isEqualTo(1);
            assertThat(other.said).contains("127.0.0.1:1").doesNotContain("NoClassDefFound");
        }
        Ended watched = dataflux("run", "--events", "100", "--speed", "max", "--set", "monitor.port=0");
        assertThat(watched.code).as(watched.said).isZero();
        assertThat(watched.said).contains("live page: http://127.0.0.1:");
        assertThat(folder.resolve("cache")).doesNotExist();
    }

    @Test
    void theFirstShortCommandLeavesAnArchiveAndOneThatCannotBeUsedDoesNoHarm() throws Exception {
        unpackTo("home");
        Ended first = dataflux("sample", "clickstream", "-n", "2");
        assertThat(first.code).as(first.said).isZero();
        List<Path> archives;
        try (Stream<Path> files = Files.list(folder.resolve("cache"))) {
            archives = files.toList();
        }
        assertThat(archives).hasSize(1).first().asString().endsWith(".jsa");
        assertThat(archives.get(0)).isNotEmptyFile();
        assertThat(dataflux("sample", "clickstream", "-n", "2")).isEqualTo(first);

        Files.delete(archives.get(0));
        Files.writeString(archives.get(0), "no archive");
        assertThat(dataflux("sample", "clickstream", "-n", "2")).isEqualTo(first);
        Files.writeString(archives.get(0), ""); // could not be made
        assertThat(dataflux("sample", "clickstream", "-n", "2")).isEqualTo(first);
    }
}
