package io.dataflux.verify;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dataflux.ledger.Ledger;
import io.dataflux.verify.Verdict.Example;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;

/**
 * A verdict as files for programs: {@code verdict.json} with every number and the lowest 1,000 ranges, {@code events.jsonl} with
 * one line for each of {@link Verdict#findings}, some 100 bytes each, or more for the first, which have what was expected and what arrived.
 */
final class VerdictFiles {

    private static final JsonMapper MAPPER = new JsonMapper();

    private VerdictFiles() {}

    /** Writes both files, in place of earlier ones. */
    static Verdict write(Verdict verdict, JudgedRun judged, Path folder) {
        Path file = folder.resolve("verdict.json");
        try {
            Files.createDirectories(folder);
            Files.writeString(
                    file,
                    MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(verdict(verdict, judged)) + "\n",
                    StandardCharsets.UTF_8);
            try (BufferedWriter lines =
                    Files.newBufferedWriter(folder.resolve("events.jsonl"), StandardCharsets.UTF_8)) {
                Iterator<Example> findings = verdict.findings().iterator();
                while (findings.hasNext()) {
                    lines.write(MAPPER.writeValueAsString(line(findings.next())));
                    lines.write('\n');
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the verdict to " + folder + ": " + e.getMessage(), e);
        }
        return verdict.reportedTo(file);
    }

    private static ObjectNode verdict(Verdict verdict, JudgedRun judged) {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("sink", judged.sink().name()).put("run", judged.tag());
        ArrayNode streams = json.putArray("streams");
        Set<String> named = new HashSet<>(); // order never seen
        for (Ledger.Stream stream : judged.ledger().streams()) {
            if (named.add(stream.name())) { // a stream whose definition was changed has several
                streams.addObject().put("name", stream.name()).put("seed", stream.seed());
            }
        }
        json.put("clean", verdict.clean()).put("headline", verdict.headline());
        json.put("expected", verdict.expected()).put("records", verdict.records());
        json.put("repeated", verdict.repeated());
        ObjectNode findings = json.putObject("findings");
        verdict.parts().forEach((finding, part) -> {
            ObjectNode one = findings.putObject(finding.word());
            one.put("count", part.count()).put("where", part.where());
            ObjectNode sequences = one.putObject("sequences");
            part.sequences().forEach((stream, ranges) -> {
                ArrayNode list = sequences.putArray(stream);
                for (int i = 0; i < ranges.size(); i++) {
                    list.addArray().add(ranges.from(i)).add(ranges.to(i));
                }
            });
        });
        ArrayNode text = json.putArray("text");
        verdict.toString().lines().forEach(text::add);
        return json;
    }

    private static ObjectNode line(Example example) {
        ObjectNode json =
                MAPPER.createObjectNode().put("finding", example.finding().word());
        if (example.stream() != null) {
            json.put("stream", example.stream()).put("sequence", example.sequence());
        }
        if (example.source() != null) {
            json.put("source", example.source());
        }
        if (example.offset() >= 0) {
            json.put("offset", example.offset());
        }
        if (example.difference() != null) {
            json.put("difference", example.difference());
        }
        return json.put("text", example.text())
                .put("expected", example.expected())
                .put("actual", example.actual());
    }
}
