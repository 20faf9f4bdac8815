package io.dataflux.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.dataflux.StoredRun.StoredVerdict;
import io.dataflux.ledger.Ledger;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Two runs side by side, as their files have them: facts, and figures with difference and ratio. Which difference of figures means something
 * is for whoever reads them to say. The figures of a run in parts are sums, or the largest of a part where they cannot be added.
 */
final class RunFigures {

    private static final int STEP_ROWS_SHOWN = 100;
    private static final String FROM = " from ";
    private static final JsonNode NONE = JsonNodeFactory.instance.numberNode(0);
    private static final String COUNT = "%,.0f";
    private static final String FINE = "%,.2f";

    private final RunFiles a;
    private final RunFiles b;
    private final List<RunRow> rows = new ArrayList<>();

    RunFigures(RunFiles a, RunFiles b) {
        this.a = a;
        this.b = b;
        facts();
        streams();
        deliveries();
        steps();
        verdicts();
    }

    /** Why the events of the runs cannot be compared one by one; empty if they can. */
    List<String> otherStreams() {
        Map<String, Ledger.Stream> ofA = byName(a.ledgers());
        Map<String, Ledger.Stream> ofB = byName(b.ledgers());
        List<String> reasons = new ArrayList<>();
        for (String name : names(ofA, ofB)) {
            Ledger.Stream was = ofA.get(name);
            Ledger.Stream is = ofB.get(name);
            if (was == null || is == null) {
                reasons.add("stream '" + name + "' is only in " + (was == null ? "B" : "A"));
            } else if (was.seed() != is.seed()) {
                reasons.add("stream '" + name + "' has seed " + was.seed() + " in A and " + is.seed() + " in B");
            } else if (was.fingerprint() != is.fingerprint()) {
                reasons.add(
                        "stream '" + name + "' has another definition, start or rate in B: its fingerprint differs");
            }
        }
        if (reasons.isEmpty() && !List.copyOf(ofA.keySet()).equals(List.copyOf(ofB.keySet()))) {
            reasons.add("the streams are in another order in B");
        }
        return reasons;
    }

    ArrayNode json() {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        rows.forEach(row -> all.add(row.json()));
        return all;
    }

    /** A table. */
    String text() {
        List<RunRow> table = new ArrayList<>();
        int ofSteps = 0;
        for (RunRow row : rows) {
            ofSteps += row.name().contains(FROM) ? 1 : 0;
            if (!row.name().contains(FROM) || ofSteps <= STEP_ROWS_SHOWN) {
                table.add(row);
            }
        }
        String text = RunRow.table(table);
        return text + (ofSteps > STEP_ROWS_SHOWN ? "more steps of the rate are in the document of --json\n" : "");
    }

    // what there is of each

    private void facts() {
        fact("run", false, files -> files.run().tag());
        fact("begun", false, files -> files.run().begun().truncatedTo(ChronoUnit.SECONDS));
        fact("outcome", false, files -> files.run().state().name().toLowerCase(Locale.ROOT));
        fact(
                "validity",
                false,
                files -> joined(files, report -> report.path("validity").asText()));
        fact(
                "attempts",
                false,
                files -> joined(
                        files,
                        report ->
                                Long.toString(report.path("run").path("attempt").asLong() + 1)));
        fact("parts", false, files -> files.reports().size());
        fact(
                "first event at",
                true,
                files -> joined(files, report -> report.path("start").asText()));
        fact(
                "speed",
                true,
                files -> joined(files, report -> report.path("speed").asText()));
        rows.add(new RunRow(
                "touched",
                true,
                "",
                each(a.ledgers(), ledger -> List.of(ledger.touched())),
                each(b.ledgers(), ledger -> List.of(ledger.touched()))));
        rows.add(new RunRow(
                "changed", true, "", each(a.ledgers(), Ledger::changes), each(b.ledgers(), Ledger::changes)));
    }

    /** What the ledgers of a run say, each sentence once. */
    private static String each(List<Ledger> ledgers, Function<Ledger, List<String>> said) {
        Set<String> all = ledgers.stream()
                .flatMap(ledger -> said.apply(ledger).stream())
                .collect(Collectors.toCollection(LinkedHashSet::new));
        all.remove("");
        return all.isEmpty() ? "no" : String.join("; ", all);
    }

