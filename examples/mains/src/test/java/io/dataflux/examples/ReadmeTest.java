package io.dataflux.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.DataFlux;
import io.dataflux.Plan;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The build compiles and runs what the README shows. */
class ReadmeTest {

    private static final Path ROOT = Path.of("..", "..");

    @Test
    void everyJavaBlockIsInAnExampleThatIsCompiled() throws IOException {
        List<String> sources = new ArrayList<>();
        try (Stream<Path> files = Files.walk(ROOT.resolve("examples"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".java")).collect(Collectors.toList())) {
                sources.add(withoutIndent(Files.readString(file)));
            }
        }
        List<String> blocks = new ArrayList<>(blocks("java"));
        for (String page : List.of("streams.md", "identities.md", "changes.md", "embedding.md", "windows.md")) {
            blocks.addAll(blocks("java", ROOT.resolve("docs").resolve(page)));
        }
        assertThat(blocks).hasSizeGreaterThan(4);
        assertThat(blocks)
                .allSatisfy(block -> assertThat(sources)
                        .as("an example with this block:%n%s", block)
                        .anyMatch(source -> source.contains(withoutIndent(block))));
    }

    @Test
    void theFirstExamplePrintsWhatIsShown() throws IOException {
        PrintStream stdout = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            FirstStream.main(new String[0]);
        } finally {
            System.setOut(stdout);
        }
        assertThat(Files.readString(ROOT.resolve("README.md")))
                .contains("```\n" + printed.toString(StandardCharsets.UTF_8).replace("\r", "") + "```");
    }

    @Test
    void everyYamlBlockPlans(@TempDir Path folder) throws IOException {
        List<String> blocks = blocks("yaml");
        assertThat(blocks).isNotEmpty();
        for (String block : blocks) {
            Path file = Files.writeString(folder.resolve("readme.yaml"), block);
            Plan plan = DataFlux.plan(file, Map.of(), Map.of("S3_ACCESS_KEY", "me", "S3_SECRET_KEY", "secret"));
            assertThat(plan.streams())
                    .isNotEmpty()
                    .allSatisfy(stream -> assertThat(stream.event(5).bytes()).isNotEmpty());
        }
    }

    @Test
    void everyCommandThatIsShownExists() throws IOException {
        Matcher commands =
                Pattern.compile("\\./dataflux ([a-z]+)").matcher(Files.readString(ROOT.resolve("README.md")));
        assertThat(commands.results().map(match -> match.group(1)).distinct())
                .contains("demo")
                .isSubsetOf("demo", "run", "validate", "verify", "streams", "sample", "fingerprint", "plot");
    }

    private static List<String> blocks(String language) throws IOException {
        return blocks(language, ROOT.resolve("README.md"));
    }

    private static List<String> blocks(String language, Path page) throws IOException {
        Matcher blocks =
                Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(page));
        return blocks.results().map(match -> match.group(1)).collect(Collectors.toList());
    }

    private static String withoutIndent(String text) {
        return text.lines().map(String::strip).filter(line -> !line.isEmpty()).collect(Collectors.joining("\n"));
    }
}
