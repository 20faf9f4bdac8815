package io.dataflux.engine;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dataflux.ConfigurationException;
import io.dataflux.RunReport;
import io.dataflux.RunReport.Lag;
import io.dataflux.RunReport.Step;
import io.dataflux.ledger.Ledger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files that a run leaves: {@code report.json}, and {@code ledger} with the part of it that a verification starts from.
 * The ledger can be read back out of either. A file is there whole or not at all.
 */
public final class ReportFile {

    public static final String REPORT = "report.json";
    public static final String LEDGER = "ledger";
    private static final Pattern REPORTS = Pattern.compile("report(-\\d+of\\d+)?\\.json");

    private ReportFile() {}

    /** Writes report and ledger into a folder, which is created if it does not exist. */
    public static void write(RunReport report, Path folder) throws IOException {
        Files.createDirectories(folder);
        Ledger ledger = report.ledger();
        new LedgerFile(folder.resolve(LedgerFile.name(LEDGER, ledger.part(), ledger.parts()))).write(ledger);
        writeReport(report, folder.resolve(LedgerFile.name(REPORT, ledger.part(), ledger.parts())));
    }

    /** The reports in a folder, of one run or of all its parts, by name. */
    static List<Path> in(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file ->
                            REPORTS.matcher(file.getFileName().toString()).matches())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new ConfigurationException(
                    folder.toString(), List.of(new ConfigurationException.Problem("", "it cannot be read: " + e)));
        }
    }

    /** Writes a report to a file, whose folder must exist. */
    public static void writeReport(RunReport report, Path file) throws IOException {
        ObjectNode root = LedgerFile.run(report.ledger());
        root.put("validity", report.validity().name());
        root.set("sinks", LedgerFile.sinks(report.ledger()));
        ArrayNode steps = root.putArray("steps");
        report.steps().forEach(step -> steps.add(step(step)));
        root.set("ownLag", lag(report.ownLag()));
        root.set("sinkLag", lag(report.sinkLag()));
        root.put("bytes", report.bytes());
        root.put("elapsed", report.elapsed().toString());
        root.put("start", report.start().toString());
        if (report.speed() == Double.POSITIVE_INFINITY) {
            root.put("speed", "max");
        } else {
            root.put("speed", report.speed());
        }
        RunReport.Backfill backfill = report.backfill();
        if (backfill != null) {
            root.putObject("backfill")
                    .put("events", backfill.events())
                    .put(
                            "liveAt",
                            backfill.liveAt() == null ? null : backfill.liveAt().toString())
                    .put("took", backfill.took().toString())
                    .put("behind", backfill.behind().toString());
        }
        if (!report.faults().isEmpty()) {
            ArrayNode faults = root.putArray("faults");
            report.faults().forEach(counts -> {
                ObjectNode node = faults.addObject().put("sink", counts.sink()).put("stream", counts.stream());
                counts.events().forEach((kind, events) -> node.put(kind.word(), events));
            });
        }
        ArrayNode problems = root.putArray("problems");
        report.problems().forEach(problems::add);
        new LedgerFile(file).replace(root.toPrettyString());
    }

    /**
     * Reads the ledger out of a report or a ledger file.
     *
     * @param file the file, or the folder that holds the report
     * @throws ConfigurationException if it is missing, damaged, or not a ledger
     */
    public static Ledger readLedger(Path file) {
        return new LedgerFile(Files.isDirectory(file) ? file.resolve(REPORT) : file).read();
    }

    private static ObjectNode step(Step step) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("sink", step.sink());
        node.put("from", step.from().toString());
        Instant to = step.to();
        node.put("to", to == null ? null : to.toString());
        node.put("offeredPerSecond", step.offeredPerSecond());
        node.put("achievedPerSecond", step.achievedPerSecond());
        node.put("acknowledged", step.acknowledged());
        node.put("failed", step.failed());
        node.put("unknown", step.unknown());
        node.set("lateness", lag(step.lateness()));
        node.set("latency", lag(step.latency()));
        return node;
    }

    private static ObjectNode lag(Lag lag) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("p50Nanos", lag.p50Nanos())
                .put("p99Nanos", lag.p99Nanos())
                .put("maxNanos", lag.maxNanos());
    }
}
