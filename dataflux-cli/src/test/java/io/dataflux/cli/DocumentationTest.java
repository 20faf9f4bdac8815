package io.dataflux.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.cli.Pages.Block;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands on the pages of the documentation print what the pages show. A configuration that begins with its name, such as
 * {@code # shop.yaml}, is written to a file for the commands below it. {@link SchemaTest} plans all
 * configurations of the pages.
 */
class DocumentationTest {

    private static final String PROGRAM = "./dataflux ";

    @TempDir
    Path all;

    private Path folder = Path.of("");

    private final PrintStream stderr = System.err;
    private final PrintStream stdout = System.out;
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @BeforeEach
    void capture() {
        System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void release() {
        System.setErr(stderr);
        System.setOut(stdout);
    }

    @Test
    void commandsOnThePagesPrintWhatThePagesShow() throws IOException {
        Map<String, Integer> run = new LinkedHashMap<>();
        for (List<Block> page : pages()) {
            folder = Files.createDirectories(all.resolve(page.get(0).page()));
            for (int i = 0; i < page.size(); i++) {
                Block block = page.get(i);
                if (block.language().equals("yaml") && block.text().startsWith("# ")) {
                    String name = block.text().substring(2, block.text().indexOf('\n'));
                    Files.writeString(folder.resolve(name), block.text());
                } else if (block.language().equals("sh")) {
                    Block shown = i + 1 < page.size() ? page.get(i + 1) : block;
                    int commands = run(block, shown.language().isEmpty() && shown.follows() ? shown.text() : "");
                    run.merge(block.page(), commands, Integer::sum);
                }
            }
        }
        assertThat(run).containsKeys("docs/streams.md", "docs/sessions.md", "docs/running.md", "docs/verdict.md");
        assertThat(run.values().stream().mapToInt(Integer::intValue).sum()).isGreaterThan(10);
    }

    private static List<List<Block>> pages() throws IOException {
        return List.copyOf(Pages.blocks().stream()
                .collect(Collectors.groupingBy(Block::page, LinkedHashMap::new, Collectors.toList()))
                .values());
    }

    /** Runs the commands of a block that contain no placeholder, and returns how many there were. */
    private int run(Block block, String shown) throws IOException {
        int commands = 0;
        printed.reset();
        for (String line : block.text().lines().toList()) {
            String command =
                    line.replaceAll("\\s+#.*", "").replaceAll(" > \\S+$", ""); // what is printed is looked at here
            if (command.startsWith(PROGRAM) && isWhole(command)) {
                assertThat(Main.run(words(command), new Stdout(printed)))
                        .as("%s: %s%n%s", block, command, printed)
                        .isEqualTo(line.endsWith("# exit code 1") ? 1 : 0);
                commands++;
            }
        }
        if (commands > 0 && !shown.isEmpty()) {
            String output = common(printed.toString(StandardCharsets.UTF_8));
            assertThat(output).as("%s shows%n%s", block, shown).matches(wholeOf(common(shown)));
        }
        return commands;
    }

    /** Without what differs from run to run: the folder of the test, and how fast this machine is. */
    private String common(String text) {
        return text.replaceAll(" --output \\S+", "")
                .replace(folder + "/", "")
                .replaceAll("in [0-9.]+ s, [0-9,]+ events/s, [0-9.]+ MB/s", "in N s, N events/s, N MB/s");
    }

    /** Everything that is shown and nothing else, except where a line {@code ...} says that something is left out. */
    private static Pattern wholeOf(String shown) {
        return Pattern.compile(shown.lines()
                        .map(line -> line.equals("...") ? "(.*\\n)+" : Pattern.quote(line) + "\\n")
                        .collect(Collectors.joining())
                + "\\n*");
    }

    /** Whether the command can be run as it is, on its own and to its end. */
    private static boolean isWhole(String command) {
        return !command.matches(".*(\\|| FILE|NAME|demo| draws|clicks\\.html|orders --config FILE).*");
    }

    /** The words of a command, with files in the folder of the test. */
    private List<String> words(String command) {
        List<String> words = new ArrayList<>();
        for (String word : command.substring(PROGRAM.length()).strip().split(" +", -1)) {
            boolean file = word.endsWith(".yaml") || word.endsWith(".json") || word.endsWith(".html");
            words.add(file ? folder.resolve(word).toString() : word);
        }
        if (List.of("run", "verify", "diff").contains(words.get(0))) {
            words.addAll(List.of("--output", folder.resolve("dataflux-out").toString()));
        }
        return words;
    }
}
