package io.dataflux.engine;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dataflux.ConfigurationException;
import io.dataflux.DeliveryException;
import io.dataflux.RunReport;
import io.dataflux.RunReport.Lag;
import io.dataflux.RunReport.Step;
import io.dataflux.ledger.Ledger;
import io.dataflux.plan.RunConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
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

    private static final String SUPERSEDED = ".superseded";
    private static final Pattern TRACES = Pattern.compile(
            "(checkpoint|report|ledger)(?:-(\\d+)of(\\d+))?(?:\\.superseded)?(?:\\.json)?(?<lock>\\.lock)?|verdict-.*");

    private ReportFile() {}

    /** Writes report and ledger into a folder, which is created if it does not exist. */
    public static void write(RunReport report, Path folder) throws IOException {
        Files.createDirectories(folder);
        Ledger ledger = report.ledger();
        new LedgerFile(folder.resolve(LedgerFile.name(LEDGER, ledger.part(), ledger.parts()))).write(ledger);
        new LedgerFile(folder.resolve(LedgerFile.name(REPORT, ledger.part(), ledger.parts()))).replace(text(report));
    }

    /**
     * Marks what an earlier attempt reported as superseded, because another one is about to send: until that ends, nothing says
     * what the run's targets should hold.
     *
     * @throws DeliveryException if it cannot be marked
     */
    static void supersede(Attempt attempt) {
        for (String name : names(attempt)) {
            Path file = attempt.folder().resolve(name);
            if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                continue; // there was no such attempt, or it was killed
            }
            try {
                Files.move(
                        file,
                        attempt.folder().resolve(superseded(name)),
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
                throw new DeliveryException(
                        "the run cannot be resumed, because the report of its last attempt cannot be renamed to "
                                + superseded(name) + " in " + attempt.folder() + ": " + e,
                        e);
            }
        }
    }

    /** {@code report-1of2.superseded.json} for {@code report-1of2.json}. */
    private static String superseded(String name) {
        int dot = name.indexOf('.');
        return dot < 0 ? name + SUPERSEDED : name.substring(0, dot) + SUPERSEDED + name.substring(dot);
    }

    private static List<String> names(Attempt attempt) {
        RunConfig.Part part = attempt.config().part();
        return List.of(
                LedgerFile.name(REPORT, part.number(), part.of()), LedgerFile.name(LEDGER, part.number(), part.of()));
    }

    /** The file of an attempt's report. */
    static Path of(Attempt attempt) {
        return attempt.folder().resolve(names(attempt).get(0));
    }

    /** Whether the report of an attempt, or of a later one, is in the run's folder. */
    static boolean isThere(Attempt attempt) {
        Path file = of(attempt);
        try {
            return Files.exists(file) && number(file) >= attempt.number();
        } catch (ConfigurationException e) {
            return false; // it is damaged
        }
    }

    /** The number of the attempt that wrote a file; -1 if it does not say. @throws ConfigurationException if it is damaged */
    static int number(Path file) {
        return new LedgerFile(file).parse().path("run").path("attempt").asInt(-1);
    }

    /** The same for what {@link #readLedger} takes. */
    static int attemptOf(Path file) {
        return number(reportIn(file));
    }

    private static Path reportIn(Path file) {
        return Files.isDirectory(file) ? file.resolve(REPORT) : file;
    }

    /**
     * The names in a run's folder that show that a run with its tag has begun, besides the checkpoint of this part: files of other parts
     * are left out if the run has that many parts.
     */
    static List<String> traces(Path folder, RunConfig.Part part) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> isTrace(file, part))
                    .map(file -> file.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw unreadable(folder, e);
        }
    }

    private static boolean isTrace(Path path, RunConfig.Part part) {
        Matcher file = TRACES.matcher(path.getFileName().toString());
        if (!file.matches() || (file.group("lock") != null && path.toFile().length() == 0)) {
            return false;
        }
        boolean ofOtherPart = part.of() > 1
                && file.group(2) != null
                && Integer.toString(part.of()).equals(file.group(3))
                && !Integer.toString(part.number()).equals(file.group(2));
        return !ofOtherPart;
    }

    private static ConfigurationException unreadable(Path folder, IOException e) {
        return new ConfigurationException(
                folder.toString(), List.of(new ConfigurationException.Problem("", "it cannot be read: " + e)));
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
            throw unreadable(folder, e);
        }
    }

    /** Writes a report to a file, whose folder must exist, or through a pipe, device or link. */
    public static void writeReport(RunReport report, Path file) throws IOException {
        new LedgerFile(file).writeThrough(text(report));
    }

    private static String text(RunReport report) {
        ObjectNode root = LedgerFile.run(report.ledger());
        ((ObjectNode) root.get("run")).put("attempt", report.attempt());
        root.put("validity", report.validity().name());
        root.put("complete", report.complete());
        if (report.unsent() > 0) {
            root.put("unsent", report.unsent());
        }
        root.set("sinks", LedgerFile.sinks(report.ledger()));
        ArrayNode steps = root.putArray("steps");
        report.steps().forEach(step -> steps.add(step(step)));
        root.set("ownLag", lag(report.ownLag()));
        root.set("sinkLag", lag(report.sinkLag()));
        root.put("bytes", report.bytes());
        root.put("elapsed", report.elapsed().toString());
        root.put("start", report.start().toString());
        LedgerFile.speed(root, report.speed());
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
        return root.toPrettyString();
    }

    /**
     * Reads the ledger out of a report or a ledger file.
     *
     * @param file the file, or the folder that holds the report
     * @throws ConfigurationException if it is missing, damaged, or not a ledger
     */
    public static Ledger readLedger(Path file) {
        return ReportReader.ledger(reportIn(file));
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
