package io.dataflux.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The program where the locale or the memory is poor: a sentence and exit code 2, never a defect. */
@EnabledOnOs(OS.LINUX)
class SurroundingsTest {

    private static final String CONFIG = """
            speed: max
            limits: {events: 200000}
            streams: {clicks: {from: clickstream}, cdc: {from: cdc}}
            sinks: {lake: {type: file, lanes: 4}}
            output: {dir: "%s"}
            """;

    @TempDir
    Path folder;

    private String said = "";

    private int run(Map<String, String> environment, List<String> command) throws Exception {
        Path output = folder.resolve("said.txt");
        ProcessBuilder process =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        process.environment().keySet().removeIf(name -> name.startsWith("LC_") || name.equals("LANG"));
        process.environment().putAll(environment);
        int code = process.start().waitFor();
        said = new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
        return code;
    }

    private static List<String> program(List<String> options, String... words) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of(words));
        return command;
    }

    @Test
    void tooLittleMemoryIsSaidByWhicheverThreadNotices() throws Exception {
        String config = Files.writeString(folder.resolve("run.yaml"), CONFIG.formatted(folder.resolve("out")))
                .toString();
        for (List<String> line : List.of(
                program(List.of("-Xmx6m"), "validate", config),
                program(List.of("-Xmx10m"), "run", config),
                program(List.of("-Xmx24m"), "run", config),
                program(List.of("-Xmx12m"), "plot", "clickstream", "--count", "1000000", "-o", "page.html"))) {
            int code = run(Map.of(), line);
            if (line.contains("-Xmx24m") && code == 0) {
                continue; // it just fits
            }
            assertThat(code).as(said).isEqualTo(2);
            assertThat(said)
                    .contains("dataflux: too little memory: a heap of ")
                    .contains("raise it with -Xmx, such as DATAFLUX_JAVA_OPTS=-Xmx2g")
                    .doesNotContain("defect");
        }
    }

    @Test
    void aPathThatTheLocaleCannotNameIsAMistake() throws Exception {
        Path own = Files.createDirectories(folder.resolve("größe-ж"));
        Path outside = Files.writeString(folder.resolve("run.yaml"), CONFIG.formatted(own.resolve("out")));
        Path within = Files.writeString(own.resolve("run.yaml"), CONFIG.formatted(folder.resolve("out")));
        Path words = Files.writeString(
                folder.resolve("words.yaml"),
                "streams: {a: {fields: {w: {words: größe.txt}}}}\nlimits: {events: 1}\nsinks: {all: {type: mock}}\n");
        String there = own.resolve("file").toString();
        List<List<String>> lines = new ArrayList<>();
        for (String command : List.of("run", "validate")) {
            lines.add(program(List.of(), command, within.toString()));
            lines.add(program(List.of(), command, outside.toString()));
            lines.add(program(List.of(), command, words.toString()));
        }
        lines.add(program(List.of(), "run", words.toString(), "--output", there));
        lines.add(program(List.of(), "run", words.toString(), "--report", there));
        lines.add(program(List.of(), "verify", within.toString(), "--tag", "7"));
        lines.add(program(List.of(), "verify", words.toString(), "--report", there));
        lines.add(program(List.of(), "demo", "--output", there));
        lines.add(program(List.of(), "plot", "clickstream", "-o", there));
        lines.add(program(List.of(), "sample", "clickstream", "--config", within.toString()));
        lines.add(program(List.of(), "fingerprint", "clickstream", "--config", within.toString()));
        for (List<String> line : lines) {
            int code = run(Map.of("LC_ALL", "C"), line);
            assertThat(code).as("%s%n%s", line, said).isEqualTo(2);
            assertThat(said).contains("UTF-8, such as LC_ALL=C.UTF-8").doesNotContain("\tat ", "defect");
        }
    }

    @Test
    void theLauncherTakesALocaleInWhichFilesCanHaveAnyName() throws Exception {
        Path launcher = Files.copy(Path.of("..", "dataflux"), folder.resolve("dataflux"));
        Files.createDirectories(folder.resolve("dataflux-cli/target"));
        Path common = Path.of("src", "main", "distribution", "bin", "dataflux");
        Path bin = Files.createDirectories(folder.resolve("dataflux-cli").resolve(common.getParent()));
        Files.copy(common, bin.resolve("dataflux"));
        Files.createFile(folder.resolve("dataflux-cli/target/dataflux.built")); // newer than the sources
        Path java = Files.createDirectories(folder.resolve("jdk/bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\necho \"${LC_ALL:--} ${LC_CTYPE:--} ${LANG:--}\"\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();

        assertThat(locale(launcher, Map.of())).isEqualTo("- C.UTF-8 -");
        assertThat(locale(launcher, Map.of("LANG", "C"))).isEqualTo("- C.UTF-8 C");
        assertThat(locale(launcher, Map.of("LC_CTYPE", "POSIX", "LANG", "de_DE.UTF-8")))
                .isEqualTo("- C.UTF-8 de_DE.UTF-8");
        assertThat(locale(launcher, Map.of("LC_ALL", "C", "LANG", "de_DE.UTF-8")))
                .isEqualTo("C.UTF-8 - de_DE.UTF-8");
        assertThat(locale(launcher, Map.of("LC_ALL", "POSIX"))).isEqualTo("C.UTF-8 - -");
        assertThat(locale(launcher, Map.of("LANG", "de_DE.UTF-8"))).isEqualTo("- - de_DE.UTF-8");
    }

    private String locale(Path launcher, Map<String, String> environment) throws Exception {
        Map<String, String> all = new java.util.HashMap<>(environment);
        all.put("JAVA_HOME", folder.resolve("jdk").toString());
        assertThat(run(all, List.of("bash", launcher.toString(), "streams")))
                .as(said)
                .isZero();
        return said.strip();
    }
}