    private void streams() {
        Map<String, Ledger.Stream> ofA = byName(a.ledgers());
        Map<String, Ledger.Stream> ofB = byName(b.ledgers());
        for (String name : names(ofA, ofB)) {
            Ledger.Stream was = ofA.get(name);
            Ledger.Stream is = ofB.get(name);
            stream(
                    name + ": fingerprint",
                    was,
                    is,
                    stream -> String.format(Locale.ROOT, "%016x", stream.fingerprint()));
            stream(name + ": seed", was, is, Ledger.Stream::seed);
            stream(name + ": first event", was, is, Ledger.Stream::from);
            stream(
                    name + ": limit",
                    was,
                    is,
                    stream -> stream.limit() == Long.MAX_VALUE ? "none" : Long.toString(stream.limit()));
        }
    }

    private void stream(
            String name, Ledger.@Nullable Stream a, Ledger.@Nullable Stream b, Function<Ledger.Stream, Object> value) {
        rows.add(new RunRow(name, true, "", a == null ? null : value.apply(a), b == null ? null : value.apply(b)));
    }

    private void deliveries() {
        figure("elapsed, s", FINE, Math::max, RunFigures::seconds);
        figure("bytes", COUNT, Double::sum, report -> report.path("bytes").asDouble());
        figure("events/s", COUNT, Double::sum, RunFigures::perSecond);
        figure("problems", COUNT, Double::sum, report ->
                (double) report.path("problems").size());
        for (String part : List.of("p50", "p99", "max")) {
            figure(
                    "own lag " + part + ", ms",
                    FINE,
                    Math::max,
                    report -> millis(report.path("ownLag").path(part + "Nanos")));
        }
        for (String part : List.of("p50", "p99", "max")) {
            figure(
                    "sink lag " + part + ", ms",
                    FINE,
                    Math::max,
                    report -> millis(report.path("sinkLag").path(part + "Nanos")));
        }
        Map<String, JsonNode> ofA = new LinkedHashMap<>();
        Map<String, JsonNode> ofB = new LinkedHashMap<>();
        names(outcomes(a, ofA), outcomes(b, ofB)).forEach(name -> {
            for (String outcome : List.of("issued", "acknowledged", "failed", "unknown", "missing")) {
                rows.add(new RunRow(
                        name + ": " + outcome, false, COUNT, sum(ofA.get(name), outcome), sum(ofB.get(name), outcome)));
            }
        });
    }

    /** Adds the counts of each stream at each sink, such as {@code lake clicks}, as a list with one element for each part. */
    private static Map<String, JsonNode> outcomes(RunFiles files, Map<String, JsonNode> counts) {
        for (JsonNode report : files.reports()) {
            for (JsonNode sink : report.path("sinks")) {
                sink.path("streams")
                        .forEach(stream -> add(
                                counts,
                                sink.path("name").asText() + " "
                                        + stream.path("name").asText(),
                                stream));
            }
        }
        return counts;
    }

    private static void add(Map<String, JsonNode> lists, String name, JsonNode element) {
        ((ArrayNode) lists.computeIfAbsent(name, key -> JsonNodeFactory.instance.arrayNode())).add(element);
    }

    private static @Nullable Double sum(@Nullable JsonNode parts, String field) {
        return fold(parts, Double::sum, part -> part.path(field).asDouble());
    }

    /** What the last attempt sent, in the time that it took. */
    private static double perSecond(JsonNode report) {
        double sent = 0;
        for (JsonNode step : report.path("steps")) {
            sent += step.path("acknowledged").asDouble()
                    + step.path("failed").asDouble()
                    + step.path("unknown").asDouble();
        }
        return sent / Math.max(1e-9, seconds(report));
    }

    /** Null for what a run as fast as possible does not have. */
    private static @Nullable Double rate(@Nullable JsonNode parts, String field) {
        for (JsonNode part : parts == null ? List.<JsonNode>of() : parts) {
            if (!part.path(field).isNumber()) {
                return null;
            }
        }
        return sum(parts, field);
    }

    /** One row each for a sink with a constant rate; of a profile, for each step. */
    private void steps() {
        Map<String, JsonNode> ofA = new LinkedHashMap<>();
        Map<String, JsonNode> ofB = new LinkedHashMap<>();
        steps(a, ofA);
        steps(b, ofB);
        Set<String> names = names(ofA, ofB);
        for (String name : names) {
            JsonNode was = ofA.get(name);
            JsonNode is = ofB.get(name);
            for (String rate : List.of("offered", "achieved")) {
                rows.add(new RunRow(
                        name + ": " + rate + "/s",
                        false,
                        COUNT,
                        rate(was, rate + "PerSecond"),
                        rate(is, rate + "PerSecond")));
            }
            for (String part : List.of("p50", "p99", "max")) {
                Function<JsonNode, Double> latency =
                        step -> millis(step.path("latency").path(part + "Nanos"));
                rows.add(new RunRow(
                        name + ": latency " + part + ", ms",
                        false,
                        FINE,
                        fold(was, Math::max, latency),
                        fold(is, Math::max, latency)));
            }
        }
    }

