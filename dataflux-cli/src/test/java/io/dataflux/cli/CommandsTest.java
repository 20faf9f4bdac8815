package io.dataflux.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.DataFlux;
import io.dataflux.EventStream;
import io.dataflux.cli.Pages.Block;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every command that shows a stream shows every stream: the built-in ones, and those of all example configurations, which between them have
 * every map of the schema and so every kind of field (see {@link SchemaTest}).
 */
class CommandsTest {

    /** Otherwise only the first stream of an example goes through every command, and the others are plotted. */
    private static final boolean THOROUGH = Boolean.getBoolean("dataflux.thorough");

    private static final Path OWN = Path.of("src", "test", "resources", "io", "dataflux", "cli", "configurations");

    @TempDir
    Path folder;

    private final PrintStream stderr = System.err;
    private final ByteArrayOutputStream words = new ByteArrayOutputStream();

    @BeforeEach
    void capture() {
        System.setErr(new PrintStream(words, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void release() {
        System.setErr(stderr);
    }

    private String good(List<String> line) {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        assertThat(Main.run(line, new Stdout(data)))
                .as("%s%n%s", String.join(" ", line), words.toString(StandardCharsets.UTF_8))
                .isZero();
        return data.toString(StandardCharsets.UTF_8);
    }

    private void everyCommandShows(String stream, String... config) {
        List<String> from = List.of(config);
        assertThat(good(with(from, "sample", stream, "--count", "50")).lines()).hasSize(50);
        assertThat(good(with(from, "sample", stream, "--count", "50", "--tag", "7"))
                        .lines())
                .hasSize(50);
        good(with(from, "sample", stream, "--count", "50", "--faults"));
        assertThat(good(with(from, "fingerprint", stream, "--count", "200", "--workers", "2")))
                .matches("[0-9a-f]{64}\n");
        plot(stream, from);
    }

    /** A plot words every field. */
    private void plot(String stream, List<String> from) {
        Path page = folder.resolve("page.html");
        assertThat(good(with(from, "plot", stream, "--count", "200", "-o", page.toString())))
                .isEmpty();
        assertThat(page).isNotEmptyFile();
    }

    private static List<String> with(List<String> more, String... words) {
        return Stream.concat(Stream.of(words), more.stream()).toList();
    }

    @Test
    void everyBuiltInStreamIsShownByEveryCommand() throws IOException {
        for (String name : DataFlux.streamNames()) {
            String shown = good(List.of("streams", name));
            for (String field : DataFlux.definition(name).fields().keySet()) {
                assertThat(shown).containsPattern("(?m)^  " + field + " +\\S");
            }
            everyCommandShows(name);
            assertThat(good(List.of("draws", "--stream", name, "--bytes", "4000")))
                    .isNotEmpty();
            Path config = Files.writeString(
                    folder.resolve("one.yaml"),
                    "streams: {it: {from: " + name + "}}\nlimits: {events: 10}\nsinks: {all: {type: \"null\"}}\n");
            assertThat(good(List.of("validate", config.toString()))).contains("\nstream it: ");
            assertThat(good(List.of("validate", "--diff", config.toString(), config.toString())))
                    .isEqualTo("it: unchanged\n");
        }
    }

    @Test
    void everyStreamOfTheExamplesIsShownByEveryCommand() throws IOException {
        List<Path> configurations = new ArrayList<>();
        try (Stream<Path> files = Files.list(OWN)) {
            files.sorted().forEach(configurations::add);
        }
        for (Block block : Pages.configurations()) {
            configurations.add(
                    Files.writeString(folder.resolve(block.toString().replaceAll("\\W", "-") + ".yaml"), block.text()));
        }
        int shown = 0;
        for (Path config : configurations) {
            List<EventStream> streams = DataFlux.streams(config, Map.of(), Map.of());
            for (EventStream stream : streams) {
                if (THOROUGH || stream == streams.get(0)) {
                    everyCommandShows(stream.name(), "--config", config.toString());
                } else {
                    plot(stream.name(), List.of("--config", config.toString()));
                }
                shown++;
            }
        }
        assertThat(shown).isGreaterThan(20);
    }
}
