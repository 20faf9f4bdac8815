package io.dataflux.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dataflux.ConfigurationException;
import io.dataflux.ConfigurationException.Problem;
import io.dataflux.DataFlux;
import io.dataflux.DeliveryException;
import io.dataflux.Plan;
import io.dataflux.StoredRun;
import io.dataflux.ledger.Ledger;
import io.dataflux.ledger.Ledger.SinkLedger;
import io.dataflux.verify.FaultyReader.Sabotage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Reads back what the sinks of a run hold, and prints the verdict. */
@CommandLine.Command(
        header = "reads back what a run sent and prints the verdict",
        footer = {
            "FILE is the configuration of the run. Give --seed or --output too if it was started with them.",
            "The exit code is 0 if every acknowledged event is there once, in order and unchanged, otherwise 1."
        })
final class VerifyCommand extends JsonCommand {

    static final String READABLE = "kafka, s3, file, and http with 'read' can";

    @Mixin
    private ConfigurationOptions configuration = new ConfigurationOptions();

    @Option(
            names = "--tag",
            paramLabel = "T",
            description = "the tag of the run (default: the last one); its reports are read from OUTPUT/TAG")
    private @Nullable String tag;

    @Option(
            names = "--report",
            paramLabel = "REPORT",
            description = "instead of --tag: the run's report file; for a run in parts, once for each of them")
    private List<Path> reports = new ArrayList<>();

    @Option(
            names = "--sink",
            paramLabel = "NAME",
            description = "verifies only this sink (default: all that can be read back)")
    private @Nullable String sink;

    @Option(
            names = "--explain",
            description = "also prints a table: what is judged, what is not, and by which option it would be")
    private boolean explains;

    @Option(
            names = "--metrics",
            paramLabel = "OUT",
            converter = WrittenFile.class,
            description = "also writes what was found to this file, as metrics for Prometheus' textfile collector")
    private @Nullable Path metrics;

    @Option(
            names = Judging.BREAK,
            paramLabel = "FAULT",
            converter = Judging.Fault.class,
            description = Judging.BREAK_WORDS)
    private @Nullable Sabotage sabotage;

    @Override
    int run(ObjectNode document, Stdout out) {
        if (!reports.isEmpty() && tag != null) {
            throw mistake("give either --tag TAG or --report REPORT to say which run");
        }
        if (metrics != null && Files.exists(metrics) && !Files.isRegularFile(metrics)) {
            throw mistake("--metrics " + metrics
                    + ": this is a pipe or device, which a collector of files does not read; name a file");
        }
        Map<String, String> flags = new LinkedHashMap<>(configuration.flags(Map.of())); // order never seen
        flags.put("tag", tag != null ? tag : reports.isEmpty() ? last(flags) : tagOf(reports.get(0)));
        Plan plan = DataFlux.plan(configuration.file(), flags, System.getenv());
        Ledger ledger = plan.ledger(reports.isEmpty() ? plan.reports() : reports);
        List<String> sinks = sink == null ? plan.readableSinks() : List.of(sink);
        check(plan, ledger, sinks);
        Judging judging = new Judging(plan, ledger, sabotage).explaining(explains);
        boolean clean = judging.allClean(sinks, this::mistake);
        document.put("tag", flags.get("tag")).put("clean", clean).set("verdicts", judging.document());
        writeMetrics(judging);
        if (explains) {
            plan.sinks().stream()
                    .filter(other -> !sinks.contains(other))
                    .forEach(other -> System.err.println(other + ": nothing is judged: "
                            + (plan.readableSinks().contains(other)
                                    ? "--sink names another one"
                                    : "it cannot be read back; " + READABLE)));
        }
        return clean ? GOOD : FAILED;
    }

    private void writeMetrics(Judging judging) {
        if (metrics != null) {
            try {
                judging.metrics().write(metrics);
            } catch (IOException e) {
                throw new DeliveryException(
                        "the metrics could not be written to " + metrics + ": " + e.getMessage(), e);
            }
        }
    }

    private static String tagOf(Path report) {
        return HexFormat.of().toHexDigits(DataFlux.ledger(report).tag());
    }

    /** The tag of the run that began last. */
    private String last(Map<String, String> flags) {
        Path output =
                DataFlux.plan(configuration.file(), flags, System.getenv()).output();
        StoredRun last = DataFlux.runs(output).stream()
                .findFirst()
                .orElseThrow(() -> mistake("there is no run in " + output
                        + "; start one, name its folder with --output, or give its --report"));
        System.err.println("the last run is " + last.tag() + "; --tag names another one");
        return last.tag();
    }

    /** Refuses sinks that cannot be judged, before any is read. */
    private void check(Plan plan, Ledger ledger, List<String> sinks) {
        List<String> sent = ledger.sinks().stream().map(SinkLedger::name).toList();
        List<Problem> problems = new ArrayList<>();
        if (sinks.isEmpty()) {
            problems.add(new Problem("sinks", "none of them can be read back; " + READABLE));
        }
        for (String name : sinks) {
            if (!plan.sinks().contains(name)) {
                problems.add(new Problem(
                        "--sink",
                        "'" + name + "': there is no such sink; the sinks are " + plan.sinks()
                                + Nearest.hint("", name, plan.sinks())));
            } else if (!plan.readableSinks().contains(name)) {
                problems.add(new Problem("--sink", "'" + name + "' cannot be read back; " + READABLE));
            } else if (!sent.contains(name)) {
                problems.add(new Problem(
                        "sinks." + name,
                        "the run had no such sink, but " + sent
                                + "; use the configuration of that run, or name one of its sinks with --sink"));
            }
        }
        if (!problems.isEmpty()) {
            throw new ConfigurationException(configuration.file().toString(), problems);
        }
    }
}