    private static void steps(RunFiles files, Map<String, JsonNode> steps) {
        for (JsonNode report : files.reports()) {
            Map<String, Integer> perSink = new LinkedHashMap<>();
            report.path("steps").forEach(step -> perSink.merge(step.path("sink").asText(), 1, Integer::sum));
            for (JsonNode step : report.path("steps")) {
                String sink = step.path("sink").asText();
                boolean several = perSink.getOrDefault(sink, 1) > 1;
                add(steps, several ? sink + FROM + step.path("from").asText() : sink, step);
            }
        }
    }

    private void verdicts() {
        Map<String, JsonNode> ofA = verdicts(a);
        Map<String, JsonNode> ofB = verdicts(b);
        for (String sink : names(ofA, ofB)) {
            JsonNode was = ofA.get(sink);
            JsonNode is = ofB.get(sink);
            rows.add(new RunRow("verdict on " + sink, false, "", headline(was), headline(is)));
            Map<String, JsonNode> found = new LinkedHashMap<>();
            Map<String, JsonNode> finds = new LinkedHashMap<>();
            findings(was, found);
            findings(is, finds);
            for (String finding : names(found, finds)) {
                rows.add(new RunRow(
                        "verdict on " + sink + ": " + finding,
                        false,
                        COUNT,
                        was == null ? null : found.getOrDefault(finding, NONE).asDouble(),
                        is == null ? null : finds.getOrDefault(finding, NONE).asDouble()));
            }
        }
    }

    /** Those that are not older than the run's last attempt, by sink. */
    private static Map<String, JsonNode> verdicts(RunFiles files) {
        List<String> sinks =
                files.run().verdicts().stream().map(StoredVerdict::sink).toList();
        Map<String, JsonNode> verdicts = new LinkedHashMap<>();
        files.verdicts().forEach(judged -> {
            String sink = judged.verdict().path("sink").asText();
            if (sinks.contains(sink)) {
                verdicts.put(sink, judged.verdict());
            }
        });
        return verdicts;
    }

    private static void findings(@Nullable JsonNode verdict, Map<String, JsonNode> counts) {
        if (verdict != null) {
            verdict.path("findings")
                    .properties()
                    .forEach(finding ->
                            counts.put(finding.getKey(), finding.getValue().path("count")));
        }
    }

    private static @Nullable String headline(@Nullable JsonNode verdict) {
        return verdict == null ? null : verdict.path("clean").asBoolean() ? "clean" : "findings";
    }

    // rows

    private void fact(String name, boolean defines, Function<RunFiles, Object> value) {
        rows.add(new RunRow(name, defines, "", value.apply(a), value.apply(b)));
    }

    private void figure(String name, String format, BinaryOperator<Double> combined, Function<JsonNode, Double> value) {
        rows.add(new RunRow(
                name, false, format, fold(a.reports(), combined, value), fold(b.reports(), combined, value)));
    }

    private static @Nullable Double fold(
            @Nullable Iterable<JsonNode> parts, BinaryOperator<Double> combined, Function<JsonNode, Double> value) {
        Double folded = null;
        for (JsonNode part : parts == null ? List.<JsonNode>of() : parts) {
            Double next = value.apply(part);
            folded = folded == null ? next : combined.apply(folded, next);
        }
        return folded;
    }

    /** What the parts of a run say, each thing once. */
    private static String joined(RunFiles files, Function<JsonNode, String> value) {
        return files.reports().stream().map(value).distinct().collect(Collectors.joining(", "));
    }

    private static double millis(JsonNode nanos) {
        return nanos.asDouble() / 1e6;
    }

    private static double seconds(JsonNode report) {
        return Duration.parse(report.path("elapsed").asText()).toNanos() / 1e9;
    }

    private static Map<String, Ledger.Stream> byName(List<Ledger> ledgers) {
        Map<String, Ledger.Stream> streams = new LinkedHashMap<>();
        ledgers.forEach(ledger -> ledger.streams().forEach(stream -> streams.putIfAbsent(stream.name(), stream)));
        return streams;
    }

    private static Set<String> names(Map<String, ?> a, Map<String, ?> b) {
        Set<String> names = new LinkedHashSet<>(a.keySet());
        names.addAll(b.keySet());
        return names;
    }
}
