package io.dataflux.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.dataflux.Validity;
import io.dataflux.ledger.Ledger;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * A report or ledger, read from its file. Of a report every field that it has to have is there and is what it should be, so that nobody who
 * shows it has to look again; the rest is left as it is.
 */
final class ReportReader {

    /** More than a run has of anything that is no whole number. */
    private static final double MOST = 1e18;

    private final LedgerFile file;
    private final JsonNode root;

    private ReportReader(Path path) {
        file = new LedgerFile(path);
        root = file.parse();
    }

    /** The ledger in a file. @throws ConfigurationException if the file is missing, damaged, or neither report nor ledger */
    static Ledger ledger(Path path) {
        ReportReader reader = new ReportReader(path);
        Ledger ledger = reader.file.ledger(reader.root);
        if (reader.root.has("validity") || reader.root.has("elapsed")) {
            reader.report();
        }
        return ledger;
    }

    /** The whole of a report. @throws ConfigurationException if the file is missing, damaged, or no report */
    static JsonNode report(Path path) {
        ReportReader reader = new ReportReader(path);
        reader.file.ledger(reader.root);
        reader.report();
        return reader.root;
    }

    private void report() {
        whole(root.path("run"), "attempt", "run");
        if (Arrays.stream(Validity.values())
                .noneMatch(
                        validity -> validity.name().equals(root.path("validity").textValue()))) {
            throw file.problem("validity", "one of " + Arrays.toString(Validity.values()) + " is needed");
        }
        if (!root.path("complete").isBoolean()) {
            throw file.problem("complete", "true or false is needed");
        }
        if (root.has("unsent")) {
            whole(root, "unsent", "");
        }
        JsonNode steps = file.list(root, "steps", "");
        for (int i = 0; i < steps.size(); i++) {
            step(steps.get(i), "steps[" + i + "]");
        }
        lag(root, "ownLag", "");
        lag(root, "sinkLag", "");
        whole(root, "bytes", "");
        duration(root, "elapsed", "");
        file.instant(root, "start", "");
        if (!"max".equals(root.path("speed").textValue())) {
            amount(root, "speed", "");
        }
        if (root.has("backfill")) {
            JsonNode backfill = root.path("backfill");
            whole(backfill, "events", "backfill");
            instantOrNull(backfill, "liveAt", "backfill");
            duration(backfill, "took", "backfill");
            duration(backfill, "behind", "backfill");
        }
        JsonNode faults = root.has("faults") ? file.list(root, "faults", "") : root.path("faults");
        for (int i = 0; i < faults.size(); i++) {
            faults(faults.get(i), "faults[" + i + "]");
        }
        JsonNode problems = file.list(root, "problems", "");
        for (int i = 0; i < problems.size(); i++) {
            if (!problems.get(i).isTextual()) {
                throw file.problem("problems[" + i + "]", "text is needed");
            }
        }
    }

    private void step(JsonNode step, String path) {
        file.text(step, "sink", path);
        file.instant(step, "from", path);
        instantOrNull(step, "to", path);
        if (!step.path("offeredPerSecond").isNull()) {
            amount(step, "offeredPerSecond", path);
        }
        amount(step, "achievedPerSecond", path);
        for (String outcome : List.of("acknowledged", "failed", "unknown")) {
            whole(step, outcome, path);
        }
        lag(step, "lateness", path);
        lag(step, "latency", path);
    }

    private void faults(JsonNode faults, String path) {
        file.text(faults, "sink", path);
        file.text(faults, "stream", path);
        faults.fieldNames().forEachRemaining(kind -> {
            if (!kind.equals("sink") && !kind.equals("stream")) {
                whole(faults, kind, path);
            }
        });
    }

    private void lag(JsonNode node, String name, String path) {
        for (String part : List.of("p50Nanos", "p99Nanos", "maxNanos")) {
            whole(node.path(name), part, LedgerFile.at(path, name));
        }
    }

    private void whole(JsonNode node, String name, String path) {
        file.number(node, name, path, 0, Long.MAX_VALUE);
    }

    private void amount(JsonNode node, String name, String path) {
        JsonNode amount = node.path(name);
        if (!amount.isNumber() || !(amount.doubleValue() >= 0) || amount.doubleValue() > MOST) {
            throw file.problem(LedgerFile.at(path, name), "a number from 0 to " + MOST + " is needed");
        }
    }

    private void instantOrNull(JsonNode node, String name, String path) {
        if (!node.path(name).isNull()) {
            file.instant(node, name, path);
        }
    }

    private void duration(JsonNode node, String name, String path) {
        try {
            if (Duration.parse(file.text(node, name, path)).toNanos() >= 0) {
                return;
            }
        } catch (DateTimeException | ArithmeticException e) {
            // said below
        }
        throw file.problem(LedgerFile.at(path, name), "a duration such as PT1.5S is needed");
    }
}
