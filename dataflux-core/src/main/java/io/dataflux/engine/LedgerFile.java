package io.dataflux.engine;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dataflux.ConfigurationException;
import io.dataflux.ConfigurationException.Problem;
import io.dataflux.ledger.Ledger;
import io.dataflux.ledger.Ledger.ShardLedger;
import io.dataflux.ledger.Ledger.SinkLedger;
import io.dataflux.ledger.Ledger.StreamLedger;
import io.dataflux.ledger.Ledger.Touch;
import io.dataflux.ledger.Ranges;
import io.dataflux.model.FaultKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * A file with a ledger in it as JSON: the file {@code ledger}, and reports and checkpoints, which say more. It is there whole or not at
 * all. Reading trusts nothing: a file that was truncated, edited or written by something else is refused with the path of what is wrong.
 */
final class LedgerFile {

    /** What the files of a run look like; a file of another format is not read. */
    private static final int FORMAT = 1;

    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
    private static final int MAX_SHARDS = 1 << 16;
    private static final int MAX_PARTS = 1 << 16;

    private final Path file;

    LedgerFile(Path file) {
        this.file = file;
    }

    /** The name of one part's file: {@code report-3of8.json} for {@code report.json}. */
    static String name(String whole, int part, int parts) {
        int dot = whole.indexOf('.');
        return parts == 1
                ? whole
                : whole.substring(0, dot < 0 ? whole.length() : dot) + "-" + part + "of" + parts
                        + (dot < 0 ? "" : whole.substring(dot));
    }

    // writing

    /** Writes a ledger and nothing else. */
    void write(Ledger ledger) throws IOException {
        ObjectNode root = run(ledger);
        root.set("sinks", sinks(ledger));
        replace(root.toPrettyString());
    }

