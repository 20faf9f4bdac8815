package io.dataflux.engine;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dataflux.ConfigurationException;
import io.dataflux.RunReport;
import io.dataflux.RunReport.Lag;
import io.dataflux.RunReport.Step;
import io.dataflux.ledger.Ledger;
import io.dataflux.ledger.Ledger.ShardLedger;
import io.dataflux.ledger.Ledger.SinkLedger;
import io.dataflux.ledger.Ledger.StreamLedger;
import io.dataflux.ledger.Ranges;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files that a run leaves: {@code report.json}, and {@code ledger} with the part of it that a verification starts from.
 * Either can be read back. A file is there whole or not at all.
 */
public final class ReportFile {

    public static final String REPORT = "report.json";
    public static final String LEDGER = "ledger";
    private static final Pattern REPORTS = Pattern.compile("report(-\\d+of\\d+)?\\.json");

    /** What the files of a run look like; a file of another format is not read. */
    static final int FORMAT = 1;

    private ReportFile() {}

    /** Writes report and ledger into a folder, which is created if it does not exist. */
    public static void write(RunReport report, Path folder) throws IOException {
        Files.createDirectories(folder);
        Ledger ledger = report.ledger();
        writeLedger(ledger, folder.resolve(name(LEDGER, ledger.part(), ledger.parts())));
        writeReport(report, folder.resolve(name(REPORT, ledger.part(), ledger.parts())));
    }

    /** The name of one part's file: {@code report-3of8.json} for {@code report.json}. */
    static String name(String whole, int part, int parts) {
        int dot = whole.indexOf('.');
        return parts == 1
                ? whole
                : whole.substring(0, dot < 0 ? whole.length() : dot) + "-" + part + "of" + parts
                        + (dot < 0 ? "" : whole.substring(dot));
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
        ObjectNode root = run(report.ledger());
        root.put("validity", report.validity().name());
        root.set("sinks", sinks(report.ledger()));
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
        replace(file, root.toPrettyString());
    }

    private static void writeLedger(Ledger ledger, Path file) throws IOException {
        ObjectNode root = run(ledger);
        root.set("sinks", sinks(ledger));
        replace(file, root.toPrettyString());
    }

    /**
     * Reads the ledger out of a report or a ledger file.
     *
     * @param file the file, or the folder that holds the report
     * @throws ConfigurationException if it is missing, damaged, or not a ledger
     */
    public static Ledger readLedger(Path file) {
        return LedgerReader.read(Files.isDirectory(file) ? file.resolve(REPORT) : file);
    }

    static ObjectNode run(Ledger ledger) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        ObjectNode run = root.putObject("run");
        run.put("format", FORMAT);
        run.put("tag", HexFormat.of().toHexDigits(ledger.tag()));
        if (ledger.parts() > 1) {
            run.put("part", ledger.part()).put("parts", ledger.parts());
        }
        ArrayNode streams = run.putArray("streams");
        for (Ledger.Stream stream : ledger.streams()) {
            streams.addObject()
                    .put("name", stream.name())
                    .put("fingerprint", HexFormat.of().toHexDigits(stream.fingerprint()))
                    .put("seed", stream.seed())
                    .put("shards", stream.shards())
                    .put("from", stream.from())
                    .put("limit", stream.limit());
        }
        return root;
    }

    static ArrayNode sinks(Ledger ledger) {
        ArrayNode sinks = JsonNodeFactory.instance.arrayNode();
        for (SinkLedger sink : ledger.sinks()) {
            ObjectNode node = sinks.addObject()
                    .put("name", sink.name())
                    .put("type", sink.type())
                    .put("position", sink.position());
            ArrayNode streams = node.putArray("streams");
            for (StreamLedger stream : sink.streams()) {
                ObjectNode counts = streams.addObject()
                        .put("name", stream.name())
                        .put("issued", stream.issued())
                        .put("acknowledged", stream.acknowledged())
                        .put("failed", stream.failed())
                        .put("unknown", stream.unknown());
                ArrayNode shards = counts.putArray("shards");
                for (int shard = 0; shard < stream.shards().size(); shard++) {
                    shard(shards, shard, stream.shards().get(shard));
                }
            }
        }
        return sinks;
    }

    /** A shard without anything to report is left out; {@code from} and {@code to} are its first and last place. */
    private static void shard(ArrayNode shards, int number, ShardLedger ledger) {
        Ranges issued = ledger.issued();
        if (!issued.isEmpty() || !ledger.missing().isEmpty() || !ledger.resent().isEmpty()) {
            ObjectNode shard = shards.addObject().put("shard", number);
            if (!issued.isEmpty()) {
                shard.put("from", issued.from(0)).put("to", issued.to(issued.size() - 1));
            }
            ranges(shard, "acknowledged", ledger.acknowledged());
            ranges(shard, "failed", ledger.failed());
            ranges(shard, "unknown", ledger.unknown());
            ranges(shard, "resent", ledger.resent());
            ranges(shard, "missing", ledger.missing());
        }
    }

    static void ranges(ObjectNode shard, String name, Ranges ranges) {
        if (!ranges.isEmpty()) {
            ArrayNode list = shard.putArray(name);
            for (int i = 0; i < ranges.size(); i++) {
                list.addArray().add(ranges.from(i)).add(ranges.to(i));
            }
        }
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

    /** Writes beside the file, makes sure that it is on disk, and only then gives it its name. The name is on disk on return. */
    static void replace(Path file, String text) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        try {
            try (FileChannel channel = FileChannel.open(temporary, CREATE, TRUNCATE_EXISTING, WRITE)) {
                ByteBuffer buffer = StandardCharsets.UTF_8.encode(text + "\n");
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
                channel.force(true);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
        try (FileChannel folder = FileChannel.open(file.toAbsolutePath().getParent(), READ)) {
            folder.force(true);
        }
    }
}
