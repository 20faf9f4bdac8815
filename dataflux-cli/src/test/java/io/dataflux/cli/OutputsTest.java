package io.dataflux.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.DataFlux;
import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What commands write to: stdout that is full or closed, and each path that a user names, whatever is there. */
@EnabledOnOs(OS.LINUX)
class OutputsTest {

    private static final Path FULL = Path.of("/dev/full");
    private static final Path NULL = Path.of("/dev/null");

    @TempDir
    Path folder;

    private Path config;

    private final PrintStream stderr = System.err;
    private final ByteArrayOutputStream words = new ByteArrayOutputStream();

    @BeforeEach
    void capture() throws IOException {
        System.setErr(new PrintStream(words, true, StandardCharsets.UTF_8));
        config = configuration("run", "output: {dir: '" + folder.resolve("out") + "'}", "{type: file}");
    }

    @AfterEach
    void release() {
        System.setErr(stderr);
    }

    private Path configuration(String name, String output, String sink) throws IOException {
        return Files.writeString(
                folder.resolve(name + ".yaml"),
                "seed: 3\nspeed: max\nlimits: {events: 500}\nstreams: {clicks: {from: clickstream}}\n" + output
                        + "\nsinks: {lake: " + sink + "}\n");
    }

    private int run(OutputStream out, String... line) {
        words.reset();
        return Main.run(List.of(line), new Stdout(out));
    }

    private int run(List<String> line) {
        return run(OutputStream.nullOutputStream(), line.toArray(String[]::new));
    }

    private String words() {
        return words.toString(StandardCharsets.UTF_8);
    }

    /** Lines that between them print with every command that prints data. */
    private List<String[]> printing() {
        String file = config.toString();
        return Stream.of(
                        "schema",
                        "streams",
                        "streams clickstream",
                        "sample clickstream",
                        "sample clickstream --count 5000",
                        "fingerprint clickstream --count 100",
                        "draws",
                        "draws --bytes 8",
                        "validate " + file,
                        "validate --diff " + file + " " + file + "")
                .map(line -> line.split(" "))
                .toList();
    }

    @Test
    void afterAFullDiskEveryCommandEndsWithOneSentence() throws IOException {
        for (String[] line : printing()) {
            try (OutputStream full = new FileOutputStream(FULL.toFile())) {
                assertThat(run(full, line)).as(String.join(" ", line)).isEqualTo(1);
            }
            assertThat(words())
                    .as(String.join(" ", line))
                    .containsPattern("(?m)^dataflux: standard output cannot be written: .+\n\\z")
                    .doesNotContain("defect");
        }
    }

    @Test
    void aReaderThatHasGoneIsNoErrorOfAnyCommand() throws IOException {
        for (String[] line : printing()) {
            Pipe pipe = Pipe.open();
            pipe.source().close();
            try (OutputStream closed = Channels.newOutputStream(pipe.sink())) {
                assertThat(run(closed, line)).as(String.join(" ", line)).isZero();
            } catch (IOException e) {
                assertThat(e).hasMessageContaining("pipe"); // closing it flushes nothing that is ours
            }
            assertThat(words()).as(String.join(" ", line)).doesNotContain("dataflux:");
        }
    }

