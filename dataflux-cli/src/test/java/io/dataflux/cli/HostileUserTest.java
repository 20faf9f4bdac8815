package io.dataflux.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.DataFlux;
import io.dataflux.Run;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Flags and files that nobody should pass to {@code run} and {@code verify}: each gets a message with a fix, and exit code 2. */
class HostileUserTest {

    private final PrintStream stderr = System.err;
    private final ByteArrayOutputStream words = new ByteArrayOutputStream();

    @TempDir
    Path folder;

    private Path config;

    @BeforeEach
    void begin() throws IOException {
        System.setErr(new PrintStream(words, true, UTF_8));
        config = Files.writeString(folder.resolve("run.yaml"), """
                seed: 3
                speed: max
                limits: {events: 2000}
                streams: {clicks: {from: clickstream}}
                regions: {eu: {weight: 1}, us: {weight: 1}}
                region_sinks: {eu: [lake], us: [pond]}
                sinks: {lake: {type: file}, pond: {type: file}}
                output: {dir: %s}
                """.formatted(folder.resolve("out")));
    }

    @AfterEach
    void end() {
        System.setErr(stderr);
    }

    private String refused(String... arguments) {
        words.reset();
        assertThat(Main.run(List.of(arguments), new Stdout(OutputStream.nullOutputStream())))
                .as(() -> words.toString(UTF_8))
                .isEqualTo(2);
        assertThat(words.toString(UTF_8)).doesNotContain("\tat ");
        return words.toString(UTF_8);
    }

    private String run(String... flags) {
        List<String> arguments = new ArrayList<>(List.of("run", config.toString()));
        arguments.addAll(List.of(flags));
        return refused(arguments.toArray(String[]::new));
    }

    private String verify(Object... reports) {
        List<String> arguments = new ArrayList<>(List.of("verify", config.toString()));
        for (Object report : reports) {
            arguments.addAll(List.of("--report", report.toString()));
        }
        return refused(arguments.toArray(String[]::new));
    }

    private void good(String tag) {
        assertThat(Main.run(
                        List.of("run", config.toString(), "--tag", tag), new Stdout(OutputStream.nullOutputStream())))
                .as(() -> words.toString(UTF_8))
                .isZero();
    }

    private Path file(String tag, String name) {
        return folder.resolve("out").resolve(tag).resolve(name);
    }

    @Test
    void partsAndStartsAndTagsThatAreNone() {
        for (String part : List.of("0/0", "9/8", "a/b", "-1/8", "1/99999999999", "3", "1/2/3", "")) {
            assertThat(run("--part", part, "--tag", "1"))
                    .contains("--part: '" + part + "' is not a part; write 3/8 for the third of eight");
        }
        assertThat(run("--part", "3/8"))
                .contains("--part: 3/8 needs the tag of the run")
                .contains("add --tag");
        assertThat(run("--part", "65/100", "--tag", "1")).contains("use at most 64 parts");
        assertThat(run("--start-at", "yesterday"))
                .contains("--start-at: 'yesterday' is not a time; write it like 2026-");
        assertThat(run("--start-at", "2099-01-01")).contains("is not a time; write it like 2026-");
        assertThat(run("--start-at", "2020-01-01T00:00:00Z", "--tag", "2"))
                .contains("2020-01-01T00:00:00Z is more than an hour ago; give a future time");
        for (String tag : List.of("xyz", "123456789", "-1", "")) {
            assertThat(run("--tag", tag)).contains("'" + tag + "' is not a tag; write up to eight hexadecimal digits");
        }
        assertThat(run("--tag", "0")).contains("0 is reserved for events that are never sent");
    }

    @Test
    void aTagThatIsUnderWay() throws Exception {
        Map<String, String> slow = Map.of("tag", "77", "speed", "0.01");
        try (Run run = DataFlux.plan(config, slow, Map.of()).start()) {
            assertThat(run("--tag", "77", "--speed", "0.01"))
                    .contains("--tag: run 00000077 is still running and holds ")
                    .contains("wait for it to end, stop it, or use another tag for a new run");
            run.stop();
        }
    }