    /** What the file of a ledger begins with: the run, as {@code {"run": {...}}}. */
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
        if (!ledger.epochs().isEmpty()) {
            ArrayNode epochs = run.putArray("epochs");
            ledger.epochs().forEach(epoch -> epoch(epochs.addObject(), epoch));
        }
        if (!ledger.drills().isEmpty()) {
            ArrayNode drills = run.putArray("actions");
            for (Ledger.Drill drill : ledger.drills()) {
                drills.addObject()
                        .put("attempt", drill.attempt())
                        .put("name", drill.name())
                        .put("at", drill.at().toString())
                        .put("scheduled", drill.scheduled().toString())
                        .put("took", drill.took().toString())
                        .put("code", drill.code());
            }
        }
        if (!ledger.touches().isEmpty()) {
            ArrayNode touches = run.putArray("touches");
            ledger.touches().forEach(touch -> touch(touches.addObject(), touch));
        }
        return root;
    }

    private static void epoch(ObjectNode node, Ledger.Epoch epoch) {
        if (!epoch.definitions().isEmpty()) {
            node.put("definitions", epoch.definitions());
        }
        ArrayNode streams = node.putArray("streams");
        for (Ledger.Definition stream : epoch.streams()) {
            ObjectNode its = streams.addObject()
                    .put("from", stream.from())
                    .put("fingerprint", HexFormat.of().toHexDigits(stream.fingerprint()));
            if (!stream.without().isEmpty()) {
                ArrayNode without = its.putArray("without");
                stream.without().forEach(without::add);
            }
        }
    }

    private static void touch(ObjectNode node, Touch touch) {
        node.put("attempt", touch.attempt())
                .put("part", touch.part())
                .put("at", touch.at().toString())
                .put("scheduled", touch.scheduled().toString())
                .put("action", touch.action().name().toLowerCase(Locale.ROOT));
        speed(node, touch.speed());
    }

    /** A speed as reports have it. */
    static void speed(ObjectNode node, double speed) {
        if (speed == Double.POSITIVE_INFINITY) {
            node.put("speed", "max");
        } else {
            node.put("speed", speed);
        }
    }

    /** What the file of a ledger says of the sinks. */
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
                if (stream.missing() > 0) {
                    counts.put("missing", stream.missing());
                }
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

    private static void ranges(ObjectNode shard, String name, Ranges ranges) {
        if (!ranges.isEmpty()) {
            ArrayNode list = shard.putArray(name);
            for (int i = 0; i < ranges.size(); i++) {
                list.addArray().add(ranges.from(i)).add(ranges.to(i));
            }
        }
    }

    /** Writes beside the file, makes sure that it is on disk, and only then gives it its name. The name is on disk on return. */
    void replace(String text) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        try {
            Files.deleteIfExists(temporary); // of a process that was killed, or a link that leads elsewhere
            try (FileChannel channel = FileChannel.open(temporary, CREATE_NEW, WRITE, NOFOLLOW_LINKS)) {
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

    /**
     * Writes to where somebody wants it: through a pipe or device, and to what a link leads to. A file is replaced as a whole, unless it is
     * created by a link.
     */
    void writeThrough(String text) throws IOException {
        boolean there = Files.exists(file);
        if (there ? !Files.isRegularFile(file) && !Files.isDirectory(file) : Files.isSymbolicLink(file)) {
            Files.writeString(file, text + "\n");
        } else {
            new LedgerFile(there ? file.toRealPath() : file).replace(text);
        }
    }

    // reading

    /** The ledger in what {@link #parse} returned. @throws ConfigurationException if there is none */
    Ledger ledger(JsonNode root) {
        if (!root.path("run").path("tag").isTextual() || !root.path("sinks").isArray()) {
            throw problem("", "this is not a report or ledger of a DataFlux run: it has no run.tag or no sinks");
        }
        long format = number(root.path("run"), "format", "run", FORMAT, 1, Integer.MAX_VALUE);
        if (format != FORMAT) {
            throw problem(
                    "run.format",
                    format + ": this version of DataFlux reads format " + FORMAT
                            + "; use the version that wrote the file");
        }
        List<Ledger.Stream> streams = new ArrayList<>();
        JsonNode streamNodes = list(root.path("run"), "streams", "run");
        for (int i = 0; i < streamNodes.size(); i++) {
            streams.add(stream(streamNodes.get(i), "run.streams[" + i + "]"));
        }
        List<SinkLedger> sinks = new ArrayList<>();
        for (int i = 0; i < root.path("sinks").size(); i++) {
            sinks.add(sink(root.path("sinks").get(i), "sinks[" + i + "]", streams));
        }
        int parts = (int) number(root.path("run"), "parts", "run", 1, 1, MAX_PARTS);
        return new Ledger(
                HexFormat.fromHexDigits(hex(root.path("run"), "tag", "run", 8)),
                (int) number(root.path("run"), "part", "run", 1, 1, parts),
                parts,
                streams,
                epochs(root.path("run"), streams),
                sinks,
                drills(root.path("run")),
                touches(root.path("run")));
    }

    private List<Ledger.Epoch> epochs(JsonNode run, List<Ledger.Stream> streams) {
        if (run.path("epochs").isMissingNode()) {
            return List.of();
        }
        List<Ledger.Epoch> epochs = new ArrayList<>();
        JsonNode nodes = list(run, "epochs", "run");
        for (int i = 0; i < nodes.size(); i++) {
            String path = "run.epochs[" + i + "]";
            JsonNode node = nodes.get(i);
            String definitions = node.path("definitions").isMissingNode() ? "" : text(node, "definitions", path);
            if (!definitions.isEmpty() && !Definitions.isFile(definitions)) {
                throw problem(path + ".definitions", "a name such as " + Definitions.file(1) + " is needed");
            }
            JsonNode its = list(node, "streams", path);
            if (its.size() != streams.size()) {
                throw problem(path + ".streams", "there are " + its.size() + ", but run.streams has " + streams.size());
            }
            List<Ledger.Definition> all = new ArrayList<>();
            for (int s = 0; s < its.size(); s++) {
                Ledger.Stream stream = streams.get(s);
                long least = i == 0
                        ? stream.from()
                        : epochs.get(i - 1).streams().get(s).from();
                all.add(definition(its.get(s), path + ".streams[" + s + "]", least, stream.limit()));
            }
            epochs.add(new Ledger.Epoch(definitions, all));
        }
        return epochs;
    }

    private Ledger.Definition definition(JsonNode node, String path, long least, long limit) {
        List<String> without = new ArrayList<>();
        if (!node.path("without").isMissingNode()) {
            for (JsonNode kind : list(node, "without", path)) {
                if (FaultKind.of(kind.asText()).isEmpty()) {
                    throw problem(path + ".without", "kinds of faults are needed, such as late");
                }
                without.add(kind.asText());
            }
        }
        return new Ledger.Definition(
                number(node, "from", path, least, limit),
                HexFormat.fromHexDigitsToLong(hex(node, "fingerprint", path, 16)),
                without);
    }

    private List<Ledger.Drill> drills(JsonNode run) {
        if (run.path("actions").isMissingNode()) {
            return List.of();
        }
        List<Ledger.Drill> drills = new ArrayList<>();
        JsonNode nodes = list(run, "actions", "run");
        for (int i = 0; i < nodes.size(); i++) {
            String path = "run.actions[" + i + "]";
            drills.add(new Ledger.Drill(
                    (int) number(nodes.get(i), "attempt", path, 0, Short.MAX_VALUE),
                    text(nodes.get(i), "name", path),
                    instant(nodes.get(i), "at", path),
                    instant(nodes.get(i), "scheduled", path),
                    span(nodes.get(i), "took", path),
                    (int) number(nodes.get(i), "code", path, Integer.MIN_VALUE, Integer.MAX_VALUE)));
        }
        return drills;
    }

    private Duration span(JsonNode node, String name, String path) {
        try {
            return Duration.parse(text(node, name, path));
        } catch (DateTimeException e) {
            throw problem(path + "." + name, "a duration such as PT1.5S is needed");
        }
    }

    private List<Touch> touches(JsonNode run) {
        if (run.path("touches").isMissingNode()) {
            return List.of();
        }
        List<Touch> touches = new ArrayList<>();
        JsonNode nodes = list(run, "touches", "run");
        for (int i = 0; i < nodes.size(); i++) {
            JsonNode node = nodes.get(i);
            String path = "run.touches[" + i + "]";
            JsonNode speed = node.path("speed");
            if (!"max".equals(speed.textValue()) && !(speed.isNumber() && speed.doubleValue() >= 0)) {
                throw problem(path + ".speed", "a number from 0, or max, is needed");
            }
            touches.add(new Touch(
                    (int) number(node, "attempt", path, 0, Short.MAX_VALUE),
                    (int) number(node, "part", path, 1, MAX_PARTS),
                    instant(node, "at", path),
                    instant(node, "scheduled", path),
                    action(node, path),
                    speed.isNumber() ? speed.doubleValue() : Double.POSITIVE_INFINITY));
        }
        return touches;
    }

    private Touch.Action action(JsonNode node, String path) {
        String word = text(node, "action", path);
        for (Touch.Action action : Touch.Action.values()) {
            if (action.name().toLowerCase(Locale.ROOT).equals(word)) {
                return action;
            }
        }
        throw problem(path + ".action", "paused, resumed, speed, stopped or changed is needed");
    }

    Instant instant(JsonNode node, String name, String path) {
        try {
            return Instant.parse(text(node, name, path));
        } catch (DateTimeException e) {
            throw problem(at(path, name), "a time such as 2025-01-01T00:00:00Z is needed");
        }
    }

    JsonNode parse() {
        try {
            return JSON.readTree(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            throw problem("", "there is no such file; a run writes it as <output>/<tag>/report.json");
        } catch (JsonProcessingException e) {
            String where = e.getLocation() == null
                    ? ""
                    : " at line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr();
            throw problem("", "the file is damaged: it is not valid JSON" + where);
        } catch (IOException e) {
            throw problem("", "it cannot be read: " + e.getMessage());
        }
    }

    private Ledger.Stream stream(JsonNode node, String path) {
        long shards = number(node, "shards", path, 1, MAX_SHARDS);
        long from = number(node, "from", path, 0, Long.MAX_VALUE);
        return new Ledger.Stream(
                text(node, "name", path),
                number(node, "seed", path, Long.MIN_VALUE, Long.MAX_VALUE),
                HexFormat.fromHexDigitsToLong(hex(node, "fingerprint", path, 16)),
                (int) shards,
                from,
                number(node, "limit", path, from, Long.MAX_VALUE));
    }

    private SinkLedger sink(JsonNode node, String path, List<Ledger.Stream> streams) {
        JsonNode nodes = list(node, "streams", path);
        if (nodes.size() != streams.size()) {
            throw problem(path + ".streams", "there are " + nodes.size() + ", but run.streams has " + streams.size());
        }
        List<StreamLedger> ledgers = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            ledgers.add(streamLedger(nodes.get(i), path + ".streams[" + i + "]", streams.get(i)));
        }
        return new SinkLedger(
                text(node, "name", path), text(node, "type", path), text(node, "position", path), ledgers);
    }

    private StreamLedger streamLedger(JsonNode node, String path, Ledger.Stream stream) {
        if (!text(node, "name", path).equals(stream.name())) {
            throw problem(path + ".name", "it is not '" + stream.name() + "', the name in run.streams");
        }
        List<ShardLedger> shards = new ArrayList<>();
        for (int shard = 0; shard < stream.shards(); shard++) {
            shards.add(new ShardLedger(new Ranges(), new Ranges(), new Ranges()));
        }
        JsonNode nodes = list(node, "shards", path);
        for (int i = 0; i < nodes.size(); i++) {
            String shardPath = path + ".shards[" + i + "]";
            int shard = (int) number(nodes.get(i), "shard", shardPath, 0, stream.shards() - 1L);
            shards.set(shard, shardLedger(nodes.get(i), shardPath));
        }
        long acknowledged = number(node, "acknowledged", path, 0, Long.MAX_VALUE);
        long failed = number(node, "failed", path, 0, Long.MAX_VALUE);
        long unknown = number(node, "unknown", path, 0, Long.MAX_VALUE);
        long issued = number(node, "issued", path, 0, Long.MAX_VALUE);
        if (issued != acknowledged + failed + unknown) {
            throw problem(
                    path + ".issued",
                    issued + " is not acknowledged + failed + unknown = " + acknowledged + " + " + failed + " + "
                            + unknown);
        }
        long missing = new StreamLedger(stream.name(), acknowledged, failed, unknown, shards).missing();
        return new StreamLedger(
                stream.name(),
                acknowledged,
                failed,
                unknown,
                number(node, "missing", path, missing, 0, Long.MAX_VALUE),
                shards);
    }

    private ShardLedger shardLedger(JsonNode node, String path) {
        ShardLedger ledger = new ShardLedger(
                ranges(node, "acknowledged", path),
                ranges(node, "failed", path),
                ranges(node, "unknown", path),
                ranges(node, "resent", path),
                ranges(node, "missing", path));
        if (ledger.acknowledged().overlaps(ledger.failed())
                || ledger.acknowledged().overlaps(ledger.unknown())
                || ledger.failed().overlaps(ledger.unknown())
                || ledger.missing().overlaps(ledger.issued())) {
            throw problem(path, "a position has more than one outcome");
        }
        return ledger;
    }

    /** Ranges that may be left out when there are none. */
    private Ranges ranges(JsonNode node, String name, String path) {
        Ranges ranges = new Ranges();
        JsonNode list = node.path(name);
        if (!list.isMissingNode() && !list.isArray()) {
            throw problem(at(path, name), "a list of ranges is needed");
        }
        for (int i = 0; i < list.size(); i++) {
            JsonNode range = list.get(i);
            boolean good = range.isArray()
                    && range.size() == 2
                    && range.get(0).isIntegralNumber()
                    && range.get(0).canConvertToLong()
                    && range.get(1).isIntegralNumber()
                    && range.get(1).canConvertToLong()
                    && range.get(0).longValue() >= 0
                    && range.get(0).longValue() < range.get(1).longValue();
            if (!good) {
                throw problem(at(path, name) + "[" + i + "]", "a range is [from, to] with 0 <= from < to");
            }
            ranges.add(range.get(0).longValue(), range.get(1).longValue());
        }
        return ranges;
    }

    JsonNode list(JsonNode node, String name, String path) {
        if (!node.path(name).isArray()) {
            throw problem(at(path, name), "a list is needed");
        }
        return node.path(name);
    }

    String text(JsonNode node, String name, String path) {
        if (!node.path(name).isTextual()) {
            throw problem(at(path, name), "text is needed");
        }
        return node.path(name).textValue();
    }

    private String hex(JsonNode node, String name, String path, int digits) {
        String text = text(node, name, path);
        boolean good = text.length() == digits && text.chars().allMatch(HexFormat::isHexDigit);
        if (!good) {
            throw problem(at(path, name), digits + " hexadecimal digits are needed");
        }
        return text;
    }

    /** A number that may be left out. */
    private long number(JsonNode node, String name, String path, long otherwise, long min, long max) {
        return node.path(name).isMissingNode() ? otherwise : number(node, name, path, min, max);
    }

    long number(JsonNode node, String name, String path, long min, long max) {
        JsonNode number = node.path(name);
        if (!number.isIntegralNumber()
                || !number.canConvertToLong()
                || number.longValue() < min
                || number.longValue() > max) {
            throw problem(at(path, name), "a whole number from " + min + " to " + max + " is needed");
        }
        return number.longValue();
    }

    /** The path of a field. */
    static String at(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    ConfigurationException problem(String path, String what) {
        return new ConfigurationException(file.toString(), List.of(new Problem(path, what)));
    }
}