    @Test
    void aConsoleSinkSaysWhyItCannotWrite() throws Exception {
        Path console = configuration("console", "output: {dir: '" + folder.resolve("c") + "'}", "{type: console}");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "run",
                        console.toString())
                .redirectOutput(FULL.toFile())
                .start();
        String said = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isEqualTo(1);
        assertThat(said)
                .contains("standard output cannot be written: ")
                .doesNotContain("its reader is gone")
                .doesNotContain("\tat ");
    }

    // files that an option names

    /** A command that writes to a file, without its name. */
    private record Writing(List<String> line, String option, String content) {
        List<String> to(Path file) {
            List<String> all = new ArrayList<>(line);
            all.add(option);
            all.add(file.toString());
            return all;
        }
    }

    private List<Writing> writing() {
        return List.of(
                new Writing(List.of("run", config.toString()), "--report", "\"validity\""),
                new Writing(List.of("plot", "clickstream", "--count", "20"), "-o", "<html"),
                new Writing(List.of("plot", "clickstream", "--count", "20"), "--out", "<html"));
    }

    private Path out() {
        return folder.resolve("out");
    }

    @Test
    void aPathThatCannotBeWrittenIsRefusedBeforeTheFirstEvent() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "mine");
        Path dangling = Files.createSymbolicLink(folder.resolve("dangling"), folder.resolve("no/where"));
        Path loop = Files.createSymbolicLink(folder.resolve("loop"), folder.resolve("loop"));
        for (Writing writing : writing()) {
            for (Path path : List.of(
                    folder.resolve("no/such/folder.json"),
                    folder,
                    file.resolve("below-a-file"),
                    Path.of("/proc/dataflux-report.json"),
                    dangling,
                    loop,
                    folder.resolve("größe/ж.json"))) {
                assertThat(run(writing.to(path)))
                        .as("%s%n%s", writing.to(path), words())
                        .isEqualTo(2);
                assertThat(words()).contains(path.toString()).doesNotContain("\tat ", "defect", "delivered");
                assertThat(out()).doesNotExist();
            }
        }
        assertThat(file).hasContent("mine");
        assertThat(Files.exists(dangling, LinkOption.NOFOLLOW_LINKS)).isTrue();
    }

    @Test
    void whatIsThereIsWrittenThroughFollowedOrReplaced() throws Exception {
        for (Writing writing : writing()) {
            Path kept = Files.writeString(folder.resolve("kept"), "old");
            Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("kept"));
            Path fresh = Files.createSymbolicLink(folder.resolve("fresh"), Path.of("created"));
            Path pipe = folder.resolve("pipe");
            assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                    .isZero();
            Path own = folder.resolve("größe-ж.json");

            assertThat(run(writing.to(link))).as(words()).isZero();
            assertThat(link).isSymbolicLink();
            assertThat(kept).content().contains(writing.content());

            assertThat(run(writing.to(fresh))).as(words()).isZero();
            assertThat(fresh).isSymbolicLink();
            assertThat(folder.resolve("created")).content().contains(writing.content());

            CompletableFuture<String> read = CompletableFuture.supplyAsync(() -> {
                try {
                    return Files.readString(pipe);
                } catch (IOException e) {
                    return e.toString();
                }
            });
            assertThat(run(writing.to(pipe))).as(words()).isZero();
            assertThat(read.get()).contains(writing.content());
            assertThat(Files.isRegularFile(pipe)).isFalse();

            assertThat(run(writing.to(NULL))).as(words()).isZero();
            assertThat(Files.isRegularFile(NULL)).isFalse();

            assertThat(run(writing.to(own))).as(words()).isZero();
            assertThat(own).content().contains(writing.content());

            assertThat(run(writing.to(FULL))).as(words()).isEqualTo(1);
            assertThat(words())
                    .containsPattern("dataflux: --(report|out) /dev/full cannot be written: [^\n]+\n$")
                    .doesNotContain("\tat ");
            for (Path path : List.of(kept, link, fresh, pipe, folder.resolve("created"), own)) {
                Files.delete(path);
            }
        }
    }

    @Test
    void foldersThatCannotBeCreatedAreRefusedBeforeTheFirstEvent() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "mine");
        Path link = Files.createSymbolicLink(folder.resolve("dangling"), folder.resolve("no/where"));
        for (Path path : List.of(file, file.resolve("below"), NULL, FULL, Path.of("/proc/dataflux"), link)) {
            String name = path.toString();
            Path inFile = configuration("in-file", "output: {dir: '" + name + "'}", "{type: file}");
            for (List<String> line : List.of(
                    List.of("run", config.toString(), "--output", name),
                    List.of("run", inFile.toString()),
                    List.of("demo", "--events", "10", "--output", name),
                    List.of(
                            "run",
                            configuration("file-dir", "", "{type: file, dir: '" + name + "'}")
                                    .toString(),
                            "--output",
                            folder.resolve("o").toString()),
                    List.of(
                            "run",
                            configuration("mock-dir", "", "{type: mock, dir: '" + name + "'}")
                                    .toString(),
                            "--output",
                            folder.resolve("o").toString()))) {
                assertThat(run(line)).as("%s%n%s", line, words()).isEqualTo(2);
                assertThat(words()).contains(name).doesNotContain("\tat ", "defect", "delivered");
            }
        }
        assertThat(file).hasContent("mine");
    }

    @Test
    void aFolderCanBeALinkAndHaveAnyName() throws IOException {
        Path there = Files.createDirectories(folder.resolve("größe-ж"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), there);

        assertThat(run(List.of("run", config.toString(), "--output", link.toString(), "--tag", "7")))
                .as(words())
                .isZero();

        assertThat(link).isSymbolicLink();
        assertThat(DataFlux.ledger(there.resolve("00000007")).tag()).isEqualTo(7);
    }
}