    @Test
    void checkpointsThatAreNotWhatTheRunWrote() throws IOException {
        good("7");
        good("8");
        Path file = file("00000007", "checkpoint.json");
        String whole = Files.readString(file);
        String fix = "restore it, or use another tag for a new run";
        Map<String, String> damaged = Map.of(
                whole.substring(0, 300),
                "the file is damaged: it is not valid JSON at line 1, column 301",
                "",
                "it has no run.tag or no sinks",
                "\0\1garbage",
                "the file is damaged: it is not valid JSON",
                "{\"version\": 99}",
                "it has no run.tag or no sinks",
                whole.replace("\"format\":1", "\"format\":99"),
                "run.format: 99: this version of DataFlux reads format 1; use the version that wrote the file",
                whole.replace("\"attempt\":0", "\"attempt\":\"x\""),
                "run.attempt: a whole number from 0 to 32767");
        for (Map.Entry<String, String> each : damaged.entrySet()) {
            Files.writeString(file, each.getKey());
            assertThat(run("--tag", "7")).contains(file.toString(), each.getValue(), fix);
        }
        Files.writeString(file, Files.readString(file("00000008", "checkpoint.json")));
        assertThat(run("--tag", "7")).contains("--tag: 00000007, but the file belongs to run 00000008");
        Files.delete(file);
        Files.createDirectory(file);
        assertThat(run("--tag", "7")).contains("it cannot be read: ", fix);
    }

    @Test
    void aConfigurationThatSendsElsewhereUnderTheSameTag() throws IOException {
        good("7");
        String before = Files.readString(config);
        Map<String, String> changes = Map.of(
                "us: {weight: 1}", "us: {weight: 3}",
                "us: [pond]", "us: [pond, lake]",
                "regions:", "routing: {field: event_type}\nregions:");
        changes.forEach((text, other) -> {
            try {
                Files.writeString(config, before.replace(text, other));
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
            assertThat(run("--tag", "7"))
                    .contains("sinks.lake: it gets other events than in the run: regions, routing or region_sinks have")
                    .contains("undo the change, or use another tag for a new run");
        });
        Files.writeString(config, before.replace("lake: {type: file}", "lake: {type: file, dir: " + folder + "/new}"));
        assertThat(run("--tag", "7"))
                .contains("sinks.lake: it goes to the folder " + folder
                        + "/new, but in the run it went to the folder of the run");
    }

    @Test
    void reportsThatDoNotBelongTogetherOrAreNone() throws IOException {
        good("7");
        good("8");
        Path seven = file("00000007", "report.json");
        Path eight = file("00000008", "report.json");
        assertThat(verify(seven, eight))
                .contains(eight + ": it belongs to run 00000008, but " + seven + " to run 00000007");
        assertThat(verify(seven, seven)).contains("it is part 1, and so is " + seven);
        assertThat(verify(folder.resolve("none.json"))).contains("there is no such file; a run writes it as");
        assertThat(verify(config)).contains("the file is damaged: it is not valid JSON");
        String whole = Files.readString(seven);
        Path edited = folder.resolve("edited.json");
        Files.writeString(edited, whole.substring(0, whole.length() / 2));
        assertThat(verify(edited)).contains("the file is damaged: it is not valid JSON at line ");
        Files.writeString(edited, whole.replace("\"format\" : 1", "\"format\" : 2"));
        assertThat(verify(edited)).contains("run.format: 2: this version of DataFlux reads format 1");
        assertThat(refused("verify", config.toString(), "--report", seven.toString(), "--sink", "nosuch"))
                .contains("there is no such sink; the sinks are [lake, pond]");
        assertThat(refused("verify", config.toString(), "--report", seven.toString(), "--seed", "4"))
                .contains("the report is of a run with other streams")
                .contains("use the configuration, seed and start of that run");
    }
}
