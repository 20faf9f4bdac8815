package io.dataflux.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dataflux.ConfigurationException;
import io.dataflux.ConfigurationException.Problem;
import io.dataflux.engine.Checkpoint.LaneMark;
import io.dataflux.engine.Checkpoint.SinkMark;
import io.dataflux.engine.Checkpoint.Stage;
import io.dataflux.ledger.Ledger;
import io.dataflux.spi.DeliveryUnit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** A checkpoint as a file: the ledger's JSON plus what it takes to resume. The file is there whole or not at all. */
final class CheckpointFile {

    private static final int MOST_LANES = 1 << 20;

    private final LedgerFile file;

    private CheckpointFile(Path file) {
        this.file = new LedgerFile(file);
    }

    static void write(Checkpoint checkpoint, Path file) throws IOException {
        ObjectNode root = LedgerFile.run(checkpoint.ledger());
        ObjectNode run = (ObjectNode) root.get("run");
        run.put("attempt", checkpoint.attempt()).put("start", checkpoint.start().toString());
        ArrayNode sinks = LedgerFile.sinks(checkpoint.ledger());
        for (int i = 0; i < sinks.size(); i++) {
            ObjectNode sink = (ObjectNode) sinks.get(i);
            SinkMark mark = checkpoint.sinks().get(i);
            if (!mark.unit().equals(DeliveryUnit.NONE)) {
                sink.putObject("unit")
                        .put("sequences", mark.unit().sequences())
                        .put("window", mark.unit().window().toString());
            }
            sink.put("destination", mark.destination()).put("routing", mark.routing());
            if (!mark.facts().isEmpty()) {
                ObjectNode facts = sink.putObject("target");
                mark.facts().forEach(facts::put);
            }
            ArrayNode lanes = sink.putArray("lanes");
            mark.lanes().forEach(lane -> lane(lanes.addObject(), lane));
        }
        root.set("sinks", sinks);
        new LedgerFile(file).replace(root.toString());
    }

    private static void lane(ObjectNode node, LaneMark lane) {
        node.put("reached", Checkpoint.instant(lane.reachedMicros()).toString())
                .put("horizon", Checkpoint.instant(lane.horizonMicros()).toString())
                .put("stage", lane.stage().name().toLowerCase(Locale.ROOT));
        if (lane.cuts().stream().anyMatch(cuts -> !cuts.isEmpty())) {
            ArrayNode streams = node.putArray("cuts");
            for (List<Long> cuts : lane.cuts()) {
                ArrayNode list = streams.addArray();
                cuts.forEach(list::add);
            }
        }
    }

    /** The checkpoint, if there is one. @throws ConfigurationException if it is damaged, or something else */
    static Optional<Checkpoint> find(Path file) {
        return Files.exists(file) ? Optional.of(read(file)) : Optional.empty();
    }

    /** @throws ConfigurationException if it is damaged, or not a checkpoint */
    static Checkpoint read(Path file) {
        try {
            return new CheckpointFile(file).checkpoint();
        } catch (ConfigurationException e) {
            List<Problem> problems = new ArrayList<>(e.problems());
            problems.add(new Problem(
                    "",
                    "only this file records what the run has delivered; restore it, or use another tag for a"
                            + " new run"));
            throw new ConfigurationException(file.toString(), problems);
        }
    }

    private Checkpoint checkpoint() {
        JsonNode root = file.parse();
        Ledger ledger = file.ledger(root);
        JsonNode run = root.path("run");
        List<SinkMark> sinks = new ArrayList<>();
        for (int i = 0; i < ledger.sinks().size(); i++) {
            sinks.add(sink(
                    root.path("sinks").get(i),
                    "sinks[" + i + "]",
                    ledger.streams().size()));
        }
        return new Checkpoint(
                ledger,
                (int) file.number(run, "attempt", "run", 0, Short.MAX_VALUE),
                file.instant(run, "start", "run"),
                sinks);
    }

    private SinkMark sink(JsonNode node, String path, int streams) {
        DeliveryUnit unit = DeliveryUnit.NONE;
        JsonNode unitNode = node.path("unit");
        if (!unitNode.isMissingNode()) {
            unit = new DeliveryUnit(
                    file.number(unitNode, "sequences", path + ".unit", 1, Long.MAX_VALUE),
                    window(unitNode, path + ".unit"));
        }
        JsonNode lanes = file.list(node, "lanes", path);
        if (lanes.isEmpty() || lanes.size() > MOST_LANES) {
            throw file.problem(path + ".lanes", "a list of at least one lane is needed");
        }
        List<LaneMark> marks = new ArrayList<>();
        for (int i = 0; i < lanes.size(); i++) {
            marks.add(lane(lanes.get(i), path + ".lanes[" + i + "]", streams));
        }
        SortedMap<String, String> facts = new TreeMap<>();
        node.path("target")
                .properties()
                .forEach(fact -> facts.put(fact.getKey(), fact.getValue().asText()));
        return new SinkMark(
                unit, node.path("destination").asText(""), node.path("routing").asText(""), facts, marks);
    }

    private Duration window(JsonNode node, String path) {
        try {
            return Duration.parse(file.text(node, "window", path));
        } catch (DateTimeException e) {
            throw file.problem(path + ".window", "a duration such as PT1H is needed");
        }
    }

    private LaneMark lane(JsonNode node, String path, int streams) {
        List<List<Long>> cuts = new ArrayList<>();
        JsonNode cutNodes = node.path("cuts");
        for (int stream = 0; stream < streams; stream++) {
            List<Long> list = new ArrayList<>();
            for (JsonNode cut : cutNodes.path(stream)) {
                if (!cut.isIntegralNumber() || !cut.canConvertToLong() || cut.longValue() < 0) {
                    throw file.problem(path + ".cuts[" + stream + "]", "a list of sequences is needed");
                }
                list.add(cut.longValue());
            }
            cuts.add(List.copyOf(list));
        }
        String stage = file.text(node, "stage", path);
        Stage known = null;
        for (Stage each : Stage.values()) {
            known = each.name().toLowerCase(Locale.ROOT).equals(stage) ? each : known;
        }
        if (known == null) {
            throw file.problem(path + ".stage", "running, stopped or complete is needed");
        }
        return new LaneMark(
                Checkpoint.micros(file.instant(node, "reached", path)),
                Checkpoint.micros(file.instant(node, "horizon", path)),
                known,
                cuts);
    }
}
