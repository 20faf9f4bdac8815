package io.dataflux.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dataflux.DataFlux;
import io.dataflux.DeliveryException;
import io.dataflux.StoredRun;
import io.dataflux.cli.RunPage.Judged;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A run at a glance: one page that needs no other file and no network. */
@CommandLine.Command(
        header = "writes a run as one HTML page: outcomes, rates, latencies, verdicts",
        footer = {
            "The page is made from the files of the run: its reports and, if it was verified, its verdicts with the first of what"
                    + " they found."
        })
final class ReportCommand extends Command {

    private static final int MOST_EVENTS = 200;
    private static final ObjectMapper JSON = new ObjectMapper();

    @Mixin
    private OutputOption output = new OutputOption();

    @Option(names = "--tag", paramLabel = "T", description = "the tag of the run (default: the last one)")
    private @Nullable String tag;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            converter = WrittenFile.class,
            description = "the HTML page to write (default: report.html in the run's folder)")
    private @Nullable Path out;

    @Override
    int run(Stdout stdout) {
        List<StoredRun> runs = DataFlux.runs(output.folder());
        StoredRun run = runs.stream()
                .filter(each -> tag == null || each.tag().equalsIgnoreCase(tag))
                .findFirst()
                .orElseThrow(() -> mistake(
                        tag == null
                                ? "there is no run in " + output.folder()
                                        + "; start one, or name its folder with --output"
                                : "there is no run '" + tag + "' in " + output.folder()
                                        + Nearest.hint(
                                                "",
                                                tag,
                                                runs.stream()
                                                        .map(StoredRun::tag)
                                                        .toList())));
        List<JsonNode> reports = new ArrayList<>();
        List<Judged> verdicts = new ArrayList<>();
        Path page = out == null ? run.folder().resolve("report.html") : out;
        try {
            for (Path file : files(run.folder())) {
                String name = String.valueOf(file.getFileName());
                if (name.matches("report(-\\d+of\\d+)?\\.json")) {
                    reports.add(JSON.readTree(file.toFile()));
                } else if (name.startsWith("verdict-") && Files.exists(file.resolve("verdict.json"))) {
                    verdicts.add(new Judged(
                            JSON.readTree(file.resolve("verdict.json").toFile()), events(file)));
                }
            }
            if (reports.isEmpty()) {
                throw mistake("run " + run.tag() + " has no report yet: it is running, or it was killed;"
                        + " run it again with its tag");
            }
            Files.writeString(page, new RunPage(reports, verdicts).html(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new DeliveryException("the page " + page + " cannot be made: " + e.getMessage(), e);
        }
        System.err.println("run " + run.tag() + ": " + page);
        return GOOD;
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    /** The first events of a verdict. */
    private static List<JsonNode> events(Path folder) throws IOException {
        List<JsonNode> events = new ArrayList<>();
        Path file = folder.resolve("events.jsonl");
        if (Files.exists(file)) {
            try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
                for (String line = lines.readLine();
                        line != null && events.size() < MOST_EVENTS;
                        line = lines.readLine()) {
                    events.add(JSON.readTree(line));
                }
            }
        }
        return events;
    }
}
