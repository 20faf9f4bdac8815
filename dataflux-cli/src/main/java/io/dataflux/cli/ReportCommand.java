package io.dataflux.cli;

import io.dataflux.DataFlux;
import io.dataflux.DeliveryException;
import io.dataflux.StoredRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
        StoredRun run = (tag == null ? runs.stream().findFirst() : RunFiles.tagged(runs, tag))
                .orElseThrow(() -> mistake(
                        tag == null
                                ? "there is no run in " + output.folder()
                                        + "; start one, or name its folder with --output"
                                : "there is no run '" + tag + "' in " + output.folder() + RunFiles.hint(runs, tag)));
        RunFiles files = RunFiles.of(run);
        if (files.reports().isEmpty()) {
            throw mistake("run " + run.tag() + " has no report yet: it is running, or it was killed;"
                    + " run it again with its tag");
        }
        Path page = out == null ? run.folder().resolve("report.html") : out;
        try {
            Files.writeString(page, new RunPage(files.reports(), files.verdicts()).html(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new DeliveryException("the page " + page + " cannot be made: " + e.getMessage(), e);
        }
        System.err.println("run " + run.tag() + ": " + page);
        return GOOD;
    }
}
